"""What importing a question would do: add it, translate one, bring one back, nothing, or clash. Pure.

Nothing of a bank is overwritten: the same id with another content is an error. Only a question that an undone
import had added, and that nobody has touched since, takes what the new file says.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from lms.banks.rules import LIVE, RETIRED, flaws_of
from lms.errors import N_, Reason
from lms.interchange.items import question_of
from lms.interchange.reading import DRAFT, ERROR, WARNING, Item, Note, id_of, letters
from lms.interchange.records import (
    EXAM,
    MAX_LEVEL,
    MAX_OPTIONS,
    MIN_LEVEL,
    PRACTICE,
    SINGLE,
    TRUE_FALSE,
    TYPES,
    USES,
    Question,
    QuestionText,
    infer_type,
    option_ids,
)
from lms.interchange.source import is_slug
from lms.interchange.stored import sound

NEW, BACK, TRANSLATION, UNCHANGED, CLASH = "new", "back", "translation", "unchanged", "clash"
WRITTEN = (NEW, BACK, TRANSLATION)
MOST_OPTIONS_KEPT = 26
ATTRIBUTES = {
    "level": N_("Level"), "tags": N_("Tags"), "lesson": N_("Lesson"), "objective": N_("Objective"),
    "use": N_("Used in"), "shuffle": N_("Shuffle the options"),
}  # fmt: skip

SAID: dict[str, tuple[str, str]] = {
    "id-taken": (ERROR, N_("The bank has the id %(id)s already, with other content. Give this question another id.")),
    "translation-differs": (ERROR, N_("The bank has it in the other language, but %(why)s Make both alike.")),
    "translation-draft": (ERROR, N_("It would translate a question of the bank, but it is not whole. Mend it first.")),
    "from-a-file": (ERROR, N_("The question it translates comes from a content file. Put the translation there.")),
    "retired-here": (WARNING, N_("The bank has it already, but retired. Bring it back on its own page.")),
    "no-such-lesson": (WARNING, N_("There is no lesson %(lesson)s. Who misses the question is sent nowhere.")),
    "not-shown": (DRAFT, N_("A text has too many brackets, stars or the like to be shown well. Simplify it.")),
    "options-beyond": (ERROR, N_("More than %(most)s options cannot be kept. Take some out, or leave it out.")),
}  # fmt: skip
KEYS_SETTLED = {
    "key-not-understood", "keys-disagree", "key-list", "key-beyond-options", "key-glued", "type-differs",
}  # fmt: skip
COMPARED = {"duplicate-id", "bad-id", "contradiction", "same-stem", "repeated"}
_ASKS_FOR_KEY = {"no-key", "key-not-understood", "key-beyond-options", "keys-disagree", "two-keys"}
_LOOKED_AT = {"lossy", "image-left-out"}  # drafts until somebody has looked
_MADE_ID = re.compile(r"q-[0-9a-f]{8}(?:-\d+)?\Z")
_LESSON = re.compile(r"[a-z0-9-]{1,80}/[a-z0-9-]{1,80}\Z")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is set for a whole import where its file says nothing; with `over`, whatever the file says.

    Tags come on top of the file's.
    """

    use: str = ""
    lesson: str = ""
    level: int | None = None
    tags: tuple[str, ...] = ()
    over: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"tags": list(self.tags)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Defaults":
        return cls(**{**content, "tags": tuple(content.get("tags", ()))})


@dataclass(frozen=True, slots=True)
class Known:
    """A question that the bank has. `is_undone`: an undone import had added it, and nobody has touched it since."""

    id: int
    current_id: int
    number: int
    origin: str
    state: str
    content: Question
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """An item with what importing it does. `content` is the whole question it becomes; None where it is not written."""

    item: Item
    verdict: str
    text: QuestionText
    content: Question | None = None
    known: Known | None = None

    @property
    def flaw(self) -> str:
        """The worst of what is said about it."""
        effects = {note.effect for note in self.item.notes}
        return next((effect for effect in (ERROR, DRAFT, WARNING) if effect in effects), "none")

    @property
    def is_good(self) -> bool:
        """Whether importing it makes a question that can be asked."""
        return self.verdict in WRITTEN and self.flaw in ("none", WARNING)

    @property
    def is_draft(self) -> bool:
        """Whether importing it makes a draft."""
        return self.verdict in WRITTEN and self.flaw == DRAFT

    @property
    def state(self) -> str:
        """The state its question is added in."""
        return DRAFT if self.flaw == DRAFT else LIVE


def said(line: int, code: str, **values: object) -> Note:
    """A note in the words of `SAID`."""
    effect, message = SAID[code]
    return Note(line, code, Reason(message, **values), effect)


def clean(item: Item) -> Item:
    """The item as a database takes it: no broken characters, attributes within what questions can have."""
    lesson = item.lesson if item.lesson and _LESSON.match(item.lesson) else None
    tags = None if item.tags is None else tuple(dict.fromkeys(tag for tag in item.tags if is_slug(tag)))
    return replace(
        item,
        stem=sound(item.stem),
        options=tuple(map(sound, item.options)),
        explanation=sound(item.explanation),
        id=sound(item.id),
        type=item.type if item.type in TYPES else infer_type(item.options, item.keys),
        level=item.level if item.level and MIN_LEVEL <= item.level <= MAX_LEVEL else None,
        tags=tags,
        lesson=lesson,
        objective=item.objective if lesson and is_slug(item.objective or "-") else None,
        use=item.use if item.use in USES else None,
    )


def given_id(item: Item) -> str:
    """The id that the file gave an item, "" where it was made from its text."""
    return "" if _MADE_ID.match(item.id) and item.id.startswith(id_of(item)) else item.id


def may_tick(note: Note) -> bool:
    """Whether a note is something to look at, not something to mend or to decide elsewhere."""
    if note.code in COMPARED or note.code in SAID:
        return False
    return note.effect == WARNING or (note.effect == DRAFT and note.code in _LOOKED_AT)


def choices(item: Item, note: Note) -> tuple[str, ...]:
    """The options to choose the right one from beside a note that asks for no more; () where the form is needed."""
    asks_for_one = note.code in _ASKS_FOR_KEY and item.type in (SINGLE, TRUE_FALSE)
    return option_ids(len(item.options)) if asks_for_one and len(item.options) <= MAX_OPTIONS else ()


def without(item: Item, codes: set[str]) -> Item:
    """The item without what was said under these codes."""
    return replace(item, notes=tuple(note for note in item.notes if note.code not in codes))


def plan_item(item: Item, known: Known | None, language: str, defaults: Defaults, lessons: set[str]) -> Planned:
    """What importing the item does, given what the bank has under its id. `lessons` are those there are."""
    text = question_of(item)
    verdict, clash = _compare(item, text, known, language)
    content = _whole(text, language, defaults) if verdict in (NEW, BACK) else None
    if verdict == TRANSLATION and known is not None:
        content = replace(known.content, wordings={**known.content.wordings, language: text.wording})
    notes = [*clash, *_limits(item, content, lessons)]
    item = replace(item, notes=(*item.notes, *notes))
    return Planned(item, verdict, text, None if item.has_error else content, known)


def _limits(item: Item, content: Question | None, lessons: set[str]) -> list[Note]:
    """What is said of a question that would be written, besides what its reader said."""
    if content is None:
        return []
    found = []
    if len(item.options) > MOST_OPTIONS_KEPT:
        found.append(said(item.line, "options-beyond", most=MOST_OPTIONS_KEPT))
    elif not item.is_draft and flaws_of(content):
        found.append(said(item.line, "not-shown"))
    if content.lesson and content.lesson not in lessons:
        found.append(said(item.line, "no-such-lesson", lesson=content.lesson))
    return found


def _compare(item: Item, text: QuestionText, known: Known | None, language: str) -> tuple[str, list[Note]]:
    """The verdict on an item beside the question the bank has, and what is said of a clash."""
    if known is None or item.has_error:
        return NEW, []
    if known.is_undone:
        return BACK, []
    there = known.content.wordings.get(language)
    if there is None:
        return _translates(item, text, known)
    if there == text.wording and _differs(text, known.content) is None:
        notes = [said(item.line, "retired-here")] if known.state == RETIRED else []
        return UNCHANGED, notes
    return CLASH, [said(item.line, "id-taken", id=item.id)]


def _translates(item: Item, text: QuestionText, known: Known) -> tuple[str, list[Note]]:
    if known.origin == "file":
        return CLASH, [said(item.line, "from-a-file")]
    if item.is_draft and known.state != DRAFT:
        return CLASH, [said(item.line, "translation-draft")]
    if why := _options_differ(text, known.content) or _differs(text, known.content):
        return CLASH, [said(item.line, "translation-differs", why=why)]
    return TRANSLATION, []


def _options_differ(text: QuestionText, content: Question) -> Reason | None:
    count, expected = len(text.wording.options), len(next(iter(content.wordings.values())).options)
    if count == expected:
        return None
    return Reason(N_("with %(expected)s options, not %(count)s."), expected=expected, count=count)


def _differs(text: QuestionText, content: Question) -> Reason | None:
    """How a question of the bank differs from one of a file in what is the same in every language."""
    if text.keys != content.keys:
        return Reason(
            N_("with the right answer %(expected)s, not %(keys)s."),
            expected=letters(content.keys) or "–",
            keys=letters(text.keys) or "–",
        )
    if text.type != content.type:
        return Reason(N_("as another type of question."))
    for name, word in ATTRIBUTES.items():
        value = getattr(text, name)
        if value is not None and value != getattr(content, name):
            return Reason(N_("with another “%(field)s”."), field=Reason(word))
    return None


def _whole(text: QuestionText, language: str, defaults: Defaults) -> Question:
    """The question a text becomes, with what is set for all."""
    lesson, objective = text.lesson or "", text.objective or ""
    if defaults.lesson and (defaults.over or text.lesson is None):
        lesson, objective = defaults.lesson, objective if lesson == defaults.lesson else ""
    level, use = text.level or defaults.level, text.use or defaults.use
    if defaults.over:
        level, use = defaults.level or level, defaults.use or use
    return Question(
        id=text.id,
        type=text.type,
        keys=text.keys,
        wordings={language: text.wording},
        level=level or MIN_LEVEL,
        tags=tuple(dict.fromkeys((*(text.tags or ()), *defaults.tags))),
        lesson=lesson,
        objective=objective,
        use=EXAM if use == EXAM else PRACTICE,
        shuffle=text.shuffle is not False and text.type != TRUE_FALSE,
    )
