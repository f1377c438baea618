"""What the letters of a Word document look like, styles and all, and which of them stand out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element

from lms.interchange.docx_names import switch, val, w

_TOGGLES = ("b", "vanish", "strike", "dstrike")
_DEEPEST = 20  # styles based on styles
_COLOURFUL = 80  # how far the strongest and the weakest of red, green and blue are apart, of 255
_MOST = 0.5  # what more than half of a document looks like does not stand out


class Look(NamedTuple):
    """How a run of letters looks, as far as it may mean something. `colour` is "" for black, grey and white."""

    colour: str = ""
    bold: bool = False
    underline: bool = False
    shade: bool = False
    hidden: bool = False
    struck: bool = False
    font: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class _Style:
    toggles: Mapping[str, bool]
    values: Mapping[str, str]
    number: tuple[str, str]  # numId, ilvl
    name: str


class Styles:
    """The styles of a document, by id, with what they take from the styles they are based on."""

    def __init__(self, root: Element | None) -> None:
        found = root.findall(w("style")) if root is not None else []
        self._raw = {style.get(w("styleId"), ""): style for style in found}
        self._known: dict[str, _Style] = {}
        defaults = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}") if root is not None else None
        self._toggles, self._values = _read(defaults)
        self.default = next(
            (style.get(w("styleId"), "") for style in found
             if style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true", "on")),
            "",
        )  # fmt: skip

    def number(self, id: str) -> tuple[str, str]:
        """The list (`numId`) and the level (`ilvl`) that a paragraph style puts its paragraphs in, "" if none."""
        return self._style(id).number

    def numbers(self) -> dict[str, str]:
        """The list that each style names itself, by the style's id."""
        places = ((id, raw.find(f"{w('pPr')}/{w('numPr')}")) for id, raw in self._raw.items())
        return {id: number for id, place in places if (number := val(place, "numId"))}

    def look(self, paragraph: str, properties: Element | None) -> Look:
        """How a run looks in a paragraph of that style."""
        toggles, values = _read(properties)
        base, run = self._style(paragraph), self._style(val(properties, "rStyle"))
        on = {
            name: toggles.get(name, self._toggles.get(name, False)
                              or base.toggles.get(name, False) != run.toggles.get(name, False))
            for name in _TOGGLES
        }  # fmt: skip
        all_values = {**self._values, **base.values, **run.values, **values}
        is_link = "hyperlink" in run.name
        return Look(
            colour="" if is_link else _colour(all_values.get("color", "")),
            bold=on["b"],
            underline=not is_link and all_values.get("u", "none") not in ("none", ""),
            shade=_is_shaded(all_values),
            hidden=on["vanish"],
            struck=on["strike"] or on["dstrike"],
            font=all_values.get("font", ""),
        )

    def _style(self, id: str) -> _Style:
        if id not in self._known:
            self._known[id] = self._whole(id)
        return self._known[id]

    def _whole(self, id: str) -> _Style:
        """The style with everything it is based on; a circle of styles ends where it began."""
        chain: list[Element] = []
        while (raw := self._raw.get(id)) is not None and raw not in chain and len(chain) < _DEEPEST:
            chain.append(raw)
            id = val(raw, "basedOn")
        toggles: dict[str, bool] = {}
        values: dict[str, str] = {}
        number = level = ""
        for raw in reversed(chain):
            more, set_values = _read(raw.find(w("rPr")))
            toggles |= more
            values |= set_values
            place = raw.find(f"{w('pPr')}/{w('numPr')}")
            number, level = val(place, "numId") or number, val(place, "ilvl") or level
        name = val(chain[0], "name").casefold() if chain else ""
        return _Style(toggles, values, (number, level), name)


def _read(properties: Element | None) -> tuple[dict[str, bool], dict[str, str]]:
    """The switches and values that run properties set."""
    if properties is None:
        return {}, {}
    toggles = {name: on for name in _TOGGLES if (on := switch(properties, name)) is not None}
    values = {name: text for name in ("color", "u", "highlight") if (text := val(properties, name))}
    if (shading := properties.find(w("shd"))) is not None:
        values["shd"] = shading.get(w("fill"), "")
    if (fonts := properties.find(w("rFonts"))) is not None and (font := fonts.get(w("ascii"), "")):
        values["font"] = font
    return toggles, values


def _colour(value: str) -> str:
    if len(value) != 6 or not set(value) <= set("0123456789abcdefABCDEF"):
        return ""
    parts = [int(value[at : at + 2], 16) for at in (0, 2, 4)]
    return value.upper() if max(parts) - min(parts) >= _COLOURFUL else ""


def _is_shaded(values: Mapping[str, str]) -> bool:
    fill = values.get("shd", "").lower()
    return values.get("highlight", "none") not in ("none", "white") or fill not in ("", "auto", "ffffff")


class Piece(NamedTuple):
    """Letters that look alike."""

    text: str
    look: Look


def standing_out(lines: Iterable[Sequence[Piece]]) -> list[tuple[tuple[int, int], ...]]:
    """For each line the ranges of letters that do not look like most of the document."""
    lines = list(lines)
    weights: Counter[object] = Counter()
    total = 0
    for text, look in (piece for line in lines for piece in line):
        size = sum(not letter.isspace() for letter in text)
        total += size
        for feature in _features(look):
            weights[feature] += size
    telling = {feature for feature, weight in weights.items() if weight <= total * _MOST}
    return [_ranges(line, telling) for line in lines]


def _features(look: Look) -> list[object]:
    flags = (("bold", look.bold), ("underline", look.underline), ("shade", look.shade))
    return [name for name, on in (*flags, (look.colour, bool(look.colour))) if on]


def _ranges(line: Sequence[Piece], telling: set[object]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    whole, at = "".join(piece.text for piece in line), 0
    for text, look in line:
        start, at = at, at + len(text)
        if not telling.isdisjoint(_features(look)):
            if found and not whole[found[-1][1] : start].strip():
                start = found.pop()[0]
            found.append((start, at))
    return tuple(span for each in found if (span := _trimmed(whole, *each)))


def _trimmed(whole: str, start: int, end: int) -> tuple[int, int] | None:
    text = whole[start:end]
    kept = text.strip()
    first = start + len(text) - len(text.lstrip())
    return (first, first + len(kept)) if kept else None
