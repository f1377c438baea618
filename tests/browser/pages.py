"""Which pages there are: what the demo's people reach by links, each kind of page once."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
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
        if name in seen:  # looked at already: only its links are wanted
            waiting += links_of(visitor.context.request.get(company.address + path).text(), path)
            continue
        seen.add(name)
        visitor.open(path)
        yield Shot(name, person, path)
        waiting += links_of(visitor.page.content(), path)


class Links(HTMLParser):
    """The targets of the links of a page, files to be saved left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and "download" not in dict(attrs):
            self.found += [value for name, value in attrs if name == "href" and value]


def links_of(html: str, path: str) -> list[str]:
    """Where a page at a path leads to on its own site: paths with their queries."""
    reader = Links()
    reader.feed(html)
    targets = (urlsplit(urljoin(path, link)) for link in reader.found)
    return [t.path + (f"?{t.query}" if t.query else "") for t in targets if not t.netloc and not t.scheme]
