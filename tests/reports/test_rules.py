"""What of a person's situation a manager is called to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.rules import State
from lms.errors import Reason
from lms.reports.csv_export import plain_cell, safe_cell, to_csv
from lms.reports.rules import Kind, Situation, Trial, needs_of

TODAY = date(2026, 3, 2)
LONG_AGO = date(2025, 1, 1)
FEBRUARY = frozenset({date(2026, 2, 1)})


def kinds(**about):
    situation = Situation(**{"stage": "agent", "stage_since": LONG_AGO, "recorded_months": FEBRUARY, **about})
    return [need.kind for need in needs_of(situation, TODAY, 7)]


def trial(*, due=False, stuck=None):
    return Trial(date(2026, 3, 9), due, 6, 6, stuck)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({}, []),
        ({"recorded_months": frozenset()}, [Kind.FIGURES]),
        ({"recorded_months": frozenset(), "stage_since": date(2026, 3, 1)}, []),
        ({"recorded_months": frozenset(), "stage_since": date(2026, 2, 28)}, [Kind.FIGURES]),
        ({"qualifies_for": "senior"}, [Kind.PROMOTION]),
        ({"is_below_keep_line": True}, [Kind.KEEP_LINE]),
        ({"certificates": (("base", State.EXPIRING, TODAY),)}, [Kind.LAPSING]),
        ({"certificates": (("base", State.EXPIRED, TODAY),)}, [Kind.EXPIRED]),
        ({"certificates": (("base", State.CERTIFIED, TODAY), ("product", State.NOT_STARTED, None))}, []),
        ({"stage": "trainee", "certificates": (("base", State.EXPIRED, TODAY),), "stage_since": TODAY}, []),
        ({"stage": "on_trial", "trial": trial()}, []),
        ({"stage": "on_trial", "trial": trial(due=True)}, [Kind.PROBATION]),
        (
            {"stage": "on_trial", "trial": trial(due=True, stuck=Reason("No mentor"))},
            [Kind.PROBATION, Kind.STUCK],
        ),
        ({"stage": "trainee"}, [Kind.IDLE]),
        ({"stage": "trainee", "is_certified": True}, [Kind.READY]),
        ({"stage": "on_trial", "is_certified": True}, []),
        ({"stage": "trainee", "stage_since": date(2026, 2, 24)}, []),
        ({"stage": "trainee", "stage_since": date(2026, 2, 23)}, [Kind.IDLE]),
        ({"stage": "trainee", "last_progress": date(2026, 2, 24)}, []),
        ({"stage": "trainee", "last_progress": date(2026, 2, 23)}, [Kind.IDLE]),
    ],
)
def test_a_need_arises_from_the_situation(about, expected):
    assert kinds(**about) == expected


def test_the_most_pressing_comes_first():
    found = kinds(
        trial=trial(due=True, stuck=Reason("No mentor")),
        qualifies_for="senior",
        is_below_keep_line=True,
        recorded_months=frozenset(),
        certificates=(("base", State.EXPIRING, TODAY), ("product", State.EXPIRED, TODAY)),
    )
    assert found == [
        Kind.PROBATION, Kind.PROMOTION, Kind.EXPIRED, Kind.LAPSING, Kind.KEEP_LINE, Kind.FIGURES, Kind.STUCK,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+86 138", "-5", "@SUM(A1)", "\tx", "\rx", "'quoted"])
def test_a_cell_that_looks_like_a_formula_is_kept_as_text(text):
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@given(st.text())
def test_every_cell_reads_back_the_same(text):
    assert plain_cell(safe_cell(text)) == text
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_table_is_utf_8_with_a_mark_that_spreadsheets_see():
    assert to_csv(["姓名"], [["李月"], ['say "hi", ok']]) == b"\xef\xbb\xbf" + (
        '姓名\r\n李月\r\n"say ""hi"", ok"\r\n'.encode()
    )
