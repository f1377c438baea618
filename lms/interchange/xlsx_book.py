"""What the sheets of a workbook show, read as a stream: no formula is run, nothing is fetched, no part is trusted.

The parts are scanned with expat as they come, and only what is asked for is kept: a sheet that claims a million rows
or columns costs nothing, and files that break a strict library (WPS, Java exports, Strict OOXML) are read as well.
ECMA-376 part 1, 18.2 to 18.8.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers.expat import ExpatError, ParserCreate

from lms.errors import N_, Reason
from lms.interchange.archive import Archive, UnsafeZip
from lms.interchange.xlsx_numbers import GENERAL, format_code

MAX_ELEMENTS = 2_000_000  # of one part
MAX_DEPTH = 100
MAX_CELL = 32_767  # characters, as in Excel
MAX_STRINGS = 1_000_000
MAX_STYLES = 70_000
MAX_SHEETS = 100
_CHUNK = 1 << 21  # small ones let a long comment take minutes
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str, str], None]


class Unreadable(Exception):  # noqa: N818 - what it is
    """The workbook is not as a workbook must be."""


class Enough(Exception):  # noqa: N818 - what it is
    """Raised by a handler that has seen what it came for."""


def scan(
    data: bytes,
    start: Start,
    end: End,
    texts: frozenset[str],
    progress: Callable[[float], None] | None = None,
) -> None:
    """Calls `start` for each element of an XML with its local name, and `end` with its name and text.

    Text is collected for elements named in `texts` only. Raises UnsafeZip for a document type, for too many or too
    deep elements, and Unreadable for what is no XML.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    collected: list[str] = []
    count = depth = 0

    def started(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal count, depth
        count += 1
        depth += 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise UnsafeZip(Reason(N_("too much is packed into it")))
        local = name.rpartition(":")[2]
        if local in texts:
            collected.clear()
            parser.CharacterDataHandler = collected.append
        start(local, attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        local = name.rpartition(":")[2]
        if local in texts:
            parser.CharacterDataHandler = None
            end(local, "".join(collected))
        else:
            end(local, "")

    def refuse(*_: object) -> None:
        raise UnsafeZip(Reason(N_("a document type or entities")))

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        for at in range(0, len(data), _CHUNK):
            parser.Parse(data[at : at + _CHUNK])
            if progress is not None:
                progress(min(1, (at + _CHUNK) / len(data)))
        parser.Parse(b"", True)
    except Enough:
        return
    except (ExpatError, UnicodeError, LookupError, ValueError) as error:
        raise Unreadable(str(error)) from error


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of the book: its name, whether it is shown, and the part it is in."""

    name: str
    is_hidden: bool
    part: str


@dataclass(slots=True)
class Book:
    """The parts of a workbook that its sheets need. `styles` are format codes by the number of a cell's style."""

    archive: Archive
    sheets: list[SheetInfo] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    from_1904: bool = False


def open_book(archive: Archive, language: str) -> Book:
    """The book with its strings and styles. Raises Unreadable if it is none, UnsafeZip."""
    root = next((target for kind, target in _related(archive, "").values() if kind == "officeDocument"), "")
    if root not in archive:
        root = "xl/workbook.xml"
    if root not in archive or not root.endswith(".xml"):
        raise Unreadable("no workbook")
    book = Book(archive)
    parts = _related(archive, root)
    _read_workbook(book, archive.read(root), parts)
    for kind, part in parts.values():
        if kind == "sharedStrings" and part in archive and not book.strings:
            book.strings = _strings(archive.read(part))
        elif kind == "styles" and part in archive and not book.styles:
            book.styles = _styles(archive.read(part), language)
    return book


def _related(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, by id: the kind and the name of the other part."""
    folder, _, file = part.rpartition("/")
    name = normpath(join(folder, "_rels", f"{file}.rels"))
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External" and len(found) < 10_000:
            target = attributes.get("Target", "")
            path = normpath(target.lstrip("/") if target.startswith("/") else join(folder, target))
            found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], path

    if name in archive:
        scan(archive.read(name), start, _nothing, frozenset())
    return found


def related(archive: Archive, part: str, kind: str) -> Iterator[str]:
    """The parts of one kind that a part refers to, as far as they are there."""
    return (
        target for found, target in _related(archive, part).values() if found == kind and target in archive
    )


def _nothing(_tag: str, _text: str) -> None:
    pass


def _read_workbook(book: Book, data: bytes, parts: Mapping[str, tuple[str, str]]) -> None:
    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "workbookPr":
            book.from_1904 = attributes.get("date1904") in ("1", "true", "on")
        elif tag == "sheet" and len(book.sheets) < MAX_SHEETS:
            id = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            kind, part = parts.get(id, ("", ""))
            if kind == "worksheet" and part in book.archive:
                state = attributes.get("state", "visible")
                book.sheets.append(SheetInfo(attributes.get("name", ""), state != "visible", part))

    scan(data, start, _nothing, frozenset())


def _strings(data: bytes) -> list[str]:
    """The shared strings, the readings of Japanese left out."""
    strings: list[str] = []
    parts: list[str] = []
    aside = 0

    def start(tag: str, _attributes: Mapping[str, str]) -> None:
        nonlocal aside
        if tag == "si":
            parts.clear()
        elif tag == "rPh":
            aside += 1

    def end(tag: str, text: str) -> None:
        nonlocal aside
        if tag == "t" and not aside:
            parts.append(text)
        elif tag == "rPh":
            aside -= 1
        elif tag == "si":
            if len(strings) >= MAX_STRINGS:
                raise UnsafeZip(Reason(N_("too much is packed into it")))
            strings.append(unescaped("".join(parts)))

    scan(data, start, end, frozenset("t"))
    return strings


def unescaped(text: str) -> str:
    """The text of a cell: _x000D_ and the like are characters, and there is an end to it."""
    text = text[:MAX_CELL]
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return match.group() if 0xD800 <= code < 0xE000 else chr(code)  # half a character is none


def _styles(data: bytes, language: str) -> list[str]:
    """The format code of each cell style."""
    own: dict[int, str] = {}
    styles: list[str] = []
    is_cell = False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_cell
        if tag == "numFmt" and len(own) < MAX_STYLES:
            own[number(attributes.get("numFmtId"))] = attributes.get("formatCode", GENERAL)
        elif tag == "cellXfs":
            is_cell = True
        elif tag == "xf" and is_cell and len(styles) < MAX_STYLES:
            styles.append(format_code(number(attributes.get("numFmtId")), own, language))

    def end(tag: str, _text: str) -> None:
        nonlocal is_cell
        if tag == "cellXfs":
            is_cell = False

    scan(data, start, end, frozenset())
    return styles


def number(text: str | None) -> int:
    """A count or an index of an attribute; -1 if it is none."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else -1
