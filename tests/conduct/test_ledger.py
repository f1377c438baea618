"""What the entries of the ledger come to."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.conduct.ledger import effective, read, standing
from lms.conduct.rules import ConductPolicy, Entry, KindPolicy, warnings_since

POLICY = ConductPolicy(
    warnings=3,
    warnings_within_months=6,
    suspension_months=1,
    suspensions=2,
    suspensions_within_months=12,
    lapse_after_months=6,
    reentry_months=6,
    blacklist_review_months=36,
    kinds={
        "leave-rule": KindPolicy("warning", 1),
        "absence": KindPolicy("warning", 2),
        "serious-fault": KindPolicy("suspension"),
        "cheating": KindPolicy("revocation"),
        "red-line-data": KindPolicy("blacklist"),
        "readmission": KindPolicy("readmission"),
        "house-rule": KindPolicy("record"),
        "commendation": KindPolicy("praise"),
    },
)
LATER = date(2030, 1, 1)


def entry(id, kind, on, recorded=None, voids=None):
    """An entry about a day (`"03-01"` is 1 March 2026), recorded that day or on another."""
    happened = day(on)
    recorded_on = day(recorded) if recorded else happened
    return Entry(id, kind, happened, datetime.combine(recorded_on, time(4), UTC), recorded_on, voids)


def day(text):
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def ledger(*rows):
    """Entries numbered from 1; each row is kind, day and perhaps the day it was recorded."""
    return [entry(number, *row) for number, row in enumerate(rows, start=1)]


def state(entries, on):
    return standing(entries, day(on), POLICY).state


WARNING = "leave-rule"


@pytest.mark.parametrize(
    ("rows", "on", "expected"),
    [
        pytest.param([], "06-01", "good", id="an empty ledger"),
        pytest.param([(WARNING, "03-01")], "02-28", "good", id="before the warning"),
        pytest.param([(WARNING, "03-01")], "03-01", "warned", id="on the day of the warning"),
        pytest.param([(WARNING, "03-01")], "08-31", "warned", id="within six months"),
        pytest.param([(WARNING, "03-01")], "09-01", "good", id="six months on"),
        pytest.param([("absence", "03-01")], "03-01", "warned", id="an absence is two, not three"),
        pytest.param(
            [("absence", "03-01"), (WARNING, "03-02")], "03-02", "suspended", id="two and one are three"
        ),
        pytest.param(
            [(WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "03-10")], "03-10", "suspended", id="third"
        ),
        pytest.param(
            [(WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "03-10")], "04-09", "suspended", id="a month"
        ),
        pytest.param(
            [(WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "03-10")], "04-10", "good", id="and over"
        ),
        pytest.param(
            [(WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "07-10")],
            "07-10",
            "warned",
            id="too far apart",
        ),
        pytest.param(
            [(WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "07-09")],
            "07-09",
            "suspended",
            id="just within",
        ),
        pytest.param([("serious-fault", "03-31")], "04-29", "suspended", id="one month, clipped"),
        pytest.param([("serious-fault", "03-31")], "04-30", "good", id="ends with the clipped day"),
        pytest.param(
            [("serious-fault", "03-01"), ("serious-fault", "06-01")], "06-01", "revoked", id="two suspensions"
        ),
        pytest.param(
            [("serious-fault", "03-01"), ("serious-fault", "2027-02-28")],
            "2027-02-28",
            "revoked",
            id="in 12 m",
        ),
        pytest.param(
            [("serious-fault", "03-01"), ("serious-fault", "2027-03-01")],
            "2027-03-01",
            "suspended",
            id="not in",
        ),
        pytest.param([("cheating", "03-01")], "2029-03-01", "revoked", id="revoked stays"),
        pytest.param(
            [("red-line-data", "03-01"), ("cheating", "04-01")], "05-01", "blacklisted", id="the gravest wins"
        ),
        pytest.param(
            [("house-rule", "03-01"), ("commendation", "03-02")], "03-03", "good", id="only recorded"
        ),
        pytest.param(
            [("no longer in policy", "03-01")], "03-03", "good", id="an unknown kind is only recorded"
        ),
    ],
)
def test_standing_follows_from_the_entries_and_a_date(rows, on, expected):
    assert state(ledger(*rows), on) == expected


def test_a_suspension_spends_all_warnings_of_its_window_excess_included():
    entries = ledger(("absence", "01-10"), ("absence", "02-10"), (WARNING, "04-01"), (WARNING, "04-02"))
    assert len(read(entries, POLICY).suspensions) == 1
    assert standing(entries, day("04-02"), POLICY).open_warnings == 2


def test_a_warning_recorded_late_is_spent_with_the_window_it_fell_in():
    entries = ledger((WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "03-10"), (WARNING, "02-20", "04-20"))
    assert state(entries, "04-20") == "good"
    assert len(read(entries, POLICY).suspensions) == 1


def test_a_late_recorded_third_warning_suspends_from_the_day_it_was_recorded():
    entries = ledger((WARNING, "01-10"), (WARNING, "03-10"), (WARNING, "02-10", "05-20"))
    (suspension,) = read(entries, POLICY).suspensions
    assert (suspension.start, suspension.end) == (day("05-20"), day("06-20"))
    assert suspension.entries == (1, 2, 3)


def test_before_the_suspension_its_warnings_were_open():
    entries = ledger((WARNING, "01-10"), (WARNING, "02-10"), (WARNING, "03-10"))
    assert standing(entries, day("02-20"), POLICY).open_warnings == 2


def test_spent_warnings_still_count_in_look_backs_and_voided_ones_do_not():
    entries = ledger((WARNING, "01-10"), ("absence", "02-10"), (WARNING, "03-10"))
    entries.append(entry(4, WARNING, "03-11", voids=3))
    assert warnings_since(read(entries, POLICY), day("01-10"), day("03-31")) == 2


def test_after_readmission_what_lay_before_is_not_counted_again():
    entries = ledger(
        (WARNING, "01-10"),
        (WARNING, "01-11"),
        ("cheating", "02-01"),
        ("readmission", "08-01"),
        (WARNING, "08-02"),
    )
    assert state(entries, "07-31") == "revoked"
    assert state(entries, "08-01") == "good"
    assert standing(entries, day("08-02"), POLICY).open_warnings == 1


def test_a_suspension_before_readmission_does_not_make_the_next_one_a_second():
    entries = ledger(("serious-fault", "01-10"), ("cheating", "02-01"), ("readmission", "08-01"))
    assert state([*entries, entry(9, "serious-fault", "08-05")], "08-05") == "suspended"


def test_revocation_says_from_when_a_return_can_be_looked_at():
    found = standing(ledger(("cheating", "08-31")), day("09-01"), POLICY)
    assert found.until == date(2027, 2, 28)
    assert "a return can be looked at" in str(found.reasons[0])


def test_only_the_suspended_and_worse_may_not_serve():
    assert standing(ledger(("absence", "03-01")), day("03-01"), POLICY).may_serve
    assert not standing(ledger(("serious-fault", "03-01")), day("03-01"), POLICY).may_serve


def test_praise_is_kept_by_its_day():
    assert read(ledger(("commendation", "03-02")), POLICY).praise == (day("03-02"),)


kinds = st.sampled_from(
    [WARNING, WARNING, "absence", "serious-fault", "cheating", "red-line-data", "commendation"]
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def ledgers(draw):
    rows = draw(st.lists(st.tuples(kinds, days, st.integers(0, 60)), max_size=9))
    return [
        Entry(
            number,
            kind,
            on,
            datetime.combine(on + timedelta(days=delay), time(4), UTC),
            on + timedelta(days=delay),
        )
        for number, (kind, on, delay) in enumerate(rows, start=1)
    ]


@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_given_does_not_matter(entries, random):
    shuffled = random.sample(entries, len(entries))
    assert read(shuffled, POLICY) == read(entries, POLICY)


@given(ledgers().filter(bool), st.data())
def test_voiding_an_entry_is_as_if_it_had_never_been_written(entries, data):
    wrong = data.draw(st.sampled_from(entries))
    recorded_on = data.draw(days)
    at = datetime.combine(recorded_on, time(5), UTC)
    voiding = Entry(len(entries) + 1, wrong.kind, recorded_on, at, recorded_on, voids=wrong.id)
    without = [each for each in entries if each.id != wrong.id]
    assert effective([*entries, voiding]) == effective(without)
    assert read([*entries, voiding], POLICY) == read(without, POLICY)


@given(ledgers(), days)
def test_praise_never_changes_a_standing(entries, on):
    plain = [each for each in entries if each.kind != "commendation"]
    assert standing(plain, on, POLICY) == standing(entries, on, POLICY)


@given(ledgers())
def test_no_warning_is_spent_on_two_suspensions(entries):
    by_warnings = [
        id
        for suspension in read(entries, POLICY).suspensions
        for id in suspension.entries
        if POLICY.kinds[entries[id - 1].kind].effect == "warning"
    ]
    assert len(by_warnings) == len(set(by_warnings))
