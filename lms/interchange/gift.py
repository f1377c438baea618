"""GIFT, the text format of Moodle's question banks: https://docs.moodle.org/en/GIFT_format

Single choice, multiple choice by percentages, true or false and missing words are read; whatever else a file has
is named with its line. A title that is an id, or `[id:...]` in a comment, is the id; `[tag:...]` in comments are tags
and, as `level:2` or `lesson:course/slug`, the other attributes. What GIFT cannot hold: a draft without options.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lms.errors import N_, Reason
from lms.interchange.attributes import from_tags
from lms.interchange.decoding import decode_any
from lms.interchange.gift_answers import TEXT_ONLY, Answers, read_answers
from lms.interchange.gift_blocks import TITLE, Block, cut, hidden, shown
from lms.interchange.gift_texts import read_texts
from lms.interchange.gift_write import write
from lms.interchange.html_text import notes_of
from lms.interchange.reading import MAX_ITEMS, Item, Note, Reading, note, reading_of, unreadable
from lms.interchange.records import TRUE_FALSE, TRUE_FALSE_WORDS
from lms.interchange.source import is_slug

__all__ = ["read", "write"]

FORMAT = "gift"
_ID = re.compile(r"\[id:([^][]+)\]")
_TAG = re.compile(r"\[tag:([^][]+)\]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CATEGORIES = N_("categories")


def read(
    data: bytes,
    language: str,
    *,
    name: str = "",  # noqa: ARG001 - one signature for all readers
    mapping: Mapping[int, str] | None = None,  # noqa: ARG001
    progress: Callable[[int, int], None] | None = None,  # noqa: ARG001
) -> Reading:
    """The questions of a GIFT file. Never raises: what is wrong stands in the notes."""
    text = decode_any(data)
    if text is None:
        return unreadable(FORMAT, 1, "not-text")
    items: list[Item] = []
    notes: list[Note] = []
    has_categories = False
    for number, block in enumerate(cut(hidden(text))):
        if number == MAX_ITEMS:
            notes.append(note(block.line, "too-many-questions", most=MAX_ITEMS))
            break
        found = _read(block, language)
        if isinstance(found, Item):
            items.append(found)
        elif found.code != "not-kept" or not has_categories:
            notes.append(found)
            has_categories |= found.code == "not-kept"
    return reading_of(FORMAT, items, notes)


def _read(block: Block, language: str) -> Item | Note:
    """A question, or what is said of one that is none of ours."""
    if block.is_category:
        return note(block.line, "not-kept", what=Reason(_CATEGORIES))
    is_odd = block.is_unclosed or block.has_stray_brace
    answers = Answers(TEXT_ONLY)
    if block.answer is not None:
        answers = read_answers("\n".join(block.answer), block.line)
    if answers.other and not is_odd:
        return note(block.line, "not-imported", what=Reason(answers.other))
    return _item(block, answers, language)


def _item(block: Block, answers: Answers, language: str) -> Item:
    line, notes = block.line, list(answers.notes)
    if block.is_unclosed:
        notes.append(note(line, "unclosed-brace"))
    if block.has_stray_brace:
        notes.append(note(line, "stray-brace"))
    title, stem = _titled("\n".join(block.head))
    texts, is_markdown, lost = read_texts(
        stem, "\n".join(block.tail), [answers.explanation, *answers.options]
    )
    stem, explanation, *options = texts
    if answers.type == TRUE_FALSE:
        options = list(TRUE_FALSE_WORDS.get(language, TRUE_FALSE_WORDS["en"]))
    comments = shown("\n".join(block.comments))
    attributes, odd = from_tags(line, (tag.strip() for tag in _TAG.findall(comments)))
    item = Item(
        line,
        stem,
        tuple(options),
        keys=tuple(_LETTERS[number] for number in answers.keys if number < len(_LETTERS)),
        explanation=explanation,
        id=_id(comments, title),
        is_markdown=is_markdown,
        notes=(*notes, *odd, *notes_of(line, lost)),
    )
    given: dict[str, Any] = {"type": answers.type, **attributes}
    return replace(item, **given)


def _titled(text: str) -> tuple[str, str]:
    """The title of a question, if it has one, and its text."""
    if text.startswith(TITLE) and (end := text.find(TITLE, len(TITLE))) > 0:
        return shown(text[len(TITLE) : end]).strip(), text[end + len(TITLE) :]
    return "", text


def _id(comments: str, title: str) -> str:
    """The id that a comment gives (`bank/id` or `id`), else the title if it is one, else ""."""
    said = [name.rpartition("/")[2].strip() for name in _ID.findall(comments)]
    return next((name for name in [*said, title] if is_slug(name)), "")
