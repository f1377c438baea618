"""What must happen after a commit or at a time: a row written in the cause's transaction, done by a worker.

Handlers are idempotent: a job may run again when a worker dies between its effect and its mark. What takes long
(reading a large file, rendering) is prepared before the transaction begins, so that nobody waits for it to write.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Select, String, Text, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.db import Model, db, writes

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)  # after which another worker may take a job whose worker died
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
DOUBLINGS = 9  # of the first retry, more than enough to reach the longest
IDLE_SECONDS = 1.0

Handler = Callable[..., None]
Prepare = Callable[[dict[str, Any]], Any]
HANDLERS: dict[str, Handler] = {}
PREPARES: dict[str, Prepare] = {}

_at_hand: ContextVar[int | None] = ContextVar("job being prepared", default=None)


class OutboxJob(Model):
    """One thing to do, once. `key` makes it unique among its kind."""

    __tablename__ = "outbox_job"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index(
            "ix_outbox_job_waiting",
            "run_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    run_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    tries: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


def handles(kind: str, prepare: Prepare | None = None) -> Callable[[Handler], Handler]:
    """Register `handler(payload, now)` for a kind of job. It runs inside `@writes`.

    With `prepare`, `prepare(payload)` runs before, with no transaction open, and the handler is called with what
    it returned: `handler(payload, now, prepared)`. Both may run again.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        if prepare is not None:
            PREPARES[kind] = prepare
        return handler

    return register


def schedule(kind: str, key: str, run_at: datetime, **payload: Any) -> None:
    """Add a job to the transaction at hand, unless there is one of this kind and key already."""
    known = db.session.scalar(select(OutboxJob.id).where(OutboxJob.kind == kind, OutboxJob.key == key))
    if known is None:
        db.session.add(OutboxJob(kind=kind, key=key, run_at=run_at, payload=payload))


def retry_after(tries: int) -> timedelta:
    """How long a job rests that failed for the first, second, ... time: twice as long each time, an hour at most."""
    return min(FIRST_RETRY * 2 ** min(tries - 1, DOUBLINGS), LONGEST_RETRY)


def run_next(now: datetime) -> bool:
    """Claim and run one job that is due. Whether there was one."""
    db.session.rollback()
    waiting = db.session.scalar(_due(now))  # an idle worker only looks, and never stands in a writer's way
    job_id = None if waiting is None else _claim(now)
    if job_id is None:
        return False
    try:
        _run(job_id, now, *_prepared(job_id))
    except Exception as error:
        db.session.rollback()
        log.error("job %s failed", job_id, exc_info=error)
        _put_back(job_id, now, f"{type(error).__name__}: {error}")
    return True


def _due(now: datetime) -> Select[OutboxJob]:
    return (
        select(OutboxJob)
        .where(
            OutboxJob.done_at.is_(None),
            OutboxJob.run_at <= now,
            OutboxJob.claimed_until.is_(None) | (OutboxJob.claimed_until <= now),
            OutboxJob.kind.in_(HANDLERS),
        )
        .order_by(OutboxJob.run_at, OutboxJob.id)
        .limit(1)
    )


@writes
def _claim(now: datetime) -> int | None:
    job = db.session.scalar(_due(now).with_for_update(skip_locked=True))
    if job is None:
        return None
    job.claimed_until = now + CLAIM
    job.tries += 1
    return job.id


def _prepared(job_id: int) -> tuple[Any, ...]:
    """What the slow part of a job came to, if its kind has one and it is not done yet."""
    job = db.session.get(OutboxJob, job_id)
    prepare = PREPARES.get(job.kind) if job is not None and job.done_at is None else None
    payload = job.payload if job is not None else {}
    db.session.rollback()
    if prepare is None:
        return ()
    mark = _at_hand.set(job_id)
    try:
        return (prepare(payload),)
    finally:
        _at_hand.reset(mark)
        db.session.rollback()


def keep_claim(now: datetime) -> None:
    """Keep other workers away from the job being prepared: for a slow part that notes how far it is."""
    if (job_id := _at_hand.get()) is not None:
        db.session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(claimed_until=now + CLAIM))


@writes
def _run(job_id: int, now: datetime, *prepared: Any) -> None:
    job = db.session.scalar(select(OutboxJob).where(OutboxJob.id == job_id).with_for_update())
    if job is None or job.done_at is not None:
        return
    HANDLERS[job.kind](job.payload, now, *prepared)
    job.done_at, job.error = now, None


@writes
def _put_back(job_id: int, now: datetime, error: str) -> None:
    job = db.session.get(OutboxJob, job_id)
    if job is not None:
        job.error = error
        job.claimed_until = None
        job.run_at = now + retry_after(job.tries)


def run_due(now: datetime) -> int:
    """Run every job that is due. How many ran."""
    ran = 0
    while run_next(now):
        ran += 1
    return ran


def work(should_stop: Callable[[], bool]) -> None:
    """Run jobs as they fall due until told to stop. A database that is away is waited for."""
    while not should_stop():
        try:
            busy = run_next(clock.now())
        except Exception as error:
            db.session.rollback()
            log.error("the worker could not reach its jobs", exc_info=error)
            busy = False
        finally:
            db.session.remove()
        if not busy:
            time.sleep(IDLE_SECONDS)
