"""An import between its file and the bank: kept, looked at, mended, and then written or cancelled."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from lms import audit
from lms.banks.import_models import (
    CANCELLED,
    FAILED,
    OPEN,
    PREVIEW,
    READING,
    WRITING,
    BankImport,
    BankImportItem,
    BankImportMedia,
)
from lms.banks.import_plan import Plan, plan_items
from lms.banks.import_queries import chunks, media_of
from lms.banks.import_rules import (
    WRITTEN,
    Defaults,
    Planned,
)
from lms.banks.imports import Outcome, why_not_all, write_import
from lms.banks.models import Bank
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.interchange import stored
from lms.interchange.reading import ERROR, Item, id_of
from lms.outbox import keep_claim, schedule
from lms.people.models import Person

READ_JOB, WRITE_JOB = "bank.import_read", "bank.import_write"
GONE_ON = N_("This import has gone on meanwhile. Reload the page and look again.")
FORGOTTEN = timedelta(days=30)  # after which what nobody came back to is thrown away


def start_import(
    bank: Bank, *, name: str, format: str, language: str, defaults: Defaults, actor: Person, now: datetime
) -> BankImport:
    """A new import with nothing in it yet. What nobody came back to for a month is thrown away."""
    made = BankImport(
        bank_id=bank.id,
        person_id=actor.id,
        created_at=now,
        name=stored.sound(name)[-200:],
        format=format,
        language=language,
        defaults=defaults.to_json(),
        notes=[],
        counts={},
        state=READING,
    )
    for old in db.session.scalars(
        select(BankImport).where(
            BankImport.bank_id == bank.id, BankImport.state.in_(OPEN), BankImport.created_at < now - FORGOTTEN
        )
    ):
        _empty(old, CANCELLED)
    db.session.add(made)
    db.session.flush()
    return made


def read_later(made: BankImport, data: bytes, format: str, mapping: dict[int, str] | None, *, now: datetime) -> None:
    """Keep the file and have a job read it."""
    made.data, made.state, made.turn = data, READING, made.turn + 1
    made.done_count = made.total_count = 0
    named = {str(at): field for at, field in mapping.items()} if mapping else None
    schedule(READ_JOB, f"{made.id}-{made.turn}", now, import_id=made.id, format=format, mapping=named)


def keep_reading(made: BankImport, plan: Plan, columns: dict[str, Any] | None, data: bytes | None) -> None:
    """Put what was read where it can be looked at and mended; `data` only where its columns may be named anew."""
    _empty(made, PREVIEW)
    made.format, made.notes = plan.format, stored.notes_to_json(plan.notes)
    made.columns, made.data = columns, data if columns else None
    if not plan.planned and not columns:
        made.state = FAILED
    rows = [{"import_id": made.id, "position": at, **item_values(each)} for at, each in enumerate(plan.planned, 1)]
    if rows:
        db.session.execute(insert(BankImportItem), rows)
    if plan.media:
        media = [{"import_id": made.id, "name": name, "data": data} for name, data in plan.media.items()]
        db.session.execute(insert(BankImportMedia), media)
    db.session.flush()


def item_values(planned: Planned, *, left_out: bool = False) -> dict[str, Any]:
    """The columns of an item's row."""
    item = planned.item
    return {
        "line": item.line,
        "type": item.type,
        "slug": item.id[:80],
        "base": id_of(item),
        "content": stored.item_to_json(item),
        "notes": stored.notes_to_json(item.notes),
        "flaw": planned.flaw,
        "verdict": planned.verdict,
        "left_out": left_out,
    }


def _empty(made: BankImport, state: str) -> None:
    """Leave nothing of a file but that it was there."""
    for table in (BankImportItem, BankImportMedia):
        db.session.execute(delete(table).where(table.import_id == made.id))
    made.data, made.columns, made.state = None, None, state


def hold(made: BankImport, *states: str) -> None:
    """Lock an import that is in one of the states. Raises Refused."""
    lock(made)
    if made.state not in states:
        raise Refused(Reason(GONE_ON))


def cancel_import(made: BankImport, *, actor: Person, now: datetime) -> None:
    """Throw away what was read; or stop it from being written, and look at it again. Raises Refused.

    Nothing of it was in the bank.
    """
    hold(made, *OPEN)
    if made.state == WRITING:
        made.state = PREVIEW
        return
    _empty(made, CANCELLED)
    audit.record(actor, "bank.import_cancel", made, now=now, name=made.name)


def item_from(row: BankImportItem) -> Item:
    """A stored item with its notes."""
    return stored.item_from_json(row.content, row.notes)


def items_in(made: BankImport, names: Collection[str] | None = None) -> list[BankImportItem]:
    """The items that were not left out: all, or those of these ids and texts."""
    item = BankImportItem
    wanted = select(item).where(item.import_id == made.id, item.left_out.is_(False)).order_by(item.position)
    if names is not None:
        wanted = wanted.where(or_(item.slug.in_(names), item.base.in_(names)))
    return list(db.session.scalars(wanted))


# Writing what was looked at


def plan_of(made: BankImport) -> Plan:
    """What importing it would do now, without what was left out."""
    defaults, rows = Defaults.from_json(made.defaults), items_in(made)
    planned = plan_items(made.bank, [item_from(row) for row in rows], made.language, defaults)
    return Plan(made.language, defaults, made.format, planned, stored.notes_from_json(made.notes), media_of(made))


def check_all(made: BankImport, *, only_good: bool) -> None:
    """Raise Refused (422) if all is to be written, but something cannot be."""
    item = BankImportItem
    wrong = select(func.count(item.id)).where(
        item.import_id == made.id, item.flaw == "error", item.left_out.is_(False)
    )
    errors = sum(note["effect"] == ERROR for note in made.notes) + (db.session.scalar(wrong) or 0)
    if errors and not only_good:
        raise Refused(why_not_all(errors), 422)


def write_later(made: BankImport, *, only_good: bool, actor: Person, now: datetime) -> None:
    """Have a job write it, in the name of who asked for it. Raises Refused."""
    hold(made, PREVIEW)
    made.state, made.turn = WRITING, made.turn + 1
    made.done_count = made.total_count = 0
    schedule(WRITE_JOB, f"{made.id}-{made.turn}", now, import_id=made.id, only_good=only_good, actor_id=actor.id)


def write_preview(
    made: BankImport, plan: Plan, *, only_good: bool, actor: Person | None, now: datetime, media_folder: Path
) -> Outcome:
    """Write what was planned of an import, and keep of its file only what did not get in. Raises Refused."""
    hold(made, PREVIEW, WRITING)
    places = _places(made, plan)
    outcome = write_import(
        made.bank, plan, only_good=only_good, actor=actor, now=now, made=made, media_folder=media_folder
    )
    item = BankImportItem
    written = [
        id for id, each in zip(places, plan.planned, strict=True)
        if each.content is not None and (each.is_good or not only_good)
    ]  # fmt: skip
    for some in chunks(written):
        db.session.execute(delete(item).where(item.id.in_(some)))
    same = item.verdict.not_in(WRITTEN) & (item.flaw != "error") & item.left_out.is_(False)
    db.session.execute(delete(item).where(item.import_id == made.id, same))
    db.session.execute(delete(BankImportMedia).where(BankImportMedia.import_id == made.id))
    made.data, made.columns = None, None
    db.session.flush()
    return outcome


def _places(made: BankImport, plan: Plan) -> list[int]:
    """The rows of a plan's questions. Raises Refused if one was mended while they were being rendered."""
    rows = items_in(made)
    now = [replace(item_from(row), notes=()) for row in rows]
    planned = [replace(each.item, notes=()) for each in plan.planned]
    if (now, Defaults.from_json(made.defaults)) != (planned, plan.defaults):
        raise Refused(Reason(GONE_ON))
    return [row.id for row in rows]


def note_progress(import_id: int, done: int, total: int, now: datetime) -> bool:
    """Note how far a job is, and keep it; whether it is still wanted."""
    keep_claim(now)
    going = BankImport.state.in_((READING, WRITING))
    found = db.session.execute(
        update(BankImport).where(BankImport.id == import_id, going).values(done_count=done, total_count=total)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]
