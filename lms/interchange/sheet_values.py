"""What the cells of a table say about a question beside its texts: type, level, tags, use..."""

import re
import unicodedata
from collections.abc import Callable

from lms.errors import N_
from lms.interchange.records import EXAM, MULTIPLE, PRACTICE, SINGLE, TRUE_FALSE
from lms.interchange.sheet_heads import normal
from lms.interchange.source import is_slug

INFER = "infer"
_words = str.split
_TYPES = {
    SINGLE: "单选 单项选择 单项 单选择 单项单选 single singlechoice singleanswer singleselect oneanswer radio",
    MULTIPLE: "多选 多项选择 多项 多选择 不定项 不定项选择 任选 multiple multi multipleanswer "
    "multipleanswers multipleresponse multiselect multianswer checkbox checkboxes severalanswers",
    TRUE_FALSE: "判断 是非 对错 正误 判定 判断对错 判断正误 是非判断 "
    "truefalse trueorfalse tf boolean yesno judgement judgment",
    INFER: "选择 客观选择 choice mc mcq multichoice multiplechoice",
}
_TYPE_WORDS = {word: kind for kind, words in _TYPES.items() for word in words.split()}
_OTHER_TYPES = frozenset(
    _words(
        "填空 简答 问答 论述 案例 案例分析 材料 材料分析 名词解释 计算 连线 匹配 配对 排序 作文 写作 完形填空 阅读理解 "
        "操作 实操 情景 主观 fillin fillintheblank shortanswer essay matching ordering numerical cloze open"
    )
)
_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_SECTION = re.compile(
    r"\s*(?:第?\s*[一二三四五六七八九十\dIVXⅠ-Ⅻ]{1,4}\s*(?:[、.．:：)）]|部分|大题|章|节)+"
    r"|[(（【\[][一二三四五六七八九十\d]{1,3}[)）】\]])?\s*"
    r"(?P<name>[^\s(（【\[:：,，;；。]{2,12})\s*(?:[(（【\[:：,，;；].{0,120})?\Z",
    re.DOTALL,
)
_LEVELS = {
    1: "1 易 容易 简单 较易 低 初级 基础 入门 一级 easy simple low basic beginner",
    2: "2 中 中等 一般 适中 普通 中级 二级 medium normal moderate middle intermediate",
    3: "3 难 困难 较难 高 高级 很难 三级 hard difficult high advanced",
}
_LEVEL_WORDS = {word: level for level, words in _LEVELS.items() for word in words.split()}
_YES = frozenset(_words("是 要 开 开启 打乱 乱序 随机 可以 true yes y 1 on shuffle"))
_NO = frozenset(_words("否 不 不要 关 关闭 不打乱 不乱序 固定 固定顺序 不随机 不可以 false no n 0 off fixed"))
_USES = {
    **dict.fromkeys(_words("练习 平时练习 自测 practice exercise quiz training"), PRACTICE),
    **dict.fromkeys(_words("考试 正式考试 测试 测验 考核 exam examination test assessment"), EXAM),
}
_FORMATS = {
    **dict.fromkeys(_words("markdown md"), "markdown"),
    **dict.fromkeys(_words("纯文本 文本 plain plaintext text"), "plain"),
}
_BETWEEN = re.compile(r"[,，;；、|\n]+")
_STARS = re.compile(r"[★⭐☆✩]+\Z")


def type_of(text: str) -> str | None:
    """The type that a word names, `INFER` if it leaves that to the answers, None if it is none of ours."""
    for tried in (text, _BRACKETS.sub("", unicodedata.normalize("NFKC", text))):
        word = normal(tried)
        for end in ("", "试题", "题", "question", "questions"):
            if word.endswith(end) and (found := _TYPE_WORDS.get(word.removesuffix(end))):
                return found
    return None


def section_of(text: str) -> str | None:
    """The word for a type in a section's title such as 二、多选题（每题 2 分）; None if it is no such title."""
    match = _SECTION.match(text) if len(text) <= 200 else None
    if match is None:
        return None
    word = normal(match["name"])
    is_other = any(word.removesuffix(end) in _OTHER_TYPES for end in ("题", "question", "questions"))
    return match["name"] if is_other or type_of(word) else None


def level_number(text: str) -> int | None:
    """The number that a level is given as, in digits or stars; None if in words."""
    word = unicodedata.normalize("NFKC", text).strip().rstrip("星级颗").strip()
    if _STARS.match(word):
        return sum(star in "★⭐" for star in word)
    return int(word) if re.fullmatch("[0-9]{1,2}", word) else None


def level_of(text: str) -> int | None:
    """1 to 3 in words, digits or stars; None if it is no level."""
    if (number := level_number(text)) is not None:
        return number if number in _LEVELS else None
    word = normal(text)
    for end in ("", "题", "度"):
        if found := _LEVEL_WORDS.get(word.removesuffix(end)):
            return found
    return None


def tags_of(text: str) -> tuple[str, ...] | None:
    """Tags between commas or the like; None if one of them cannot be a tag."""
    parts = [part.strip() for part in _BETWEEN.split(unicodedata.normalize("NFKC", text).lower())]
    tags = tuple(dict.fromkeys(part for part in parts if part))
    return tags if tags and all(map(is_slug, tags)) else None


def _lesson(text: str) -> str | None:
    word = text.strip().lower().removeprefix("lesson:")
    parts = word.split("/")
    return word if len(parts) == 2 and all(map(is_slug, parts)) else None


def _shuffle(text: str) -> bool | None:
    word = normal(text)
    return True if word in _YES else False if word in _NO else None


# Field -> how its cells are read (None: not understood) and what it is called in a note.
ATTRIBUTES: dict[str, tuple[Callable[[str], object], str]] = {
    "level": (level_of, N_("level (1, 2, 3 or easy, medium, hard)")),
    "tags": (tags_of, N_("tag (small letters, digits and hyphens)")),
    "lesson": (_lesson, N_("lesson (course/lesson, such as refunds/first-steps)")),
    "objective": (
        lambda text: word if is_slug(word := text.strip().lower()) else None,
        N_("objective of a lesson"),
    ),
    "use": (lambda text: _USES.get(normal(text)), N_("use (practice or exam)")),
    "shuffle": (_shuffle, N_("answer to whether options are shuffled (yes or no)")),
    "format": (lambda text: _FORMATS.get(normal(text)), N_("text format (markdown or plain)")),
}
