"""Which pages there are: what the demo's people reach by links, each kind of page once."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from lms import create_app
from lms.config import Settings
from tests.browser.server import Company
from tests.browser.visitor import Visitor

PEOPLE = ("newhire", "candidate", "trainee", "agent", "mentor", "trainer", "manager", "admin")


@dataclass(frozen=True)
class Shot:
    """A page: its name, who looks at it (None: a stranger), and where it is."""

    name: str
    person: str | None
    path: str


def by_links(company: Company, visitor: Visitor, person: str, seen: set[str]) -> Iterator[Shot]:
    """The pages a person reaches by links, of each kind the first, kinds seen before left out."""
    app = create_app(Settings(instance=company.instance, demo=True))
    routes = app.url_map.bind("localhost")
    waiting, opened = ["/", "/me"], set()
    while waiting:
        path = waiting.pop(0)
        try:
            kind = routes.match(path.partition("?")[0])[0]
        except (HTTPException, RequestRedirect):
            continue
        name = f"{kind} {person}" if kind == "home.home" else kind
        if name in opened or kind in ("static", "home.styleguide") or path.endswith((".csv", ".pdf")):
            continue
        opened.add(name)
        visitor.open(path)
        if name not in seen:
            seen.add(name)
            yield Shot(name, person, path)
        links = visitor.page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)")
        for link in links:
            parts = urlsplit(urljoin(visitor.page.url, link))
            if parts.netloc == urlsplit(company.address).netloc:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
