"""What stands between the braces of a GIFT question: options and which of them are right, or another kind of question.

Moodle's rules: `=` makes it single choice. Without one it is multiple choice, and every option with a percentage
above zero is right. A single percentage has no place here, so one that says more than right or wrong is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.errors import N_, Reason
from lms.interchange.gift_blocks import shown
from lms.interchange.reading import Note, note
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE

MAX_OPTIONS_READ = 100
_OPTION = re.compile(r"([~=])([^~=]*)")
_PERCENT = re.compile(r"\s*%(-?[\d.,]{1,20})%")
_WEIGHT = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]*)?\Z")
_TRUE_FALSE = {"T": 0, "TRUE": 0, "F": 1, "FALSE": 1}
_TOLERANCE = 1.0
ESSAY = N_("an essay")
NUMBER = N_("a number to fill in")
MATCHING = N_("pairs to match")
SHORT = N_("a short answer")
TEXT_ONLY = N_("a text without a question")
SHARES = N_("answers that earn different shares of the mark")
MINUS = N_("minus marks for wrong answers")
FEEDBACK = N_("feedback on single answers")
UNSURE = N_("the percentages of its options")
MANY = N_("the options after the hundredth")


@dataclass(slots=True)
class Answers:
    """What the braces hold. `other` is what it is if it is no question of ours; texts have their marks hidden.

    A true/false question has no options of its own. `type` is "" where options and keys tell it.
    """

    other: str = ""
    type: str = ""
    options: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    explanation: str = ""
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class _Option:
    text: str
    is_equal: bool
    weight: float = 0.0
    has_feedback: bool = False


def read_answers(answer: str, line: int) -> Answers:
    """What an answer section means. Notes stand on `line`."""
    answer, _mark, explanation = _general_feedback(answer.strip())
    if not answer:
        return Answers(ESSAY)
    if answer.startswith("#"):
        return Answers(NUMBER)
    if "~" in answer:
        found = _choice(answer, line)
    elif "=" in answer and "->" in answer:
        return Answers(MATCHING)
    else:
        said, feedback, _rest = answer.partition("#")
        if (key := _TRUE_FALSE.get(said.strip().upper())) is None:
            return Answers(SHORT)
        found = Answers(type=TRUE_FALSE, keys=[key])
        if feedback:
            found.notes.append(note(line, "not-kept", what=Reason(FEEDBACK)))
    found.explanation = explanation
    return found


def _general_feedback(answer: str) -> tuple[str, str, str]:
    before, mark, after = answer.rpartition("####")
    return (before.strip(), mark, after.strip()) if mark else (answer, "", "")


def _choice(answer: str, line: int) -> Answers:
    found = Answers()
    first = min(answer.find(mark) for mark in "~=" if mark in answer)
    if unmarked := answer[:first].strip():
        found.notes.append(note(line, "option-unmarked", text=shown(unmarked)[:80]))
        answer = "~" + answer
    options: list[_Option] = []
    for match in _OPTION.finditer(answer):
        if len(options) == MAX_OPTIONS_READ:
            found.notes.append(note(line, "lossy", what=Reason(MANY)))
            break
        options.append(_option(match.group(1), match.group(2), line, found.notes))
    if any(option.has_feedback for option in options):
        found.notes.append(note(line, "not-kept", what=Reason(FEEDBACK)))
    found.options = [] if len(options) == 1 and not options[0].text else [option.text for option in options]
    if any(option.is_equal for option in options):
        _judge_single(found, options, line)
    else:
        _judge_multiple(found, options, line)
    return found


def _option(mark: str, body: str, line: int, notes: list[Note]) -> _Option:
    is_equal = mark == "="
    weight = 100.0 if is_equal else 0.0
    if match := _PERCENT.match(body):
        body = body[match.end() :]
        if _WEIGHT.match(match.group(1)) and abs(float(match.group(1))) <= 100:
            weight = float(match.group(1))
        else:
            notes.append(note(line, "key-not-understood", answer=match.group().strip()))
    text, _mark, feedback = body.partition("#")
    return _Option(text.strip(), is_equal, weight, bool(feedback.strip()))


def _judge_single(found: Answers, options: Sequence[_Option], line: int) -> None:
    is_key = [option.is_equal or option.weight == 100 for option in options]
    found.keys = [number for number, key in enumerate(is_key) if key]
    found.type = SINGLE if len(found.keys) > 1 else ""
    if any(0 < option.weight < 100 for option in options):
        found.notes.append(note(line, "not-kept", what=Reason(SHARES)))
    if any(option.weight < 0 for option in options):
        found.notes.append(note(line, "not-kept", what=Reason(MINUS)))


def _judge_multiple(found: Answers, options: Sequence[_Option], line: int) -> None:
    right = [option.weight for option in options if option.weight > 0]
    wrong = [option.weight for option in options if option.weight <= 0]
    found.keys = [number for number, option in enumerate(options) if option.weight > 0]
    if not right:
        return
    found.type = MULTIPLE
    if abs(sum(right) - 100) > _TOLERANCE:
        found.notes.append(note(line, "lossy", what=Reason(UNSURE)))
    elif not _all_alike(right):
        found.notes.append(note(line, "not-kept", what=Reason(SHARES)))
    if any(wrong) and not (_all_alike(wrong) and abs(sum(wrong) + 100) <= _TOLERANCE):
        found.notes.append(note(line, "not-kept", what=Reason(MINUS)))  # ticking all would not give nothing


def _all_alike(weights: Sequence[float]) -> bool:
    return not weights or max(weights) - min(weights) < _TOLERANCE / 100
