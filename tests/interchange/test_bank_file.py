"""Bank files as imports: incomplete questions are drafts, mistakes stay with their question, nothing raises."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange.bank_file import read, write
from lms.interchange.items import question_of
from lms.interchange.reading import ERROR
from lms.interchange.report import report
from tests.interchange.banks_to_write import banks, texts
from tests.interchange.soundness import is_sound

HEADER = '+++\nbank = "refunds"\ntitle = "Refunds"\narea = "tools-process"\n+++\n'
GOOD = "## good\n\nWhich?\n\n- [x] One\n- [ ] Two\n"
MARKS = "#-[]xX >\\`+|~:"


def said(text):
    """The notes of a file: line, code, effect."""
    data = text if isinstance(text, bytes) else text.encode()
    return [(note.line, note.code, note.effect) for note in read(data, "en").all_notes]


def test_a_question_is_read_with_its_id_its_attributes_and_its_markdown():
    text = HEADER + (
        "\n## step-in\nlevel: 2\ntags: refunds, time-outs\nlesson: refunds/first-steps\nobjective: when"
        "\nuse: exam\nshuffle: no\n\nWhen *may* she?\n\n- [ ] Now\n- [x] Later\n  on\n\n> After 72 hours.\n"
    )
    (item,) = read(text.encode(), "en").items
    assert (item.id, item.type, item.keys, item.line, item.is_markdown) == (
        "step-in",
        "single",
        ("b",),
        7,
        True,
    )
    assert (item.level, item.tags, item.lesson) == (2, ("refunds", "time-outs"), "refunds/first-steps")
    assert (item.objective, item.use, item.shuffle) == ("when", "exam", False)
    assert (item.stem, item.options) == ("When *may* she?", ("Now", "Later\non"))
    assert (item.explanation, item.notes) == ("After 72 hours.", ())


def test_a_file_may_do_without_the_settings_at_its_top():
    assert report(read(GOOD.encode(), "en"))["questions"]["single"] == 1
    assert said(GOOD) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## q\n\nWhich?\n\n- [ ] One\n- [ ] Two\n", [(1, "no-key", "draft")]),
        ("## q\n\nWhich?\n\n- [x] One\n", [(1, "one-option", "draft")]),
        ("## q\n\nWhich?\n", [(1, "no-options", "draft"), (1, "no-key", "draft")]),
        ("## q\n\n- [x] One\n- [ ] Two\n", [(1, "no-stem", "draft")]),
        ("## q\n\nWhich?\n\n- [x] One\n- [ ]\n", [(1, "empty-option", "draft")]),
        ("## q\ntype: single\n\nWhich?\n\n- [x] One\n- [x] Two\n", [(1, "two-keys", "draft")]),
        ("## q\n\nWhich?\n\n- [x] True\n- [x] False\n", [(1, "two-keys", "draft")]),
        ("## q\n\nWhich?\n\n- [√] One\n- [x] Two\n", [(5, "odd-mark", "draft")]),
        ("## q\ntype: multiple\n\nWhich?\n\n- [x] One\n- [ ] Two\n", [(1, "one-key", "warning")]),
        ("## q\n\nWhich?\n\n" + "- [x] One {}\n" * 11, [(1, "too-many-options", "draft")]),
        ("## q\nlevel: 9\n\nWhich?\n\n- [x] One\n- [ ] Two\n", [(2, "bad-setting", "error")]),
        ("## q\nlevle: 1\n\nWhich?\n\n- [x] One\n- [ ] Two\n", [(2, "unknown-setting", "error")]),
        ("## q\nuse: exam\nuse: exam\n\nWhich?\n\n- [x] A\n- [ ] B\n", [(3, "setting-twice", "error")]),
        ("## q\nWhich?\n\n- [x] One\n- [ ] Two\n", [(2, "no-empty-line", "error")]),
        ("## q\n\nWhich?\n\n- [x] One\n-[ ] Two\n- [ ] Three\n", [(6, "odd-option", "error")]),
        ("## q\n\nWhich?\n\n- [x] One\n- [ ] Two\nmore\nand more\n", [(7, "not-indented", "error")]),
        ("## q\n\nWhich?\n\n- [x] A\n- [ ] B\n\n> Why\n\nmore\n", [(10, "after-explanation", "error")]),
        ("## Question 1\n\nWhich?\n\n- [x] One\n- [ ] Two\n", [(1, "bad-id", "error")]),
        (GOOD + GOOD.replace("One", "Three"), [(7, "duplicate-id", "error")]),
        (GOOD + GOOD, [(7, "repeated", "warning")]),
        ("hello\nworld\n" + GOOD, [(1, "before-first", "error")]),
        ('+++\nbank = "b"\n' + GOOD, [(1, "not-closed", "warning")]),
        ("+++\n", [(1, "not-closed", "warning"), (1, "no-questions", "error")]),
        ("", [(1, "no-questions", "error")]),
        (b"\x89PNG\r\n", [(1, "not-text", "error")]),
    ],
)
def test_what_is_incomplete_is_a_draft_and_what_is_wrong_is_told_with_its_line(body, expected):
    assert said(body) == expected


def test_a_mistake_in_one_question_leaves_the_others_to_be_imported():
    text = HEADER + "\n## bad\nlevel: 9\n\nWhich?\n\n- [x] One\n- [ ] Two\n\n" + GOOD
    bad, good = read(text.encode(), "en").items
    assert (bad.has_error, good.has_error, good.id, good.line) == (True, False, "good", 15)


def test_settings_that_loading_would_refuse_do_not_matter_to_an_import():
    assert said('+++\nbank = "Refunds!\ncolour = 1\n+++\n' + GOOD) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_files_of_other_encodings_and_line_ends_are_read(encoding):
    text = "## tui-kuan\n\n几天到账？\n\n- [x] 三天\n- [ ] 七天\n".replace("\n", "\r\n")
    (item,) = read(text.encode(encoding), "zh").items
    assert (item.stem, item.options, item.keys) == ("几天到账？", ("三天", "七天"), ("a",))


@settings(max_examples=25, deadline=None)
@given(banks(texts(MARKS)))
def test_a_bank_that_is_written_is_read_back(bank):
    reading = read(write(bank), bank.language)
    assert tuple(map(question_of, reading.items)) == bank.questions
    assert not any(note.effect == ERROR for note in reading.all_notes)


@settings(max_examples=25, deadline=None)
@given(banks(texts(MARKS), drafts=True))
def test_drafts_of_a_bank_are_read_back_too(bank):
    assert tuple(map(question_of, read(write(bank), bank.language).items)) == bank.questions


def test_a_draft_with_more_options_than_a_question_may_have_is_read_back():
    text = "## q\n\nWhich?\n\n" + "".join(f"- [{'x' if n == 10 else ' '}] {n}\n" for n in range(12))
    item = read(text.encode(), "en").items[0]
    assert (len(item.options), item.keys, item.is_draft) == (12, ("k",), True)


@settings(max_examples=40)
@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from([*MARKS, "\n", "\n## ", "\n- [x] ", "+++\n", "level: "])).map(
        lambda pieces: "".join(pieces).encode()
    )
)
def test_no_bytes_make_the_reader_fail(data):
    reading = read(data, "en")
    assert is_sound(reading)
    assert report(reading)["format"] == reading.format


@pytest.mark.parametrize(
    "text",
    ["#" * 1_000_000, "## \n" * 100_000, "- [" * 300_000, "\\" * 300_000, "## a\n\n" + " " * 300_000 + "x",
     "## a\n\nb\n" + "- [x] a\n" * 30_000, "a " * 150_000, "## a\n" + "a" * 300_000 + ":", "[" * 1_000_000],
    ids=["#", "headings", "- [", "backslash", "spaces", "options", "a ", "setting", "["],
)  # fmt: skip
def test_long_nonsense_is_read_in_a_moment(text):
    begun = process_time()
    read(text.encode(), "en")
    assert process_time() - begun < 2
