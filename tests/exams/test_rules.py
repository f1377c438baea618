"""Starting, the clock of an attempt, saves, and what is shown afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.rules import (
    Answer,
    Bearing,
    Review,
    Save,
    Sitting,
    Terms,
    first_of_quarter,
    form_seed,
    judge_save,
    quarter_of,
    that_count,
    unanswered,
    why_not_choose,
    why_not_start,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TERMS = Terms(attempts=3, cooldown=24 * HOUR)


def handed_in(when: datetime) -> Sitting:
    return Sitting(started_at=when - HOUR, deadline=when + HOUR, submitted_at=when)


def running_until(deadline: datetime) -> Sitting:
    return Sitting(started_at=deadline - HOUR, deadline=deadline)


def test_a_first_attempt_may_begin() -> None:
    assert why_not_start(TERMS, [], NOON) is None


@pytest.mark.parametrize(("hours", "refused"), [(0, True), (23, True), (24, False), (90, False)])
def test_a_second_attempt_waits_for_the_cooling_off_period(hours: int, refused: bool) -> None:
    assert bool(why_not_start(TERMS, [handed_in(NOON)], NOON + hours * HOUR)) is refused


def test_the_cooling_off_period_counts_from_the_deadline_of_an_attempt_nobody_handed_in() -> None:
    past = [running_until(NOON)]
    assert why_not_start(TERMS, past, NOON + 24 * HOUR - SECOND)
    assert why_not_start(TERMS, past, NOON + 24 * HOUR) is None


def test_no_attempt_begins_beside_an_open_one() -> None:
    assert why_not_start(TERMS, [running_until(NOON + HOUR)], NOON)


@pytest.mark.parametrize(("hours", "refused"), [(-1, True), (0, False), (1, False), (2, True)])
def test_an_exam_can_be_begun_between_its_opening_and_its_closing(hours: int, refused: bool) -> None:
    terms = Terms(attempts=3, cooldown=HOUR, opens_at=NOON, closes_at=NOON + 2 * HOUR)
    assert bool(why_not_start(terms, [], NOON + hours * HOUR)) is refused


def test_attempts_from_before_a_renewal_opened_do_not_count() -> None:
    past = [handed_in(NOON), handed_in(NOON + 5 * HOUR)]
    assert that_count(past, []) == past
    assert that_count(past, [Bearing()]) == past
    assert that_count(past, [Bearing(), Bearing(counts_from=NOON)]) == past[1:]
    assert that_count(past, [Bearing(counts_from=NOON + 99 * HOUR), Bearing(counts_from=NOON)]) == []


def test_no_attempt_begins_when_all_are_used() -> None:
    past = [handed_in(NOON - 100 * HOUR), handed_in(NOON - 70 * HOUR), handed_in(NOON - 40 * HOUR)]
    assert why_not_start(TERMS, past, NOON)


@pytest.mark.parametrize(
    ("seconds", "is_open"), [(-1, True), (0, True), (29, True), (30, False), (3600, False)]
)
def test_an_attempt_is_open_until_thirty_seconds_after_its_deadline(seconds: int, is_open: bool) -> None:
    assert running_until(NOON).is_open(NOON + seconds * SECOND) is is_open


def test_handing_in_closes_an_attempt_at_once() -> None:
    assert not handed_in(NOON).is_open(NOON)
    assert handed_in(NOON).ended_at == NOON


def test_an_attempt_nobody_handed_in_ended_at_its_deadline_not_after_the_grace() -> None:
    assert running_until(NOON).ended_at == NOON


@given(st.timedeltas(min_value=-48 * HOUR, max_value=48 * HOUR))
def test_the_time_that_remains_is_never_negative_nor_more_than_there_is(until: timedelta) -> None:
    left = running_until(NOON + until).remaining_s(NOON)
    assert left >= 0
    assert timedelta(seconds=left) <= max(until, timedelta())


def test_no_time_remains_after_handing_in() -> None:
    assert handed_in(NOON).remaining_s(NOON) == 0


@pytest.mark.parametrize(
    ("seq", "chosen", "flagged", "verdict"),
    [
        (6, ("b",), False, Save.STORE),
        (9, ("b",), False, Save.STORE),
        (5, ("a",), False, Save.REPEAT),
        (5, ("b",), False, Save.STALE),
        (5, ("a",), True, Save.STALE),
        (4, ("a",), False, Save.STALE),
        (6, (), False, Save.STORE),
    ],
)
def test_the_greater_number_wins(seq: int, chosen: tuple[str, ...], flagged: bool, verdict: Save) -> None:
    stored = Answer(chosen=("a",), flagged=False, seq=5)
    assert judge_save(stored, Answer(chosen, flagged, seq)) is verdict


def test_the_order_in_which_options_are_named_is_no_other_content() -> None:
    assert judge_save(Answer(("a", "b"), seq=1), Answer(("b", "a"), seq=1)) is Save.REPEAT


def test_before_the_first_save_number_nought_with_nothing_chosen_is_what_is_stored() -> None:
    assert judge_save(Answer(), Answer()) is Save.REPEAT
    assert judge_save(Answer(), Answer(("a",))) is Save.STALE


@given(
    st.lists(
        st.tuples(st.sampled_from([(), ("a",), ("a", "b")]), st.booleans(), st.integers(0, 5)), max_size=12
    )
)
def test_whatever_arrives_in_whatever_order_the_greatest_number_is_kept(sends: list[tuple]) -> None:
    stored = Answer()
    for chosen, flagged, seq in sends:
        sent = Answer(chosen, flagged, seq)
        if judge_save(stored, sent) is Save.STORE:
            assert sent.seq > stored.seq
            stored = sent
    assert stored.seq == max([0, *(seq for _, _, seq in sends)])


@pytest.mark.parametrize(
    ("kind", "chosen", "refused"),
    [
        ("single", [], False),
        ("single", ["a"], False),
        ("single", ["a", "b"], True),
        ("true_false", ["a", "b"], True),
        ("multiple", ["a", "b", "c"], False),
        ("multiple", ["a", "a"], True),
        ("multiple", ["e"], True),
        ("single", ["A"], True),
        ("single", [""], True),
    ],
)
def test_only_options_of_the_question_can_be_chosen(kind: str, chosen: list[str], refused: bool) -> None:
    assert bool(why_not_choose(kind, ["a", "b", "c", "d"], chosen)) is refused


@pytest.mark.parametrize(
    ("review", "marks", "keys"),
    [
        (Review.SCORE_ONLY, False, False),
        (Review.MARKS_AND_LESSONS, True, False),
        (Review.KEYS_AND_EXPLANATIONS, True, True),
    ],
)
def test_the_review_policy_says_what_is_shown(review: Review, marks: bool, keys: bool) -> None:
    assert (review.shows_marks, review.shows_keys) == (marks, keys)


def test_a_flagged_question_with_nothing_chosen_is_unanswered() -> None:
    answers = [(1, Answer(("a",))), (2, Answer(flagged=True, seq=3)), (3, Answer())]
    assert unanswered(answers) == (2, 3)


@pytest.mark.parametrize(
    ("day", "quarter", "first"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 1)),
        (date(2026, 3, 31), 1, date(2026, 1, 1)),
        (date(2026, 4, 1), 2, date(2026, 4, 1)),
        (date(2028, 2, 29), 1, date(2028, 1, 1)),
        (date(2026, 12, 31), 4, date(2026, 10, 1)),
    ],
)
def test_a_quarter_is_three_months_of_the_calendar(day, quarter, first):
    assert quarter_of(day) == (day.year, quarter)
    assert first_of_quarter(day) == first


def test_a_form_is_the_same_for_all_in_a_quarter_and_another_for_the_resit():
    first = form_seed("quarterly", date(2026, 10, 1), 0)
    assert form_seed("quarterly", date(2026, 12, 31), 0) == first
    others = {
        form_seed("quarterly", date(2026, 10, 1), 1),
        form_seed("quarterly", date(2027, 1, 1), 0),
        form_seed("quarterly", date(2027, 10, 1), 0),
        form_seed("other", date(2026, 10, 1), 0),
    }
    assert first not in others
    assert len(others) == 4
