"""The only Markdown renderer: Python-Markdown with the product's blocks, then nh3. It returns safe HTML.

Beyond plain Markdown with tables and code it knows chat transcripts (```chat), blocks (`/// think | ...`,
`/// note`, `/// warning`, `/// red-line`) and links to lessons (`lesson:course/slug`) and glossary terms
(`term:id`). Raw HTML is shown as text; images, styles and links to anything but web, mail, lessons and terms
are dropped. Text too long or too deeply nested to be rendered in reasonable time is shown as it was typed.
"""

import re
import threading
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

MAX_LENGTH = 100_000
MAX_PARAGRAPH = 20_000
MAX_DEPTH = 40
MAX_MARKS = {**dict.fromkeys("[]<!", 200), **dict.fromkeys("*_`\\(", 400)}
MAX_OPEN = 20

LABELS = {
    "en": {
        "chat": "Chat transcript",
        "customer": "Customer",
        "agent": "Agent",
        "comment": "Comment",
        "think": "Think first",
        "note": "Note",
        "warning": "Careful",
        "red-line": "Red line",
    },
    "zh": {
        "chat": "聊天记录",
        "customer": "顾客",
        "agent": "客服",
        "comment": "点评",
        "think": "先想一想",
        "note": "提示",
        "warning": "注意",
        "red-line": "红线",
    },
}
NOTES = ("note", "warning", "red-line")

_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
LESSON_LINK = re.compile(rf"lesson:({_SLUG})/({_SLUG})(#[\w-]+)?\Z")
TERM_LINK = re.compile(rf"term:({_SLUG})\Z")
WEB_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+\Z", re.IGNORECASE)
CHAT_LINE = re.compile(r"(customer|agent|note)(?:\s+(\d{1,2}:\d\d(?::\d\d)?))?\s*\|\s*(.+)\Z")
CHAT_OPEN = re.compile(r"(`{3,})chat\s*\Z")
FENCE = re.compile(r"(`{3,}|~{3,})")
_BLOCK_END = re.compile(r"</(?:p|li|div|h\d|td|th|summary|time)>")
_NESTED = re.compile(rf"[ \t>*+\-\d.)]{{{MAX_DEPTH}}}[ \t>*+\-\d.)]*[^\s\-*]")


class _Renderer(Markdown):
    """Markdown with what one text needs on its way: the words for labels, and the transcripts found."""

    labels: dict[str, str]
    chats: list[list[str]]


class _ChatPreprocessor(Preprocessor):
    """Takes transcripts out of the text before anything else reads it, and leaves marks in their places."""

    def __init__(self, md: _Renderer) -> None:
        super().__init__(md)
        self.renderer = md

    def run(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        chats: list[list[str]] = []
        for block, content in _blocks(lines):
            if block == "chat":
                kept += ["", f"\x02chat:{len(chats)}\x03", ""]
                chats.append(content)
            else:
                kept += content
        self.renderer.chats = chats
        return kept


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The lines cut into transcripts ("chat", without their fences) and the rest ("")."""
    rest: list[str] = []
    fence = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        if not fence and (match := CHAT_OPEN.match(line)):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == match.group(1)), None)
            if end is not None:
                yield "", rest
                yield "chat", lines[at + 1 : end]
                rest, at = [], end + 1
                continue
        if match := FENCE.match(line):
            if not fence:
                fence = match.group(1)
            elif line.rstrip() == fence:
                fence = ""
        rest.append(line)
        at += 1
    yield "", rest


class _ChatTreeprocessor(Treeprocessor):
    """Puts transcripts where their marks stand, in time for links and emphasis inside them."""

    def __init__(self, md: _Renderer) -> None:
        super().__init__(md)
        self.renderer = md

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                match = re.fullmatch(r"\x02chat:(\d+)\x03", (child.text or "").strip())
                if child.tag == "p" and match:
                    parent[at] = self._transcript(self.renderer.chats[int(match.group(1))])

    def _transcript(self, lines: list[str]) -> Element:
        labels = self.renderer.labels
        transcript = Element("ol", {"class": "chat", "aria-label": labels["chat"]})
        for line in filter(str.strip, lines):
            match = CHAT_LINE.match(line.strip())
            who, time, text = match.groups() if match else ("note", None, line.strip())
            _chat_line(transcript, who, time, text, labels)
        return transcript


def _chat_line(transcript: Element, who: str, time: str | None, text: str, labels: dict[str, str]) -> None:
    is_note = who == "note"
    item = SubElement(transcript, "li", {"class": "chat-note" if is_note else f"chat-line {who}"})
    SubElement(item, "span", {"class": "chat-who"}).text = labels["comment" if is_note else who]
    if time and not is_note:
        SubElement(item, "time", {"class": "chat-time"}).text = time
    SubElement(item, "div", {"class": "chat-text"}).text = text


class _Note(Block):
    """`/// note | Title`: something beside the text. The subclasses below are its other kinds."""

    NAME = "note"
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        aside = SubElement(parent, "aside", {"class": f"note note-{self.NAME}", "role": "note"})
        labels = self.md.labels
        SubElement(aside, "p", {"class": "note-title"}).text = self.argument or labels[self.NAME]
        return aside


class _Warning(_Note):
    NAME = "warning"


class _RedLine(_Note):
    NAME = "red-line"


class _Think(Block):
    """`/// think | Question`: a question whose answer opens on request."""

    NAME = "think"
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        details = SubElement(parent, "details", {"class": "think"})
        labels = self.md.labels
        SubElement(details, "summary").text = self.argument or labels[self.NAME]
        return details


class _Blocks(BlocksExtension):
    """The four kinds of block."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: ARG002, N802 - the library's
        for block in (_Note, _Warning, _RedLine, _Think):
            block_mgr.register(block, {})


class _Finish(Treeprocessor):
    """Headings from h2 down without gaps, each with an id; links resolved; images to words; wide tables."""

    def run(self, root: Element) -> None:
        self._headings(root)
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                if child.tag == "a":
                    _resolve(child)
                elif child.tag == "img":
                    parent[at] = replacement = Element("span")
                    replacement.text, replacement.tail = child.get("alt"), child.tail
                elif child.tag == "table":
                    parent[at] = wrapper = Element("div", {"class": "table-wrap", "tabindex": "0"})
                    wrapper.append(child)

    def _headings(self, root: Element) -> None:
        headings = [element for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]
        levels = sorted({element.tag for element in headings})
        for number, heading in enumerate(headings, 1):
            heading.tag = f"h{min(2 + levels.index(heading.tag), 6)}"
            heading.set("id", f"part-{number}")


def _resolve(link: Element) -> None:
    target = link.get("href", "")
    link.attrib.clear()
    if match := LESSON_LINK.match(target):
        link.set("href", f"/courses/{match.group(1)}/{match.group(2)}{match.group(3) or ''}")
    elif match := TERM_LINK.match(target):
        link.set("href", f"/glossary#{match.group(1)}")
        link.set("class", "term")
    elif WEB_LINK.match(target):
        link.set("href", target)
        link.set("class", "outside")
    else:
        link.tag = "span"


class _Product(Extension):
    """Everything above, and no raw HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        assert isinstance(md, _Renderer)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.preprocessors.register(_ChatPreprocessor(md), "chat", 28)
        md.treeprocessors.register(_ChatTreeprocessor(md), "chat", 25)
        md.treeprocessors.register(_Finish(md), "finish", 15)


_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXT = ("p", "br", "hr", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "span", "div")
_TABLE = ("table", "thead", "tbody", "tr", "th", "td")
_BLOCK = ("aside", "details", "summary", "time")
_CLEANER = nh3.Cleaner(
    tags={*_HEADINGS, *_TEXT, *_TABLE, *_BLOCK},
    attributes={
        "a": {"href"},
        "aside": {"role"},
        "ol": {"start", "aria-label"},
        "div": {"tabindex"},
        "th": {"align"},
        "td": {"align"},
        **{heading: {"id"} for heading in _HEADINGS},
    },
    allowed_classes={
        "a": {"term", "outside"},
        "ol": {"chat"},
        "li": {"chat-line", "customer", "agent", "chat-note"},
        "span": {"chat-who"},
        "time": {"chat-time"},
        "div": {"chat-text", "table-wrap"},
        "aside": {"note", *(f"note-{kind}" for kind in NOTES)},
        "p": {"note-title"},
        "details": {"think"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
)
_local = threading.local()


def _renderer(language: str) -> _Renderer:
    """This thread's renderer: Markdown objects hold state and are slow to make."""
    if not hasattr(_local, "renderer"):
        tables = {"use_align_attribute": True}
        _local.renderer = _Renderer(
            extensions=["fenced_code", "tables", "sane_lists", _Blocks(), _Product()],
            extension_configs={"tables": tables},
        )
    _local.renderer.labels = LABELS[language]
    _local.renderer.reset()
    return _local.renderer


def render(text: str, language: str) -> Markup:
    """Safe HTML of a text. `language` (en or zh) is that of the labels the renderer adds."""
    if why_not_render(text) is None:
        try:
            return Markup(_CLEANER.clean(_renderer(language).convert(text)))  # noqa: S704 - cleaned
        except RecursionError:
            pass
    return Markup('<p class="as-typed">{}</p>').format(text[:MAX_LENGTH])


def render_line(text: str, language: str) -> Markup:
    """Safe HTML of what is one paragraph as a rule, such as an option: without the paragraph round it."""
    html = render(text, language)
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return html if "<p" in inner or not html.startswith("<p>") else Markup(inner)  # noqa: S704 - a part of safe


def plain(html: str, length: int = 120) -> str:
    """The words of rendered HTML on one line, cut to a length: for tables and titles."""
    spaced = Markup(_BLOCK_END.sub(r" \g<0>", str(html)))  # noqa: S704 - safe HTML with spaces in it
    words = " ".join(spaced.striptags().split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def why_not_render(text: str) -> str | None:
    """Why a text is shown as typed instead of rendered, in plain English, or None."""
    if len(text) > MAX_LENGTH:
        return f"The text is longer than {MAX_LENGTH} characters. Split it."
    for paragraph in re.split(r"\n\s*\n", text):
        if len(paragraph) > MAX_PARAGRAPH:
            return f"A paragraph is longer than {MAX_PARAGRAPH} characters. Split it."
        if any(paragraph.count(mark) > most for mark, most in MAX_MARKS.items()):
            return "A paragraph has too many brackets, stars or the like. Simplify it."
        if paragraph.count("[") - paragraph.count("]") > MAX_OPEN:
            return f"A paragraph opens more than {MAX_OPEN} brackets without closing them. Close them."
    if any(_NESTED.match(line) for line in text.split("\n")):
        return f"A line begins with more than {MAX_DEPTH} characters of nesting. Simplify it."
    return None
