"""Walking the units of one question: what is stem, option, answer, explanation, or says something about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.interchange.reading import Note, letters, note
from lms.interchange.text import marks
from lms.interchange.text.found import Block
from lms.interchange.text.options import LETTERS, Option, Style, line_letters, markers, order_columns
from lms.interchange.text.units import ABOUT, KEY, PLAIN, WHY, Unit

SHORT = 20
_ENDS_SENTENCE = re.compile(r"[。.!?:;)】」”…]\s*\Z")
_BEGINS_ITEM = re.compile(
    r"\s*(?:[①-⑳]|[(]?\d{1,2}[)、.](?!\d)|[-*•·●]|[ivx]{1,4}[.)]|[(][一二三四五六七八九十][)])"
)
LETTER_RUN = re.compile(r"(?<![A-Za-z0-9])([A-J]{1,6})\s*\Z")
_LETTERS_BEHIND = re.compile(r"(?:(?<=\s)|(?<=[^\x00-\x7f]))([A-J]{1,6})\Z")


@dataclass(slots=True)
class Parts:
    """What is collected of a question while its units are walked."""

    line: int
    stem: list[tuple[str, str]] = field(default_factory=list)  # as written, levelled
    options: list[Option] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    about: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    notes: list[Note] = field(default_factory=list)
    glued_key: str | None = None
    is_answered: bool = False  # the answer stands behind the options: what follows is none of them
    is_over: bool = False  # what follows belongs to other questions
    last: int = 0  # the number of the line before


def collect(block: Block) -> Parts:
    """The pieces of a question."""
    parts = Parts(block.line)
    later = line_letters(block.units)
    zone = PLAIN
    for unit, letter in zip(block.units, later, strict=True):
        if unit.kind == KEY:
            _take_key(parts, unit)
            parts.is_answered = bool(parts.options) or (letter is None and bool(parts.stem))
            zone = KEY if not unit.level().strip() else PLAIN
        elif unit.kind == WHY:
            zone = WHY
            parts.why += [text] if (text := unit.text().strip()) else []
        elif unit.kind == ABOUT:
            parts.about.append((unit.about, unit.text().strip()))
        elif zone == WHY and not (not parts.options and _begins_options(unit, letter)):
            parts.why.append(unit.text(unit.start).strip())
        elif zone == KEY and not _begins_options(unit, letter):
            _take_key(parts, unit)
            zone = PLAIN
        else:
            zone = PLAIN
            _take_plain(parts, unit, letter)
        parts.last = unit.number
    parts.style.is_unclear |= not order_columns(parts.options)
    if any(unit.letter and unit.norm[unit.value + 1 : unit.end].strip() for unit in block.units):
        parts.notes.append(note(parts.line, "letter-glued"))
    _take_crosses(parts.options)
    return parts


def _begins_options(unit: Unit, later: str | None) -> bool:
    return bool(markers(unit, 0, later, Style()))


def _take_key(parts: Parts, unit: Unit) -> None:
    said = unit.text().strip()
    if not said:
        return
    parts.keys.append(said)


def _take_plain(parts: Parts, unit: Unit, later: str | None) -> None:
    if _take_lone_key(parts, unit, later):
        return
    found = markers(unit, len(parts.options), later, parts.style)
    is_row = bool(found) and unit.at_start and found[0].start == unit.value
    is_row = is_row and bool(unit.letter or unit.norm[found[0].text : unit.end].strip())
    if later == "A" and found and not parts.options and not is_row:
        found = []  # letters of a stem: those of the options begin lines further down
    head = found[0].start if found else unit.end
    if unit.line.pictures and unit.number > parts.last:
        (parts.options[-1].pictures if parts.options else parts.pictures).extend(unit.line.pictures)
    if (
        not found
        and unit.is_marked is None
        and (parts.is_answered or parts.options)
        and _follows(parts, unit)
    ):
        return
    is_box = unit.is_marked is not None and not (later == "A" and not parts.options)
    if is_box and not found and (parts.options or unit.level().strip()):
        parts.options.append(Option(LETTERS[min(len(parts.options), 25)]))
        parts.options[-1].is_marked = bool(unit.is_marked)
        _add_piece(parts.options[-1], unit, unit.value, unit.end)
        return
    if unit.norm[unit.value : head].strip():
        _take_text(parts, unit, head)
    ends = [*(marker.start for marker in found[1:]), unit.end][: len(found)]
    for marker, end in zip(found, ends, strict=True):
        option = Option(marker.letter, is_marked=bool(unit.is_marked))
        parts.options.append(option)
        _add_piece(option, unit, marker.text, end)


def _take_lone_key(parts: Parts, unit: Unit, later: str | None) -> bool:
    """Letters of options alone on the line behind the last option: nothing but its key."""
    if later is not None or parts.keys or len(parts.options) < 2 or not unit.at_start or unit.letter:
        return False
    match = marks.LONE_KEY.match(unit.norm, unit.value, unit.end)
    known = {option.letter for option in parts.options}
    if match is None or not set(match.group(1)) <= known or not all(each.pieces for each in parts.options):
        return False
    parts.keys.append(match.group(1))
    parts.notes.append(note(unit.number, "key-glued", keys=letters(list(match.group(1)))))
    return True


def _follows(parts: Parts, unit: Unit) -> bool:
    """Whether a line stands behind the question: right behind an answer it explains it, else it is left out."""
    is_part = parts.is_over or any(
        pattern.match(unit.norm, unit.start, unit.end) for pattern in (marks.PART, marks.SHARED)
    )
    parts.is_over |= is_part
    if not is_part and not parts.is_answered:
        return False
    if not is_part and unit.number - parts.last <= 1:
        parts.why.append(unit.text(unit.start).strip())
    else:
        parts.notes.append(note(unit.number, "left-out", text=unit.text(unit.start).strip()[:60]))
    return True


def _take_crosses(options: Sequence[Option]) -> None:
    """Where some options end with a tick and all others with a cross, the crosses are no part of them."""
    others = [option for option in options if not option.is_marked]
    if len(others) == len(options) or not all(
        o.pieces and marks.CROSS.search(marks.level(o.pieces[-1])) for o in others
    ):
        return
    for option in others:
        match = marks.CROSS.search(marks.level(option.pieces[-1]))
        assert match is not None
        option.pieces[-1] = option.pieces[-1][: match.start()].rstrip()


def _take_text(parts: Parts, unit: Unit, end: int) -> None:
    """Text that begins no option: more of the last option, or of the stem."""
    if parts.options:
        _add_piece(parts.options[-1], unit, unit.value, end)
        return
    if end < unit.end and (match := LETTER_RUN.search(unit.norm, unit.value, end)):
        parts.glued_key = match.group(1)
        end = match.start()
        parts.notes.append(note(unit.number, "key-glued", keys=letters(list(parts.glued_key))))
    parts.stem.append((unit.text(unit.value, end).strip(), unit.norm[unit.value : end].strip()))


def _add_piece(option: Option, unit: Unit, start: int, end: int) -> None:
    text = unit.text(start, end)
    if not text.strip():
        return
    norm = unit.norm[start:end]
    if (tick := marks.TRAILING_TICK.search(norm)) and norm[: tick.start()].strip():
        option.is_marked = True
        text, end = text[: tick.start()], start + tick.start()
    option.styled.append(unit.is_styled(start, end) if unit.line.marked else False)
    option.pieces.append(text.strip())


def trailing_letter(options: Sequence[Option]) -> str | None:
    """The letters of options that the last option ends with, apart from its own text."""
    if len(options) < 2 or not options[-1].pieces:
        return None
    piece = options[-1].pieces[-1]
    match = _LETTERS_BEHIND.search(piece, max(0, len(piece) - 7)) if len(piece) > 1 else None
    said = match.group(1) if match else ""
    known = {option.letter for option in options}
    return said if said and set(said) <= known and list(said) == sorted(set(said)) else None


def joined(pieces: Sequence[str], *, is_stem: bool = False) -> str:
    """Pieces of text that stood on lines of their own: one paragraph where a line was only full."""
    joined: list[str] = []
    before = ""
    for piece in pieces:
        norm = marks.level(piece)
        if joined:
            joined.append(_between(before, norm, is_stem=is_stem))
        joined.append(piece)
        before = norm
    return "".join(joined)


def _between(before: str, norm: str, *, is_stem: bool) -> str:
    """What stands between two lines: a new line in a stem where a sentence or an item ends, a space in English."""
    is_short_item = len(before) < SHORT and _BEGINS_ITEM.match(before)
    if is_stem and (_ENDS_SENTENCE.search(before[-8:]) or _BEGINS_ITEM.match(norm) or is_short_item):
        return "\n"
    return " " if before[-1:].isascii() and norm[:1].isascii() else ""
