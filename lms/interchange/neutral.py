"""Cells that a spreadsheet would take for a formula: made harmless on the way out, read back the same.

A text that begins with = + - @, a tab or a carriage return (full-width forms included) gets an apostrophe in front.
So does one that begins with apostrophes and then one of those, and reading takes exactly one apostrophe off such
a text: `meant(neutralise(text)) == text` for every text, and 'tis or '90s stay as they are in any file.
"""

import re

_OPENS_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def neutralise(text: str) -> str:
    """The text as a cell that no spreadsheet evaluates."""
    return "'" + text if _OPENS_FORMULA.match(text) else text


def meant(text: str) -> str:
    """The text that a cell stands for, be it ours or another program's."""
    return text[1:] if text.startswith("'") and _OPENS_FORMULA.match(text) else text
