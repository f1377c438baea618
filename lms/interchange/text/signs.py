"""What one unit of an exam text shows: a number, an option, a key, that a question stands here."""

import re
from itertools import islice, pairwise

from lms.interchange.text import marks
from lms.interchange.text.units import KEY, PLAIN, Unit

WINDOW = 3_000  # characters of a line that are looked ahead
MOST_MARKS = 12  # letters that are looked at to find the first option


def number_of(unit: Unit, start: int | None = None) -> tuple[str, int, int] | None:
    """The number that a unit begins with: style, value, where the text behind it begins."""
    begin = unit.value if start is None else start
    first = marks.NUMBER_BEGINS.match(unit.norm, begin, unit.end)
    if first is None:
        return None
    if star := marks.STAR.match(unit.norm, begin, unit.end):
        begin = star.end()
    for style, pattern in marks.NUMBERS_BY_BEGIN[first.lastgroup or ""]:
        if match := pattern.match(unit.norm, begin, unit.end):
            value = _value_of(match.group(1))
            return (style, value, match.end()) if value else None
    return None


def _value_of(number: str) -> int:
    """What a number means: 12, ⑫, 十二. Nought for what is none (一二)."""
    if number.isdecimal():
        return int(number)
    if "①" <= number <= "⑳":
        return ord(number) - ord("①") + 1
    tens, ten, ones = number.rpartition("十")
    digits = [marks.NUMERAL.index(each) + 1 if each in marks.NUMERAL[:9] else 0 for each in (tens, ones)]
    if len(tens) > 1 or len(ones) > 1 or (tens and not digits[0]):
        return 0
    return (10 * (digits[0] or 1) if ten else 0) + digits[1]


def is_numbered(unit: Unit) -> bool:
    """Whether a unit begins with a number that leaves no doubt (3.5折 does)."""
    found = number_of(unit)
    return found is not None and found[0] not in marks.DOUBTFUL


def option_at(unit: Unit) -> str | None:
    """The letter of the option that a unit begins with."""
    if unit.letter is not None:
        return unit.letter
    match = marks.OPTION_START.match(unit.norm, unit.value, unit.end) if unit.at_start else None
    return next(filter(None, match.groups())).upper() if match else None


def option_end(unit: Unit) -> int:
    """Where the text of the option that a unit begins with begins."""
    if unit.letter is not None:
        return unit.value + 1
    match = marks.OPTION_START.match(unit.norm, unit.value, unit.end)
    return match.end() if match else unit.value


def first_option(unit: Unit) -> int | None:
    """Where the text of a unit's first option begins."""
    if option_at(unit):
        return option_end(unit)
    match = first_mark(unit.norm, unit.value, unit.end)
    if match is not None and "A" in match.groups():
        return match.end()
    for match in marks.OPTION_INSIDE.finditer(unit.norm, unit.value, unit.end):
        if "A" in match.groups():
            return match.end()
    return None


def first_mark(norm: str, start: int, end: int) -> re.Match[str] | None:
    """The first letter of an option in this part of a line. （B） before A、一B、二 is the key and none of them."""
    end = min(end, start + WINDOW)
    found = list(islice(marks.OPTION_INSIDE.finditer(norm, start, end), MOST_MARKS))
    if found and not found[0].group(1):  # the last letter of （AB） or （A、B）
        key = marks.BRACKETED_KEY.search(norm, start, found[0].end())
        found = [each for each in found if key is None or each.start() >= key.end()]
    for one, other in pairwise(found):
        if one.group(2):
            return one if (one.group(2), other.group(2)) == ("A", "B") else found[0]
    return found[0] if found else None


def has_chain(norm: str, start: int, end: int) -> bool:
    """Whether options A and B stand in this part of a line, with something between them."""
    after = None
    for match in marks.OPTION_INSIDE.finditer(norm, start, min(end, start + WINDOW)):
        letter = match.group(1) or match.group(2)
        if letter == "A":
            after = match.end()
        elif letter == "B" and after is not None and norm[after : match.start()].strip():
            return True
    return False


def shows_key(unit: Unit) -> bool:
    return unit.kind == PLAIN and bool(
        marks.BRACKETED_KEY.search(unit.norm, unit.value, min(unit.end, unit.value + WINDOW))
        or marks.TRAILING_TF.search(unit.norm, max(unit.value, unit.end - 16), unit.end)
        or marks.PAIR_END.search(unit.norm[max(unit.value, unit.end - 16) : unit.end])
        or marks.PAIR_LINE.match(unit.norm, unit.value, unit.end)
    )


def shows_question(unit: Unit) -> bool:
    """Whether a unit is, or holds, what only a question has."""
    if unit.kind == KEY:
        return True
    if unit.kind != PLAIN:
        return False
    if option_at(unit) == "A" or unit.is_marked is not None or has_chain(unit.norm, unit.value, unit.end):
        return True
    tag = marks.TAG.match(unit.norm, unit.value, unit.end)
    number = number_of(unit, tag.end() if tag else None)
    return shows_key(unit) or bool(number and marks.TAG.match(unit.norm, number[2], unit.end)) or bool(tag)


def tag_of(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return marks.TYPE_OF[(match.group("tag") or match.group("word")).lower()]
