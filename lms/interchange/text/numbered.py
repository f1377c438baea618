"""Options that are numbered (① ② ③, (1) (2) (3)) where the answer names them by number."""

import re

from lms.interchange.text import marks
from lms.interchange.text.collect import Parts
from lms.interchange.text.options import LETTERS, Option

_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩"
_ANSWER = {
    "circle": re.compile(r"\s*[①-⑩](?:[\s,、]*[①-⑩])*\s*[。.]?\s*\Z"),
    "round": re.compile(r"\s*[(]\d{1,2}[)](?:[\s,、]*[(]\d{1,2}[)])*\s*[。.]?\s*\Z"),
}
_MARK = {
    "circle": re.compile(r"\s*([①-⑩])\s*[、.:]?\s*"),
    "round": re.compile(r"\s*[(]\s*(\d{1,2})\s*[)]\s*"),
}


def take_numbered(parts: Parts) -> None:
    """Make options of the numbered pieces a stem ends with, if there are none with letters and the key has numbers."""
    if parts.options or len(parts.keys) != 1:
        return
    key = marks.level(parts.keys[0])
    style = next((style for style, pattern in _ANSWER.items() if pattern.match(key)), None)
    if style is None:
        return
    mark = _MARK[style]
    starts = [
        at
        for at, (_text, norm) in enumerate(parts.stem)
        if (m := mark.match(norm)) and _value(m.group(1)) == 1
    ]
    if len(starts) != 1 or starts[0] == 0:
        return
    first = starts[0]
    pieces = _pieces(parts.stem[first:], mark)
    chosen = [_value(each) for each in re.findall(r"[①-⑩]|\d+", key)]
    if (
        len(pieces) < 2
        or not all(1 <= one <= len(pieces) for one in chosen)
        or len(set(chosen)) < len(chosen)
    ):
        return
    del parts.stem[first:]
    parts.options = [Option(LETTERS[at], [text]) for at, text in enumerate(pieces)]
    parts.keys = ["".join(sorted(LETTERS[one - 1] for one in chosen))]


def _pieces(lines: list[tuple[str, str]], mark: re.Pattern[str]) -> list[str]:
    """The texts behind 1, 2, 3...; none if the lines do not begin with 1."""
    pieces: list[str] = []
    for text, norm in lines:
        cuts = [
            cut for at, cut in enumerate(mark.finditer(norm)) if _value(cut.group(1)) == len(pieces) + at + 1
        ]
        before = norm[: cuts[0].start()] if cuts else norm
        if before.strip():
            if not pieces:
                return []
            pieces[-1] += text[: len(before)].strip()
        ends = [*(cut.start() for cut in cuts[1:]), len(text)]
        pieces += [text[cut.end() : end].strip() for cut, end in zip(cuts, ends, strict=False)]
        if len(pieces) > len(LETTERS):
            return []
    return pieces


def _value(number: str) -> int:
    return _CIRCLES.index(number) + 1 if number in _CIRCLES else int(number)
