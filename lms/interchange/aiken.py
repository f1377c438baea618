"""Aiken, the simplest text format of Moodle: a stem, options `A. ` to `Z. ` one a line, `ANSWER: B`.

Moodle takes one line for the stem and one right answer. Read are also stems of several lines, wrapped options, `A)`,
`A、` and full-width letters, several answers (`A, C`), 答案： and lines of 解析：. A stem goes on until option A, and a
question ends with its answer or where the next one begins. Not held: ids, levels, tags, lessons and other settings.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lms.interchange.aiken_marks import ANSWER, EXPLANATION, OPTION
from lms.interchange.aiken_write import left_out, why_not, write
from lms.interchange.decoding import decode_any
from lms.interchange.reading import MAX_ITEMS, Item, Note, Reading, letters, note, reading_of, unreadable
from lms.interchange.records import folded

__all__ = ["left_out", "read", "why_not", "write"]

FORMAT = "aiken"
FIRST = "A"
_LABELLED = re.compile(r"([A-Z])\s*[.)、:]\s*(\S.*)\Z")
_BETWEEN = re.compile(r"[\s,、;/&+|和]|\bAND\b")
_LONGEST_ANSWER = 200


@dataclass(slots=True)
class _Question:
    """A question while its lines are read. `answers` are as the file has them."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, list[str]]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return bool(self.answers)


def read(
    data: bytes,
    language: str,  # noqa: ARG001 - one signature for all readers
    *,
    name: str = "",  # noqa: ARG001
    mapping: Mapping[int, str] | None = None,  # noqa: ARG001
    progress: Callable[[int, int], None] | None = None,  # noqa: ARG001
) -> Reading:
    """The questions of an Aiken file. Never raises: what is wrong stands in the notes."""
    text = decode_any(data)
    if text is None:
        return unreadable(FORMAT, 1, "not-text")
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        reader.line(number, line.strip())
        if len(reader.questions) > MAX_ITEMS:
            break
    reader.settle()
    return reading_of(FORMAT, [_item(question) for question in reader.questions], reader.notes)


class _Reader:
    """Sorts the lines of a file.

    `waiting` are lines after options or an explanation: what comes next tells whether they go on or begin a question.
    """

    def __init__(self) -> None:
        self.questions: list[_Question] = []
        self.notes: list[Note] = []
        self.waiting: list[tuple[int, str]] = []
        self.is_apart = False  # an empty line stood before them
        self.after_empty = False

    @property
    def last(self) -> "_Question | None":
        return self.questions[-1] if self.questions else None

    def line(self, number: int, line: str) -> None:
        """Take the next line."""
        if not line:
            self.after_empty = True
            if self.last and self.last.explanation:
                self.settle()
            return
        if match := ANSWER.match(line):
            self._answer(number, line, match.group(1).strip())
        elif (match := EXPLANATION.match(line)) and self._explanation(match.group(1).strip()):
            pass
        elif (match := OPTION.match(line)) and self._is_option(match):
            self._option(number, _label(match), match.group(3))
        else:
            self._text(number, line)
        self.after_empty = False

    def settle(self, *, begins_question: bool | None = None) -> None:
        """Give the waiting lines to the last question, or to a new one: by default if an empty line parts them."""
        if not self.waiting or self.last is None:
            return
        lines = [line for _number, line in self.waiting]
        if begins_question is None:
            begins_question = self.is_apart and not self.last.is_answered
        if begins_question:
            self.questions.append(_Question(self.waiting[0][0], lines))
        elif self.last.explanation:
            self.last.explanation += lines
        else:
            self.last.options[-1][1].extend(lines)
        self.waiting = []

    def _text(self, number: int, line: str) -> None:
        last = self.last
        goes_on = last and last.explanation and (self.waiting or not self.after_empty)
        if last is None or (last.is_answered and not goes_on):
            self.questions.append(_Question(number, [line]))
        elif last.options:
            if not self.waiting:
                self.is_apart = self.after_empty
            self.waiting.append((number, line))
        else:
            last.stem.append(line)

    def _answer(self, number: int, line: str, answer: str) -> None:
        self.settle()
        if self.last:
            self.last.answers.append(answer)
        elif not self.notes:
            self.notes.append(note(number, "left-out", text=line[:80]))

    def _explanation(self, text: str) -> bool:
        self.settle()
        if self.last is None or not self.last.options:
            return False
        self.last.explanation.append(text)
        return True

    def _is_option(self, match: re.Match[str]) -> bool:
        label, last = _label(match), self.last
        is_clear = bool(match.group(2)) or not match.group(3)
        if last is None or (last.is_answered and not self.waiting):
            return label == FIRST and is_clear
        if last.is_answered or not last.options:
            return label == FIRST
        return (
            is_clear
            or label == chr(ord(FIRST) + len(last.options))
            or (label == FIRST and bool(self.waiting))
        )

    def _option(self, number: int, label: str, text: str) -> None:
        is_new = self.after_empty and not self.waiting and bool(self.last and self.last.options)
        self.settle(begins_question=label == FIRST)
        last = self.last
        if last is None or last.is_answered or (is_new and label == FIRST):
            last = _Question(number)
            self.questions.append(last)
        last.options.append((label, [text]))


def _label(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group(1))


def _item(question: _Question) -> Item:
    labels = [label for label, _lines in question.options]
    options = tuple("\n".join(lines) for _label, lines in question.options)
    keys, notes = _keys(question, labels, options)
    if labels != [chr(ord(FIRST) + number) for number in range(len(labels))]:
        notes.append(note(question.line, "option-letters", letters=", ".join(labels[:26])))
    return Item(
        question.line,
        "\n".join(question.stem),
        options,
        keys=keys,
        explanation="\n".join(question.explanation),
        notes=tuple(notes),
    )


def _keys(
    question: _Question, labels: list[str], options: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Note]]:
    """The ids of the right options. Answers that differ, or that name no option, are told."""
    meant: dict[tuple[str, ...], None] = {}
    for answer in question.answers:
        if not answer:
            continue
        if (found := _named(answer, labels, options)) is None:
            return (), [note(question.line, "key-not-understood", answer=answer[:80])]
        meant[found] = None
    if len(meant) > 1:
        first, second, *_more = map(letters, meant)
        return (), [note(question.line, "keys-disagree", first=first, second=second)]
    return next(iter(meant), ()), []


def _named(answer: str, labels: list[str], options: tuple[str, ...]) -> tuple[str, ...] | None:
    """The ids of the options that an answer names by their text or their letters."""
    by_text = [_id(number) for number, option in enumerate(options) if folded(option) == folded(answer)]
    if len(by_text) == 1:
        return tuple(by_text)
    if len(answer) > _LONGEST_ANSWER:
        return None
    said = unicodedata.normalize("NFKC", answer).upper().strip(" ().。;")
    parted = _BETWEEN.sub("", said)
    if re.fullmatch(r"[A-Z]+", parted):
        is_word = len(parted) > 1 and parted == said and not set(parted) <= set(labels)
        if is_word or len(set(parted)) < len(parted):
            return None
        return tuple(sorted(_id(labels.index(each)) if each in labels else each.lower() for each in parted))
    match = _LABELLED.match(said)  # B. and the text of option B
    if match is None or match.group(1) not in labels:
        return None
    number = labels.index(match.group(1))
    return (_id(number),) if folded(options[number]) == folded(match.group(2)) else None


def _id(number: int) -> str:
    return chr(ord("a") + min(number, 25))
