"""Run the migrations: all steps, the version and the check of references in one transaction."""

import time

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

LOCK = 7_413_001  # any number: two hosts that start at once take turns


def _prepare(connection: Connection) -> None:
    """Batch steps rebuild tables on SQLite, which with foreign keys on would delete their children."""
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys = OFF")


def _check(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:5]}; nothing was changed")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(lms_writes_since=time.monotonic()) as connection:
        if is_sqlite:
            _prepare(connection)
        try:
            with connection.begin():
                if not is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                context.configure(
                    connection=connection,
                    target_metadata=current_app.extensions["migrate"].db.metadata,
                    render_as_batch=True,
                    transactional_ddl=True,
                    compare_type=True,
                )
                context.run_migrations()
                if is_sqlite:
                    _check(connection)
        finally:
            if is_sqlite:
                connection.invalidate()  # the next connection has foreign keys on again


run()
