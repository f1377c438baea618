"""Moodle XML: what its question bank exports and imports, read from Moodle's own `question/format/xml`.

Read are `multichoice` (and the plug-in `multichoiceset`, which is all or nothing like ours) and `truefalse`; other
types are named and left. Of several answers those with any share of the mark are right; where one answer is to be
chosen, the one with the whole mark. `generalfeedback` is the explanation, `idnumber` the id, or the name if it is a
slug that no other question of the file has. Tags `level:2`, `lesson:course/slug`, `objective:x`, `use:exam` and
`type:true_false` say what Moodle has no place for; Moodle itself cuts tags after 50 characters.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange.attributes import from_tags
from lms.interchange.html_text import Lost, notes_of
from lms.interchange.moodle_text import TRUE_FALSE_WORDS, Pictures, text_in
from lms.interchange.moodle_write import write
from lms.interchange.reading import MAX_ITEMS, Item, Note, Reading, note, reading_of, unreadable
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE, infer_type
from lms.interchange.source import is_slug
from lms.interchange.xml_safe import BrokenXml, UnsafeXml, child, children, line_of, parse, text_of

__all__ = ["FORMAT", "read", "write"]

FORMAT = "moodle-xml"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NUMBER = re.compile(r"\s*([-+]?\d{1,6}(?:[.,]\d{1,12})?)\s*")
_USUAL_PENALTIES = (0.0, 0.1, 1.0, 1 / 3)

_OTHER_TYPES = {
    "shortanswer": N_("a short answer"),
    "numerical": N_("a number to fill in"),
    "essay": N_("an essay"),
    "matching": N_("pairs to match"),
    "match": N_("pairs to match"),
    "randomsamatch": N_("pairs to match"),
    "cloze": N_("a text with gaps"),
    "multianswer": N_("a text with gaps"),
    "gapselect": N_("a text with gaps"),
    "ddwtos": N_("words to drag"),
    "ddimageortext": N_("things to drag onto a picture"),
    "ddmarker": N_("things to drag onto a picture"),
    "ordering": N_("things to put in order"),
    "calculated": N_("a calculation"),
    "calculatedsimple": N_("a calculation"),
    "calculatedmulti": N_("a calculation"),
    "description": N_("a text without a question"),
    "random": N_("a question drawn at random"),
}
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
GRADE, PENALTY = N_("marks per question"), N_("deductions for second tries")
FEEDBACK, HINTS = N_("feedback on single answers"), N_("hints")
COMBINED, CATEGORIES = N_("feedback on right and wrong answers as a whole"), N_("categories")
SHARES, MINUS = N_("answers that earn different shares of the mark"), N_("minus marks for wrong answers")
ID, SHARE = N_("id"), N_("share of the mark")


def read(
    data: bytes,
    language: str,
    *,
    name: str = "",  # noqa: ARG001 - as every reader
    mapping: Mapping[int, str] | None = None,  # noqa: ARG001
    progress: Callable[[int, int], None] | None = None,  # noqa: ARG001
) -> Reading:
    """The questions of a Moodle XML file. `language` is that of the words for true and false."""
    try:
        root = parse(data)
    except UnsafeXml as unsafe:
        return unreadable(FORMAT, 1, "unsafe-file", what=unsafe.reason)
    except BrokenXml as broken:
        return unreadable(FORMAT, broken.line, "not-readable", format="Moodle XML")
    if root.tag != "quiz":
        return unreadable(FORMAT, line_of(root), "not-readable", format="Moodle XML")
    reader = _Reader(language, Counter(_name_of(question) for question in root.iter("question")))
    items = []
    for item in reader.items(root):
        items.append(item)
        if len(items) > MAX_ITEMS:
            break
    return reading_of(FORMAT, items, reader.notes, reader.pictures.kept)


def _name_of(question: Element) -> str:
    return text_of(child(question, "name")).strip()


@dataclass(slots=True)
class _Question:
    """One question while it is read: where it stands and what there is to say about it."""

    element: Element
    lost: list[Lost] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def line(self) -> int:
        return line_of(self.element)

    def say(self, code: str, **values: object) -> None:
        self.notes.append(note(self.line, code, **values))

    def value(self, name: str, default: str = "") -> str:
        """The text right below an element of the question."""
        found = child(self.element, name)
        return default if found is None else text_of(found).strip()


class _Reader:
    """Reads the questions of one file, and what is told once a file."""

    def __init__(self, language: str, names: Counter[str]) -> None:
        self.language = language
        self.names = names
        self.notes: list[Note] = []
        self.told: set[str] = set()
        self.pictures = Pictures()

    def items(self, root: Element) -> Iterator[Item]:
        """Each question that is one of our types, in the order of the file."""
        category, used = "", set()
        for element in children(root, "question"):
            kind = element.get("type", "").strip().lower()
            if kind == "category":
                category = text_of(child(element, "category")).strip()
            elif kind in ("multichoice", "multichoiceset", "truefalse"):
                used.add(category)
                yield self._item(_Question(element), kind)
            else:
                what = _OTHER_TYPES.get(kind)
                other = Reason(what) if what else Reason(N_("a question of type “%(type)s”"), type=kind[:40])
                self.notes.append(note(line_of(element), "not-imported", what=other))
            if len(used) > 1:
                self._once(line_of(element), CATEGORIES)

    def _once(self, line: int, message: str) -> None:
        """Say once a file that something is not kept."""
        if message not in self.told:
            self.told.add(message)
            self.notes.append(note(line, "not-kept", what=Reason(message)))

    def _item(self, question: _Question, kind: str) -> Item:
        element = question.element
        stem = text_in(child(element, "questiontext"), "html", self.pictures)
        why = text_in(child(element, "generalfeedback"), stem.format, self.pictures)
        answers = [*children(element, "answer")]
        options = [text_in(answer, stem.format, self.pictures) for answer in answers]
        old = self._old_picture(question)
        for text in (stem, why, *options):
            question.lost += text.lost
        said = _said(question)
        texts = tuple(text.markdown for text in options)
        shares = [_share(answer, question) for answer in answers]
        if kind == "truefalse":
            type, keys, texts = TRUE_FALSE, _full(shares), self._true_false(texts)
        else:
            type, keys = _judged(question, kind, shares, texts)
        self._tell(question, answers, shares)
        made = Item(
            line=question.line,
            stem="\n\n".join(filter(None, (stem.markdown, old))),
            options=texts,
            keys=keys,
            type=type,
            explanation=why.markdown,
            id=self._id(question),
            shuffle=_shuffle(question),
            is_markdown=True,
            notes=(*notes_of(question.line, question.lost), *question.notes),
        )
        return replace(made, **said)

    def _true_false(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """The options of a true/false question: Moodle writes `true` and `false`, and shows them translated."""
        words = dict(zip(("true", "false"), TRUE_FALSE_WORDS[self.language], strict=True))
        return tuple(words.get(text.lower(), text) for text in texts)

    def _id(self, question: _Question) -> str:
        if number := question.value("idnumber"):
            if is_slug(number):
                return number
            question.say("value-ignored", value=number[:40], field=Reason(ID))
        name = _name_of(question.element)
        return name if is_slug(name) and self.names[name] == 1 else ""

    def _old_picture(self, question: _Question) -> str:
        """The picture that Moodle 1 put below a question."""
        if not question.value("image") and not question.value("image_base64"):
            return ""
        found = self.pictures.keep(question.value("image_base64"))
        if isinstance(found, str):
            return f"![](media:{found})"
        question.say("image-left-out", why=found)
        return ""

    def _tell(self, question: _Question, answers: list[Element], shares: list[float]) -> None:
        """What of a question has no place here, each kind once a file."""
        line, element = question.line, question.element
        if _number(question.value("defaultgrade", "1")) not in (1.0, None):
            self._once(line, GRADE)
        penalty = _number(question.value("penalty", "0"))
        if penalty is not None and not any(abs(penalty - usual) < 0.001 for usual in _USUAL_PENALTIES):
            self._once(line, PENALTY)
        if any(text_of(child(answer, "feedback")).strip() for answer in answers):
            self._once(line, FEEDBACK)
        if child(element, "hint") is not None:
            self._once(line, HINTS)
        if any(question.value(name) for name in _COMBINED):
            self._once(line, COMBINED)
        minus = [share for share in shares if share < 0]
        wrong = sum(share <= 0 for share in shares)
        if minus and (len(minus) < wrong or any(abs(share + 100 / wrong) > 0.01 for share in minus)):
            self._once(line, MINUS)


def _judged(
    question: _Question, kind: str, shares: list[float], texts: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The type and keys of a multiple choice question."""
    right = _where(shares, lambda share: share > 0)
    takes_one = kind == "multichoice" and question.value("single", "true").lower() not in ("false", "0", "")
    positive = [share for share in shares if share > 0]
    if not takes_one:
        if positive and max(positive) - min(positive) > 0.01:
            question.say("not-kept", what=Reason(SHARES))
        return MULTIPLE, right
    if _full(shares) and _full(shares) != right:
        question.say("not-kept", what=Reason(SHARES))
    keys = _full(shares) or right
    return TRUE_FALSE if infer_type(texts, keys) == TRUE_FALSE else SINGLE, keys


def _where(shares: list[float], is_right: Callable[[float], bool]) -> tuple[str, ...]:
    return tuple(letter for letter, share in zip(_LETTERS, shares, strict=False) if is_right(share))


def _full(shares: list[float]) -> tuple[str, ...]:
    """The answers that earn the whole mark."""
    return _where(shares, lambda share: share > 99.99)


def _share(answer: Element, question: _Question) -> float:
    """The share of the mark that an answer earns, in percent."""
    said = answer.get("fraction", "0")
    share = _number(said)
    if share is None:
        question.say("value-ignored", value=said[:40], field=Reason(SHARE))
    return share or 0.0


def _number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    return float(match.group(1).replace(",", ".")) if match else None


def _shuffle(question: _Question) -> bool | None:
    """Whether options keep their order. Mixing them is what happens here anyway."""
    return False if question.value("shuffleanswers").lower() in ("false", "0") else None


def _said(question: _Question) -> dict[str, Any]:
    """The attributes that the tags of the question, and those it has in its course, say."""
    holders = (holder for name in ("tags", "coursetags") for holder in children(question.element, name))
    tags = (text_of(tag).strip() for holder in holders for tag in children(holder, "tag"))
    found, notes = from_tags(question.line, filter(None, tags))
    question.notes += notes
    return found
