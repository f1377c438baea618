"""TOML with lines: every wrong, missing or unknown key is told where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.interchange.source import decode
from lms.interchange.toml import Source, quote

TEXT = """title = "A"
notes = \"\"\"
[not.a.table]
key = 1
\"\"\"

[[section]]
count = 6

[[section]]
count = 0
draw = [
  { bank = "a", count = 2 },
  { bank = "b", cuont = 4 },
]
[section.more]
odd = true
"""


def problems_of(source):
    return [(problem.line, problem.message) for problem in source.problems]


def test_keys_are_found_in_arrays_of_tables_and_not_in_long_texts():
    source = Source("f.toml", TEXT)
    assert source.line(("section", 0, "count")) == 8
    assert source.line(("section", 1)) == 10
    assert source.line(("section", 1, "draw")) == 12
    assert source.line(("section", 1, "draw", 1), "cuont") == 14
    assert source.line(("section", 1, "more", "odd")) == 17
    assert source.line(("not", "a", "table", "key")) == 1


def test_each_mistake_is_reported_once_at_its_line():
    table = Source("f.toml", TEXT).parse()
    assert table.whole("title", 1, 5) == 1
    first, second = table.tables("section")
    first.whole("count", 1, 9)
    first.slug("bank")
    first.unknown()
    second.whole("count", 1, 9)
    for entry in second.tables("draw"):
        entry.slug("bank")
        entry.whole("count", 1, 9)
        entry.unknown()
    second.unknown()
    table.unknown()
    assert problems_of(table.source) == [
        (1, '"title" must be a whole number from 1 to 5.'),
        (7, '"bank" is missing. It is a name of small letters, digits and hyphens.'),
        (11, '"count" must be a whole number from 1 to 9.'),
        (14, '"count" is missing. It is a whole number from 1 to 9.'),
        (14, 'There is no setting "cuont" here. Known: bank, count.'),
        (16, 'There is no setting "more" here. Known: count, draw.'),
        (2, 'There is no setting "notes" here. Known: section, title.'),
    ]


@pytest.mark.parametrize(
    ("line", "read", "words"),
    [
        ("a = 1", lambda table: table.text("a"), "one line of text"),
        ('a = "x\\ny"', lambda table: table.text("a"), "one line of text"),
        ("a = true", lambda table: table.whole("a", 0, 9), "a whole number"),
        ("a = 1.005", lambda table: table.decimal("a", "0", "9", 2), "at most 2 decimal places"),
        ("a = nan", lambda table: table.decimal("a", "0", "9", 2), "a number"),
        ("a = 1", lambda table: table.flag("a"), "true or false"),
        ('a = "x"', lambda table: table.choice("a", ["y", "z"]), "one of y, z"),
        ('a = "x"', lambda table: table.texts("a"), "a list of texts"),
        ('a = ["x", "x"]', lambda table: table.texts("a"), "twice"),
        ('a = ["x"]', lambda table: table.numbers("a", 1, 3), "a list of whole numbers"),
        ('a = { en = "x" }', lambda table: table.both("a"), "both languages"),
        ("a = 1", lambda table: table.table("a"), "must be a table"),
        ("a = [1]", lambda table: table.tables("a"), "a list of tables"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_what_it_must_be(line, read, words):
    source = Source("f.toml", "\n" + line)
    read(source.parse())
    ((found, message),) = problems_of(source)
    assert found == 2
    assert words in message


def test_broken_toml_is_told_with_its_line():
    source = Source("f.toml", "a = 1\nb = [\nc = 2\n", first_line=3)
    assert source.parse() is None
    assert source.problems[0].line in (5, 6)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_text_survives_being_quoted(text):
    assert Source("f.toml", f"a = {quote(text)}").parse().values == {"a": text}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("\ufeff标题".encode(), "标题"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ],
)
def test_a_byte_order_mark_and_other_line_ends_are_accepted(data, text):
    assert decode(data, "f.md") == (text, [])


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ("好\n标题".encode("gb18030"), 1, "not UTF-8"),
        ("a\n标题".encode("utf-16"), 1, "not UTF-8"),
        (b"a\nb\xff", 2, "not UTF-8"),
        (b"a\nb\x00c", 2, "control character U+0000"),
        (b"a\n" * 1_000_001, 1, "larger than 2 MB"),
    ],
)
def test_other_encodings_control_characters_and_huge_files_are_refused(data, line, words):
    text, (problem,) = decode(data, "f.md")
    assert text == ""
    assert problem.line == line
    assert words in problem.message
