"""Looking ahead in an exam text: what comes before the next question begins."""

from bisect import bisect_right
from itertools import accumulate

from lms.interchange.text.keys import is_key_list, is_key_table
from lms.interchange.text.options import line_letters
from lms.interchange.text.signs import has_chain, is_numbered, number_of, option_at, shows_question
from lms.interchange.text.units import ABOUT, BLANK, HEADING, KEY, PLAIN, Unit

OPTIONS, NONE, TEXT = "options", "none", "text"
FAR = 60  # units that are looked ahead


class Ahead:
    """What follows each unit. `letters` is the letter of the next option that begins a line."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.letters = line_letters(units)
        self._evidence = [0, *accumulate(int(shows_question(unit)) for unit in units)]
        self._starts = [
            at
            for at, unit in enumerate(units)
            if unit.kind == HEADING or (unit.kind == PLAIN and is_numbered(unit))
        ]
        self._told = [_tells(unit) for unit in units]

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
        was_blank = False
        for told in self._told[at + 1 : at + FAR]:
            if told == BLANK:
                was_blank = True
            elif told in (OPTIONS, NONE) or (told == TEXT and was_blank):
                return told == OPTIONS
        return False

    def shows_question(self, at: int, *, from_next: bool = False) -> bool:
        """Whether the units from here to the next number or heading show a question: options, a key, a bracket."""
        after = bisect_right(self._starts, at - 1 if from_next else at)
        stop = self._starts[after] if after < len(self._starts) else len(self.units)
        return self._evidence[min(stop, at + FAR)] - self._evidence[min(at, len(self.units))] > 0


def _tells(unit: Unit) -> str:
    """What a unit tells of options: that here are some or none, or its kind."""
    if unit.kind in (BLANK, KEY, ABOUT):
        return unit.kind
    if unit.kind != PLAIN or number_of(unit):
        return NONE
    is_option = option_at(unit) or unit.is_marked is not None or has_chain(unit.norm, unit.value, unit.end)
    return OPTIONS if is_option else TEXT
