"""Ctrl-C in a terminal: every process of the server hears it at once, and all of them end."""

import os
import signal
import subprocess
import time

import pytest

from tests.browser.server import demo_company


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in found.splitlines()]
    direct = [child for child, parent in pairs if parent == pid]
    return direct + [grandchild for child in direct for grandchild in children_of(child)]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("after_s", [0.0, 1.6])
def test_ctrl_c_ends_the_server_and_all_it_started(tmp_path, after_s):
    with demo_company(tmp_path) as company:
        time.sleep(after_s)
        started = children_of(company.process.pid)
        assert len(started) >= 2
        os.killpg(company.process.pid, signal.SIGINT)
        company.process.wait(20)
        until = time.monotonic() + 10
        while any(map(is_running, started)) and time.monotonic() < until:
            time.sleep(0.1)
        assert [pid for pid in started if is_running(pid)] == []
        assert "Traceback" not in company.log.read_text()
