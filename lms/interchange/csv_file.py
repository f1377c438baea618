"""Questions as delimited text: comma, semicolon, tab or bar, in any common encoding.

A cell that a spreadsheet would evaluate is written with an apostrophe in front and read without it (`neutral`).
What a question of a bank may have that a table cannot hold: nothing. Read `sheet_write` for the columns.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from lms.interchange import sheet_template
from lms.interchange.csv_records import Record, records
from lms.interchange.decoding import decode_any
from lms.interchange.neutral import meant, neutralise
from lms.interchange.reading import Note, Reading, unreadable
from lms.interchange.records import BankText, tidy
from lms.interchange.sheet import (
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    Row,
    Table,
    read_tables,
    too_much,
)
from lms.interchange.sheet_table import WHOLE_ROW
from lms.interchange.sheet_write import rows_of

FORMAT = "csv"
_RULE = re.compile(r":?-{3,}:?")  # the line under the heads of a Markdown table
MAX_RECORDS = 200_000  # empty ones among them


class _Read(NamedTuple):
    rows: list[Row]
    notes: list[Note]


def read(
    data: bytes,
    language: str,
    *,
    name: str = "",
    mapping: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """The questions of a delimited text. Lines are those in which a record begins. Never raises."""
    text = decode_any(data)
    if text is None:
        return unreadable(FORMAT, 1, "not-text")
    rows, notes = _rows(text.removeprefix("\ufeff"))
    return read_tables(FORMAT, [Table(rows, name)], language, notes, mapping, progress)


def _rows(text: str) -> _Read:
    rows: list[Row] = []
    notes: list[Note] = []
    left = MAX_CHARACTERS
    for count, record in enumerate(records(text)):
        cells = tuple(tidy(meant(tidy(cell))) for cell in record.cells[:MAX_COLUMNS])
        says_nothing = all(map(_RULE.fullmatch, filter(None, cells)))
        if says_nothing and count < MAX_RECORDS:
            continue
        left -= sum(map(len, cells))
        if len(rows) >= MAX_ROWS or left < 0 or count >= MAX_RECORDS:
            notes.append(too_much(record.line, left))
            break
        rows.append(Row(record.line, cells, _marks(record)))
    return _Read(rows, notes)


def _marks(record: Record) -> dict[int, str]:
    return {WHOLE_ROW: "open-quote"} if record.is_open else {}


def write(bank: BankText) -> bytes:
    """The bank as CSV that a spreadsheet opens in UTF-8, its heads in the bank's language."""
    return _csv(rows_of(bank))


def template(language: str) -> bytes:
    """A file to begin with: heads and an example of each type, marked so that it is never imported."""
    return _csv(sheet_template.rows(language))


def _csv(rows: list[list[str]]) -> bytes:
    lines = [",".join(_quoted(neutralise(cell)) for cell in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig", "replace")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
