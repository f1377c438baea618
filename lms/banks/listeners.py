"""The jobs of large imports: reading a file and writing thousands of questions, with a word on how far they are."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lms import clock, media
from lms.banks.import_mending import look_again
from lms.banks.import_models import PREVIEW, READING, WRITING, BankImport
from lms.banks.import_plan import Plan, plan_import, render_plan
from lms.banks.import_preview import (
    READ_JOB,
    WRITE_JOB,
    keep_reading,
    note_progress,
    plan_of,
    write_preview,
)
from lms.banks.import_rules import Defaults
from lms.db import db, lock, writes
from lms.errors import Refused
from lms.interchange import importing, stored
from lms.interchange.reading import ERROR, Note, unreadable
from lms.outbox import handles
from lms.people.models import Person

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=0.5)  # between two words on how far it is: each is a transaction


class _NotWantedError(Exception):
    """The import was cancelled while a job was at it."""


@dataclass(frozen=True)
class _Read:
    plan: Plan
    columns: dict[str, Any] | None


def _teller(import_id: int) -> Callable[[int, int], None]:
    """A word on how far a job is, now and then. Raises when nobody wants the outcome any more."""
    spoken: list[datetime] = []

    def tell(done: int, total: int) -> None:
        now = clock.now()
        if spoken and now - spoken[-1] < EVERY:
            return
        spoken.append(now)
        if not writes(note_progress)(import_id, done, total, now):
            raise _NotWantedError

    return tell


def _read(payload: dict[str, Any]) -> _Read | None:
    """The slow part of reading a file."""
    made = db.session.get(BankImport, payload["import_id"])
    if made is None or made.state != READING or made.data is None:
        return None
    data, name, language = made.data, made.name, made.language
    mapping = {int(at): to for at, to in payload["mapping"].items()} if payload["mapping"] else None
    db.session.rollback()
    tell = _teller(payload["import_id"])
    try:
        reading = importing.read(data, name, language, payload["format"], mapping=mapping, progress=tell)
    except _NotWantedError:
        return None
    except Exception as error:  # a reader never raises; if one does, nobody must wait for it for ever
        log.error("the file of import %s broke its reader", payload["import_id"], exc_info=error)
        reading = unreadable(payload["format"], 1, "not-readable", format=payload["format"])
    made = db.session.get_one(BankImport, payload["import_id"])
    plan = plan_import(made.bank, reading, language, Defaults.from_json(made.defaults))
    return _Read(plan, stored.columns_to_json(reading.columns))


@handles(READ_JOB, prepare=_read)
def show_reading(payload: dict[str, Any], _now: datetime, read: _Read | None) -> None:
    """Put what was read where it is looked at, unless nobody wants it any more."""
    made = db.session.get(BankImport, payload["import_id"])
    if made is None or read is None:
        return
    lock(made)
    if made.state == READING:
        keep_reading(made, read.plan, read.columns, made.data)


def _render(payload: dict[str, Any]) -> Plan | None:
    """The slow part of writing thousands of questions."""
    made = db.session.get(BankImport, payload["import_id"])
    if made is None or made.state != WRITING:
        return None
    plan = plan_of(made)
    db.session.rollback()
    try:
        render_plan(plan, _teller(payload["import_id"]))
    except _NotWantedError:
        return None
    return plan


@handles(WRITE_JOB, prepare=_render)
def write_all(payload: dict[str, Any], now: datetime, plan: Plan | None) -> None:
    """Write it all at once; where the bank has changed so that it cannot be, back to the preview."""
    made = db.session.get(BankImport, payload["import_id"])
    if made is None or plan is None:
        return
    lock(made)
    if made.state != WRITING:
        return
    actor = db.session.get(Person, payload["actor_id"])
    try:
        write_preview(
            made, plan, only_good=payload["only_good"], actor=actor, now=now, media_folder=media.folder()
        )
    except Refused as refused:  # before anything was written
        made.state = PREVIEW
        look_again(made)
        made.counts = {"refused": stored.notes_to_json([Note(0, "refused", refused.reason, ERROR)])}
