"""Certifications and the awards that people hold."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.courses.models import CONTENT_STATES
from lms.db import Model
from lms.exams.models import Attempt
from lms.people.models import Person, one_of

LIVE = text("ended_at IS NULL")


class Certification(Model):
    """What can be earned: the courses and exams it takes, and how long it holds."""

    __tablename__ = "certification"
    __table_args__ = (one_of("state", CONTENT_STATES, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    order: Mapped[int]
    titles: Mapped[dict[str, str]]
    courses: Mapped[list[str]]
    exams: Mapped[list[str]]
    quarterly: Mapped[list[str]] = mapped_column(default=list)  # exams that its holders sit each quarter
    months: Mapped[int]
    renew_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="live")


class Award(Model):
    """A certification held through one attempt, up to the end of `ends_on` in the site's calendar."""

    __tablename__ = "award"
    __table_args__ = (
        Index(
            "uq_award_live",
            "person_id",
            "certification_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        CheckConstraint("ends_on > starts_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    awarded_at: Mapped[datetime]
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day it holds
    ended_at: Mapped[datetime | None]  # when a renewal took its place; a revocation follows from conduct
    ended_reason: Mapped[str | None] = mapped_column(String(20))  # renewed

    person: Mapped[Person] = relationship()
    certification: Mapped[Certification] = relationship()
    attempt: Mapped[Attempt] = relationship()
