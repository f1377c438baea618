"""Which questions a seed draws, and in which order."""

from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.drawing import CannotFillError, Draw, draw_paper, option_order, question_order, shortages


def pool(*names: str) -> frozenset[str]:
    return frozenset(names)


REFUNDS = pool(*(f"refunds/q{n}" for n in range(10)))
TRADE = pool(*(f"trade/q{n}" for n in range(10)))


def test_a_seed_gives_this_paper_on_every_machine() -> None:
    paper = draw_paper([[Draw(REFUNDS, 2), Draw(TRADE, 1)], [Draw(REFUNDS | TRADE, 3)]], "golden")
    assert paper == (
        ("trade/q6", "refunds/q6", "refunds/q9"),
        ("trade/q1", "trade/q5", "trade/q7"),
    )
    assert option_order("golden", "refunds/q1", "abcd", shuffle=True) == ("c", "d", "a", "b")


def test_questions_and_options_stand_in_the_order_of_their_hashes() -> None:
    names = [f"x/{n}" for n in range(9)]
    hashes = [sha256(f"seed\n{name}".encode()).digest() for name in question_order("seed", names)]
    assert hashes == sorted(hashes)
    hashes = [
        sha256(f"seed\nx/1\n{o}".encode()).digest()
        for o in option_order("seed", "x/1", "abcdef", shuffle=True)
    ]
    assert hashes == sorted(hashes)


def test_options_that_must_not_be_shuffled_keep_their_order() -> None:
    assert option_order("golden", "refunds/q1", "abcd", shuffle=False) == ("a", "b", "c", "d")


def test_another_seed_gives_another_paper() -> None:
    papers = {draw_paper([[Draw(REFUNDS, 5)]], str(seed)) for seed in range(20)}
    assert len(papers) > 15


def test_a_draw_is_not_starved_by_one_that_shares_its_questions() -> None:
    scarce = pool("trade/q1", "trade/q2")
    for seed in range(50):
        (section,) = draw_paper([[Draw(TRADE, 8), Draw(scarce, 2)]], str(seed))
        assert len(set(section)) == 10
        assert scarce <= set(section)


def test_a_question_never_comes_twice_even_in_different_sections() -> None:
    for seed in range(50):
        one, two = draw_paper([[Draw(TRADE, 5)], [Draw(TRADE, 5)]], str(seed))
        assert not set(one) & set(two)


def test_places_are_freed_along_a_chain_of_draws() -> None:
    a, b, c = pool("x/1"), pool("x/1", "x/2"), pool("x/2", "x/3")
    for seed in range(20):
        one, two, three = draw_paper([[Draw(c, 1)], [Draw(b, 1)], [Draw(a, 1)]], str(seed))
        assert (one, two, three) == (("x/3",), ("x/2",), ("x/1",))


def test_what_is_missing_is_named() -> None:
    sections = [[Draw(TRADE, 3)], [Draw(pool("x/1", "x/2"), 2), Draw(pool("x/2"), 1)]]
    with pytest.raises(CannotFillError) as refusal:
        draw_paper(sections, "any")
    (short,) = refusal.value.shortages
    assert (short.section, short.missing) == (1, 1)
    assert shortages([[Draw(TRADE, 10)]]) == ()


questions = st.sampled_from([f"x/{n}" for n in range(6)])
draws = st.builds(Draw, pool=st.frozensets(questions), count=st.integers(1, 3))
exams = st.lists(st.lists(draws, min_size=1, max_size=3), min_size=1, max_size=2)


def can_be_filled(places: list[Draw], used: frozenset[str] = frozenset()) -> bool:
    """By trying everything."""
    if not places:
        return True
    first, *rest = places
    return any(can_be_filled(rest, used | {question}) for question in first.pool - used)


@given(exams, st.text(max_size=5))
def test_a_paper_that_can_be_filled_is_filled_without_repeating(
    sections: list[list[Draw]], seed: str
) -> None:
    places = [Draw(draw.pool, 1) for section in sections for draw in section for _ in range(draw.count)]
    if not can_be_filled(places):
        with pytest.raises(CannotFillError):
            draw_paper(sections, seed)
        assert shortages(sections)
        return
    paper = draw_paper(sections, seed)
    drawn = [question for section in paper for question in section]
    assert len(drawn) == len(set(drawn)) == len(places)
    for section, asked in zip(sections, paper, strict=True):
        assert len(asked) == sum(draw.count for draw in section)
        assert set(asked) <= frozenset().union(*(draw.pool for draw in section))
        assert asked == question_order(seed, asked)


@given(exams, st.text(max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_questions_are_known_does_not_matter(
    sections: list[list[Draw]], seed: str, shuffler: Random
) -> None:
    def again(draw: Draw) -> Draw:
        members = sorted(draw.pool)
        shuffler.shuffle(members)
        return Draw(frozenset(members), draw.count)

    if shortages(sections):
        return
    assert draw_paper([[again(draw) for draw in section] for section in sections], seed) == draw_paper(
        sections, seed
    )
