"""Tables of a Word document as lines: a row is one line, its cells parted by tabs, so that a table of answers stays
one; a table that only lays out whole questions is taken apart into their paragraphs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lms.errors import Reason
from lms.interchange.docx_styles import PLAIN, Piece

_WHOLE = 3  # so many paragraphs in one cell are text, not a value
_LABELS = re.compile(r"(?:(?:正确|参考|标准)?答案|解析|答案解析|说明|难度|章节|知识点)\Z")
_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.、．]?\s*\Z")


class _Line(Protocol):
    pieces: list[Piece]
    pictures: list[str]
    said: list[tuple[str, Reason]]

    @property
    def text(self) -> str: ...


L = TypeVar("L", bound=_Line)


@dataclass(slots=True)
class Cell(Generic[L]):
    """A cell: its lines, how many columns it spans, and whether it holds another table."""

    lines: list[L]
    width: int
    has_table: bool

    @property
    def filled(self) -> list[L]:
        """Its lines that show something."""
        return [line for line in self.lines if line.text.strip() or line.pictures]


def lines_of_table(rows: Sequence[Sequence[Cell[L]]], make: Callable[[], L]) -> list[L]:
    """The lines of a table; `make` makes an empty one."""
    cells = [cell for row in rows for cell in row]
    is_layout = (
        all(len(row) <= 1 for row in rows)
        or any(cell.has_table or len(cell.filled) >= _WHOLE for cell in cells)
    )  # fmt: skip
    if not is_layout:
        return [_row(row, make()) for row in rows]
    labels = [_one_line(cell) for cell in rows[0]] if rows else []
    if len(labels) > 1 and any(map(_LABELS.match, labels)):
        return [line for row in rows[1:] for line in _labelled(row, labels)]
    return [line for row in rows for line in _labelled(row, [])]


def _one_line(cell: Cell[L]) -> str:
    return cell.filled[0].text.strip() if len(cell.filled) == 1 else ""


def _row(row: Sequence[Cell[L]], line: L) -> L:
    """One line for a row. A cell over several columns is followed by as many tabs."""
    for cell in row:
        for place, part in enumerate(cell.filled):
            if place:
                line.pieces.append(Piece(" ", PLAIN))
            line.pieces += [Piece(piece.text.replace("\t", " "), piece.look) for piece in part.pieces]
            line.pictures += part.pictures
        line.said += [each for part in cell.lines for each in part.said]
        line.pieces.append(Piece("\t" * cell.width, PLAIN))
    while line.pieces and not line.pieces[-1].text.strip():
        line.pieces.pop()
    return line


def _labelled(row: Sequence[Cell[L]], labels: Sequence[str]) -> list[L]:
    """The paragraphs of a row's cells, one after the other: a lone number goes before the next cell's text, and a
    cell under "答案" begins with that word."""
    found: list[L] = []
    number = ""
    for place, cell in enumerate(row):
        lines = cell.filled if len(row) > 1 else cell.lines
        if not lines:
            continue
        if place < len(row) - 1 and not found and not number and (match := _NUMBER.match(_one_line(cell))):
            number = match.group(1) + "、"
            continue
        label = labels[place] if place < len(labels) and _LABELS.match(labels[place]) else ""
        if front := number or (label and label + "："):
            lines[0].pieces.insert(0, Piece(front, PLAIN))
            number = ""
        found += lines
    return found
