"""The heads of a table of questions: which column holds what, in both languages and however people write it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.errors import N_
from lms.interchange.records import OPTION_IDS
from lms.interchange.sheet_answers import key_of
from lms.interchange.truth import truth

OPTIONS = tuple(f"option-{id}" for id in OPTION_IDS)
FIELDS = (
    "id", "type", "stem", "options", *OPTIONS, "key", "explanation", "level", "tags", "lesson", "objective", "use",
    "shuffle", "format", "ignore",
)  # fmt: skip
# What a field is called; an option's words have a placeholder for its letter.
FIELD_WORDS = {
    "id": N_("Id of the question"),
    "type": N_("Type of question"),
    "stem": N_("Question text"),
    "options": N_("All options in one cell"),
    **{f"option-{id}": N_("Option %(letter)s") for id in OPTION_IDS},
    "key": N_("Right answer"),
    "explanation": N_("Explanation"),
    "level": N_("Level"),
    "tags": N_("Tags"),
    "lesson": N_("Lesson"),
    "objective": N_("Objective"),
    "use": N_("Used in"),
    "shuffle": N_("Shuffle the options"),
    "format": N_("Text format"),
    "ignore": N_("Leave out"),
}

BEYOND = "beyond"  # a column of options after the last that a question may have
SURE_ID = "sure-id"  # an id even if it is a number
MAX_HEAD = 60
HEAD_ROWS = 30

_WORDS = {
    "stem": "题干 题目 试题 问题 题 试题内容 题目内容 问题内容 题干内容 试题题干 题目题干 题目名称 "
    "试题名称 题目描述 问题描述 题面 考题 考题内容 试题正文 stem question questiontext questionstem text prompt",
    "weak-stem": "标题 内容 title content",
    "type": "题型 类型 题类 试题题型 题目题型 type questiontype qtype kind",
    "options": "选项 选项内容 备选项 备选答案 候选项 候选答案 可选项 全部选项 options choices alternatives",
    "key": "答案 正确答案 参考答案 标准答案 正确选项 正答 正解 key keys answer answers correct correctanswer "
    "correctanswers correctoption correctoptions rightanswer answerkey",
    "explanation": "解析 说明 答案解析 试题分析 答案说明 解释 详解 答题解析 解析说明 explanation feedback rationale",
    "level": "难度 难易 难易度 难易程度 难度等级 难度级别 难度系数 level difficulty",
    "tags": "标签 知识点 考点 所属知识点 关键词 tags tag keywords labels topic topics",
    "lesson": "课程 课时 关联课程 关联课时 所属课程 对应课程 lesson course",
    "objective": "目标 学习目标 教学目标 考核目标 objective objectives learningobjective",
    "use": "用途 用于 使用场景 use usage usedin",
    "shuffle": "乱序 选项乱序 随机 选项随机 打乱选项 是否乱序 是否打乱 选项是否乱序 shuffle shuffleoptions randomize",
    "format": "文本格式 format textformat",
    SURE_ID: "题目id 试题id questionid",
    "id": "id 编号 编码 identifier uid slug code",
    "ignore": "序号 题号 序 顺序 no num number index seq sn 语言 language lang",
}
_KNOWN = {word: field for field, words in _WORDS.items() for word in words.split()}
_ABOUT_QUESTION = re.compile(r"(?:题目|试题|考题|问题|本题|question)(?=.)")
_BRACKETS = re.compile(r"[(\[【<《{][^()\[\]【】<>《》{}]*[)\]】>》}]")
_OPTION = re.compile(
    r"(?P<before>(?:备?选项|备选答案|候选项|答案|option|opt|choice|answer|alternative)?)"
    r"(?P<name>[a-z]|[1-9]|1\d|2[0-6]|[一二三四五六七八九十])"
    r"(?P<after>(?:选项|选项内容|项|option|choice)?)\Z"
)
_PARTS = re.compile(r"[\s/|·、,]+")
_CHINESE_DIGITS = "一二三四五六七八九十"


def normal(text: str) -> str:
    """The text with its width, case, spaces and punctuation made alike, to be compared."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def field_of(head: str) -> str:
    """The field that a head names, "" if none: one of `FIELDS`, or `weak-stem`, `sure-id` or `beyond`."""
    if not head.strip() or len(head) > MAX_HEAD:
        return ""
    text = unicodedata.normalize("NFKC", head)
    if text.strip() == "#":
        return "ignore"
    for tried in (text, _BRACKETS.sub("", text)):
        if found := _named(normal(tried)):
            return found
    parts = {found for part in _PARTS.split(text) if (found := _named(normal(part)))}
    return parts.pop() if len(parts) == 1 else ""


def _named(word: str) -> str:
    if found := _KNOWN.get(word):
        return found
    if match := _OPTION.match(word):
        return _option(match)
    rest = _ABOUT_QUESTION.sub("", word, count=1) if _ABOUT_QUESTION.match(word) else ""
    return _named(rest) if rest and rest != word else ""


def _option(match: re.Match[str]) -> str:
    name, is_bare = match["name"], not (match["before"] or match["after"])
    if name.isascii() and name.isalpha():
        at = ord(name) - ord("a")
    elif is_bare:
        return ""
    else:
        at = _CHINESE_DIGITS.index(name) if name in _CHINESE_DIGITS else int(name) - 1
    if at >= len(OPTIONS):
        return "" if is_bare else BEYOND
    return OPTIONS[at]


def fields_of(cells: Sequence[str]) -> list[str] | None:
    """What each column of a head row holds ("": nothing known), or None if the row is no head row.

    A head row names the question text and at least one of type, options and key; a mere title or content counts as
    the text only beside options or key. The first column of a name is it; only right answers may stand in several.
    """
    fields = [field_of(cell) for cell in cells]
    answers = {"options", "key", *OPTIONS}
    if "stem" not in fields and "weak-stem" in fields and answers & set(fields):
        fields[fields.index("weak-stem")] = "stem"
    if "stem" not in fields or not {"type", *answers} & set(fields):
        return None
    seen: set[str] = set()
    for at, field in enumerate(fields):
        if field == "weak-stem" or (field in seen and field not in ("key", "ignore", BEYOND)):
            fields[at] = ""
        seen.add(field)
    return ["ignore" if field == "id" and SURE_ID in fields else field for field in fields]


def with_second_row(fields: list[str], cells: Sequence[str]) -> list[str] | None:
    """The fields when the row below goes on with the heads, as under a wide 选项: A, B, C... None if it does not."""
    below = [field_of(cell) for cell in cells]
    below += [""] * (len(fields) - len(below))
    named = [field for cell, field in zip(cells, below, strict=False) if cell.strip()]
    if len({*named} & {*OPTIONS}) < 2 or "" in named or below[fields.index("stem")]:
        return None
    above = fields + [""] * (len(below) - len(fields))
    return [new or ("" if old == "options" else old) for old, new in zip(above, below, strict=True)]


def with_wide_options(fields: list[str], heads: Sequence[str], filled: Sequence[bool]) -> list[str]:
    """The fields when a head 选项 reaches over several columns: those without a head of their own, but with texts."""
    if "options" not in fields or set(OPTIONS) & set(fields):
        return fields
    first = last = fields.index("options")
    while last + 1 < len(filled) and filled[last + 1] and not (heads[last + 1 : last + 2] or [""])[0].strip():
        last += 1
    if last == first:
        return fields
    wide = fields + [""] * (last + 1 - len(fields))
    for at in range(first, last + 1):
        wide[at] = OPTIONS[at - first] if at - first < len(OPTIONS) else BEYOND
    return wide


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a table: the row they stand in, the first row below, the texts, and the field of each column.

    Without a column of question texts they are not known, and `at` is the row that looks most like heads.
    """

    at: int
    below: int
    texts: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether there is a column of question texts."""
        return "stem" in self.fields

    @property
    def shown(self) -> tuple[str, ...]:
        """The field of each column in the words of `FIELDS`, "" for none."""
        return tuple({SURE_ID: "id", BEYOND: "", "weak-stem": ""}.get(field, field) for field in self.fields)

    def mapped(self, mapping: Mapping[int, str], rows: Sequence[Sequence[str]]) -> "Heads":
        """The heads with the columns that a person named. A first row of data is not taken for heads."""
        width = max((len(row) for row in rows), default=0)
        fields = with_mapping(self.fields, mapping, width)
        is_data = not self.is_known and _is_data(rows[self.at], fields)
        return replace(self, fields=tuple(fields), below=self.at if is_data else self.below)


def find_heads(rows: Sequence[Sequence[str]]) -> Heads:
    """The heads of a table among its first rows. There must be a row."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        if (fields := fields_of(row)) is not None:
            return heads_at(rows, at, fields)
    at = max(range(min(HEAD_ROWS, len(rows))), key=lambda at: sum(map(bool, rows[at])))
    found = [field_of(cell) for cell in rows[at]]
    fields = [field if found.index(field) == place else "" for place, field in enumerate(found)]
    return Heads(
        at,
        at + 1,
        tuple(rows[at]),
        tuple("" if field in ("stem", "weak-stem") else field for field in fields),
    )


def heads_at(rows: Sequence[Sequence[str]], at: int, fields: list[str]) -> Heads:
    """The heads that stand in a row and perhaps in the one below."""
    texts, below = tuple(rows[at]), at + 1
    if below < len(rows) and (both := with_second_row(fields, rows[below])):
        second = rows[below]
        texts = tuple(
            new or old for old, new in zip(_wide(texts, len(both)), _wide(second, len(both)), strict=True)
        )
        fields, below = both, below + 1
    width = max((len(row) for row in rows[below : below + HEAD_ROWS]), default=0)
    filled = [
        any(len(row) > at and row[at] for row in rows[below : below + HEAD_ROWS]) for at in range(width)
    ]
    return Heads(at, below, texts, tuple(with_wide_options(fields, texts, filled)))


def _wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *("",) * (width - len(cells)))


def _is_data(row: Sequence[str], fields: Sequence[str]) -> bool:
    """Whether a row has a right answer where the column of right answers is."""
    given = [cell for cell, field in zip(row, fields, strict=False) if field == "key" and cell]
    options = [cell for cell, field in zip(row, fields, strict=False) if field in OPTIONS and cell]
    return bool(given) and all(truth(cell) is not None or bool(key_of(cell, options)) for cell in given)


def with_mapping(fields: Sequence[str], mapping: Mapping[int, str], width: int) -> list[str]:
    """The fields with those columns changed that a person named."""
    named = {at: field for at, field in mapping.items() if 0 <= at < width and field in ("", *FIELDS)}
    named |= {at: SURE_ID for at, field in named.items() if field == "id" and SURE_ID in fields[at : at + 1]}
    given = set(named.values())
    kept = ["" if field in given and field not in ("ignore", "") else field for field in fields]
    kept += [""] * (width - len(kept))
    return [named.get(at, field) for at, field in enumerate(kept)]
