"""Cutting a GIFT file into its questions, whether or not the braces and empty lines between them are all there.

An escaped mark stands for itself: `hidden` puts one control character in the place of each, so that what is left
of `~ = # { } :` are marks. `shown` turns the characters back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_HIDDEN = dict(zip("\\~=#{}:n", "\x01\x02\x03\x04\x05\x06\x07\x08", strict=True))
_SHOWN = str.maketrans({hidden: "\n" if mark == "n" else mark for mark, hidden in _HIDDEN.items()})
TITLE = "::"
CATEGORY = "$CATEGORY:"
COMMENT = "//"


def hidden(text: str) -> str:
    """The text of a file without control characters, its escaped marks hidden."""
    return _ESCAPED.sub(lambda match: _HIDDEN[match.group(1)], _CONTROL.sub("", text))


def shown(text: str) -> str:
    """The text as it is meant, hidden marks and all."""
    return text.translate(_SHOWN)


@dataclass(slots=True)
class Block:
    """One question of a file: text before the braces, between and behind them, and its comments, marks hidden.

    `line` is that of its first text (0: it has none). `answer` is None without braces.
    """

    line: int = 0
    head: list[str] = field(default_factory=list)
    answer: list[str] | None = None
    tail: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    is_category: bool = False
    is_unclosed: bool = False
    has_stray_brace: bool = False


def cut(text: str) -> Iterator[Block]:
    """The questions of a file, its categories among them."""
    return _Cutter(text.split("\n")).blocks()


class _Cutter:
    """Walks through the lines of a file. It goes back once to a line where a question begins in an unclosed one."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.done: list[Block] = []
        self._begin()

    def _begin(self) -> None:
        self.block = Block()
        self.is_open = False
        # the last empty line between braces, and how much of the answer and comments came before it
        self.empty: tuple[int, int, int] | None = None
        self.behind: list[tuple[int, str]] = []  # lines after the closing brace
        self.late: list[str] = []  # comments since the last text

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            self.at += 1
            self._line(self.at, line)
            yield from self.done
            self.done.clear()
        self._finish()
        yield from self.done

    def _line(self, number: int, line: str) -> None:
        if not line:
            self._empty_line(number)
        elif line.startswith(COMMENT):
            self.late.append(line)
        elif self.block.line and self._begins_question(line):
            self._next()
            self._before(number, line)
        elif self.is_open:
            self._take_comments()
            self._between(line)
        elif self.block.answer is not None:
            self._after(number, line)
        else:
            self._before(number, line)

    def _empty_line(self, number: int) -> None:
        block = self.block
        if self.is_open and block.answer is not None:
            self._take_comments()
            self.empty = (number, len(block.answer), len(block.comments))
            block.answer.append("")
        else:
            self._take_comments()
            self._finish()

    def _take_comments(self) -> None:
        self.block.comments += self.late
        self.late = []

    def _next(self) -> None:
        """Finish the question; the comments since its last text are those of the next."""
        late, self.late = self.late, []
        self._finish()
        self.late = late

    def _begins_question(self, line: str) -> bool:
        if line.startswith(CATEGORY):
            return True
        if not line.startswith(TITLE):
            return False
        head = "\n".join(self.block.head) if self.block.answer is None else ""
        return not (head.startswith(TITLE) and TITLE not in head[2:])  # the end of a title of two lines

    def _before(self, number: int, line: str) -> None:
        block = self.block
        self._take_comments()
        if line.startswith(CATEGORY) and not block.line:
            block.line, block.is_category = number, True
            self._finish()
            return
        block.line = block.line or number
        before, brace, rest = line.partition("{")
        block.has_stray_brace |= "}" in before
        block.head.append(before)
        if brace:
            block.answer, self.is_open = [], True
            self._between(rest)

    def _between(self, line: str) -> None:
        block, answer = self.block, self.block.answer or []
        inside, closing, rest = line.partition("}")
        if "{" in inside and self.empty:  # the empty line ended a question whose brace is missing
            self.at, length, comments = self.empty
            block.answer, block.comments = answer[:length], block.comments[:comments]
            self._finish()
            return
        block.has_stray_brace |= "{" in inside or "{" in rest or "}" in rest
        block.answer = answer
        answer.append(inside)
        if closing:
            self.is_open = False
            block.tail.append(rest)

    def _after(self, number: int, line: str) -> None:
        self.behind.append((number, line))
        if "{" in line:  # another question, without an empty line before it
            lines, self.behind = self.behind, []
            self._next()
            for each in lines:
                self._before(*each)

    def _finish(self) -> None:
        block = self.block
        self._take_comments()
        block.is_unclosed = self.is_open
        for _number, line in self.behind:
            block.tail.append(line)
            block.has_stray_brace |= "}" in line
        if block.line:
            self.done.append(block)
        self._begin()
