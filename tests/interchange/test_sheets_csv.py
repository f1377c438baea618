"""Delimited text: encodings, delimiters, quotation marks, formulas made harmless, and every field there and back."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange import csv_file
from lms.interchange.items import question_of
from lms.interchange.neutral import meant, neutralise
from lms.interchange.records import BankText, QuestionText, Wording
from tests.interchange.soundness import is_sound
from tests.interchange.strategies_for_sheets import banks
from tests.interchange.test_sheets import codes

TABLE = "题干,选项,答案\n退款多久到账？,1天|3天,B\n"


def read(text, encoding="utf-8", **options):
    return csv_file.read(text.encode(encoding), "zh", **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_common_encoding_and_line_end_is_read(encoding, end):
    reading = read(TABLE.replace("\n", end), encoding)
    assert codes(reading) == []
    assert reading.items[0].stem == "退款多久到账？"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_the_heads_known(delimiter):
    other = ";" if delimiter == "," else ","
    reading = read("题干/A/B/答案\n一个%s两个%s？/甲/乙/B\n".replace("/", delimiter) % (other, other))
    assert reading.items[0].stem == f"一个{other}两个{other}？"
    assert reading.columns.fields == ("stem", "option-a", "option-b", "key")


def test_a_first_line_may_name_the_delimiter():
    reading = read("sep=;\n题干;A;B;答案\n一？;甲;乙;B\n")
    assert (reading.items[0].line, reading.items[0].keys) == (3, ("b",))


def test_a_cell_may_hold_lines_delimiters_and_quotation_marks():
    reading = read('题干,选项,答案\n"她说：""在吗""\n怎么回？","甲,乙\n丙",A\n二？,甲|乙,A\n')
    first, second = reading.items
    assert (first.stem, first.options, first.line) == ('她说："在吗"\n怎么回？', ("甲,乙", "丙"), 2)
    assert second.line == 5
    assert codes(reading) == []


@pytest.mark.parametrize(
    "broken",
    ['"没有关上？,甲|乙,A', '"关上"又写？,甲|乙,A'],
)
def test_a_stray_quotation_mark_costs_its_line_and_not_the_file(broken):
    reading = read(f'题干,选项,答案\n一？,甲|乙,A\n{broken}\n二？,甲|乙,B\n三？,"甲\n乙",B\n')
    assert [item.line for item in reading.items] == [2, 3, 4, 5]
    assert codes(reading) == [(3, "open-quote")]
    assert reading.items[1].is_draft


@pytest.mark.parametrize("data", [b"", b"\x00" * 50, b"PK\x03\x04rest", b"\xff\xfe\xff", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_table_is_said_to_be_none(data):
    reading = csv_file.read(data, "zh")
    assert reading.items == ()
    assert any(note.effect == "error" for note in reading.notes)


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@x", "＝1", "＋", "－1", "＠a", "'=1", "''=1", "'-'", "\t=1"]
)
def test_a_cell_that_opens_a_formula_is_made_harmless_and_read_back(text):
    assert neutralise(text).startswith("'")
    assert meant(neutralise(text)) == text


@pytest.mark.parametrize("text", ["'tis", "'90s", "1+1", "a=b", "'", "", "——", "·"])
def test_other_texts_stay_as_they_are(text):
    assert neutralise(text) == meant(text) == text


@given(st.text(alphabet="'=+-@\t ＝a", max_size=8))
def test_neutral_texts_come_back(text):
    assert meant(neutralise(text)) == text


def test_no_cell_of_an_export_opens_a_formula():
    wording = Wording("=HYPERLINK(1)", ("+1", "-1", "@A1"), "=1+1")
    data = csv_file.write(BankText("b", "en", "B", "area", (QuestionText("one", "single", ("a",), wording),)))
    cells = data.decode("utf-8-sig").split("\r\n")[1].split(",")
    assert not any(cell.strip('"').startswith(("=", "+", "-", "@")) for cell in cells)
    assert question_of(csv_file.read(data, "en").items[0]).wording == wording


@given(banks())
@settings(max_examples=50)
def test_every_field_comes_back(bank):
    reading = csv_file.read(csv_file.write(bank), bank.language)
    assert tuple(map(question_of, reading.items)) == bank.questions


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd(data):
    assert is_sound(csv_file.read(data, "zh"))


TOKENS = [
    *(
        "题干",
        "选项",
        "选项A",
        "答案",
        "题型",
        "判断",
        "A",
        "对",
        "A.",
        "B.",
        "1",
        "（示例）",
        "一、单选题",
        "注：",
        "sep=;",
    ),
    *(",", ";", "\t", "|", '"', '""', "\n", "'", "=", "\u202e", " ", "x" * 70),
]


@given(
    st.lists(st.sampled_from(TOKENS), max_size=60),
    st.dictionaries(st.integers(-2, 6), st.sampled_from(["stem", "key", "options", "x", ""])),
)
def test_no_table_made_of_its_own_words_is_too_odd(tokens, mapping):
    assert is_sound(csv_file.read(("题干,选项,答案\n" + "".join(tokens)).encode(), "zh", mapping=mapping))
    assert is_sound(csv_file.read("".join(tokens).encode(), "en", mapping=mapping))


@pytest.mark.parametrize(
    "text",
    [
        '"' * 300_000,
        "\n" * 5_000_000,
        '"\n' * 150_000,
        '"a""\n' * 60_000,
        '"' + 'a""\n' * 60_000,
        "," * 300_000,
        "题干,选项,答案\n" + "A." * 150_000,
        "题干,选项,答案\n一？," + "A." * 50_000 + "," + "A、" * 50_000,
        "题干,选项,答案\n一？,甲|乙," + "A-" * 100_000,
        "题干,选项,答案\n一？,甲|乙," + "1," * 100_000,
        "题干,选项,答案\n一？," + "|" * 100_000 + ",A",
        "题干,选项,答案\n" + "(" * 300_000,
        "(" * 50 + "\n" + "一、" * 100_000,
        " " * 300_000 + '"',
        '" ' * 150_000,
        "题干\t答案\n" + "=" * 300_000,
        "'" * 300_000 + "=",
    ],
)
def test_hostile_texts_take_no_time(text):
    begun = time.process_time()
    csv_file.read(text.encode(), "zh")
    assert time.process_time() - begun < 1.5
