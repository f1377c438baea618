"""Frozen question records: what every file format is read into and written from.

An option's id is its letter in file order. `QuestionText` is a question as one file of one language holds it
(None: the file leaves the attribute out); `Question` is the whole, with its wording in each language.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

LANGUAGES = ("en", "zh")
SINGLE, MULTIPLE, TRUE_FALSE = TYPES = ("single", "multiple", "true_false")
PRACTICE, EXAM = USES = ("practice", "exam")
OPTION_IDS = "abcdefghij"
MIN_OPTIONS, MAX_OPTIONS = 2, len(OPTION_IDS)
MIN_LEVEL, MAX_LEVEL = 1, 3
MAX_TEXT = 10_000
TRUE_FALSE_WORDS = {"en": ("True", "False"), "zh": ("对", "错")}  # for files that only say that it is one
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PAIRS = ("true/false", "t/f", "yes/no", "right/wrong", "是/否", "对/错", "正确/错误", "√/×")
_TRUE_FALSE_PAIRS = frozenset(frozenset(pair.split("/")) for pair in _PAIRS)
_TRUE = frozenset(pair.split("/")[0] for pair in _PAIRS)


def tidy(text: str) -> str:
    """The text with LF line ends; no spaces at line ends, blank lines at either end or control characters."""
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def folded(text: str) -> str:
    """The text as it is compared: width, case and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def stem_id(stem: str) -> str:
    """The id of a question that was given none: `q-` and 8 hex digits of its text, case and spaces aside."""
    return "q-" + sha256(folded(stem).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question says in one language. Texts are Markdown; options are in id order."""

    stem: str
    options: tuple[str, ...]
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """One question of one file. `keys` are option ids in order; `line` is that of its heading."""

    id: str
    type: str
    keys: tuple[str, ...]
    wording: Wording
    level: int | None = None
    tags: tuple[str, ...] | None = None
    lesson: str | None = None
    objective: str | None = None
    use: str | None = None
    shuffle: bool | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class BankText:
    """One bank file of one language."""

    bank: str
    language: str
    title: str
    area: str
    questions: tuple[QuestionText, ...]
    file: str = field(default="", compare=False)
    area_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A whole question: attributes once, wording by language. `lesson` is `course/slug` or ""."""

    id: str
    type: str
    keys: tuple[str, ...]
    wordings: Mapping[str, Wording]
    level: int = 1
    tags: tuple[str, ...] = ()
    lesson: str = ""
    objective: str = ""
    use: str = PRACTICE
    shuffle: bool = True
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bank:
    """A whole bank: its title by language and its questions in file order."""

    slug: str
    title: Mapping[str, str]
    area: str
    questions: tuple[Question, ...]
    files: tuple[str, ...] = field(default=(), compare=False)


def option_ids(count: int) -> tuple[str, ...]:
    """The ids of so many options: a, b, c..."""
    return tuple(OPTION_IDS[:count])


def is_true_false(options: Sequence[str]) -> bool:
    """Whether the options are one of the pairs that make a true/false question."""
    return len(options) == 2 and frozenset(map(_word, options)) in _TRUE_FALSE_PAIRS


def is_true(option: str) -> bool:
    """Whether this is the true one of a true/false question's two options."""
    return _word(option) in _TRUE


def _word(option: str) -> str:
    return unicodedata.normalize("NFKC", option).strip().casefold()


def infer_type(options: Sequence[str], keys: Sequence[str]) -> str:
    """The type a question has unless it says otherwise."""
    if is_true_false(options):
        return TRUE_FALSE
    return SINGLE if len(keys) == 1 else MULTIPLE


def merge(banks: Sequence[BankText]) -> Bank:
    """One bank from its files, English first. Translations must agree (`check_translation`)."""
    ordered = sorted(banks, key=lambda bank: LANGUAGES.index(bank.language))
    merged: dict[str, Question] = {}
    for bank in ordered:
        for text in bank.questions:
            if (known := merged.get(text.id)) is not None:
                wordings = {**known.wordings, bank.language: text.wording}
                merged[text.id] = replace(known, wordings=wordings)
            else:
                merged[text.id] = _whole(text, bank)
    titles = {bank.language: bank.title for bank in ordered}
    files = tuple(bank.file for bank in ordered)
    return Bank(ordered[0].bank, titles, ordered[0].area, tuple(merged.values()), files)


def _whole(text: QuestionText, bank: BankText) -> Question:
    return Question(
        id=text.id,
        type=text.type,
        keys=text.keys,
        wordings={bank.language: text.wording},
        level=MIN_LEVEL if text.level is None else text.level,
        tags=text.tags or (),
        lesson=text.lesson or "",
        objective=text.objective or "",
        use=text.use or PRACTICE,
        shuffle=(text.shuffle is not False) and text.type != TRUE_FALSE,
        file=bank.file,
        line=text.line,
    )


def split(bank: Bank, language: str) -> BankText:
    """The file of one language. Attributes stand in the first language a question has, and nowhere else."""
    return BankText(
        bank=bank.slug,
        language=language,
        title=bank.title[language],
        area=bank.area,
        questions=tuple(
            _one(question, language) for question in bank.questions if language in question.wordings
        ),
    )


def _one(question: Question, language: str) -> QuestionText:
    base = QuestionText(question.id, question.type, question.keys, question.wordings[language])
    if language != next(name for name in LANGUAGES if name in question.wordings):
        return base
    return replace(
        base,
        level=question.level,
        tags=question.tags or None,
        lesson=question.lesson or None,
        objective=question.objective or None,
        use=question.use,
        shuffle=None if question.shuffle or question.type == TRUE_FALSE else False,
    )


def check_translation(base: QuestionText, other: QuestionText) -> list[str]:
    """What keeps `other` from being the translation of `base`, in words."""
    found = []
    count, expected = len(other.wording.options), len(base.wording.options)
    if count != expected:
        found.append(f"The translation has {count} options; the English question has {expected}.")
    elif other.keys != base.keys:
        found.append(
            f"The translation marks {', '.join(other.keys)} as right; the English question marks"
            f" {', '.join(base.keys)}. Give the options in the same order with the same [x]."
        )
    elif other.type != base.type:
        found.append(
            f"The translation reads as {other.type}; the English question is {base.type}."
            " Use the same kind of options, or give both the same type."
        )
    for name in ("level", "tags", "lesson", "objective", "use", "shuffle"):
        said, meant = getattr(other, name), getattr(base, name)
        if said is not None and said != (_DEFAULTS[name] if meant is None else meant):
            found.append(f'"{name}" differs from the English question. Make it equal or leave it out.')
    return found


_DEFAULTS = {"level": 1, "tags": (), "lesson": "", "objective": "", "use": PRACTICE, "shuffle": True}
