"""Exams, their immutable versions, attempts at them and the answers given."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.banks.models import QuestionVersion
from lms.courses.models import CONTENT_STATES
from lms.db import Model, append_only
from lms.people.models import Person, one_of

STILL_OPEN = text("submitted_at IS NULL")


class Exam(Model):
    """An exam, which keeps its slug while its versions change."""

    __tablename__ = "exam"
    __table_args__ = (one_of("state", CONTENT_STATES, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="live")
    current_id: Mapped[int | None] = mapped_column(ForeignKey("exam_version.id", use_alter=True))
    courses: Mapped[list[str]]  # slugs to finish first: those of every certification that asks for this exam

    current: Mapped["ExamVersion | None"] = relationship(foreign_keys=[current_id], post_update=True)


class ExamVersion(Model):
    """One immutable version of an exam's terms. Points are whole; scores are hundredths of a point."""

    __tablename__ = "exam_version"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    titles: Mapped[dict[str, str]]
    minutes: Mapped[int]
    pass_percent: Mapped[int]
    attempts: Mapped[int]
    cooldown_hours: Mapped[int]
    review: Mapped[str] = mapped_column(String(24))
    form: Mapped[str] = mapped_column(String(10), default="own")  # own | quarter: one for all in a quarter
    sections: Mapped[list[dict[str, Any]]]  # as in the file: type, count, points, scoring, draw
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    exam: Mapped[Exam] = relationship(foreign_keys=[exam_id])


class Attempt(Model):
    """One go at an exam. Its deadline is fixed at the start, by the server."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "exam_id", "number"),
        Index(
            "uq_attempt_open",
            "person_id",
            "exam_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        CheckConstraint("deadline > started_at", name="deadline"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    exam_version_id: Mapped[int] = mapped_column(ForeignKey("exam_version.id"))
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    submitted_at: Mapped[datetime | None]  # the deadline itself when time ran out
    closed_by: Mapped[str | None] = mapped_column(String(8))  # hand | deadline
    earned: Mapped[int | None]  # hundredths of a point
    possible: Mapped[int]  # hundredths of a point
    passed: Mapped[bool | None]

    person: Mapped[Person] = relationship()
    exam: Mapped[Exam] = relationship()
    version: Mapped[ExamVersion] = relationship()
    items: Mapped[list["AttemptItem"]] = relationship(
        back_populates="attempt", order_by="AttemptItem.position"
    )
    answers: Mapped[list["Answer"]] = relationship(back_populates="attempt", order_by="Answer.position")


class AttemptItem(Model):
    """A question on somebody's paper: which version, and its options in the order they were shown."""

    __tablename__ = "attempt_item"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        UniqueConstraint("attempt_id", "question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]  # from 1
    section: Mapped[int]  # index into the exam version's sections
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    option_order: Mapped[list[str]]
    points: Mapped[int]  # whole points
    earned: Mapped[int | None]  # hundredths of a point, once graded

    attempt: Mapped[Attempt] = relationship(back_populates="items")
    version: Mapped[QuestionVersion] = relationship()


class Answer(Model):
    """What is chosen at one position. `seq` grows with every save; an older one never overwrites."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    chosen: Mapped[list[str]]
    flagged: Mapped[bool]
    seq: Mapped[int] = mapped_column(BigInteger)  # a client may count in milliseconds
    saved_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")


append_only(ExamVersion)
