"""Tables as CSV that spreadsheets open without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe in front keeps it text.

    A text that begins with an apostrophe gets one more, so that `plain_cell` gives back every text as it was.
    """
    return f"'{text}" if text.startswith((*DANGEROUS, "'")) else text


def plain_cell(cell: str) -> str:
    """The text that `safe_cell` made this cell of."""
    return cell[1:] if cell.startswith("'") else cell


def to_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark (Excel needs one to see the encoding), lines ended by CRLF."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in head])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
