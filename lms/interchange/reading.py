"""What an importer finds in a file: questions, whole or not, and what there is to say about them.

Every reader returns a `Reading`. It collects each question as an `Item` as the file has it and hands them to
`reading_of`, which judges them all alike: what is not whole becomes a draft, nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple

from lms.errors import Reason
from lms.interchange.records import (
    MAX_OPTIONS,
    MAX_TEXT,
    MIN_OPTIONS,
    MULTIPLE,
    SINGLE,
    TRUE_FALSE,
    folded,
    infer_type,
    option_ids,
    stem_id,
    tidy,
)
from lms.interchange.said import DRAFT as DRAFT
from lms.interchange.said import ERROR as ERROR
from lms.interchange.said import SAID
from lms.interchange.said import WARNING as WARNING
from lms.interchange.source import is_slug

MAX_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say about a file. `line` counts from 1: lines of a text or XML, rows of a sheet.

    `effect` is what follows for the question it stands on: a warning is only told, a draft keeps it from being
    asked until somebody mends it, an error keeps it out of the database.
    """

    line: int
    code: str
    reason: Reason
    effect: str = WARNING


@dataclass(frozen=True, slots=True)
class Item:
    """One question as a file has it. `keys` are option ids; None: the file leaves the attribute out.

    Texts are plain, each line a paragraph, or Markdown where `is_markdown`. `type` and `id` may be "" until
    `reading_of` has filled them in. Unlike a question of a bank, an item may have no key, no option, any number.
    """

    line: int
    stem: str
    options: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    type: str = ""
    explanation: str = ""
    id: str = ""
    level: int | None = None
    tags: tuple[str, ...] | None = None
    lesson: str | None = None
    objective: str | None = None
    use: str | None = None
    shuffle: bool | None = None
    is_markdown: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether it cannot be asked as it is."""
        return any(note.effect == DRAFT for note in self.notes)

    @property
    def has_error(self) -> bool:
        """Whether it cannot be imported as it is."""
        return any(note.effect == ERROR for note in self.notes)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet: heads and a few rows as shown, and the field that each was taken for ("": none)."""

    heads: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read. `notes` are about the file as a whole; `media` are images by `<sha256>.<ext>`."""

    format: str
    items: tuple[Item, ...] = ()
    notes: tuple[Note, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)
    columns: Columns | None = None

    @property
    def all_notes(self) -> list[Note]:
        """Every note of the file and its questions, by line."""
        found = [*self.notes, *(note for item in self.items for note in item.notes)]
        return sorted(found, key=lambda note: note.line)


def note(line: int, code: str, /, **values: object) -> Note:
    """A note in the words of `SAID`."""
    effect, message = SAID[code]
    return Note(line, code, Reason(message, **values), effect)


def unreadable(format: str, line: int, code: str, /, **values: object) -> Reading:
    """The reading of a file that could not be read at all."""
    return Reading(format, notes=(note(line, code, **values),))


def letters(keys: Sequence[str]) -> tuple[str, ...]:
    """Option ids as people write them, as a value of a reason: it is listed as the language does (A, B or A、B)."""
    return tuple(key.upper() for key in keys)


def reading_of(
    format: str,
    items: Sequence[Item],
    notes: Sequence[Note] = (),
    media: Mapping[str, bytes] | None = None,
    columns: Columns | None = None,
) -> Reading:
    """The reading of a file: each item judged, named and compared with the others.

    An item keeps the notes its reader gave it. A question that stands in the file twice is taken once; the same
    id or the same text with another key is an error on the second.
    """
    said = list(notes)
    if len(items) > MAX_ITEMS:
        said.append(note(items[MAX_ITEMS].line, "too-many-questions", most=MAX_ITEMS))
    elif not items and not any(each.effect == ERROR for each in said):
        said.append(note(1, "no-questions"))
    kept: list[Item] = []
    names = _Names()
    for item in items[:MAX_ITEMS]:
        named, repeated = names.give(judge(item))
        if repeated:
            said.append(repeated)
        else:
            kept.append(named)
    return Reading(format, tuple(kept), tuple(said), dict(media or {}), columns)


def compare(items: Sequence[Item]) -> list[tuple[Item, Note | None]]:
    """Judged items with their ids, each beside those before it; with a note where it only says one of them again."""
    names = _Names()
    return [names.give(item) for item in items]


def judge(item: Item) -> Item:
    """The item with tidy texts, its type, and notes on what keeps it from being whole (added to its own).

    Notes that a judgement gave before are given anew, so that a mended item can be judged again.
    """
    options = tuple(map(tidy, item.options))
    item = replace(item, stem=tidy(item.stem), options=options, explanation=tidy(item.explanation))
    ids = _all_ids(len(options))
    beyond = [key for key in item.keys if key not in ids]
    keys = tuple(sorted({key for key in item.keys if key in ids}))
    kind = item.type or infer_type(options, keys or ids[:1])
    own = [each for each in item.notes if each.code not in _JUDGED]
    item = replace(item, keys=keys, type=kind)
    if item.shuffle is not None and kind == TRUE_FALSE:
        item = replace(item, shuffle=None)
    found = [*_text_flaws(item), *_option_flaws(item), *_key_flaws(item, beyond, own)]
    return replace(item, notes=tuple(own + found))


_JUDGED = {
    "no-stem", "no-key", "no-options", "one-option", "too-many-options", "empty-option", "same-options", "two-keys",
    "key-beyond-options", "true-false-options", "too-long", "one-key",
}  # fmt: skip


_SAYS_WHY = {"key-not-understood", "keys-disagree", "scoring-not-read"}  # a question has no key


def _all_ids(count: int) -> tuple[str, ...]:
    """Ids of any number of options that a file may have: a to z."""
    return tuple("abcdefghijklmnopqrstuvwxyz"[:count])


def _text_flaws(item: Item) -> list[Note]:
    found = []
    if not item.stem:
        found.append(note(item.line, "no-stem"))
    if any(len(text) > MAX_TEXT for text in (item.stem, item.explanation, *item.options)):
        found.append(note(item.line, "too-long", most=MAX_TEXT))
    return found


def _option_flaws(item: Item) -> list[Note]:
    line, options = item.line, item.options
    if not options:
        return [note(line, "no-options")]
    if len(options) < MIN_OPTIONS:
        return [note(line, "one-option")]
    if len(options) > MAX_OPTIONS:
        return [note(line, "too-many-options", count=len(options), most=MAX_OPTIONS)]
    if item.type == TRUE_FALSE and len(options) != 2:
        return [note(line, "true-false-options", count=len(options))]
    ids = option_ids(len(options))
    if empty := [id for id, text in zip(ids, options, strict=True) if not text]:
        return [note(line, "empty-option", letter=letters(empty[:1]))]
    first: dict[str, str] = {}
    for id, text in zip(ids, options, strict=True):
        if text in first:
            return [note(line, "same-options", first=letters([first[text]]), second=letters([id]))]
        first[text] = id
    return []


def _key_flaws(item: Item, beyond: Sequence[str], own: Sequence[Note]) -> list[Note]:
    line, keys = item.line, item.keys
    if beyond:
        return [note(line, "key-beyond-options", keys=letters(beyond))]
    if not keys:
        has_said = any(each.code in _SAYS_WHY for each in own)
        return [] if has_said else [note(line, "no-key")]
    if len(keys) > 1 and item.type in (SINGLE, TRUE_FALSE):
        return [note(line, "two-keys", keys=letters(keys))]
    if len(keys) == 1 and item.type == MULTIPLE:
        return [note(line, "one-key")]
    return []


class _Content(NamedTuple):
    """What makes two questions of a file the same: texts and right answers, order and spaces aside."""

    stem: str
    type: str
    options: frozenset[str]
    right: frozenset[str]


class _Names:
    """Gives each question of a file an id that is free in it, and finds those that stand there twice."""

    def __init__(self) -> None:
        self.by_id: dict[str, Item] = {}
        self.whole: dict[object, Item] = {}  # by id the file gives or text, and content
        self.asked: dict[object, Item] = {}  # by text and options
        self.count: dict[str, int] = {}  # of each made id

    def give(self, item: Item) -> tuple[Item, Note | None]:
        """The item with its id; a note instead if it only says again what stands in the file."""
        content, line = _content(item), item.line
        if (twin := self.whole.setdefault((item.id, content), item)) and twin is not item:
            return item, note(line, "repeated", other=twin.line)
        item = self._check(item) if item.id else self._make(item, content)
        self.by_id.setdefault(item.id, item)
        return item, None

    def _check(self, item: Item) -> Item:
        if not is_slug(item.id):
            return _with(item, note(item.line, "bad-id", id=item.id[:40]))
        if twin := self.by_id.get(item.id):
            return _with(item, note(item.line, "duplicate-id", id=item.id, other=twin.line))
        return item

    def _make(self, item: Item, content: _Content) -> Item:
        base = id_of(item)
        twin = self.asked.setdefault((base, content.options), item)
        if twin is not item:
            return _with(replace(item, id=base), note(item.line, "contradiction", other=twin.line))
        number = self.count[base] = self.count.get(base, 0) + 1
        if number == 1:
            return replace(item, id=base)
        said = note(item.line, "same-stem", other=self.by_id[base].line)
        return _with(replace(item, id=f"{base}-{number}"), said)


def id_of(item: Item) -> str:
    """The id of an item that has none: from its text, or from its options where it has no text."""
    if item.stem:
        return stem_id(item.stem)
    return "q-" + sha256("\n".join(["", *item.options, item.explanation]).encode()).hexdigest()[:8]


def _with(item: Item, said: Note) -> Item:
    return replace(item, notes=(*item.notes, said))


def _content(item: Item) -> _Content:
    texts = dict(zip(_all_ids(len(item.options)), map(folded, item.options), strict=False))
    right = frozenset(texts[key] for key in item.keys)
    return _Content(folded(item.stem), item.type, frozenset(texts.values()), right)
