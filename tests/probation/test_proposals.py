"""What the figures speak for, and what a manager may decide."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.probation.hours import Slot
from lms.probation.rules import (
    NOT_YET,
    Decision,
    ShiftState,
    Trial,
    extended,
    propose,
    why_not_decide,
)
from tests.probation.policies import CONTRACTOR_GATES, EMPLOYEE_GATES
from tests.probation.test_gates import ALL_MET, NOTHING_YET

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)  # a Monday; 09:00 in Shanghai
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SLOT = Slot(NINE, NINE + 2 * HOUR)

WORKED = ShiftState(SLOT, checked_in_at=NINE)


DUE = date(2026, 12, 1)
BEFORE = DUE - timedelta(days=1)
TRIAL = Trial(person_id=7, stage="on_trial", decided=False, due_on=DUE, extended=False)
BRILLIANT = replace(ALL_MET, mean_rubric=Fraction(9, 2), mentor_recommends=True)
MANAGER = 1


def words(why):
    return "" if why is None else str(why)


@pytest.mark.parametrize(
    ("figures", "trial", "today", "proposed", "because"),
    [
        pytest.param(ALL_MET, TRIAL, DUE, "confirm", "has run its time", id="met and due"),
        pytest.param(ALL_MET, TRIAL, BEFORE, "not_yet", "runs until", id="met but not due"),
        pytest.param(BRILLIANT, TRIAL, BEFORE, "confirm_early", "before the due date", id="early"),
        pytest.param(BRILLIANT, TRIAL, DUE, "confirm", "has run its time", id="brilliant and due"),
        pytest.param(
            replace(BRILLIANT, mentor_recommends=False),
            TRIAL,
            BEFORE,
            "not_yet",
            "mentor's recommendation",
            id="no word",
        ),
        pytest.param(NOTHING_YET, TRIAL, BEFORE, "not_yet", "Trial shifts worked: 0 of 10", id="just begun"),
        pytest.param(NOTHING_YET, TRIAL, DUE, "extend", "Credited hours", id="due and not met"),
        pytest.param(
            NOTHING_YET, replace(TRIAL, extended=True), DUE, "end", "extended once", id="extended once"
        ),
        pytest.param(
            replace(ALL_MET, standing="revoked"), TRIAL, BEFORE, "end", "conduct ledger", id="revoked"
        ),
    ],
)
def test_the_proposal_follows_from_figures_and_dates(figures, trial, today, proposed, because):
    decision, reasons = propose(figures, trial, today, EMPLOYEE_GATES)
    assert decision == proposed
    assert any(because in str(why) for why in reasons)


def test_every_unmet_gate_is_among_the_reasons():
    _, reasons = propose(NOTHING_YET, TRIAL, DUE, EMPLOYEE_GATES)
    assert len(reasons) == 8


@pytest.mark.parametrize(
    ("decision", "figures", "trial", "today", "actor", "refusal"),
    [
        ("confirm", ALL_MET, TRIAL, DUE, MANAGER, ""),
        ("confirm", ALL_MET, TRIAL, DUE, 7, "Nobody decides on themselves"),
        ("confirm", ALL_MET, replace(TRIAL, decided=True), DUE, MANAGER, "decided already"),
        ("confirm", ALL_MET, replace(TRIAL, stage="agent"), DUE, MANAGER, "not on trial"),
        ("confirm", ALL_MET, TRIAL, BEFORE, MANAGER, "only an early confirmation"),
        ("confirm", replace(ALL_MET, shifts=9), TRIAL, DUE, MANAGER, ""),
        ("confirm", replace(ALL_MET, certified=False), TRIAL, DUE, MANAGER, "certification is not held"),
        ("confirm", replace(ALL_MET, standing="suspended"), TRIAL, DUE, MANAGER, "conduct ledger"),
        ("confirm_early", BRILLIANT, TRIAL, BEFORE, MANAGER, ""),
        ("confirm_early", ALL_MET, TRIAL, BEFORE, MANAGER, "mean rubric of 4.5; it is 3.5"),
        ("confirm_early", replace(BRILLIANT, shifts=9), TRIAL, BEFORE, MANAGER, "9 of 10"),
        ("extend", NOTHING_YET, TRIAL, BEFORE, MANAGER, ""),
        ("extend", NOTHING_YET, replace(TRIAL, extended=True), DUE, MANAGER, "extended once already"),
        ("end", NOTHING_YET, TRIAL, BEFORE, MANAGER, ""),
        ("end", NOTHING_YET, replace(TRIAL, decided=True), DUE, MANAGER, "decided already"),
    ],
)
def test_a_manager_decides_within_the_rules(decision, figures, trial, today, actor, refusal):
    why = why_not_decide(
        Decision(decision), trial, figures, actor_id=actor, today=today, policy=EMPLOYEE_GATES
    )
    assert refusal in words(why)
    assert bool(words(why)) is bool(refusal)


@given(st.sampled_from([ALL_MET, BRILLIANT, NOTHING_YET]), st.integers(-20, 20), st.booleans())
def test_what_is_proposed_can_be_decided(figures, days, was_extended):
    trial, today = replace(TRIAL, extended=was_extended), DUE + timedelta(days=days)
    for policy in (EMPLOYEE_GATES, CONTRACTOR_GATES):
        proposed, reasons = propose(figures, trial, today, policy)
        assert reasons
        if proposed != NOT_YET:
            decision = Decision(proposed)
            assert (
                why_not_decide(decision, trial, figures, actor_id=MANAGER, today=today, policy=policy) is None
            )


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 11, 25), date(2026, 12, 15)),
        (DUE, date(2026, 12, 15)),
        (date(2026, 12, 4), date(2026, 12, 18)),
    ],
)
def test_an_extension_gives_its_full_time_even_when_the_due_date_has_passed(today, due):
    assert extended(TRIAL, today, EMPLOYEE_GATES) == due
