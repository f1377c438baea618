"""Signs and formulas of Word as text: ticks out of picture fonts, fractions and powers out of equations."""

from xml.etree.ElementTree import Element

from lms.interchange.docx_names import m

_TICK, _CROSS, _BOX, _TICKED, _CROSSED = "√", "×", "□", "☑", "☒"
_WINGDINGS = {
    0xFC: _TICK, 0xFB: _CROSS, 0xFE: _TICKED, 0xFD: _CROSSED, 0xA8: _BOX, 0x6F: _BOX, 0x70: _BOX, 0x71: _BOX,
    0x72: _BOX, 0x6C: "●", 0x6E: "■", 0x75: "◆", 0xA7: "▪", 0x9F: "•", 0xD8: "➢", 0xE0: "→", 0xDF: "←", 0xE8: "→",
    0x4A: "☺", 0x4C: "☹",
}  # fmt: skip
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": {0x50: _TICK, 0x4F: _CROSS, 0x52: _TICKED, 0x53: _CROSSED, 0xA3: _BOX, 0x2A: _BOX},
    "webdings": {0x61: _TICK, 0x72: _CROSS, 0x63: _BOX},
    "symbol": {0xD6: _TICK, 0xB4: _CROSS, 0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xB1: "±", 0xB8: "÷", 0xAE: "→"},
}  # fmt: skip
_DEEPEST = 40


def sign(font: str, code: int) -> str | None:
    """The character that a picture font draws for a code, None if it is not known."""
    return _FONTS.get(font.strip().casefold(), {}).get(code & 0xFF if 0xF000 <= code <= 0xF0FF else code)


def in_font(text: str, font: str) -> str:
    """A text as it looks in its font: in a picture font "ü" is a tick."""
    if font.strip().casefold() not in _FONTS:
        return text
    return "".join(sign(font, ord(letter)) or letter for letter in text)


def formula(element: Element, depth: int = 0) -> tuple[str, bool]:
    """An equation as one line of text, and whether it is only letters, so that nothing was lost."""
    if depth > _DEEPEST:
        return "", False
    children = [child for child in element if child.tag not in (m("rPr"), m("ctrlPr"))]
    build = _BUILT.get(element.tag)
    if element.tag == m("t"):
        return element.text or "", True
    if build is None:
        inside = [formula(child, depth + 1) for child in children if not child.tag.endswith("Pr")]
        is_flat = element.tag in _FLAT or not inside
        return "".join(text for text, _ in inside), is_flat and all(flat for _, flat in inside)
    names, pattern = build
    parts = [formula(_child(element, name), depth + 1)[0] for name in names]
    return pattern.format(*(parts if pattern == _BRACKETS else map(_grouped, parts))), False


def _child(element: Element, name: str) -> Element:
    child = element.find(m(name))
    return Element("nothing") if child is None else child


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


_FLAT = frozenset(map(m, ("oMath", "oMathPara", "r", "e", "num", "den", "sup", "sub", "deg")))
_BRACKETS = "({})"
_BUILT = {
    m("f"): (("num", "den"), "{}/{}"),
    m("sSup"): (("e", "sup"), "{}^{}"),
    m("sSub"): (("e", "sub"), "{}_{}"),
    m("sSubSup"): (("e", "sub", "sup"), "{}_{}^{}"),
    m("rad"): (("deg", "e"), "{}√{}"),
    m("d"): (("e",), _BRACKETS),
}
