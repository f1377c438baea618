"""QTI 2.0, 2.1, 2.2 and 3.0: items with one choice interaction, and what else there is."""

import pytest

from lms.interchange import qti
from tests.interchange.qti_samples import choice, declared, item, item_3


def read(data):
    return qti.read(data, "en")


def one(*args, **more):
    """The only question of an item."""
    (found,) = read(item(*args, **more)).items
    return found


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_an_item_is_read_in_every_version(version):
    found = one(version=version)
    assert (found.stem, found.options, found.keys) == ("Which?", ("One", "Two", "Three"), ("b",))
    assert (found.type, found.id, found.shuffle, found.notes) == ("single", "step-in", None, ())
    assert not found.is_markdown


def test_an_item_of_3_0_is_read_in_its_own_spelling():
    feedback = (
        '<qti-modal-feedback outcome-identifier="FEEDBACK" show-hide="show" identifier="general">'
        "<qti-content-body><p>Both.</p></qti-content-body></qti-modal-feedback>"
    )
    (found,) = read(item_3(feedback=feedback)).items
    assert (found.stem, found.options) == ("Which return an order?", ("Damage", "Colour", "Size"))
    assert (found.type, found.keys, found.explanation) == ("multiple", ("a", "c"), "Both.")
    assert (found.shuffle, found.notes) == (False, ())


def test_texts_around_the_options_are_the_stem():
    body = f"<p>A <strong>case</strong>.</p><div><p>More</p>{choice()}</div><p>After</p>"
    found = one(body)
    assert found.is_markdown
    assert found.stem == "A **case**.\n\nMore\n\nWhich?\n\nAfter"


def test_options_may_hold_lists_and_plain_ones_stay_as_they_are():
    found = one(choice(options=("5*3", "<ul><li>x</li></ul>", "a_b")))
    assert found.options == ("5*3", "- x", "a_b")


@pytest.mark.parametrize(
    ("response", "most", "kind", "keys", "codes"),
    [
        (declared("A", "C", cardinality="multiple"), "0", "multiple", ("a", "c"), []),
        (declared("A", cardinality="multiple"), "0", "multiple", ("a",), ["one-key"]),
        (declared("A", cardinality="multiple"), "1", "single", ("a",), []),
        (declared("A", "C", cardinality="multiple"), "2", "multiple", ("a", "c"), []),
        (declared("A", "B", cardinality="single"), "1", "single", ("a", "b"), ["two-keys"]),
        (declared(" B "), "1", "single", ("b",), []),
        (declared("Z"), "1", "single", (), ["key-not-understood"]),
        (declared(), "1", "single", (), ["no-key"]),
        ("", "0", "multiple", (), ["no-key"]),
        ("", "1", "single", (), ["no-key"]),
    ],
)
def test_the_declaration_says_what_is_right(response, most, kind, keys, codes):
    found = one(choice(most=most), response or declared(cardinality="multiple" if most == "0" else "single"))
    assert (found.type, found.keys, [note.code for note in found.notes]) == (kind, keys, codes)


def mapping(**points):
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in points.items())
    return f'<mapping defaultValue="0">{entries}</mapping>'


@pytest.mark.parametrize(
    ("keys", "points", "cardinality", "right", "codes"),
    [
        ((), {"A": "1", "B": "0", "C": "1"}, "multiple", ("a", "c"), []),
        ((), {"A": "1", "B": "-1", "C": "1"}, "multiple", ("a", "c"), ["not-kept"]),
        ((), {"A": "0.5", "B": "1"}, "single", ("b",), ["not-kept"]),
        ((), {"A": "1", "B": "1"}, "single", ("a", "b"), ["two-keys"]),
        ((), {"A": "0", "B": "x"}, "single", (), ["no-key"]),
        (("A",), {"A": "1"}, "single", ("a",), []),
        (("A", "C"), {"A": "1", "B": "-2", "C": "1"}, "multiple", ("a", "c"), ["not-kept"]),
    ],
)
def test_points_say_what_is_right_where_nothing_else_does(keys, points, cardinality, right, codes):
    response = declared(*keys, cardinality=cardinality, mapping=mapping(**points))
    found = one(choice(most="1" if cardinality == "single" else "0"), response)
    assert (found.keys, [note.code for note in found.notes]) == (right, codes)


def test_scoring_by_rules_alone_is_not_guessed_at():
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/>"
        "<baseValue baseType='identifier'>A</baseValue></match></responseIf></responseCondition></responseProcessing>"
    )
    found = one(response=declared(), after=rules)
    assert (found.keys, [note.code for note in found.notes]) == ((), ["scoring-not-read"])


@pytest.mark.parametrize(
    ("options", "kind"), [(("True", "False"), "true_false"), (("是", "否"), "true_false")]
)
def test_a_pair_of_true_and_false_is_that(options, kind):
    found = one(choice(options=options, shuffle="false"))
    assert (found.type, found.shuffle) == (kind, None)


@pytest.mark.parametrize(
    ("shuffle", "fixed", "kept", "codes"),
    [
        ("true", "", None, []),
        ("false", "", False, []),
        ("false", ' fixed="true"', False, []),
        ("true", ' fixed="true"', False, ["not-kept"]),
    ],
)
def test_options_keep_their_order_where_the_file_keeps_it(shuffle, fixed, kept, codes):
    more = f'<simpleChoice identifier="D"{fixed}>All of the above</simpleChoice>'
    found = one(choice(shuffle=shuffle, more=more))
    assert (found.shuffle, [note.code for note in found.notes]) == (kept, codes)


def modal(text, name="general", outcome="FEEDBACK", show="show"):
    shown = f'outcomeIdentifier="{outcome}" identifier="{name}" showHide="{show}"'
    return f"<modalFeedback {shown}>{text}</modalFeedback>"


@pytest.mark.parametrize(
    ("after", "explanation", "codes"),
    [
        (modal("So."), "So.", []),
        (modal("So.", "YES", "GENERALFB"), "So.", []),
        (modal("So.", "not_attempted", "completionStatus", "hide"), "So.", []),  # Moodle
        (modal("Yes", "CORRECT") + modal("No", "INCORRECT"), "", ["not-kept"]),
        (modal("Same", "CORRECT") + modal("Same", "INCORRECT"), "Same", []),
        (modal("For A", "A", show="hide"), "", ["not-kept"]),
        (modal("<p>One</p><p>Two</p>", "SOLUTION"), "One\nTwo", []),
    ],
)
def test_feedback_for_everybody_is_the_explanation(after, explanation, codes):
    found = one(after=after)
    assert (found.explanation, [note.code for note in found.notes]) == (explanation, codes)


def test_an_outcome_that_is_set_from_the_beginning_shows_its_feedback():
    outcome = (
        '<outcomeDeclaration identifier="FB" cardinality="single" baseType="identifier">'
        "<defaultValue><value>x1</value></defaultValue></outcomeDeclaration>"
    )
    assert one(before=outcome, after=modal("So.", "x1", "FB")).explanation == "So."
    changed = '<responseProcessing><setOutcomeValue identifier="FB"/></responseProcessing>'
    assert one(before=outcome, after=modal("So.", "x1", "FB") + changed).explanation == ""


def test_feedback_on_single_options_is_told_and_stays_out_of_their_texts():
    inline = (
        'Two<feedbackInline outcomeIdentifier="FEEDBACK" identifier="B" showHide="show">No!</feedbackInline>'
    )
    found = one(choice(options=("One", inline)))
    assert (found.options, [note.code for note in found.notes]) == (("One", "Two"), ["not-kept"])


def test_notes_for_those_who_mark_are_told_and_those_for_learners_kept():
    body = (
        '<rubricBlock view="scorer"><p>One point</p></rubricBlock>'
        '<rubricBlock view="candidate"><p>Read!</p></rubricBlock>'
    )
    found = one(body + choice())
    assert (found.stem, [note.code for note in found.notes]) == ("Read!\nWhich?", ["not-kept"])


def test_a_limit_to_the_choices_is_told():
    found = one(choice(most="3", options="1234"), declared("A", "B", cardinality="multiple"))
    assert [note.code for note in found.notes] == ["not-kept"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', "filling in blanks"),
        ('<extendedTextInteraction responseIdentifier="RESPONSE"/>', "a free text"),
        ('<matchInteraction responseIdentifier="RESPONSE"/>', "matching"),
        ('<associateInteraction responseIdentifier="RESPONSE"/>', "matching"),
        ('<orderInteraction responseIdentifier="RESPONSE"/>', "in order"),
        ('<gapMatchInteraction responseIdentifier="RESPONSE"/>', "dragging"),
        ('<inlineChoiceInteraction responseIdentifier="RESPONSE"/>', "choosing words"),
        ('<hotspotInteraction responseIdentifier="RESPONSE"/>', "a picture"),
        ('<uploadInteraction responseIdentifier="RESPONSE"/>', "handing in"),
        ('<sliderInteraction responseIdentifier="RESPONSE"/>', "a slider"),
        ('<mediaInteraction responseIdentifier="RESPONSE"/>', "a film"),
        ('<portableCustomInteraction responseIdentifier="RESPONSE"/>', "not known here"),
        ("<p>Only a text</p>", "without a question"),
        (choice() + choice(), "several questions"),
        (choice() + '<endAttemptInteraction responseIdentifier="HINT"/>', "several questions"),
    ],
)
def test_what_has_no_place_here_is_named(body, name):
    (note, empty) = read(item(body)).notes
    assert (note.code, note.line, empty.code) == ("not-imported", 2, "no-questions")
    assert name in str(note.reason)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"response": declared("A", cardinality="ordered")}, "in order"),
        ({"response": declared("A", cardinality="record")}, "not known"),
        ({"before": '<templateDeclaration identifier="X"/>'}, "values that change"),
    ],
)
def test_declarations_that_have_no_place_here_are_named(more, name):
    assert name in str(read(item(**more)).notes[0].reason)


def test_an_adaptive_item_is_named():
    data = item().replace(b'adaptive="false"', b'adaptive="true"')
    assert "several steps" in str(read(data).notes[0].reason)


def test_a_formula_and_a_film_are_lost_aloud():
    body = (
        '<p>What is <math alttext="x squared"><mi>x</mi></math>?</p><object data="a.mp4" type="video/mp4"/>'
    )
    found = one(body + choice())
    assert found.stem == "What is x squared?\nWhich?"
    assert [(note.code, note.effect) for note in found.notes] == [("lossy", "draft")] * 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [("_2-keys", "2-keys"), ("step-in", "step-in"), ("_step", ""), ("Choice_1", ""), ("-x", "")],
)
def test_an_identifier_is_the_id_if_it_is_one(given, kept):
    id = one(identifier=given).id
    assert id == kept if kept else id.startswith("q-")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<quiz/>",
        b"<html><body/></html>",
        b"<assessmentItem",
        b"\x00\x01\x02",
        b"<assessmentTest/>",
    ],
)
def test_what_is_no_qti_is_said_to_be_none(data):
    reading = read(data)
    assert (reading.format, reading.items, [note.code for note in reading.notes]) == (
        "qti",
        (),
        ["not-readable"],
    )
