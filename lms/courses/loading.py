"""Courses from their files into the database: versions of lessons are added, never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms import audit
from lms.courses.files import CourseFile, LessonFile, SourceFile, TermFile
from lms.courses.models import Course, GlossaryTerm, Lesson, LessonText, LessonVersion
from lms.db import db
from lms.interchange.changes import Changes, content_hash
from lms.markup import render

LIVE, RETIRED = "live", "retired"


def load_courses(
    courses: Sequence[CourseFile], sources: Mapping[str, SourceFile], changes: Changes, *, now: datetime
) -> None:
    """Bring courses and lessons up to date with the files. Lessons that a course no longer has retire."""
    known = _known_courses([course.slug for course in courses])
    for file in courses:
        course = known.get(file.slug)
        is_new = course is None
        if course is None:
            course = Course(slug=file.slug, content_hash="")
            db.session.add(course)
        changed = _set_course(course, file)
        if is_new or changed:
            audit.record(None, "course.load", course, now=now)
        changes.note(f"course {file.slug}", is_new=is_new, has_changed=changed)
        _load_lessons(course, file, sources, changes, now)
    db.session.flush()


def _known_courses(slugs: Collection[str]) -> dict[str, Course]:
    found = db.session.scalars(
        select(Course)
        .where(Course.slug.in_(slugs))
        .options(selectinload(Course.lessons).joinedload(Lesson.current))
    )
    return {course.slug: course for course in found}


def _set_course(course: Course, file: CourseFile) -> bool:
    """Whether the file says anything new about the course itself."""
    texts = {"titles": dict(file.title), "summaries": dict(file.summary)}
    values = {"area": file.area, "order": file.order, **texts}
    new = content_hash(values)
    if course.content_hash == new and course.state == LIVE:
        return False
    for name, value in values.items():
        setattr(course, name, value)
    course.content_hash, course.state = new, LIVE
    return True


def _load_lessons(
    course: Course, file: CourseFile, sources: Mapping[str, SourceFile], changes: Changes, now: datetime
) -> None:
    known = {lesson.slug: lesson for lesson in course.lessons}
    for each in file.lessons:
        lesson = known.pop(each.slug, None)
        is_new = lesson is None
        if lesson is None:
            lesson = Lesson(course=course, slug=each.slug, order=each.order, state=LIVE)
            db.session.add(lesson)
        moved = (lesson.order, lesson.state) != (each.order, LIVE)
        lesson.order, lesson.state = each.order, LIVE
        rewritten = _add_version(lesson, each, sources, now)
        if is_new or rewritten:
            audit.record(None, "lesson.load", lesson, now=now, ref=each.ref)
        changes.note(f"lesson {each.ref}", is_new=is_new, has_changed=moved or rewritten)
    for lesson in known.values():
        if lesson.state == LIVE:
            lesson.state = RETIRED
            audit.record(None, "lesson.retire", lesson, now=now)
            changes.retired.append(f"lesson {course.slug}/{lesson.slug}")


def _add_version(lesson: Lesson, file: LessonFile, sources: Mapping[str, SourceFile], now: datetime) -> bool:
    """A new version if the file says anything that the current one does not; whether it did."""
    texts = {language: _text_values(file, language, sources) for language in file.texts}
    terms = {"edition": file.edition, "minutes": file.minutes, "acknowledge": file.acknowledge}
    new = content_hash({**terms, "check": list(file.check), "texts": texts})
    current = lesson.current
    if current is not None and current.content_hash == new:
        return False
    version = LessonVersion(
        lesson=lesson,
        number=current.number + 1 if current else 1,
        check=list(file.check),
        content_hash=new,
        created_at=now,
        **terms,
    )
    for language, values in texts.items():
        html = str(render(values["source"], language))
        version.texts.append(LessonText(language=language, html=html, **values))
    db.session.add(version)
    db.session.flush()
    lesson.current = version
    return True


def _text_values(file: LessonFile, language: str, sources: Mapping[str, SourceFile]) -> dict[str, Any]:
    text = file.texts[language]
    figures = []
    for figure in text.figures:
        source = sources.get(figure.source)
        named = {"source_title": source.title[language], "year": source.year} if source else {}
        figures.append({"text": figure.text, "about": figure.about, "source": figure.source, **named})
    return {
        "title": text.title,
        "changed": text.changed or None,
        "objectives": dict(text.objectives),
        "figures": figures,
        "source": text.body,
    }


def retire_courses_but(slugs: Collection[str], changes: Changes, *, now: datetime) -> None:
    """Retire the courses that no file describes any more, with their lessons."""
    gone = db.session.scalars(
        select(Course)
        .where(Course.slug.not_in(slugs), Course.state == LIVE)
        .options(selectinload(Course.lessons))
    )
    for course in gone:
        course.state = RETIRED
        for lesson in course.lessons:
            lesson.state = RETIRED
        audit.record(None, "course.retire", course, now=now)
        changes.retired.append(f"course {course.slug}")


def load_glossary(terms: Sequence[TermFile], changes: Changes, *, now: datetime) -> None:
    """Make the glossary that of the file. Only links refer to a term, and `lms check` has checked them."""
    known = {term.slug: term for term in db.session.scalars(select(GlossaryTerm))}
    for file in terms:
        term = known.pop(file.id, None)
        values = (dict(file.names), dict(file.means))
        changed = term is not None and (term.names, term.meanings) != values
        if term is None:
            db.session.add(GlossaryTerm(slug=file.id, names=values[0], meanings=values[1]))
        elif changed:
            term.names, term.meanings = values
        changes.note(f"term {file.id}", is_new=term is None, has_changed=changed)
    for term in known.values():
        db.session.delete(term)
        changes.retired.append(f"term {term.slug}")
    if known:
        audit.record(None, "glossary.load", None, now=now, removed=sorted(known))
    db.session.flush()
