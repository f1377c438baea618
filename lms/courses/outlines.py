"""The live courses with their lessons as one person finds them: what is done, what remains, what is next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import aliased

from lms.courses.models import Course, Lesson, LessonProgress, LessonText, LessonVersion
from lms.courses.rules import Progress, State, next_of
from lms.db import db

LIVE = and_(Course.state == "live", Lesson.state == "live", Lesson.current_id.is_not(None))


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A live lesson. `titles` is by language, `check` holds references of questions."""

    id: int
    course: str
    course_titles: dict[str, str]
    slug: str
    version_id: int
    titles: dict[str, str]
    minutes: int
    edition: int
    acknowledge: bool
    check: tuple[str, ...]
    progress: Progress

    @property
    def state(self) -> State:
        """How the person stands with it."""
        return self.progress.state

    @property
    def is_changed(self) -> bool:
        """Whether the person read an earlier edition and has to read this one."""
        return self.state is State.CHANGED


@dataclass(frozen=True, slots=True)
class CourseOutline:
    """A live course with its lessons in reading order."""

    slug: str
    titles: dict[str, str]
    summaries: dict[str, str]
    area: str
    lessons: tuple[LessonRow, ...]

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(lesson.state is State.DONE for lesson in self.lessons)

    @property
    def is_done(self) -> bool:
        """Whether every lesson is done."""
        return self.done == len(self.lessons)

    @property
    def changed(self) -> int:
        """How many lessons have to be read again."""
        return sum(lesson.is_changed for lesson in self.lessons)

    @property
    def minutes(self) -> int:
        """The reading time of all lessons."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def minutes_left(self) -> int:
        """The reading time of the lessons that are not done."""
        return sum(lesson.minutes for lesson in self.lessons if lesson.state is not State.DONE)

    @property
    def next(self) -> LessonRow | None:
        """The lesson to go on with."""
        return next_lesson_of(self.lessons)

    def lesson(self, slug: str) -> LessonRow | None:
        """The lesson of this slug."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def beside(self, lesson: LessonRow, step: int) -> LessonRow | None:
        """The lesson so many places after (or before) another."""
        at = self.lessons.index(lesson) + step
        return self.lessons[at] if 0 <= at < len(self.lessons) else None


def next_lesson_of(lessons: Sequence[LessonRow]) -> LessonRow | None:
    """The one of these lessons to go on with."""
    at = next_of([lesson.progress for lesson in lessons])
    return None if at is None else lessons[at]


def outlines(person_id: int) -> list[CourseOutline]:
    """All live courses that have lessons, in reading order. One statement."""
    return list(_courses(db.session.execute(_lessons(person_id)).all()))


def outline(course: str, person_id: int) -> CourseOutline | None:
    """One live course by its slug, if it has lessons. One statement."""
    rows = db.session.execute(_lessons(person_id).where(Course.slug == course)).all()
    return next(_courses(rows), None)


def _courses(rows: Sequence[Row[Any]]) -> Iterator[CourseOutline]:
    for slug, group in groupby(rows, key=lambda row: row.course):
        lessons = list(group)
        first = lessons[0]
        yield CourseOutline(
            slug, first.course_titles, first.summaries, first.area, tuple(_lesson(row) for row in lessons)
        )


def _lesson(row: Row[Any]) -> LessonRow:
    return LessonRow(
        id=row.id,
        course=row.course,
        course_titles=row.course_titles,
        slug=row.slug,
        version_id=row.version_id,
        titles={language: title for language, title in (("en", row.en), ("zh", row.zh)) if title},
        minutes=row.minutes,
        edition=row.edition,
        acknowledge=row.acknowledge,
        check=tuple(row.check),
        progress=Progress(
            place=row.place or "",
            last_at=row.last_at,
            read_at=row.read_at,
            acknowledged_at=row.acknowledged_at,
            passed_at=row.check_passed_at,
            done_at=row.done_at,
            earlier=row.earlier,
        ),
    )


def _lessons(person_id: int) -> Select[*tuple[Any, ...]]:
    english, chinese = aliased(LessonText), aliased(LessonText)
    statement: Any = (
        select(
            Course.slug.label("course"),
            Course.titles.label("course_titles"),
            Course.summaries,
            Course.area,
            Lesson.id,
            Lesson.slug,
            LessonVersion.id.label("version_id"),
            LessonVersion.minutes,
            LessonVersion.edition,
            LessonVersion.acknowledge,
            LessonVersion.check,
            english.title.label("en"),
            chinese.title.label("zh"),
            LessonProgress.place,
            LessonProgress.last_at,
            LessonProgress.read_at,
            LessonProgress.acknowledged_at,
            LessonProgress.check_passed_at,
            LessonProgress.done_at,
            _earlier(person_id).label("earlier"),
        )
        .select_from(Lesson)
        .join(Course, Course.id == Lesson.course_id)
        .join(LessonVersion, LessonVersion.id == Lesson.current_id)
        .outerjoin(english, and_(english.version_id == LessonVersion.id, english.language == "en"))
        .outerjoin(chinese, and_(chinese.version_id == LessonVersion.id, chinese.language == "zh"))
        .outerjoin(
            LessonProgress,
            and_(
                LessonProgress.lesson_id == Lesson.id,
                LessonProgress.edition == LessonVersion.edition,
                LessonProgress.person_id == person_id,
            ),
        )
        .where(LIVE)
        .order_by(Course.order, Course.slug, Lesson.order, Lesson.slug)
    )
    return statement


def _earlier(person_id: int) -> ScalarSelect[int | None]:
    """The newest edition before the current one that the person read."""
    older = aliased(LessonProgress)
    return (
        select(func.max(older.edition))
        .where(
            older.person_id == person_id,
            older.lesson_id == Lesson.id,
            older.edition < LessonVersion.edition,
            older.read_at.is_not(None),
        )
        .correlate(Lesson, LessonVersion)
        .scalar_subquery()
    )
