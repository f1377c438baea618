"""Letters of options with nothing behind them: A1天, or a line that says A and the text in the next.

Words begin with a letter too (A型血, VIP), so only a whole row of lines from A on counts, and touching ones are told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lms.interchange.text.signs import is_numbered, option_at
from lms.interchange.text.units import BLANK, PLAIN, Unit

_TOUCHING = re.compile(r"\s*([A-J])(?=[^\sA-Za-z、.:),，·\-])")
_ALONE = re.compile(r"\s*([A-J])\s*\Z")
_WORD = re.compile(r"\s*[A-Z]+[^\sA-Za-z、.:),，·\-]")
WITHIN = 4  # lines from one letter that stands alone to the next


def give_letters(units: Sequence[Unit]) -> list[Unit]:
    """The units, with their letter where rows of lines begin with one."""
    given = list(units)
    for row in (*_touching(units), *_alone(units)):
        for at, match in row:
            given[at] = replace(units[at], letter=match.group(1), value=match.start(1))
    return given


Row = list[tuple[int, re.Match[str]]]


def _touching(units: Sequence[Unit]) -> Iterator[Row]:
    """Rows of lines one behind the other that begin with A, B, C..., if what follows the letters differs."""
    row: Row = []
    for at, unit in enumerate(units):
        if unit.kind == BLANK:
            continue
        match = _match(_TOUCHING, unit)
        if match and _is_next(match, row):
            row.append((at, match))
            continue
        is_word = bool(row) and unit.kind == PLAIN and _WORD.match(unit.norm, unit.value, unit.end)
        if not is_word and _is_whole(units, row) and not _options_follow(units, at):
            yield row
        row = [(at, match)] if match and match.group(1) == "A" else []
    if _is_whole(units, row):
        yield row


def _options_follow(units: Sequence[Unit], at: int) -> bool:
    """Whether options with letters of their own come in the same question: then these are words of its stem."""
    for unit in units[at : at + WITHIN]:
        if unit.kind != PLAIN or is_numbered(unit):
            return False
        if option_at(unit) == "A":
            return True
    return False


def _is_whole(units: Sequence[Unit], row: Row) -> bool:
    """Whether the letters of a row are none of words: A型血, B型血 go on alike."""
    first = {units[at].norm[match.end()] for at, match in row}
    return len(row) > 1 and (len(first) > 1 or next(iter(first)).isdigit())


def _alone(units: Sequence[Unit]) -> Iterator[Row]:
    """Rows of lines that say A, B, C... and nothing else, with the texts between them."""
    row: Row = []
    since = 0
    for at, unit in enumerate(units):
        if unit.kind == BLANK:
            continue
        since += 1
        match = _match(_ALONE, unit)
        if match and _is_next(match, row) and (since > 1 or not row):
            row.append((at, match))
        elif match or unit.kind != PLAIN or is_numbered(unit) or since > WITHIN:
            if len(row) > 1:
                yield row
            row = [(at, match)] if match and match.group(1) == "A" else []
        else:
            continue
        since = 0
    if len(row) > 1:
        yield row


def _match(pattern: re.Pattern[str], unit: Unit) -> re.Match[str] | None:
    if unit.kind != PLAIN or not unit.at_start or unit.is_marked is not None:
        return None
    return pattern.match(unit.norm, unit.value, unit.end)


def _is_next(match: re.Match[str], row: Row) -> bool:
    return ord(match.group(1)) - ord("A") == len(row)
