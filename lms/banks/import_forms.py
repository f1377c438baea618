"""The forms of imports. They check shape; what a question lacks is said beside it, so nothing typed is lost."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from lms.banks import import_words, words
from lms.banks.import_rules import Defaults
from lms.banks.queries import LessonChoice
from lms.i18n import gettext, language, pick
from lms.i18n import lazy_gettext as _
from lms.interchange.reading import Item
from lms.interchange.records import MAX_LEVEL, MIN_LEVEL, PRACTICE, TRUE_FALSE, TYPES, option_ids, tidy
from lms.interchange.sheet import FIELDS
from lms.interchange.source import is_slug

AUTO = "auto"
SMALL_TEXT, SMALL_FILE = 200_000, 150_000  # bytes that are read at once; more is read by a job
_PACKED = (".xlsx", ".docx", ".zip")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Upload:
    """What was pasted or sent. `name` is "" where it was pasted."""

    data: bytes
    name: str

    @property
    def is_large(self) -> bool:
        """Whether reading it may take longer than somebody waits for a page."""
        is_packed = self.name.lower().endswith(_PACKED) or self.data.startswith(b"PK")
        return len(self.data) > (SMALL_FILE if is_packed else SMALL_TEXT)


def _lessons(choices: Sequence[LessonChoice]) -> list[tuple[str, str]]:
    named = [
        (each.ref, gettext("%(course)s: %(lesson)s", course=pick(each.course), lesson=pick(each.titles)))
        for each in choices
    ]
    return [("", gettext("None")), *named]


class ImportForm(FlaskForm):
    """A text or a file, and what holds for all its questions."""

    text = TextAreaField(_("Paste the questions"))
    file = FileField(_("Or choose a file"))
    language = RadioField(_("Language of the questions"))
    use = RadioField(_("Used in"), default=PRACTICE)
    lesson = SelectField(_("Lesson for all of them"), [Optional()], default="")
    format = SelectField(_("Format"), default=AUTO)

    def offer(self, lessons: Sequence[LessonChoice]) -> "ImportForm":
        """Offer the lessons, languages and formats. The language in force is meant unless another is chosen."""
        self.language.choices = [(code, gettext(name)) for code, name in import_words.LANGUAGES.items()]
        self.use.choices = [(use, gettext(word)) for use, word in words.USES.items()]
        self.lesson.choices = _lessons(lessons)
        formats = [(name, gettext(word)) for name, word in import_words.FORMATS.items()]
        self.format.choices = [(AUTO, gettext("Found by itself")), *formats]
        if self.language.data is None:
            self.language.data = language()
        return self

    def validate_file(self, _field: FileField) -> None:
        if not self.upload:
            raise ValidationError(gettext("Paste some questions, or choose a file that is not empty."))

    @property
    def upload(self) -> Upload | None:
        """The file if there is one, else the text; None if both are empty."""
        if self.file.data:
            stream = self.file.data
            stream.seek(0)
            data = stream.read()
            return Upload(data, re.split(r"[\\/]", stream.filename or "")[-1]) if data else None
        text = self.text.data or ""
        return Upload(text.encode("utf-8", "replace"), "") if text.strip() else None

    @property
    def defaults(self) -> Defaults:
        return Defaults(use=self.use.data or "", lesson=self.lesson.data or "")


class DefaultsForm(FlaskForm):
    """What is set for all questions of an import that are added."""

    use = SelectField(_("Used in"), default="")
    level = SelectField(_("Level"), default="")
    lesson = SelectField(_("Lesson"), default="")
    tags = StringField(_("Tags"), [Optional(), Length(max=500)])
    over = BooleanField(_("Also where the file says something else"))

    def offer(self, lessons: Sequence[LessonChoice]) -> "DefaultsForm":
        """Offer each choice, and to leave it as the file says."""
        as_it_is = ("", gettext("As the file says"))
        self.use.choices = [as_it_is, *((use, gettext(word)) for use, word in words.USES.items())]
        levels = range(MIN_LEVEL, MAX_LEVEL + 1)
        self.level.choices = [as_it_is, *((str(level), gettext(words.LEVELS[level])) for level in levels)]
        self.lesson.choices = [as_it_is, *_lessons(lessons)[1:]]
        return self

    @classmethod
    def of(cls, defaults: Defaults, lessons: Sequence[LessonChoice]) -> "DefaultsForm":
        """The form with what is set now."""
        level = str(defaults.level) if defaults.level else ""
        values = {"use": defaults.use, "level": level, "lesson": defaults.lesson, "tags": ", ".join(defaults.tags)}
        form = cls(None, data=values | {"over": defaults.over})
        known = {each.ref for each in lessons} | {""}
        form.lesson.data = defaults.lesson if defaults.lesson in known else ""
        return form.offer(lessons)

    def validate_tags(self, field: StringField) -> None:
        if wrong := [tag for tag in _tags(field.data) if not is_slug(tag)]:
            raise ValidationError(
                gettext("A tag is small letters, digits and hyphens. This is not one: %(tag)s", tag=wrong[0])
            )

    @property
    def defaults(self) -> Defaults:
        return Defaults(
            use=self.use.data or "",
            lesson=self.lesson.data or "",
            level=int(self.level.data) if self.level.data else None,
            tags=tuple(dict.fromkeys(_tags(self.tags.data))),
            over=bool(self.over.data),
        )


def _tags(text: str | None) -> list[str]:
    return [tag for tag in re.split(r"[\s,，、;；]+", (text or "").strip().lower()) if tag]


def mended_item(before: Item, sent: MultiDict[str, str]) -> Item:
    """The item as its form says it now. Rows left empty are taken out, and the keys move with their options."""
    texts = [tidy(text) for text in sent.getlist("option")]
    marked = set(sent.getlist("keys"))
    rows = [(text, _LETTERS[at : at + 1] in marked) for at, text in enumerate(texts) if text]
    kind = sent.get("type", "")
    return replace(
        before,
        stem=tidy(sent.get("stem", "")),
        options=tuple(text for text, _is_key in rows),
        keys=tuple(letter for letter, (_text, is_key) in zip(_LETTERS, rows, strict=False) if is_key),
        type=kind if kind in TYPES else before.type,
        explanation=tidy(sent.get("explanation", "")),
        id=sent.get("id", "").strip(),
        shuffle=None if kind == TRUE_FALSE else before.shuffle,
    )


def keyed_item(before: Item, letter: str) -> Item:
    """The item with this option as its only right one; with none if there is no such option."""
    return replace(before, keys=tuple(id for id in option_ids(len(before.options)) if id == letter))


def mapping_of(sent: Mapping[str, Any], columns: int) -> dict[int, str]:
    """Which field each column of a sheet is, as chosen; what is no field is left out."""
    chosen = {at: sent.get(f"column-{at}", "") for at in range(columns)}
    return {at: field for at, field in chosen.items() if field in FIELDS}
