"""Contact sheets of every page in both languages, widths and themes: `python -m tests.browser.shots [WORD...]`.

Each page is shot once, as the first of the demo's people who comes to it by a link or by one of the acts
below; the home page as everybody. WORDs choose the pages whose name contains one of them. The pictures lie in
build/shots/, the sheets in build/shots/sheet-*.png, and build/shots/index.html shows them all. The README's
pictures are build/shots/picture-*.png: copy them to docs/img/ when a page has changed.
"""

import html
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import click
from playwright.sync_api import Browser, sync_playwright

from tests.browser.install import HELP, executable
from tests.browser.pages import PEOPLE, Shot, by_links
from tests.browser.server import PROJECT, Company, demo_company
from tests.browser.sitting import answer_paper, begin_exam, pass_check, read_lesson
from tests.browser.visitor import DESK, FLAGS, PHONE, Visitor, new_visitor

FOLDER = PROJECT / "build" / "shots"
WAYS = list(product(("en", "zh"), ((PHONE, "phone"), (DESK, "desk")), ("light", "dark")))
ROWS_A_SHEET = 8
PICTURES = {
    ("home.home newhire", "en", "phone", "light"): "home-newhire",
    ("exam running", "en", "phone", "light"): "exam",
    ("reports.team", "en", "desk", "light"): "team",
    ("tiers.climb", "en", "desk", "light"): "climb",
}
TALLEST = 2400


def fail_a_check(visitor: Visitor, company: Company) -> None:
    """The new hire reads the first lesson and gets its check wrong."""
    visitor.page.locator(".next-step .btn-primary").click()
    visitor.at("/courses/[^/]+/[^/]+$")
    read_lesson(visitor)
    visitor.at("/courses/.+/check")
    pass_check(visitor, company, wrong=2)


def begin(visitor: Visitor, company: Company) -> None:
    """The candidate is in the middle of the exam."""
    answer_paper(visitor, company, begin_exam(visitor), wrong=3, leave=9)
    visitor.page.locator("#q-4 [data-flag]").check()


def review(visitor: Visitor, company: Company) -> None:
    visitor.press("Hand in…")
    visitor.at(r"/attempts/\d+/submit")


def finish(visitor: Visitor, company: Company) -> None:
    visitor.press("Hand in now")
    visitor.at(r"/attempts/\d+/result")


ACTS: list[tuple[str, str, Callable[[Visitor, Company], None]]] = [
    ("check failed", "newhire", fail_a_check),
    ("exam running", "candidate", begin),
    ("exam review", "candidate", review),
    ("exam failed", "candidate", finish),
]


class Studio:
    """One browser, one company, and a signed-in visitor for everybody in every way of looking."""

    def __init__(self, browser: Browser, company: Company) -> None:
        self.browser = browser
        self.company = company
        self.visitors: dict[tuple[object, ...], Visitor] = {}

    def visitor(self, person: str | None, language: str, size: tuple[int, int], theme: str) -> Visitor:
        """The visitor who looks that way; signed in the first time."""
        way = (person, language, size, theme)
        if way not in self.visitors:
            visitor = new_visitor(self.browser, self.company.address, language, size, theme)
            if person:
                visitor.sign_in_as(person)
            self.visitors[way] = visitor
        return self.visitors[way]

    def shoot(self, shot: Shot) -> None:
        """The page in all eight ways."""
        for language, (size, width), theme in WAYS:
            visitor = self.visitor(shot.person, language, size, theme)
            visitor.open(shot.path)
            if picture := PICTURES.get((shot.name, language, width, theme)):
                visitor.page.screenshot(path=FOLDER / f"picture-{picture}.png")
            height = min(visitor.page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            visitor.page.set_viewport_size({"width": size[0], "height": max(height, size[1])})
            visitor.page.screenshot(path=FOLDER / file_name(shot.name, language, width, theme))
            visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
        click.echo(shot.name)

    def pages(self, wanted: list[str]) -> Iterator[Shot]:
        """Every page there is, in the order of the way through the product."""
        seen: set[str] = set()
        yield Shot("login", None, "/login")
        yield Shot("nothing here", "agent", "/nothing-here")
        for person in PEOPLE:
            yield from by_links(self.company, self.visitor(person, *WAYS[0][:1], DESK, "light"), person, seen)
        for name, person, act in ACTS:
            if any(word in name for word in wanted) or not wanted:
                visitor = self.visitor(person, "en", DESK, "light")
                if name == "check failed":
                    visitor.open("/")
                act(visitor, self.company)
                yield Shot(name, person, urlsplit(visitor.page.url).path)


def file_name(name: str, language: str, width: str, theme: str) -> str:
    return f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{language}-{width}-{theme}.png"


PAGE = """<!doctype html><meta charset="utf-8"><title>Every page</title><style>
body {{ margin: 16px; font: 15px system-ui, sans-serif; background: #888; width: 2240px }}
h2 {{ margin: 12px 0 4px; font-size: 18px }} .row {{ display: flex; gap: 8px; align-items: flex-start }}
img {{ max-height: 560px; object-fit: cover; object-position: top }}
.phone {{ width: 170px }} .desk {{ width: 372px }}
</style>{rows}"""


def sheet(shots: list[Shot]) -> str:
    """The HTML of a contact sheet: a row a page, phones before desks."""
    rows = []
    for shot in shots:
        ways = sorted(WAYS, key=lambda way: way[1][1], reverse=True)
        images = "".join(
            f'<a href="{file}"><img class="{width}" src="{file}" alt=""></a>'
            for language, (_, width), theme in ways
            for file in [file_name(shot.name, language, width, theme)]
        )
        title = html.escape(f"{shot.name}: {shot.path} as {shot.person or 'a stranger'}")
        rows.append(f'<h2>{title}</h2><div class="row">{images}</div>')
    return PAGE.format(rows="".join(rows))


def print_sheets(browser: Browser, shots: list[Shot]) -> None:
    """The sheets as PNG files, and one HTML page with everything."""
    (FOLDER / "index.html").write_text(sheet(shots), encoding="utf-8")
    page = browser.new_page(viewport={"width": 2280, "height": 1000})
    for number, start in enumerate(range(0, len(shots), ROWS_A_SHEET), 1):
        (FOLDER / "sheet.html").write_text(sheet(shots[start : start + ROWS_A_SHEET]), encoding="utf-8")
        page.goto((FOLDER / "sheet.html").as_uri())
        page.screenshot(path=FOLDER / f"sheet-{number:02}.png", full_page=True)
    (FOLDER / "sheet.html").unlink()


def main() -> int:
    path = executable()
    if path is None:
        click.echo(HELP, err=True)
        return 1
    wanted = sys.argv[1:]
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_company(Path(folder)) as company,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        studio = Studio(browser, company)
        shots = []
        for shot in studio.pages(wanted):
            if not wanted or any(word in shot.name for word in wanted):
                studio.shoot(shot)
                shots.append(shot)
        print_sheets(browser, shots)
        browser.close()
    click.echo(f"{len(shots)} pages; see {FOLDER.relative_to(PROJECT)}/sheet-*.png and index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
