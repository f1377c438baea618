"""docs/interchange.md names every code, format and field there is, and none that there is not."""

import re
from pathlib import Path

from lms.banks import import_rules
from lms.interchange import bank_sections, exporting, importing, reading
from lms.interchange.sheet_heads import FIELDS, OPTIONS

DOC = (Path(__file__).parents[2] / "docs" / "interchange.md").read_text("utf-8")
SAID = {**reading.SAID, **import_rules.SAID}
OF_BANK_FILES = {*bank_sections.MISTAKES, "not-closed"}


def listed(title):
    """The codes in the table under a title."""
    part = DOC.partition(f"\n### {title}\n")[2].partition("\n#")[0]
    return set(re.findall(r"^\| `([\w-]+)` \|", part, re.MULTILINE))


def said(effect):
    return {code for code, (kind, _message) in SAID.items() if kind == effect}


def test_every_code_is_listed_by_what_follows_from_it():
    assert listed("Errors") == said(reading.ERROR)
    assert listed("What makes a draft") == said(reading.DRAFT)
    assert listed("Warnings") == said(reading.WARNING)


def test_the_mistakes_of_bank_files_are_listed():
    assert listed("In bank files") == OF_BANK_FILES


def test_every_format_and_field_is_named():
    names = set(re.findall(r"`([\w.-]+)`", DOC))
    assert {*importing.FORMATS, *exporting.FORMATS} <= names
    fields = re.search(r"^Fields: `(.*)`", DOC, re.MULTILINE)[1].split()
    assert [each for each in fields if each != "…"] == [
        each for each in FIELDS if each not in OPTIONS[1:-1]
    ]
