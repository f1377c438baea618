"""The lines of a Word document (.docx). It is only read: no macro is run, nothing outside of it is fetched.

What a line cannot hold is left out and told: hidden and deleted text, comments, the form of formulas, charts.
"""

import posixpath
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange.archive import BrokenZip, UnsafeZip, open_zip
from lms.interchange.docx_body import MAX_LINES, Body, TooManyLines
from lms.interchange.docx_names import as_written_by_word, w
from lms.interchange.docx_numbering import read_numbering
from lms.interchange.docx_paragraphs import Drawn
from lms.interchange.docx_styles import Styles, standing_out
from lms.interchange.lines import Line
from lms.interchange.media import BadImage, keep
from lms.interchange.reading import Note, note
from lms.interchange.xml_safe import BrokenXml, UnsafeXml, children, parse

MAX_DOCUMENT = 30_000_000  # bytes of the main part, unpacked: some 5,000 questions
MAX_PICTURES = 200
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_TOO_MANY = Reason(N_("the file has more than %(most)s pictures"), most=MAX_PICTURES)
_MISSING = Reason(N_("the file does not hold it"))
_OUTSIDE = Reason(N_("it is not in the file but somewhere else"))
_WORD = Reason(N_("a Word document"))

Lines = tuple[list[Line], list[Note], dict[str, bytes]]


def lines_of(data: bytes) -> Lines:
    """The lines of a Word document, what to say about them, and its pictures by name.

    Never raises: what cannot be read has no lines and a note that is an error. Numbers of lists are in the text;
    a line break is a new line; a row of a table is a line with tabs. A line's number is its place, from 1.
    """
    if data.startswith((_OLD, b"{\\rtf")):
        return _refused("locked-file" if _LOCKED in data else "old-word-file")
    try:
        return _read(_Package(data))
    except (UnsafeZip, UnsafeXml) as error:
        return _refused("unsafe-file", what=error.reason)
    except TooManyLines:
        return _refused("too-large", most=Reason(N_("%(count)s lines"), count=MAX_LINES))
    except (BrokenXml, _NotWordError):
        return _refused("not-readable", format=_WORD)


def _refused(code: str, **values: object) -> Lines:
    return [], [note(1, code, **values)], {}


class _NotWordError(Exception):
    """The zip is something else."""


class _Package:
    """The parts of a .docx: the document, what it needs to be read, and the pictures it points to."""

    def __init__(self, data: bytes) -> None:
        try:
            self.archive = open_zip(data)
        except BrokenZip as error:
            raise _NotWordError from error
        main = [target for kind, target, _ in self._relations("") if kind == "officeDocument"]
        self.main = main[0] if main and main[0] in self.archive else "word/document.xml"
        if self.main not in self.archive:
            raise _NotWordError
        if self.archive.size(self.main) > MAX_DOCUMENT:
            raise UnsafeZip(Reason(N_("the text is too long")))
        self.related = {id: (kind, target) for kind, target, id in self._relations(self.main)}
        self.media: dict[str, bytes] = {}
        self._kept: dict[str, str | Reason] = {}

    def part(self, name: str) -> Element | None:
        """The root of a part, None if there is no such part. Raises UnsafeXml, BrokenXml."""
        return parse(as_written_by_word(self.archive.read(name))) if name in self.archive else None

    def helper(self, kind: str) -> Element | None:
        """The root of the part that the document names for its styles, its lists..."""
        return next((self.part(target) for what, target in self.related.values() if what == kind), None)

    def picture(self, id: str) -> str | Reason:
        """The kept name of a picture that the document points to, or why it is left out."""
        kind, target = self.related.get(id, ("", ""))
        if kind == "":
            return _MISSING
        if kind == "outside":
            return _OUTSIDE
        if target not in self._kept and len(self._kept) >= MAX_PICTURES:
            return _TOO_MANY
        if target not in self._kept:
            self._kept[target] = self._keep(target)
        return self._kept[target]

    def _keep(self, target: str) -> str | Reason:
        if target not in self.archive:
            return _MISSING
        try:
            name, data = keep(self.archive.read(target))
        except (BadImage, UnsafeZip) as error:
            return error.reason
        self.media[name] = data
        return name

    def _relations(self, part: str) -> list[tuple[str, str, str]]:
        """Kind, target and id of what a part points to. Targets outside the file are not even looked at."""
        folder, name = posixpath.split(part)
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = []
        for one in children(root, "Relationship") if root is not None else ():
            kind = one.get("Type", "").rpartition("/")[2]
            target = one.get("Target", "")
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if one.get("TargetMode", "").casefold() == "external":
                kind, target = "outside", ""
            found.append((kind, target, one.get("Id", "")))
        return found


def _read(package: _Package) -> Lines:
    root = package.part(package.main)
    body = root.find(w("body")) if root is not None and root.tag == w("document") else None
    if body is None:
        raise _NotWordError
    styles = Styles(package.helper("styles"))
    numbering = read_numbering(package.helper("numbering"), styles.numbers())
    walk = Body(styles, numbering, package.picture)
    drawn = walk.lines(body)
    if walk.pending:
        drawn = drawn or [Drawn()]
        drawn[-1].said += walk.pending
    marks = standing_out(line.pieces for line in drawn)
    lines = [
        Line(number, line.text, marked, tuple(line.pictures))
        for number, (line, marked) in enumerate(zip(drawn, marks, strict=True), 1)
    ]
    notes = [
        note(number, code, **{"why" if code == "image-left-out" else "what": what})
        for number, line in enumerate(drawn, 1)
        for code, what in dict.fromkeys(line.said)
    ]
    return lines, notes, package.media
