"""A real server: `lms serve` as a user starts it, worker included, on a demo company or an empty site of its own."""

import atexit
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
PATIENCE_S = 90.0


@dataclass(frozen=True)
class Company:
    """A running site: its address, the folder that holds its database, what it printed, its process."""

    address: str
    instance: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    def crash(self) -> None:
        """End the server and all it started at once, as when the power fails."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def demo_company(folder: Path, *options: str, port: int = 0) -> Iterator[Company]:
    """Serve the demo of a folder until the block ends; a fresh folder gets the demo as a first start makes it."""
    if not (folder / "demo").exists():
        shutil.copytree(_first_start(), folder / "demo")
    with site(folder, "--demo", *options, port=port) as company:
        yield replace(company, instance=folder / "demo")


@cache
def _first_start() -> Path:
    """A copy of what a first start leaves behind. That takes seconds of reckoning: the test processes share it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    shared, own = Path(tempfile.gettempdir()) / f"lms-demo-{run}", Path(tempfile.mkdtemp(prefix="lms-demo-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    with Path(f"{shared}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            shared.mkdir(mode=0o700, exist_ok=True)
            with site(shared, "--demo"):
                pass
            atexit.register(shutil.rmtree, shared, ignore_errors=True)
            atexit.register(Path(lock.name).unlink, missing_ok=True)
        return Path(shutil.copytree(shared / "demo", own / "demo"))


@contextmanager
def site(folder: Path, *options: str, port: int = 0, content: Path = PROJECT) -> Iterator[Company]:
    """`lms serve` with these options on a folder until the block ends; the courses are those of `content`."""
    port = port or free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    environment.pop("DATABASE_URL", None)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lms.cli", "serve", "--port", str(port), *options],
            cwd=content, env=environment | {"LMS_INSTANCE": str(folder)}, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, process, log)
            yield Company(address, folder, log, process)
        finally:
            process.terminate()
            process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not come up:\n{log.read_text(errors='replace')[-4000:]}")
