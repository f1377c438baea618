"""What people of the demo company did, day by day, at its own time: by the operations a page would call.

Only the courses of those who are past them are written in bulk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from lms import audit, clock
from lms.banks.models import Question, QuestionVersion
from lms.certification.models import Certification
from lms.conduct.operations import record_entry
from lms.courses.checks import items_of as check_items
from lms.courses.models import CheckSitting, Course, Lesson, LessonProgress, LessonVersion
from lms.courses.progress import mark_read, sit_check
from lms.db import db
from lms.exams.models import Attempt, AttemptItem, Exam
from lms.exams.operations import save_answer, start_attempt, submit_attempt
from lms.exams.rules import Answer
from lms.people.models import Person
from lms.performance.chats import Chat
from lms.performance.operations import Typed, record_month
from lms.performance.rules import month_before
from lms.probation.gates import CRITERIA
from lms.probation.hours import Slot
from lms.probation.models import Shift
from lms.probation.shifts import check_in, close_shift, schedule_shift, score_shift

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Worked:
    """A trial shift as it went: days ago, its hours, how late in minutes, minutes served and waited, rubric, words."""

    days_ago: int
    begins: int
    hours: int
    late: int
    serving: int
    waiting: int
    rubric: tuple[int, int, int, int, int, int]
    comment: str
    recommends: bool = False


class Days:
    """The demo's calendar: everything happened so many days before `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = clock.day_of(now)

    def at(self, days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of the site's calendar, never later than now."""
        day = self.today - timedelta(days=days_ago)
        return min(datetime.combine(day, time(hour % 24, minute), clock.zone()), self.now)

    def next_start(self) -> datetime:
        """When a shift can begin next: in a few minutes up to an hour by day, else at nine."""
        local = self.now.astimezone(clock.zone())
        soon = local.replace(minute=0, second=0, microsecond=0) + HOUR
        if 8 <= soon.hour <= 17:
            return soon
        return local.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=local.hour >= 9)

    def on(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)


def study(person: Person, course: str, when: datetime, *, lessons: int | None = None) -> None:
    """Read the first `lessons` of a course (all of them by default) and pass their checks, ten minutes each."""
    rows = db.session.scalars(
        select(Lesson)
        .join(Course, Course.id == Lesson.course_id)
        .where(Course.slug == course, Lesson.state == "live")
        .options(joinedload(Lesson.current))
        .order_by(Lesson.order)
        .limit(lessons)
    ).all()
    for number, lesson in enumerate(rows):
        assert lesson.current is not None
        items = check_items(lesson.current.check)
        read = when + number * 10 * MINUTE
        mark_read(lesson, items, person, acknowledged=True, actor=person, now=read)
        answers = {item.version_id: frozenset(item.keys) for item in items}
        sit_check(lesson, items, answers, person, pass_percent=80, actor=person, now=read + 6 * MINUTE)


def study_for(person: Person, certification: str, when: datetime) -> None:
    """Finish the courses that a certification asks for, an hour each, as `study` would.

    Written in bulk: so many people times so many lessons, one operation each, would be most of a first start.
    """
    rows: list[tuple[datetime, Lesson, LessonVersion]] = []
    for number, (course, lessons) in enumerate(_lessons_for(certification)):
        start = when + number * HOUR
        rows += [(start + place * 10 * MINUTE, *each) for place, each in enumerate(lessons)]
        done = start + (len(lessons) - 1) * 10 * MINUTE + 6 * MINUTE
        audit.record(person, "course.complete", course, now=done, person=person.id)
    db.session.execute(insert(LessonProgress), [_read(person, *row) for row in rows])
    checks = _check_answers([version for _, _, version in rows])
    db.session.execute(
        insert(CheckSitting), [_passed(person, *row, checks[row[2].id]) for row in rows if checks[row[2].id]]
    )


def _lessons_for(certification: str) -> list[tuple[Course, list[tuple[Lesson, LessonVersion]]]]:
    """The courses a certification asks for, each with its live lessons in reading order."""
    wanted = db.session.scalars(select(Certification.courses).where(Certification.slug == certification)).one()
    found: dict[Course, list[tuple[Lesson, LessonVersion]]] = {}
    rows = db.session.execute(
        select(Course, Lesson, LessonVersion)
        .join(Lesson, Lesson.course_id == Course.id)
        .join(LessonVersion, LessonVersion.id == Lesson.current_id)
        .where(Course.slug.in_(wanted), Lesson.state == "live")
        .order_by(Course.order, Lesson.order)
    )
    for course, lesson, version in rows:
        found.setdefault(course, []).append((lesson, version))
    return list(found.items())


def _check_answers(versions: Sequence[LessonVersion]) -> dict[int, list[dict[str, Any]]]:
    """What somebody who gets everything right answers in the check of each lesson version, by its id."""
    by_ref: dict[str, Any] = {
        row.ref: row
        for row in db.session.execute(
            select(Question.ref, QuestionVersion.id, QuestionVersion.keys)
            .join(QuestionVersion, QuestionVersion.id == Question.current_id)
            .where(Question.ref.in_({ref for version in versions for ref in version.check}))
        )
    }
    return {
        version.id: [
            {"question_version_id": by_ref[ref].id, "chosen": sorted(by_ref[ref].keys), "right": True}
            for ref in version.check
        ]
        for version in versions
    }


def _read(person: Person, when: datetime, lesson: Lesson, version: LessonVersion) -> dict[str, Any]:
    """The progress row of a lesson that was read, and its check passed six minutes later."""
    done = when + 6 * MINUTE if version.check else when
    return {
        "person_id": person.id, "lesson_id": lesson.id, "edition": version.edition, "opened_at": when, "last_at": done,
        "read_at": when, "acknowledged_at": when if version.acknowledge else None,
        "check_passed_at": done if version.check else None, "done_at": done,
    }  # fmt: skip


def _passed(
    person: Person, when: datetime, _lesson: Lesson, version: LessonVersion, answers: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "person_id": person.id, "lesson_version_id": version.id, "at": when + 6 * MINUTE, "answers": answers,
        "right": len(answers), "asked": len(answers), "passed": True,
    }  # fmt: skip


def sit(person: Person, exam: str, when: datetime, wrong: int) -> Attempt:
    """Sit an exam and get `wrong` of its items wrong, always the same ones for the same person."""
    found = db.session.scalars(select(Exam).where(Exam.slug == exam).options(joinedload(Exam.current))).one()
    attempt, _ = start_attempt(found, person, language="zh", actor=person, now=when)
    items = db.session.scalars(
        select(AttemptItem)
        .where(AttemptItem.attempt_id == attempt.id)
        .options(joinedload(AttemptItem.version))
        .order_by(AttemptItem.position)
    ).all()
    missed = _some(items, wrong, person.username)
    for item in items:
        chosen = _wrong(item) if item.position in missed else tuple(item.version.keys)
        save_answer(attempt, item.position, Answer(chosen, False, 1), now=when + item.position * MINUTE)
    submit_attempt(attempt, actor=person, now=when + 40 * MINUTE)
    return attempt


def _some(items: Sequence[AttemptItem], count: int, salt: str) -> set[int]:
    """Positions of `count` items, cheapest first so that `wrong` says how far from a full score it ends."""

    def order(item: AttemptItem) -> tuple[int, str]:
        return item.points, sha256(f"{salt} {item.position}".encode()).hexdigest()

    return {item.position for item in sorted(items, key=order)[:count]}


def _wrong(item: AttemptItem) -> tuple[str, ...]:
    others = [option for option in item.version.option_ids if option not in item.version.keys]
    return (others[0],) if others else tuple(item.version.keys[:1])


def work_shift(person: Person, worked: Worked, mentor: Person, days: Days) -> Shift:
    """Plan, attend, close and score one trial shift."""
    start = days.at(worked.days_ago, worked.begins)
    shift = plan_shift(person, start, worked.hours, mentor, now=start - 2 * timedelta(days=1))
    check_in(
        shift,
        actor=person,
        now=start + worked.late * MINUTE - (10 * MINUTE if not worked.late else timedelta()),
    )
    over = shift.ends_at + 10 * MINUTE
    close_shift(
        shift, serving_minutes=worked.serving, waiting_minutes=worked.waiting, overrun_minutes=8,
        chats=worked.serving // 6, actor=mentor, now=over,
    )  # fmt: skip
    score_shift(
        shift, dict(zip(CRITERIA, worked.rubric, strict=True)), worked.comment, worked.recommends,
        actor=mentor, now=over + 20 * MINUTE,
    )  # fmt: skip
    return shift


def plan_shift(person: Person, start: datetime, hours: int, mentor: Person, *, now: datetime) -> Shift:
    """Plan a trial shift of whole hours."""
    return schedule_shift(person, Slot(start, start + hours * HOUR), actor=mentor, now=now)


def figures(person: Person, manager: Person, days: Days, kpis: Sequence[int], chats: Sequence[int]) -> None:
    """Record the last months' KPI (hundredths, newest last), each month with the same inspected chats (points)."""
    month = days.today.replace(day=1)
    for kpi in reversed(kpis):
        month = month_before(month)
        recorded = datetime.combine((month + timedelta(days=33)).replace(day=1), time(10), clock.zone())
        salt = int(sha256(f"{person.username} {month}".encode()).hexdigest()[:4], 16)
        typed = Typed(
            month, kpi, 1900 + salt % 700, 21 + salt % 3, [Chat(points * 100, False) for points in chats]
        )
        record_month(person, typed, token=f"demo-{person.username}-{month}", actor=manager,
                     now=min(recorded, days.now))  # fmt: skip


def first_chats(person: Person, manager: Person, days: Days, kpi: int, chats: Sequence[int]) -> None:
    """Record the running month of somebody on trial: it is never judged, but its chats count towards the gates."""
    month = days.today.replace(day=1)
    typed = Typed(month, kpi, 640, min(days.today.day, 12), [Chat(points * 100, False) for points in chats])
    record_month(person, typed, token=f"demo-{person.username}-{month}", actor=manager, now=days.now)


def note(person: Person, kind: str, days_ago: int, reason: str, manager: Person, days: Days) -> None:
    """An entry in the conduct ledger on the day it happened."""
    record_entry(
        person, kind, days.on(days_ago), reason, token=f"demo-{person.username}-{kind}-{days_ago}",
        actor=manager, now=days.at(days_ago, 18),
    )  # fmt: skip
