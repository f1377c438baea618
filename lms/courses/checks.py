"""The check at the end of a lesson: its questions as shown, as marked, and what came of them.

A check asks the live practice questions that the lesson names, in its order. Questions reserved for exams are
never asked here, whatever the lesson names. What is shown carries no key until a check is handed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from lms.banks.models import Question, QuestionText, QuestionVersion
from lms.banks.ordering import option_order
from lms.courses.models import CheckSitting, LessonVersion
from lms.courses.rules import CheckItem
from lms.db import db

LETTERS = "ABCDEFGHIJ"
TRUE_FALSE = "true_false"


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One option: its id, its letter by place, its safe HTML."""

    id: str
    letter: str
    html: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question of a check without anything that tells its key."""

    version_id: int
    type: str
    stem_html: str
    options: tuple[ShownOption, ...]


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question of a check that was handed in, with what was chosen, the keys and the explanation."""

    shown: ShownQuestion
    chosen: tuple[str, ...]
    right: bool
    keys: frozenset[str]
    explanation_html: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One go at a check."""

    at: datetime
    questions: tuple[MarkedQuestion, ...]
    right: int
    asked: int
    passed: bool


def _asked(check: Sequence[str], *columns: Any) -> Select[Any]:
    """These columns of the questions that a check asks."""
    return (
        select(Question.ref, *columns)
        .join(QuestionVersion, QuestionVersion.id == Question.current_id)
        .where(Question.ref.in_(check), Question.state == "live", QuestionVersion.use == "practice")
    )


def _in_order(check: Sequence[str], rows: Iterable[Any]) -> list[Any]:
    """The first row of each question, in the order of the check."""
    by_ref: dict[str, Any] = {}
    for row in rows:
        by_ref.setdefault(row.ref, row)
    return [by_ref[ref] for ref in check if ref in by_ref]


def items_of(check: Sequence[str]) -> list[CheckItem]:
    """What a check asks, with the keys: to be marked, never shown. One statement, none for an empty check."""
    if not check:
        return []
    columns = (QuestionVersion.id, QuestionVersion.type, QuestionVersion.option_ids, QuestionVersion.keys)
    return [
        CheckItem(row.id, row.type, frozenset(row.option_ids), frozenset(row.keys))
        for row in _in_order(check, db.session.execute(_asked(check, *columns)))
    ]


SHOWN = (
    QuestionVersion.id, QuestionVersion.type, QuestionVersion.shuffle, QuestionVersion.option_ids,
    QuestionText.language, QuestionText.stem_html, QuestionText.options,
)  # fmt: skip


def questions_of(check: Sequence[str], person_id: int, language: str) -> list[ShownQuestion]:
    """What a check asks, as this person sees it. One statement."""
    statement = _asked(check, *SHOWN).join(QuestionText, QuestionText.version_id == QuestionVersion.id)
    rows = db.session.execute(statement.order_by(QuestionText.language != language))
    return [_shown(row, person_id) for row in _in_order(check, rows)]


def _shown(row: Any, person_id: int) -> ShownQuestion:
    shuffle = row.shuffle and row.type != TRUE_FALSE
    order = option_order(f"check {person_id}", row.ref, row.option_ids, shuffle=shuffle)
    html = {option["id"]: option["html"] for option in row.options}
    options = tuple(ShownOption(id, letter, html[id]) for letter, id in zip(LETTERS, order, strict=False))
    return ShownQuestion(row.id, row.type, row.stem_html, options)


def result_of(sitting_id: int, lesson_id: int, person_id: int, language: str) -> CheckResult | None:
    """What came of one go at a lesson's check, if it was this person's. Two statements."""
    sitting = db.session.scalar(
        select(CheckSitting)
        .join(LessonVersion, LessonVersion.id == CheckSitting.lesson_version_id)
        .where(
            CheckSitting.id == sitting_id,
            CheckSitting.person_id == person_id,
            LessonVersion.lesson_id == lesson_id,
        )
    )
    if sitting is None:
        return None
    texts = _texts([answer["question_version_id"] for answer in sitting.answers], language)
    questions = tuple(_marked(answer, texts, person_id) for answer in sitting.answers)
    return CheckResult(sitting.at, questions, sitting.right, sitting.asked, sitting.passed)


def _texts(versions: Sequence[int], language: str) -> dict[int, Any]:
    rows = db.session.execute(
        select(Question.ref, *SHOWN, QuestionVersion.keys, QuestionText.explanation_html)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(QuestionText, QuestionText.version_id == QuestionVersion.id)
        .where(QuestionVersion.id.in_(versions))
        .order_by(QuestionText.language == language)  # the wanted language last: it stays
    )
    return {row.id: row for row in rows}


def _marked(answer: Mapping[str, Any], texts: Mapping[int, Any], person_id: int) -> MarkedQuestion:
    row = texts[answer["question_version_id"]]
    return MarkedQuestion(
        shown=_shown(row, person_id),
        chosen=tuple(answer["chosen"]),
        right=answer["right"],
        keys=frozenset(row.keys),
        explanation_html=row.explanation_html,
    )
