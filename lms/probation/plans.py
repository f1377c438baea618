"""A training plan as a page shows it: phases by working days, with courses and signed activities."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from lms.courses.queries import courses_done, titles_of
from lms.db import db
from lms.exams.models import Attempt, Exam, ExamVersion
from lms.probation.models import ActivitySignature, Probation
from lms.probation.rules import working_days


@dataclass(frozen=True)
class CourseView:
    """A course of a phase; titles by language."""

    slug: str
    titles: Mapping[str, str]
    done: bool


@dataclass(frozen=True)
class ExamView:
    """An exam at the end of a phase; titles by language."""

    slug: str
    titles: Mapping[str, str]
    passed: bool


@dataclass(frozen=True)
class ActivityView:
    """An activity of a phase; `signature` once it is signed off."""

    id: str
    titles: Mapping[str, str]
    hours: str
    signed_by: str
    signature: ActivitySignature | None


@dataclass(frozen=True)
class PhaseView:
    """A phase with its working days, counted from 1; state is done, now or later by the calendar."""

    titles: Mapping[str, str]
    first_day: int
    last_day: int
    state: str
    courses: list[CourseView]
    activities: list[ActivityView]
    exams: list[ExamView]


def day_and_length(probation: Probation, today: date) -> tuple[int, int]:
    """The "n of N" of "day n of N", in working days; n stays at N while the decision is overdue."""
    length = working_days(probation.starts_on, probation.due_on - timedelta(days=1))
    return min(max(1, working_days(probation.starts_on, today)), length), length


def plan_view(probation: Probation, today: date) -> list[PhaseView]:
    """The phases of somebody's plan as they stand. Five statements."""
    day, _ = day_and_length(probation, today)
    slugs = {slug for phase in probation.phases for slug in phase["courses"]}
    titles, done = titles_of(slugs), courses_done(probation.person_id)
    exams = _exams(probation)
    signed = {
        row.activity: row
        for row in db.session.scalars(
            select(ActivitySignature)
            .where(ActivitySignature.probation_id == probation.id)
            .options(joinedload(ActivitySignature.by).lazyload("*"))
        )
    }
    views, first = [], 1
    for phase in probation.phases:
        last = first + phase["days"] - 1
        views.append(_phase(phase, first, last, day, _courses(phase, titles, done), signed, exams))
        first = last + 1
    return views


def _exams(probation: Probation) -> dict[str, ExamView]:
    """The exams that the phases ask for, by slug, and whether they are passed."""
    slugs = {slug for phase in probation.phases for slug in phase["gate"]["exams"]}
    passed = exists().where(
        Attempt.exam_id == Exam.id, Attempt.person_id == probation.person_id, Attempt.passed.is_(True)
    )
    found = db.session.execute(
        select(Exam.slug, ExamVersion.titles, passed)
        .join(ExamVersion, Exam.current_id == ExamVersion.id)
        .where(Exam.slug.in_(slugs))
    )
    return {slug: ExamView(slug, titles, is_passed) for slug, titles, is_passed in found}


def _courses(
    phase: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]], done: Collection[str]
) -> list[CourseView]:
    return [CourseView(slug, titles[slug], slug in done) for slug in phase["courses"] if slug in titles]


def _phase(
    phase: Mapping[str, Any],
    first: int,
    last: int,
    day: int,
    courses: list[CourseView],
    signed: Mapping[str, ActivitySignature],
    exams: Mapping[str, ExamView],
) -> PhaseView:
    activities = [
        ActivityView(each["id"], each["title"], str(each["hours"]), each["signed_by"], signed.get(each["id"]))
        for each in phase["activities"]
    ]
    state = "done" if last < day else "now" if first <= day else "later"
    asked = [exams[slug] for slug in phase["gate"]["exams"] if slug in exams]
    return PhaseView(phase["title"], first, last, state, courses, activities, asked)
