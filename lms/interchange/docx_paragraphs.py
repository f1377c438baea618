"""One paragraph of a Word document as lines: its runs with their looks, signs, formulas, boxes and pictures."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange.docx_names import (
    ALTERNATE,
    BLIP,
    CHARTS,
    CHECK_BOX,
    CHECKED,
    CHOICE,
    FALLBACK,
    IMAGE_DATA,
    W14_VAL,
    m,
    r,
    switch,
    w,
)
from lms.interchange.docx_signs import formula, in_font, sign
from lms.interchange.docx_styles import PLAIN, Look, Piece, Styles

THROUGH = frozenset(
    map(w, ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo"))
)
DELETED = Reason(N_("text deleted while changes were tracked"))
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_GONE = frozenset(map(w, ("del", "moveFrom")))
_REFERENCES = frozenset(map(w, ("footnoteReference", "endnoteReference", "commentReference")))
_DRAWN = frozenset(map(w, ("drawing", "pict", "object")))
_HIDDEN = Reason(N_("hidden text"))
_STRUCK = Reason(N_("that text was struck through"))
_BESIDE = Reason(N_("comments and footnotes"))
_FORMULA = Reason(N_("the form of a formula"))
_SIGN = Reason(N_("a sign that only its font can draw"))
_CHART = Reason(N_("a chart"))


@dataclass(slots=True)
class Drawn:
    """One line: its letters with their looks, its pictures, and what to say about it (a code and the matter)."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    said: list[tuple[str, Reason]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its letters."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class Known:
    """What paragraphs need to know: styles, the kept name of a related image or why it is left out, and what was
    told already."""

    styles: Styles
    picture: Callable[[str], str | Reason]
    told: set[Reason] = field(default_factory=set)

    def told_once(self, what: Reason) -> list[tuple[str, Reason]]:
        """What is said of something left out, the first time only."""
        if what in self.told:
            return []
        self.told.add(what)
        return [("not-kept", what)]


class Paragraph:
    """Reads one paragraph: a line, or several where it has line breaks."""

    def __init__(self, known: Known, style: str) -> None:
        self.known = known
        self.style = style
        self.lines = [Drawn()]
        self.boxes: list[Element] = []
        self.has_left_out = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is to be seen."""
        return not any(line.text.strip() or line.pictures for line in self.lines)

    def read(self, parent: Element) -> None:
        """Add what stands in a paragraph, a link, a content control..."""
        for child in parent:
            tag = child.tag
            if tag == w("r"):
                self._run(child)
            elif tag in THROUGH:
                self.read(child)
            elif tag == w("sdt"):
                self._control(child)
            elif tag == ALTERNATE:
                self.read(chosen(child))
            elif tag in _GONE:
                self._leave_out(DELETED)
            elif tag in (m("oMath"), m("oMathPara")):
                self._formula(child)

    def _control(self, control: Element) -> None:
        box = control.find(f"{w('sdtPr')}/{CHECK_BOX}")
        if box is not None:
            checked = box.find(CHECKED)
            is_on = checked is not None and checked.get(W14_VAL, "1") in ("1", "true", "on")
            self._add("☑" if is_on else "☐", PLAIN)
        elif (content := control.find(w("sdtContent"))) is not None:
            self.read(content)

    def _run(self, run: Element) -> None:
        look = self.known.styles.look(self.style, run.find(w("rPr")))
        if look.hidden:
            if any(child.tag in (w("t"), w("sym")) or child.tag in _DRAWN for child in run):
                self._leave_out(_HIDDEN)
            return
        self._contents(run, look)

    def _contents(self, parent: Element, look: Look) -> None:
        for child in parent:
            tag = child.tag
            if tag == w("t"):
                self._add(in_font(_text(child), look.font), look)
            elif tag in (w("tab"), w("ptab")):
                self._add("\t", look)
            elif tag in (w("br"), w("cr")):
                self.lines.append(Drawn())
            elif tag == w("noBreakHyphen"):
                self._add("-", look)
            elif tag == w("sym"):
                self._sign(child, look)
            elif tag in _DRAWN:
                self._graphic(child)
            elif tag == ALTERNATE:
                self._contents(chosen(child), look)
            else:
                self._rare(child, look)

    def _rare(self, child: Element, look: Look) -> None:
        if child.tag == w("ruby") and (base := child.find(w("rubyBase"))) is not None:
            self.read(base)
        elif child.tag in _REFERENCES:
            self.lines[-1].said += self.known.told_once(_BESIDE)
        elif child.tag == w("instrText") and (child.text or "").strip().upper().startswith("EQ "):
            self.lines[-1].said.append(("lossy", _FORMULA))
        elif child.tag == w("fldChar") and (box := child.find(f"{w('ffData')}/{w('checkBox')}")) is not None:
            checked = switch(box, "checked")
            self._add("☑" if (switch(box, "default") if checked is None else checked) else "☐", look)

    def _add(self, text: str, look: Look) -> None:
        if text := _UNSEEN.sub("", text):
            self.lines[-1].pieces.append(Piece(text, look))
            if look.struck and text.strip():
                self.lines[-1].said += self.known.told_once(_STRUCK)

    def _sign(self, symbol: Element, look: Look) -> None:
        code = symbol.get(w("char"), "")
        is_code = 0 < len(code) <= 4 and set(code) <= set("0123456789abcdefABCDEF")
        shown = sign(symbol.get(w("font"), ""), int(code, 16)) if is_code else None
        if shown is None:
            self.lines[-1].said.append(("lossy", _SIGN))
        else:
            self._add(shown, look)

    def _formula(self, element: Element) -> None:
        text, is_whole = formula(element)
        self._add(" ".join(text.split()), PLAIN)
        if not is_whole:
            self.lines[-1].said.append(("lossy", _FORMULA))

    def _graphic(self, element: Element) -> None:
        for child in element:
            if child.tag == w("txbxContent"):
                self.boxes.append(child)
            elif child.tag in CHARTS:
                self.lines[-1].said.append(("lossy", _CHART))
            elif child.tag == ALTERNATE:
                self._graphic(chosen(child))
            else:
                if child.tag in (BLIP, IMAGE_DATA):
                    self._picture(child.get(r("embed")) or child.get(r("id")) or child.get(r("link")) or "")
                self._graphic(child)

    def _picture(self, id: str) -> None:
        kept = self.known.picture(id)
        if isinstance(kept, str):
            self.lines[-1].pictures.append(kept)
        else:
            self.lines[-1].said.append(("image-left-out", kept))

    def _leave_out(self, what: Reason) -> None:
        self.has_left_out = True
        self.lines[-1].said += self.known.told_once(what)


def _text(element: Element) -> str:
    """The text of a w:t; spaces at its ends count only where the file says so."""
    text = re.sub(r"[\r\n\t]+", " ", element.text or "")
    keeps = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if keeps else text.strip(" ")


def chosen(element: Element) -> Element:
    """The one of several alternatives that is shown: the first, as today's Word does."""
    for name in (CHOICE, FALLBACK):
        if (found := element.find(name)) is not None:
            return found
    return Element("nothing")
