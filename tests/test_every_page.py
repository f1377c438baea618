"""Every page the people of the demo reach by following links: it opens, only reads, and is sound."""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.routing import RequestRedirect

from lms import demo
from lms.cli.content import load_all
from lms.db import db
from lms.people.models import Person
from tests.conftest import NOON, counted_statements, new_client

PEOPLE = ["newhire", "candidate", "trainee", "agent", "mentor", "trainer", "manager", "admin"]
LANGUAGES = {"sqlite": "zh", "postgresql": "en"}  # filling a company takes seconds: each walk proves two things
PER_ROUTE = 2  # pages of one kind looked at for each person
MOST_STATEMENTS = 40
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


class Reader(HTMLParser):
    """The links of a page, and what no page may have."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if "id" in given:
            self.ids.append(given["id"])
        self.inline += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(f"<{tag}>")


@pytest.fixture
def company(app, content, monkeypatch):
    """The demo company, filled as `lms serve --demo` fills it."""
    monkeypatch.chdir(content)
    load_all()
    demo.fill(NOON)
    return app


def routes_of(app, path):
    """The endpoint that answers a path, or None."""
    try:
        return app.url_map.bind("localhost").match(path)[0]
    except RequestRedirect:
        return None


def walk(app, client):
    """(path, answer, statements) of every page reachable by links, a few of each kind."""
    waiting, seen, kinds = deque(["/", "/me", "/policy"]), set(), {}
    while waiting:
        path = waiting.popleft()
        endpoint = routes_of(app, urlsplit(path).path)
        if path in seen or endpoint == "static" or kinds.get(endpoint, 0) >= PER_ROUTE:
            continue
        seen.add(path)
        kinds[endpoint] = kinds.get(endpoint, 0) + 1
        with counted_statements() as statements:
            answer = client.get(path)
        if answer.status_code in (302, 303):
            waiting.append(urljoin(path, answer.headers["Location"]))
        reader = Reader()
        if answer.mimetype == "text/html":
            reader.feed(answer.get_data(as_text=True))
        waiting.extend(
            target.partition("#")[0]
            for link in reader.links
            if (target := urljoin(path, link)).startswith("/") and not link.startswith("#")
        )
        yield path, answer, reader, list(statements)


def findings(path, answer, reader, statements):
    """What is wrong with one page."""
    if answer.status_code not in (200, 302, 303):
        yield f"{path}: {answer.status_code}"
    yield from (f"{path}: a GET writes: {text[:80]}" for text in statements if WRITING.match(text))
    if len(statements) > MOST_STATEMENTS:
        yield f"{path}: {len(statements)} statements"
    yield from (f"{path}: inline {what}" for what in reader.inline)
    yield from (f"{path}: id {name!r} twice" for name in set(reader.ids) if reader.ids.count(name) > 1)
    yield from (f"{path}: #{name} leads nowhere" for name in anchors(reader) - set(reader.ids))


def anchors(reader):
    return {link[1:] for link in reader.links if link.startswith("#") and len(link) > 1}


def test_every_page_opens_reads_only_and_is_sound(company):
    wrong = []
    language = LANGUAGES[db.engine.dialect.name]
    with time_machine.travel(NOON, tick=False):
        for username in PEOPLE:
            person = db.session.scalars(select(Person).where(Person.username == username)).one()
            client = new_client(company).sign_in(person, language=language)
            for page in walk(company, client):
                wrong += [f"{username} {finding}" for finding in findings(*page)]
    assert not wrong, "\n".join(wrong)
