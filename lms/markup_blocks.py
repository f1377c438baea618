"""The product's own Markdown: chat transcripts, notes, questions that open, links to lessons and terms.

What it makes is not safe yet: only `lms.markup` uses it, and cleans the result.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from lms.interchange.source import PICTURE

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
PICTURE_LINK = re.compile(rf"media:({PICTURE})\Z")
WEB_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+\Z", re.IGNORECASE)
CHAT_LINE = re.compile(r"(customer|agent|note)(?:\s+(\d{1,2}:\d\d(?::\d\d)?))?\s*\|\s*(.+)\Z")
CHAT_OPEN = re.compile(r"(`{3,})chat\s*\Z")
FENCE = re.compile(r"(`{3,}|~{3,})")


class Renderer(Markdown):
    """Markdown with what one text needs on its way: the words for labels, and the transcripts found."""

    labels: dict[str, str]
    chats: list[list[str]]


class _ChatPreprocessor(Preprocessor):
    """Takes transcripts out of the text before anything else reads it, and leaves marks in their places."""

    def __init__(self, md: Renderer) -> None:
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

    def __init__(self, md: Renderer) -> None:
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


class Blocks(BlocksExtension):
    """The four kinds of block."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: ARG002, N802 - the library's
        for block in (_Note, _Warning, _RedLine, _Think):
            block_mgr.register(block, {})


class _Finish(Treeprocessor):
    """Headings from h2 down without gaps, each with an id; links resolved; pictures of ours shown; wide tables."""

    def run(self, root: Element) -> None:
        self._headings(root)
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                if child.tag == "a":
                    _resolve(child)
                elif child.tag == "img":
                    parent[at] = _picture(child)
                elif child.tag == "table":
                    parent[at] = wrapper = Element("div", {"class": "table-wrap", "tabindex": "0"})
                    wrapper.append(child)

    def _headings(self, root: Element) -> None:
        headings = [element for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]
        levels = sorted({element.tag for element in headings})
        for number, heading in enumerate(headings, 1):
            heading.tag = f"h{min(2 + levels.index(heading.tag), 6)}"
            heading.set("id", f"part-{number}")


def _picture(image: Element) -> Element:
    """A picture of the media folder, or in its place the words of any other."""
    alt = image.get("alt", "")
    if match := PICTURE_LINK.match(image.get("src", "")):
        address = f"/media/{match.group(1)}"
        shown = Element("img", {"src": address, "alt": alt, "loading": "lazy", "class": "figure"})
    else:
        shown = Element("span")
        shown.text = alt
    shown.tail = image.tail
    return shown


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


class Product(Extension):
    """Everything above, and no raw HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        assert isinstance(md, Renderer)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.preprocessors.register(_ChatPreprocessor(md), "chat", 28)
        md.treeprocessors.register(_ChatTreeprocessor(md), "chat", 25)
        md.treeprocessors.register(_Finish(md), "finish", 15)
