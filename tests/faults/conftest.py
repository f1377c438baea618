"""A demo company made once, and a real server on a copy of it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from lms import clock, create_app, demo, site
from lms.cli.content import load_all
from lms.config import Settings
from lms.db import db
from tests.faults.client import HttpClient
from tests.faults.content import lay_out
from tests.faults.server import Server


@pytest.fixture(scope="session")
def content(scratch: Path) -> Path:
    """A working folder with `courses` and `question_banks`."""
    return lay_out(scratch / "content")


@pytest.fixture(scope="session")
def template(scratch: Path, content: Path) -> Path:
    """An instance folder as `lms serve --demo` fills it. Copy it."""
    folder = scratch / "template"
    app = create_app(Settings(instance=folder / "demo", demo=True))
    with app.app_context(), chdir(content):
        site.make_instance(folder / "demo")
        site.migrate()
        site.prepare(clock.now())
        site.mark_demo()
        load_all()
        demo.fill(clock.now())
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def server(scratch: Path, template: Path, content: Path) -> Iterator[Server]:
    """A server that all tests of a process share; whoever kills it starts it again."""
    server = Server(Path(shutil.copytree(template, scratch / "served")), content).start()
    yield server
    server.stop()


@pytest.fixture
def visitor(server: Server) -> HttpClient:
    """Somebody who is not signed in."""
    return HttpClient(server.address)


@pytest.fixture(scope="session")
def come(server: Server) -> Callable[..., HttpClient]:
    """`come("agent")` is a client of a person of the demo who signed in once; `afresh` signs in again."""
    known: dict[tuple[str, str], HttpClient] = {}

    def of(username: str, language: str = "en", *, afresh: bool = False) -> HttpClient:
        if afresh or (username, language) not in known:
            known[username, language] = HttpClient(server.address, language).sign_in(username)
        return known[username, language].copy()

    return of
