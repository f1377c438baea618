"""The course of a trial: beginning, scheduling, attendance, closing, scoring, and the calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.probation.gates import CRITERIA
from lms.probation.hours import Slot
from lms.probation.rules import (
    ShiftState,
    why_not_check_in,
    why_not_close,
    why_not_record_attendance,
    why_not_schedule,
    why_not_score,
    why_not_start_trial,
    working_day,
    working_days,
)
from tests.probation.policies import CONTRACTOR_HOURS, EMPLOYEE_HOURS

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)  # a Monday; 09:00 in Shanghai
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SLOT = Slot(NINE, NINE + 2 * HOUR)
PLANNED = ShiftState(SLOT)
WORKED = ShiftState(SLOT, checked_in_at=NINE)
CLOSED = replace(WORKED, closed=True)
FOURS = dict.fromkeys(CRITERIA, 4)

DUE = date(2026, 12, 1)
BEFORE = DUE - timedelta(days=1)


MANAGER = 1


def words(why):
    return "" if why is None else str(why)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, ""),
        ({"actor_id": 7}, "Nobody decides on themselves"),
        ({"stage": "agent"}, "at another stage"),
        ({"stage": None}, "at another stage"),
        ({"mentor_id": 7}, "Nobody mentors themselves"),
        ({"standing": "suspended"}, "conduct ledger"),
        ({"standing": "warned"}, ""),
    ],
)
def test_a_manager_starts_a_trial_for_a_trainee_with_another_person_as_mentor(change, refusal):
    case = {"stage": "trainee", "standing": "good", "mentor_id": 3, "actor_id": MANAGER} | change
    said = words(why_not_start_trial(7, **case))
    assert refusal in said
    assert bool(said) is bool(refusal)


def schedule(slot, others=(), *, stage="on_trial", standing="good", now=NINE):
    why = why_not_schedule(slot, others, stage=stage, standing=standing, now=now, policy=EMPLOYEE_HOURS)
    return words(why)


def moved(hours, length=2):
    return Slot(NINE + hours * HOUR, NINE + (hours + length) * HOUR)


@pytest.mark.parametrize(
    ("slot", "refusal"),
    [
        (moved(3), ""),
        (moved(2), ""),
        (moved(-2), ""),
        (moved(1), "overlaps"),
        (moved(-1), "overlaps"),
        (SLOT, "overlaps"),
        (moved(0, 1), "overlaps"),
        (moved(-1, 4), "overlaps"),
        (moved(2, 11), "at most 12 h"),
        (Slot(NINE, NINE), "ends after it starts"),
        (Slot(NINE, NINE - HOUR), "ends after it starts"),
    ],
)
def test_shifts_of_a_person_may_touch_but_never_overlap(slot, refusal):
    said = schedule(slot, [PLANNED])
    assert refusal in said
    assert bool(said) is bool(refusal)


def test_slots_that_join_two_shifts_are_measured_as_one():
    around = [ShiftState(moved(0, 5)), ShiftState(moved(7, 6))]
    assert "at most 12 h" in schedule(moved(5, 2), around)


def test_a_running_shift_may_be_lengthened_but_gets_no_earlier_start():
    assert schedule(moved(2), [WORKED]) == ""
    assert "cannot change" in schedule(moved(-2), [WORKED])
    assert "cannot change" in schedule(moved(2), [CLOSED])


@pytest.mark.parametrize(("days", "refused"), [(2, False), (3, False), (4, True)])
def test_a_shift_can_be_entered_a_few_days_afterwards(days, refused):
    assert bool(schedule(SLOT, now=NINE + timedelta(days=days))) is refused


def test_only_people_on_trial_and_not_suspended_are_scheduled():
    assert "people on trial" in schedule(SLOT, stage="agent")
    assert "suspended" in schedule(SLOT, standing="suspended")
    assert schedule(SLOT, standing="warned") == ""


@pytest.mark.parametrize(
    ("shift", "minutes", "refusal"),
    [
        (PLANNED, -30, ""),
        (PLANNED, -31, "Check-in opens at"),
        (PLANNED, 0, ""),
        (PLANNED, 119, ""),
        (PLANNED, 120, "This shift is over"),
        (WORKED, 5, "You checked in at"),
        (CLOSED, 5, "closed already"),
    ],
)
def test_check_in_is_open_from_half_an_hour_before_until_the_end(shift, minutes, refusal):
    said = words(why_not_check_in(shift, NINE + minutes * MINUTE, EMPLOYEE_HOURS))
    assert refusal in said
    assert bool(said) is bool(refusal)


@pytest.mark.parametrize(
    ("shift", "at", "now", "refusal"),
    [
        (PLANNED, NINE, NINE + HOUR, ""),
        (PLANNED, None, NINE + HOUR, ""),
        (WORKED, NINE + MINUTE, NINE + HOUR, ""),
        (PLANNED, NINE, NINE - HOUR, "has not begun"),
        (PLANNED, NINE + HOUR, NINE + 30 * MINUTE, "in the future"),
        (PLANNED, NINE + 2 * HOUR, NINE + 3 * HOUR, "before the shift's end"),
        (CLOSED, NINE, NINE + 3 * HOUR, "closed already"),
    ],
)
def test_a_mentor_records_when_somebody_came_until_the_shift_is_closed(shift, at, now, refusal):
    said = words(why_not_record_attendance(shift, at, now))
    assert refusal in said
    assert bool(said) is bool(refusal)


@pytest.mark.parametrize(
    ("shift", "serving", "waiting", "now", "refusal"),
    [
        (WORKED, 100, 20, NINE + 2 * HOUR, ""),
        (PLANNED, 0, 0, NINE + 2 * HOUR, ""),
        (WORKED, 100, 20, NINE + 2 * HOUR - MINUTE, "after its end"),
        (WORKED, 100, 21, NINE + 2 * HOUR, "121 minutes; the person was there for 120"),
        (WORKED, -1, 20, NINE + 2 * HOUR, "negative"),
        (PLANNED, 1, 0, NINE + 2 * HOUR, "Nobody came"),
        (CLOSED, 100, 20, NINE + 2 * HOUR, "closed already"),
        (ShiftState(SLOT, NINE + HOUR), 61, 0, NINE + 3 * HOUR, "there for 60"),
    ],
)
def test_a_shift_is_closed_once_after_its_end_with_minutes_that_fit(shift, serving, waiting, now, refusal):
    why = why_not_close(
        shift, serving_minutes=serving, waiting_minutes=waiting, now=now, policy=CONTRACTOR_HOURS
    )
    assert refusal in words(why)
    assert bool(words(why)) is bool(refusal)


@pytest.mark.parametrize(
    ("shift", "scores", "refusal"),
    [
        (CLOSED, FOURS, ""),
        (CLOSED, FOURS | {"tone": 7}, "from 1 to 5"),
        (CLOSED, FOURS | {"tone": 0}, "from 1 to 5"),
        (CLOSED, {"tone": 4}, "from 1 to 5"),
        (CLOSED, FOURS | {"charm": 4}, "from 1 to 5"),
        (WORKED, FOURS, "Close the shift first"),
        (replace(PLANNED, closed=True), FOURS, "nothing to score"),
        (replace(CLOSED, scored=True), FOURS, "scored already"),
    ],
)
def test_a_closed_shift_is_scored_once_on_every_criterion(shift, scores, refusal):
    said = words(why_not_score(shift, scores, EMPLOYEE_HOURS))
    assert refusal in said
    assert bool(said) is bool(refusal)


@pytest.mark.parametrize(
    ("start", "number", "day"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 27)),
        (date(2026, 11, 23), 6, date(2026, 11, 30)),
        (date(2026, 11, 27), 2, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 12, 31), 2, date(2027, 1, 1)),
        (date(2028, 2, 28), 2, date(2028, 2, 29)),
    ],
)
def test_working_days_are_monday_to_friday(start, number, day):
    assert working_day(start, number) == day


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 90))
def test_counting_working_days_undoes_adding_them(start, number):
    assert working_days(start, working_day(start, number)) == number


def test_no_working_day_lies_before_the_start():
    assert working_days(DUE, BEFORE) == 0
