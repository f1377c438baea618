"""Question banks in Markdown as a file that somebody imports: what is incomplete becomes a draft.

`lms.interchange.markdown` reads the same files for a whole company, all or nothing. Here a mistake in one question
leaves the others alone; a question without a key, with one option or with two keys is a draft. The settings at
the top are passed over, because an import goes into a bank that exists; a file may do without them.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from string import ascii_lowercase
from typing import Any

from lms.errors import N_, Reason
from lms.interchange.bank_sections import MISTAKES, Report, Section, attributes_of, cut, is_heading, unescape
from lms.interchange.decoding import decode_any
from lms.interchange.header import FENCE
from lms.interchange.markdown import write_bank
from lms.interchange.reading import DRAFT, ERROR, MAX_ITEMS, Item, Note, Reading, reading_of, unreadable
from lms.interchange.records import BankText

FORMAT = "markdown"
_NOT_CLOSED = N_("The settings are not closed. Put a line +++ after them.")


def read(
    data: bytes,
    language: str,  # noqa: ARG001 - the file says the same in either
    *,
    name: str = "",  # noqa: ARG001
    mapping: Mapping[int, str] | None = None,  # noqa: ARG001
    progress: Callable[[int, int], None] | None = None,  # noqa: ARG001
) -> Reading:
    """The questions of a bank file. Never raises: what is wrong stands in the notes."""
    text = decode_any(data)
    if text is None:
        return unreadable(FORMAT, 1, "not-text")
    found: list[Note] = []

    def report(line: int, code: str, **values: str) -> None:
        effect = DRAFT if code == "odd-mark" else ERROR
        found.append(Note(line, code, Reason(MISTAKES[code], **values), effect))

    lines = text.split("\n")
    first = _end_of_settings(lines)
    if first is None:
        found.append(Note(1, "not-closed", Reason(_NOT_CLOSED)))
        first = next((number for number, line in enumerate(lines) if is_heading(line)), len(lines))
    sections = cut(_few(lines[first:]), first + 1, report)
    items = [_item(section, report) for section in sections]
    return reading_of(FORMAT, *_shared_out(items, found))


def write(bank: BankText) -> bytes:
    """The file of a bank, drafts included."""
    return write_bank(bank).encode()


def _end_of_settings(lines: list[str]) -> int | None:
    """How many lines the settings at the top take; None if they have no end."""
    if lines[0].rstrip() != FENCE:
        return 0
    return next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() == FENCE), None)


def _few(lines: list[str]) -> list[str]:
    """The lines of as many questions as are read, and one more, so that it is noticed."""
    starts = (number for number, line in enumerate(lines) if is_heading(line))
    return lines[: next(islice(starts, MAX_ITEMS + 1, None), None)]


def _item(section: Section, report: Report) -> Item:
    attributes: dict[str, Any] = attributes_of(section, report)
    for line, mark, _text in section.options:
        if mark not in " xX":
            report(line, "odd-mark")
    options = tuple("\n".join(text) for _line, _mark, text in section.options)
    marks = zip(ascii_lowercase, section.options, strict=False)
    return Item(
        section.line,
        "\n".join(map(unescape, section.stem)),
        () if options == ("",) else options,
        keys=tuple(id for id, (_line, mark, _text) in marks if mark in "xX"),
        explanation="\n".join(section.explanation or []),
        id=section.id,
        is_markdown=True,
        **{name: value for name, value in attributes.items() if value is not None},
    )


def _shared_out(items: list[Item], found: list[Note]) -> tuple[list[Item], list[Note]]:
    """Each note with the question it stands in, once a kind; and those that stand before the first question."""
    starts = [item.line for item in items]
    own: dict[tuple[int, str], Note] = {}
    for said in found:
        own.setdefault((bisect_right(starts, said.line), said.code), said)
    notes: list[list[Note]] = [[] for _ in range(len(items) + 1)]
    for (place, _code), said in own.items():
        notes[place].append(said)
    return [replace(item, notes=tuple(said)) for item, said in zip(items, notes[1:], strict=True)], notes[0]
