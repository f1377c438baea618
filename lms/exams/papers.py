"""From rows to rules: the pools a paper is drawn from, and the marks of an attempt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from lms.banks.models import Bank, Question, QuestionVersion
from lms.db import db
from lms.exams.drawing import Draw, draw_paper, option_order, question_order
from lms.exams.files import DrawFile
from lms.exams.grading import Item, Mark, Scoring, is_pass, missed_musts, score
from lms.exams.models import Attempt, AttemptItem, ExamVersion
from lms.exams.rules import Sitting, Terms

HUNDREDTHS = 100


@dataclass(frozen=True)
class Outcome:
    """What an attempt comes to; points in hundredths."""

    marks: tuple[Mark, ...]
    earned: int
    possible: int
    missed_musts: int
    passed: bool


def terms_of(version: ExamVersion) -> Terms:
    """On what terms this version is sat."""
    return Terms(
        attempts=version.attempts,
        cooldown=timedelta(hours=version.cooldown_hours),
        opens_at=version.opens_at,
        closes_at=version.closes_at,
    )


def sitting_of(attempt: Attempt) -> Sitting:
    """The attempt as the clock sees it."""
    return Sitting(attempt.started_at, attempt.deadline, attempt.submitted_at)


def possible_points(version: ExamVersion) -> int:
    """The points of a whole paper, in hundredths."""
    return sum(section["count"] * section["points"] for section in version.sections) * HUNDREDTHS


def draw_items(version: ExamVersion, seed: str, form_seed: str | None = None) -> list[AttemptItem]:
    """A freshly drawn paper, as rows without an attempt. Raises CannotFillError.

    `seed` orders questions and options. It chooses the questions too, unless `form_seed` does: the same for
    everybody who sits the same form.
    """
    candidates = _candidates(version)
    chosen = draw_paper(_draws(version, candidates.values()), form_seed or seed)
    papers = [question_order(seed, questions) for questions in chosen]
    drawn = [(at, candidates[ref]) for at, refs in enumerate(papers) for ref in refs]
    return [
        AttemptItem(
            position=position,
            section=section,
            question_id=question.question_id,
            question_version_id=question.version_id,
            option_order=list(option_order(seed, question.ref, question.options, shuffle=question.shuffle)),
            points=version.sections[section]["points"],
        )
        for position, (section, question) in enumerate(drawn, start=1)
    ]


@dataclass(frozen=True)
class _Candidate:
    ref: str
    bank: str
    question_id: int
    version_id: int
    type: str
    level: int
    tags: tuple[str, ...]
    use: str
    options: tuple[str, ...]
    shuffle: bool


def _candidates(version: ExamVersion) -> dict[str, _Candidate]:
    """The live questions of the banks that this exam draws from, by reference."""
    banks = {bank for section in version.sections for draw in section["draw"] for bank in banks_of(draw)}
    found = db.session.execute(
        select(Question, Bank.slug, QuestionVersion)
        .join(Bank, Bank.id == Question.bank_id)
        .join(QuestionVersion, QuestionVersion.id == Question.current_id)
        .where(Bank.slug.in_(banks), Question.state == "live", QuestionVersion.use == "exam")
        .options(raiseload("*"))
    )
    return {
        question.ref: _Candidate(
            ref=question.ref,
            bank=bank,
            question_id=question.id,
            version_id=asked.id,
            type=asked.type,
            level=asked.level,
            tags=tuple(asked.tags),
            use=asked.use,
            options=tuple(asked.option_ids),
            shuffle=asked.shuffle and asked.type != "true_false",
        )
        for question, bank, asked in found
    }


def _draws(version: ExamVersion, candidates: Iterable[_Candidate]) -> list[list[Draw]]:
    """The sections' draws with the questions each may take, by the rule that `lms check` uses too."""
    known = list(candidates)
    return [[_pool(section["type"], draw, known) for draw in section["draw"]] for section in version.sections]


def banks_of(draw: Mapping[str, Any]) -> tuple[str, ...]:
    """The banks of a stored draw: versions older than `banks` name one."""
    return tuple(draw["banks"] if "banks" in draw else [draw["bank"]])


def _pool(section_type: str, draw: dict, candidates: Sequence[_Candidate]) -> Draw:
    asks = DrawFile(banks_of(draw), draw["count"], tuple(draw.get("tags", ())), tuple(draw.get("levels", ())))
    fitting = (
        question.ref
        for question in candidates
        if question.bank in asks.banks
        and asks.takes(section_type, question.type, question.level, question.tags, question.use)
    )
    return Draw(frozenset(fitting), asks.count)


def items_of(attempt: Attempt) -> list[AttemptItem]:
    """The attempt's items with their question versions, in order of position. One statement."""
    return list(
        db.session.scalars(
            select(AttemptItem)
            .where(AttemptItem.attempt_id == attempt.id)
            .options(
                joinedload(AttemptItem.version).joinedload(QuestionVersion.question).joinedload(Question.bank)
            )
            .order_by(AttemptItem.position)
        )
    )


def outcome_of(attempt: Attempt, items: Sequence[AttemptItem]) -> Outcome:
    """What the attempt comes to: as it was graded, else as its answers would be graded now."""
    chosen = {answer.position: answer.chosen for answer in attempt.answers}
    marks = tuple(_mark(attempt, item, chosen.get(item.position, [])) for item in items)
    earned = sum(mark.earned for mark in marks)
    missed = missed_musts(marks)
    passed = not missed and is_pass(earned, attempt.possible, attempt.version.pass_percent)
    return Outcome(marks, earned, attempt.possible, missed, passed)


def _mark(attempt: Attempt, item: AttemptItem, chosen: Sequence[str]) -> Mark:
    asked = item.version
    possible = item.points * HUNDREDTHS
    earned = item.earned
    section = attempt.version.sections[item.section]
    if earned is None:
        scoring = Scoring(section.get("scoring", Scoring.ALL_OR_NOTHING))
        question = Item(asked.type, possible, frozenset(asked.option_ids), frozenset(asked.keys))
        earned = score(question, chosen, scoring)
    return Mark(
        position=item.position,
        section=item.section,
        topic=asked.question.bank.slug,
        earned=earned,
        possible=possible,
        answered=bool(chosen),
        must_be_right=not set(section.get("must_pass", ())).isdisjoint(asked.tags),
    )


def state_of(attempt: Attempt, now: datetime) -> str:
    """`open`, or `submitted`: handed in, or its time is over, whether or not a job has closed it yet."""
    return "open" if sitting_of(attempt).is_open(now) else "submitted"
