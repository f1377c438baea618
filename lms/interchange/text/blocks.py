"""Finding the questions of an exam text: where each begins, in which section, and which keys are listed apart.

A number begins a question if it is the one that is expected, or if what follows it shows that a question does:
numbers in stems, options and explanations look the same.
"""

from dataclasses import replace

from lms.interchange.reading import note
from lms.interchange.records import TRUE_FALSE
from lms.interchange.text import lines_apart as apart
from lms.interchange.text import marks
from lms.interchange.text.ahead import Ahead
from lms.interchange.text.found import Block, Found, KeyList, Section
from lms.interchange.text.glued import Glue
from lms.interchange.text.key_lists import is_key_list
from lms.interchange.text.keys import judgement, listed
from lms.interchange.text.signs import (
    has_chain,
    number_of,
    option_at,
    shows_key,
    tag_of,
)
from lms.interchange.text.units import ABOUT, BLANK, HEADING, KEY, KEYS, PLAIN, STEM, WHY, Unit


def find_blocks(units: list[Unit]) -> Found:
    """All that the units hold."""
    return _Finder(units).run()


class _Finder:
    """Walks the units once and keeps what section, question and list of keys it is in."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.found = Found()
        self.section = Section(1)
        self.block: Block | None = None
        self.keys: KeyList | None = None
        self.expected = 1
        self.fresh = True
        self.blank = False
        self.before: list[int] = []
        self.announced: str | None = None  # the type that a label named before its question
        self.ahead = Ahead(units)

    def run(self) -> Found:
        self.found.sections.append(self.section)
        for at, unit in enumerate(self.units):
            if unit.kind == BLANK:
                self.blank = True
                continue
            self._step(at, unit)
            self.blank = False
        if self.before:
            first, last = self.before[0], self.before[-1]
            self.found.notes.append(note(first, "before-first", first=first, last=last))
        return self.found

    def _step(self, at: int, unit: Unit) -> None:
        if unit.kind == HEADING:
            self._head(at, unit)
        elif unit.at_start and marks.FOOTER.match(unit.norm, unit.start, unit.end):
            return
        elif apart.is_left_out(unit, self.block):
            self.found.notes.append(note(unit.number, "left-out", text=unit.text(unit.start).strip()[:60]))
        elif unit.kind == KEYS and self.keys is None and apart.is_own_key(self.ahead, at, unit, self.block):
            self._label(at, replace(unit, kind=KEY, value=unit.end))
        elif unit.kind == KEYS or (unit.kind == KEY and apart.begins_list(self.ahead, at, unit, self.block)):
            self._begin_keys(unit)
        elif self.keys is not None and not self._leaves_keys(at, unit):
            self._add_key(unit)
        elif unit.kind in (KEY, WHY, ABOUT):
            self._label(at, unit)
        elif self.block is not None and apart.is_list(self.ahead, at, unit):
            self._begin_keys(unit)
            assert self.keys is not None
            self.keys.units.append(unit)
        else:
            self._plain(at, unit)

    # Sections and key lists

    def _head(self, at: int, unit: Unit) -> None:
        text = unit.norm[unit.start : unit.end]
        if self.keys is not None and self.ahead.lists_keys(at):
            self._open_list(unit.number, kind=unit.about)
            return
        self.keys = None
        self.section = Section(unit.number, unit.about, apart.promised_by(text))
        self.found.sections.append(self.section)
        self.block, self.fresh = None, True

    def _open_list(self, line: int, kind: str | None = None, ordinal: int | None = None) -> None:
        self.keys = KeyList(line, [], kind, ordinal, len(self.found.sections))
        self.found.lists.append(self.keys)

    def _begin_keys(self, unit: Unit) -> None:
        self._open_list(unit.number)
        assert self.keys is not None
        if unit.kind == KEY and unit.level().strip():
            self.keys.units.append(unit)

    def _add_key(self, unit: Unit) -> None:
        """Add a line to a list of keys; 二、1.A 2.B begins the list of the second section."""
        assert self.keys is not None
        match = marks.ORDINAL.match(unit.norm, unit.start, unit.end)
        if match and listed(unit.norm[match.end() : unit.end]):
            ordinal = marks.NUMERAL.index(match.group(1)) + 1
            self._open_list(unit.number, ordinal=ordinal)
            unit = unit.rest(match.end())
        self.keys.units.append(unit)

    def _leaves_keys(self, at: int, unit: Unit) -> bool:
        """Whether a question begins behind a list of keys."""
        number = number_of(unit) if unit.kind == PLAIN else None
        if number is None or is_key_list(unit, least=1):
            return False
        rest = unit.norm[number[2] : unit.end]
        if not rest.strip() or listed(rest):
            return False
        if not self.ahead.shows_question(at):
            return False
        self.keys, self.fresh = None, True
        self.section = Section(unit.number, self.section.type)
        self.found.sections.append(self.section)
        return True

    # Labels and plain text

    def _glue(self) -> Glue:
        return Glue(self.ahead, self.section.style, self.expected, self._type())

    def _label(self, at: int, unit: Unit) -> None:
        if unit.kind == ABOUT and (announced := apart.type_announced(self.ahead, at, unit, self.block)):
            self.announced = announced
            return
        if self.block is None:
            self._note_before(unit)
            return
        cut = None
        if unit.kind == KEY:
            cut = self._glue().behind_key(unit)
        elif unit.kind == WHY and self.block.number is not None:
            cut = self._glue().behind_why(at, unit)
        self.block.units.append(unit if cut is None else replace(unit, end=cut[0]))
        self.block.has_key |= unit.kind == KEY
        self.block.in_why = unit.kind == WHY or (self.block.in_why and unit.kind != KEY)
        if cut is not None:
            self._go_on(at, unit, cut[1])

    def _go_on(self, at: int, unit: Unit, start: int) -> None:
        """Begin the expected question within a unit."""
        number, self.expected = self.expected, self.expected + 1
        rest = Unit(unit.line, unit.norm, start, unit.end, start, at_start=False)
        self._add(at, self._open(rest, number, start, None, is_glued=True))

    def _plain(self, at: int, unit: Unit) -> None:
        if self.block is not None and apart.is_page_number(unit, self.block):
            self.found.notes.append(note(unit.number, "left-out", text=unit.text().strip()))
            return
        if unit.at_start or self.fresh:
            tag = marks.TAG.match(unit.norm, unit.value, unit.end)
            front = marks.FRONT_KEY.match(unit.norm, unit.value, unit.end)
            ahead = tag or front
            number = number_of(unit, ahead.end() if ahead else None)
            if apart.is_heading(self.ahead, at, unit, self.block, self.expected):
                self._head_untyped(unit)
                return
            if number and self._accepts(at, number):
                self._begin(at, unit, number, tag_of(tag))
                return
            if not number and self._begins_without_number(at, unit, bool(tag)):
                self._add(at, self._open(unit, None, tag.end() if tag else unit.value, tag_of(tag)))
                return
            if number and self.block is not None and number[1] == self.block.steps + 1:
                self.block.steps += 1
        if self.block is None:
            self._note_before(unit)
        else:
            self._add(at, unit if unit.about != STEM or not self.block.units else unit.rest(unit.start))

    def _begin(self, at: int, unit: Unit, number: tuple[str, int, int], tag: str | None) -> None:
        style, value, end = number
        front = marks.FRONT_KEY.match(unit.norm, unit.value, unit.end)
        if value > self.expected and not self.fresh:
            self.found.notes.append(note(unit.number, "number-gap", before=self.expected - 1, after=value))
        self.section.style = marks.SAME_STYLE.get(style, style)
        self.expected, self.fresh = value + 1, False
        self._add(at, self._open(unit, value, end, tag, is_glued=not unit.at_start))
        if front and front.group("key") and self.block is not None:
            first, last = front.span("key")
            self.block.units.append(Unit(unit.line, unit.norm, first, last, first, KEY, at_start=False))
            self.block.has_key = True

    def _open(
        self, unit: Unit, number: int | None, start: int, tag: str | None, *, is_glued: bool = False
    ) -> Unit:
        """Begin a question whose text begins at `start` of a unit; that text. Behind a number stands no option."""
        points = marks.POINTS.match(unit.norm, start, unit.end)
        start = points.end() if points else start
        if match := marks.TAG.match(unit.norm, start, unit.end):
            tag, start = tag_of(match), match.end()
        if label := marks.STEM_LABEL.match(unit.norm, start, unit.end):
            start = label.end()
        self.fresh = False
        self.block = Block(number, unit.number, tag=tag or self.announced, is_glued=is_glued)
        self.announced = None
        self.section.blocks.append(self.block)
        return unit.rest(start, at_start=unit.at_start and number is None)

    def _add(self, at: int, unit: Unit) -> None:
        """Add a unit to the question at hand, up to where the next one is glued to it."""
        while True:
            block = self.block
            assert block is not None
            shows_options = bool(option_at(unit)) or has_chain(unit.norm, unit.value, unit.end)
            glue = None if block.number is None else self._glue()
            cut = glue.behind_text(at, unit, block, shows_options=shows_options) if glue else None
            piece = unit if cut is None else replace(unit, end=cut[0])
            block.units.append(piece)
            block.has_options |= shows_options and not block.in_why
            block.has_key |= shows_key(piece)
            if cut is None:
                return
            number, self.expected = self.expected, self.expected + 1
            unit = self._open(unit.rest(cut[1], at_start=False), number, cut[1], None, is_glued=True)

    # What decides

    def _head_untyped(self, unit: Unit) -> None:
        self._note_before(unit)
        self.keys, self.block, self.fresh = None, None, True
        self.section = Section(unit.number, None, apart.promised_by(unit.norm[unit.start : unit.end]))
        self.found.sections.append(self.section)

    def _accepts(self, at: int, number: tuple[str, int, int]) -> bool:
        """Whether a number at the beginning of a line begins a question."""
        style, value, _end = number
        block, own = self.block, marks.SAME_STYLE.get(style, style)
        evident = self.ahead.shows_question(at)
        if style in marks.DOUBTFUL and not (
            value == self.expected and (evident or self._type() == TRUE_FALSE)
        ):
            return False
        if style == "han" and not apart.asks_at_once(self.ahead, at):
            return False
        is_next = value == self.expected and block is not None and block.is_done and not block.steps
        if self.section.style not in (None, own) and not (evident and (self.fresh or is_next)):
            return False
        if block is None:
            return value in (1, self.expected) or evident
        if block.in_why or block.steps:
            return evident and (value == self.expected or (value == 1 and block.is_done and not block.steps))
        if value == self.expected:
            return not (block.number is None and not block.is_done)
        return evident and block.is_done and (value > self.expected or value == 1 or value == block.number)

    def _begins_without_number(self, at: int, unit: Unit, has_tag: bool) -> bool:
        block = self.block
        letter = option_at(unit)
        is_option = letter is not None and (letter <= "J" or block is not None)
        if is_option or marks.PAIR_LINE.match(unit.norm, unit.value, unit.end):
            return False
        if block is not None and (block.number is not None or not block.is_done):
            return False
        if unit.is_marked is not None:
            return False
        if has_tag or unit.about == STEM:
            return True
        if self._type() == TRUE_FALSE or block is None or not block.has_options:
            match = marks.BRACKETED_KEY.search(unit.norm, unit.value, unit.end)
            if match and match.group("key").lower() in marks.TRUE_WORDS | marks.FALSE_WORDS:
                return True
            if marks.PAIR_AND_KEY.search(unit.norm[max(unit.value, unit.end - 16) : unit.end]):
                return True
            following = self.ahead.next(at)
            if (block is None or self.blank) and following is not None and following.kind == KEY:
                return judgement(following.level()) is not None
        if block is not None and not (self.blank or block.has_key):
            return False
        if block is not None and block.in_why and not self.blank:
            following = self.ahead.next(
                at
            )  # an explanation may go on: only what stands over options is a stem
            return following is not None and option_at(following) == "A"
        return self.ahead.options_follow(at)

    def _type(self) -> str | None:
        return (self.block.tag if self.block else None) or self.section.type

    def _note_before(self, unit: Unit) -> None:
        text = unit.norm[unit.start : unit.end]
        if (match := marks.PROMISED.search(text)) and self.found.promised is None:
            self.found.promised = (int(next(filter(None, match.groups()))), unit.number)
        if any(section.blocks for section in self.found.sections):
            self.found.notes.append(note(unit.number, "left-out", text=unit.text(unit.start).strip()[:60]))
        else:
            self.before.append(unit.number)
