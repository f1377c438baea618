"""Mending what was read before it is imported: one question, or all alike.

The questions that share an id or a text with a mended one are looked at again.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import select

from lms.banks.import_models import PREVIEW, BankImport, BankImportItem
from lms.banks.import_plan import plan_items
from lms.banks.import_preview import hold, item_from, item_values, items_in
from lms.banks.import_rules import (
    COMPARED,
    KEYS_SETTLED,
    SAID,
    Defaults,
    Planned,
    clean,
    given_id,
    may_tick,
    without,
)
from lms.db import db
from lms.interchange import stored
from lms.interchange.reading import ERROR, Item, Note, compare, id_of, judge


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
    left = tuple(note for note in before.notes if note.code != code or not may_tick(note))
    _take(made, row, before, replace(before, notes=left))


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
    rows = items_in(made, names)
    items = [bare(item_from(row)) for row in rows]
    planned = plan_compared(made, items)
    for row, each in zip(rows, planned, strict=True):
        for name, value in item_values(each).items():
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
