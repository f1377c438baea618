"""A bank as a table: one question a row, heads in the bank's language, every field of a question in a column.

Key letters are those of the option columns. Where the wording needs Markdown the text format says `markdown`; where
a plain text would be read as something else than it says (options that all begin with their letter) it says so too.
"""

from collections.abc import Mapping, Sequence

from lms.interchange.items import plain_wording
from lms.interchange.records import (
    EXAM,
    MULTIPLE,
    PRACTICE,
    SINGLE,
    TRUE_FALSE,
    BankText,
    QuestionText,
    Wording,
    option_ids,
)
from lms.interchange.sheet_answers import key_of, without_letters
from lms.interchange.sheet_heads import OPTIONS, field_of

FIRST, LAST = (
    ("id", "type", "stem"),
    ("key", "explanation", "level", "tags", "lesson", "objective", "use", "shuffle", "format"),
)
HEADS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "id": "Question ID",
        "type": "Type",
        "stem": "Question",
        **{field: f"Option {field[-1].upper()}" for field in OPTIONS},
        "key": "Answer",
        "explanation": "Explanation",
        "level": "Level",
        "tags": "Tags",
        "lesson": "Lesson",
        "objective": "Objective",
        "use": "Use",
        "shuffle": "Shuffle",
        "format": "Text format",
    },
    "zh": {
        "id": "题目ID",
        "type": "题型",
        "stem": "题干",
        **{field: f"选项{field[-1].upper()}" for field in OPTIONS},
        "key": "答案",
        "explanation": "解析",
        "level": "难度",
        "tags": "标签",
        "lesson": "课程",
        "objective": "目标",
        "use": "用途",
        "shuffle": "选项乱序",
        "format": "文本格式",
    },
}
TYPE_WORDS = {
    "en": {SINGLE: "single", MULTIPLE: "multiple", TRUE_FALSE: "true/false"},
    "zh": {SINGLE: "单选", MULTIPLE: "多选", TRUE_FALSE: "判断"},
}
USE_WORDS = {"en": {PRACTICE: "practice", EXAM: "exam"}, "zh": {PRACTICE: "练习", EXAM: "考试"}}
SHUFFLE_WORDS = {"en": {True: "yes", False: "no"}, "zh": {True: "是", False: "否"}}
FORMAT_WORDS = {
    "en": {"markdown": "markdown", "plain": "plain"},
    "zh": {"markdown": "markdown", "plain": "纯文本"},
}


def rows_of(bank: BankText) -> list[list[str]]:
    """The head row and a row a question."""
    most = max((len(question.wording.options) for question in bank.questions), default=4)
    fields = fields_for(max(most, 2))
    return [
        heads(fields, bank.language),
        *(_row(question, fields, bank.language) for question in bank.questions),
    ]


def fields_for(options: int) -> tuple[str, ...]:
    """The fields of the columns, with so many for options."""
    return (*FIRST, *OPTIONS[:options], *LAST)


def heads(fields: Sequence[str], language: str) -> list[str]:
    """What the columns are called."""
    return [HEADS[language][field] for field in fields]


def _row(question: QuestionText, fields: Sequence[str], language: str) -> list[str]:
    plain = plain_wording(question.wording)
    wording = plain or question.wording
    keys = "".join(question.keys).upper()
    format = "markdown" if plain is None else "plain" if _is_misread(wording, question.keys, keys) else ""
    cells = {
        "id": question.id,
        "type": TYPE_WORDS[language].get(question.type, question.type),
        "stem": wording.stem,
        **dict(zip(OPTIONS, wording.options, strict=False)),
        "key": keys,
        "explanation": wording.explanation,
        "level": "" if question.level is None else str(question.level),
        "tags": ", ".join(question.tags or ()),
        "lesson": question.lesson or "",
        "objective": question.objective or "",
        "use": USE_WORDS[language].get(question.use or "", ""),
        "shuffle": "" if question.shuffle is None else SHUFFLE_WORDS[language][question.shuffle],
        "format": FORMAT_WORDS[language].get(format, ""),
    }
    return [cells.get(field, "") for field in fields]


def _is_misread(wording: Wording, keys: Sequence[str], written: str) -> bool:
    """Whether the forgiving ways in which a table is read would change this question."""
    options = list(wording.options)
    return (
        without_letters(options) != options
        or key_of(written, options) != tuple(keys)
        or bool(field_of(wording.stem))
        or option_ids(len(options)) == ()
    )
