"""Delimited text, cut into records that know their line. A stray quotation mark costs one line, not the file."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lms.interchange.sheet_heads import fields_of

DELIMITERS = (",", "\t", ";", "|")
MAX_CELLS = 1_000  # of a record; what follows in its line is passed over
_LOOKED_AT, _LOOKED_THROUGH = 60, 200_000  # records and characters by which the delimiter is chosen
_EMPTY_LINES = re.compile(r"\n+")
_SEP = re.compile(r"\s*\"?sep=(.)\"?[ \t]*\n", re.IGNORECASE)


class Record(NamedTuple):
    """The cells of a record, and whether a quotation mark in it is not closed as it should be."""

    line: int
    cells: list[str]
    is_open: bool


def records(text: str) -> Iterator[Record]:
    """The records of a text with LF line ends, its delimiter found by what makes its heads known."""
    start, delimiter = 0, ""
    if match := _SEP.match(text):
        start, delimiter = match.end(), match.group(1)
    return cut(text, delimiter or _delimiter(text[start : start + _LOOKED_THROUGH]), start)


def _delimiter(text: str) -> str:
    """The delimiter with which a row of heads is known, or else the one that makes most columns."""

    def rank(delimiter: str) -> tuple[int, int]:
        rows = [record.cells for record in islice(cut(text, delimiter), _LOOKED_AT)]
        known = [
            len(set(fields) - {""})
            for cells in rows
            if (fields := fields_of([cell.strip() for cell in cells]))
        ]
        widths = sorted(len(cells) for cells in rows if any(cells))
        return max(known, default=0), widths[len(widths) // 2] if widths else 0

    return max(DELIMITERS, key=rank)


def cut(text: str, delimiter: str, start: int = 0) -> Iterator[Record]:
    """The records of a text from a place on. A cell in quotation marks may hold delimiters and line ends.

    A quotation mark that is never closed, or is closed before more text, is an ordinary letter of its line.
    """
    mark = re.escape(delimiter)
    quoted = re.compile(rf'[ ]*"(?P<text>(?>[^"]+|"")*)"[ ]*(?P<end>{mark}|\n|\Z)')
    bare = re.compile(rf"(?P<text>[^\n{mark}]*)(?P<end>{mark}|\n|\Z)")
    at, line = start, text.count("\n", 0, start) + 1
    while at < len(text):
        if match := _EMPTY_LINES.match(text, at):
            line, at = line + match.end() - at, match.end()
            continue
        begin, is_open, is_over = at, False, False
        cells: list[str] = []
        while not is_over:
            match = bare.match(text, at) if is_open else quoted.match(text, at) or bare.match(text, at)
            if match is None:  # cannot be: bare matches everywhere
                return
            if match.re is bare and not is_open and match["text"].lstrip(" ").startswith('"'):
                at, cells, is_open = begin, [], True
                continue
            cells.append(match["text"].replace('""', '"') if match.re is quoted else match["text"])
            at, is_over = match.end(), match["end"] != delimiter
            if len(cells) >= MAX_CELLS and not is_over:
                at, is_over = (text.find("\n", at) + 1) or len(text), True
        yield Record(line, cells, is_open)
        line += text.count("\n", begin, at)
