"""Questions in an Excel workbook: reading what its sheets show, writing a bank, and a template to fill in.

A text that Excel would take for a formula is written as text with a quote prefix, never as a formula; what another
program made harmless with an apostrophe is read as it was meant (`neutral`). Formulas are never evaluated: a cell
is what it showed when it was saved. A table can hold every field of a question.
"""

from collections.abc import Callable, Mapping

from lms.errors import N_, Reason
from lms.interchange import sheet_template
from lms.interchange.archive import BrokenZip, UnsafeZip, is_zip, open_zip
from lms.interchange.reading import ERROR, Note, Reading, note, unreadable
from lms.interchange.records import BankText
from lms.interchange.sheet import MAX_CHARACTERS, Table, read_tables, too_much
from lms.interchange.sheet_write import rows_of
from lms.interchange.xlsx_book import Unreadable, open_book
from lms.interchange.xlsx_sheet import read_sheet
from lms.interchange.xlsx_write import bank_book, template_book

FORMAT = "xlsx"
_HELP = frozenset(sheet_template.words(language)["help"] for language in ("en", "zh"))
_SHARE = 1000  # progress is told in thousandths: half is reading the sheets, half their rows
_NOT_XLSX = N_(
    "This is no .xlsx file, or an old or locked one. Open it in Excel or WPS and save it as .xlsx, no password."
)

Progress = Callable[[int, int], None]


def read(
    data: bytes,
    language: str,
    *,
    name: str = "",  # noqa: ARG001 - every reader takes it
    mapping: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Reading:
    """The questions of every visible sheet whose heads are known. Lines are rows. Never raises."""
    if not is_zip(data):
        return _not_xlsx()
    try:
        tables, notes = _tables(data, language, progress)
    except (BrokenZip, Unreadable):
        return _not_xlsx()
    except UnsafeZip as error:
        return unreadable(FORMAT, 1, "unsafe-file", what=error.reason)
    rows = _rows_told(progress) if progress else None
    return read_tables(FORMAT, tables, language, notes, mapping, rows)


def _not_xlsx() -> Reading:
    return Reading(FORMAT, notes=(Note(1, "not-readable", Reason(_NOT_XLSX), ERROR),))


def _tables(data: bytes, language: str, progress: Progress | None) -> tuple[list[Table], list[Note]]:
    book = open_book(open_zip(data), language)
    tables: list[Table] = []
    notes: list[Note] = []
    left = MAX_CHARACTERS
    for at, info in enumerate(book.sheets):
        if info.is_hidden:
            notes.append(note(1, "sheet-hidden", sheet=info.name[:100]))
            continue
        sheet = read_sheet(book, info.part, left, _sheets_told(progress, at, len(book.sheets)))
        left = sheet.left
        tables.append(Table(sheet.rows, info.name[:100], sheet.merges, is_help=info.name in _HELP))
        if sheet.is_cut:
            notes.append(too_much(sheet.rows[-1].number, left))
            break
    return tables, notes


def _sheets_told(progress: Progress | None, at: int, count: int) -> Callable[[float], None] | None:
    if progress is None:
        return None
    told = progress
    return lambda part: told(int((at + part) / count * _SHARE / 2), _SHARE)


def _rows_told(progress: Progress) -> Progress:
    return lambda done, total: progress(_SHARE // 2 + done * _SHARE // (2 * max(1, total)), _SHARE)


def write(bank: BankText) -> bytes:
    """The bank as a workbook with one sheet, its heads in the bank's language."""
    return bank_book(rows_of(bank), bank.title, bank.language)


def template(language: str) -> bytes:
    """A workbook to fill in: an example of each type that is left out on import, lists to choose from, and help."""
    return template_book(language)
