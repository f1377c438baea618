"""Gates: figures against targets."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.probation.gates import (
    CRITERIA,
    Figures,
    evidence,
    gates,
    mean_of_means,
    met_of,
    rubric_mean,
    shown,
    shown_missing,
    unmet,
)
from tests.probation.policies import CONTRACTOR_GATES, EMPLOYEE_GATES

ALL_MET = Figures(
    certified=True,
    standing="good",
    shifts=10,
    credited=6000,
    mean_rubric=Fraction(7, 2),
    service_ratio=Fraction(4, 5),
    inspected_chats=20,
    quality_mean=Fraction(80),
    fatal_errors=0,
    mentor_recommends=False,
)
NOTHING_YET = Figures(False, "good", 0, 0, None, None, 0, None, None, False)


def gate(id, figures, policy=EMPLOYEE_GATES):
    return next(row for row in gates(figures, policy) if row.id == id)


def test_figures_exactly_at_the_targets_meet_every_gate():
    assert met_of(gates(ALL_MET, EMPLOYEE_GATES)) == (9, 9)


def test_on_day_one_every_gate_is_shown_and_only_good_standing_is_met():
    rows = gates(NOTHING_YET, EMPLOYEE_GATES)
    assert [row.id for row in rows if row.met] == ["standing"]
    assert len(rows) == 9


def test_a_contractor_is_asked_six_things():
    assert [row.id for row in gates(NOTHING_YET, CONTRACTOR_GATES)] == [
        "certification",
        "standing",
        "shifts",
        "credited_hours",
        "mean_rubric",
        "service_ratio",
    ]


@pytest.mark.parametrize(
    ("change", "id", "missing"),
    [
        ({"certified": False}, "certification", ""),
        ({"standing": "warned"}, "standing", ""),
        ({"shifts": 9}, "shifts", "1"),
        ({"credited": 5999}, "credited_hours", "0.01"),
        ({"mean_rubric": Fraction(3499, 1000)}, "mean_rubric", "0.01"),
        ({"service_ratio": Fraction(7999, 10000)}, "service_ratio", "0.1\N{NO-BREAK SPACE}%"),
        ({"inspected_chats": 19}, "inspected_chats", "1"),
        ({"quality_mean": Fraction(7999, 100)}, "quality_mean", "0.1"),
        ({"fatal_errors": 1}, "fatal_errors", ""),
        ({"fatal_errors": None}, "fatal_errors", ""),
        ({"mean_rubric": None}, "mean_rubric", "3.5"),
    ],
)
def test_a_figure_just_short_misses_its_gate_and_no_other(change, id, missing):
    (row,) = unmet(gates(replace(ALL_MET, **change), EMPLOYEE_GATES))
    assert row.id == id
    assert shown_missing(row) == missing


def test_a_figure_just_short_of_its_target_is_not_shown_as_the_target():
    row = gate("mean_rubric", replace(ALL_MET, mean_rubric=Fraction(34999, 10000)))
    assert (shown(row.figure, row.unit), row.met) == ("3.49", False)


def test_what_is_not_measured_yet_is_a_dash():
    row = gate("service_ratio", NOTHING_YET)
    assert shown(row.figure, row.unit) == "–"
    assert "target 80\N{NO-BREAK SPACE}%" in str(row.reason)


def test_a_met_gate_misses_nothing():
    assert {shown_missing(row) for row in gates(ALL_MET, EMPLOYEE_GATES)} == {""}


def test_evidence_keeps_exact_figures_as_text():
    frozen = {
        row["id"]: row
        for row in evidence(gates(replace(ALL_MET, service_ratio=Fraction(79, 118)), EMPLOYEE_GATES))
    }
    assert frozen["service_ratio"]["figure"] == "3950/59"
    assert frozen["service_ratio"]["met"] is False
    assert frozen["shifts"] == {
        "id": "shifts",
        "label": "Trial shifts worked",
        "unit": "count",
        "figure": "10",
        "target": "10",
        "met": True,
        "missing": "0",
    }


def test_a_gate_that_policy_does_not_ask_for_is_not_shown():
    policy = replace(EMPLOYEE_GATES, certification="", standings=(), mean_rubric=Decimal(0))
    assert {"certification", "standing", "mean_rubric"}.isdisjoint(
        row.id for row in gates(NOTHING_YET, policy)
    )


def scores(*values):
    return dict(zip(CRITERIA, values, strict=True))


def test_the_mean_of_a_rubric_is_exact():
    assert rubric_mean(scores(4, 4, 4, 4, 4, 5)) == Fraction(25, 6)


def test_the_mean_rubric_is_the_mean_of_the_shifts_means():
    assert mean_of_means([scores(5, 5, 5, 5, 5, 5), scores(2, 2, 2, 2, 2, 2)]) == Fraction(7, 2)
    assert mean_of_means([]) is None


figures = st.builds(
    Figures,
    certified=st.booleans(),
    standing=st.sampled_from(["good", "warned", "suspended"]),
    shifts=st.integers(0, 20),
    credited=st.integers(0, 9000),
    mean_rubric=st.none() | st.fractions(1, 5, max_denominator=60),
    service_ratio=st.none() | st.fractions(0, 1, max_denominator=700),
    inspected_chats=st.integers(0, 40),
    quality_mean=st.none() | st.fractions(0, 100, max_denominator=60),
    fatal_errors=st.none() | st.integers(0, 3),
    mentor_recommends=st.booleans(),
)


@given(figures)
def test_a_gate_that_can_be_counted_is_met_exactly_when_nothing_is_missing(someone):
    for row in gates(someone, EMPLOYEE_GATES):
        if row.missing is not None:
            assert row.met is (row.missing == 0 and row.figure is not None)
            assert bool(shown_missing(row)) is not row.met
