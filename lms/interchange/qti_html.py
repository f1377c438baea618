"""Texts of questions as the XHTML that QTI allows in its items."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from xml.sax.saxutils import escape, quoteattr

from lms.interchange.plain import to_plain
from lms.markup import render

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PICTURE = re.compile(r"!\[((?:\\.|[^\]\\]){0,1000})\]\(media:([0-9a-f]{64}\.[a-z]{3,4})\)")
_PLACE = re.compile("\ue000([0-9]+)\ue001")
_ESCAPED = re.compile(r"\\(.)")

# What the product's own HTML has and QTI has not, and what stands for it.
_TAGS = {
    "aside": "div",
    "details": "div",
    "summary": "p",
    "time": "span",
}
_VOID = ("br", "hr")


def legal(text: str) -> str:
    """The text without characters that no XML may have."""
    return _ILLEGAL.sub("", text)


def attributes(**values: str) -> str:
    """Attributes of a tag; `_` in a name is `-`, `__` is `:`."""
    names = {name: name.replace("__", ":").replace("_", "-") for name in values}
    return "".join(f" {names[name]}={quoteattr(legal(value))}" for name, value in values.items())


def one_line(markdown: str) -> str | None:
    """The text if it is plain and one line, or None."""
    text = to_plain(markdown)
    return None if text is None or "\n" in text else legal(text)


def xhtml(markdown: str, language: str, address_of: Callable[[str], str | None]) -> str:
    """Block elements that show a text. `address_of` has the address of a picture by its name, or None."""
    plain = to_plain(markdown)
    if plain is not None:
        return "".join(f"<p>{escape(legal(line))}</p>" for line in plain.split("\n")) if plain else ""
    pictures: list[str] = []

    def place(match: re.Match[str]) -> str:
        alt, address = _ESCAPED.sub(r"\1", match.group(1)), address_of(match.group(2))
        if address is None:
            return match.group(1)
        pictures.append(f"<img{attributes(src=address, alt=alt)}/>")
        return f"\ue000{len(pictures) - 1}\ue001"

    text = _PICTURE.sub(place, markdown.translate({0xE000: None, 0xE001: None}))
    maker = _Maker()
    maker.feed(str(render(text, language)))
    maker.close()
    return _PLACE.sub(lambda match: pictures[int(match.group(1))], maker.finish())


class _Maker(HTMLParser):
    """Writes HTML of the product as well-formed XHTML with the tags that QTI knows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[tuple[str, str, str]] = []  # the tag read, the one written, and what ends it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write the tag that stands for one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "img":  # none of ours: those stand in the text by number
            self.parts.append(escape(legal(given.get("alt", ""))))
            return
        if tag in _VOID:
            self.parts.append(f"<{tag}/>")
            return
        written, before, after = _written(tag, given)
        self.parts.append(f"<{written}{attributes(**_kept(tag, given))}>{before}")
        self.open.append((tag, written, after))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag and all that is open in it."""
        if tag not in (name for name, _written, _after in self.open):
            return
        while True:
            name, written, after = self.open.pop()
            closing = f"</{written}>"
            self.parts.append(after.replace("</>", closing) if "</>" in after else closing + after)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write text."""
        self.parts.append(escape(legal(data)))

    def finish(self) -> str:
        """All of it, everything closed."""
        while self.open:
            self.handle_endtag(self.open[-1][0])
        return "".join(self.parts)


def _written(tag: str, given: Mapping[str, str]) -> tuple[str, str, str]:
    """The tag that stands for one, what follows it and what ends it. A chat becomes paragraphs, names in bold."""
    classes = given.get("class", "").split()
    if "chat" in classes:
        return "div", "", ""
    if "chat-line" in classes or "chat-note" in classes:
        return "p", "", ""
    if "chat-who" in classes:
        return "strong", "", " "
    if "chat-time" in classes:
        return "span", "", " "
    if "chat-text" in classes:
        return "span", "", ""
    if tag == "summary" or "note-title" in classes:
        return "p", "<strong>", "</strong></>"
    if tag == "a" and not _kept(tag, given):
        return "span", "", ""
    return _TAGS.get(tag, tag), "", ""


def _kept(tag: str, given: Mapping[str, str]) -> dict[str, str]:
    href = given.get("href", "")
    return {"href": href} if tag == "a" and href.startswith(("http://", "https://", "mailto:")) else {}
