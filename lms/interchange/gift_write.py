"""Writing GIFT that Moodle imports: its escapes, its fixed percentages, one line for each text."""

import re

from lms.interchange.attributes import as_tags
from lms.interchange.gift_texts import FORMATS, MARKDOWN, MOODLE, PLAIN
from lms.interchange.items import plain_wording
from lms.interchange.records import (
    MULTIPLE,
    SINGLE,
    TRUE_FALSE,
    TRUE_FALSE_WORDS,
    BankText,
    QuestionText,
    Wording,
    is_true_false,
)

MAX_ID_NUMBER = 100  # characters that Moodle has room for
_ESCAPES = str.maketrans({mark: "\\" + mark for mark in "\\#=~{}:"} | {"\n": "\\n", "\r": ""})
_MISREAD = re.compile(rf"%|\[(?:{'|'.join(FORMATS)})\]", re.IGNORECASE)
# Moodle takes these percentages only, and wants those of the right options to sum to 100 within half a percent.
_SHARES = ("100", "50", "33.33333", "25", "20", "16.66667", "14.28571", "12.5", "11.11111", "10")


def write(bank: BankText) -> bytes:
    """The questions of a bank, each with its id as title and its attributes as tags in the comment before it.

    The wrong options of multiple choice take off as much as the right ones give, so that ticking all gives nothing.
    True and False (对 and 错 in Chinese) are Moodle's true or false; any other pair is written as single choice.
    """
    return "\n".join(_question(bank, question) for question in bank.questions).encode()


def _question(bank: BankText, question: QuestionText) -> str:
    kind, wording = _wording(question.wording)
    prefix = "" if kind == MOODLE else f"[{kind}]"
    stem = prefix + _escaped(wording.stem) if prefix else _text(wording.stem, kind)
    explanation = f"####{_text(wording.explanation, kind)}" if wording.explanation else ""
    if _is_moodles_own(question, wording, bank.language):
        answers = ("T" if question.keys == ("a",) else "F") + explanation
        read_as = TRUE_FALSE
    else:
        lines, read_as = _options(question, wording, kind)
        answers = "".join(f"\n\t{line}" for line in [*lines, explanation] if line) + "\n"
    return f"{_comment(bank, question, read_as)}::{question.id}::{stem}{{{answers}}}\n"


def _wording(wording: Wording) -> tuple[str, Wording]:
    """The wording in the plainest format that holds it."""
    plain = plain_wording(wording)
    if plain is None:
        return MARKDOWN, wording
    texts = (plain.stem, *plain.options, plain.explanation)
    return (PLAIN if any(mark in text for text in texts for mark in "<&") else MOODLE), plain


def _text(text: str, kind: str) -> str:
    """A text that has the format of the question, which it only says if it would be misread otherwise."""
    return (f"[{kind}]" if _MISREAD.match(text) else "") + _escaped(text)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _is_moodles_own(question: QuestionText, wording: Wording, language: str) -> bool:
    return (
        question.type == TRUE_FALSE
        and wording.options == TRUE_FALSE_WORDS[language]
        and len(question.keys) == 1
    )


def _options(question: QuestionText, wording: Wording, kind: str) -> tuple[list[str], str]:
    """A line for each option, and the type that they are read as."""
    ids = "abcdefghijklmnopqrstuvwxyz"[: len(wording.options)]
    texts = {id: _text(text, kind) for id, text in zip(ids, wording.options, strict=False)}
    if question.type != MULTIPLE and len(question.keys) == 1 and len(texts) > 1:
        lines = [("=" if id in question.keys else "~") + text for id, text in texts.items()]
        return lines, TRUE_FALSE if is_true_false(question.wording.options) else SINGLE
    right = _share(len(question.keys))
    wrong = _share(len(texts) - len(question.keys))
    marks = {True: f"~%{right}%", False: f"~%-{wrong}%" if question.keys else "~"}
    lines = [marks[id in question.keys] + text for id, text in texts.items()] or ["~"]
    return lines, MULTIPLE


def _share(count: int) -> str:
    return _SHARES[min(max(count, 1), len(_SHARES)) - 1]


def _comment(bank: BankText, question: QuestionText, read_as: str) -> str:
    number = f"{bank.bank}/{question.id}"
    said = [f"[id:{number}]"] if len(number) <= MAX_ID_NUMBER else []
    said += [f"[tag:{tag}]" for tag in as_tags(question, read_as)]
    return f"// {' '.join(said)}\n" if said else ""
