"""What people have read and finished."""

from collections.abc import Collection, Iterable

from sqlalchemy import and_, func, select

from lms.courses.models import Course, Lesson, LessonProgress, LessonVersion
from lms.db import db


def courses_done_by(people: Collection[int]) -> dict[int, set[str]]:
    """For each person, the slugs of the live courses of which every lesson is done at its current edition."""
    lessons = dict(
        db.session.execute(
            select(Course.slug, func.count(Lesson.id))
            .join(Lesson, Lesson.course_id == Course.id)
            .where(Course.state == "live", Lesson.state == "live")
            .group_by(Course.slug)
        ).all()
    )
    done = db.session.execute(
        select(LessonProgress.person_id, Course.slug, func.count(Lesson.id))
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .join(LessonVersion, LessonVersion.id == Lesson.current_id)
        .where(
            and_(LessonProgress.edition == LessonVersion.edition, LessonProgress.done_at.is_not(None)),
            Course.state == "live", Lesson.state == "live", LessonProgress.person_id.in_(people),
        )
        .group_by(LessonProgress.person_id, Course.slug)
    )
    result: dict[int, set[str]] = {person: set() for person in people}
    for person, slug, count in done:
        if count >= lessons[slug]:
            result[person].add(slug)
    return result


def courses_done(person_id: int) -> set[str]:
    """The slugs of the courses a person has finished."""
    return courses_done_by([person_id])[person_id]


def titles_of(slugs: Iterable[str]) -> dict[str, dict[str, str]]:
    """The titles of courses by slug, each a map from language to title."""
    rows = db.session.execute(select(Course.slug, Course.titles).where(Course.slug.in_(list(slugs))))
    return dict(rows.tuples().all())
