"""Somebody at a browser: opens pages, presses what the pages offer, and notes whatever goes wrong on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.catalogue import chinese, key, messages, stored

PHONE, DESK = (360, 740), (1280, 800)
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHINESE = {key(message): chinese(message) for message in messages(stored())}
AXE = Axe()
GRAVE = ("serious", "critical")
MORE_OF_THE_SAME = [["tbody tr:nth-child(n+7)"], ["main li:nth-child(n+9)"], ["main dl > :nth-child(n+17)"]]
"""What axe leaves out: long lists. It takes longer than all else, and the tenth row is made like the first."""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SPILLS = """() => {
  const width = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
}"""


@dataclass
class Visitor:
    """One browser with cookies of its own, in a language, at a width and in a theme."""

    address: str
    context: BrowserContext
    language: str
    asks_axe: bool = True
    judges_contrast: bool = True  # the slowest of axe's rules by far; every pair of tokens is reckoned in tests/look
    page: Page = field(init=False)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(10_000)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        self.context.on("response", self._answered)
        self.page = self.context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors and warnings, CSP violations among them. What the server answered is noted by its status."""
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console on {self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.problems.append(f"{response.status} from {response.url}")

    # Going about

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in_as(self, username: str) -> None:
        """By one click on the login page of the demo."""
        self.open("/login")
        self.page.locator(f'.demo-people form:has(input[value="{username}"]) button').click()
        expect(self.page).not_to_have_url(re.compile("/login"))

    def sign_in_with(self, username: str, password: str = "demo") -> None:
        """By typing, on the login page at hand or on a fresh one."""
        if "/login" not in self.page.url:
            self.open("/login")
        self.page.get_by_label(self.words("User name")).fill(username)
        self.page.locator('input[type="password"]').fill(password)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/login"))

    def sign_out(self) -> None:
        self.context.clear_cookies()

    def words(self, message: str, **values: Any) -> str:
        """A message of the product as this visitor reads it."""
        text = (CHINESE[message] or message) if self.language == "zh" else message
        return text % values if values else text

    def press(self, message: str, within: str | Locator = "main", **values: Any) -> None:
        """Press the button or follow the link that says so; the first, where several do."""
        place = self.page.locator(within) if isinstance(within, str) else within
        name = self.words(message, **values)
        place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first.click()

    def sees(self, message: str, within: str = "body", **values: Any) -> None:
        """The page says so somewhere in the open."""
        text = self.words(message, **values)
        expect(self.page.locator(within).get_by_text(text).locator("visible=true").first).to_be_visible()

    def tab_to(self, target: Locator, patience: int = 120) -> None:
        """Press Tab until the target has the focus."""
        for _ in range(patience):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with the Tab key")

    def at(self, pattern: str) -> None:
        """The address has a path like this."""
        expect(self.page).to_have_url(re.compile(re.escape(self.address) + pattern))

    # Judging a page

    def look(self) -> None:
        """Note what is wrong with the page: grave findings of axe, a wrong language, spilling sideways."""
        self.page.wait_for_load_state()
        where = self.page.url.removeprefix(self.address)
        lang = self.page.locator("html").get_attribute("lang") or ""
        if not lang.startswith(self.language):
            self.problems.append(f"{where}: the page is in {lang!r}")
        self.problems += [f"{where}: spills sideways: {html}" for html in self.page.evaluate(SPILLS)]
        if self.asks_axe:
            self.problems += [f"{where}: axe {finding}" for finding in self._findings()]

    def _findings(self) -> Iterator[str]:
        context = {"include": [["html"]], "exclude": MORE_OF_THE_SAME}
        rules = {"color-contrast": {"enabled": self.judges_contrast}}
        options = {"resultTypes": ["violations"], "runOnly": STANDARDS, "rules": rules}
        for violation in AXE.run(self.page, context=context, options=options).response["violations"]:
            if violation["impact"] in GRAVE:
                nodes = "; ".join(f"{node['target']} {_why(node)}" for node in violation["nodes"][:3])
                yield f"{violation['id']}: {nodes}"


def _why(node: dict[str, Any]) -> str:
    """The first reason axe gives for a finding."""
    return ([*node["failureSummary"].split("\n"), ""])[1].strip()


def new_visitor(
    browser: Browser, address: str, language: str, size: tuple[int, int] = DESK, theme: str = "light"
) -> Visitor:
    """A visitor who has never been here. A narrow window is a phone: it is touched, not clicked."""
    context = browser.new_context(
        locale=LOCALES[language], viewport={"width": size[0], "height": size[1]}, color_scheme=theme,
        reduced_motion="reduce", has_touch=size == PHONE,
    )  # fmt: skip
    return Visitor(address, context, language)
