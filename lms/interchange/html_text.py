"""HTML as learning platforms write it, made into Markdown that shows the same: bold, lists, tables, code, pictures.

What Markdown cannot say is left out and told, never guessed; nothing is fetched. The text is read once from
beginning to end, whatever is unclosed, misplaced or endless in it.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import unquote

from lms.errors import N_, Reason
from lms.interchange.html_blocks import Blocks
from lms.interchange.html_inline import CODE, EM, STRONG, link_target, picture
from lms.interchange.plain import to_markdown
from lms.interchange.reading import Note, note

Images = Mapping[str, "str | Reason"]

_PIECE = re.compile(
    r"""<!--(?s:.*?)(?:-->|\Z)|<[!?][^>]*+(?:>|\Z)"""
    r"""|<(?P<close>/?)(?P<name>[a-zA-Z][\w:.-]*+)(?P<rest>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)(?P<end>>?)"""
    r"""|(?:[^<]|<(?![a-zA-Z!?/]))++|<"""
)
_SIMPLE = re.compile(r"\s*+(?:<p(?:\s[^<>]*+)?>([^<>&\\$]*+)</p>\s*+|([^<>&\\$]*+))")  # most texts
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"']++))?""")
_HUGE_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\ufeff]")
_SPACES = re.compile("[ \t\n\r\f\xa0]+")

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_STYLES = {
    **dict.fromkeys(("b", "strong", "u", "ins", *_HEADINGS), STRONG),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), EM),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), CODE),
}
_BREAKS = frozenset((
    "address", "article", "aside", "body", "br", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "main", "nav", "p", "section",
    "summary", *_HEADINGS,
))  # fmt: skip
_NEVER_SHOWN = frozenset(("script", "style", "head", "title", "template"))
_CONTENT_LOST = frozenset(
    ("math", "svg", "video", "audio", "iframe", "object", "canvas", "select", "textarea", "applet")
)
_SHIFTED = {
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
    "sup": str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"),
}
_HARMLESS_RAISED = frozenset(("st", "nd", "rd", "th", "e", "er", "®", "™", "©", "°"))
_FORMULAS = ((r"\(", r"\)"), (r"\[", r"\]"), ("$$", "$$"))

PART, FORMULA = N_("a video, sound, drawing or the like"), N_("a formula")
FIELD, STRUCK = N_("a field to fill in"), N_("that a text is struck through")
SHIFTED, UNDERLINE = N_("raised or lowered letters"), N_("underlining (bold now)")
FILE = N_("a file beside the text")
SCRIPT, LINK = N_("a script or style sheet"), N_("a link that does not lead to the web")
_LOST_TAGS = {
    **dict.fromkeys(("script", "style"), ("not-kept", SCRIPT)),
    **dict.fromkeys(("u", "ins"), ("not-kept", UNDERLINE)),
    **dict.fromkeys(("s", "strike", "del"), ("lossy", STRUCK)),
    **dict.fromkeys(("input", "select", "textarea", "button"), ("lossy", FIELD)),
    **dict.fromkeys(
        ("svg", "video", "audio", "iframe", "object", "embed", "canvas", "applet"), ("lossy", PART)
    ),
    "math": ("lossy", FORMULA),
}


class Lost(Reason):
    """What an HTML text had and its Markdown has not, and the code of the note that says so."""

    __slots__ = ("code",)

    def __init__(self, code: str, reason: Reason) -> None:
        super().__init__(reason.message, **reason.values)
        self.code = code


def notes_of(line: int, lost: list[Lost]) -> list[Note]:
    """What there is to say about a question that lost something on its way to Markdown, each once."""
    names = {"image-left-out": "why"}
    once = dict.fromkeys((each.code, Reason(each.message, **each.values)) for each in lost)
    return [note(line, code, **{names.get(code, "what"): reason}) for code, reason in once]


def to_markdown_text(html: str, images: Images | None = None) -> tuple[str, list[Lost]]:
    """The Markdown of an HTML text, and what was left out of it, each once.

    `images` has a picture's name in the media folder by its address in the text (or why it cannot be kept).
    """
    if simple := _SIMPLE.fullmatch(html):
        return to_markdown(_shown(simple.group(1) or simple.group(2) or "")), []
    reader = _Reader(images or {})
    reader.read(html)
    return reader.blocks.finish(), list(reader.lost)


def _shown(text: str) -> str:
    """A piece of text as a browser shows it: entities, runs of spaces and what nobody sees."""
    text = unescape(_HUGE_NUMBER.sub("\ufffd", text)) if "&" in text else text
    return _SPACES.sub(" ", _NOT_SHOWN.sub("", text))


class _Reader:
    """Goes through the tags and texts, once each."""

    def __init__(self, images: Images) -> None:
        self.images = images
        self.blocks = Blocks(self._say)
        self.lost: dict[Lost, None] = {}
        self.html = ""
        self.open: dict[str, int] = {}  # how often each tag of a style is open
        self.shift = ""
        self.unclosed: set[str] = set()

    def _say(self, code: str, reason: Reason) -> None:
        self.lost.setdefault(Lost(code, reason))

    def read(self, html: str) -> None:
        self.html = html
        at = 0
        while at < len(html):
            match = _PIECE.match(html, at)
            assert match is not None
            at = match.end()
            name = match.group("name")
            if name is None:
                if not match.group().startswith(("<!", "<?")):
                    self._text(match.group())
            elif not match.group("end"):
                self._text(match.group())  # "1 <b and c": no tag
            elif match.group("close"):
                self._close(name.lower())
            else:
                at = self._open(name.lower(), match.group("rest"), at)
        if any(first in html and last in html.partition(first)[2] for first, last in _FORMULAS):
            self._say("lossy", Reason(FORMULA))

    def _text(self, raw: str) -> None:
        if self.blocks.in_code:
            self.blocks.code(_NOT_SHOWN.sub("", unescape(_HUGE_NUMBER.sub("\ufffd", raw))))
            return
        text = _shown(raw)
        if self.shift and text.strip():
            text = self._shifted(text)
        self.blocks.text(text)

    def _shifted(self, text: str) -> str:
        """Raised or lowered digits as letters of their own; other things as they are, and told."""
        shifted = text.translate(_SHIFTED[self.shift])
        if all(new != old or old == " " for new, old in zip(shifted, text, strict=True)):
            return shifted
        if text.strip() not in _HARMLESS_RAISED:
            self._say("lossy", Reason(SHIFTED))
        return text

    def _open(self, name: str, rest: str, at: int) -> int:
        """Take an opening tag; where to read on."""
        if name in _LOST_TAGS:
            code, message = _LOST_TAGS[name]
            self._say(code, Reason(message))
        if name in _NEVER_SHOWN or name in _CONTENT_LOST:
            return self._behind(name, at)
        if name in _BREAKS:
            self.blocks.end_paragraph()
        if name in _STYLES:
            self.open[name] = self.open.get(name, 0) + 1
            self._restyle()
        elif name in _SHIFTED:
            self.shift = name
        elif name == "a":
            self._link(_attributes(rest).get("href", ""))
        elif name == "img":
            self._image(_attributes(rest))
        else:
            self.blocks.open(name, _attributes(rest))
        return at

    def _close(self, name: str) -> None:
        if name in _BREAKS:
            self.blocks.end_paragraph()
        if name in _STYLES:
            self.open[name] = max(0, self.open.get(name, 0) - 1)
            self._restyle()
        elif name in _SHIFTED:
            self.shift = ""
        elif name == "a":
            self.blocks.href = ""
        else:
            self.blocks.close(name)

    def _restyle(self) -> None:
        self.blocks.style = 0
        for name, times in self.open.items():
            self.blocks.style |= _STYLES[name] if times else 0

    def _behind(self, name: str, at: int) -> int:
        """Where an element ends whose content is not shown."""
        end = None
        if name not in self.unclosed:
            end = re.compile(rf"</{name}\b[^>]*>?", re.IGNORECASE).search(self.html, at)
        if end is not None:
            return end.end()
        self.unclosed.add(name)
        return len(self.html) if name in ("script", "style", "title") else at

    def _link(self, href: str) -> None:
        self.blocks.href = link_target(href)
        if "@@PLUGINFILE@@" in href:
            self._say("lossy", Reason(FILE))
        elif href.strip() and not self.blocks.href:
            self._say("not-kept", Reason(LINK))

    def _image(self, attributes: Mapping[str, str]) -> None:
        src = attributes.get("src", "").strip()
        found = find_picture(self.images, src)
        if isinstance(found, str):
            self.blocks.raw(picture(_shown(attributes.get("alt", "")), found))
        else:
            self._say("image-left-out", found)


def _attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag, the first of each name."""
    return dict(reversed(list(_each_attribute(rest))))


def _each_attribute(rest: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(rest):
        value = match.group(2) or ""
        value = value[1:-1] if value[:1] in ("'", '"') else value
        yield match.group(1).lower(), unescape(_HUGE_NUMBER.sub("\ufffd", value))


def find_picture(images: Images, src: str) -> str | Reason:
    """The picture of an address, or why there is none."""
    for address in (src, unquote(src), src.partition("?")[0], unquote(src.partition("?")[0])):
        if address in images:
            return images[address]
    scheme = src.partition(":")[0].lower()
    if scheme in ("http", "https", "ftp") or src.startswith("//"):
        return Reason(N_("it lies on another site, and nothing is fetched"))
    if scheme == "data":
        return Reason(N_("it is written into the text"))
    return Reason(N_("it is not in the file"))
