"""Writing tables of questions as workbooks: texts stay texts, heads stay in sight, lists offer what can be chosen."""

import re
from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from lms.interchange import sheet_template
from lms.interchange.neutral import meant, neutralise
from lms.interchange.sheet_table import column_letter
from lms.interchange.sheet_write import HEADS

CHOICE_ROWS = 1_000
MAX_CELL = 32_767  # characters, as in Excel
_WIDTHS = {"stem": 50, "explanation": 50, "id": 22, "tags": 20, "lesson": 28, "objective": 24, "option": 28}
_WIDTH = 11
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READS_AS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_BOLD, _PALE = Font(bold=True), PatternFill("solid", fgColor="E8EEF4")
_GREY = Font(italic=True, color="6B6B6B")
_TOP = Alignment(vertical="top", wrap_text=True)


def bank_book(rows: Sequence[Sequence[str]], title: str, language: str) -> bytes:
    """A workbook with one sheet of questions, the first row its heads."""
    book, sheet = _book(title)
    _questions(sheet, rows, language)
    return _saved(book)


def template_book(language: str) -> bytes:
    """A workbook to fill in, and a sheet of help."""
    texts = sheet_template.words(language)
    rows = sheet_template.rows(language)
    book, sheet = _book(texts["questions"])
    _questions(sheet, rows, language)
    for row in sheet.iter_rows(min_row=2, max_row=len(rows)):
        for cell in row:
            cell.font = _GREY
    for field, choices in sheet_template.choices(language).items():
        _offer(sheet, column_letter(sheet_template.FIELDS.index(field)), choices, texts["pick"])
    _help(book.create_sheet(texts["help"]), language)
    return _saved(book)


def _book(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _NOT_IN_NAMES.sub(" ", _NOT_XML.sub("", title))[:31].strip().strip("'") or "1"
    return book, sheet


def _saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _questions(sheet: Worksheet, rows: Sequence[Sequence[str]], language: str) -> None:
    for number, row in enumerate(rows, 1):
        for at, text in enumerate(row, 1):
            if text:
                _put(sheet.cell(number, at), text)
    names = {head: field for field, head in HEADS[language].items()}
    for at, head in enumerate(rows[0]):
        field = names[head].split("-")[0]
        sheet.column_dimensions[column_letter(at)].width = _WIDTHS.get(field, _WIDTH)
    _head(sheet, len(rows[0]))
    sheet.freeze_panes = "A2"


def _head(sheet: Worksheet, width: int) -> None:
    for at in range(1, width + 1):
        sheet.cell(1, at).font = _BOLD
        sheet.cell(1, at).fill = _PALE


def _put(cell: Cell | MergedCell, text: str) -> None:
    """Writes a text as a text, whatever it looks like: never a formula, an error or a number."""
    if text.isascii() and text.isdigit() and len(text) == 1:
        cell.value = int(text)
        return
    if meant(text) != text:  # its apostrophe would be taken off
        text = neutralise(text)
    is_formula = neutralise(text) != text
    cell.value = _READS_AS_ESCAPE.sub("_x005F_", _NOT_XML.sub("", text))[:MAX_CELL]
    cell.data_type = "s"
    cell.alignment = _TOP
    if is_formula:
        cell.quotePrefix = True


def _offer(sheet: Worksheet, column: str, choices: Sequence[str], words: str) -> None:
    """A list to choose from below the head of a column."""
    listed = '"' + ",".join(choices) + '"'
    offered = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
    offered.error = words
    offered.add(f"{column}2:{column}{CHOICE_ROWS + 1}")
    sheet.add_data_validation(offered)


def _help(sheet: Worksheet, language: str) -> None:
    texts = sheet_template.words(language)
    rows = [(texts["column"], texts["what"]), *sheet_template.explained(language)]
    for number, row in enumerate(rows, 1):
        for at, text in enumerate(row, 1):
            _put(sheet.cell(number, at), text)
    _put(sheet.cell(len(rows) + 2, 2), texts["before"])
    _head(sheet, 2)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 90
    sheet.freeze_panes = "A2"
