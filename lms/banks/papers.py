"""A bank's questions as a paper to print: sections by type, letters, and the keys only where they are asked for."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.banks.exports import Row
from lms.banks.models import QuestionText, QuestionVersion
from lms.banks.operations import content_of
from lms.banks.ordering import hash_key, option_order
from lms.banks.rules import flaws_of
from lms.interchange.records import TRUE_FALSE, TYPES, is_true, is_true_false
from lms.markup import plain

FORMS = ("A", "B", "C", "D")
NARROW, MIDDLE = 14, 34  # half-width letters of the longest option that still stands four, two on a line


@dataclass(frozen=True)
class Key:
    """The right answer of a question as letters (or T, F, √, ×), and why. The explanation is HTML."""

    answer: str
    explanation: str


@dataclass(frozen=True)
class Asked:
    """A question on the paper. HTML throughout; options with their letters, none where one only judges a sentence.

    `across` is how many options stand on a line.
    """

    number: int
    stem: str
    options: tuple[tuple[str, str], ...]
    across: int
    key: Key | None


@dataclass(frozen=True)
class Section:
    """The questions of one type. `points` are those of one question, in hundredths."""

    type: str
    points: int
    questions: tuple[Asked, ...]

    @property
    def total(self) -> int:
        return self.points * len(self.questions)


@dataclass(frozen=True)
class Paper:
    """What is printed, and how many questions are not because they are not complete."""

    sections: tuple[Section, ...]
    left_out: int

    @property
    def count(self) -> int:
        return sum(len(section.questions) for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


def paper_of(rows: Sequence[Row], points: Mapping[str, int], *, form: str = "", with_keys: bool = False) -> Paper:
    """The paper of these questions, numbered through. Only with `with_keys` does it hold any key.

    A form A to D puts questions and options into an order of its own, the same one each time.
    """
    whole = [(version, text) for _row, version, text in rows if not flaws_of(content_of(version, [text]))]
    if form:
        whole.sort(key=lambda row: hash_key(_seed(form), row[0].question.ref))
    sections: list[Section] = []
    number = 1
    for kind in TYPES:
        of_kind = [row for row in whole if row[0].type == kind]
        asked = [_asked(at, *row, form, with_keys) for at, row in enumerate(of_kind, number)]
        number += len(asked)
        if asked:
            sections.append(Section(kind, points[kind], tuple(asked)))
    return Paper(tuple(sections), len(rows) - len(whole))


def _asked(number: int, version: QuestionVersion, text: QuestionText, form: str, with_keys: bool) -> Asked:
    by_id = {option["id"]: option for option in text.options}
    is_shuffled = bool(form) and version.shuffle and version.type != TRUE_FALSE
    order = option_order(_seed(form), version.question.ref, tuple(by_id), shuffle=is_shuffled)
    judged = version.type == TRUE_FALSE and is_true_false([option["text"] for option in text.options])
    options = [] if judged else [(chr(ord("A") + at), by_id[id]["html"]) for at, id in enumerate(order)]
    key = None
    if with_keys and judged:
        signs = ("T", "F") if text.language == "en" else ("√", "×")
        key = Key(signs[0 if is_true(by_id[version.keys[0]]["text"]) else 1], text.explanation_html)
    elif with_keys:
        letters = "".join(chr(ord("A") + at) for at, id in enumerate(order) if id in version.keys)
        key = Key(letters, text.explanation_html)
    return Asked(number, text.stem_html, tuple(options), _across([html for _letter, html in options]), key)


def _seed(form: str) -> str:
    return f"form {form}"


def _across(options: Sequence[str]) -> int:
    """How many options stand on a line so that each keeps to its own."""
    longest = max((_width(plain(html)) for html in options), default=0)
    is_plain = not any("<div" in html or "<p" in html or "<ol" in html for html in options)
    if not is_plain or longest > MIDDLE:
        return 1
    return 4 if longest <= NARROW else 2


def _width(text: str) -> int:
    """The width of a text in half-width letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
