"""The form that a question is written in. It checks shape; whether the question holds, operations check."""

import re
from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.banks import words
from lms.banks.queries import Filters, LessonChoice
from lms.banks.rules import Flaw
from lms.courses.words import AREAS
from lms.i18n import gettext, language, pick, say
from lms.i18n import lazy_gettext as _
from lms.interchange.records import (
    LANGUAGES,
    MAX_LEVEL,
    MAX_OPTIONS,
    MAX_TEXT,
    MIN_LEVEL,
    TRUE_FALSE,
    Question,
    Wording,
    tidy,
)
from lms.interchange.source import MAX_SLUG, is_slug

USUAL_OPTIONS = 4
TRUE_FALSE_OPTIONS: dict[str, tuple[str, ...]] = {"en": ("True", "False"), "zh": ("是", "否")}
TOO_LONG = _("This is too long. Shorten it.")


class BankForm(FlaskForm):
    """A new bank: its id and area stay, because exams draw from it by them."""

    slug = StringField(_("Id"), [InputRequired(_("Enter an id.")), Length(max=MAX_SLUG, message=TOO_LONG)])
    title_en = StringField(_("Title, English"), [InputRequired(_("Enter a title.")), Length(max=200)])
    title_zh = StringField(_("Title, Chinese"), [InputRequired(_("Enter a title.")), Length(max=200)])
    area = SelectField(_("Area"))

    def offer(self) -> "BankForm":
        """Name the areas in the language in force."""
        self.area.choices = [SelectChoice(value=area, label=gettext(name)) for area, name in AREAS.items()]
        return self

    @property
    def titles(self) -> dict[str, str]:
        return {"en": self.title_en.data.strip(), "zh": self.title_zh.data.strip()}


class OptionForm(Form):
    """One option in both languages."""

    en = TextAreaField(_("English"), [Length(max=2000, message=TOO_LONG)])
    zh = TextAreaField(_("Chinese"), [Length(max=2000, message=TOO_LONG)])


class QuestionForm(FlaskForm):
    """A question in both languages. `type` is chosen before and is not a field."""

    slug = StringField(_("Id"), [Optional(), Length(max=MAX_SLUG, message=TOO_LONG)])
    stem_en = TextAreaField(_("Question, English"), [Length(max=MAX_TEXT, message=TOO_LONG)])
    stem_zh = TextAreaField(_("Question, Chinese"), [Length(max=MAX_TEXT, message=TOO_LONG)])
    options = FieldList(
        FormField(OptionForm), label=_("Options"), min_entries=USUAL_OPTIONS, max_entries=len(ascii_lowercase)
    )  # a draft that was imported may have more options than can be asked
    keys = SelectMultipleField(_("Right answer"), choices=list(ascii_lowercase))
    one_key_is_meant = BooleanField(_("One right option is meant (one or more may be right)"))
    explanation_en = TextAreaField(_("Explanation, English"), [Length(max=MAX_TEXT, message=TOO_LONG)])
    explanation_zh = TextAreaField(_("Explanation, Chinese"), [Length(max=MAX_TEXT, message=TOO_LONG)])
    lesson = SelectField(_("Lesson and objective"), default="")
    level = RadioField(_("Level"), coerce=int, default=MIN_LEVEL)
    tags = StringField(_("Tags"), [Optional(), Length(max=500, message=TOO_LONG)])
    use = RadioField(_("Used in"), default="practice")
    shuffle = BooleanField(_("Shuffle the options"), default=True)
    version = HiddenField(default="0")

    def offer(self, lessons: Sequence[LessonChoice], current: str = "") -> "QuestionForm":
        """Offer the lessons with their objectives, and what the question names now even if that is gone."""
        self.level.choices = [(level, gettext(words.LEVELS[level])) for level in range(1, MAX_LEVEL + 1)]
        self.use.choices = [(use, gettext(word)) for use, word in words.USES.items()]
        choices = [("", gettext("None"))]
        for lesson in lessons:
            title = gettext("%(course)s: %(lesson)s", course=pick(lesson.course), lesson=pick(lesson.titles))
            choices.append((lesson.ref, title))
            objectives = lesson.objectives.get(language()) or next(iter(lesson.objectives.values()), {})
            choices += [(f"{lesson.ref}#{id}", f"— {text}") for id, text in objectives.items()]
        if current and current not in [value for value, _title in choices]:
            choices.append((current, current))
        self.lesson.choices = choices
        return self

    def validate_slug(self, field: StringField) -> None:
        if field.data and not is_slug(field.data.strip()):
            raise ValidationError(
                gettext("An id is small letters, digits and hyphens, such as step-in-window.")
            )

    def validate_tags(self, field: StringField) -> None:
        if wrong := [tag for tag in _tags(field.data) if not is_slug(tag)]:
            raise ValidationError(
                gettext("A tag is small letters, digits and hyphens. This is not one: %(tag)s", tag=wrong[0])
            )

    @property
    def based_on(self) -> int:
        """The number of the version that is edited, 0 for a new question."""
        return int(self.version.data) if re.fullmatch(r"\d{1,9}", self.version.data or "") else 0

    def add_rows(self) -> None:
        """Two more rows for options, as far as there may be more."""
        for _row in range(min(2, MAX_OPTIONS - len(self.options))):
            self.options.append_entry()

    def to_question(self, kind: str, slug: str = "") -> Question:
        """The question as it is written now, whole or not."""
        count = 2 if kind == TRUE_FALSE else self._filled_rows()
        wordings = {language: self._wording(language, kind, count) for language in LANGUAGES}
        lesson, _sign, objective = (self.lesson.data or "").partition("#")
        return Question(
            id=slug or (self.slug.data or "").strip(),
            type=kind,
            keys=tuple(sorted(set(self.keys.data or ()))),
            wordings={language: wording for language, wording in wordings.items() if wording},
            level=self.level.data or MIN_LEVEL,
            tags=tuple(dict.fromkeys(_tags(self.tags.data))),
            lesson=lesson,
            objective=objective,
            use=self.use.data or "practice",
            shuffle=self.shuffle.data and kind != TRUE_FALSE,
        )

    def _texts(self, language: str) -> list[str]:
        return [tidy(row[language].data or "") for row in self.options]

    def _filled_rows(self) -> int:
        filled = [at for language in LANGUAGES for at, text in enumerate(self._texts(language), 1) if text]
        return max(filled, default=0)

    def _wording(self, language: str, kind: str, count: int) -> Wording | None:
        stem = tidy(self[f"stem_{language}"].data or "")
        explanation = tidy(self[f"explanation_{language}"].data or "")
        texts = self._texts(language)
        if not (stem or explanation or (kind != TRUE_FALSE and any(texts))):
            return None
        if kind == TRUE_FALSE:
            options = tuple(texts[:2]) if len(texts) > 1 and all(texts[:2]) else TRUE_FALSE_OPTIONS[language]
        else:
            options = tuple(texts[:count])
        return Wording(stem, options, explanation)

    def show_flaws(self, flaws: Sequence[Flaw]) -> None:
        """Put each flaw beside its field."""
        for flaw in flaws:
            name = f"{flaw.field}_{flaw.language}" if flaw.field in ("stem", "explanation") else flaw.field
            message = say(flaw.reason)
            if name == "options":
                if message in self.option_flaws:  # the same of both languages
                    continue
                self.option_flaws = [*self.option_flaws, message]
                self.form_errors.append(message)
            else:
                self[name].errors = [*self[name].errors, message]

    option_flaws: Sequence[str] = ()


def _tags(text: str | None) -> list[str]:
    return [tag for tag in re.split(r"[\s,，、;；]+", (text or "").strip().lower()) if tag]


def values_of(question: Question, version: int) -> dict[str, Any]:
    """What the form is filled with to edit a question."""
    texts = question.wordings
    rows = max(len(wording.options) for wording in texts.values()) if texts else 0
    empty = Wording("", ("",) * rows)
    english, chinese = texts.get("en", empty), texts.get("zh", empty)
    pairs = zip(english.options, chinese.options, strict=True)
    return {
        "stem_en": english.stem,
        "stem_zh": chinese.stem,
        "options": [{"en": en, "zh": zh} for en, zh in pairs],
        "keys": list(question.keys),
        "one_key_is_meant": len(question.keys) == 1,
        "explanation_en": english.explanation,
        "explanation_zh": chinese.explanation,
        "lesson": f"{question.lesson}#{question.objective}" if question.objective else question.lesson,
        "level": question.level,
        "tags": ", ".join(question.tags),
        "use": question.use,
        "shuffle": question.shuffle,
        "version": str(version),
    }


class FilterForm(FlaskForm):
    """What a bank's table is narrowed to. Sent by GET; wrong values count as none."""

    NAMES = ("q", "type", "state", "use", "level")

    class Meta:
        csrf = False

    q = StringField(_("Search"), [Length(max=100)])
    type = SelectField(_("Type"), default="")
    state = SelectField(_("State"), default="")
    use = SelectField(_("Used in"), default="")
    level = SelectField(_("Level"), default="")

    def offer(self) -> "FilterForm":
        """Offer all, and each."""
        every = ("", gettext("All"))
        for field, names in (
            (self.type, words.TYPES),
            (self.state, words.STATES),
            (self.use, words.SHORT_USES),
            (self.level, words.LEVELS),
        ):
            field.choices = [every, *((str(name), gettext(word)) for name, word in names.items())]
        return self

    def filters(self) -> Filters:
        """The filters; a field with a wrong value counts as empty."""
        self.validate()
        good = {name: "" if field.errors else (field.data or "") for name, field in self._fields.items()}
        return Filters(
            type=good["type"],
            state=good["state"],
            use=good["use"],
            level=int(good["level"]) if good["level"] else None,
            text=tidy(good["q"]),
        )
