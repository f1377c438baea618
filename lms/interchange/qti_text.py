"""The texts of a QTI file as Markdown, and the pictures in them."""

import binascii
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange.archive import Archive, UnsafeZip
from lms.interchange.html_text import FORMULA, PART, notes_of, to_markdown_text
from lms.interchange.media import BadImage, keep
from lms.interchange.plain import to_markdown
from lms.interchange.qti_parts import PASSAGE, SHOWN, TOO_LONG, attribute, kind
from lms.interchange.reading import Note, note
from lms.interchange.records import MAX_TEXT, tidy
from lms.interchange.xml_safe import text_of

MAX_PICTURES = 300
MAX_PICTURE_BYTES = 60_000_000
MAX_TAGS = 20_000  # in one text
MAX_PASSAGES = 20_000_000  # characters of texts that stand before many questions, over all of them
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,", re.IGNORECASE)
_COURSE_FILES = "$IMS-CC-FILEBASE$"  # what Canvas and Common Cartridge call the folder of the course's files
_TAG = re.compile(r"<[a-zA-Z/!]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp)\Z", re.IGNORECASE)

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOID = {"br", "hr", "img"}
_UNSEEN = {
    "stylesheet", "style", "script", "feedbackinline", "feedbackblock", "templateinline", "templateblock",
    "rubricblock", "cataloginfo", "endattemptinteraction",
}  # fmt: skip
_KEPT = ("src", "alt", "href", "title", "start")
_SOUNDS = {"audio", "video", "object", "iframe", "embed", "applet"}


class Pictures:
    """The pictures of a package: each is looked for, checked and kept once, whoever asks for it."""

    def __init__(self, archive: Archive | None = None) -> None:
        self.archive = archive
        self.media: dict[str, bytes] = {}
        self._found: dict[str, str | Reason] = {}

    def find(self, source: str, folder: str) -> str | Reason:
        """The name that a picture is kept by, or why it is not. `folder` is that of the file that shows it."""
        if _DATA.match(source):
            return self._once(source)
        if _SCHEME.match(source):
            return Reason(N_("it lies on another site, and nothing is fetched"))
        for name in _places(source, folder):
            if self.archive and name in self.archive:
                return self._once(name)
        return Reason(N_("it is not in the file"))

    def _once(self, name: str) -> str | Reason:
        if name not in self._found:
            self._found[name] = self._keep(name)
        return self._found[name]

    def _keep(self, name: str) -> str | Reason:
        if len(self._found) >= MAX_PICTURES or sum(map(len, self.media.values())) > MAX_PICTURE_BYTES:
            return Reason(N_("there are too many pictures"))
        try:
            if self.archive is None or _DATA.match(name):
                data = b64decode(name.partition(",")[2], validate=False)
            else:
                data = self.archive.read(name)
            kept, drawn = keep(data)
        except (BadImage, UnsafeZip) as error:
            return error.reason
        except binascii.Error:
            return Reason(N_("it is damaged"))
        self.media[kept] = drawn
        return kept


def _places(source: str, folder: str) -> Iterable[str]:
    """Where in a package a picture may be."""
    source = unquote(source)
    if source.startswith(_COURSE_FILES):
        rest = source.removeprefix(_COURSE_FILES).lstrip("/")
        places = [("web_resources", rest), ("", rest)]
    else:
        places = [(folder, source)]
    for base, path in places:
        for each in (path, re.split(r"[?#]", path)[0]):
            if found := inside(each, base):
                yield found


def inside(path: str, folder: str) -> str | None:
    """The name in the package of a path as a file in `folder` gives it, or None if it leads out of the package."""
    if not path or _SCHEME.match(path) or path.startswith("/") or "\\" in path or "\0" in path:
        return None
    name = normpath(join(folder, path))
    return None if name == ".." or name.startswith("../") else name


@dataclass
class Source:
    """A file of questions with its pictures, and what there is to say about the file. `file` is "" if it came alone."""

    pictures: Pictures
    file: str = ""
    notes: list[Note] = field(default_factory=list)
    passages: dict[int, tuple[str, list[Note]]] = field(default_factory=dict)
    room: int = MAX_PASSAGES


class _Images(Mapping[str, "str | Reason"]):
    """The pictures of a package by the addresses that a file in a folder gives them: looked for when asked for."""

    def __init__(self, pictures: Pictures, folder: str) -> None:
        self.pictures = pictures
        self.folder = folder

    def __contains__(self, source: object) -> bool:
        return True

    def __getitem__(self, source: str) -> "str | Reason":
        return self.pictures.find(source, self.folder)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1  # never empty: nobody knows what is in it before it is asked


class Prose:
    """The texts of one question. What is lost on the way is in `notes`."""

    def __init__(self, source: Source, line: int) -> None:
        self.source = source
        self.line = line
        self.notes: list[Note] = []

    def say(self, code: str, **values: object) -> None:
        """A note, unless it has been given."""
        self._add(note(self.line, code, **values))

    def _add(self, said: Note) -> None:
        if said not in self.notes:
            self.notes.append(said)

    def lose(self, what: str) -> None:
        """Something was left out that the question may need."""
        self.say("lossy", what=Reason(what))

    def drop(self, what: str) -> None:
        """Something was left out that questions do not have."""
        self.say("not-kept", what=Reason(what))

    def passage(self, element: Element, text_of_it: Callable[[Element], str]) -> str:
        """A text that belongs to several questions: made once, and lost where it would be endless."""
        passages = self.source.passages
        if id(element) not in passages:
            before, self.notes = self.notes, []
            passages[id(element)] = (text_of_it(element), self.notes)
            self.notes = before
        text, notes = passages[id(element)]
        self.source.room -= len(text)
        for said in notes:
            self._add(replace(said, line=self.line))
        if len(text) > MAX_TEXT or self.source.room < 0:
            self.lose(PASSAGE)
            return ""
        return text

    def plain(self, text: str) -> str:
        """Markdown of a plain text."""
        return to_markdown(tidy(text))

    def html(self, html: str, file: str = "") -> str:
        """Markdown of HTML. `file` is the one that shows its pictures, if that is another."""
        if html.count("<") > MAX_TAGS:
            self.lose(TOO_LONG)
            return ""
        images = _Images(self.source.pictures, dirname(file or self.source.file))
        text, lost = to_markdown_text(html, images)
        for said in notes_of(self.line, lost):
            self._add(said)
        return text

    def either(self, text: str) -> str:
        """Markdown of a text that may be HTML or not."""
        return self.html(text) if _TAG.search(text) else self.plain(text)

    def picture(self, source: str, alt: str = "") -> str:
        """Markdown of a picture."""
        return self.html(f'<p><img src="{escape(source)}" alt="{escape(alt)}"/></p>')

    def elements(self, *elements: Element, without: Sequence[Element] = (), file: str = "") -> str:
        """Markdown of XHTML elements, some of them and the parts not seen from the beginning left out."""
        parts: list[str] = []
        skipped = frozenset(map(id, without))
        for element in elements:
            self._write(element, skipped, parts)
        return self.html("".join(parts), file)

    def _write(self, element: Element, without: frozenset[int], parts: list[str]) -> None:
        name = kind(element)
        if id(element) in without or name in _UNSEEN:
            return
        if name == "math":
            self.lose(FORMULA)
            parts.append(escape(attribute(element, "alttext") or " ".join(text_of(element).split())))
            return
        if name in _SOUNDS:
            self._write_object(element, name, parts)
            return
        kept = [(key, attribute(element, key)) for key in _KEPT]
        tag = _tag(name)
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in kept if value)
        parts.append(f"<{tag}{attributes}>")
        if name in _VOID:
            return
        parts.append(escape(element.text or "", quote=False))
        for child in element:
            self._write(child, without, parts)
            parts.append(escape(child.tail or "", quote=False))
        parts.append(f"</{tag}>")

    def _write_object(self, element: Element, name: str, parts: list[str]) -> None:
        source, form = attribute(element, "data"), attribute(element, "type")
        if name == "object" and (form.startswith("image/") or _PICTURE.search(source)):
            alt = " ".join(text_of(element).split())
            parts.append(f'<img src="{escape(source)}" alt="{escape(alt)}"/>')
        else:
            self.lose(PART)


def keys_among(values: Iterable[str], idents: Sequence[str], prose: Prose) -> tuple[str, ...]:
    """The ids of the options that the idents of right answers name. One that names none, or two, is told."""
    count = Counter(idents)
    places = {ident: min(place, len(_LETTERS) - 1) for place, ident in enumerate(idents)}
    odd = sorted(value for value in values if count[value] != 1)
    if odd:
        prose.say("key-not-understood", answer=", ".join(odd)[:SHOWN])
    return tuple(sorted({_LETTERS[places[value]] for value in values if count[value] == 1}))


def _tag(name: str) -> str:
    if name in ("itembody", "stimulusbody", "contentbody", "prompt", "choiceinteraction", "modalfeedback"):
        return "div"
    return name if name.isalnum() and name.isascii() else "div"
