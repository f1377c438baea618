"""QTI: files of questions of versions 1.2, 2.0 to 2.2 and 3.0, alone or in a package, whoever wrote them.

Which it is shows in its content. Taken are questions with options, one right or several; every other kind is
named and left. A question has no place in QTI for level, tags, lesson, objective and use: they are keywords.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from posixpath import dirname
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange import qti_1, qti_2
from lms.interchange.archive import Archive, BrokenZip, UnsafeZip, is_zip, open_zip
from lms.interchange.qti_package import (
    Manifest,
    in_order,
    manifest_name,
    named_items,
    question_files,
    read_manifest,
)
from lms.interchange.qti_parts import (
    BEFORE_ALL,
    DIFFICULTY,
    Place,
    below,
    item_with_file,
    kind,
    place,
    with_file,
)
from lms.interchange.qti_text import Pictures, Source, inside
from lms.interchange.qti_write import write
from lms.interchange.reading import MAX_ITEMS, Item, Note, Reading, note, reading_of, unreadable
from lms.interchange.xml_safe import BrokenXml, UnsafeXml, parse, text_of

__all__ = ["read", "write"]

FORMAT = "qti"
NAME = "QTI"
MAX_XML = 40_000_000  # of all the XML of a package
_KNOWN = (*qti_1.ROOTS, "assessmentitem")
TOO_MUCH = N_("too much XML in one package")


def read(
    data: bytes,
    language: str,  # noqa: ARG001 - every reader takes it
    *,
    name: str = "",  # noqa: ARG001
    mapping: Mapping[int, str] | None = None,  # noqa: ARG001
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """The questions of a package (zip) or of one XML file. Never raises: what is wrong is in the notes.

    Lines are those of the file in the package, whose name stands in the note.
    """
    if not is_zip(data):
        return _read_file(data)
    try:
        archive = open_zip(data)
    except BrokenZip:
        return unreadable(FORMAT, 1, "not-readable", format=NAME)
    except UnsafeZip as error:
        return unreadable(FORMAT, 1, "unsafe-file", what=error.reason)
    return _Package(archive).read(progress or (lambda _done, _total: None))


def _read_file(data: bytes) -> Reading:
    try:
        root = parse(data)
    except UnsafeXml as error:
        return unreadable(FORMAT, 1, "unsafe-file", what=error.reason)
    except BrokenXml as error:
        return unreadable(FORMAT, error.line, "not-readable", format=NAME)
    if kind(root) not in _KNOWN:
        return unreadable(FORMAT, 1, "not-readable", format=NAME)
    source = Source(Pictures())
    items = list(_items(root, source, (), lambda _path: None))
    return reading_of(FORMAT, items, source.notes, source.pictures.media)


def _items(root: Element, source: Source, tags: Iterable[str], stimulus: qti_2.Stimulus) -> Iterable[Item]:
    name = kind(root)
    if name == "assessmentitem":
        item = qti_2.item_of(root, source, tags, stimulus)
        return [item] if item else []
    if name == "item":
        whole = Element("questestinterop")
        whole.append(root)
        root = whole
    return islice(qti_1.items_of(root, source), MAX_ITEMS + 1) if name in qti_1.ROOTS else []


class _Package:
    """The files of a package, read one after the other."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.pictures = Pictures(archive)
        self.notes: list[Note] = []
        self.items: dict[str, list[Item]] = {}
        self.asked: list[str] = []
        self.left = MAX_XML
        self.stimuli: dict[str, Element | None] = {}

    def read(self, progress: Callable[[int, int], None]) -> Reading:
        """What all of them have."""
        name = manifest_name(self.archive)
        manifest = Manifest()
        if name and (root := self._parse(name)) is not None:
            manifest = read_manifest(root, name, self.archive)
            self.notes += manifest.notes
        files = question_files(self.archive, manifest.files, name)
        for count, file in enumerate(files, 1):
            self._read(file, manifest)
            progress(count, len(files))
            if sum(map(len, self.items.values())) > MAX_ITEMS or len(self.notes) > MAX_ITEMS:
                break
        items = [item for file in in_order(self.items, self.asked) for item in self.items[file]]
        reading = reading_of(FORMAT, items, self.notes, self.pictures.media)
        return replace(
            reading,
            items=tuple(map(item_with_file, reading.items)),
            notes=tuple(map(with_file, reading.notes)),
        )

    def _read(self, file: str, manifest: Manifest) -> None:
        root = self._parse(file)
        if root is None:
            return
        if kind(root) == "assessmenttest":
            self.asked += named_items(root, file)
            if any(text_of(each).strip() for each in below(root, "rubricblock")):
                self.notes.append(note(place(root, file), "not-kept", what=Reason(BEFORE_ALL)))
        source = Source(self.pictures, file, self.notes)
        found = list(_items(root, source, manifest.tags.get(file, ()), partial(self._stimulus, file)))
        if found:
            self.items[file] = found
            if file in manifest.has_difficulty:
                self.notes.append(note(found[0].line, "not-kept", what=Reason(DIFFICULTY)))

    def _parse(self, file: str) -> Element | None:
        """The root of a file; None, with a note, if it cannot be read."""
        try:
            if self.archive.size(file) > self.left:
                raise UnsafeXml(Reason(TOO_MUCH))
            self.left -= self.archive.size(file)
            return parse(self.archive.read(file))
        except (UnsafeXml, UnsafeZip) as error:
            self.notes.append(note(Place(1, file), "unsafe-file", what=error.reason))
        except BrokenXml as error:
            self.notes.append(note(Place(error.line, file), "not-readable", format=NAME))
        return None

    def _stimulus(self, file: str, href: str) -> tuple[Element, str] | None:
        """The body of a shared text that an item in a file names, and the file of it."""
        path = inside(href, dirname(file))
        if path is None or path not in self.archive:
            return None
        if path not in self.stimuli:
            root = self._parse(path)
            bodies = [] if root is None else below(root, "stimulusbody")
            self.stimuli[path] = bodies[0] if bodies else None
        body = self.stimuli[path]
        return None if body is None else (body, path)
