"""An import between its file and the bank: kept, looked at, mended, and then written or cancelled."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from lms import audit
from lms.banks.import_models import (
    CANCELLED,
    FAILED,
    PREVIEW,
    READING,
    WRITING,
    BankImport,
    BankImportItem,
    BankImportMedia,
)
from lms.banks.import_queries import chunks, media_of
from lms.banks.import_rules import (
    COMPARED,
    KEYS_SETTLED,
    SAID,
    WRITTEN,
    Defaults,
    Planned,
    clean,
    given_id,
    without,
)
from lms.banks.imports import Outcome, Plan, plan_items, why_not_all, write_import
from lms.banks.models import Bank
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.interchange import stored
from lms.interchange.reading import ERROR, Item, Note, compare, id_of, judge
from lms.outbox import keep_claim, schedule
from lms.people.models import Person

READ_JOB, WRITE_JOB = "bank.import_read", "bank.import_write"
FORGOTTEN = timedelta(days=30)  # after which what nobody came back to is thrown away
_OPEN = (READING, PREVIEW, WRITING)


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
            BankImport.bank_id == bank.id, BankImport.state.in_(_OPEN), BankImport.created_at < now - FORGOTTEN
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
    rows = [{"import_id": made.id, "position": at, **_values(each)} for at, each in enumerate(plan.planned, 1)]
    if rows:
        db.session.execute(insert(BankImportItem), rows)
    if plan.media:
        media = [{"import_id": made.id, "name": name, "data": data} for name, data in plan.media.items()]
        db.session.execute(insert(BankImportMedia), media)
    db.session.flush()


def _values(planned: Planned, *, left_out: bool = False) -> dict[str, Any]:
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
        raise Refused(Reason(N_("This import has gone on meanwhile. Reload the page and look again.")))


def cancel_import(made: BankImport, *, actor: Person, now: datetime) -> None:
    """Throw away what was read; or stop it from being written, and look at it again. Raises Refused.

    Nothing of it was in the bank.
    """
    hold(made, *_OPEN)
    if made.state == WRITING:
        made.state = PREVIEW
        return
    _empty(made, CANCELLED)
    audit.record(actor, "bank.import_cancel", made, now=now, name=made.name)


def item_from(row: BankImportItem) -> Item:
    """A stored item with its notes."""
    return stored.item_from_json(row.content, row.notes)


def mend_item(made: BankImport, row: BankImportItem, mended: Item) -> None:
    """Take an item as somebody wrote it now, and judge it and those it is compared with anew. Raises Refused.

    An id that was made from the old text is made from the new one.
    """
    hold(made, PREVIEW)
    before = item_from(row)
    if mended.id == before.id:
        mended = replace(mended, id=given_id(before))
    mended = clean(replace(mended, notes=before.notes))
    if mended.keys:
        mended = without(mended, KEYS_SETTLED)
    _take(made, row, before, judge(without(mended, COMPARED | set(SAID))))


def tick_off(made: BankImport, row: BankImportItem, code: str) -> None:
    """Somebody has looked at what a note says, and it is well. Raises Refused."""
    hold(made, PREVIEW)
    before = item_from(row)
    _take(made, row, before, without(before, {code}))


def leave_out(made: BankImport, row: BankImportItem, *, is_out: bool) -> None:
    """Leave an item out of the import, or take it back in. Raises Refused."""
    hold(made, PREVIEW)
    row.left_out = is_out
    item = item_from(row)
    _take(made, row, item, item)


def _take(made: BankImport, row: BankImportItem, before: Item, item: Item) -> None:
    """Store an item, and look again at all that share its id or its text, before or now."""
    row.content, row.notes = stored.item_to_json(item), stored.notes_to_json(item.notes)
    row.type, row.line = item.type, item.line
    names = {row.slug, row.base, item.id[:80], id_of(item), id_of(before)} - {""}
    row.slug, row.base = item.id[:80], id_of(item)
    db.session.flush()
    look_again(made, names)


def look_again(made: BankImport, names: Collection[str] | None = None) -> None:
    """Compare and plan anew the items of these ids and texts, or all: what the bank says may have changed."""
    rows = _rows(made, names)
    items = [bare(item_from(row)) for row in rows]
    planned = plan_compared(made, items)
    for row, each in zip(rows, planned, strict=True):
        for name, value in _values(each).items():
            if name != "left_out" and getattr(row, name) != value:
                setattr(row, name, value)
    db.session.flush()


def bare(item: Item) -> Item:
    """The item as it is without its neighbours: its id as the file gave it, no word on others."""
    return replace(without(item, COMPARED | set(SAID)), id=given_id(item))


def plan_compared(made: BankImport, items: Sequence[Item]) -> tuple[Planned, ...]:
    """Items of an import compared with one another and planned. One that says another one again is an error now."""
    compared = [replace(item, notes=(*item.notes, _as_error(again))) if again else item
                for item, again in compare(items)]  # fmt: skip
    return plan_items(made.bank, compared, made.language, Defaults.from_json(made.defaults))


def _as_error(again: Note) -> Note:
    return replace(again, effect=ERROR)


def _rows(made: BankImport, names: Collection[str] | None) -> list[BankImportItem]:
    item = BankImportItem
    wanted = select(item).where(item.import_id == made.id, item.left_out.is_(False)).order_by(item.position)
    if names is not None:
        wanted = wanted.where(or_(item.slug.in_(names), item.base.in_(names)))
    return list(db.session.scalars(wanted))


def set_defaults(made: BankImport, defaults: Defaults) -> None:
    """Set use, lesson, level and tags for all questions that are added. Raises Refused."""
    hold(made, PREVIEW)
    made.defaults = defaults.to_json()
    db.session.flush()


def tick_off_all(made: BankImport, code: str) -> int:
    """Somebody has looked at everything that was told under a code; how many questions had it. Raises Refused."""
    hold(made, PREVIEW)
    item = BankImportItem
    rows = db.session.scalars(
        select(item).where(item.import_id == made.id, item.flaw == "warning", item.left_out.is_(False))
    )
    count = 0
    for row in rows:
        left = [note for note in row.notes if note["code"] != code or note["effect"] != "warning"]
        if len(left) < len(row.notes):
            row.notes, row.flaw, count = left, "warning" if left else "none", count + 1
    db.session.flush()
    return count


# Writing what was looked at


def plan_of(made: BankImport) -> Plan:
    """What importing it would do now, without what was left out."""
    defaults, rows = Defaults.from_json(made.defaults), _rows(made, None)
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


def write_later(made: BankImport, *, only_good: bool, now: datetime) -> None:
    """Have a job write it. Raises Refused."""
    hold(made, PREVIEW)
    made.state, made.turn = WRITING, made.turn + 1
    made.done_count = made.total_count = 0
    schedule(WRITE_JOB, f"{made.id}-{made.turn}", now, import_id=made.id, only_good=only_good)


def write_preview(
    made: BankImport, plan: Plan, *, only_good: bool, actor: Person | None, now: datetime, media_folder: Path
) -> Outcome:
    """Write what was planned of an import, and keep of its file only what did not get in. Raises Refused."""
    hold(made, PREVIEW, WRITING)
    outcome = write_import(
        made.bank, plan, only_good=only_good, actor=actor, now=now, made=made, media_folder=media_folder
    )
    item = BankImportItem
    written = [each.item.id for each in plan.planned if each.content is not None and (each.is_good or not only_good)]
    for some in chunks(written):
        db.session.execute(delete(item).where(item.import_id == made.id, item.slug.in_(some), item.left_out.is_(False)))
    same = item.verdict.not_in(WRITTEN) & (item.flaw != "error") & item.left_out.is_(False)
    db.session.execute(delete(item).where(item.import_id == made.id, same))
    db.session.execute(delete(BankImportMedia).where(BankImportMedia.import_id == made.id))
    made.data, made.columns = None, None
    db.session.flush()
    return outcome


def note_progress(import_id: int, done: int, total: int, now: datetime) -> bool:
    """Note how far a job is, and keep it; whether it is still wanted."""
    keep_claim(now)
    going = BankImport.state.in_((READING, WRITING))
    found = db.session.execute(
        update(BankImport).where(BankImport.id == import_id, going).values(done_count=done, total_count=total)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]
