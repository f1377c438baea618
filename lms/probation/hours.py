"""Trial shifts in figures: slots, attendance, the service ratio and credited hours.

Hours are integers in hundredths of an hour, ratios are exact fractions: nothing here is a float.
The formula is that of the cloud-service training notes: credited hours = scheduled hours x attendance
factor x service factor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from lms.errors import N_, Reason

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    """Policy section `[hours]`. Percentages are whole numbers, times are minutes unless named otherwise."""

    grace_minutes: int  # late is later than the start plus this
    late_applies_to: Literal["shift", "first_hour"]
    late_percent: int  # what a late shift (or its first hour) still counts
    absent_percent: int
    full_ratio_percent: int  # this service ratio or more counts full
    below_full_percent: int  # what counts below it
    low_ratio_percent: int  # below this ratio ...
    below_low_percent: int  # ... this counts
    ratio_over: Literal["shift", "presence"]  # shift time, or check-in to the shift's end
    shortest_shift_hours: int
    longest_shift_hours: int
    check_in_opens_minutes: int  # how long before the start one may check in
    record_within_days: int  # how long after its start a shift may still be entered


class Attendance(StrEnum):
    """How a person turned up for a shift."""

    ON_TIME = "on_time"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A stretch of scheduled time, from `start` up to but not including `end`."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // MINUTE

    def overlaps(self, other: "Slot") -> bool:
        return self.start < other.end and other.start < self.end

    def touches(self, other: "Slot") -> bool:
        return self.end == other.start or other.end == self.start


@dataclass(frozen=True, slots=True)
class WorkedShift:
    """A shift that is over. Serving and waiting are minutes within the slot; overrun is kept elsewhere."""

    slot: Slot
    checked_in_at: datetime | None
    serving_minutes: int = 0
    waiting_minutes: int = 0

    @property
    def service_minutes(self) -> int:
        """Minutes serving a customer or ready for the next one."""
        return self.serving_minutes + self.waiting_minutes


@dataclass(frozen=True, slots=True)
class Credit:
    """What a shift counts and why: all that is needed to work it out again by hand."""

    scheduled_minutes: int
    attendance: Attendance
    attendance_factor: Fraction
    service_minutes: int
    over_minutes: int  # what the service ratio is taken over
    service_factor: Fraction
    hundredths: int  # credited hours in hundredths

    @property
    def ratio(self) -> Fraction | None:
        """The service ratio, or None for a shift that nobody worked."""
        return Fraction(self.service_minutes, self.over_minutes) if self.over_minutes else None


def merge(slots: Iterable[Slot]) -> list[Slot]:
    """The shifts that slots make up: those that touch (or overlap) are one shift for every rule."""
    merged: list[Slot] = []
    for slot in sorted(slots):
        if merged and slot.start <= merged[-1].end:
            merged[-1] = Slot(merged[-1].start, max(merged[-1].end, slot.end))
        else:
            merged.append(slot)
    return merged


def why_not_slot(slot: Slot, policy: HoursPolicy) -> Reason | None:
    """Why a slot cannot be a shift, or None: whole hours, within the shortest and longest of policy."""
    if slot.end <= slot.start:
        return Reason(N_("A shift ends after it starts. Past midnight, give the next day's date."))
    if (slot.end - slot.start) % HOUR:
        return Reason(N_("A shift lasts whole hours. Move its start or its end."))
    if slot.end - slot.start < policy.shortest_shift_hours * HOUR:
        return Reason(N_("A shift lasts at least %(hours)s h."), hours=policy.shortest_shift_hours)
    if slot.end - slot.start > policy.longest_shift_hours * HOUR:
        return Reason(N_("A shift lasts at most %(hours)s h."), hours=policy.longest_shift_hours)
    return None


def attendance_of(slot: Slot, checked_in_at: datetime | None, policy: HoursPolicy) -> Attendance:
    """On time up to and including the grace after the start; a check-in at the end or later is none."""
    if checked_in_at is None or checked_in_at >= slot.end:
        return Attendance.ABSENT
    if checked_in_at > slot.start + policy.grace_minutes * MINUTE:
        return Attendance.LATE
    return Attendance.ON_TIME


def present_minutes(slot: Slot, checked_in_at: datetime | None) -> int:
    """Whole minutes from check-in (or the start, if that is later) to the end of the slot; 0 when absent."""
    if checked_in_at is None or checked_in_at >= slot.end:
        return 0
    return (slot.end - max(slot.start, checked_in_at)) // MINUTE


def credit(shift: WorkedShift, policy: HoursPolicy) -> Credit:
    """The credited hours of a shift, rounded half up to 0.01 h, with every factor that made them."""
    minutes = shift.slot.minutes
    attendance = attendance_of(shift.slot, shift.checked_in_at, policy)
    over = _over_minutes(shift, attendance, policy)
    at = _attendance_factor(attendance, minutes, policy)
    service = _service_factor(Fraction(shift.service_minutes, over) if over else Fraction(0), policy)
    return Credit(
        scheduled_minutes=minutes,
        attendance=attendance,
        attendance_factor=at,
        service_minutes=shift.service_minutes if over else 0,
        over_minutes=over,
        service_factor=service,
        hundredths=half_up(Fraction(minutes * 100, 60) * at * service),
    )


def mean_ratio(credits: Iterable[Credit]) -> Fraction | None:
    """Total service minutes over total minutes, so that a long shift weighs more; None without any."""
    worked = [each for each in credits if each.over_minutes]
    over = sum(each.over_minutes for each in worked)
    return Fraction(sum(each.service_minutes for each in worked), over) if over else None


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves upwards; for values of 0 or more."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def decimal_of(value: Fraction, places: int) -> Decimal:
    """A fraction as people read it, rounded half up to so many places. For showing, never for deciding."""
    return Decimal(half_up(value * 10**places)).scaleb(-places)


def _over_minutes(shift: WorkedShift, attendance: Attendance, policy: HoursPolicy) -> int:
    if attendance is Attendance.ABSENT:
        return 0
    if policy.ratio_over == "shift":
        return shift.slot.minutes
    return present_minutes(shift.slot, shift.checked_in_at)


def _attendance_factor(attendance: Attendance, minutes: int, policy: HoursPolicy) -> Fraction:
    if attendance is Attendance.ON_TIME:
        return Fraction(1)
    if attendance is Attendance.ABSENT:
        return Fraction(policy.absent_percent, 100)
    late = Fraction(policy.late_percent, 100)
    if policy.late_applies_to == "shift":
        return late
    first_hour = min(HOUR // MINUTE, minutes)
    return (late * first_hour + (minutes - first_hour)) / minutes


def _service_factor(ratio: Fraction, policy: HoursPolicy) -> Fraction:
    if ratio >= Fraction(policy.full_ratio_percent, 100):
        return Fraction(1)
    if ratio >= Fraction(policy.low_ratio_percent, 100):
        return Fraction(policy.below_full_percent, 100)
    return Fraction(policy.below_low_percent, 100)
