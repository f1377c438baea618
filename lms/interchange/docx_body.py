"""The paragraphs and tables of a Word document as lines, in the order in which they are read.

What Word shows is what is read: inserted text but not deleted, the numbers of lists, one of two alternatives.
Headers, footers, comments and notes stand outside the body and are left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange.docx_names import (
    ALTERNATE,
    BLIP,
    CHARTS,
    CHECK_BOX,
    CHECKED,
    CHOICE,
    FALLBACK,
    IMAGE_DATA,
    W14_VAL,
    m,
    r,
    switch,
    val,
    w,
)
from lms.interchange.docx_numbering import Numbering
from lms.interchange.docx_signs import formula, in_font, sign
from lms.interchange.docx_styles import PLAIN, Look, Piece, Styles
from lms.interchange.docx_tables import Cell, lines_of_table

MAX_LINES = 100_000
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_THROUGH = frozenset(
    map(w, ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo"))
)
_GONE = frozenset(map(w, ("del", "moveFrom")))
_REFERENCES = frozenset(map(w, ("footnoteReference", "endnoteReference", "commentReference")))
_DRAWN = frozenset(map(w, ("drawing", "pict", "object")))
_HIDDEN = Reason(N_("hidden text"))
_DELETED = Reason(N_("text deleted while changes were tracked"))
_STRUCK = Reason(N_("that text was struck through"))
_BESIDE = Reason(N_("comments and footnotes"))
_FORMULA = Reason(N_("the form of a formula"))
_SIGN = Reason(N_("a sign that only its font can draw"))
_CHART = Reason(N_("a chart"))


class TooManyLines(Exception):  # noqa: N818 - what it is
    """The document has more than MAX_LINES lines."""


@dataclass(slots=True)
class Drawn:
    """One line: its letters with their looks, its pictures, and what to say about it (a code and the matter)."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    said: list[tuple[str, Reason]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its letters."""
        return "".join(piece.text for piece in self.pieces)


class Body:
    """Walks a document. `picture` gives the kept name of a related image, or why it is left out."""

    def __init__(self, styles: Styles, numbering: Numbering, picture: Callable[[str], str | Reason]) -> None:
        self.styles = styles
        self.numbering = numbering
        self.picture = picture
        self.pending: list[tuple[str, Reason]] = []  # about paragraphs that left no line
        self._told: set[Reason] = set()
        self._count = 0

    def lines(self, parent: Element) -> list[Drawn]:
        """The lines of a body, a cell, a text box... Raises TooManyLines."""
        found: list[Drawn] = []
        is_open = False  # the mark that ended the paragraph before was deleted
        for block in _through(parent, (w("p"), w("tbl"))):
            if block.tag == w("tbl"):
                found += self._table(block)
                continue
            more = self._paragraph(block)
            ends_open = block.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None
            if is_open and found and more:
                first = more.pop(0)
                found[-1].pieces += first.pieces
                found[-1].pictures += first.pictures
                found[-1].said += first.said
            found += more
            is_open = ends_open
        return found

    def told_once(self, what: Reason) -> list[tuple[str, Reason]]:
        """What is said of something left out, the first time only."""
        if what in self._told:
            return []
        self._told.add(what)
        return [("not-kept", what)]

    def _paragraph(self, element: Element) -> list[Drawn]:
        properties = element.find(w("pPr"))
        style = val(properties, "pStyle") or self.styles.default
        paragraph = _Paragraph(self, style)
        paragraph.read(element)
        is_deleted = properties is not None and properties.find(f"{w('rPr')}/{w('del')}") is not None
        if paragraph.is_empty and (paragraph.has_left_out or is_deleted):
            self.pending += [each for line in paragraph.lines for each in line.said]
            return [line for box in paragraph.boxes for line in self.lines(box)]
        if text := self._number(properties, style):
            paragraph.lines[0].pieces.insert(0, Piece(text, PLAIN))
        if self.pending:
            paragraph.lines[0].said += self.pending
            self.pending = []
        self._count += len(paragraph.lines)
        if self._count > MAX_LINES:
            raise TooManyLines
        return paragraph.lines + [line for box in paragraph.boxes for line in self.lines(box)]

    def _number(self, properties: Element | None, style: str) -> str:
        place = properties.find(w("numPr")) if properties is not None else None
        number, level = self.styles.number(style)
        if number and not level:
            level = str(self.numbering.level_of_style(number, style))
        number, level = val(place, "numId") or number, val(place, "ilvl") or level
        if not number or number == "0":
            return ""
        return self.numbering.next(number, int(level) if level.isdecimal() and len(level) < 3 else 0)

    def _table(self, table: Element) -> list[Drawn]:
        rows = []
        for row in _through(table, (w("tr"),)):
            if row.find(f"{w('trPr')}/{w('del')}") is not None:
                self.pending += self.told_once(_DELETED)
                continue
            rows.append([self._cell(cell) for cell in _through(row, (w("tc"),))])
        return lines_of_table(rows, Drawn)

    def _cell(self, cell: Element) -> Cell[Drawn]:
        properties = cell.find(w("tcPr"))
        span = val(properties, "gridSpan")
        merge = properties.find(w("vMerge")) if properties is not None else None
        goes_on = merge is not None and merge.get(w("val"), "continue") == "continue"
        lines = [] if goes_on else self.lines(cell)
        width = int(span) if span.isdecimal() and len(span) < 3 else 1
        return Cell(lines, width, cell.find(w("tbl")) is not None)


class _Paragraph:
    """Reads one paragraph: a line, or several where it has line breaks."""

    def __init__(self, body: Body, style: str) -> None:
        self.body = body
        self.style = style
        self.lines = [Drawn()]
        self.boxes: list[Element] = []
        self.has_left_out = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is to be seen."""
        return not any(line.text.strip() or line.pictures for line in self.lines)

    def read(self, parent: Element) -> None:
        """Add what stands in a paragraph, a link, a content control..."""
        for child in parent:
            tag = child.tag
            if tag == w("r"):
                self._run(child)
            elif tag in _THROUGH:
                self.read(child)
            elif tag == w("sdt"):
                self._control(child)
            elif tag == ALTERNATE:
                self.read(_chosen(child))
            elif tag in _GONE:
                self._leave_out(_DELETED)
            elif tag in (m("oMath"), m("oMathPara")):
                self._formula(child)

    def _control(self, control: Element) -> None:
        box = control.find(f"{w('sdtPr')}/{CHECK_BOX}")
        if box is not None:
            checked = box.find(CHECKED)
            is_on = checked is not None and checked.get(W14_VAL, "1") in ("1", "true", "on")
            self._add("☑" if is_on else "☐", PLAIN)
        elif (content := control.find(w("sdtContent"))) is not None:
            self.read(content)

    def _run(self, run: Element) -> None:
        look = self.body.styles.look(self.style, run.find(w("rPr")))
        if look.hidden:
            if any(child.tag in (w("t"), w("sym")) or child.tag in _DRAWN for child in run):
                self._leave_out(_HIDDEN)
            return
        self._contents(run, look)

    def _contents(self, parent: Element, look: Look) -> None:
        for child in parent:
            tag = child.tag
            if tag == w("t"):
                self._add(in_font(_text(child), look.font), look)
            elif tag in (w("tab"), w("ptab")):
                self._add("\t", look)
            elif tag in (w("br"), w("cr")):
                self.lines.append(Drawn())
            elif tag == w("noBreakHyphen"):
                self._add("-", look)
            elif tag == w("sym"):
                self._sign(child, look)
            elif tag in _DRAWN:
                self._graphic(child)
            elif tag == ALTERNATE:
                self._contents(_chosen(child), look)
            else:
                self._rare(child, look)

    def _rare(self, child: Element, look: Look) -> None:
        if child.tag == w("ruby") and (base := child.find(w("rubyBase"))) is not None:
            self.read(base)
        elif child.tag in _REFERENCES:
            self.lines[-1].said += self.body.told_once(_BESIDE)
        elif child.tag == w("instrText") and (child.text or "").strip().upper().startswith("EQ "):
            self.lines[-1].said.append(("lossy", _FORMULA))
        elif child.tag == w("fldChar") and (box := child.find(f"{w('ffData')}/{w('checkBox')}")) is not None:
            checked = switch(box, "checked")
            self._add("☑" if (switch(box, "default") if checked is None else checked) else "☐", look)

    def _add(self, text: str, look: Look) -> None:
        if text := _UNSEEN.sub("", text):
            self.lines[-1].pieces.append(Piece(text, look))
            if look.struck and text.strip():
                self.lines[-1].said += self.body.told_once(_STRUCK)

    def _sign(self, symbol: Element, look: Look) -> None:
        code = symbol.get(w("char"), "")
        is_code = 0 < len(code) <= 4 and set(code) <= set("0123456789abcdefABCDEF")
        shown = sign(symbol.get(w("font"), ""), int(code, 16)) if is_code else None
        if shown is None:
            self.lines[-1].said.append(("lossy", _SIGN))
        else:
            self._add(shown, look)

    def _formula(self, element: Element) -> None:
        text, is_whole = formula(element)
        self._add(" ".join(text.split()), PLAIN)
        if not is_whole:
            self.lines[-1].said.append(("lossy", _FORMULA))

    def _graphic(self, element: Element) -> None:
        for child in element:
            if child.tag == w("txbxContent"):
                self.boxes.append(child)
            elif child.tag in CHARTS:
                self.lines[-1].said.append(("lossy", _CHART))
            elif child.tag == ALTERNATE:
                self._graphic(_chosen(child))
            else:
                if child.tag in (BLIP, IMAGE_DATA):
                    self._picture(child.get(r("embed")) or child.get(r("id")) or child.get(r("link")) or "")
                self._graphic(child)

    def _picture(self, id: str) -> None:
        kept = self.body.picture(id)
        if isinstance(kept, str):
            self.lines[-1].pictures.append(kept)
        else:
            self.lines[-1].said.append(("image-left-out", kept))

    def _leave_out(self, what: Reason) -> None:
        self.has_left_out = True
        self.lines[-1].said += self.body.told_once(what)


def _text(element: Element) -> str:
    """The text of a w:t; spaces at its ends count only where the file says so."""
    text = re.sub(r"[\r\n\t]+", " ", element.text or "")
    keeps = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if keeps else text.strip(" ")


def _chosen(element: Element) -> Element:
    """The one of several alternatives that is shown: the first, as today's Word does."""
    for name in (CHOICE, FALLBACK):
        if (found := element.find(name)) is not None:
            return found
    return Element("nothing")


def _through(parent: Element, names: tuple[str, ...]) -> Iterator[Element]:
    """The children of those names, also those in content controls and inserted or alternative parts."""
    for child in parent:
        if child.tag in names:
            yield child
        elif child.tag == w("sdt"):
            if (content := child.find(w("sdtContent"))) is not None:
                yield from _through(content, names)
        elif child.tag in _THROUGH:
            yield from _through(child, names)
        elif child.tag == ALTERNATE:
            yield from _through(_chosen(child), names)
