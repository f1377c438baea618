"""The numbers that Word gives to paragraphs by itself, as the text they show: "1、", "一、", "A."."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.interchange.docx_names import is_on, val, w

LEVELS = 9
_LONGEST = 40  # a number's text; a list level may repeat its parts as often as it likes
_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_TICKS = {"\uf0fc": "√", "\uf050": "√", "√": "√", "✓": "√", "✔": "√", "\uf0fb": "×", "×": "×", "✗": "×"}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `text` holds %1 to %9 where the numbers of the levels go."""

    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    restart: int | None = None
    is_legal: bool = False
    joins: bool = False
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted. Lists of one kind count on from each other."""

    kinds: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)  # levels by abstractNumId
    lists: Mapping[str, tuple[str, Mapping[int, int], Mapping[int, Level]]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a list gives to the paragraphs of a style, 0 if it says none."""
        kind = self.lists.get(number, ("", {}, {}))[0]
        levels = self.kinds.get(kind, {})
        return next((place for place, level in levels.items() if level.style == style), 0)

    def next(self, number: str, place: int) -> str:
        """The text before the next paragraph of a list (`numId`) at a level, with the space after it."""
        if number not in self.lists or not 0 <= place < LEVELS:
            return ""
        kind, starts, own = self.lists[number]
        levels = {**self.kinds.get(kind, {}), **own}
        if (level := levels.get(place)) is None:
            return ""
        counts = self.counts.setdefault(kind, {})
        if number not in self.begun:
            self.begun.add(number)
            for deep in starts:
                counts.pop(deep, None)
        counts[place] = counts[place] + 1 if place in counts else starts.get(place, level.start)
        for deep in [deep for deep in counts if deep > place]:
            limit = levels[deep].restart if deep in levels else None
            if limit is None or place < limit:  # 0: it never begins anew
                del counts[deep]
        return _shown(level, levels, counts)


def _shown(level: Level, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
    if level.format == "bullet":
        return _TICKS.get(level.text.strip(), "")
    if level.format == "none":
        return ""

    def number(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        one = levels.get(place, level)
        return spelt(counts.get(place, one.start), "decimal" if level.is_legal else one.format)

    text = re.sub(r"%([1-9])", number, level.text)[:_LONGEST].strip()
    if not text:
        return ""
    if re.fullmatch(r"%[1-9]", level.text.strip()) and text.isascii():
        text += "."  # a bare 1 or A: that it is a number is known here and nowhere later
    return text if level.joins else text + " "


def spelt(value: int, format: str) -> str:
    """A number in one of Word's formats; decimal if the format is not known or has no word for it."""
    spell = _SPELT.get(format)
    return (spell(value) if spell and 0 < value < 10_000 else "") or str(value)


def _letters(value: int) -> str:
    """A to Z, then AA, BB as Word counts."""
    return chr(ord("A") + (value - 1) % 26) * min((value - 1) // 26 + 1, 3)


def _roman(value: int) -> str:
    parts = zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
                ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"), strict=True)  # fmt: skip
    text = ""
    for size, letters in parts:
        count, value = divmod(value, size)
        text += letters * count
    return text


def _chinese(value: int, digits: str = _DIGITS, units: str = "千百十") -> str:
    text, gap = "", False
    for size, unit in zip((1000, 100, 10, 1), (*units, ""), strict=True):
        digit, value = divmod(value, size)
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + unit
        gap = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _circled(value: int) -> str:
    return chr(0x245F + value) if value <= 20 else ""


def _full_width(value: int) -> str:
    return "".join(chr(0xFF10 + int(digit)) for digit in str(value))


_SPELT: dict[str, Callable[[int], str]] = {
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "ideographTraditional": lambda value: _STEMS[(value - 1) % 10],
    "ideographZodiac": lambda value: _BRANCHES[(value - 1) % 12],
    "chineseLegalSimplified": lambda value: _chinese(value, _FORMAL, "仟佰拾"),
    "ideographDigital": lambda value: "".join(_DIGITS[int(digit)] for digit in str(value)).replace(
        "零", "〇"
    ),
    "japaneseDigitalTenThousand": lambda value: "".join(_DIGITS[int(d)] for d in str(value)).replace(
        "零", "〇"
    ),
} | dict.fromkeys(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
    ),
    _chinese,
)


def read_numbering(root: Element | None, number_of_style: Mapping[str, str]) -> Numbering:
    """The lists of word/numbering.xml. `number_of_style` says which list (`numId`) a style stands for."""
    if root is None:
        return Numbering()
    kinds: dict[str, Mapping[int, Level]] = {}
    borrowed: dict[str, str] = {}
    for kind in root.findall(w("abstractNum")):
        id = kind.get(w("abstractNumId"), "")
        kinds[id] = dict(map(_level, kind.findall(w("lvl"))))
        if link := val(kind, "numStyleLink"):
            borrowed[id] = link
    lists = {one.get(w("numId"), ""): _list(one) for one in root.findall(w("num"))}
    for id, style in borrowed.items():
        lender = lists.get(number_of_style.get(style, ""), ("", {}, {}))[0]
        kinds[id] = kinds.get(lender, {}) or kinds[id]
    return Numbering(kinds, lists)


def _list(one: Element) -> tuple[str, dict[int, int], dict[int, Level]]:
    starts: dict[int, int] = {}
    own: dict[int, Level] = {}
    for change in one.findall(w("lvlOverride")):
        place = _int(change.get(w("ilvl")), 0)
        if (level := change.find(w("lvl"))) is not None:
            own[place] = _level(level)[1]
            starts[place] = own[place].start
        if start := val(change, "startOverride"):
            starts[place] = _int(start, 1)
    return val(one, "abstractNumId"), starts, own


def _level(level: Element) -> tuple[int, Level]:
    restart = val(level, "lvlRestart")
    return _int(level.get(w("ilvl")), 0), Level(
        start=_int(val(level, "start"), 1),
        format=val(level, "numFmt") or "decimal",
        text=val(level, "lvlText")[:_LONGEST],
        restart=_int(restart, 0) if restart else None,
        is_legal=is_on(level, "isLgl"),
        joins=val(level, "suff") == "nothing",
        style=val(level, "pStyle"),
    )


def _int(text: str | None, default: int) -> int:
    return int(text) if text and len(text) < 6 and text.isascii() and text.isdigit() else default
