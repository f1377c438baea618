"""Paragraphs, lists, quotations, tables and code of an HTML text, gathered into Markdown blocks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lms.errors import N_, Reason
from lms.interchange.html_inline import CODE, RAW, Piece, paragraph

MAX_BOXES = 6
_BACKTICKS = re.compile("`+")
_LISTS = ("ul", "ol", "menu", "dir")
TABLE = N_("the shape of a table")


@dataclass(eq=False, slots=True)
class _Box:
    """Something that holds blocks: a list ("ul", "ol"), an item of one ("li") or a quotation ("blockquote")."""

    kind: str
    number: int = 0
    is_begun: bool = False


@dataclass(slots=True)
class _Table:
    """A table while it is read: rows of cells of paragraphs."""

    rows: list[list[list[str]]] = field(default_factory=list)
    depth: int = 1
    is_regular: bool = True


class Blocks:
    """Takes what an HTML text says in its order. `style` and `href` are those of the words that come next."""

    def __init__(self, say: Callable[[str, Reason], None]) -> None:
        self.style = 0
        self.href = ""
        self._say = say
        self._pieces: list[Piece] = []
        self._boxes: list[_Box] = []
        self._beyond: dict[str, int] = {}  # boxes too deep to be shown
        self._table: _Table | None = None
        self._code: list[str] | None = None
        self._done: list[str] = []
        self._last: tuple[_Box, ...] = ()  # the boxes of the last block, if it began an item of a list

    @property
    def in_code(self) -> bool:
        """Whether spaces count."""
        return self._code is not None

    def text(self, text: str) -> None:
        """Words of the paragraph, spaces single."""
        self._pieces.append(Piece(text, self.style, self.href))

    def raw(self, markdown: str) -> None:
        """A part of the paragraph that is Markdown."""
        self._pieces.append(Piece(markdown, RAW))

    def code(self, text: str) -> None:
        """A part of a block of code."""
        if self._code is not None:
            self._code.append(text)

    def end_paragraph(self) -> None:
        """What comes next stands on a new line."""
        if self._code is not None:
            self._code.append("\n")
            return
        text = paragraph(self._pieces, begins_line=self._table is None)
        self._pieces = []
        if text and self._table is not None:
            self._cell().append(text)
        elif text:
            self._emit(text)

    def finish(self) -> str:
        """Everything as Markdown."""
        if self._code is not None:
            self._end_code()
        self.end_paragraph()
        if self._table is not None:
            self._end_table()
        return "".join(self._done)

    # Tags

    def open(self, name: str, said: Mapping[str, str]) -> None:
        """Take the opening tag of something that holds blocks, and its attributes; others mean nothing."""
        if self._code is not None:
            return
        if name == "pre":
            self.end_paragraph()
            self._code = []
        elif name in ("table", "tr", "td", "th"):
            self._open_table_part(name, said)
        elif name == "li":
            self._open_item(said)
        elif name in _LISTS or name == "blockquote":
            self.end_paragraph()
            self._open_box(name, _number(said.get("start", "")))

    def close(self, name: str) -> None:
        """Take a closing tag."""
        if name == "pre" and self._code is not None:
            self._end_code()
        elif self._code is not None:
            return
        elif name == "table" and self._table is not None:
            self.end_paragraph()
            self._table.depth -= 1
            if not self._table.depth:
                self._end_table()
        elif name in ("tr", "td", "th", "table"):
            self.end_paragraph()
        elif name in _LISTS or name in ("blockquote", "li"):
            self.end_paragraph()
            self._close_box(name)

    # Lists and quotations

    def _open_box(self, name: str, number: int = 0) -> None:
        if self._table is not None:
            return
        if len([box for box in self._boxes if box.kind != "li"]) >= MAX_BOXES:
            self._beyond[name] = self._beyond.get(name, 0) + 1
        else:
            self._boxes.append(_Box(name if name in ("ol", "blockquote") else "ul", number))

    def _close_box(self, name: str) -> None:
        if self._beyond.get(name):
            self._beyond[name] -= 1
            return
        kind = name if name in ("ol", "blockquote", "li") else "ul"
        if any(box.kind == kind for box in self._boxes) and self._table is None:
            while self._boxes.pop().kind != kind:
                pass

    def _open_item(self, said: Mapping[str, str]) -> None:
        self.end_paragraph()
        if self._table is not None or any(self._beyond.get(name) for name in _LISTS):
            return
        while self._boxes and self._boxes[-1].kind not in ("ul", "ol", "blockquote"):
            self._boxes.pop()
        if not self._boxes or self._boxes[-1].kind == "blockquote":
            self._open_box("ul")
        around = self._boxes[-1]
        number = _number(said.get("value", "")) or around.number or 1
        around.number = number + 1
        self._boxes.append(_Box("li", number))

    def _emit(self, text: str) -> None:
        """Put a block of one line into the boxes that are open."""
        before, begins = "", False
        shown: list[_Box] = []
        for at, box in enumerate(self._boxes):
            if box.kind == "blockquote":
                before += "" if begins else "> "
            elif box.kind == "li" and not box.is_begun:
                if any(inner.kind == "li" for inner in self._boxes[at + 1 :]):
                    continue  # nothing stands in it but another list
                box.is_begun = begins = True
                before += "- " if self._boxes[at - 1].kind == "ul" else f"{box.number}. "
            elif box.kind == "li":
                before += "    "
            shown.append(box)
        boxes = tuple(shown)
        if self._done:
            self._done.append("\n" if begins and self._continues(boxes) else "\n\n")
        self._last = boxes if begins else ()
        self._done.append(before + text)

    def _continues(self, boxes: tuple[_Box, ...]) -> bool:
        """Whether an item follows the last block without an empty line: its list or its parent goes on."""
        return bool(self._last) and (boxes[-2] in self._last or self._last[-1] in boxes)

    # Tables

    def _open_table_part(self, name: str, said: Mapping[str, str]) -> None:
        self.end_paragraph()
        if name == "table" and self._table is None:
            self._table = _Table()
        elif self._table is None:
            return
        elif name == "table":
            self._table.depth += 1
            self._table.is_regular = False
        elif self._table.depth > 1:
            return
        elif name == "tr":
            self._table.rows.append([])
        else:
            if not self._table.rows:
                self._table.rows.append([])
            self._table.rows[-1].append([])
            if any(said.get(span, "1").strip() not in ("1", "") for span in ("colspan", "rowspan")):
                self._table.is_regular = False

    def _cell(self) -> list[str]:
        assert self._table is not None
        if not self._table.rows:
            self._table.rows.append([])
        if not self._table.rows[-1]:
            self._table.rows[-1].append([])
        return self._table.rows[-1][-1]

    def _end_table(self) -> None:
        assert self._table is not None
        table, self._table = self._table, None
        rows = [row for row in table.rows if any(row)]
        widths = {len(row) for row in rows}
        if widths <= {1}:
            for text in (text for row in rows for cell in row for text in cell):
                self._emit(text)
        elif len(rows) > 1 and len(widths) == 1 and table.is_regular and not self._boxes:
            self._emit(_markdown_table([[" ".join(cell) for cell in row] for row in rows]))
        else:
            if len(rows) > 1:
                self._say("lossy", Reason(TABLE))
            for row in rows:
                self._emit(" \\| ".join(" ".join(cell) for cell in row).strip())

    # Code

    def _end_code(self) -> None:
        text = "".join(self._code or ()).strip("\n")
        self._code = None
        if self._boxes or self._table is not None:
            for line in text.split("\n"):
                self._pieces.append(Piece(" ".join(line.split()), CODE))
                self.end_paragraph()
        elif text.strip():
            longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
            fence = "`" * max(3, longest + 1)
            self._emit("\n".join((fence, *(line.rstrip() for line in text.split("\n")), fence)))


def _markdown_table(rows: list[list[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, f"|{' --- |' * len(rows[0])}", *body))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
