"""The stem of a question and the keys in it: in brackets, glued to its end, or behind a pair such as 是否."""

import re
from collections.abc import Sequence

from lms.interchange.reading import letters, note
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE, TRUE_FALSE_WORDS, is_true_false
from lms.interchange.text import marks
from lms.interchange.text.collect import LETTER_RUN, Parts, joined
from lms.interchange.text.keys import first_word, judgement
from lms.interchange.text.options import Option

_POINTS_AT_END = re.compile(r"\s*[(\[]\s*\d{1,3}(?:\.\d{1,2})?\s*(?:分|points?)\s*[)\]]\s*\Z")
_EMPTY_BRACKET = re.compile(r"[(\[【]\s*[)\]】]")
MOST_KEYS = 10  # brackets with letters in one stem; with more of them, none is a key
QUOTES = ("“", '"', "‘", "'", "「")


def stem_and_keys(parts: Parts, kind: str | None) -> tuple[list[str], str]:
    """The keys that stand in the stem, and the stem without them."""
    keys = [parts.glued_key] if parts.glued_key else []
    lines = parts.stem
    is_open = any(_EMPTY_BRACKET.search(norm) for _text, norm in lines)
    found = [
        (at, match)
        for at, (_text, norm) in enumerate(lines)
        for match in marks.BRACKETED_KEY.finditer(norm)
        if _is_meant(match.group("key"), kind, parts)
        and (match.group("label") or not (is_open or norm[match.start() - 1 : match.start()] in QUOTES))
    ]
    if len(found) > MOST_KEYS:
        found = []
    for at, match in reversed(found):
        text, norm = lines[at]
        one, other = match.start() + 1, match.end() - 1
        if match.group("label"):
            one, other, gap = match.start(), match.end(), ""
        else:
            gap = " " if norm[match.start()] == "(" else ""
        lines[at] = (text[:one] + gap + text[other:], norm[:one] + gap + norm[other:])
    keys += [match.group("key") for _at, match in found]
    if not keys and parts.options:
        keys += _underlined_keys(lines)
    if lines and not keys:
        keys += _key_at_end(parts, kind)
    text = joined([text for text, _norm in lines], is_stem=True)
    if points := _POINTS_AT_END.search(marks.level(text)):
        text = text[: points.start()]
    return keys, text


def _underlined_keys(lines: list[tuple[str, str]]) -> list[str]:
    """Keys that stand on the line of a gap (__B__), taken off it."""
    keys = []
    for at, (text, norm) in enumerate(lines):
        if match := marks.UNDERLINED_KEY.search(norm):
            one, other = match.span("key")
            keys.append(match.group("key"))
            lines[at] = (text[:one] + text[other:], norm[:one] + norm[other:])
    return keys


def _is_meant(key: str, kind: str | None, parts: Parts) -> bool:
    """Whether a bracket holds a key: letters of options there are, or true and false where that is asked."""
    if judgement(key) is not None and not re.fullmatch("[A-Za-z]", key):
        return (
            kind == TRUE_FALSE
            or not parts.options
            or is_true_false([joined(o.pieces) for o in parts.options])
        )
    if re.fullmatch("[TFYNXV]", key, re.IGNORECASE) and kind == TRUE_FALSE:
        return True
    if not parts.options and kind == TRUE_FALSE:
        return False
    said = [letter for letter in key.upper() if letter.isalpha()]
    return (
        said == sorted(set(said))
        and said[-1] <= "J"
        and (key.isupper() or (len(key) == 1 and bool(parts.options)))
    )


def _key_at_end(parts: Parts, kind: str | None) -> list[str]:
    """A key that the stem ends with, cut off it."""
    text, norm = parts.stem[-1]
    if kind == TRUE_FALSE or (not parts.options and not parts.keys):
        if judged := marks.TRAILING_TF.search(norm):
            parts.stem[-1] = (text[: judged.start()].rstrip(), norm[: judged.start()].rstrip())
            return [judged.group("key") or judged.group("tick")]
        return []
    match = LETTER_RUN.search(norm)
    if match is None or parts.keys or not parts.options:
        return []
    key = match.group(1)
    known = {option.letter for option in parts.options}
    if not set(key) <= known or len(set(key)) < len(key) or not norm[: match.start()].strip():
        return []
    before = norm[match.start() - 1]
    if before.isalnum():
        parts.notes.append(note(parts.line, "key-glued", keys=letters(list(key))))
    parts.stem[-1] = (text[: match.start()].rstrip(), norm[: match.start()].rstrip())
    return [key]


def take_pair(parts: Parts, kind: str | None) -> None:
    """The options 是/否, 对/错... where they stand without letters: on lines of their own, or behind the stem."""
    if parts.options or not parts.stem:
        return
    text, norm = parts.stem[-1]
    if len(parts.stem) > 1 and (match := marks.PAIR_LINE.match(norm)):
        words = (text[match.start("yes") : match.end("yes")], text[match.start("no") : match.end("no")])
        parts.options = [Option("A", [words[0]]), Option("B", [words[1]])]
        parts.stem.pop()
        return
    if len(parts.stem) > 2 and all(marks.HALF_PAIR.match(line) for _text, line in parts.stem[-2:]):
        words = (parts.stem[-2][0].strip(), text.strip())
        if is_true_false(words):
            parts.options = [Option("A", [words[0]]), Option("B", [words[1]])]
            del parts.stem[-2:]
        return
    match = marks.PAIR_END.search(norm)
    if match is None or not norm[: match.start()].strip():
        return
    at = next(number for number in range(8) if match.group(f"y{number}"))
    key = match.group(f"k{at}")
    if key is None and kind != TRUE_FALSE:
        return
    parts.options = [
        Option(letter, [text[match.start(f"{side}{at}") : match.end(f"{side}{at}")]])
        for letter, side in (("A", "y"), ("B", "n"))
    ]
    if key is not None:
        parts.keys.append(key)
        parts.notes.append(note(parts.line, "key-glued", keys=key))
    parts.stem[-1] = (text[: match.start()].rstrip(), norm[: match.start()].rstrip())


def give_pair(parts: Parts, kind: str, keys: Sequence[str], language: str) -> str:
    """A question that is judged true or false without printed options gets the usual ones. Its type."""
    if parts.options or kind in (SINGLE, MULTIPLE):
        return kind
    judged = [key for key in keys if judgement(first_word(key)) is not None]
    if kind == TRUE_FALSE or judged:
        parts.options = [
            Option(letter, [text]) for letter, text in zip("AB", TRUE_FALSE_WORDS[language], strict=True)
        ]
        return TRUE_FALSE
    return kind
