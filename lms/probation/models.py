"""Training plans, mentors, trial shifts, the rubric and the probation they lead through."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Model, append_only
from lms.people.models import Decision, Person, one_of
from lms.probation.gates import CRITERIA, HIGHEST, LOWEST

SHIFT_STATES = ("planned", "closed", "cancelled")
UNDECIDED = text("ended_on IS NULL")
STANDING = text("state <> 'cancelled'")


class TrainingPlan(Model):
    """A plan of phases as the programme file has it: days, courses, activities and a gate each."""

    __tablename__ = "training_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    order: Mapped[int]
    titles: Mapped[dict[str, str]]
    phases: Mapped[list[dict[str, Any]]]
    is_live: Mapped[bool] = mapped_column(default=True)


class Probation(Model):
    """A person's time on trial under a plan. `phases` is the plan as it was on day one."""

    __tablename__ = "probation"
    __table_args__ = (
        Index(
            "uq_probation_open", "person_id", unique=True,
            sqlite_where=UNDECIDED, postgresql_where=UNDECIDED,
        ),
        CheckConstraint("due_on > starts_on", name="due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id"))
    phases: Mapped[list[dict[str, Any]]]
    starts_on: Mapped[date]
    due_on: Mapped[date]  # when the decision is due
    extended: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(16))  # confirmed | confirmed_early | ended
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    person: Mapped[Person] = relationship()
    plan: Mapped[TrainingPlan] = relationship()
    decision: Mapped[Decision | None] = relationship()


class Shift(Model):
    """A trial shift of whole hours. Figures are whole minutes, credited time hundredths of an hour."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("uq_shift_start", "person_id", "starts_at", unique=True,
              sqlite_where=STANDING, postgresql_where=STANDING),
        one_of("state", SHIFT_STATES, "state"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    checked_in_at: Mapped[datetime | None]  # None on a closed shift: absent
    overrun_minutes: Mapped[int | None]  # beyond the end, until the last chat was done
    serving_minutes: Mapped[int | None]
    waiting_minutes: Mapped[int | None]
    chats: Mapped[int | None]
    attendance: Mapped[str | None] = mapped_column(String(8))  # on_time | late | absent
    credited: Mapped[int | None]  # hundredths of an hour
    workings: Mapped[dict[str, Any] | None]  # factors and ratio as computed, with the policy version
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    evaluation: Mapped["Evaluation | None"] = relationship(back_populates="shift")


class Evaluation(Model):
    """The mentor's rubric for one shift: six criteria from 1 to 5."""

    __tablename__ = "evaluation"
    __table_args__ = tuple(
        CheckConstraint(f"{criterion} BETWEEN {LOWEST} AND {HIGHEST}", name=criterion)
        for criterion in CRITERIA
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    product: Mapped[int]
    rules: Mapped[int]
    tone: Mapped[int]
    speed: Mapped[int]
    tools: Mapped[int]
    teamwork: Mapped[int]
    comment: Mapped[str] = mapped_column(Text)
    recommends: Mapped[bool] = mapped_column(default=False)  # early confirmation

    shift: Mapped[Shift] = relationship(back_populates="evaluation")
    by: Mapped[Person] = relationship()


class ActivitySignature(Model):
    """An activity of the plan, signed off."""

    __tablename__ = "activity_signature"
    __table_args__ = (UniqueConstraint("probation_id", "activity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    probation_id: Mapped[int] = mapped_column(ForeignKey("probation.id"))
    activity: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship()


append_only(Evaluation, ActivitySignature)
