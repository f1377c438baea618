"""Reading a lesson: keeping the place, marking it as read, passing its check, finishing its course."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.audit import record
from lms.courses.models import CheckSitting, Lesson, LessonProgress, LessonVersion
from lms.courses.queries import courses_done
from lms.courses.rules import PLACE, Answers, CheckItem, Progress, is_done, mark, why_not_marked
from lms.courses.signals import course_completed
from lms.db import db, lock_name
from lms.errors import N_, Reason, Refused
from lms.people.models import Person


def keep_place(lesson: Lesson, place: str, person: Person, *, now: datetime) -> LessonProgress:
    """Remember the part reached last. Raises Refused (422) where `place` is no part's anchor. Not audited."""
    if not PLACE.match(place):
        raise Refused(Reason(N_("There is no such part of a lesson. Start again from its page.")), 422)
    progress = _progress(lesson, person, now)
    progress.place = place
    db.session.flush()
    return progress


def mark_read(
    lesson: Lesson,
    items: Sequence[CheckItem],
    person: Person,
    *,
    acknowledged: bool,
    actor: Person,
    now: datetime,
) -> LessonProgress:
    """Note that the current edition was read, and acknowledged where it asks for that. Raises Refused (422).

    `items` is what the lesson's check asks. Marking twice changes nothing.
    """
    progress = _progress(lesson, person, now)
    if _current(lesson).acknowledge and not (acknowledged or progress.acknowledged_at):
        raise Refused(Reason(N_("Tick that you have read this and will follow it. Then go on.")), 422)
    if progress.read_at is None:
        progress.read_at = now
        record(actor, "lesson.read", lesson, now=now, edition=progress.edition, person=person.id)
    if acknowledged and _current(lesson).acknowledge and progress.acknowledged_at is None:
        progress.acknowledged_at = now
        record(actor, "lesson.acknowledge", lesson, now=now, edition=progress.edition, person=person.id)
    _finish(progress, lesson, person, has_check=bool(items), actor=actor, now=now)
    return progress


def sit_check(
    lesson: Lesson,
    items: Sequence[CheckItem],
    answers: Answers,
    person: Person,
    *,
    pass_percent: int,
    actor: Person,
    now: datetime,
) -> CheckSitting:
    """Mark one go at a lesson's check, which asks `items`. Raises Refused (422) unless all are answered."""
    if reason := why_not_marked(items, answers):
        raise Refused(reason, 422)
    progress = _progress(lesson, person, now)
    sitting = _sitting(items, answers, pass_percent)
    sitting.person_id, sitting.lesson_version_id, sitting.at = person.id, _current(lesson).id, now
    db.session.add(sitting)
    record(actor, "check.sit", sitting, now=now, right=sitting.right, asked=sitting.asked)
    if sitting.passed and progress.check_passed_at is None:
        progress.check_passed_at = now
    _finish(progress, lesson, person, has_check=True, actor=actor, now=now)
    return sitting


def _sitting(items: Sequence[CheckItem], answers: Answers, pass_percent: int) -> CheckSitting:
    """One go, marked."""
    marked = mark(items, answers, pass_percent)
    kept = [
        {"question_version_id": id, "chosen": sorted(answers[id]), "right": right}
        for id, right in zip((item.version_id for item in items), marked.right, strict=True)
    ]
    return CheckSitting(answers=kept, right=sum(marked.right), asked=len(items), passed=marked.passed)


def _current(lesson: Lesson) -> LessonVersion:
    assert lesson.current is not None  # a live lesson has a version
    return lesson.current


def _progress(lesson: Lesson, person: Person, now: datetime) -> LessonProgress:
    """The row of this person, lesson and edition, made if need be.

    What a person does in one course is done in turn: two last lessons finished at once still finish it.
    """
    lock_name(f"course {lesson.course_id} of {person.id}")
    edition = _current(lesson).edition
    progress = db.session.scalar(
        select(LessonProgress).where(
            LessonProgress.person_id == person.id,
            LessonProgress.lesson_id == lesson.id,
            LessonProgress.edition == edition,
        )
    )
    if progress is None:
        progress = LessonProgress(
            person_id=person.id, lesson_id=lesson.id, edition=edition, opened_at=now, last_at=now
        )
        db.session.add(progress)
    progress.last_at = now
    return progress


def _finish(
    progress: LessonProgress, lesson: Lesson, person: Person, *, has_check: bool, actor: Person, now: datetime
) -> None:
    """Note that the lesson is done if it is, and tell the others when the course is done with it."""
    so_far = Progress(
        read_at=progress.read_at,
        acknowledged_at=progress.acknowledged_at,
        passed_at=progress.check_passed_at,
    )
    acknowledge = _current(lesson).acknowledge
    if progress.done_at is None and is_done(so_far, acknowledge=acknowledge, has_check=has_check):
        progress.done_at = now
        db.session.flush()
        if lesson.course.slug in courses_done(person.id):
            record(actor, "course.complete", lesson.course, now=now, person=person.id)
            course_completed.send(None, person=person, course=lesson.course.slug, actor=actor, now=now)
    db.session.flush()
