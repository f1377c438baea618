"""Keys that are listed apart from their questions, in lines or tables: which lines are such, and what they say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.interchange.reading import Note, note
from lms.interchange.text.keys import listed
from lms.interchange.text.units import ABOUT, BLANK, KEY, PLAIN, WHY, Unit

_NUMBER_HEADS = {"题号", "序号", "题目", "题", "no", "no.", "number", "question"}
_KEY_HEADS = {"答案", "参考答案", "正确答案", "标准答案", "answer", "answers", "key"}
_WHY_AFTER = re.compile(r"\s*[。,;:(【\[]")


@dataclass(slots=True)
class Entry:
    """One key of a list, as it is written there, and the explanation beside it."""

    number: int
    key: str
    line: int
    why: list[tuple[str, int]] = field(default_factory=list)


def is_key_list(unit: Unit, least: int = 2) -> bool:
    """Whether a unit is nothing but numbers with their keys (and what explains them)."""
    if unit.kind not in (PLAIN, KEY):
        return False
    text = unit.norm[unit.start : unit.end] if unit.kind == PLAIN else unit.level()
    if (found := listed(text, least)) is None:
        return False
    return found[1] >= len(text.rstrip()) or (least == 1 and bool(_WHY_AFTER.match(text, found[1])))


def cells_of(unit: Unit) -> list[str]:
    """The cells of a line that is a row of a table: by tabs or bars."""
    text = unit.norm[unit.start : unit.end].strip()
    parts = text.split("\t") if "\t" in text else text.strip("|").split("|") if "|" in text else [text]
    return [part.strip() for part in parts]


def is_key_table(unit: Unit) -> bool:
    """Whether a unit is the head of a table of keys."""
    cells = cells_of(unit)
    return len(cells) > 1 and cells[0].casefold() in _NUMBER_HEADS and _are_numbers_or_heads(cells[1:])


def _are_numbers_or_heads(cells: Sequence[str]) -> bool:
    return all(cell.isdecimal() for cell in cells if cell) or cells[0].casefold() in _KEY_HEADS


def entries_of(units: Sequence[Unit]) -> tuple[list[Entry], list[Note]]:
    """The keys of a list, and what in it was not understood."""
    reader = _ListReader()
    for unit in units:
        reader.read(unit)
    return reader.entries, reader.notes


class _ListReader:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.notes: list[Note] = []
        self.row: list[int] | None = None
        self.number: int | None = None
        self.in_why = False

    def read(self, unit: Unit) -> None:
        if unit.kind == BLANK:
            return
        if unit.kind == WHY and self.entries:
            self.entries[-1].why.append((unit.text().strip(), unit.number))
            self.in_why = True
        elif not self._read_row(unit) and unit.kind != ABOUT:
            self._read_line(unit)

    def _read_row(self, unit: Unit) -> bool:
        cells = cells_of(unit)
        if len(cells) < 2:
            return False
        if cells[0].casefold() in _NUMBER_HEADS and _are_numbers_or_heads(cells[1:]):
            self.row = [int(cell) for cell in cells[1:] if cell.isdecimal()][:1000] or None
        elif self.row and cells[0].casefold() in _KEY_HEADS:
            keys = cells[1:]
            fits = len([key for key in keys if key]) == len(self.row)
            pairs = zip(self.row, [key for key in keys if key], strict=True) if fits else [(self.row[0], "")]
            self.entries += [Entry(number, key, unit.number) for number, key in pairs]
            self.row = None
        elif cells[0].isdecimal() and len(cells[0]) < 5:
            self.entries.append(Entry(int(cells[0]), cells[1], unit.number))
            self.entries[-1].why += [(cell, unit.number) for cell in cells[2:] if cell]
        else:
            return all(set(cell) <= set("-: ") for cell in cells)
        return True

    def _read_line(self, unit: Unit) -> None:
        text = unit.level()
        if unit.kind == KEY:
            if self.number is not None and text.strip():
                self.entries.append(Entry(self.number, text.strip(), unit.number))
                self.number, self.in_why = None, False
                return
        elif (
            match := re.fullmatch(r"\s*(?:第\s*)?[(\[【]?(\d{1,4})[)\]】]?\s*题?\s*[、.:)]?\s*", text)
        ) is not None:
            self.number = int(match.group(1))
            return
        if found := listed(text):
            pairs, end = found
            self.entries += [Entry(number, key, unit.number) for number, key in pairs]
            rest = unit.text(unit.value + end).lstrip(" \t。,;，；:：、").rstrip()
            self.in_why = bool(rest)
            if rest:
                self.entries[-1].why.append((rest, unit.number))
        elif self.entries and self.in_why:
            self.entries[-1].why.append((unit.text(unit.start).strip(), unit.number))
        else:
            self.notes.append(note(unit.number, "left-out", text=unit.text(unit.start).strip()[:60]))
