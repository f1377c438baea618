"""The names of WordprocessingML that the other modules look for."""

from xml.etree.ElementTree import Element

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _M.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _A.encode()),
)
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BLIP, IMAGE_DATA = f"{{{_A}}}blip", "{urn:schemas-microsoft-com:vml}imagedata"
CHARTS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
)
CHECKED = "{http://schemas.microsoft.com/office/word/2010/wordml}checked"
CHECK_BOX = "{http://schemas.microsoft.com/office/word/2010/wordml}checkbox"
W14_VAL = "{http://schemas.microsoft.com/office/word/2010/wordml}val"


def w(name: str) -> str:
    """The full name of an element or attribute of a text."""
    return f"{{{_W}}}{name}"


def r(name: str) -> str:
    """The full name of an attribute that points to another part."""
    return f"{{{_R}}}{name}"


def m(name: str) -> str:
    """The full name of an element of a formula."""
    return f"{{{_M}}}{name}"


def as_written_by_word(data: bytes) -> bytes:
    """A part with the names that Word writes, if it has those of the "strict" kind of the same format."""
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    return data


def val(parent: Element | None, name: str) -> str:
    """The `w:val` of a child, "" if it is not there."""
    child = parent.find(w(name)) if parent is not None else None
    return child.get(w("val"), "") if child is not None else ""


def is_on(parent: Element | None, name: str) -> bool:
    """Whether an on/off child is there and on."""
    return switch(parent, name) or False


def switch(parent: Element | None, name: str) -> bool | None:
    """An on/off child, None if it is not there."""
    child = parent.find(w(name)) if parent is not None else None
    return None if child is None else child.get(w("val"), "1") not in ("0", "false", "off")
