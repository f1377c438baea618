"""Every format a bank is written in: what it cannot hold is named, and the rest of it is there."""

import re

import pytest

from lms.interchange.exporting import FORMATS, export, left_out_by_format, template
from lms.interchange.records import BankText, QuestionText, Wording

OPTIONS = ("At once", "After 72 hours", "Never")
QUESTIONS = (
    QuestionText("one", "single", ("b",), Wording("When?", OPTIONS, "Because."), level=2, use="exam"),
    QuestionText("many", "multiple", ("a", "b"), Wording("Which?", OPTIONS), level=1, use="practice"),
    QuestionText("judge", "true_false", ("a",), Wording("It closes.", ("True", "False")), level=1, use="practice"),
)
KEYLESS = QuestionText("keyless", "single", (), Wording("Who knows?", OPTIONS), level=1, use="practice")
BANK = BankText("refunds", "en", "Refunds", "platform-rules", (*QUESTIONS, KEYLESS))


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_format_cannot_hold_is_named(format):
    made = export(BANK, format)
    expected = set() if FORMATS[format].takes_drafts else {"keyless"}
    assert {each.id for each in made.left_out} == expected | ({"many"} if format == "aiken" else set())
    assert all(str(each.reason) for each in made.left_out)
    assert re.fullmatch(r"refunds-en[a-z0-9.-]*\.(md|xlsx|csv|gift|txt|xml|zip)", made.file_name)
    assert made.data


def test_why_a_question_is_left_out_is_said():
    keyless, many = left_out_by_format(BANK)["aiken"][::-1]
    assert str(many.reason) == "Aiken knows one right answer only; this is multiple choice."
    assert str(keyless.reason).endswith("No right answer was found. Mark it.")


def test_a_draft_keeps_its_type_in_markdown():
    said = export(BANK, "markdown").data.decode()
    assert "## keyless\nlevel: 1\nuse: practice\ntype: single\n" in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_sheets_have_templates(format, language):
    made = template(format, language)
    assert made is not None
    assert made.file_name == f"questions-{language}.{format}"
    assert made.data


def test_what_is_no_sheet_has_no_template():
    assert template("gift", "en") is None
