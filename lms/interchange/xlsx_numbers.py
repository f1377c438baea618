"""Numbers of a workbook as its cells show them: 80% is not 0.8, and 1-2 that became a date is told.

ECMA-376 part 1, 18.8.30 and 18.8.31. Formats that are not understood show the number as it was typed.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    **dict.fromkeys((37, 38), "#,##0;(#,##0)"),
    **dict.fromkeys((39, 40), "#,##0.00;(#,##0.00)"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    49: "@",
}
# Dates of the built-in formats depend on the language of the program.
_YEAR_MONTH, _MONTH_DAY, _HOUR, _SECOND = 'yyyy"年"m"月"', 'm"月"d"日"', 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
_CHINESE = {
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY),
    **dict.fromkeys((32, 34, 55), _HOUR),
    **dict.fromkeys((33, 35, 56), _SECOND),
}
_DATES = {
    "zh": {**_CHINESE, 14: "yyyy/m/d", 22: "yyyy/m/d h:mm"},
    "en": {**_CHINESE, 14: "m/d/yyyy", 22: "m/d/yyyy h:mm"},
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\[\]]*)\]|(?P<skip>[_*].)|(?P<ampm>AM/PM|A/P|上午/下午)'
    r"|(?P<date>y+|m+|d+|h+|s+)|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+)|(?P<exponent>E[+-]0+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LAST_DAY = 2_958_465  # 31 December 9999


class Shown(NamedTuple):
    """What a cell shows, and whether that is a date or a time."""

    text: str
    is_date: bool = False


def format_code(number: int, own: dict[int, str], language: str) -> str:
    """The format of a cell's style by its number."""
    return own.get(number) or BUILT_IN.get(number) or _DATES[language].get(number) or GENERAL


def shown(stored: str, code: str, *, from_1904: bool = False) -> Shown:
    """What a cell shows that stores a number. A text that is no number is shown as it is."""
    try:
        number = float(stored[:400])
        value = Decimal(f"{number:.15g}")
    except (ValueError, InvalidOperation):
        return Shown(stored)
    if not value.is_finite():
        return Shown(stored[:40])
    section, value = _section(code, value)
    if section is None:
        return Shown(general(value))
    if any(kind == "date" for kind, _ in section):
        text = _date(number, section, from_1904=from_1904)
        return Shown(text, True) if text is not None else Shown(general(value))
    return Shown(_number(value, section) or general(value))


def general(value: Decimal) -> str:
    """A number without a format: 30, 0.04, 1E+25."""
    if not value:
        return "0"
    if not -10 < value.adjusted() < 21:
        return f"{value.normalize():E}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_Tokens = tuple[tuple[str, str], ...]


@lru_cache(maxsize=500)
def _sections(code: str) -> tuple[_Tokens | None, ...]:
    """The sections of a format as tokens; None for one that is not understood."""
    parts: list[list[tuple[str, str]] | None] = [[]]
    for match in _TOKEN.finditer(code[:300]):
        kind, text = match.lastgroup or "other", match.group(match.lastgroup or 0)
        if kind == "other" and text == ";":
            parts.append([])
        elif parts[-1] is not None:
            token = _token(kind, text)
            parts[-1] = None if token is None else [*parts[-1], token] if token[1] else parts[-1]
    return tuple(None if part is None else tuple(part) for part in parts)


def _token(kind: str, text: str) -> tuple[str, str] | None:
    """The token in a simpler form, with an empty text to be passed over; None: not understood."""
    if kind in ("quoted", "escaped"):
        return "text", text
    if kind == "skip":
        return "text", " " if text[0] == "_" and text[1] == " " else ""
    if kind == "bracket":
        if text.startswith("$"):
            return "text", text[1:].split("-")[0]
        if re.fullmatch("h+|m+|s+", text.lower()):
            return "date", f"[{text.lower()}]"
        return None if text[:1] in "<>=" or text.upper().startswith("DBNUM") else ("text", "")
    if kind == "other":
        return None if text in "@?GgEeAaBb" else ("percent", text) if text == "%" else ("text", text)
    return None if kind == "exponent" else (kind, text.lower())


def _section(code: str, value: Decimal) -> tuple[_Tokens | None, Decimal]:
    """The section that a value is shown with, and the value without a sign where the section brings its own."""
    if code in (GENERAL, "@"):
        return None, value
    parts = _sections(code)
    if value < 0 and len(parts) > 1:
        return parts[1], -value
    if value == 0 and len(parts) > 2:
        return parts[2], value
    return parts[0], value


def _number(value: Decimal, section: _Tokens) -> str | None:
    """The number in a format with one group of digits; None if it has none or several."""
    groups = [text for kind, text in section if kind == "digits"]
    if len(groups) != 1 or any(kind == "ampm" for kind, _ in section):
        return None
    value *= 100 ** sum(kind == "percent" for kind, _ in section)
    digits = _digits(abs(value), groups[0])
    sign = "-" if value < 0 and digits.strip("0.,") else ""
    return (sign + "".join(digits if kind == "digits" else text for kind, text in section)).strip()


def _digits(value: Decimal, pattern: str) -> str:
    scaled = pattern.rstrip(",")
    value /= 1000 ** (len(pattern) - len(scaled))
    whole, _, part = scaled.partition(".")
    most, least = len(part), part.rstrip("#?")
    if value.adjusted() > 40:
        return general(value)
    text = f"{value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP):{',' if ',' in whole else ''}f}"
    before, _, after = text.partition(".")
    after = after[: len(least)] + after[len(least) :].rstrip("0")
    wanted = whole.replace(",", "").count("0")
    before = before.zfill(wanted) if wanted > 1 else "" if not wanted and before == "0" else before
    return f"{before}.{after}" if after else before


def _date(number: float, section: _Tokens, *, from_1904: bool) -> str | None:
    """The day or time in a format; None if the number is none."""
    number += 1462 if from_1904 else 0
    if not 0 <= number < _LAST_DAY + 1:
        return None
    day = number if number >= 60 or number < 1 else number + 1  # the 29 February 1900 that never was
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(day * 86_400))  # noqa: DTZ001 - a cell has no zone
    has_half = any(kind == "ampm" for kind, _ in section)
    parts = [text for kind, text in section if kind == "date"]
    shown, at = [], 0
    for kind, text in section:
        if kind == "date":
            around = (parts[at - 1] if at else "", parts[at + 1] if at + 1 < len(parts) else "")
            shown.append(_part(text, moment, number, around, has_half=has_half))
            at += 1
        else:
            shown.append("" if kind == "digits" else _half(text, moment) if kind == "ampm" else text)
    return "".join(shown).strip()


def _part(text: str, moment: datetime, number: float, around: tuple[str, str], *, has_half: bool) -> str:
    unit, wide = text.strip("[]")[0], len(text) > 1
    if text.startswith("["):
        return str(int(round(number * 86_400) // {"h": 3600, "m": 60, "s": 1}[unit]))
    if unit == "y":
        return f"{moment:%Y}" if len(text) > 2 else f"{moment:%y}"
    if unit == "d" and len(text) > 2:
        return _DAYS[moment.weekday()][: 3 if len(text) == 3 else None]
    if unit == "d":
        return f"{moment.day:0{1 + wide}}"
    if unit == "h":
        return f"{(moment.hour % 12 or 12) if has_half else moment.hour:0{1 + wide}}"
    if unit == "s":
        return f"{moment.second:0{1 + wide}}"
    if len(text) <= 2 and ("h" in around[0] or "s" in around[1]):
        return f"{moment.minute:0{1 + wide}}"
    name = _MONTHS[moment.month]
    return f"{moment.month:0{1 + wide}}" if len(text) < 3 else name[:3] if len(text) == 3 else name


def _half(text: str, moment: datetime) -> str:
    first, second = text.upper().split("/")
    return second if moment.hour >= 12 else first
