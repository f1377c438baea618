"""The course of a trial: who may be scheduled, checked in, scored and decided on, and what is proposed.

A guard gives the reason it refuses, or None.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from lms.errors import N_, Reason
from lms.probation.gates import (
    CRITERIA,
    HIGHEST,
    LOWEST,
    Figures,
    Gate,
    GatesPolicy,
    Unit,
    gates,
    shown,
    unmet,
)
from lms.probation.hours import (
    MINUTE,
    Attendance,
    HoursPolicy,
    Slot,
    attendance_of,
    merge,
    present_minutes,
    why_not_slot,
)

SATURDAY = 5


class Decision(StrEnum):
    """What a manager can decide about a trial."""

    CONFIRM = "confirm"
    CONFIRM_EARLY = "confirm_early"
    EXTEND = "extend"
    END = "end"


NOT_YET = "not_yet"
"""Proposed instead of a decision while the trial simply goes on."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as the rules see it. `due_on` is the day from which it is decided, extensions included."""

    person_id: int
    stage: str | None
    decided: bool  # confirmed or ended; an extension leaves it open
    due_on: date
    extended: bool  # once only


@dataclass(frozen=True, slots=True)
class ShiftState:
    """A trial shift as the rules see it."""

    slot: Slot
    checked_in_at: datetime | None = None
    closed: bool = False
    scored: bool = False


def working_day(start: date, number: int) -> date:
    """The `number`th working day (Monday to Friday) counted from `start`, which is the first if it is one."""
    day = start
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    for _ in range(number - 1):
        day += timedelta(days=3 if day.weekday() == SATURDAY - 1 else 1)
    return day


def working_days(start: date, until: date) -> int:
    """How many working days lie from `start` to `until`, both included; 0 when `until` is earlier."""
    span = (until - start).days + 1
    if span <= 0:
        return 0
    weeks, rest = divmod(span, 7)
    return weeks * SATURDAY + sum((start.weekday() + i) % 7 < SATURDAY for i in range(rest))


def why_not_start_trial(
    person_id: int, *, stage: str | None, standing: str, mentor_id: int, actor_id: int
) -> Reason | None:
    """Why a trial cannot begin for somebody."""
    if actor_id == person_id:
        return Reason(N_("Nobody decides on themselves. Ask another manager."))
    if stage != "trainee":
        return Reason(N_("A trial begins for a trainee. This person is at another stage."))
    if mentor_id == person_id:
        return Reason(N_("Nobody mentors themselves. Choose another mentor."))
    if standing in ("suspended", "revoked", "blacklisted"):
        return Reason(N_("The conduct ledger stands in the way: see the person's page."))
    return None


def why_not_schedule(
    slot: Slot,
    others: Iterable[ShiftState],
    *,
    stage: str | None,
    standing: str,
    now: datetime,
    policy: HoursPolicy,
) -> Reason | None:
    """Why a slot cannot be added to a person's shifts. Slots may touch, never overlap.

    A shift may be entered some days afterwards, because shops note them on paper first.
    """
    if stage != "on_trial":
        return Reason(N_("Trial shifts are for people on trial."))
    if standing in ("suspended", "revoked", "blacklisted"):
        return Reason(N_("Whoever is suspended works no shifts. See the conduct ledger."))
    if why := why_not_slot(slot, policy):
        return why
    if slot.start < now - timedelta(days=policy.record_within_days):
        days = policy.record_within_days
        return Reason(N_("A shift can be entered up to %(days)s days afterwards."), days=days)
    others = list(others)
    if clash := next((other for other in others if slot.overlaps(other.slot)), None):
        return Reason(N_("This overlaps with another shift that starts %(when)s."), when=clash.slot.start)
    touching = [other for other in others if slot.touches(other.slot)]
    for other in touching:
        if other.closed or (other.checked_in_at is not None and slot.start < other.slot.start):
            return Reason(N_("This touches a shift that cannot change any more. Leave time between them."))
    return why_not_slot(merge([slot, *(other.slot for other in touching)])[0], policy)


def why_not_check_in(shift: ShiftState, now: datetime, policy: HoursPolicy) -> Reason | None:
    """Why a person cannot check in to their shift now."""
    opens = shift.slot.start - policy.check_in_opens_minutes * MINUTE
    if shift.closed:
        return Reason(N_("This shift is closed already."))
    if shift.checked_in_at is not None:
        return Reason(N_("You checked in at %(when)s."), when=shift.checked_in_at)
    if now < opens:
        return Reason(N_("Check-in opens at %(when)s."), when=opens)
    if now >= shift.slot.end:
        return Reason(N_("This shift is over. Ask your mentor to record when you came."))
    return None


def why_not_record_attendance(shift: ShiftState, at: datetime | None, now: datetime) -> Reason | None:
    """Why a mentor cannot record when somebody came; `at` None records that they did not come."""
    if shift.closed:
        return Reason(N_("This shift is closed already."))
    if now < shift.slot.start:
        return Reason(N_("This shift has not begun."))
    if at is not None and at > now:
        return Reason(N_("The check-in cannot lie in the future."))
    if at is not None and at >= shift.slot.end:
        return Reason(N_("The check-in must lie before the shift's end. Leave it empty if nobody came."))
    return None


def why_not_close(
    shift: ShiftState, *, serving_minutes: int, waiting_minutes: int, now: datetime, policy: HoursPolicy
) -> Reason | None:
    """Why a shift cannot be closed with these minutes."""
    if shift.closed:
        return Reason(N_("This shift is closed already."))
    if now < shift.slot.end:
        return Reason(N_("A shift is closed after its end, from %(when)s."), when=shift.slot.end)
    if serving_minutes < 0 or waiting_minutes < 0:
        return Reason(N_("Minutes cannot be negative."))
    present = present_minutes(shift.slot, shift.checked_in_at)
    absent = attendance_of(shift.slot, shift.checked_in_at, policy) is Attendance.ABSENT
    if absent and serving_minutes + waiting_minutes:
        return Reason(N_("Nobody came to this shift, so it has no minutes. Record the check-in first."))
    if serving_minutes + waiting_minutes > present:
        return Reason(
            N_("Serving and waiting come to %(minutes)s minutes; the person was there for %(present)s."),
            minutes=serving_minutes + waiting_minutes,
            present=present,
        )
    return None


def why_not_score(shift: ShiftState, scores: Mapping[str, int], policy: HoursPolicy) -> Reason | None:
    """Why a rubric cannot be taken: a closed, attended shift, once, and every item from 1 to 5."""
    if not shift.closed:
        return Reason(N_("Close the shift first, then score it."))
    if attendance_of(shift.slot, shift.checked_in_at, policy) is Attendance.ABSENT:
        return Reason(N_("Nobody came to this shift, so there is nothing to score."))
    if shift.scored:
        return Reason(N_("This shift has been scored already."))
    if set(scores) != set(CRITERIA) or not all(LOWEST <= score <= HIGHEST for score in scores.values()):
        return Reason(N_("Score every item from %(low)s to %(high)s."), low=LOWEST, high=HIGHEST)
    return None


def why_not_early(rows: Sequence[Gate], figures: Figures, policy: GatesPolicy) -> tuple[Reason, ...]:
    """Everything that speaks against confirming before the due date; empty when nothing does."""
    reasons = [row.reason for row in unmet(rows)]
    mean, target = figures.mean_rubric, Fraction(policy.early_mean_rubric)
    if mean is None or mean < target:
        says = N_("Early confirmation asks for a mean rubric of %(target)s; it is %(figure)s.")
        reasons.append(Reason(says, target=shown(target, Unit.SCORE), figure=shown(mean, Unit.SCORE)))
    if policy.early_needs_mentor and not figures.mentor_recommends:
        reasons.append(Reason(N_("Early confirmation asks for the mentor's recommendation.")))
    return tuple(reasons)


def propose(
    figures: Figures, trial: Trial, today: date, policy: GatesPolicy
) -> tuple[str, tuple[Reason, ...]]:
    """A Decision or NOT_YET: what the figures speak for on a day, with every reason. It decides nothing."""
    rows = gates(figures, policy)
    missing = tuple(row.reason for row in unmet(rows))
    if figures.standing in ("revoked", "blacklisted"):
        return Decision.END, missing
    if today < trial.due_on:
        early = why_not_early(rows, figures, policy)
        if not early:
            return Decision.CONFIRM_EARLY, (Reason(N_("All gates are met, and well, before the due date.")),)
        return NOT_YET, (Reason(N_("The trial runs until %(due)s."), due=trial.due_on), *early)
    if not missing:
        return Decision.CONFIRM, (Reason(N_("All gates are met and the trial has run its time.")),)
    if not trial.extended:
        return Decision.EXTEND, missing
    return Decision.END, (*missing, Reason(N_("The trial has been extended once already.")))


def why_not_decide(
    decision: Decision, trial: Trial, figures: Figures, *, actor_id: int, today: date, policy: GatesPolicy
) -> Reason | None:
    """Why a manager cannot decide this. Gates that do not bind may be waived, with a reason."""
    if actor_id == trial.person_id:
        return Reason(N_("Nobody decides on themselves. Ask another manager."))
    if trial.decided:
        return Reason(N_("This trial has been decided already."))
    if trial.stage != "on_trial":
        return Reason(N_("This person is not on trial."))
    if decision is Decision.EXTEND and trial.extended:
        return Reason(N_("The trial has been extended once already. Confirm or end it."))
    if decision is Decision.CONFIRM_EARLY:
        return _first(why_not_early(gates(figures, policy), figures, policy))
    if decision is Decision.CONFIRM:
        if today < trial.due_on:
            says = N_("The trial runs until %(due)s. Before that, only an early confirmation is possible.")
            return Reason(says, due=trial.due_on)
        return _first([row.reason for row in unmet(gates(figures, policy)) if row.id in policy.binding])
    return None


def extended(trial: Trial, today: date, policy: GatesPolicy) -> date:
    """The due date after an extension: counted from the old one, or from today when that has passed."""
    return max(trial.due_on, today) + timedelta(days=policy.extension_days)


def _first(reasons: Sequence[Reason]) -> Reason | None:
    return reasons[0] if reasons else None
