"""Who may record and void, and when a qualification lapses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.conduct.rules import Standing, Subject, lapses_on, why_not_record, why_not_void
from tests.conduct.test_ledger import POLICY, day, entry

TODAY = day("06-15")
GOOD = Subject(7, Standing("good"))
REVOKED = Subject(7, Standing("revoked", until=day("06-15")))


@pytest.mark.parametrize(
    ("kind", "on", "subject", "actor", "refusal"),
    [
        ("leave-rule", "06-15", GOOD, 1, ""),
        ("leave-rule", "06-14", GOOD, 1, ""),
        ("leave-rule", "06-16", GOOD, 1, "today or an earlier day"),
        ("leave-rule", "06-15", GOOD, 7, "Nobody decides on themselves"),
        ("no such kind", "06-15", GOOD, 1, "from the list"),
        ("readmission", "06-15", GOOD, 1, "Only somebody whose qualification was revoked"),
        ("readmission", "06-15", REVOKED, 1, ""),
        (
            "readmission",
            "06-15",
            Subject(7, Standing("revoked", until=day("06-16"))),
            1,
            "can be looked at from",
        ),
    ],
)
def test_a_manager_records_what_has_happened_to_somebody_else(kind, on, subject, actor, refusal):
    why = why_not_record(kind, day(on), subject, actor_id=actor, today=TODAY, policy=POLICY)
    assert refusal in str(why or "")
    assert bool(why) is bool(refusal)


def test_an_entry_is_voided_once_by_another_person_and_a_voiding_stays():
    wrong = entry(1, "absence", "03-01")
    voiding = entry(2, "absence", "03-02", voids=1)
    assert why_not_void(wrong, [wrong], person_id=7, actor_id=1) is None
    assert "void already" in str(why_not_void(wrong, [wrong, voiding], person_id=7, actor_id=1))
    assert "A voiding stays" in str(why_not_void(voiding, [wrong, voiding], person_id=7, actor_id=1))
    assert "Nobody decides on themselves" in str(why_not_void(wrong, [wrong], person_id=7, actor_id=7))


@pytest.mark.parametrize(
    ("last", "leaves", "lapse"),
    [
        ("01-15", [], "07-15"),
        ("08-31", [], "2027-02-28"),
        ("01-15", [("02-01", "02-10")], "07-25"),
        ("01-15", [("02-01", "02-10"), ("02-05", "02-15")], "07-30"),
        ("01-15", [("01-10", "01-20")], "07-20"),
        ("01-15", [("07-14", "07-31")], "08-02"),
        ("01-15", [("07-15", "07-31")], "07-15"),
        ("01-15", [("02-01", "02-10"), ("07-20", "07-21")], "07-27"),
        ("01-15", [("2025-12-01", "2025-12-31")], "07-15"),
    ],
)
def test_six_months_without_service_lapse_and_leave_stops_the_clock(last, leaves, lapse):
    spans = [(day(start), day(end)) for start, end in leaves]
    assert lapses_on(day(last), spans, POLICY) == day(lapse)


spans = st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 40))


@given(st.lists(spans, max_size=5), st.randoms(use_true_random=False))
def test_leave_never_brings_the_lapse_forward_and_its_order_does_not_matter(lengths, random):
    leaves = [(start, start + timedelta(days=length)) for start, length in lengths]
    last = day("02-01")
    lapse = lapses_on(last, leaves, POLICY)
    assert lapse >= lapses_on(last, [], POLICY)
    assert lapses_on(last, random.sample(leaves, len(leaves)), POLICY) == lapse
    assert lapses_on(last, leaves, replace(POLICY, lapse_after_months=7)) > lapse
