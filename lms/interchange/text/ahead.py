"""Looking ahead in an exam text: what comes before the next question begins."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from lms.interchange.text import marks
from lms.interchange.text.key_lists import is_key_list, is_key_table
from lms.interchange.text.options import line_letters
from lms.interchange.text.signs import has_chain, is_numbered, number_of, option_at, shows_question
from lms.interchange.text.units import ABOUT, BLANK, HEADING, KEY, PLAIN, STEM, Unit

OPTIONS, NONE, TEXT = "options", "none", "text"
FAR = 60  # units that are looked ahead


class Ahead:
    """What follows each unit. `letters` is the letter of the next option that begins a line."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.letters = line_letters(units)
        self._evidence = [0, *accumulate(int(shows_question(unit)) for unit in units)]
        self._numbers = [
            number_of(unit) if unit.kind == PLAIN and is_numbered(unit) else None for unit in units
        ]
        self._starts = [
            at for at, unit in enumerate(units) if unit.kind == HEADING or self._numbers[at] is not None
        ]
        told = [_tells(unit) for unit in units]
        self._shows_options = [each == OPTIONS for each in told]
        self._decides = _next_of(told, (OPTIONS, NONE))
        self._blank = _next_of(told, (BLANK,))
        self._text = _next_of(told, (TEXT,))

    def next(self, at: int, most: int = 8) -> Unit | None:
        """The next unit that is not empty, if it is near."""
        return next((unit for unit in self.units[at + 1 : at + most] if unit.kind != BLANK), None)

    def lists_keys(self, at: int) -> bool:
        """Whether what follows a heading is a list of keys and no questions."""
        unit = self.next(at)
        return unit is not None and (is_key_list(unit, least=1) or is_key_table(unit))

    def options_follow(self, at: int) -> bool:
        """Whether options come before the next empty line, or right behind it."""
        unit = self.units[at]
        if has_chain(unit.norm, unit.value, unit.end):
            return True
        decides, blank = self._decides[at + 1], self._blank[at + 1]
        if decides >= min(at + FAR, len(self.units)) or self._text[blank] < decides:
            return False
        return self._shows_options[decides]

    def number_follows(self, at: int, value: int) -> bool:
        """Whether a line further on begins with a number, before the next heading."""
        for number, unit in zip(self._numbers[at + 1 : at + FAR], self.units[at + 1 : at + FAR], strict=True):
            if unit.kind == HEADING:
                return False
            if number and number[1] == value and unit.at_start:
                return True
        return False

    def shows_question(self, at: int, *, from_next: bool = False) -> bool:
        """Whether the units from here to the next number or heading show a question: options, a key, a bracket.

        A list inside of a question, (1) (2) (3) under 1、, is looked over.
        """
        after = bisect_right(self._starts, at - 1 if from_next else at)
        own = self._numbers[at] if at < len(self._numbers) else None
        if own and own[0] not in marks.INNER:
            after = self._behind_list(after)
        stop = self._starts[after] if after < len(self._starts) else len(self.units)
        return self._evidence[min(stop, at + FAR)] - self._evidence[min(at, len(self.units))] > 0

    def _behind_list(self, after: int) -> int:
        """The start behind a list inside of a question, which counts from 1."""
        wanted = 1
        while after < len(self._starts):
            number = self._numbers[self._starts[after]]
            if number is None or number[0] not in marks.INNER or number[1] != wanted:
                break
            after, wanted = after + 1, wanted + 1
        return after


def _next_of(told: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """For each place, and the one behind the last, where from there on the next of the wanted stands."""
    places = [len(told)]
    for at in range(len(told) - 1, -1, -1):
        places.append(at if told[at] in wanted else places[-1])
    return places[::-1]


def _tells(unit: Unit) -> str:
    """What a unit tells of options: that here are some or none, or its kind."""
    if unit.kind in (BLANK, KEY, ABOUT):
        return unit.kind
    if unit.kind != PLAIN or (number_of(unit) and unit.letter is None):
        return NONE
    if unit.about == STEM or marks.TAG.match(unit.norm, unit.value, unit.end):
        return NONE
    is_option = option_at(unit) or unit.is_marked is not None or has_chain(unit.norm, unit.value, unit.end)
    return OPTIONS if is_option else TEXT
