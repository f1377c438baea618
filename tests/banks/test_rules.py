"""What makes a question whole."""

import pytest

from lms.banks.rules import flaws_of, flaws_of_draft, has_one_key, hash_of, why_not_state
from lms.interchange.records import Wording
from tests.banks.make_banks import SINGLE, content


def wordings(*options, stem="Which?"):
    return {"en": Wording(stem, options)}


def fields(question):
    return [flaw.field for flaw in flaws_of(question)]


def test_a_whole_question_has_no_flaw():
    assert flaws_of(SINGLE) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"wordings": {}}, ["stem"]),
        ({"wordings": wordings("One", "Two", stem="")}, ["stem"]),
        ({"wordings": wordings("One"), "keys": ("a",)}, ["options"]),
        ({"wordings": wordings(*map(str, range(11)))}, ["options"]),
        ({"wordings": wordings("One", "", "Three"), "keys": ("a",)}, ["options"]),
        ({"wordings": wordings("One", "One")}, ["options"]),
        ({"wordings": wordings("One", "Two", stem="[" * 500)}, ["stem"]),
        ({"keys": ()}, ["keys"]),
        ({"keys": ("a", "b")}, ["keys"]),
        ({"keys": ("c",)}, ["keys"]),
        ({"type": "multiple", "keys": ()}, ["keys"]),
        ({"type": "true_false", "keys": ("a", "b")}, ["keys"]),
        ({"type": "true_false", "wordings": wordings("One", "Two", "Three")}, ["keys"]),
        ({"type": "multiple", "keys": ("a", "b")}, []),
        ({"type": "multiple", "keys": ("a",)}, []),
        ({"wordings": {**SINGLE.wordings, "zh": Wording("哪个？", ("一",))}}, ["options", "options"]),
    ],
)
def test_each_flaw_names_its_field(changes, expected):
    assert fields(content(**changes)) == expected


def test_a_draft_needs_only_a_text_and_as_many_options_in_both_languages():
    assert flaws_of_draft(content(wordings=wordings(), keys=())) == []
    assert flaws_of_draft(content(wordings={})) != []
    assert flaws_of_draft(content(wordings={**SINGLE.wordings, "zh": Wording("哪个？", ("一",))})) != []


def test_one_key_on_a_multiple_choice_is_noticed():
    assert has_one_key(content(type="multiple", keys=("a",)))
    assert not has_one_key(SINGLE)


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("draft", "live", True),
        ("draft", "retired", True),
        ("live", "retired", True),
        ("live", "draft", False),
        ("retired", "live", True),
        ("live", "live", False),
        ("retired", "draft", False),
    ],
)
def test_states_follow_one_another(old, new, allowed):
    assert (why_not_state(old, new) is None) is allowed


def test_the_same_content_has_the_same_hash_whatever_its_id_and_order_of_languages():
    turned = dict(reversed(SINGLE.wordings.items()))
    assert hash_of(content(id="other", wordings=turned, file="x.md", line=9)) == hash_of(SINGLE)
    assert hash_of(content(keys=("a",))) != hash_of(SINGLE)
