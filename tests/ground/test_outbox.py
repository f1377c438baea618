"""Jobs: done once by however many workers, later when they failed, and by another when a worker died."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from lms import outbox
from lms.db import db, writes
from lms.outbox import CLAIM, FIRST_RETRY, HANDLERS, LONGEST_RETRY, OutboxJob, retry_after, run_due, run_next
from lms.people.models import SiteFact
from tests.conftest import NOON
from tests.ground.together import PATIENCE, at_once, meet

SECOND = timedelta(seconds=1)
schedule = writes(outbox.schedule)


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """The payloads that the handler of "note" was given, in order."""
    seen: list[str] = []

    def note(payload, now):
        seen.append(payload["name"])
        db.session.add(SiteFact(name=payload["name"]))

    monkeypatch.setitem(HANDLERS, "note", note)
    return seen


@pytest.fixture
def failing(monkeypatch) -> list[int]:
    """Runs of a handler that writes something and then fails."""
    runs: list[int] = []

    def fail(payload, now):
        runs.append(1)
        db.session.add(SiteFact(name="half done"))
        db.session.flush()
        raise ValueError("no mail server")

    monkeypatch.setitem(HANDLERS, "fail", fail)
    return runs


def job() -> OutboxJob:
    db.session.rollback()
    return db.session.scalars(select(OutboxJob)).one()


def test_a_job_runs_when_its_time_has_come_and_not_before(app, done):
    schedule("note", "1", NOON, name="a")
    assert run_due(NOON - SECOND) == 0
    assert run_due(NOON) == 1
    assert done == ["a"]


def test_jobs_run_in_the_order_of_their_times(app, done):
    schedule("note", "1", NOON, name="second")
    schedule("note", "2", NOON - SECOND, name="first")
    assert run_due(NOON) == 2
    assert done == ["first", "second"]


def test_the_same_job_scheduled_twice_is_one(app, done):
    schedule("note", "1", NOON, name="a")
    schedule("note", "1", NOON, name="a")
    run_due(NOON)
    schedule("note", "1", NOON, name="a")
    run_due(NOON + CLAIM)
    assert done == ["a"]


def test_the_same_job_scheduled_by_two_at_once_is_one(app, done):
    assert at_once(app, *[lambda: schedule("note", "1", NOON, name="a")] * 3) == [None] * 3
    run_due(NOON)
    assert done == ["a"]


def test_a_job_is_not_scheduled_when_its_cause_is_undone(app, done):
    @writes
    def cause():
        outbox.schedule("note", "1", NOON, name="a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    assert run_due(NOON) == 0


def test_two_workers_share_the_jobs_and_do_none_twice(app, done):
    for number in range(12):
        schedule("note", str(number), NOON, name=f"{number:02}")
    shares = at_once(app, lambda: run_due(NOON), lambda: run_due(NOON))
    assert sum(shares) == 12
    assert sorted(done) == [f"{number:02}" for number in range(12)]


def test_one_job_is_claimed_by_one_of_two_workers(app, monkeypatch):
    schedule("note", "1", NOON, name="a")
    monkeypatch.setitem(HANDLERS, "note", lambda payload, now: None)
    both_looked = Barrier(2)
    due = outbox._due

    def look_together(now):
        meet(both_looked)
        return due(now)

    monkeypatch.setattr(outbox, "_due", look_together)
    assert sorted(at_once(app, lambda: run_next(NOON), lambda: run_next(NOON))) == [False, True]


def test_a_failed_job_leaves_nothing_but_its_error_and_rests_longer_each_time(app, failing):
    schedule("fail", "1", NOON)
    assert run_due(NOON) == 1
    assert job().error == "ValueError: no mail server"
    assert db.session.scalar(select(SiteFact.id)) is None
    assert run_due(NOON + FIRST_RETRY - SECOND) == 0
    assert run_due(NOON + FIRST_RETRY) == 1
    assert job().run_at == NOON + 3 * FIRST_RETRY
    assert len(failing) == 2


@pytest.mark.parametrize(
    ("tries", "rest"), [(1, FIRST_RETRY), (2, 2 * FIRST_RETRY), (5, 16 * FIRST_RETRY), (10, LONGEST_RETRY),
                        (10_000, LONGEST_RETRY)]
)  # fmt: skip
def test_the_rest_doubles_up_to_an_hour(tries, rest):
    assert retry_after(tries) == rest


def test_a_job_that_failed_is_done_once_the_cause_is_gone(app, failing, monkeypatch):
    schedule("fail", "1", NOON)
    run_due(NOON)
    monkeypatch.setitem(HANDLERS, "fail", lambda payload, now: None)
    run_due(NOON + FIRST_RETRY)
    assert (job().done_at, job().error) == (NOON + FIRST_RETRY, None)


def test_a_job_whose_worker_died_is_left_alone_for_a_while_and_then_done_by_another(app, done):
    schedule("note", "1", NOON, name="a")
    assert outbox._claim(NOON) is not None  # and the worker is killed here
    assert run_due(NOON + CLAIM - SECOND) == 0
    assert run_due(NOON + CLAIM) == 1
    assert done == ["a"]


def test_a_worker_that_comes_back_late_does_not_do_the_job_again(app, done):
    schedule("note", "1", NOON, name="a")
    claimed = outbox._claim(NOON)
    run_due(NOON + CLAIM)
    outbox._run(claimed, NOON)
    assert done == ["a"]


def test_a_job_of_a_kind_this_version_does_not_know_waits_for_one_that_does(app, done):
    schedule("of the future", "1", NOON)
    schedule("note", "1", NOON, name="a")
    assert run_due(NOON) == 1
    assert done == ["a"]


def test_an_idle_worker_stands_in_no_writers_way(app, done, monkeypatch):
    monkeypatch.setattr(outbox, "_claim", lambda now: pytest.fail("asked for a turn to write"))
    assert run_next(NOON) is False


def test_a_worker_goes_on_when_the_database_comes_back(app, done, monkeypatch, caplog):
    schedule("note", "1", NOON, name="a")
    monkeypatch.setattr(outbox, "IDLE_SECONDS", 0)
    monkeypatch.setattr(outbox.clock, "now", lambda: NOON)
    outcomes = [OSError("gone"), outbox.run_next]

    def away_at_first(now):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome(now)

    monkeypatch.setattr(outbox, "run_next", away_at_first)
    outbox.work(lambda: not outcomes)
    assert done == ["a"]
    assert "could not reach its jobs" in caplog.text


# Jobs with a slow part


@pytest.fixture
def slow(monkeypatch) -> list[object]:
    """What the two parts of the handler of "slow" saw, in order; the first fails while `fails` is in the payload."""
    seen: list[object] = []

    def prepare(payload):
        seen.append(db.session().in_transaction())
        if payload.get("fails") and len(seen) == 1:
            db.session.scalar(select(SiteFact.id))
            raise OSError("no such file")
        return f"{payload['name']}, prepared"

    def finish(payload, now, prepared):
        seen.append(prepared)
        db.session.add(SiteFact(name=prepared))

    monkeypatch.setitem(HANDLERS, "slow", finish)
    monkeypatch.setitem(outbox.PREPARES, "slow", prepare)
    return seen


def test_the_slow_part_of_a_job_runs_outside_any_transaction_and_hands_on_what_it_made(app, slow):
    schedule("slow", "1", NOON, name="a")
    assert run_due(NOON) == 1
    assert slow == [False, "a, prepared"]
    assert db.session.scalar(select(SiteFact.name)) == "a, prepared"
    assert job().done_at == NOON


def test_a_job_whose_slow_part_failed_is_tried_again(app, slow):
    schedule("slow", "1", NOON, name="a", fails=True)
    run_due(NOON)
    assert job().error == "OSError: no such file"
    run_due(NOON + FIRST_RETRY)
    assert slow == [False, False, "a, prepared"]
    assert job().done_at == NOON + FIRST_RETRY


def test_a_slow_part_that_says_it_is_still_at_it_keeps_its_job(app, monkeypatch):
    others: list[int] = []

    def prepare(payload):
        writes(outbox.keep_claim)(NOON + CLAIM)
        others.append(run_due(NOON + CLAIM))

    monkeypatch.setitem(HANDLERS, "slow", lambda payload, now, prepared: None)
    monkeypatch.setitem(outbox.PREPARES, "slow", prepare)
    schedule("slow", "1", NOON)
    assert run_due(NOON) == 1
    assert others == [0]


def test_a_worker_that_comes_back_late_prepares_nothing_anew(app, slow):
    schedule("slow", "1", NOON, name="a")
    run_due(NOON)
    assert outbox._prepared(job().id) == ()
    assert len(slow) == 2


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_worker_ends_with_its_parent(sqlite_app, tmp_path):
    shutil.copy(sqlite_app.extensions["lms_settings"].instance / "blank.db", tmp_path / "lms.db")
    command = f'"{sys.executable}" -m lms.cli worker --with-parent $$ >"{tmp_path}/log" 2>&1 & echo $!; wait'
    env = {**os.environ, "LMS_INSTANCE": str(tmp_path)}
    with subprocess.Popen(["/bin/sh", "-c", command], stdout=subprocess.PIPE, text=True, env=env) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        try:
            deadline = time.monotonic() + PATIENCE
            while not (tmp_path / "secret-key").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            assert is_running(worker)
            parent.kill()
            while is_running(worker) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not is_running(worker), (tmp_path / "log").read_text()
        finally:
            if is_running(worker):
                os.kill(worker, signal.SIGKILL)
