"""A demo company made once, and a real server on a copy of it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from itertools import count
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from lms import clock, create_app, demo, site
from lms.cli.content import load_all
from lms.config import Settings
from lms.db import db
from tests.conftest import CHEAP_HASHING
from tests.faults.client import HttpClient
from tests.faults.server import Server

_numbers = count(1)


def fill(app: Flask, content: Path) -> Flask:
    """Bring up an empty database as `lms serve --demo` does, its passwords cheaply hashed."""
    app.config["ARGON2"] = CHEAP_HASHING
    with app.app_context(), chdir(content):
        site.make_instance(app.extensions["lms_settings"].instance)
        site.migrate()
        site.prepare(clock.now())
        site.mark_demo()
        load_all()
        demo.fill(clock.now())
        close()
    return app


def close() -> None:
    """No connection left, and with the last one SQLite folds its WAL into the file."""
    db.session.remove()
    db.engine.dispose()


@pytest.fixture(scope="session")
def template(scratch: Path, content: Path) -> Path:
    """An instance folder with a demo company. Copy it."""
    fill(create_app(Settings(instance=scratch / "template" / "demo", demo=True)), content)
    return scratch / "template"


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


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def company_app(request: pytest.FixtureRequest, scratch: Path, content: Path) -> Iterator[Flask]:
    """A demo company for tests without a server, on each database. They share it and what they do to it.

    Where tests of the one and of the other database alternate it is made anew.
    """
    name = f"company{next(_numbers)}"
    folder = scratch / name
    if request.param == "sqlite":
        template = request.getfixturevalue("template")
        app = create_app(Settings(instance=Path(shutil.copytree(template, folder)) / "demo", demo=True))
        app.config["ARGON2"] = CHEAP_HASHING
    else:
        url = request.getfixturevalue("postgresql_url")
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        own = make_url(url).set(database=name).render_as_string(hide_password=False)
        app = create_app(Settings(instance=folder, database_url=own, demo=True))
        fill(app, content)
    yield app
    with app.app_context():
        close()


@pytest.fixture
def company(company_app: Flask) -> Iterator[Flask]:
    """The company's application, its context pushed."""
    with company_app.app_context():
        yield company_app
        db.session.remove()
