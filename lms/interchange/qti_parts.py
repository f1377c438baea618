"""What the readers of all versions of QTI share: where a thing stands, names of elements, words.

QTI 1.2 writes `response_lid`, 2.x `choiceInteraction`, 3.0 `qti-choice-interaction`: the last two are one name here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange.attributes import from_tags
from lms.interchange.items import plain_wording
from lms.interchange.reading import Item, Note, note
from lms.interchange.records import (
    MAX_TEXT,
    MULTIPLE,
    SINGLE,
    TRUE_FALSE,
    QuestionText,
    Wording,
    is_true_false,
    tidy,
)
from lms.interchange.source import is_slug
from lms.interchange.xml_safe import line_of

SHOWN = 40  # characters of a foreign value in a message
_NUMBER = re.compile(r"[-+]?\d{1,9}(?:\.\d{1,9})?\Z")


class Place(int):
    """A line of a file of a package. Counts as the line and reads as file and line."""

    file: str

    def __new__(cls, line: int, file: str) -> "Place":
        place = super().__new__(cls, line)
        place.file = file
        return place

    def __str__(self) -> str:
        return f"{self.file}:{int(self)}"


def place(element: Element, file: str) -> int:
    """Where an element stands: its line, and its file where there are several."""
    return Place(line_of(element), file) if file else line_of(element)


def with_file(said: Note) -> Note:
    """The note with the name of its file in its words, and a plain line."""
    values = {name: str(v) if isinstance(v, Place) else v for name, v in said.reason.values.items()}
    reason = Reason(said.reason.message, **values)
    if isinstance(said.line, Place):
        reason = Reason(N_("%(file)s: %(said)s"), file=said.line.file, said=reason)
    return replace(said, line=int(said.line), reason=reason)


def item_with_file(item: Item) -> Item:
    """The item with its notes `with_file`, and a plain line."""
    return replace(item, line=int(item.line), notes=tuple(map(with_file, item.notes)))


def kind(element: Element) -> str:
    """The element's name in the spelling of no version: `choiceinteraction`, `response_lid`."""
    return _kind(element.tag)


@lru_cache(maxsize=1000)
def _kind(tag: str) -> str:
    return tag.rpartition("}")[2].removeprefix("qti-").replace("-", "").lower()


@lru_cache(maxsize=1000)
def _bare(key: str) -> str:
    return key.rpartition("}")[2].replace("-", "").lower()


def attribute(element: Element, name: str, default: str = "") -> str:
    """The value of an attribute whose name is spelt as `kind` does."""
    for key, value in element.attrib.items():
        if _bare(key) == name:
            return value.strip()
    return default


def below(element: Element, *names: str) -> list[Element]:
    """The elements of these names anywhere in an element, in order."""
    return [each for each in element.iter() if _kind(each.tag) in names and each is not element]


def as_id(identifier: str) -> str:
    """The id that an identifier gives, or "". One must not begin with a digit: a `_` stands before it then."""
    bare = identifier.removeprefix("_")
    return bare if is_slug(bare) and (bare == identifier or bare[0].isdigit()) else ""


def number(text: str) -> float | None:
    """A score, or None if it is no number one would write down."""
    return float(text) if _NUMBER.match(text.strip()) else None


# Words for what is not imported.

TEXT_ONLY = N_("a text without a question")
SEVERAL = N_("several questions in one")
MATCHING = N_("matching")
ORDERING = N_("putting things in order")
BLANKS = N_("filling in blanks")
ESSAY = N_("a free text")
NUMBER = N_("a number as the answer")
HOTSPOT = N_("pointing at or drawing on a picture")
UPLOAD = N_("handing in a file")
DROPDOWN = N_("choosing words within a text")
DRAGGING = N_("dragging things to their place")
SLIDER = N_("a slider")
MEDIA = N_("a sound or a film")
TEMPLATE = N_("a question with values that change")
ADAPTIVE = N_("a question in several steps")
UNKNOWN = N_("a kind of question that is not known here")
ELSEWHERE = N_("a question of another file or bank")

# Words for what is left out of a question.

PARTIAL = N_("points for a part of the answer")
FEEDBACK = N_("feedback on single answers")
FIXED = N_("the fixed place of some options")
LIMIT = N_("a limit to how many options one may choose")
DIFFICULTY = N_("a difficulty")
BEFORE_ALL = N_("a text that stands before several questions")
PASSAGE = N_("a text that belongs to it")
TOO_LONG = N_("a text without end")
GRADING = N_("notes for the person who marks")


def not_imported(line: int, what: str) -> Note:
    """The note on a question of a kind that is not taken."""
    return note(line, "not-imported", what=Reason(what))


def made_item(item: Item, tags: Iterable[str], cardinality: str) -> Item:
    """The item as read, with the attributes among its tags, its texts plain where they say no more than plain text.

    `cardinality` is the type that the file means; two options that are a pair of true and false make it that.
    """
    stem, explanation = tidy(item.stem), tidy(item.explanation)
    options = tuple(map(tidy, item.options))
    wording, is_markdown = Wording(stem, options, explanation), True
    is_short = max(map(len, (stem, explanation, *options))) <= 2 * MAX_TEXT  # or it is a draft anyhow
    if is_short and (plain := plain_wording(wording)):
        wording, is_markdown = plain, False
    values, odd = from_tags(item.line, tags)
    values.setdefault("type", read_type(wording.options, cardinality))
    return replace(
        item,
        stem=wording.stem,
        options=wording.options,
        explanation=wording.explanation,
        is_markdown=is_markdown,
        notes=(*item.notes, *odd),
        **values,
    )


def read_type(options: Sequence[str], cardinality: str) -> str:
    """The type of a question by its options, where the file says only single or multiple."""
    return TRUE_FALSE if cardinality == SINGLE and is_true_false(options) else cardinality


def cardinality_of(type: str) -> str:
    """Whether one or several options are chosen in a question of a type."""
    return MULTIPLE if type == MULTIPLE else SINGLE


def shuffles(question: QuestionText) -> bool:
    """Whether the options of a question may be shown in any order."""
    return question.shuffle is not False and question.type != TRUE_FALSE
