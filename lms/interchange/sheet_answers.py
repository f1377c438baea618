"""What the cells of a table say about options and right answers, in every spelling that is unambiguous."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from lms.interchange.records import OPTION_IDS, TRUE_FALSE_WORDS, folded, is_true_false
from lms.interchange.truth import truth

MOST = 26  # options that are told apart at all

_CIRCLED = {ord(mark): f"{number}," for number, mark in enumerate("①②③④⑤⑥⑦⑧⑨⑩", 1)}
_MARK = r"[.．、:：)）]"
_LETTERED = re.compile(rf"(?:(?<=[\s;；|,，。])|\A)[(（]?([A-Za-z])\s?{_MARK}\s*")
_TIGHT = re.compile(rf"[(（]?([A-Z])\s?{_MARK}\s*")
_NUMBERED = re.compile(rf"(?:(?<=\n)|\A)[(（]?(?:(10|[1-9])\s?{_MARK}(?!\d)|([①-⑩]))\s*")
_PREFIX = re.compile(r"\s*[(（]?([A-Za-z])\s?(?:[.．、:：)）]|[-—–](?=\S))\s*")
_SEPARATORS = ("\n", "||", "|", "；", ";")
_KEY_LABEL = re.compile(
    r"\s*(?:正确答案|参考答案|标准答案|答案|选|answer|key)\s*(?:[:：]|是|为)?\s*", re.IGNORECASE
)
_KEY_BETWEEN = re.compile(r"[\s,，、;；/|&+.。和与及]+|\band\b")
_RANGE = re.compile(r"([a-z])[-~—–至到]([a-z])")
_TEXT_SEPARATORS = ("\n", "|", "；", ";", "、", "，", ",")


def split_options(text: str) -> list[str]:
    """The options in one cell: lettered (or numbered), else between separators; one if it cannot be split."""
    text = text.strip()
    if not text:
        return []
    for pattern in (_LETTERED, _NUMBERED, _TIGHT):
        if parts := _lettered(text, pattern):
            return parts
    for separator in _SEPARATORS:
        parts = [part.strip() for part in text.strip(separator).split(separator)]
        if len(parts) > 1:
            return without_letters([part for part in parts if part] if separator == "\n" else parts)
    slashed = [part.strip() for part in text.split("/")]
    return slashed if is_true_false(slashed) else [text]


def _lettered(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The parts behind A, B, C... in order from the beginning, [] unless there are two or more."""
    starts: list[re.Match[str]] = []
    for match in pattern.finditer(text):
        if _place(match) == len(starts) < MOST and (starts or match.start() == 0):
            starts.append(match)
    if len(starts) < 2 or (pattern is _TIGHT and _is_doubtful(text, len(starts))):
        return []
    parts = [text[match.end() : after.start()] for match, after in pairwise(starts)]
    parts = [part.strip().rstrip(";；|,，、") for part in parts] + [text[starts[-1].end() :].rstrip(";；|")]
    return [part.strip() for part in parts]


def _place(match: re.Match[str]) -> int:
    sign = match.group(1) or match.group(2)
    if sign.isascii():
        return int(sign) - 1 if sign.isdigit() else ord(sign.upper()) - ord("A")
    return ord(sign) - ord("①")


def _is_doubtful(text: str, count: int) -> bool:
    """Whether a letter that is glued to the text before it may be a part of that text."""
    return len(_TIGHT.findall(text)) != count


def without_letters(options: Sequence[str]) -> list[str]:
    """The options without A. B. C. in front, if every one of them has its own letter there."""
    if len(options) < 2:
        return list(options)
    cut = []
    for at, option in enumerate(options):
        match = _PREFIX.match(option)
        if match is None or ord(match.group(1).upper()) - ord("A") != at:
            return list(options)
        cut.append(option[match.end() :].strip())
    return cut


def key_of(text: str, options: Sequence[str], *, letters_only: bool = False) -> tuple[str, ...] | None:
    """The ids of the options that a cell names as right, perhaps beyond the options. None: not understood.

    Letters, ranges, numbers from 1, texts of options, or true and false for a pair of options, also behind a
    label such as 答案：. Where a letter is also the text of another option it is not understood.
    """
    found = _key_of(text, options, letters_only=letters_only)
    label = _KEY_LABEL.match(text)
    if found is None and not letters_only and label and 0 < label.end() < len(text):
        return _key_of(text[label.end() :], options)
    return found


def _key_of(text: str, options: Sequence[str], *, letters_only: bool = False) -> tuple[str, ...] | None:
    if not text.strip():
        return ()
    if not letters_only and (by_truth := _by_truth(text, options)):
        return by_truth
    by_letter = _by_letter(text)
    if letters_only:
        return by_letter
    by_text = _by_text(text, options)
    if by_letter is not None and by_text is not None:
        return by_letter if set(by_letter) == set(by_text) else None
    return by_letter or by_text or _by_number(text)


def _by_letter(text: str) -> tuple[str, ...] | None:
    word = unicodedata.normalize("NFKC", text).casefold().strip().strip("()[]【】.。")
    if len(word) > 60:
        return None
    word = _RANGE.sub(lambda match: _range(*match.groups()), word)
    ids = _KEY_BETWEEN.sub("", word)
    is_joined = ids == word and len(word) > 1
    if not ids or not re.fullmatch("[a-z]+", ids) or len(set(ids)) != len(ids):
        return None
    if is_joined and (set(ids) - set(OPTION_IDS) or list(ids) != sorted(ids)) and not text.strip().isupper():
        return None
    return tuple(sorted(ids))


def _range(first: str, last: str) -> str:
    span = "abcdefghijklmnopqrstuvwxyz"[ord(first) - 97 : ord(last) - 96]
    return span or "?"


def _by_number(text: str) -> tuple[str, ...] | None:
    parts = [part for part in _KEY_BETWEEN.split(_plain_numbers(text)) if part]
    if (
        not parts
        or not all(re.fullmatch("[1-9]|1[0-9]|2[0-6]", part) for part in parts)
        or len(set(parts)) != len(parts)
    ):
        return None
    if len(parts) == 1 and int(parts[0]) > 10:
        return None  # 13 may mean 1 and 3
    return tuple(sorted("abcdefghijklmnopqrstuvwxyz"[int(part) - 1] for part in parts))


def _plain_numbers(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_CIRCLED)).strip()


def _by_text(text: str, options: Sequence[str]) -> tuple[str, ...] | None:
    names = [folded(option) for option in options[:MOST]]
    if any(first == second for first, second in pairwise(sorted(names))):
        return None
    ids = dict(zip(names, "abcdefghijklmnopqrstuvwxyz", strict=False))
    ids.pop("", None)
    if len(text) > 20_000 or not ids:
        return None
    if found := _named(text, ids):
        return (found,)
    for separator in _TEXT_SEPARATORS:
        parts = [part for part in text.split(separator) if part.strip()]
        if len(parts) > 1 and all(names := [_named(part, ids) for part in parts]):
            return tuple(sorted(set(names))) if len(set(names)) == len(names) else None
    return None


def _named(text: str, ids: dict[str, str]) -> str:
    """The id of the option with this text, perhaps with its own letter in front; "" if there is none."""
    if found := ids.get(folded(text)):
        return found
    match = _PREFIX.match(text)
    found = ids.get(folded(text[match.end() :]), "") if match else ""
    return found if match and match.group(1).lower() == found else ""


def _by_truth(text: str, options: Sequence[str]) -> tuple[str, ...] | None:
    said = truth(text)
    if said is None and tuple(options) in TRUE_FALSE_WORDS.values() and text.strip() in ("0", "０"):
        said = False
    meanings = [truth(option) for option in options]
    if said is None or sorted(map(str, meanings)) != ["False", "True"]:
        return None
    return (OPTION_IDS[meanings.index(said)],)
