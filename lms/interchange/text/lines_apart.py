"""Which lines belong to no question: headings without a type, labels over lists of keys, last lines, footers."""

import re

from lms.interchange.text import marks
from lms.interchange.text.ahead import Ahead
from lms.interchange.text.found import Block
from lms.interchange.text.key_lists import is_key_list, is_key_table
from lms.interchange.text.keys import is_span, listed
from lms.interchange.text.signs import has_chain, number_of, option_at, option_end, shows_key
from lms.interchange.text.units import HEADING, KEY, PLAIN, STEM, WHY, Unit

_ONE_LISTED = re.compile(r"\d{1,4}\s*[、.:)\-]\s*[A-Z]{1,10}\s*\Z")
_BARE_LABEL = re.compile(r"\s*[【\[]?\s*(?:正确|参考|标准)?\s*答\s*案\s*[】\]]?\s*:?\s*\Z")
_SPAN_ALONE = re.compile(r"\s*\d{1,4}\s*[-~—–至到]\s*\d{1,4}\s*题?\s*:?\s*\Z")


def is_list(ahead: Ahead, at: int, unit: Unit) -> bool:
    """Whether a line is a list of keys though nothing says so."""
    return is_key_table(unit) or (is_key_list(unit) and not ahead.shows_question(at))


def begins_list(ahead: Ahead, at: int, unit: Unit, block: Block | None) -> bool:
    """Whether an answer label stands over a list of keys rather than behind its question."""
    rest = unit.level().strip()
    if rest:
        return is_span(rest) or listed(rest, least=2) is not None or bool(_ONE_LISTED.match(rest))
    following = ahead.next(at, 4)
    if following is None:
        return False
    if following.kind == HEADING or is_key_list(following) or is_key_table(following):
        return True
    if not is_key_list(following, least=1):
        return False
    return not (block and not block.has_key and not block.has_options)


def is_own_key(ahead: Ahead, at: int, unit: Unit, block: Block | None) -> bool:
    """Whether 答案 alone on its line is that of the question at hand: it has none yet, and no list follows."""
    following = ahead.next(at, 4)
    if block is None or block.has_key or following is None:
        return False
    if not _BARE_LABEL.match(unit.norm, unit.start, unit.end) or following.kind not in (PLAIN, WHY):
        return False
    ordinal = marks.ORDINAL.match(following.norm, following.start, following.end)
    lists = is_key_list(following, least=1) or is_key_table(following) or is_span(following.level())
    return not lists and ordinal is None and not _SPAN_ALONE.match(following.level())


def is_heading(ahead: Ahead, at: int, unit: Unit, block: Block | None, expected: int) -> bool:
    """Whether a line is a heading that names no type: 一、基础知识, and below it a question with its number."""
    if block is not None and not block.is_done:
        return False
    match = marks.UNTYPED_HEADING.match(unit.norm, unit.start, unit.end)
    following = ahead.next(at) if match and unit.at_start else None
    if following is None or following.kind != PLAIN or shows_key(unit):
        return False
    number = number_of(following)
    if number is None or number[0] in ("han", "circle"):
        return False
    return number[1] in (1, expected)


def asks_at_once(ahead: Ahead, at: int) -> bool:
    """Whether 一、 begins a question and no part of the paper: options or an answer come right behind its line."""
    unit, following = ahead.units[at], ahead.next(at)
    if shows_key(unit) or has_chain(unit.norm, unit.value, unit.end):
        return True
    if following is None:
        return False
    return option_at(following) == "A" or following.kind == KEY or following.is_marked is not None


def type_announced(ahead: Ahead, at: int, unit: Unit, block: Block | None) -> str | None:
    """The type that a label names for the question that comes next (【题型】 above 【题干】)."""
    if not unit.about.endswith(("题型", "类型")) or (block and not block.is_done):
        return None
    following = ahead.next(at)
    if following is None or following.kind != PLAIN:
        return None
    if following.about != STEM and not number_of(following):
        return None
    return marks.TYPE_OF.get(unit.level().strip(" 。;,()【】[]").lower())


def is_left_out(unit: Unit, block: Block | None) -> bool:
    """Whether a line belongs to the paper and to no question: a footer in words, a last line."""
    if unit.kind != PLAIN or not unit.at_start or block is None or option_at(unit):
        return False
    if block.is_done and marks.CLOSING.match(unit.norm, unit.start, unit.end):
        return True
    return number_of(unit) is None and bool(marks.RUNNING.match(unit.norm, unit.start, unit.end))


def promised_by(text: str) -> int | None:
    """How many questions a heading promises, in words or by their points (每题2分，共10分)."""
    if match := marks.PROMISED.search(text) or marks.PROMISED_SHORT.search(text):
        return int(next(filter(None, match.groups())))
    match = marks.EACH.search(text)
    if match is None or int(match.group(1)) == 0 or int(match.group(2)) % int(match.group(1)):
        return None
    return int(match.group(2)) // int(match.group(1))


def is_page_number(unit: Unit, block: Block) -> bool:
    """Whether a number stands alone on its line and is no option's text."""
    if not unit.at_start or not marks.LONE_NUMBER.match(unit.norm, unit.start, unit.end):
        return False
    last = block.units[-1] if block.units else None
    if last is None or not option_at(last):
        return True
    return bool(last.norm[option_end(last) : last.end].strip())
