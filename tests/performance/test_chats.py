"""Inspected chats are typed as a line of scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Reason
from lms.performance.chats import Chat, parse_chats, show_chats


@pytest.mark.parametrize(
    ("text", "chats"),
    [
        ("", ()),
        ("  \n ", ()),
        ("92 88.5\n40! 100", (Chat(9200, False), Chat(8850, False), Chat(4000, True), Chat(10000, False))),
        ("92,88;75", (Chat(9200, False), Chat(8800, False), Chat(7500, False))),
        ("９２、８８．２５！，７５", (Chat(9200, False), Chat(8825, True), Chat(7500, False))),
        ("0 00.10", (Chat(0, False), Chat(10, False))),
    ],
)
def test_scores_are_read_as_they_are_typed(text, chats):
    assert parse_chats(text) == chats


@pytest.mark.parametrize(
    "text", ["101", "-1", "92 abc", "88.123", "1e2", "nan", "100.01", "90!!", "<b>", "1" * 400]
)
def test_what_is_no_score_is_named(text):
    found = parse_chats(text)
    assert isinstance(found, Reason)
    assert "is not a number from 0 to 100" in str(found)


def test_more_chats_than_a_month_can_hold_are_refused():
    assert "more than 500" in str(parse_chats("90 " * 501))


@given(st.lists(st.builds(Chat, st.integers(0, 10000), st.booleans()), max_size=40))
def test_what_is_shown_reads_back_the_same(chats):
    assert parse_chats(show_chats(chats)) == tuple(chats)
