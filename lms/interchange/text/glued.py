"""Where the next question is glued to what stands before it: to an option, an answer, a mark, an explanation.

Numbers and letters in a text look like those of questions and options. So only the number that is expected counts,
it must not begin a line further on, and what follows it must be a question.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lms.interchange.records import TRUE_FALSE
from lms.interchange.text import marks
from lms.interchange.text.ahead import Ahead
from lms.interchange.text.found import Block
from lms.interchange.text.signs import WINDOW, first_mark, first_option, has_chain
from lms.interchange.text.units import KEY, Unit

LEAST = 4  # characters of a statement that is judged


@dataclass(frozen=True, slots=True)
class Glue:
    """What the next number must look like. `kind` is the type of the question at hand, as far as that is said."""

    ahead: Ahead
    style: str | None
    expected: int
    kind: str | None

    @property
    def mark(self) -> str | None:
        """The next number as it stands in a line; None where numbers of this style are not glued."""
        separator = marks.GLUED_SEPARATOR.get(self.style or "")
        if separator is None:
            return None
        return ("(" if self.style == "paren" else "") + str(self.expected) + separator

    def behind_key(self, unit: Unit) -> tuple[int, int] | None:
        """Where the next question is glued to an answer (答案：√2、...): the end of one, the start of the other."""
        mark = self.mark
        key = marks.SHORT_KEY.match(unit.norm, unit.value, unit.end)
        if mark is None or key is None or not unit.norm.startswith(mark, key.end()):
            return None
        return key.end(), key.end() + len(mark)

    def behind_text(
        self, at: int, unit: Unit, block: Block, *, shows_options: bool
    ) -> tuple[int, int] | None:
        """Where the next number is glued into a line: the end of this question, the start of the next."""
        begin = unit.value + 1
        if shows_options and not block.has_options and (first := first_option(unit)):
            begin = first
        has_options = block.has_options or shows_options
        if self.kind == TRUE_FALSE or not has_options:
            return self._search(begin, unit, lambda place, end: self._is_judged(at, unit, block, place, end))
        return self._search(begin, unit, lambda _place, end: self._is_chosen(at, unit, end))

    def behind_why(self, at: int, unit: Unit) -> tuple[int, int] | None:
        """Where the next question is glued to an explanation: there it must have options or an answer in its line."""
        following = self.ahead.units[at + 1] if at + 1 < len(self.ahead.units) else None
        has_key = following is not None and following.kind == KEY and not following.at_start

        def is_question(place: int, end: int) -> bool:
            if unit.norm[place - 1].isdigit() or self.ahead.number_follows(at, self.expected):
                return False
            first = first_mark(unit.norm, end, unit.end)
            if first is not None and "A" in first.groups():
                return has_chain(unit.norm, end, unit.end)
            return has_key and first is None and unit.norm[place - 1] in "。.!?;)】 "

        return self._search(unit.value + 1, unit, is_question)

    def _search(
        self, begin: int, unit: Unit, is_question: Callable[[int, int], bool]
    ) -> tuple[int, int] | None:
        mark = self.mark
        if mark is None:
            return None
        norm = unit.norm
        place = norm.find(mark, begin, unit.end)
        while place >= 0:
            end = place + len(mark)
            if not _is_decimal(norm, end) and is_question(place, end):
                return place, end
            place = norm.find(mark, place + 1, unit.end)
        return None

    def _is_judged(self, at: int, unit: Unit, block: Block, place: int, end: int) -> bool:
        """Whether a statement that is judged ends here. Without a mark only if many stand in one line."""
        norm = unit.norm
        if not norm[end : unit.end].strip() or self.ahead.number_follows(at, self.expected):
            return False
        before = norm[max(unit.value, place - 12) : place].rstrip()
        if self.kind != TRUE_FALSE:
            return bool(marks.KEY_END.search(before))
        if marks.JUDGED_END.search(before):
            return True
        is_apart = not norm[place - 1].isdigit() and not norm[end].isdigit()
        return block.is_glued and is_apart and place - unit.value >= LEAST <= unit.end - end

    def _is_chosen(self, at: int, unit: Unit, end: int) -> bool:
        """Whether a question with options follows."""
        letter = first_mark(unit.norm, end, min(unit.end, end + WINDOW))
        if letter is None:
            if self.ahead.number_follows(at, self.expected):
                return False
            return end >= unit.end or self.ahead.shows_question(at + 1, from_next=True)
        if "A" not in letter.groups():
            return False
        return has_chain(unit.norm, end, unit.end) or self.ahead.letters[at] == "B"


def _is_decimal(norm: str, end: int) -> bool:
    return norm[end - 1] == "." and norm[end : end + 1].isdigit() and not norm[end + 1 : end + 2].isdigit()
