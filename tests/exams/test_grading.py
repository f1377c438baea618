"""Points for answers, in hundredths."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.grading import Item, Mark, Scoring, Tally, is_pass, pass_mark, rounded, score, tally

OPTIONS = "abcdefghij"


def item(keys: str, options: str = "abcd", points: int = 500, kind: str = "multiple") -> Item:
    return Item(type=kind, points=points, options=frozenset(options), keys=frozenset(keys))


@st.composite
def items(draw: st.DrawFn) -> Item:
    options = OPTIONS[: draw(st.integers(2, 10))]
    keys = draw(st.sets(st.sampled_from(options), min_size=1))
    return item("".join(keys), options, draw(st.integers(1, 2000)))


answers = st.sets(st.sampled_from(OPTIONS))


@pytest.mark.parametrize(
    ("chosen", "exact", "half", "each"),
    [
        ("", 0, 0, 0),
        ("ab", 500, 500, 500),
        ("a", 0, 250, 250),
        ("c", 0, 0, 0),
        ("ac", 0, 0, 0),
        ("abc", 0, 0, 250),
        ("abcd", 0, 0, 0),
        ("cd", 0, 0, 0),
    ],
)
def test_the_three_policies_on_two_keys_of_four_options(
    chosen: str, exact: int, half: int, each: int
) -> None:
    two_of_four = item("ab")
    assert score(two_of_four, chosen, Scoring.ALL_OR_NOTHING) == exact
    assert score(two_of_four, chosen, Scoring.HALF_IF_INCOMPLETE) == half
    assert score(two_of_four, chosen, Scoring.PER_OPTION) == each


@pytest.mark.parametrize(
    ("keys", "options", "points", "chosen", "earned"),
    [
        ("abc", "abcde", 500, "a", 167),  # 1/3 of 5 = 1.666... -> 1.67
        ("abc", "abcde", 500, "ab", 333),
        ("abc", "abcde", 500, "abd", 83),  # 2/3 - 1/2 = 1/6 of 5 = 0.8333
        ("abc", "abcd", 100, "ab", 67),
        ("abcd", "abcd", 300, "abc", 225),  # all are keys: nothing can be wrong
        ("abcd", "abcd", 300, "abcd", 300),
        ("a", "abcd", 300, "ab", 200),  # one key: 1 - 1/3
    ],
)
def test_per_option_adds_keys_and_takes_off_wrong_options(
    keys: str, options: str, points: int, chosen: str, earned: int
) -> None:
    assert score(item(keys, options, points), chosen, Scoring.PER_OPTION) == earned


def test_half_of_an_odd_number_of_hundredths_rounds_up() -> None:
    assert score(item("ab", points=125), "a", Scoring.HALF_IF_INCOMPLETE) == 63


@pytest.mark.parametrize("scoring", Scoring)
@pytest.mark.parametrize("kind", ["single", "true_false"])
@pytest.mark.parametrize(("chosen", "earned"), [("a", 300), ("b", 0), ("", 0), ("ab", 0)])
def test_single_choice_and_true_false_give_all_or_nothing(
    scoring: Scoring, kind: str, chosen: str, earned: int
) -> None:
    assert score(item("a", "ab", 300, kind), chosen, scoring) == earned


@given(items(), st.sampled_from(Scoring))
def test_the_key_set_always_earns_full_points(asked: Item, scoring: Scoring) -> None:
    assert score(asked, asked.keys, scoring) == asked.points


@given(items(), answers, st.sampled_from(Scoring))
def test_a_score_lies_between_nothing_and_full_points(
    asked: Item, chosen: set[str], scoring: Scoring
) -> None:
    earned = score(asked, chosen & asked.options, scoring)
    assert 0 <= earned <= asked.points


@given(items(), st.sampled_from(Scoring))
def test_ticking_everything_scores_only_where_everything_is_a_key(asked: Item, scoring: Scoring) -> None:
    earned = score(asked, asked.options, scoring)
    assert earned == (asked.points if asked.keys == asked.options else 0)


@given(items(), answers)
def test_no_policy_gives_more_than_a_more_generous_one(asked: Item, chosen: set[str]) -> None:
    ticked = chosen & asked.options
    exact = score(asked, ticked, Scoring.ALL_OR_NOTHING)
    assert exact <= score(asked, ticked, Scoring.HALF_IF_INCOMPLETE)
    assert exact <= score(asked, ticked, Scoring.PER_OPTION)


@given(items(), answers, st.permutations(OPTIONS), st.sampled_from(Scoring))
def test_the_names_and_order_of_options_do_not_matter(
    asked: Item, chosen: set[str], names: list[str], scoring: Scoring
) -> None:
    renamed = dict(zip(OPTIONS, names, strict=True))
    other = Item(
        type=asked.type,
        points=asked.points,
        options=frozenset(renamed[option] for option in asked.options),
        keys=frozenset(renamed[option] for option in asked.keys),
    )
    ticked = chosen & asked.options
    assert score(asked, ticked, scoring) == score(other, [renamed[option] for option in ticked], scoring)


@given(items(), answers)
def test_per_option_follows_its_formula_to_the_hundredth(asked: Item, chosen: set[str]) -> None:
    ticked = chosen & asked.options
    keys, distractors = len(asked.keys), len(asked.options) - len(asked.keys)
    share = Fraction(len(ticked & asked.keys), keys)
    if wrong := len(ticked - asked.keys):
        share -= Fraction(wrong, distractors)
    exact = max(Fraction(0), share) * asked.points
    assert abs(score(asked, ticked, Scoring.PER_OPTION) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("top", "bottom", "expected"), [(1, 2, 1), (3, 2, 2), (1, 3, 0), (2, 3, 1), (0, 7, 0)]
)
def test_rounding_is_half_up(top: int, bottom: int, expected: int) -> None:
    assert rounded(top, bottom) == expected


@pytest.mark.parametrize(
    ("earned", "possible", "passed"),
    [(8000, 10000, True), (7999, 10000, False), (240, 300, True), (239, 300, False), (0, 0, False)],
)
def test_passing_compares_exact_integers(earned: int, possible: int, passed: bool) -> None:
    assert is_pass(earned, possible, 80) is passed


@given(st.integers(1, 100_000), st.integers(1, 100))
def test_the_pass_mark_is_the_least_score_that_passes(possible: int, percent: int) -> None:
    least = pass_mark(possible, percent)
    assert is_pass(least, possible, percent)
    assert not is_pass(least - 1, possible, percent)


def test_tallies_add_up_what_is_shown() -> None:
    marks = [
        Mark(position=1, section=0, topic="refunds", earned=167, possible=500, answered=True),
        Mark(position=2, section=0, topic="trade", earned=500, possible=500, answered=True),
        Mark(position=3, section=1, topic="refunds", earned=0, possible=200, answered=False),
    ]
    refunds, trade = tally(marks, by=lambda mark: mark.topic)
    assert refunds == Tally("refunds", earned=167, possible=700, right=0, asked=2)
    assert trade == Tally("trade", earned=500, possible=500, right=1, asked=1)
