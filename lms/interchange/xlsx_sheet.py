"""The rows of one sheet of a workbook: what each cell shows, and what is odd about it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.interchange.archive import Archive
from lms.interchange.neutral import meant
from lms.interchange.records import tidy
from lms.interchange.sheet import MAX_COLUMNS, MAX_ROWS
from lms.interchange.sheet_table import Row
from lms.interchange.xlsx_book import Book, Enough, number, related, scan, unescaped
from lms.interchange.xlsx_numbers import GENERAL, shown

MAX_MERGES = 20_000
MAX_PICTURES = 10_000
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_TEXTS = frozenset(("v", "t", "f"))
_PICTURE = "DISPIMG("  # how WPS keeps a picture in a cell


@dataclass(slots=True)
class Sheet:
    """What was read of a sheet: rows with text or marks, merged cells, whether it goes on, characters left to read."""

    rows: list[Row] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_cut: bool = False
    left: int = 0


def read_sheet(
    book: Book, part: str, characters: int, progress: Callable[[float], None] | None = None
) -> Sheet:
    """The rows of a sheet, up to `MAX_ROWS` and so many characters. Raises UnsafeZip, Unreadable."""
    reader = _Cells(book, pictures(book.archive, part), characters)
    scan(book.archive.read(part), reader.start, reader.end, _TEXTS, progress)
    return reader.sheet


def place(address: str) -> tuple[int, int] | None:
    """Row from 1 and column from 0 of an address such as C5."""
    match = _ADDRESS.match(address)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match.group(2)), column - 1


class _Cells:
    """Takes the elements of a sheet as they come."""

    def __init__(self, book: Book, pictures: Mapping[int, Sequence[int]], characters: int) -> None:
        self.book = book
        self.pictures = pictures
        self.sheet = Sheet(left=characters)
        self.row = self.column = 0
        self.cells: dict[int, str] = {}
        self.marks: dict[int, str] = {}
        self.kind = self.value = self.formula = ""
        self.style = -1
        self.has_formula = False
        self.inline: list[str] = []
        self.aside = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            given = number(attributes.get("r"))
            self.row = given if given > 0 else self.row + 1
            self.column = -1
        elif tag == "f":
            self.has_formula = True
        elif tag == "rPh":
            self.aside += 1
        elif tag == "mergeCell" and len(self.sheet.merges) < MAX_MERGES:
            first, _, last = attributes.get("ref", "").partition(":")
            if (begin := place(first)) and (end := place(last)):
                self.sheet.merges.append((*begin, *end))

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        at = place(attributes.get("r", ""))
        self.column = at[1] if at else self.column + 1
        self.kind, self.style = attributes.get("t", "n"), number(attributes.get("s"))
        self.value = self.formula = ""
        self.has_formula = False
        self.inline.clear()

    def end(self, tag: str, text: str) -> None:
        if tag == "v":
            self.value = text
        elif tag == "t" and not self.aside:
            self.inline.append(text)
        elif tag == "f":
            self.formula = text[:40]
        elif tag == "rPh":
            self.aside -= 1
        elif tag == "c" and self.column < MAX_COLUMNS:
            self._end_cell()
        elif tag == "row":
            self._end_row()

    def _end_cell(self) -> None:
        text, mark = self._shown()
        if text := tidy(text):
            self.sheet.left -= len(text)
            self.cells[self.column] = text
        if mark:
            self.marks[self.column] = mark

    def _shown(self) -> tuple[str, str]:
        """What the cell shows and the code of what is odd about it."""
        kind, value = self.kind, self.value
        if _PICTURE in value or _PICTURE in self.formula:
            return "", "picture-in-cell"
        if self.has_formula and not value and kind != "str":
            return "", "formula-without-value"
        if kind == "s":
            at = number(value.strip())
            return (meant(self.book.strings[at]) if 0 <= at < len(self.book.strings) else ""), ""
        if kind in ("str", "inlineStr"):
            return meant(unescaped(value if kind == "str" else "".join(self.inline))), ""
        if kind == "b":
            return ("TRUE" if value.strip() == "1" else "FALSE") if value else "", ""
        if kind == "e":
            return value[:20], "cell-error"
        if kind == "d":
            return value[:40], "date-in-cell" if value else ""
        code = self.book.styles[self.style] if 0 <= self.style < len(self.book.styles) else GENERAL
        text, is_date = shown(value.strip(), code, from_1904=self.book.from_1904)
        return text, "date-in-cell" if is_date else ""

    def _end_row(self) -> None:
        """Keeps the row that was read, if it shows anything but pictures."""
        if not (self.cells or self.marks):
            return
        if len(self.sheet.rows) >= MAX_ROWS or self.sheet.left < 0:
            self.sheet.is_cut = True
            raise Enough
        for column in self.pictures.get(self.row, ()):
            self.marks.setdefault(column, "picture-in-cell")
        cells = tuple(self.cells.get(at, "") for at in range(max(self.cells, default=-1) + 1))
        self.sheet.rows.append(Row(self.row, cells, dict(self.marks)))
        self.cells.clear()
        self.marks.clear()


def pictures(archive: Archive, part: str) -> dict[int, list[int]]:
    """The columns, from 0, in which the pictures of a sheet begin, by row, from 1."""
    found: dict[int, list[int]] = {}
    is_from = False
    at: dict[str, int] = {}
    left = MAX_PICTURES

    def start(tag: str, _attributes: Mapping[str, str]) -> None:
        nonlocal is_from, left
        if tag == "from":
            is_from = True
            at.clear()
        elif tag == "pic" and len(at) == 2 and left:
            left -= 1
            found.setdefault(at["row"] + 1, []).append(at["col"])

    def end(tag: str, text: str) -> None:
        nonlocal is_from
        if tag == "from":
            is_from = False
        elif is_from and tag in ("row", "col") and (value := number(text.strip())) >= 0:
            at[tag] = value

    for drawing in related(archive, part, "drawing"):
        scan(archive.read(drawing), start, end, frozenset(("row", "col")))
    return found
