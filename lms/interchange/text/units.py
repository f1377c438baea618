"""Cutting lines into units: a heading, a labelled piece (answer, explanation...), or a piece of anything else.

What is glued together on one line is cut apart here as far as a fixed label shows where; question numbers and
options are cut later, because only their order tells them from other numbers and letters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lms.interchange.lines import Line
from lms.interchange.text import marks
from lms.interchange.text.keys import listed

HEADING, KEY, WHY, ABOUT, KEYS, BLANK, PLAIN = "heading", "key", "why", "about", "keys", "blank", ""
STEM = "stem"  # what a label may say of a plain piece


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a line. `norm` is the whole line levelled; the piece is [start, end) of it, its value from `value` on.

    `at_start`: nothing stands before it on its line. `about` says what kind of thing a heading or label names.
    `is_marked`: a ticked box or a tick stood before it; None where there was no box. `letter`: the option that it
    begins with though nothing stands between letter and text.
    """

    line: Line
    norm: str
    start: int
    end: int
    value: int
    kind: str = PLAIN
    about: str = ""
    at_start: bool = True
    is_marked: bool | None = None
    letter: str | None = None

    @property
    def number(self) -> int:
        """The number of the line."""
        return self.line.number

    def text(self, start: int | None = None, end: int | None = None) -> str:
        """What the line says there, as it was written."""
        return self.line.text[self.value if start is None else start : self.end if end is None else end]

    def level(self) -> str:
        """What the unit says after its label, levelled."""
        return self.norm[self.value : self.end]

    def rest(self, start: int, *, at_start: bool | None = None) -> "Unit":
        """The unit from a place on."""
        begins = self.at_start if at_start is None else at_start
        return replace(self, start=start, value=start, at_start=begins, is_marked=None, letter=None)

    def is_styled(self, start: int, end: int) -> bool:
        """Whether most of the letters of a range stand out by their style."""
        inside = [at for at in range(start, end) if not self.norm[at].isspace()]
        marked = sum(any(one <= at < other for one, other in self.line.marked) for at in inside)
        return marked > len(inside) * 0.6


def units_of(lines: Sequence[Line]) -> list[Unit]:
    """The units of all lines. An empty line is a unit too: it may end a question that has no number."""
    return [unit for line in lines for unit in _units(line)]


WIDEST = 8  # spaces in a row that say something; more would only cost time
_GAP = re.compile(r"[^\S\n]{9,}")
_STARS = re.compile(r"\A(\s*(?:#{1,6}\s+|>\s?)*(?:[-*+]\s+)?(?:\d{1,4}\s*[.、)]\s*)?)\*\*(.{1,80}?)\*\*")
_LISTED_LABEL = re.compile(
    r"\A\s*[-*+•●]\s+(?=[【\[]?(?:正确|参考|标准|答\s*案|解析|说明|难度|知识点|考点|answer|correct|explanation))",
    re.IGNORECASE,
)
_RULED = re.compile(r"\A\s*[=—–*~#-]{2,}\s*([^=—–*~#\s-][^=—–*~#]{0,40}?)\s*[=—–*~#-]{2,}\s*\Z")
_HASHES = re.compile(r"\A\s*(?:#{1,6}\s+|>\s?)+")


def _cleaned(line: Line) -> Line:
    """The line without Markdown's signs for headings, quotes and a bold beginning, and without what cannot be seen."""
    text = line.text
    if _GAP.search(text):
        text, line = _GAP.sub(" " * WIDEST, text), Line(line.number, text, (), line.pictures)
    if not line.marked:
        text = marks.INVISIBLE.sub("", text)
        text = _STARS.sub(r"\1\2", text)
        text = _HASHES.sub("", text)
        text = _LISTED_LABEL.sub("", text)
        text = _RULED.sub(r"\1", text)
    return line if text == line.text else Line(line.number, text, line.marked, line.pictures)


def _units(line: Line) -> Iterator[Unit]:
    line = _cleaned(line)
    norm = marks.level(line.text)
    end = len(norm.rstrip())
    if not norm.strip():
        yield Unit(line, norm, 0, 0, 0, BLANK)
        return
    start = len(norm) - len(norm.lstrip())
    at = 0 if (unit := _heading(line, norm, end)) is None else unit.end
    if unit is not None:
        yield unit
        if not norm[at:end].strip():
            return
        start = at
    cuts = _cuts(norm, start, end)
    for number, (begin, stop) in enumerate(zip(cuts, [*cuts[1:], end], strict=True)):
        if norm[begin:stop].strip():
            yield from _piece(line, norm, begin, stop, at_start=number == 0 and unit is None)


def _heading(line: Line, norm: str, end: int) -> Unit | None:
    """The heading that the line begins with: its unit ends where a question may begin."""
    match = marks.HEADING.match(norm, 0, end)
    ordinal = bool(match and match.group("ordinal"))
    if match is None:
        match = marks.NUMBERED_HEADING.match(norm, 0, end)
    if match is None:
        return None
    stop = match.end()
    while (more := marks.PARENTHESES.match(norm, stop, end)) and _is_about_all(more.group()):
        stop = more.end()
    colon = re.compile(r"\s*[:。,]?\s*").match(norm, stop, end)
    stop = colon.end() if colon else stop
    rest = norm[stop:end]
    numbered = _begins_question(rest)
    if rest and not numbered and not _is_list(rest):
        if not _INSTRUCTION.match(rest) or (not ordinal and not marks.PROMISED.search(rest)):
            return None
        stop = end
    kind = marks.TYPE_OF[match.group("type").lower()]
    return Unit(line, norm, 0, stop, 0, HEADING, kind)


_INSTRUCTION = re.compile(
    r"\s*(?:本|每|共|请|下列|以下|从|在|答案|将|判断|对的|正确的|错误的|选出|满分|for|choose|each)",
    re.IGNORECASE,
)


def _is_about_all(text: str) -> bool:
    """Whether a bracket after a heading is about its section: how many questions and points."""
    return bool(re.search(r"[题分]|points?|question|选|答|错|对|√", text, re.IGNORECASE))


def _is_list(text: str) -> bool:
    found = listed(text)
    return found is not None and found[1] >= len(text.rstrip())


def _begins_question(text: str) -> bool:
    doubtful = ("space", "circle", "han")
    return any(pattern.match(text) for style, pattern in marks.NUMBERS.items() if style not in doubtful)


def _cuts(norm: str, start: int, end: int) -> list[int]:
    """Where the pieces of a line begin: never inside of a label (【答案解析】) or of a bracket (（答案：C）)."""
    if not marks.MAY_BE_GLUED.search(norm, start, end):
        return [start]
    found = {start}
    for pattern in (
        marks.GLUED_HEADING, marks.GLUED_KEY, marks.GLUED_WHY, marks.GLUED_ABOUT, marks.GLUED_OPTIONS
    ):  # fmt: skip
        found.update(match.start() for match in pattern.finditer(norm, start, end))
    whole = [match.span() for match in marks.GLUED_WHY.finditer(norm, start, end)]
    whole += [m.span() for m in marks.BRACKETED_KEY.finditer(norm, start, end) if m.group("label")]
    inside = {at for one, other in whole for at in range(one + 1, other)}
    return sorted(found - inside)


def _piece(line: Line, norm: str, start: int, end: int, *, at_start: bool) -> Iterator[Unit]:
    """The unit of one piece; a heading glued to what stands before it gives two."""
    if not at_start and (match := marks.GLUED_HEADING.match(norm, start, end)):
        stop = match.end()
        while more := marks.PARENTHESES.match(norm, stop, end):
            stop = more.end()
        stop += len(norm[stop:end]) - len(norm[stop:end].lstrip(" :"))
        yield Unit(
            line,
            norm,
            start,
            stop,
            start,
            HEADING,
            marks.TYPE_OF[match.group("type").lower()],
            at_start=False,
        )
        if norm[stop:end].strip():
            yield Unit(line, norm, stop, end, stop, at_start=False)
        return
    if (match := marks.BRACKETED_KEY.match(norm, start, end)) and match.group("label") and match.end() == end:
        yield Unit(line, norm, start, match.end("key"), match.start("key"), KEY, at_start=at_start)
        return
    begin, is_marked = _bullet(norm, start, end) if at_start else (start, None)
    if labelled := _labelled(line, norm, start, begin, end, at_start=at_start):
        yield labelled
        return
    if match := marks.OPTIONS_LABEL.match(norm, begin, end):
        begin = match.end()
        if begin >= end:
            return
    about = ""
    if at_start and (match := marks.STEM_LABEL.match(norm, begin, end)):
        begin, about = match.end(), STEM
    yield Unit(line, norm, start, end, begin, about=about, at_start=at_start, is_marked=is_marked)


def _bullet(norm: str, start: int, end: int) -> tuple[int, bool | None]:
    """Where the text behind a bullet or box begins, and whether the box is ticked; None: it is no box."""
    match = marks.BULLET.match(norm, start, end)
    if match is None:
        return start, None
    ticked = match.group("box") or match.group("mark") or (match.group("only") or "").strip()
    if ticked or "■" in norm[start : match.end()]:
        return match.end(), True
    return match.end(), False if marks.BOX.match(norm, start, end) else None


def _labelled(line: Line, norm: str, start: int, begin: int, end: int, *, at_start: bool) -> Unit | None:
    """The unit of a piece with a label at `begin`, such as 答案 or 解析."""
    for kind, pattern in ((WHY, marks.WHY_LABEL), (ABOUT, marks.ABOUT_LABEL), (KEYS, marks.KEYS_HEADING)):
        match = pattern.match(norm, begin, end)
        if match is None or (kind == KEYS and not at_start):
            continue
        about = (match.group("boxed") or match.group("bare")).lower() if kind == ABOUT else ""
        return Unit(line, norm, start, end, match.end(), kind, about, at_start)
    for pattern in (marks.KEY_LABEL, marks.KEY_WORD):
        if match := pattern.match(norm, begin, end):
            return Unit(line, norm, start, end, match.end(), KEY, at_start=at_start)
    return None
