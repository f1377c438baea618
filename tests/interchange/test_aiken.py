"""Aiken: stems, options and answers told apart, odd letters and answers told, and what cannot be written named."""

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange.aiken import left_out, read, write
from lms.interchange.items import question_of
from lms.interchange.records import BankText, QuestionText, Wording, infer_type
from lms.interchange.report import report
from tests.interchange.banks_to_write import plain, questions
from tests.interchange.soundness import is_sound

MARKS = "ABZ.)( :：、．"


def said(text):
    return [(note.line, note.code, note.effect) for note in read(text.encode(), "en").all_notes]


def gist(text):
    """Of each question its line, stem, options, keys and type."""
    items = read(text.encode(), "en").items
    return [(item.line, item.stem, item.options, "".join(item.keys), item.type) for item in items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which?\nA. One\nB. Two\nANSWER: B", (1, "Which?", ("One", "Two"), "b", "single")),
        ("Which?\nA) One\nB) Two\nANSWER: A\n\n", (1, "Which?", ("One", "Two"), "a", "single")),
        ("\n\nWhich?\n\nA) One\n\nB) Two\n\nAnswer:b", (3, "Which?", ("One", "Two"), "b", "single")),
        ("Which\nof these?\nA.One\nB.Two\nANSWER: A", (1, "Which\nof these?", ("One", "Two"), "a", "single")),
        ("Which?\nA. One\nand more\nB. Two\nmore\nANSWER: A",
         (1, "Which?", ("One\nand more", "Two\nmore"), "a", "single")),
        ("Which?\nA. 1\nB. 2\nC. 3\nANSWER: A, C", (1, "Which?", ("1", "2", "3"), "ac", "multiple")),
        ("Which?\nA. 1\nB. 2\nC. 3\nANSWER: ca", (1, "Which?", ("1", "2", "3"), "ac", "multiple")),
        ("Which?\nA. 1\nB. 2\nC. 3\nANSWERS: A and B", (1, "Which?", ("1", "2", "3"), "ab", "multiple")),
        ("Which?\nA. One\nB. Two\nANSWER: B. Two", (1, "Which?", ("One", "Two"), "b", "single")),
        ("Which?\nA. One\nB. Two\nANSWER: (B)", (1, "Which?", ("One", "Two"), "b", "single")),
        ("Which?\nA. One\nB. Two\nANSWER: two", (1, "Which?", ("One", "Two"), "b", "single")),
        ("Sky is blue.\nA. True\nB. False\nANSWER: A", (1, "Sky is blue.", ("True", "False"), "a", "true_false")),
        ("Sky is blue.\nA. True\nB. False\nANSWER: FALSE", (1, "Sky is blue.", ("True", "False"), "b", "true_false")),
        ("几天到账？\nＡ．三天\nＢ．七天\n答案：Ａ", (1, "几天到账？", ("三天", "七天"), "a", "single")),
        ("选哪些？\nA、甲\nB、乙\nC、丙\n正确答案：A、C", (1, "选哪些？", ("甲", "乙", "丙"), "ac", "multiple")),
        ("Say:\nU.S. law, E. coli\nB. Franklin\nA. 5*3\nB. _x_\nANSWER: A",
         (1, "Say:\nU.S. law, E. coli\nB. Franklin", ("5*3", "_x_"), "a", "single")),
        ("Is it?\nA. a.m.\nB. x\nU.S.A.\nANSWER: B", (1, "Is it?", ("a.m.", "x\nU.S.A."), "b", "single")),
    ],
)  # fmt: skip
def test_a_question_is_read(text, expected):
    assert gist(text) == [expected]
    assert said(text) == []


def test_questions_end_with_their_answers_with_or_without_empty_lines():
    text = "One?\nA. a\nB. b\nANSWER: A\nTwo?\nA. a\nB. b\nANSWER: B\n\n\nThree?\nA. a\nB. b\nANSWER: A"
    assert [(line, stem, keys) for line, stem, _options, keys, _type in gist(text)] == [
        (1, "One?", "a"), (5, "Two?", "b"), (11, "Three?", "a"),
    ]  # fmt: skip


def test_a_question_without_an_answer_is_a_draft_and_the_next_is_whole():
    for gap in ("", "\n"):
        text = f"One?\nA. a\nB. b\n{gap}Two?\nmore\nA. a\nB. b\nANSWER: B\n"
        assert [(item.stem, item.keys) for item in read(text.encode(), "en").items] == [
            ("One?", ()), ("Two?\nmore", ("b",)),
        ]  # fmt: skip
        assert said(text) == [(1, "no-key", "draft")]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Q?\nA. 1\nB. 2", [(1, "no-key", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER:", [(1, "no-key", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: C", [(1, "key-beyond-options", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: A, D", [(1, "key-beyond-options", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: maybe", [(1, "key-not-understood", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: 99999999999", [(1, "key-not-understood", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: B. 1", [(1, "key-not-understood", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: AA", [(1, "key-not-understood", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: A\nANSWER: B", [(1, "keys-disagree", "draft")]),
        ("Q?\nA. 1\nB. 2\nANSWER: A\nANSWER: A", []),
        ("Q?\nA. 1\nC. 2\nB. 3\nANSWER: C", [(1, "option-letters", "draft")]),
        ("Q?\nA. 1\nB. 2\nB. 3\nANSWER: A", [(1, "option-letters", "draft")]),
        ("Q?\nA. 1\nA. 2\nANSWER: A", [(1, "option-letters", "draft")]),
        ("Q?\nB. 1\nC. 2\nANSWER: B", [(1, "no-options", "draft"), (1, "key-beyond-options", "draft")]),
        ("Q?\nA. 1\nANSWER: A", [(1, "one-option", "draft")]),
        ("Q?\nA.\nB. 2\nANSWER: B", [(1, "empty-option", "draft")]),
        ("Q?\nA. 1\nB. 1\nANSWER: B", [(1, "same-options", "draft")]),
        ("A. 1\nB. 2\nANSWER: B", [(1, "no-stem", "draft")]),
        ("A. 1\nB. 2\n\nA. 3\nB. 4\nANSWER: B",
         [(1, "no-stem", "draft"), (1, "no-key", "draft"), (4, "no-stem", "draft")]),
        ("Q?\nA. True\nB. False\nANSWER: A, B", [(1, "two-keys", "draft")]),
        ("Q?\nA. 1\nB. 2\n\nso\nANSWER: B",
         [(1, "no-key", "draft"), (5, "no-options", "draft"), (5, "key-beyond-options", "draft")]),
        ("Q?\n" + "".join(f"{label}. {label}\n" for label in "ABCDEFGHIJKL") + "ANSWER: L",
         [(1, "too-many-options", "draft")]),
        ("ANSWER: B\nANSWER: C\nQ?\nA. 1\nB. 2\nANSWER: B", [(1, "left-out", "warning")]),
        ("Words only", [(1, "no-options", "draft"), (1, "no-key", "draft")]),
        ("", [(1, "no-questions", "error")]),
    ],
)  # fmt: skip
def test_what_is_missing_or_odd_is_told(text, notes):
    assert said(text) == notes


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("Q?\nA. 1\nB. 2\nANSWER: A\n解析：因为", "因为"),
        ("Q?\nA. 1\nB. 2\n答案解析：因为\nANSWER: A", "因为"),
        ("Q?\nA. 1\nB. 2\nANSWER: A\n\nFEEDBACK: So\nit is.\n\n", "So\nit is."),
    ],
)
def test_an_explanation_that_other_tools_add_is_read(text, explanation):
    text += "\n\nR?\nA. 1\nB. 2\nANSWER: B"
    first, second = read(text.encode(), "zh").items
    assert (first.explanation, first.options, first.keys) == (explanation, ("1", "2"), ("a",))
    assert (second.stem, second.keys, second.notes) == ("R?", ("b",), ())


def test_a_question_right_behind_an_explanation_is_not_taken_for_a_part_of_it():
    text = "Q?\nA. 1\nB. 2\nANSWER: A\n解析：因为\nR?\nA. 1\nB. 2\nANSWER: B"
    assert [(item.stem, item.explanation) for item in read(text.encode(), "zh").items] == [
        ("Q?", "因为"),
        ("R?", ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_other_encodings_and_line_ends_are_read(encoding):
    data = "几天到账？\r\nA. 三天\r\nB. 七天\r\nANSWER: B\r\n".encode(encoding)
    assert [item.options for item in read(data, "zh").items] == [("三天", "七天")]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        questions(plain(MARKS), max_options=4),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each.wording.stem,
    )
)
def test_what_is_written_is_read_back(asked):
    bank = BankText("refunds", "en", "Refunds", "tools-process", tuple(asked))
    out = {str(note.reason.values["id"]) for note in left_out(bank)}
    bank = replace(
        bank, questions=tuple(each for each in bank.questions if each.id not in out and one_line(each))
    )
    expected = [
        (each.keys, each.wording.stem, each.wording.options, kind_of(each)) for each in bank.questions
    ]
    found = map(question_of, read(write(bank), "en").items)
    assert [(each.keys, each.wording.stem, each.wording.options, each.type) for each in found] == expected


def one_line(question):
    return not any("\n" in text for text in (question.wording.stem, *question.wording.options))


def kind_of(question):
    return infer_type(question.wording.options, question.keys)


WHOLE = QuestionText("one", "single", ("b",), Wording("Which\n\none?", ("First\n\nline", "5*3"), "So."))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"type": "multiple", "keys": ("a", "b")}, "one right answer only"),
        ({"keys": ()}, "needs a text"),
        ({"wording": Wording("Which?", ("One",))}, "needs a text"),
        ({"wording": Wording("", ("One", "Two"))}, "needs a text"),
        ({"wording": Wording("Which?", ("*One*", "Two"))}, "plain text only"),
        ({"wording": Wording("A. Lincoln?", ("One", "Two"))}, "Begin it with another word"),
        ({"wording": Wording("答案：是？", ("One", "Two"))}, "Begin it with another word"),
    ],
)
def test_what_cannot_be_written_is_named(changes, words):
    bank = BankText("refunds", "en", "Refunds", "tools-process", (replace(WHOLE, **changes),))
    notes = left_out(bank)
    assert [words in str(note.reason) and "one" in str(note.reason) for note in notes] == (
        [True] if words else []
    )
    assert write(bank) == (b"" if words else b"Which one?\nA. First line\nB. 5*3\nANSWER: B\n")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from([*MARKS, "\n", "\n\n", "A. ", "\nB) ", "\nANSWER: ", "\n答案：A", "解析：", "\nB. b"]))
    .map(lambda pieces: "".join(pieces).encode())
)  # fmt: skip
def test_no_bytes_make_the_reader_fail(data):
    reading = read(data, "en")
    assert is_sound(reading)
    assert report(reading)["format"] == reading.format


@pytest.mark.parametrize(
    "text",
    ["A" * 1_000_000, "A. " * 300_000, "A.\n" * 100_000, "\n" * 500_000, "Q\nANSWER: " + "A," * 150_000,
     "Q\nA. 1\nB. 2\n" + "more\n" * 100_000, "ANSWER:" * 100_000, "ANSWER: A\n" * 60_000,
     "Q\nA. 1\nB. 2\nANSWER: A\n解析：x\n" + "y\n" * 100_000,
     "（" * 300_000, " " * 300_000 + "Q", "Q\nANSWER: A\n" * 20_000],
)  # fmt: skip
def test_long_nonsense_is_read_in_a_moment(text):
    begun = process_time()
    read(text.encode(), "en")
    assert process_time() - begun < 3
