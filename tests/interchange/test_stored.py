"""What was read is kept as JSON and comes back as it was."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.errors import Reason
from lms.interchange.reading import Columns, Item, Note, note
from lms.interchange.stored import (
    columns_from_json,
    columns_to_json,
    item_from_json,
    item_to_json,
    notes_from_json,
    notes_to_json,
    sound,
)

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
SLUGS = st.lists(st.sampled_from(["a", "b-c", "tone"]), max_size=3).map(tuple)
ITEMS = st.builds(
    Item, line=st.integers(1, 99), stem=TEXTS, options=st.lists(TEXTS, max_size=4).map(tuple), keys=SLUGS, id=TEXTS,
    explanation=TEXTS, level=st.none() | st.integers(1, 3), tags=st.none() | SLUGS, shuffle=st.none() | st.booleans(),
    is_markdown=st.booleans(),
)  # fmt: skip


def through_json(value):
    return json.loads(json.dumps(value))


@given(ITEMS)
@settings(max_examples=60)
def test_an_item_comes_back_as_it_was(item):
    assert item_from_json(through_json(item_to_json(item))) == item


def test_notes_come_back_with_reasons_that_can_be_said_in_any_language():
    notes = (
        note(3, "key-glued", keys="A"),
        Note(9, "x", Reason("No %(what)s, %(list)s", what=Reason("of %(n)s", n=2), list=("a", "b")), "draft"),
    )
    assert notes_from_json(through_json(notes_to_json(notes))) == notes


def test_columns_come_back_as_they_were_and_none_is_none():
    columns = Columns(("题目", ""), (("一", "二"), ("三",)), ("stem", ""))
    assert columns_from_json(through_json(columns_to_json(columns))) == columns
    assert columns_from_json(columns_to_json(None)) is None


@pytest.mark.parametrize(
    ("text", "kept"), [("a\0b", "ab"), ("\ud83d alone", "? alone"), ("题\0目", "题目"), ("😀", "😀")]
)
def test_what_no_database_takes_is_left_out(text, kept):
    assert sound(text) == kept


def test_other_values_of_a_reason_become_text():
    said = notes_to_json([Note(1, "x", Reason("%(path)s", path=1.5))])
    assert notes_from_json(said)[0].reason == Reason("%(path)s", path="1.5")
