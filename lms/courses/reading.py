"""Everything a lesson's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.courses.checks import items_of
from lms.courses.models import GlossaryTerm, LessonText, LessonVersion
from lms.courses.outlines import CourseOutline, LessonRow, outline
from lms.courses.rules import Heading, headings_of, terms_of
from lms.db import db


@dataclass(frozen=True, slots=True)
class Change:
    """What an edition brought, and when it was loaded."""

    edition: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson as one person reads it. `text` is in the wanted language or, where that lacks, in the other.

    `questions` says how many its check asks.
    """

    course: CourseOutline
    lesson: LessonRow
    text: LessonText
    headings: tuple[Heading, ...]
    terms: Sequence[GlossaryTerm]
    questions: int
    changes: Sequence[Change]

    @property
    def number(self) -> int:
        """Its place in the course, from 1."""
        return self.course.lessons.index(self.lesson) + 1

    @property
    def previous(self) -> LessonRow | None:
        """The lesson before it in the course."""
        return self.course.beside(self.lesson, -1)

    @property
    def next(self) -> LessonRow | None:
        """The lesson after it in the course."""
        return self.course.beside(self.lesson, 1)

    @property
    def asks_to_read(self) -> bool:
        """Whether it still has to be marked as read, or acknowledged, or both."""
        progress = self.lesson.progress
        if progress.done_at is not None:
            return False
        unpromised = self.lesson.acknowledge and progress.acknowledged_at is None
        return progress.read_at is None or unpromised or not self.questions

    @property
    def asks_check(self) -> bool:
        """Whether its check has still to be passed."""
        return bool(self.questions) and self.lesson.progress.passed_at is None

    @property
    def place(self) -> Heading | None:
        """The part to go on at: the one reached last, unless it is the first or the lesson is read."""
        if self.lesson.progress.read_at is not None:
            return None
        return next((each for each in self.headings[1:] if each.id == self.lesson.progress.place), None)


def lesson_page(course: str, lesson: str, person_id: int, language: str) -> LessonPage | None:
    """The page of a live lesson, or None. Five statements at most."""
    outlined = outline(course, person_id)
    row = outlined.lesson(lesson) if outlined else None
    if outlined is None or row is None:
        return None
    text = _text(row.version_id, language)
    return LessonPage(
        course=outlined,
        lesson=row,
        text=text,
        headings=headings_of(text.html),
        terms=_terms(terms_of(text.html)),
        questions=len(items_of(row.check)),
        changes=_changes(row, language) if row.is_changed else (),
    )


def _text(version_id: int, language: str) -> LessonText:
    return db.session.scalars(
        select(LessonText)
        .where(LessonText.version_id == version_id)
        .order_by(LessonText.language != language)
        .limit(1)
    ).one()


def _terms(slugs: Sequence[str]) -> list[GlossaryTerm]:
    """The terms, in order of appearance; those that the glossary lacks are left out."""
    if not slugs:
        return []
    terms = db.session.scalars(select(GlossaryTerm).where(GlossaryTerm.slug.in_(slugs)))
    found = {term.slug: term for term in terms}
    return [found[slug] for slug in slugs if slug in found]


def _changes(row: LessonRow, language: str) -> list[Change]:
    """What each edition since the one they read brought, the newest first."""
    rows: Sequence[Any] = db.session.execute(
        select(LessonVersion.edition, LessonVersion.created_at, LessonText.changed)
        .join(LessonText, LessonText.version_id == LessonVersion.id)
        .where(
            LessonVersion.lesson_id == row.id,
            LessonVersion.edition > (row.progress.earlier or 0),
            LessonVersion.edition <= row.edition,
            LessonText.changed.is_not(None),
        )
        .order_by(LessonText.language == language, LessonVersion.number)  # what is wanted last: it stays
    ).all()
    newest = {edition: Change(edition, at, text) for edition, at, text in rows if text}
    return sorted(newest.values(), key=lambda change: -change.edition)
