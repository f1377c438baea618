"""A table of questions, from whatever file: its heads are found, its rows become items.

A table has notes or titles above its heads and totals below; heads in any order, in either language; options one a
column or all in one cell; section titles between the rows. What a column is taken for is told in `columns`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from lms.errors import N_, Reason
from lms.interchange.reading import MAX_ITEMS, Columns, Item, Note, Reading, note, reading_of
from lms.interchange.sheet_heads import FIELD_WORDS, FIELDS, Heads, find_heads
from lms.interchange.sheet_rows import RowReader
from lms.interchange.sheet_table import Row, Table

__all__ = ["FIELDS", "FIELD_WORDS", "MAX_COLUMNS", "MAX_ROWS", "Row", "Table", "read_tables"]

MAX_COLUMNS = 64
MAX_ROWS = MAX_ITEMS + 2_000  # questions, titles, notes
MAX_CHARACTERS = 10_000_000
SAMPLES, SAMPLE_LENGTH = 5, 200
EVERY = 250
_APART = 10_000_000  # more rows than any sheet has

Progress = Callable[[int, int], None]


def read_tables(
    format: str,
    tables: Sequence[Table],
    language: str,
    notes: Sequence[Note] = (),
    mapping: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Reading:
    """The questions of all tables whose heads are known. `mapping` names columns of the one shown in `columns`."""
    said = list(notes)
    tables = [table for table in tables if table.rows]
    found = [(table, find_heads([row.cells for row in table.rows])) for table in tables]
    shown = next((pair for pair in found if pair[1].is_known), found[0] if found else None)
    if shown is None:
        return reading_of(format, (), said)
    if mapping:
        mapped = shown[1].mapped(mapping, [row.cells for row in shown[0].rows])
        found = [(table, mapped if heads.texts == shown[1].texts else heads) for table, heads in found]
        shown = (shown[0], mapped)
    columns = _columns(*shown)
    if not shown[1].is_known:
        line = shown[0].rows[shown[1].at].number
        return Reading(format, notes=(*said, note(line, "columns-unknown")), columns=columns)
    read = [(table, heads) for table, heads in found if heads.is_known]
    said += [note(1, "sheet-left-out", sheet=table.name)
             for table, heads in found if not heads.is_known and not table.is_help]  # fmt: skip
    items: list[Item] = []
    for at, (table, heads) in enumerate(read):
        reader = RowReader(table, heads, language, (at + 1) * _APART if len(read) > 1 else 0)
        items += islice(_counted(reader.items(), progress, len(items), read), MAX_ITEMS + 1 - len(items))
        said += reader.notes
    return _apart(reading_of(format, items, said, columns=columns), [table.name for table, _ in read])


def _counted(
    items: Iterator[Item],
    progress: Progress | None,
    before: int,
    read: Sequence[tuple[Table, Heads]],
) -> Iterator[Item]:
    total = sum(len(table.rows) for table, _ in read)
    for count, item in enumerate(items, before + 1):
        if progress is not None and count % EVERY == 0:
            progress(min(count, total), total)
        yield item


def _columns(table: Table, heads: Heads) -> Columns:
    below = [row.cells for row in table.rows[heads.below : heads.below + SAMPLES]]
    width = max(map(len, [heads.texts, heads.fields, *below]))
    shown = [tuple(cell[:SAMPLE_LENGTH] for cell in _wide(row, width)) for row in [heads.texts, *below]]
    return Columns(shown[0], tuple(shown[1:]), _wide(heads.shown, width))


def _wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *("",) * (width - len(cells)))


def too_much(line: int, characters_left: int) -> Note:
    """What is said of a table that was not read to its end."""
    if characters_left >= 0:
        return note(line, "too-many-questions", most=MAX_ITEMS)
    most = Reason(N_("%(count)s million characters"), count=MAX_CHARACTERS // 1_000_000)
    return note(line, "too-large", most=most)


def _apart(reading: Reading, names: Sequence[str]) -> Reading:
    """The reading with the rows of several sheets, told apart by their lines until now, under their sheets' names."""
    if len(names) < 2:
        return reading

    def named(said: Note) -> Note:
        sheet, line = divmod(said.line, _APART)
        if not sheet:
            return said  # about the whole file
        values = dict(said.reason.values)
        if isinstance(other := values.get("other"), int):
            at, row = divmod(other, _APART)
            values["other"] = Reason(N_("%(row)s of sheet “%(sheet)s”"), row=row, sheet=names[at - 1])
        reason = Reason(N_("Sheet “%(sheet)s”: %(said)s"), sheet=names[sheet - 1],
                        said=Reason(said.reason.message, **values))  # fmt: skip
        return replace(said, line=line, reason=reason)

    items = (
        replace(item, line=item.line % _APART, notes=tuple(map(named, item.notes))) for item in reading.items
    )
    return replace(reading, items=tuple(items), notes=tuple(map(named, reading.notes)))
