"""The JSON that clients of the exam pages rely on. Points are numbers in points, moments ISO 8601 in UTC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lms.exams import papers, rules
from lms.exams.grading import Tally
from lms.exams.models import Attempt
from lms.exams.queries import ShownQuestion
from lms.exams.results import Result, ReviewedQuestion


def points(hundredths: int) -> int | float:
    """Hundredths as a number of points: 300 is 3, 167 is 1.67."""
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


def answer(stored: rules.Answer) -> dict[str, Any]:
    """A stored answer."""
    return {"chosen": list(stored.chosen), "flagged": stored.flagged, "seq": stored.seq}


def timing(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """When the attempt ends, and how long that is from now."""
    sitting = papers.sitting_of(attempt)
    return {"deadline": attempt.deadline.isoformat(), "remaining_s": sitting.remaining_s(now)}


def paper(
    attempt: Attempt, questions: Sequence[ShownQuestion], language: str, now: datetime
) -> dict[str, Any]:
    """An attempt with all that is asked and answered so far."""
    return {
        "id": attempt.id,
        "exam": attempt.exam.slug,
        "state": papers.state_of(attempt, now),
        **timing(attempt, now),
        "language": language,
        "questions": [_question(question) for question in questions],
    }


def _question(question: ShownQuestion) -> dict[str, Any]:
    return {
        "position": question.position,
        "section": question.section + 1,
        "type": question.type,
        "points": question.points,
        "stem": question.stem,
        "options": [{"id": option.id, "text": option.text} for option in question.options],
        **answer(question.answer),
    }


def result(found: Result) -> dict[str, Any]:
    """A graded attempt, and what its review policy releases."""
    shown: dict[str, Any] = {
        "id": found.attempt.id,
        "exam": found.attempt.exam.slug,
        "state": "submitted",
        "ended_at": found.ended_at.isoformat(),
        "score": points(found.earned),
        "possible": points(found.possible),
        "pass_mark": points(found.pass_mark),
        "passed": found.passed,
        "must_pass_missed": found.missed_musts,
        "review": str(found.review),
        "sections": [
            {"section": number, "type": each.type, **_tally(each.tally)}
            for number, each in enumerate(found.sections, start=1)
        ],
    }
    if found.review.shows_marks:
        shown["topics"] = [{"bank": each.tally.name, **_tally(each.tally)} for each in found.topics]
        shown["questions"] = [_reviewed(question) for question in found.questions]
    return shown


def _tally(each: Tally) -> dict[str, Any]:
    return {
        "score": points(each.earned),
        "possible": points(each.possible),
        "right": each.right,
        "asked": each.asked,
    }


def _reviewed(question: ReviewedQuestion) -> dict[str, Any]:
    shown = {
        "position": question.mark.position,
        "section": question.mark.section + 1,
        "type": question.type,
        "stem": question.stem,
        "chosen": list(question.chosen),
        "score": points(question.mark.earned),
        "possible": points(question.mark.possible),
        "right": question.mark.is_right,
        "lesson": question.lesson.ref if question.lesson else None,
    }
    if question.keys is not None:
        shown |= {"keys": list(question.keys), "explanation": question.explanation}
    return shown


def unfinished(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What there is to say of a result before there is one."""
    return {
        "id": attempt.id,
        "exam": attempt.exam.slug,
        "state": "open",
        **timing(attempt, now),
        "score": None,
        "possible": points(attempt.possible),
        "passed": None,
        "sections": [],
    }
