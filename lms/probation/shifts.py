"""Trial shifts: planned, attended, closed with their minutes, and scored."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms import clock
from lms.audit import record
from lms.conduct.queries import standing_of
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.people.models import Person
from lms.policy.queries import policy_in_force
from lms.probation.figures import state_of
from lms.probation.hours import Credit, HoursPolicy, Slot, WorkedShift, credit, merge
from lms.probation.models import Evaluation, Shift
from lms.probation.rules import (
    why_not_check_in,
    why_not_close,
    why_not_record_attendance,
    why_not_schedule,
    why_not_score,
)


def schedule_shift(person: Person, slot: Slot, *, actor: Person, now: datetime) -> Shift:
    """Plan a trial shift. A slot that touches planned ones makes one shift with them. Raises Refused."""
    lock(person)
    today = clock.day_of(now)
    planned = _shifts_near(person, slot)
    if why := why_not_schedule(
        slot,
        [state_of(shift) for shift in planned],
        stage=person.stage,
        standing=standing_of(person, today).state,
        now=now,
        policy=policy_in_force(today).policy.hours,
    ):
        raise Refused(why, 422)
    touching = [shift for shift in planned if slot.touches(Slot(shift.starts_at, shift.ends_at))]
    shift = touching[0] if touching else Shift(person_id=person.id, state="planned")
    for absorbed in touching[1:]:
        shift.checked_in_at = shift.checked_in_at or absorbed.checked_in_at
        absorbed.state = "cancelled"
    (whole,) = merge([slot, *(Slot(each.starts_at, each.ends_at) for each in touching)])
    db.session.flush()
    shift.starts_at, shift.ends_at = whole.start, whole.end
    db.session.add(shift)
    db.session.flush()
    record(actor, "shift.plan", shift, now=now, person=person.id,
           starts_at=slot.start.isoformat(), ends_at=slot.end.isoformat())  # fmt: skip
    return shift


def cancel_shift(shift: Shift, *, actor: Person, now: datetime) -> None:
    """Take back a shift that has not begun. Raises Refused."""
    lock(shift)
    if shift.state != "planned" or shift.checked_in_at is not None or now >= shift.starts_at:
        raise Refused(Reason(N_("Only a shift that has not begun can be cancelled.")))
    shift.state = "cancelled"
    db.session.flush()
    record(actor, "shift.cancel", shift, now=now, person=shift.person_id)


def check_in(shift: Shift, *, actor: Person, now: datetime) -> None:
    """Come to one's own shift. Raises Refused."""
    lock(shift)
    _must_be_planned(shift)
    if why := why_not_check_in(state_of(shift), now, _hours(now)):
        raise Refused(why)
    shift.checked_in_at = now
    db.session.flush()
    record(actor, "shift.check_in", shift, now=now, person=shift.person_id)


def record_attendance(shift: Shift, at: datetime | None, *, actor: Person, now: datetime) -> None:
    """Record when somebody came, or (None) that they did not. Raises Refused."""
    lock(shift)
    _must_be_planned(shift)
    if why := why_not_record_attendance(state_of(shift), at, now):
        raise Refused(why, 422)
    before, shift.checked_in_at = shift.checked_in_at, at
    db.session.flush()
    record(actor, "shift.attendance", shift, now=now, person=shift.person_id,
           came=at.isoformat() if at else None, before=before.isoformat() if before else None)  # fmt: skip


def close_shift(
    shift: Shift,
    *,
    serving_minutes: int,
    waiting_minutes: int,
    overrun_minutes: int | None = None,
    chats: int | None = None,
    actor: Person,
    now: datetime,
) -> Credit:
    """Close a shift with its minutes and credit its hours, once. Raises Refused."""
    lock(shift)
    _must_be_planned(shift)
    policy = policy_in_force(clock.day_of(now))
    if why := why_not_close(
        state_of(shift),
        serving_minutes=serving_minutes,
        waiting_minutes=waiting_minutes,
        now=now,
        policy=policy.policy.hours,
    ):
        raise Refused(why, 409 if shift.state == "closed" or now < shift.ends_at else 422)
    made = credit(
        WorkedShift(
            Slot(shift.starts_at, shift.ends_at), shift.checked_in_at, serving_minutes, waiting_minutes
        ),
        policy.policy.hours,
    )
    shift.state = "closed"
    shift.serving_minutes, shift.waiting_minutes = serving_minutes, waiting_minutes
    shift.overrun_minutes, shift.chats = overrun_minutes, chats
    shift.attendance, shift.credited = str(made.attendance), made.hundredths
    shift.workings = _workings(made, policy.number)
    shift.closed_at, shift.closed_by_id = now, actor.id
    db.session.flush()
    record(actor, "shift.close", shift, now=now, person=shift.person_id, credited=made.hundredths)
    return made


def score_shift(
    shift: Shift, scores: dict[str, int], comment: str, recommends: bool, *, actor: Person, now: datetime
) -> Evaluation:
    """The mentor's rubric for a closed shift, once. Raises Refused."""
    lock(shift)
    if actor.id == shift.person_id:
        raise Refused(Reason(N_("Nobody decides on themselves. Ask another manager.")), 403)
    if why := why_not_score(state_of(shift), scores, _hours(now)):
        raise Refused(why, 409 if shift.evaluation or shift.state != "closed" else 422)
    evaluation = Evaluation(
        shift_id=shift.id, by_id=actor.id, at=now, comment=comment, recommends=recommends, **scores
    )
    db.session.add(evaluation)
    db.session.flush()
    record(actor, "shift.score", evaluation, now=now, person=shift.person_id, recommends=recommends)
    return evaluation


def _shifts_near(person: Person, slot: Slot) -> list[Shift]:
    """The person's shifts that overlap or touch a slot, in order."""
    return list(
        db.session.scalars(
            select(Shift)
            .where(
                Shift.person_id == person.id,
                Shift.state != "cancelled",
                Shift.starts_at <= max(slot.start, slot.end),
                Shift.ends_at >= min(slot.start, slot.end),
            )
            .order_by(Shift.starts_at)
        )
    )


def _hours(now: datetime) -> HoursPolicy:
    return policy_in_force(clock.day_of(now)).policy.hours


def _must_be_planned(shift: Shift) -> None:
    if shift.state == "cancelled":
        raise Refused(Reason(N_("This shift was cancelled.")))


def _workings(made: Credit, policy_number: int) -> dict[str, Any]:
    """What the credit was reckoned from; factors as exact fractions."""
    return {
        "scheduled_minutes": made.scheduled_minutes,
        "attendance_factor": str(made.attendance_factor),
        "service_minutes": made.service_minutes,
        "over_minutes": made.over_minutes,
        "service_factor": str(made.service_factor),
        "policy": policy_number,
    }
