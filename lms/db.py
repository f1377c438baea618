"""The database: base model, column types, and `@writes`, the one place that commits."""

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import has_request_context, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Date, DateTime, Dialect, MetaData, String, inspect, orm, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from lms import sqlite

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
SQLITE_BUSY = 5
CONFLICTS_POSTGRESQL = {"40001", "40P01"}  # not serialisable, deadlock
NOT_UNIQUE_POSTGRESQL = "23505"
NO_TABLE_POSTGRESQL = "42P01"

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive value is refused, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every model: constraint names that migrations can refer to, and the column types by annotation."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = orm.registry(
        type_annotation_map={
            datetime: UTCDateTime,
            date: Date,
            str: String(255),
            dict[str, str]: JSON,
            dict[str, Any]: JSON,
            list[str]: JSON,
            list[dict[str, Any]]: JSON,
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """What models derive from, as type checkers see it: Flask-SQLAlchemy makes the class at run time."""

        __abstract__ = True

else:
    Model = db.Model


def set_up(app: Any) -> None:
    """Bind the database to the app. Call inside no context; opens no connection."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sqlite.set_up(db.engine)


def is_conflict(error: DBAPIError) -> bool:
    """Whether the database refused only because another transaction was in the way."""
    if code := getattr(error.orig, "sqlstate", None):
        return code in CONFLICTS_POSTGRESQL
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is None:  # drivers older than Python 3.11's carry the words only
        return "database is locked" in str(error.orig)
    return code & 0xFF == SQLITE_BUSY


def _worth_another_try(error: DBAPIError) -> bool:
    """A conflict; or a row that another transaction committed since the body looked for it, and finds the next time.

    (On SQLite nobody else writes between the look and the insert.)
    """
    return is_conflict(error) or getattr(error.orig, "sqlstate", None) == NOT_UNIQUE_POSTGRESQL


def lacks_table(error: DBAPIError) -> bool:
    """Whether a table is not there: nobody has made the schema, or brought it up to date."""
    if code := getattr(error.orig, "sqlstate", None):
        return code == NO_TABLE_POSTGRESQL
    return "no such table" in str(error.orig)  # SQLite has no code of its own for it


@contextmanager
def _turn(since: float) -> Iterator[None]:
    """One's turn to write: a place in the queue on SQLite, nothing on PostgreSQL. `since` as in `lms.sqlite`."""
    if _writing.get():
        raise RuntimeError("@writes inside @writes: the inner one would end the outer one's transaction")
    engine = db.engine
    on_sqlite = engine.dialect.name == "sqlite"
    with sqlite.queue_of_writers(Path(engine.url.database or "")) if on_sqlite else nullcontext():
        mark = _writing.set(True)
        try:
            db.session.connection(execution_options={"lms_writes_since": since})
            yield
        finally:
            _writing.reset(mark)


def writes(body: Callable[P, R]) -> Callable[P, R]:
    """Run a view, command or job as one transaction, and again when another one was in its way.

    What was only read before is rolled back first: a session that has read cannot be upgraded to
    a writing one. The body's loads belong to the transaction, so a rerun decides on fresh rows.
    Whatever the body raises rolls everything back. Nothing slow (hashing, mail, files) goes inside.
    """

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        cookie, since = copy.deepcopy(dict(session)) if has_request_context() else None, time.monotonic()
        for attempt in range(1, TRIES + 1):
            db.session.rollback()
            try:
                with _turn(since):
                    try:
                        result = body(*args, **kwargs)
                        db.session.commit()
                        return result
                    except BaseException:
                        db.session.rollback()
                        raise
            except DBAPIError as error:
                db.session.rollback()
                if attempt == TRIES or not _worth_another_try(error):
                    raise
            if cookie is not None:  # what the failed run flashed or signed in must not show twice
                session.clear()
                session.update(copy.deepcopy(cookie))
        raise AssertionError("unreachable: the last try returns or raises")

    return run


def lock(row: Any) -> None:
    """Hold a row until the transaction ends and read it afresh: where two decisions can meet, one waits."""
    row = inspect(row).obj()  # of a stand-in such as current_user, the row itself
    model = type(row)
    db.session.execute(select(model.id).where(model.id == row.id).with_for_update())
    db.session.refresh(row)


def lock_name(name: str) -> None:
    """Hold a name until the transaction ends, where there is no row to lock. SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


APPEND_ONLY: set[str] = set()


def append_only(*models: type[Base]) -> None:
    """Declare that no statement changes or removes a row of these tables. A migration puts the triggers on."""
    APPEND_ONLY.update(model.__tablename__ for model in models)


def append_only_triggers(table: str, dialect: str) -> list[str]:
    """The DDL that makes a table append-only on one of the two databases."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION lms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = '23514'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION lms_append_only()",
    ]


def sealed_answer_triggers(dialect: str) -> list[str]:
    """The DDL that keeps the answers of a submitted attempt as they were."""
    sealed = "(SELECT submitted_at FROM attempt WHERE id = {row}.attempt_id) IS NOT NULL"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER answer_sealed_{verb.lower()} BEFORE {verb} ON answer "
            f"WHEN {sealed.format(row=row)} BEGIN SELECT RAISE(ABORT, 'the attempt is submitted'); END"
            for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
        ]
    return [
        "CREATE FUNCTION lms_answer_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE held answer; BEGIN "
        "IF TG_OP = 'INSERT' THEN held := NEW; ELSE held := OLD; END IF; "
        f"IF {sealed.format(row='held')} THEN "
        "RAISE EXCEPTION USING MESSAGE = 'the attempt is submitted', ERRCODE = '23514'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER answer_sealed BEFORE INSERT OR UPDATE OR DELETE ON answer "
        "FOR EACH ROW EXECUTE FUNCTION lms_answer_sealed()",
    ]
