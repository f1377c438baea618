"""How far people have come, for all features. The number of statements never depends on how much there is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.courses.models import Course, GlossaryTerm, Lesson, LessonProgress, LessonVersion
from lms.courses.outlines import LIVE, LessonRow, next_lesson_of, outlines
from lms.courses.rules import glossary_order
from lms.db import db


def next_lesson(person_id: int) -> LessonRow | None:
    """The lesson to go on with, with its titles, minutes and state; None if all are done. One statement.

    Its page is `url_for("courses.lesson", course=row.course, lesson=row.slug)`.
    """
    return next_lesson_of([lesson for course in outlines(person_id) for lesson in course.lessons])


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How far somebody has come with one live course; minutes are reading time, titles by language."""

    slug: str
    titles: dict[str, str]
    area: str
    lessons: int
    done: int
    minutes: int
    minutes_left: int
    last_done_at: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether every lesson is done at its current edition."""
        return self.done == self.lessons


def course_progress_of(people: Collection[int]) -> dict[int, list[CourseProgress]]:
    """For each person, every live course that has lessons, in reading order. Two statements."""
    courses, finished = _live_courses(), _finished(people)
    return {
        person: [_progress(course, finished.get((person, course.id))) for course in courses]
        for person in people
    }


def _live_courses() -> Sequence[Row[Any]]:
    count, minutes = func.count(Lesson.id), func.sum(LessonVersion.minutes)
    rows: Sequence[Any] = db.session.execute(
        select(
            Course.id,
            Course.slug,
            Course.titles,
            Course.area,
            count.label("lessons"),
            minutes.label("minutes"),
        )
        .join(Lesson, Lesson.course_id == Course.id)
        .join(LessonVersion, LessonVersion.id == Lesson.current_id)
        .where(LIVE)
        .group_by(Course.id)
        .order_by(Course.order, Course.slug)
    ).all()
    return rows


def _finished(people: Collection[int]) -> dict[tuple[int, int], Row[Any]]:
    """By person and course: how many lessons are done, the minutes of those, and when the last one was."""
    done, minutes = func.count(Lesson.id), func.sum(LessonVersion.minutes)
    last = func.max(LessonProgress.done_at)
    rows: Sequence[Any] = db.session.execute(
        select(
            LessonProgress.person_id,
            Lesson.course_id,
            done.label("done"),
            minutes.label("minutes"),
            last.label("last"),
        )
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .join(LessonVersion, LessonVersion.id == Lesson.current_id)
        .where(
            LIVE,
            LessonProgress.edition == LessonVersion.edition,
            LessonProgress.done_at.is_not(None),
            LessonProgress.person_id.in_(people),
        )
        .group_by(LessonProgress.person_id, Lesson.course_id)
    ).all()
    return {(row.person_id, row.course_id): row for row in rows}


def _progress(course: Row[Any], finished: Row[Any] | None) -> CourseProgress:
    return CourseProgress(
        slug=course.slug,
        titles=course.titles,
        area=course.area,
        lessons=course.lessons,
        done=finished.done if finished else 0,
        minutes=course.minutes,
        minutes_left=course.minutes - (finished.minutes if finished else 0),
        last_done_at=finished.last if finished else None,
    )


def course_progress(person_id: int) -> list[CourseProgress]:
    """Every live course that has lessons, in reading order, with the person's progress. Two statements."""
    return course_progress_of([person_id])[person_id]


def courses_done_by(people: Collection[int]) -> dict[int, set[str]]:
    """For each person, the slugs of the live courses of which every lesson is done at its current edition."""
    return {
        person: {course.slug for course in courses if course.is_done}
        for person, courses in course_progress_of(people).items()
    }


def courses_done(person_id: int) -> set[str]:
    """The slugs of the courses a person has finished."""
    return courses_done_by([person_id])[person_id]


def titles_of(slugs: Iterable[str]) -> dict[str, dict[str, str]]:
    """The titles of courses by slug, each a map from language to title."""
    rows = db.session.execute(select(Course.slug, Course.titles).where(Course.slug.in_(list(slugs))))
    return dict(rows.all())


def live_lesson(course: str, lesson: str) -> Lesson | None:
    """The lesson with its course and current version, if both are live. One statement."""
    return db.session.scalar(
        select(Lesson)
        .join(Lesson.course)
        .where(LIVE, Course.slug == course, Lesson.slug == lesson)
        .options(contains_eager(Lesson.course), joinedload(Lesson.current))
    )


def glossary(language: str) -> list[GlossaryTerm]:
    """Every term, sorted by its name in a language. One statement."""
    terms = {term.slug: term for term in db.session.scalars(select(GlossaryTerm))}
    order = glossary_order((slug, term.names.get(language, "")) for slug, term in terms.items())
    return [terms[slug] for slug in order]
