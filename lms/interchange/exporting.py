"""Writing a bank as a file of any format: which there are, what each cannot hold, and the writer that knows it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from lms.errors import N_, Reason
from lms.interchange.media import NAME
from lms.interchange.reading import DRAFT, Item, judge
from lms.interchange.records import BankText, QuestionText

NOT_WHOLE = N_("It is not complete, and this format has no drafts. %(why)s")
_PICTURE = re.compile(rf"\(media:({NAME.pattern})\)")


@dataclass(frozen=True, slots=True)
class Format:
    """A format that banks are written in: its module has `write`, and `why_not` if it cannot hold every question.

    `about` says what it is for and what of a question it loses; `version` is of the standard, where one writer
    knows several.
    """

    module: str
    ending: str
    mime: str
    name: str
    about: str
    version: str = ""
    takes_drafts: bool = False
    takes_pictures: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that the format cannot hold, by its id, and why."""

    id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Export:
    """A bank as a file. `file_name` is plain ASCII."""

    data: bytes
    file_name: str
    mime: str
    left_out: list[LeftOut] = field(default_factory=list)


_SHEET = N_("For work in a spreadsheet. Holds everything; comes back in as it was.")
_QTI = N_("For other learning platforms. Level, tags, lesson and use go along as keywords.")
_CANVAS = N_("For Canvas and other learning platforms. Level, tags, lesson and use go along as keywords.")

FORMATS: dict[str, Format] = {
    "markdown": Format(
        "bank_file", ".md", "text/markdown", "Markdown",
        N_("The bank's file as lms load reads it. Holds everything; comes back in as it was."), takes_drafts=True,
    ),
    "xlsx": Format(
        "xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", _SHEET,
        takes_drafts=True,
    ),
    "csv": Format("csv_file", ".csv", "text/csv", "CSV", _SHEET, takes_drafts=True),
    "gift": Format("gift", ".gift", "text/plain", "GIFT", N_("For Moodle, as text; without pictures.")),
    "aiken": Format(
        "aiken", ".txt", "text/plain", "Aiken",
        N_("The simplest text. One right answer each, without explanations, levels, tags and lessons."),
    ),
    "moodle-xml": Format(
        "moodle_write", ".xml", "application/xml", "Moodle XML",
        N_("For Moodle, pictures included. Level, lesson and use go along as tags."), takes_pictures=True,
    ),
    "qti": Format("qti", ".zip", "application/zip", "QTI 2.1", _CANVAS, version="2.1", takes_pictures=True),
    "qti-1.2": Format("qti", ".zip", "application/zip", "QTI 1.2", _CANVAS, version="1.2", takes_pictures=True),
    "qti-2.2": Format("qti", ".zip", "application/zip", "QTI 2.2", _QTI, version="2.2", takes_pictures=True),
    "qti-3.0": Format("qti", ".zip", "application/zip", "QTI 3.0", _QTI, version="3.0", takes_pictures=True),
}  # fmt: skip

TEMPLATES = ("xlsx", "csv")


def export(bank: BankText, format: str, media: Mapping[str, bytes] | None = None) -> Export:
    """The bank as a file of a format of `FORMATS`, and which of its questions are not in it.

    `media` are the pictures that its texts name, by name.
    """
    kind = FORMATS[format]
    left_out = left_out_by_format(bank, [format])[format]
    names = {each.id for each in left_out}
    held = replace(bank, questions=tuple(each for each in bank.questions if each.id not in names))
    name = f"{bank.bank}-{bank.language}" + (f"-{format}" if kind.version else "")
    return Export(_write(kind, held, media or {}), name + kind.ending, kind.mime, left_out)


def left_out_by_format(bank: BankText, formats: Iterable[str] = FORMATS) -> dict[str, list[LeftOut]]:
    """Which questions of the bank each format cannot hold, and why."""
    lacks = [(each, why_not_whole(each)) for each in bank.questions]
    return {
        format: [LeftOut(each.id, why) for each, lack in lacks if (why := _why_not(each, lack, FORMATS[format]))]
        for format in formats
    }


def _why_not(question: QuestionText, lack: Reason | None, kind: Format) -> Reason | None:
    if kind.takes_drafts:
        return None
    if lack:
        return Reason(NOT_WHOLE, why=lack)
    why_not = getattr(_writer(kind), "why_not", None)
    reason: Reason | None = why_not(question) if why_not else None
    return reason


def why_not_whole(question: QuestionText) -> Reason | None:
    """What a question lacks to be asked, or None."""
    wording = question.wording
    item = Item(
        0, wording.stem, wording.options, question.keys, question.type, wording.explanation, question.id,
        is_markdown=True,
    )  # fmt: skip
    return next((each.reason for each in judge(item).notes if each.effect == DRAFT), None)


def _write(kind: Format, bank: BankText, media: Mapping[str, bytes]) -> bytes:
    version = {"version": kind.version} if kind.version else {}
    pictures = {"media": media} if kind.takes_pictures else {}
    data: bytes = _writer(kind).write(bank, **pictures, **version)
    return data


def _writer(kind: Format) -> Any:
    return import_module(f"lms.interchange.{kind.module}")


def pictures_in(bank: BankText) -> set[str]:
    """The names of the pictures that the texts of a bank show."""
    wordings = [question.wording for question in bank.questions]
    texts = [text for each in wordings for text in (each.stem, *each.options, each.explanation)]
    return {name for text in texts for name in _PICTURE.findall(text)}


def template(format: str, language: str) -> Export | None:
    """An empty file of a table format, to be filled in; None if the format has none."""
    if format not in TEMPLATES:
        return None
    kind = FORMATS[format]
    data: bytes = _writer(kind).template(language)
    return Export(data, f"questions-{language}{kind.ending}", kind.mime)
