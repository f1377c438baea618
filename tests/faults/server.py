"""A real server on a demo company, started as a user starts it, that can be stopped, killed and starved."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from lms import sqlite
from tests.three_courses import PROJECT

PATIENCE_S = 60.0
TICK_S = 0.02


def wait_for(condition: Any, what: str) -> Any:
    """What the condition returns as soon as it is true; fails after a minute."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(TICK_S)
    raise AssertionError(f"waited in vain for {what}")


class Server:
    """`lms serve --demo` in a process group of its own, on the same port however often it is started."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder, self.content = folder, content
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> "Server":
        self.process = self.launch()
        wait_for(lambda: self.process.poll() is not None or self.answers(), "the server")
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-4000:]
        return self

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start the program, and do not wait for it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        clean.pop("DATABASE_URL", None)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "lms.cli", "serve", "--demo", "--port", str(self.port)],
                cwd=self.content, env={**clean, "LMS_INSTANCE": str(self.folder), "PYTHONPATH": str(PROJECT)},
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """As a power cut does it: every process of the server at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_S)

    @property
    def serving_pid(self) -> int:
        """The process that answers requests."""
        return self._child(is_worker=False)

    @property
    def worker_pid(self) -> int:
        """The process that runs jobs; 0 while there is none."""
        return self._child(is_worker=True)

    def _child(self, *, is_worker: bool) -> int:
        main = self.process.pid
        for task in Path(f"/proc/{main}/task").iterdir():
            for child in (task / "children").read_text().split():
                with suppress(FileNotFoundError):
                    if (b"worker" in Path(f"/proc/{child}/cmdline").read_bytes()) == is_worker:
                        return int(child)
        return 0

    def open_files(self, pid: int) -> list[str]:
        """The names of the files that a process of the server holds open."""
        return [os.path.basename(os.readlink(entry)) for entry in Path(f"/proc/{pid}/fd").iterdir()]

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Inside, nothing that the serving process writes to a file arrives there."""
        pid = self.serving_pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Inside, a program from outside holds the database."""
        with closing(self._connect()) as outside:
            outside.execute("BEGIN IMMEDIATE")
            yield

    def _connect(self) -> Any:
        path = self.folder / "demo" / "lms.db"
        return sqlite.driver().connect(path, isolation_level=None, timeout=PATIENCE_S)

    def query(self, statement: str, *values: Any) -> list[Any]:
        """Run one statement on the database, from outside, and return its rows."""
        with closing(self._connect()) as connection:
            return connection.execute(statement, values).fetchall()

    def age(self, attempt_id: int, minutes: float) -> None:
        """Let an attempt have begun so much earlier, as if the time had passed."""
        change = f"-{minutes * 60} seconds"
        for table, columns, which in (
            ("attempt", ("started_at", "deadline"), "id = ?"),
            ("outbox_job", ("run_at",), "kind = 'attempt.close' AND key = ?"),
        ):
            sets = ", ".join(f"{name} = strftime('%Y-%m-%d %H:%M:%f', {name}, '{change}') || '000'" for name in columns)
            self.query(f"UPDATE {table} SET {sets} WHERE {which}", attempt_id)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def number_in(address: str) -> int:
    """The attempt that an address is of."""
    found = re.fullmatch(r"/attempts/(\d+)", address)
    assert found, address
    return int(found[1])
