"""What earns a certification, how long it holds, its state on a day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.rules import (
    Requirements,
    State,
    Term,
    add_months,
    counts_from,
    ends_at,
    may_award,
    missing,
    renewable_from,
    state_on,
    term_from,
)

NEEDS = Requirements(courses=("trade-flow", "refunds"), exams=("base",), months=12, renew_days=60)
HELD = Term(first_day=date(2026, 3, 4), last_day=date(2027, 3, 4))
TAKEN_AWAY = Term(HELD.first_day, HELD.last_day, revoked_on=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 4), 12, date(2027, 3, 4)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_are_added_with_their_ends_clipped(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_so_many_months_later_lies_in_the_month_so_many_later(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_a_certification_ends_with_the_end_of_its_last_day_in_the_sites_calendar() -> None:
    assert ends_at(date(2027, 3, 4), ZoneInfo("Asia/Shanghai")) == datetime(2027, 3, 4, 16, tzinfo=UTC)
    assert ends_at(date(2027, 3, 28), ZoneInfo("Europe/Berlin")) == datetime(2027, 3, 28, 22, tzinfo=UTC)


def test_everything_required_and_not_done_is_missing() -> None:
    lacking = missing(NEEDS, courses_done={"refunds"}, exams_passed=set())
    assert lacking
    assert (lacking.courses, lacking.exams) == (("trade-flow",), ("base",))
    assert not missing(NEEDS, {"trade-flow", "refunds", "other"}, {"base"})


def test_a_renewal_keeps_the_days_that_are_left() -> None:
    assert term_from(date(2027, 2, 1), 12, HELD) == Term(date(2027, 2, 1), date(2028, 3, 4))


@pytest.mark.parametrize("before", [None, HELD, TAKEN_AWAY])
def test_after_the_end_or_a_revocation_a_new_term_begins_today(before: Term | None) -> None:
    assert term_from(date(2027, 6, 1), 12, before) == Term(date(2027, 6, 1), date(2028, 6, 1))


@pytest.mark.parametrize(
    ("today", "allowed"),
    [
        (date(2026, 4, 1), False),
        (date(2027, 1, 2), False),
        (date(2027, 1, 3), True),
        (date(2027, 3, 5), True),
    ],
)
def test_a_renewal_counts_from_sixty_days_before_the_end(today: date, allowed: bool) -> None:
    assert renewable_from(HELD.last_day, 60) == date(2027, 1, 3)
    assert may_award(HELD, 60, today) is allowed


def test_attempts_count_anew_from_the_opening_of_the_renewal_or_the_revocation() -> None:
    assert counts_from(None, 60) is None
    assert counts_from(HELD, 60) == date(2027, 1, 3)
    assert counts_from(TAKEN_AWAY, 60) == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("day", "latest", "begun", "suspended", "state"),
    [
        (date(2026, 3, 4), None, False, False, State.NOT_STARTED),
        (date(2026, 3, 4), None, True, False, State.IN_PROGRESS),
        (date(2026, 3, 4), None, True, True, State.IN_PROGRESS),
        (date(2026, 3, 4), HELD, True, False, State.CERTIFIED),
        (date(2027, 1, 2), HELD, True, False, State.CERTIFIED),
        (date(2027, 1, 3), HELD, True, False, State.EXPIRING),
        (date(2027, 3, 4), HELD, True, False, State.EXPIRING),
        (date(2027, 3, 5), HELD, True, False, State.EXPIRED),
        (date(2027, 3, 5), HELD, True, True, State.EXPIRED),
        (date(2026, 5, 1), HELD, True, True, State.SUSPENDED),
        (date(2026, 5, 31), TAKEN_AWAY, True, False, State.CERTIFIED),
        (date(2026, 6, 1), TAKEN_AWAY, True, False, State.REVOKED),
        (date(2029, 6, 1), TAKEN_AWAY, True, True, State.REVOKED),
    ],
)
def test_the_state_on_a_day(
    day: date, latest: Term | None, begun: bool, suspended: bool, state: State
) -> None:
    assert state_on(day, latest, renew_days=60, begun=begun, suspended=suspended) is state


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.booleans())
def test_only_a_live_award_is_ever_held(day: date, suspended: bool) -> None:
    held = state_on(day, HELD, renew_days=60, begun=True, suspended=suspended).is_held
    assert held is (HELD.is_live(day) and not suspended)
