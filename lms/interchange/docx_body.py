"""The paragraphs and tables of a Word document as lines, in the order in which they are read.

What Word shows is what is read: inserted text but not deleted, the numbers of lists, one of two alternatives.
Headers, footers, comments and notes stand outside the body and are left out.
"""

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from lms.errors import Reason
from lms.interchange.docx_names import ALTERNATE, val, w
from lms.interchange.docx_numbering import Numbering
from lms.interchange.docx_paragraphs import DELETED, THROUGH, Drawn, Known, Paragraph, chosen
from lms.interchange.docx_styles import PLAIN, Piece, Styles
from lms.interchange.docx_tables import Cell, lines_of_table

MAX_LINES = 100_000


class TooManyLines(Exception):  # noqa: N818 - what it is
    """The document has more than MAX_LINES lines."""


class Body:
    """Walks a document. `picture` gives the kept name of a related image, or why it is left out."""

    def __init__(self, styles: Styles, numbering: Numbering, picture: Callable[[str], str | Reason]) -> None:
        self.known = Known(styles, picture)
        self.numbering = numbering
        self.pending: list[tuple[str, Reason]] = []  # about paragraphs that left no line
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

    def _paragraph(self, element: Element) -> list[Drawn]:
        properties = element.find(w("pPr"))
        style = val(properties, "pStyle") or self.known.styles.default
        paragraph = Paragraph(self.known, style)
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
        number, level = self.known.styles.number(style)
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
                self.pending += self.known.told_once(DELETED)
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


def _through(parent: Element, names: tuple[str, ...]) -> Iterator[Element]:
    """The children of those names, also those in content controls and inserted or alternative parts."""
    for child in parent:
        if child.tag in names:
            yield child
        elif child.tag == w("sdt"):
            if (content := child.find(w("sdtContent"))) is not None:
                yield from _through(content, names)
        elif child.tag in THROUGH:
            yield from _through(child, names)
        elif child.tag == ALTERNATE:
            yield from _through(chosen(child), names)
