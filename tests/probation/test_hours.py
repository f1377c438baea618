"""Slots, attendance, the service ratio and credited hours."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.probation.hours import (
    Attendance,
    Slot,
    WorkedShift,
    attendance_of,
    credit,
    decimal_of,
    half_up,
    mean_ratio,
    merge,
    present_minutes,
    why_not_slot,
)
from tests.probation.policies import CONTRACTOR_HOURS, EMPLOYEE_HOURS

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
FIRST_HOUR = replace(CONTRACTOR_HOURS, late_applies_to="first_hour")


def slot(hours: float, start: datetime = NINE) -> Slot:
    return Slot(start, start + timedelta(hours=hours))


def worked(hours: int, minutes_late: int | None, served: int) -> WorkedShift:
    """A shift from nine o'clock: how late (None for absent) and how many minutes served or ready."""
    came = None if minutes_late is None else NINE + minutes_late * MINUTE
    return WorkedShift(slot(hours), came, serving_minutes=served)


@pytest.mark.parametrize(
    ("shift", "policy", "hundredths"),
    [
        pytest.param(worked(2, 0, 120), CONTRACTOR_HOURS, 200, id="on time and busy"),
        pytest.param(worked(2, 30, 96), CONTRACTOR_HOURS, 180, id="2 h late is 1.8 h"),
        pytest.param(worked(2, 0, 83), CONTRACTOR_HOURS, 150, id="2 h at 69 % is 1.5 h"),
        pytest.param(worked(2, 30, 83), CONTRACTOR_HOURS, 135, id="both is 1.35 h"),
        pytest.param(worked(2, 0, 96), CONTRACTOR_HOURS, 200, id="80 % counts full"),
        pytest.param(worked(2, 0, 95), CONTRACTOR_HOURS, 150, id="just below 80 %"),
        pytest.param(worked(2, 0, 60), CONTRACTOR_HOURS, 150, id="50 % is not below 50 %"),
        pytest.param(worked(2, 0, 59), CONTRACTOR_HOURS, 100, id="below 50 % half"),
        pytest.param(worked(2, None, 0), CONTRACTOR_HOURS, 0, id="absent"),
        pytest.param(worked(2, 30, 72), EMPLOYEE_HOURS, 180, id="staff: 72 of 90 minutes present is 80 %"),
        pytest.param(worked(2, 30, 72), CONTRACTOR_HOURS, 135, id="cloud: 72 of 120 minutes is 60 %"),
        pytest.param(worked(2, 30, 96), FIRST_HOUR, 190, id="late costs the first hour only"),
        pytest.param(worked(1, 30, 60), FIRST_HOUR, 90, id="an hour is its own first hour"),
        pytest.param(worked(9, 6, 500), CONTRACTOR_HOURS, 810, id="a day shift, six minutes late"),
    ],
)
def test_credited_hours_are_scheduled_hours_times_attendance_times_service(shift, policy, hundredths):
    assert credit(shift, policy).hundredths == hundredths


def test_a_credit_carries_every_factor_so_that_it_can_be_reckoned_again_by_hand():
    made = credit(worked(2, 30, 83), CONTRACTOR_HOURS)
    assert made.attendance is Attendance.LATE
    assert (made.attendance_factor, made.service_factor) == (Fraction(9, 10), Fraction(3, 4))
    assert made.ratio == Fraction(83, 120)
    assert made.hundredths == half_up(
        made.scheduled_minutes * made.attendance_factor * made.service_factor * 100 / 60
    )


@pytest.mark.parametrize(
    ("seconds_after_start", "attendance"),
    [
        (-1800, Attendance.ON_TIME),
        (0, Attendance.ON_TIME),
        (300, Attendance.ON_TIME),
        (301, Attendance.LATE),
        (7199, Attendance.LATE),
        (7200, Attendance.ABSENT),
        (None, Attendance.ABSENT),
    ],
)
def test_late_is_later_than_the_grace_and_absent_is_not_before_the_end(seconds_after_start, attendance):
    came = None if seconds_after_start is None else NINE + timedelta(seconds=seconds_after_start)
    assert attendance_of(slot(2), came, EMPLOYEE_HOURS) is attendance


@pytest.mark.parametrize(
    ("minutes", "present"), [(-20, 120), (0, 120), (30, 90), (119, 1), (120, 0), (None, 0)]
)
def test_presence_runs_from_check_in_but_never_from_before_the_start(minutes, present):
    came = None if minutes is None else NINE + minutes * MINUTE
    assert present_minutes(slot(2), came) == present


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, None),
        (9, None),
        (12, None),
        (0, "ends after it starts"),
        (-2, "ends after it starts"),
        (0.5, "whole hours"),
        (1.5, "whole hours"),
        (13, "at most 12 h"),
    ],
)
def test_a_shift_is_whole_hours_and_ends_after_it_starts(hours, words):
    why = why_not_slot(slot(hours), EMPLOYEE_HOURS)
    assert why is None if words is None else words in str(why)


def test_the_shortest_shift_is_a_matter_of_policy():
    assert why_not_slot(slot(1), replace(EMPLOYEE_HOURS, shortest_shift_hours=2)) is not None


def test_a_shift_across_midnight_counts_its_hours():
    evening = slot(8, datetime(2026, 12, 31, 17, tzinfo=SHANGHAI))
    made = credit(WorkedShift(evening, evening.start, serving_minutes=480), CONTRACTOR_HOURS)
    assert evening.end == datetime(2027, 1, 1, 1, tzinfo=SHANGHAI)
    assert made.hundredths == 800


def test_slots_that_touch_are_one_shift_and_rounded_once():
    ten = slot(1, NINE + timedelta(hours=1))
    assert merge([ten, slot(1)]) == [slot(2)]


def test_slots_with_a_gap_stay_two():
    later = slot(1, NINE + timedelta(hours=2))
    assert merge([later, slot(1)]) == [slot(1), later]


def test_a_mean_ratio_is_total_minutes_over_total_minutes_and_leaves_absence_out():
    credits = [
        credit(shift, CONTRACTOR_HOURS) for shift in (worked(1, 0, 60), worked(3, 0, 90), worked(2, None, 0))
    ]
    assert mean_ratio(credits) == Fraction(150, 240)


def test_there_is_no_mean_ratio_before_the_first_shift_worked():
    assert mean_ratio([credit(worked(2, None, 0), CONTRACTOR_HOURS)]) is None
    assert credit(worked(2, None, 0), CONTRACTOR_HOURS).ratio is None


@pytest.mark.parametrize(
    ("value", "whole"), [(Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(149, 100), 1), (Fraction(0), 0)]
)
def test_halves_are_rounded_up(value, whole):
    assert half_up(value) == whole


def test_a_fraction_is_shown_rounded_half_up():
    assert decimal_of(Fraction(83, 120) * 100, 1) == Decimal("69.2")


quarters = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=12)


@given(quarters)
def test_merged_shifts_neither_touch_nor_overlap_and_cover_the_same_time(spans):
    slots = [Slot(NINE + timedelta(hours=at), NINE + timedelta(hours=at + length)) for at, length in spans]
    merged = merge(slots)
    covered = {at + hour for at, length in spans for hour in range(length)}
    assert all(one.end < other.start for one, other in pairwise(merged))
    assert sum(each.minutes for each in merged) == 60 * len(covered)
    assert merge(reversed(slots)) == merged


@given(
    st.integers(1, 12),
    st.integers(0, 720),
    st.integers(0, 720),
    st.sampled_from([CONTRACTOR_HOURS, FIRST_HOUR]),
)
def test_credit_never_exceeds_the_schedule_and_grows_with_service(hours, late, served, policy):
    shift = worked(hours, late, served)
    made = credit(shift, policy)
    busier = credit(replace(shift, serving_minutes=served + 1), policy)
    assert 0 <= made.hundredths <= busier.hundredths <= hours * 100
