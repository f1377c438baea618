"""QTI 1.2 as Canvas, Blackboard, Respondus, WebCT and Common Cartridges write it."""

import pytest

from lms.interchange import qti
from tests.interchange.qti_samples import (
    BLACKBOARD,
    CANVAS_SEVERAL,
    canvas,
    feedback,
    meta,
    quiz,
    respondus,
)


def read(*items, **more):
    return qti.read(quiz(*items, **more), "en")


def one(*items, **more):
    """The only question of a quiz."""
    (found,) = read(*items, **more).items
    return found


def codes(reading):
    return [note.code for note in reading.all_notes]


def test_a_canvas_question_is_read_with_one_right_answer():
    found = one(canvas())
    assert (found.stem, found.options, found.keys) == ("Which?", ("One", "Two", "Three"), ("b",))
    assert (found.type, found.id, found.shuffle, found.line) == ("single", "i201ce", None, 3)
    assert not found.notes
    assert not found.is_markdown


def test_canvas_multiple_answers_are_those_asked_for_and_not_the_others():
    found = one(
        canvas(question_type="multiple_answers_question", cardinality="Multiple", scoring=CANVAS_SEVERAL)
    )
    assert (found.type, found.keys, found.notes) == ("multiple", ("a", "c"), ())


@pytest.mark.parametrize("options", [("True", "False"), ("Vrai", "Faux")])
def test_canvas_true_or_false_is_that_in_any_language(options):
    found = one(canvas(options=options, question_type="true_false_question"))
    assert (found.type, found.options, found.keys) == ("true_false", options, ("b",))


def test_two_options_of_a_known_pair_are_true_or_false_without_saying_so():
    assert one(canvas(options=("对", "错"))).type == "true_false"


def test_plain_text_means_what_it_says_and_html_becomes_markdown():
    found = one(
        canvas(
            stem="&lt;p&gt;a &lt;b&gt;bold&lt;/b&gt; 5*3&lt;/p&gt;", options=("2*3*4", "a_b_c", "&lt;i&gt;")
        )
    )
    assert found.is_markdown
    assert found.stem == "a **bold** 5\\*3"
    assert found.options[:2] == ("2\\*3\\*4", "a\\_b\\_c")


def test_feedback_for_everybody_is_the_explanation_and_the_rest_is_told():
    found = one(canvas(feedback=feedback(general_fb="Because.", correct_fb="Yes", **{"4245_fb": "Two"})))
    assert found.explanation == "Because."
    assert [(note.code, str(note.reason)) for note in found.notes] == [
        ("not-kept", "Left out, because questions here do not have it: feedback on single answers.")
    ]
    same = one(canvas(feedback=feedback(correct="Same.", incorrect="Same.")))
    assert (same.explanation, same.notes) == ("Same.", ())


def test_a_solution_is_the_explanation():
    text = "<solution><solutionmaterial><material><mattext>So.</mattext></material></solutionmaterial></solution>"
    solution = f'<itemfeedback ident="x7">{text}</itemfeedback>'
    assert one(canvas(feedback=solution)).explanation == "So."


def test_blackboard_is_read_through_its_blocks():
    (found,) = qti.read(BLACKBOARD, "en").items
    assert (found.stem, found.options) == (
        "Which are **returns**?",
        ("Damaged 5*3", "Sold out", "Wrong size"),
    )
    assert (found.type, found.keys, found.shuffle) == ("multiple", ("a", "c"), False)
    assert found.explanation == "Size and damage count."
    assert found.id.startswith("q-")
    assert not found.notes


def test_blackboards_either_or_says_its_words():
    found = one(canvas(options=("agree_disagree.true", "agree_disagree.false"), question_type="Either/Or"))
    assert found.options == ("Agree", "Disagree")


def test_points_added_for_each_right_answer_make_several():
    scoring = respondus({"4155": "25.00", "4245": "-10.00", "6991": "25.00"})
    found = one(canvas(cardinality="Multiple", question_type="", scoring=scoring))
    assert (found.type, found.keys) == ("multiple", ("a", "c"))
    assert [note.code for note in found.notes] == ["not-kept"]


def test_fewer_points_for_a_second_answer_are_told_and_the_most_are_right():
    found = one(canvas(scoring=respondus({"4155": "10", "4245": "5"})))
    assert (found.keys, [note.code for note in found.notes]) == (("a",), ["not-kept"])


def test_two_answers_with_all_the_points_are_left_to_decide():
    found = one(canvas(scoring=respondus({"4155": "10", "4245": "10"})))
    assert (found.keys, found.is_draft, [note.code for note in found.notes]) == (
        ("a", "b"),
        True,
        ["two-keys"],
    )


def condition(inner, points="100"):
    setting = f'<setvar varname="SCORE">{points}</setvar>'
    return f"<respcondition><conditionvar>{inner}</conditionvar>{setting}</respcondition>"


def equal(ident):
    return f'<varequal respident="response1">{ident}</varequal>'


@pytest.mark.parametrize(
    "inner",
    [
        f"<or>{equal('4155')}{equal('4245')}</or>",
        f"<and>{equal('4155')}<not>{equal('4155')}</not></and>",
        f"<not><and>{equal('4155')}{equal('4245')}</and></not>",
        '<varsubset respident="response1">4155,4245</varsubset>',
        '<vargt respident="response1">3</vargt>',
    ],
)
def test_scoring_that_is_not_understood_makes_a_draft_without_keys(inner):
    found = one(canvas(cardinality="Multiple", question_type="", scoring=condition(inner)))
    assert (found.keys, found.is_draft) == ((), True)
    assert [note.code for note in found.notes] == ["scoring-not-read"]


def test_none_of_several_is_understood():
    inner = f"<and>{equal('6991')}<not><or>{equal('4155')}{equal('4245')}</or></not></and>"
    found = one(canvas(cardinality="Multiple", question_type="", scoring=condition(inner)))
    assert found.keys == ("c",)


@pytest.mark.parametrize("points", ["0", "-1", "x", "", "9" * 400])
def test_no_points_are_no_right_answer(points):
    found = one(canvas(scoring=condition(equal("4245"), points)))
    assert (found.keys, [note.code for note in found.notes]) == ((), ["no-key"])


def test_a_right_answer_that_is_no_option_is_told():
    found = one(canvas(scoring=condition(equal("77"))))
    assert ([note.code for note in found.notes], found.is_draft) == (["key-not-understood"], True)


def test_a_condition_titled_correct_needs_no_points():
    scoring = f'<respcondition title="correct"><conditionvar>{equal("6991")}</conditionvar></respcondition>'
    assert one(canvas(scoring=scoring)).keys == ("c",)


def test_kinds_that_differ_are_told_and_the_cardinality_decides():
    found = one(canvas(cardinality="Multiple", scoring=CANVAS_SEVERAL))
    assert (found.type, [note.code for note in found.notes]) == ("multiple", ["type-differs"])


def other(kind="", response="", ident="o"):
    fields = meta(question_type=kind) if kind else ""
    text = "<material><mattext>Text</mattext></material>"
    return f'<item ident="{ident}" title="Q">{fields}<presentation>{text}{response}</presentation></item>'


CHOICE = '<response_lid ident="r{}"><render_choice><response_label ident="1"/></render_choice></response_lid>'


@pytest.mark.parametrize(
    ("item", "name"),
    [
        (other("matching_question", CHOICE), "matching"),
        (other("essay_question"), "a free text"),
        (other("short_answer_question"), "filling in blanks"),
        (other("numerical_question"), "a number as the answer"),
        (other("calculated_question"), "values that change"),
        (other("file_upload_question"), "handing in a file"),
        (other("multiple_dropdowns_question", CHOICE), "choosing words"),
        (other("text_only_question"), "without a question"),
        (other("categorization_question"), "dragging"),
        (other("", '<response_str ident="r"><render_fib/></response_str>'), "filling in blanks"),
        (other("", '<response_str ident="r"><render_fib prompt="Box"/></response_str>'), "a free text"),
        (other("", '<response_num ident="r"><render_fib/></response_num>'), "a number"),
        (other("", '<response_grp ident="r"><render_choice/></response_grp>'), "matching"),
        (other("", '<response_xy ident="r"><render_hotspot/></response_xy>'), "a picture"),
        (other("", '<response_lid ident="r"><render_slider/></response_lid>'), "a slider"),
        (
            other("", '<response_lid ident="r" rcardinality="Ordered"><render_choice/></response_lid>'),
            "in order",
        ),
        (other("", CHOICE.format(1) + CHOICE.format(2)), "several questions"),
        (other("", "<response_extension/>"), "not known here"),
        ('<itemref linkrefid="x"/>', "another file"),
    ],
)
def test_what_has_no_place_here_is_named_with_its_line(item, name):
    reading = read(canvas(), item)
    assert len(reading.items) == 1
    (note,) = reading.notes
    assert (note.code, note.line, note.effect) == ("not-imported", 4, "warning")
    assert name in str(note.reason)


def test_a_canvas_stimulus_stands_before_its_questions():
    text = canvas(ident="passage", stem="Read this.", question_type="text_only_question")
    text = text[: text.index("<response_lid")] + "</presentation></item>"
    found = one(text, canvas(parent_stimulus_item_ident="passage"))
    assert found.stem == "Read this.\nWhich?"


def test_a_text_before_a_section_stands_before_each_of_its_questions():
    text = "<flow_mat><material><mattext>The case.</mattext></material></flow_mat>"
    before = f"<presentation_material>{text}</presentation_material>"
    reading = read(canvas(ident="x"), canvas(ident="y", stem="And?"), before=before)
    assert [item.stem for item in reading.items] == ["The case.\nWhich?", "The case.\nAnd?"]


def test_a_text_too_long_to_stand_before_all_questions_is_lost_aloud():
    long = "x" * 10_001
    before = f"<presentation_material><material><mattext>{long}</mattext></material></presentation_material>"
    found = one(canvas(), before=before)
    assert (found.stem, found.is_draft, [note.code for note in found.notes]) == ("Which?", True, ["lossy"])


def test_a_text_before_a_whole_quiz_is_told():
    data = quiz(canvas()).replace(
        b"<section", b"<rubric><material><mattext>Read!</mattext></material></rubric><section"
    )
    reading = qti.read(data, "en")
    assert ([each.stem for each in reading.items], codes(reading)) == (["Which?"], ["not-kept"])


def test_a_text_without_end_is_lost_aloud():
    found = one(canvas(stem="&lt;p&gt;x" * 20_001))
    assert (found.stem, "lossy" in [note.code for note in found.notes]) == ("", True)


def test_sounds_are_lost_aloud():
    sound = '<material><mataudio audiotype="audio/mp3" uri="a.mp3"/></material>'
    found = one(canvas().replace("<presentation>", f"<presentation>{sound}"))
    assert [note.code for note in found.notes] == ["lossy"]


def test_our_own_fields_come_from_the_keywords_and_others_are_told():
    found = one(
        canvas(
            qmd_keywords="level:2, refunds, lesson:refunds/first-steps, use:exam, objective:window, Odd one"
        )
    )
    assert (found.level, found.tags, found.lesson) == (2, ("refunds",), "refunds/first-steps")
    assert (found.use, found.objective) == ("exam", "window")
    assert [note.code for note in found.notes] == ["value-ignored"]


def test_a_difficulty_is_told():
    assert [note.code for note in one(canvas(qmd_levelofdifficulty="Easy")).notes] == ["not-kept"]
    assert not one(canvas(qmd_levelofdifficulty="School")).notes


@pytest.mark.parametrize(
    ("given", "kept"), [("", None), ('shuffle="Yes"', None), ('shuffle="No"', False), ('shuffle="no"', False)]
)
def test_the_order_of_options_is_kept_where_the_file_keeps_it(given, kept):
    assert one(canvas().replace("<render_choice>", f"<render_choice {given}>")).shuffle is kept


def test_an_option_of_a_fixed_place_keeps_all_in_order():
    text = canvas().replace("<render_choice>", '<render_choice shuffle="Yes">')
    found = one(text.replace('ident="6991"', 'ident="6991" rshuffle="No"', 1))
    assert (found.shuffle, [note.code for note in found.notes]) == (False, ["not-kept"])


def test_items_are_found_in_banks_of_objects_and_alone():
    bank = f"<questestinterop><objectbank>{canvas()}</objectbank></questestinterop>".encode()
    assert qti.read(bank, "en").items == qti.read(canvas().encode(), "en").items
    assert (
        len(
            qti.read(
                f"<questestinterop>{canvas()}{canvas(ident='b', stem='B')}</questestinterop>".encode(), "en"
            ).items
        )
        == 2
    )


def test_an_ident_is_the_id_if_it_is_one():
    assert one(canvas(ident="step-in-window")).id == "step-in-window"
    assert one(canvas(ident="QUE_1022")).id.startswith("q-")


def test_xhtml_inside_a_text_is_read_too():
    text = canvas().replace(
        '<mattext texttype="text/html">', '<mattext texttype="text/xhtml"><p>A <em>so</em></p>'
    )
    assert one(text).stem.startswith("A *so*")


def test_rows_of_the_scoring_may_be_thousands():
    many = "".join(
        f'<response_label ident="x{n}"><material><mattext>o{n}</mattext></material></response_label>'
        for n in range(3000)
    )
    conditions = respondus({f"x{n}": "1" for n in range(3000)})
    text = canvas(cardinality="Multiple", scoring=conditions).replace(
        "</render_choice>", many + "</render_choice>"
    )
    assert [note.code for note in one(text).notes if note.effect == "draft"] == ["too-many-options"]
