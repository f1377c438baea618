"""Keys as people write them (ABC, A、B, A-D, √, 错, an option's text), and lists of them at the end of a text."""

import re
import unicodedata
from collections.abc import Sequence

from lms.interchange.text import marks

_LETTERS = re.compile(r"[A-Z](?:\s*[、,;/|和与及&.]?\s*[A-Z])*\Z")
_RANGE = re.compile(r"([A-Z])\s*[-~—–至到]\s*([A-Z])\Z")
_LETTER_AND_TEXT = re.compile(r"[(\[]?([A-Z])[)\]]?(?:\s*+[、.:)]|\s)\s*+(\S.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\s*[;\n|]\s*|\s*[、,]\s*")
_CHOOSE = re.compile(r"\A(?:应|故|本题)?选(?:择|项)?\s*:?\s*(?=[A-Z])|(?<=[A-Z])\s*项\Z")
KEY_AND_MORE = re.compile(
    r"\s*([A-Za-z](?:[、,]?\s?[A-Za-z])*|[√×对错]|正确|错误)(?:\s*+[。;,:(【]|\s)\s*+(\S.*)\Z", re.DOTALL
)
_ENDS = re.compile(r"\A[\s(\[【“\"']+|[\s)\]】。.;,”\"']+\Z")


def key_positions(value: str, labels: Sequence[str], texts: Sequence[str]) -> tuple[int, ...] | None:
    """Which options a key names, by position (after the last for a letter beyond them); None: it is no key.

    `labels` are the letters the options are printed with.
    """
    said = marks.level(value).strip()
    if exact := _by_text(said, texts):
        by_letter = _by_letter(said, labels, is_lower=False)  # options that say A, B, AB: which is meant?
        return exact if by_letter in (None, exact) else None
    said = _CHOOSE.sub("", _ENDS.sub("", said))
    upper = said.upper()
    sides = [judgement(text) for text in texts]
    if set(sides) == {True, False} and len(sides) == 2 and upper not in labels:
        judged = judgement(said)
        if judged is not None:
            return (sides.index(judged),)
    if found := _by_letter(upper, labels, is_lower=said != upper):
        return found
    if (match := _LETTER_AND_TEXT.match(said)) and match.group(1) in labels:
        at = labels.index(match.group(1))
        return (at,) if _same(match.group(2), texts[at]) else None
    return _by_text(said, texts) or _by_texts(said, texts)


def judgement(text: str) -> bool | None:
    """Whether a word says true or false; None if it says neither."""
    word = unicodedata.normalize("NFKC", text).strip(" 。.()[]").casefold()
    word = marks.level(word)
    return True if word in marks.TRUE_WORDS else False if word in marks.FALSE_WORDS else None


def _by_letter(said: str, labels: Sequence[str], *, is_lower: bool) -> tuple[int, ...] | None:
    if match := _RANGE.match(said):
        first, last = match.groups()
        chosen = [chr(code) for code in range(ord(first), ord(last) + 1)] if first < last else []
    elif _LETTERS.match(said):
        chosen = re.findall("[A-Z]", said)
    else:
        return None
    if not chosen or len(set(chosen)) < len(chosen) or (not labels and len(chosen) > 1):
        return None
    if is_lower and any(letter not in labels for letter in chosen):
        return None
    return tuple(
        labels.index(each) if each in labels else max(len(labels), ord(each) - ord("A")) for each in chosen
    )


def _by_text(said: str, texts: Sequence[str]) -> tuple[int, ...] | None:
    found = [at for at, text in enumerate(texts) if said and _same(said, text)]
    return (found[0],) if len(found) == 1 else None


def _by_texts(said: str, texts: Sequence[str]) -> tuple[int, ...] | None:
    parts = [part for part in _PARTS.split(said) if part]
    found = [_by_text(part, texts) for part in parts]
    if len(parts) < 2 or None in found:
        return None
    chosen = [one[0] for one in found if one]
    return tuple(sorted(chosen)) if len(set(chosen)) == len(chosen) else None


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(marks.level(text).casefold().split()).strip("。.;,")


def first_word(key: str) -> str:
    match = KEY_AND_MORE.match(marks.level(key))
    return match.group(1) if match and judgement(key) is None else key


# Lists of keys

_VALUE = r"(?:[A-Z](?:[\s,、]{0,2}[A-Z])*(?![A-Za-z])|[a-j](?![A-Za-z])|[√×对错]|正确|错误|是|否|True|False|TRUE|FALSE)"
_PAIR = re.compile(
    rf"(?:第\s*+)?[(\[【]?\s*+(\d{{1,4}})\s*+[)\]】]?\s*+题?\s*+[、.:)\-\s]?\s*+[(\[]?\s*+({_VALUE})\s*+[)\]]?(?=[\s,;。、|(\[【\d第]|\Z)"
)
_SPAN = re.compile(
    r"(?:第\s*+)?(\d{1,4})\s*+[-~—–至到]\s*+(\d{1,4})\s*+题?\s*+[、.:\s]?\s*+((?:[A-Z√×对错]|正确|错误)(?:[\s,、;|/]*(?:[A-Z√×对错]|正确|错误))*)"
)
_GAP = re.compile(r"[\s,;。、|]*")


def listed(text: str, least: int = 1) -> tuple[list[tuple[int, str]], int] | None:
    """The numbers with their keys that a levelled text begins with, and where they end; None if fewer than `least`.

    A span whose keys are not as many as its numbers gives its first number with the key "".
    """
    found: list[tuple[int, str]] = []
    at = 0
    while match := _GAP.match(text, at):
        at = match.end()
        if span := _SPAN.match(text, at):
            found += _span(int(span.group(1)), int(span.group(2)), span.group(3))
            at = span.end()
        elif pair := _PAIR.match(text, at):
            found.append((int(pair.group(1)), pair.group(2).strip()))
            at = pair.end()
        else:
            break
    return (found, at) if len(found) >= least else None


def _span(first: int, last: int, keys: str) -> list[tuple[int, str]]:
    numbers = range(first, last + 1)
    parts = [part for part in re.split(r"[\s,、;|/]+", keys.strip()) if part]
    if len(parts) != len(numbers):
        parts = re.findall("[A-Z√×对错]|正确|错误", keys)
    if len(parts) != len(numbers):
        return [(first, "")]
    return list(zip(numbers, parts, strict=True))


def is_span(text: str) -> bool:
    """Whether a text is numbers from one to another with their keys (1-5 ABCDE), as many or not."""
    return bool(_SPAN.match(text))
