"""Which SQLite is used, how a connection is set up, and the queue its writers stand in.

SQLite 3.7.0 to 3.51.2 can lose a commit when a WAL is reset while another connection
checkpoints. The `pysqlite3` wheel carries a newer library and is used where it is
installed; with an older library the rollback journal is used instead of the WAL.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

WAL_IS_SAFE_FROM = (3, 51, 3)
BUSY_TIMEOUT_MS = 2_000  # our writers queue, so only somebody from outside can be in the way
LEAST_PATIENCE_MS = 100  # for whom the queue has kept waiting so long already


def driver() -> ModuleType:
    """The DB-API module with the newest SQLite library at hand."""
    try:
        import pysqlite3.dbapi2 as newer
    except ImportError:
        return sqlite3
    return newer if newer.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL where the library keeps every commit in it, else the rollback journal."""
    return "WAL" if version >= WAL_IS_SAFE_FROM else "DELETE"


def set_up(engine: Engine) -> None:
    """Install the pragmas and explicit transactions on every connection of an SQLite engine."""
    mode = journal_mode(driver().sqlite_version_info)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        # The driver's own implicit BEGIN would start deferred and too late: we begin ourselves.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        since = connection.get_execution_options().get("lms_writes_since")
        if since is None:
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_to_write(connection, since)


def _begin_to_write(connection: Connection, since: float) -> None:
    """Begin a transaction that writes, wanted since a moment of `time.monotonic()`.

    A deferred transaction that reads and then writes can fail at once with SQLITE_BUSY_SNAPSHOT whatever the
    busy timeout, so writers begin immediately. While somebody from outside stays in the way, the time spent in
    the queue counts: else its last writer would wait for as many timeouts as there are writers.
    """
    waited = int((time.monotonic() - since) * 1000)
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {max(BUSY_TIMEOUT_MS - waited, LEAST_PATIENCE_MS)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


class Turns:
    """A lock that threads get in the order they asked for it: whoever is done hands it to the next."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and hand it on at the end."""
        with self._guard:
            bell = threading.Lock() if self._taken else None
            if bell is not None:
                bell.acquire()
                self._waiting.append(bell)
            self._taken = True
        if bell is not None:
            bell.acquire()  # rung by the one before
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._taken = False


_threads_of_this_process = Turns()


@contextmanager
def queue_of_writers(database: Path) -> Iterator[None]:
    """Wait for one's turn to write into a database file. Raises OperationalError where its folder is gone.

    SQLite's own busy handler sleeps and retries, which starves an unlucky writer for seconds. The
    processes take turns on a file lock, and the threads of each among themselves.
    """
    with _threads_of_this_process.turn():
        try:
            queue = os.open(database.with_name(f"{database.name}.queue"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
        try:
            fcntl.flock(queue, fcntl.LOCK_EX)
            yield
        finally:
            os.close(queue)
