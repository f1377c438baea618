"""XML from strangers: no document type, no entities, nothing fetched, no deeper or larger than any honest file."""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from lms.errors import N_, Reason
from lms.interchange.decoding import decode_any

MAX_BYTES = 60_000_000
MAX_DEPTH = 150
MAX_ELEMENTS = 1_000_000
_DECLARED = re.compile(rb"""\A\s*<\?xml\b[^<>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,30})["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^<>]{0,300}\?>")
_KNOWN = {  # what expat cannot read itself, or what decode_any would not try
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
}


class UnsafeXml(Exception):  # noqa: N818 - what it is
    """The XML holds something that is never read. `reason` says what, as a part of a sentence."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class BrokenXml(Exception):  # noqa: N818 - what it is
    """The bytes are no well-formed XML. `line` is where that shows, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"not well-formed XML in line {line}")
        self.line = line


class _Placed(Element):
    """An element that knows the line of its tag."""

    __slots__ = ("line",)
    line: int


def parse(data: bytes) -> Element:
    """The root element of an XML file in UTF-8, UTF-16, GB18030 or another common encoding.

    Each element's source line is in `line_of`. Raises UnsafeXml (a document type, entities, too much of it) and
    BrokenXml (not well-formed, or no text at all).
    """
    if len(data) > MAX_BYTES:
        raise UnsafeXml(Reason(N_("it is too large")))
    if (text := _decode(data)) is None:
        raise BrokenXml(1)
    match = _DECLARATION.match(text)  # it names an encoding that the text is no longer in
    text = "\n" * match.group().count("\n") + text[match.end() :] if match else text
    maker = _Maker()
    parser = DefusedXMLParser(target=TreeBuilder(element_factory=maker), forbid_dtd=True)
    expat = maker.expat = parser.parser
    if expat.EndElementHandler:
        expat.EndElementHandler = maker.counting(expat.EndElementHandler)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except DefusedXmlException:
        raise UnsafeXml(Reason(N_("a document type or entities"))) from None
    except ParseError as error:
        raise BrokenXml(error.position[0]) from None
    return root


class _Maker:
    """Makes elements, writes down their lines, and stops where there is no end to them."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.depth = self.count = 0

    def __call__(self, tag: str, attributes: dict[str, str]) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH:
            raise UnsafeXml(Reason(N_("elements nested more than %(most)s deep"), most=MAX_DEPTH))
        if self.count > MAX_ELEMENTS:
            raise UnsafeXml(Reason(N_("more than %(most)s elements"), most=MAX_ELEMENTS))
        made = _Placed(tag, attributes)
        made.line = self.expat.CurrentLineNumber
        return made

    def counting(self, end: Callable[[str], Any]) -> Callable[[str], Any]:
        """The handler of end tags, counting on the way."""

        def counted(tag: str) -> Any:
            self.depth -= 1
            return end(tag)

        return counted


def _decode(data: bytes) -> str | None:
    declared = _DECLARED.match(data)
    if declared and not data.startswith(codecs.BOM_UTF8):
        try:
            name = codecs.lookup(declared.group(1).decode()).name
            return data.decode(_KNOWN[name]).replace("\r\n", "\n").replace("\r", "\n")
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_any(data)


def line_of(element: Element) -> int:
    """The line on which an element's tag begins, counted from 1."""
    return getattr(element, "line", 1)


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str = "") -> Iterator[Element]:
    """The elements right below one, of one name ("" any), whatever their namespace."""
    return (child for child in element if not name or local(child) == name)


def child(element: Element, name: str) -> Element | None:
    """The first element of a name right below one, whatever its namespace."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """The text in an element and all below it, as it stands; "" without an element."""
    return "" if element is None else "".join(element.itertext())
