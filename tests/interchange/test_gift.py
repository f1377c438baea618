"""GIFT: what of it is read, what is named and left, and that Moodle's own rules take what is written."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange.gift import read, write
from lms.interchange.items import question_of
from lms.interchange.records import BankText, QuestionText, Wording
from lms.interchange.report import report
from tests.interchange.banks_to_write import banks, plain, texts
from tests.interchange.soundness import is_sound

MARKS = "~=#{}:%\\/[]>-n&<$;"


def items_of(text, language="en"):
    return read(text.encode(), language).items


def said(text):
    return [(note.line, note.code, note.effect) for note in read(text.encode(), "en").all_notes]


def gist(text, language="en"):
    """Of each question its stem, its options, its keys and its type."""
    return [(item.stem, item.options, "".join(item.keys), item.type) for item in items_of(text, language)]


ABC = ("Grant", "Lee", "nobody")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who?{~Grant ~Lee =nobody}", ("Who?", ABC, "c", "single")),
        ("Who?{\n=Grant\n~Lee\n~nobody\n}", ("Who?", ABC, "a", "single")),
        ("::Tomb:: Who?{=Grant~Lee~nobody}", ("Who?", ABC, "a", "single")),
        ("Who?\n{\n\n=Grant\n\n~Lee\n\n~nobody\n\n}", ("Who?", ABC, "a", "single")),
        ("Who?{~%50%Grant ~%50%Lee ~%-100%nobody}", ("Who?", ABC, "ab", "multiple")),
        ("Who?{~%33.333%Grant ~%33.333%Lee ~%33.333%nobody}", ("Who?", ABC, "abc", "multiple")),
        ("Who?{~%100%Grant ~Lee ~nobody}", ("Who?", ABC, "a", "multiple")),
        ("Who?{=%100%Grant ~%0%Lee ~nobody}", ("Who?", ABC, "a", "single")),
        ("Grant lies here.{T}", ("Grant lies here.", ("True", "False"), "a", "true_false")),
        ("Grant lies here.{FALSE}", ("Grant lies here.", ("True", "False"), "b", "true_false")),
        ("Grant lies here. { true }", ("Grant lies here.", ("True", "False"), "a", "true_false")),
        ("Really?{=Yes ~No}", ("Really?", ("Yes", "No"), "a", "true_false")),
        ("Grant is {~gone =buried} here.", ("Grant is _____ here.", ("gone", "buried"), "b", "single")),
        ("Who is it {=Grant ~Lee}?", ("Who is it _____?", ("Grant", "Lee"), "a", "single")),
        ("It is {=a ~b}\nor not.", ("It is _____\nor not.", ("a", "b"), "a", "single")),
        (r"2\=1+1 \{so\} 10\:5 \#1 a\~b {=y\=1 ~\~no\:}", ("2=1+1 {so} 10:5 #1 a~b", ("y=1", "~no:"), "a", "single")),
        (r"One\ntwo {=a\\n ~b\x}", ("One\ntwo", (r"a\n", r"b\x"), "a", "single")),
        ("5*3 < 16 & _you_?{=1 ~2}", ("5*3 < 16 & _you_?", ("1", "2"), "a", "single")),
        ("// why\nWho?{\n// inside\n=a\n~b}\n// after", ("Who?", ("a", "b"), "a", "single")),
        ("[plain]Is <b> bold? {=a ~b}", ("Is <b> bold?", ("a", "b"), "a", "single")),
        ("[markdown]Is *b* bold? {=*a* ~[plain]b*}", ("Is *b* bold?", ("*a*", "b*"), "a", "single")),
        ("[html]<p>Is <b>b</b> 5\\=5?</p> {=<i>a</i> ~[plain]b*}",
         ("Is **b** 5=5?", ("*a*", "b*"), "a", "single")),
        ("Is <b>b</b>\nbold? {=a*a ~b}", ("Is **b**\n\nbold?", ("a*a", "b"), "a", "single")),
        ("[markdown]A *is* {=a ~b} it.", (r"A *is* \_\_\_\_\_ it.", ("a", "b"), "a", "single")),
        ("退款几天到账？{=三天 ~七天}", ("退款几天到账？", ("三天", "七天"), "a", "single")),

    ],
)  # fmt: skip
def test_a_question_is_read_as_moodle_reads_it(text, expected):
    assert gist(text) == [expected]


def test_true_and_false_are_in_the_language_of_the_bank():
    assert gist("退款要三天。{F}", "zh") == [("退款要三天。", ("对", "错"), "b", "true_false")]


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("Q?{=a ~b ####Because.}", "Because."),
        ("Q?{=a#yes ~b#no ####[plain]Because\\: 1}", "Because: 1"),
        ("Q{T####Because.}", "Because."),
        ("Q{F#wrong#right####Because.\nSo.}", "Because.\nSo."),
        ("Q?{=a ~b}", ""),
    ],
)
def test_general_feedback_is_the_explanation(text, explanation):
    assert [item.explanation for item in items_of(text)] == [explanation]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("::step-in:: Q?{=a ~b}", "step-in"),
        ("// [id:refunds/step-in]\n::Step in:: Q?{=a ~b}", "step-in"),
        ("// question: 7  name: x [id:step-in]\n::other:: Q?{=a ~b}", "step-in"),
        ("// [id:A 1]\n::step-in:: Q?{=a ~b}", "step-in"),
    ],
)
def test_the_id_is_that_of_the_comment_or_else_a_title_that_is_one(text, id):
    assert [item.id for item in items_of(text)] == [id]


def test_a_title_that_is_no_id_is_passed_over():
    (item,) = items_of("::Question 1: who\\: me:: Q?{=a ~b}")
    assert (item.stem, item.id[:2], item.notes) == ("Q?", "q-", ())


def test_tags_carry_the_attributes():
    (item,) = items_of(
        "// [tag:level:2] [tag:refunds] [tag:lesson:refunds/first-steps]\n// [tag:objective:when][tag:use:exam]"
        "[tag:shuffle:no] [tag:type:multiple] [tag:time-outs] [tag:refunds] \nQ?{=a ~b}"
    )
    assert (item.level, item.tags, item.lesson) == (2, ("refunds", "time-outs"), "refunds/first-steps")
    assert (item.objective, item.use, item.shuffle, item.type) == ("when", "exam", False, "multiple")


def test_tags_that_cannot_be_are_told_once_a_kind():
    text = "// [tag:Big deal] [tag:退款] [tag:level:9]\nQ?{=a ~b}"
    assert said(text) == [(2, "value-ignored", "warning")] * 2
    assert items_of(text)[0].tags is None


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Q?{~a ~b}", [(1, "no-key", "draft")]),
        ("Q?{~%0%a ~%-50%b}", [(1, "no-key", "draft")]),
        ("Q?{=a =b ~c}", [(1, "two-keys", "draft")]),
        ("Q?{=a ~%100%b ~c}", [(1, "two-keys", "draft")]),
        ("Q?{=%50%a =%50%b ~c}", [(1, "not-kept", "warning"), (1, "two-keys", "draft")]),
        ("Q?{=a ~%50%b ~c}", [(1, "not-kept", "warning")]),
        ("Q?{~%70%a ~%30%b ~c}", [(1, "not-kept", "warning")]),
        ("Q?{~%50%a ~%50%b ~%-50%c}", [(1, "not-kept", "warning")]),
        ("Q?{~%50%a ~%50%b ~%-50%c ~%-50%d}", []),
        ("Q?{~%50%a ~%50%b ~%50%c}", [(1, "lossy", "draft")]),
        ("Q?{~%100%a ~%50%b ~c}", [(1, "lossy", "draft")]),
        ("Q?{~%100%a ~b}", [(1, "one-key", "warning")]),
        ("Q?{=a#good ~b#bad#really}", [(1, "not-kept", "warning")]),
        ("Q{T#no#yes}", [(1, "not-kept", "warning")]),
        ("Q?{~%99999999999%a =b}", [(1, "key-not-understood", "draft")]),
        ("Q?{~%1.2.3%a =b}", [(1, "key-not-understood", "draft")]),
        ("Q?{~%%a =b ~%x%c}", []),
        ("Q?{a =b ~c}", [(1, "option-unmarked", "draft")]),
        ("Q?{=a ~ ~b}", [(1, "empty-option", "draft")]),
        ("Q?{=a ~a}", [(1, "same-options", "draft")]),
        ("Q?{~}", [(1, "no-options", "draft"), (1, "no-key", "draft")]),
        ("Q?{~%100%a}", [(1, "one-option", "draft"), (1, "one-key", "warning")]),
        ("{=a ~b}", [(1, "no-stem", "draft")]),
        ("Q?{=0 " + " ".join(f"~{n}" for n in range(1, 11)) + "}", [(1, "too-many-options", "draft")]),
        ("Q?{=a ~b {c} ~d}", [(1, "stray-brace", "draft")]),
        ("Q?} {=a ~b}", [(1, "stray-brace", "draft")]),
        ("Q{T} Q{F}", [(1, "stray-brace", "draft")]),
        ("Q?{}", [(1, "not-imported", "warning")]),
        ("Q?{####only this}", [(1, "not-imported", "warning")]),
        ("Q?{#1822:5}", [(1, "not-imported", "warning")]),
        ("Q?{=%100%1822 =%50%1823}", [(1, "not-imported", "warning")]),
        ("Q?{=Canada->Ottawa =Italy->Rome}", [(1, "not-imported", "warning")]),
        ("Q?{Frog}", [(1, "not-imported", "warning")]),
        ("Only words.", [(1, "not-imported", "warning")]),
        ("[html]<img src=\"http://x.example/a.png\"> Q?{=a ~b}", [(1, "image-left-out", "draft")]),
        ("Q?{=a ~b}\n\nQ?{=a ~b}", [(3, "repeated", "warning")]),
        ("Q?{=a ~b}\n\nQ?{~a =b}", [(3, "contradiction", "error")]),
        ("::q::A?{=a ~b}\n\n::q::B?{=a ~b}", [(3, "duplicate-id", "error")]),
        ("$CATEGORY: $course$/top/A\n\nQ?{=a ~b}\n\n$CATEGORY: B\nR?{=a ~b}", [(1, "not-kept", "warning")]),
        ("// nothing\n\n\n", [(1, "no-questions", "error")]),
        ("", [(1, "no-questions", "error")]),
    ],
)  # fmt: skip
def test_what_is_missing_odd_or_lost_is_told(text, notes):
    without_any = [(1, "no-questions", "error")]
    assert said(text) in (notes, without_any + notes, notes + without_any)


def test_what_is_not_imported_is_named():
    (note, _none) = read(b"\n\nMatch:{=a->b =c->d}", "en").all_notes[::-1]
    assert (note.line, str(note.reason).split(".")[0]) == (3, "Not imported: pairs to match")


def test_questions_without_empty_lines_between_them_are_told_apart():
    text = "A?{T}\nB\nis it?{F}\n::c::C?{=a ~b}\n// [id:d]\nD?{=a ~b}\n$CATEGORY: x\nE {=a ~b} end."
    assert [(item.line, item.stem) for item in items_of(text)] == [
        (1, "A?"), (2, "B\nis it?"), (4, "C?"), (6, "D?"), (8, "E _____ end."),
    ]  # fmt: skip
    assert [item.id for item in items_of(text)][2:4] == ["c", "d"]


@pytest.mark.parametrize("after", ["\n\n// [id:next]\n\n", "\n\n", "\n"])
def test_an_open_brace_is_told_and_the_questions_after_it_are_read(after):
    text = f"// [id:first]\n::first::A?{{=a\n~b{after}::next::B?{{=c ~d}}\n\nC?{{T}}"
    first, second, third = items_of(text)
    assert [note.code for note in first.notes] == ["unclosed-brace"]
    assert (first.id, first.stem, first.options, first.keys) == ("first", "A?", ("a", "b"), ("a",))
    assert (second.id, second.stem, second.notes) == ("next", "B?", ())
    assert third.type == "true_false"


def test_an_open_brace_is_found_by_the_next_one_behind_an_empty_line():
    text = "A?{=a ~b\n\nmore\n\nB?{=c ~d}\n\nC?{=e ~f"
    assert [(item.line, item.stem, [n.code for n in item.notes]) for item in items_of(text)] == [
        (1, "A?", ["unclosed-brace"]), (5, "B?", []), (7, "C?", ["unclosed-brace"]),
    ]  # fmt: skip


def test_a_title_may_go_over_two_lines():
    assert gist("::Grant's\n::Who?{=a ~b}") == [("Who?", ("a", "b"), "a", "single")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_other_encodings_and_line_ends_are_read(encoding):
    data = "退款几天到账？{\r\n=三天\r\n~七天\r\n}\r\n".encode(encoding)
    assert [item.options for item in read(data, "zh").items] == [("三天", "七天")]


@settings(max_examples=25, deadline=None)
@given(banks(plain(MARKS)))
def test_plain_questions_are_read_back_as_they_were_written(bank):
    reading = read(write(bank), bank.language)
    assert tuple(map(question_of, reading.items)) == bank.questions
    assert {note.code for note in reading.all_notes} <= {"one-key"}


@settings(max_examples=25, deadline=None)
@given(banks(texts(MARKS + "*`_"), drafts=True))
def test_markdown_and_drafts_are_read_back_as_they_were_written(bank):
    assert tuple(map(question_of, read(write(bank), bank.language).items)) == bank.questions


FRACTIONS = [100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5,
             11.11111, 10, 5, 0]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(banks(plain(MARKS)))
def test_moodle_would_take_every_question(bank):
    paragraphs = [each for each in write(bank).decode().split("\n\n") if each.strip()]
    assert len(paragraphs) == len(bank.questions)
    for paragraph, question in zip(paragraphs, bank.questions, strict=True):
        lines = [line for line in paragraph.split("\n") if not line.startswith("//")]
        text = re.sub(r"\\[\\~=#{}:n]", "_", "\n".join(lines))
        head, answer, tail = re.fullmatch(r"([^{}]*)\{([^{}]*)\}(\s*)", text).groups()
        assert head.startswith(f"::{question.id}::")
        assert not tail.strip()
        answer = answer.rpartition("####")[0] or answer
        if answer in ("T", "F"):
            continue
        marks = re.findall(r"([~=])(?:%(-?[\d.]+)%)?", answer)
        right = sum(float(weight) for _mark, weight in marks if weight and float(weight) > 0)
        assert len(marks) == len(question.wording.options)
        assert ([mark for mark, _weight in marks].count("="), round(right / 100, 2)) in [(1, 0), (0, 1)]
        assert all(abs(float(weight or 0)) in FRACTIONS for _mark, weight in marks)
        both = sum(float(weight or 0) for _mark, weight in marks)
        assert right == 0 or len(question.keys) == len(marks) or abs(both) < 0.001


def bank_of(*questions, language="en"):
    return BankText("refunds", language, "Refunds", "tools-process", questions)


def test_a_question_is_written_as_moodle_writes_it():
    wording = Wording("How much: 50%?", ("5*3", "#2", "%3%"), "Look [there](lesson:refunds/when).")
    question = QuestionText("much", "multiple", ("a", "b"), wording, level=2, tags=("sums",), use="exam")
    assert write(bank_of(question)).decode() == (
        "// [id:refunds/much] [tag:level:2] [tag:sums] [tag:use:exam]\n"
        "::much::[markdown]How much\\: 50%?{\n\t~%50%5*3\n\t~%50%\\#2\n\t~%-100%[markdown]%3%\n"
        "\t####Look [there](lesson\\:refunds/when).\n}\n"
    )


def test_an_id_too_long_for_moodles_number_stands_in_the_title_alone():
    question = QuestionText("a" * 80, "true_false", ("b",), Wording("Q.", ("True", "False")))
    bank = BankText("b" * 80, "en", "B", "tools-process", (question,))
    assert write(bank).decode() == f"::{'a' * 80}::Q.{{F}}\n"
    assert read(write(bank), "en").items[0].id == "a" * 80


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from([*MARKS, "\n", "\n\n", "::", "{", "}", "=", "~", "%50%", "####", "// [id:a]", "[html]",
                                "$CATEGORY:", "<b>", "T", "->", "\\"])).map(lambda pieces: "".join(pieces).encode())
)  # fmt: skip
def test_no_bytes_make_the_reader_fail(data):
    reading = read(data, "en")
    assert is_sound(reading)
    assert report(reading)["format"] == reading.format


@pytest.mark.parametrize(
    "text",
    ["{" * 1_000_000, "}" * 1_000_000, "Q{" + "~" * 1_000_000, "Q{=" * 300_000, "::" * 500_000, "Q{~%" * 250_000,
     "Q{~" + "%" * 300_000, "::\n" * 100_000, "{\n\n" * 4_000, "{\n" * 100_000, "\\" * 300_000, "// " + "[id:" * 75_000,
     "<b " * 100_000 + "{=a ~b}", "[html]" + "<p>" * 100_000 + "{=a ~b}", "&#1" * 100_000 + "{=a ~b}",
     "a " * 150_000 + "{=a ~b}", "Q?{=a ~b}\n" * 8_000, "{}\n\n" * 30_000, "Q{~" + "#" * 300_000 + "}",
     "//[tag:a]\n" * 50_000 + "Q?{=a ~b}"],
)  # fmt: skip
def test_long_nonsense_is_read_in_a_moment(text):
    begun = process_time()
    read(text.encode(), "en")
    assert process_time() - begun < 3


def test_a_file_of_too_many_questions_is_refused():
    text = "".join(f"Q{n}{{}}\n\n" for n in range(10_001))
    assert read(text.encode(), "en").all_notes[-1].code == "too-many-questions"
