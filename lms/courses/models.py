"""Courses, immutable versions of their lessons, and how far each person has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Model, append_only
from lms.people.models import Person, one_of

CONTENT_STATES = ("live", "retired")


class Course(Model):
    """A course of lessons. `titles` and `summaries` map a language to its text."""

    __tablename__ = "course"
    __table_args__ = (one_of("state", CONTENT_STATES, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    area: Mapped[str] = mapped_column(String(40))
    order: Mapped[int]
    titles: Mapped[dict[str, str]]
    summaries: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(10), default="live")
    content_hash: Mapped[str] = mapped_column(String(64))

    lessons: Mapped[list["Lesson"]] = relationship(back_populates="course", order_by="Lesson.order")


class Lesson(Model):
    """A lesson, which keeps its slug while its versions change."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("course_id", "slug"), one_of("state", CONTENT_STATES, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    slug: Mapped[str] = mapped_column(String(80))
    order: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="live")
    current_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_version.id", use_alter=True))

    course: Mapped[Course] = relationship(back_populates="lessons")
    current: Mapped["LessonVersion | None"] = relationship(foreign_keys=[current_id], post_update=True)


class LessonVersion(Model):
    """One immutable version of a lesson. A new `edition` asks its readers to read it again; a new version need not."""

    __tablename__ = "lesson_version"
    __table_args__ = (UniqueConstraint("lesson_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    number: Mapped[int]
    edition: Mapped[int]
    minutes: Mapped[int]
    acknowledge: Mapped[bool]
    check: Mapped[list[str]]  # references to questions: "bank/id"
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    lesson: Mapped[Lesson] = relationship(foreign_keys=[lesson_id])
    texts: Mapped[list["LessonText"]] = relationship(back_populates="version")


class LessonText(Model):
    """A lesson version in one language. The HTML is rendered when it is loaded, not when it is read."""

    __tablename__ = "lesson_text"
    __table_args__ = (UniqueConstraint("version_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id"))
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str]
    changed: Mapped[str | None] = mapped_column(Text)
    objectives: Mapped[dict[str, str]]  # id -> sentence
    figures: Mapped[list[dict[str, Any]]]  # {"text", "about", "source"}
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)

    version: Mapped[LessonVersion] = relationship(back_populates="texts")


class GlossaryTerm(Model):
    """A term of the trade in both languages with its meaning."""

    __tablename__ = "glossary_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    names: Mapped[dict[str, str]]
    meanings: Mapped[dict[str, str]]


class LessonProgress(Model):
    """How far a person has come with one edition of a lesson."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("person_id", "lesson_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    edition: Mapped[int]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80), default="")  # the heading reached last, to resume at
    read_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    check_passed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    lesson: Mapped[Lesson] = relationship()


class CheckSitting(Model):
    """One go at the questions that end a lesson, with what was answered and what was right."""

    __tablename__ = "check_sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    lesson_version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id"))
    at: Mapped[datetime]
    answers: Mapped[list[dict[str, Any]]]  # {"question_version_id", "chosen", "right"}
    right: Mapped[int]
    asked: Mapped[int]
    passed: Mapped[bool]


append_only(LessonVersion, LessonText, CheckSitting)
