"""A text of a Moodle XML file in any of its formats as Markdown, and the pictures that stand beside it."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring

from lms.errors import N_, Reason
from lms.interchange.html_text import Images, Lost, find_picture, to_markdown_text
from lms.interchange.media import MAX_BYTES, BadImage, keep
from lms.interchange.plain import to_markdown
from lms.interchange.records import tidy
from lms.interchange.xml_safe import child, children, text_of

TRUE_FALSE_WORDS = {"en": ("True", "False"), "zh": ("正确", "错误")}  # Moodle shows its own in these words
PLUGIN_FILE = "@@PLUGINFILE@@"
_FORMATS = ("html", "markdown", "plain_text", "moodle_auto_format", "wiki_like")
_PICTURE = re.compile(r"(!\[(?:[^\[\]\\\n]|\\.){0,2000}\])\(\s{0,9}<?([^\s()<>]{1,2000})[^()\n]{0,500}\)")


class Text(NamedTuple):
    """A text as Markdown, what it lost on the way, and the format that it was in."""

    markdown: str
    lost: list[Lost]
    format: str


class Pictures:
    """The pictures of a file, each drawn once, by their names in the media folder."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self._known: dict[str, str | Reason] = {}

    def keep(self, encoded: str) -> str | Reason:
        """The name of a picture given as base64, or why it cannot be kept."""
        code = sha256(encoded.encode("utf-8", "replace")).hexdigest()
        if code not in self._known:
            self._known[code] = self._keep(encoded)
        return self._known[code]

    def _keep(self, encoded: str) -> str | Reason:
        if not encoded.strip():
            return Reason(N_("it is not in the file"))
        if len(encoded) > 2 * MAX_BYTES:
            return Reason(N_("it is larger than %(most)s MB"), most=MAX_BYTES // 1_000_000)
        try:
            name, data = keep(b64decode("".join(encoded.split()), validate=True))
        except (Base64Error, ValueError):
            return Reason(N_("it is damaged"))
        except BadImage as bad:
            return bad.reason
        self.kept[name] = data
        return name


class _Files(Mapping[str, "str | Reason"]):
    """The files beside one text by the addresses it knows them by. Only what is looked at is opened."""

    def __init__(self, holder: Element, pictures: Pictures) -> None:
        self._pictures = pictures
        self._encoded = {
            f"{PLUGIN_FILE}{_path(file)}{file.get('name', '')}": file for file in children(holder, "file")
        }

    def __getitem__(self, address: str) -> str | Reason:
        file = self._encoded[address]
        if file.get("encoding", "base64").strip().lower() != "base64":
            return Reason(N_("it is damaged"))
        return self._pictures.keep(text_of(file))

    def __contains__(self, address: object) -> bool:
        return address in self._encoded

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


def _path(file: Element) -> str:
    path = file.get("path", "/").strip("/")
    return f"/{path}/" if path else "/"


def text_in(holder: Element | None, format: str, pictures: Pictures) -> Text:
    """The text that an element holds. `format` is that of a text that does not say its own."""
    if holder is None:
        return Text("", [], format)
    said = holder.get("format", "").strip().lower()
    format = said if said in _FORMATS else ("html" if said else format)
    raw = _raw(holder)
    files = _Files(holder, pictures)
    if format == "html":
        return Text(*to_markdown_text(raw, files), format)
    if format == "moodle_auto_format":
        return Text(*to_markdown_text(raw.strip().replace("\n", "<br>"), files), format)
    if format == "markdown":
        return Text(*_own_pictures(tidy(raw), files), format)
    return Text(to_markdown(tidy(raw)), [], format)


def _raw(holder: Element) -> str:
    text = child(holder, "text")
    if text is None:
        return holder.text or ""
    if len(text):  # HTML that nobody wrapped up
        return tostring(text, encoding="unicode")
    return text.text or ""


def _own_pictures(markdown: str, images: Images) -> tuple[str, list[Lost]]:
    """A Markdown text with its pictures under their names here."""
    lost: list[Lost] = []

    def found(match: re.Match[str]) -> str:
        address = match.group(2)
        if address.startswith("media:"):
            return match.group()
        name = find_picture(images, unquote(address))
        if isinstance(name, str):
            return f"{match.group(1)}(media:{name})"
        lost.append(Lost("image-left-out", name))
        return ""

    return tidy(_PICTURE.sub(found, markdown)), lost
