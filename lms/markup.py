"""The only Markdown renderer: Python-Markdown with the product's blocks, then nh3. It returns safe HTML.

Beyond plain Markdown with tables and code it knows chat transcripts (```chat), blocks (`/// think | ...`,
`/// note`, `/// warning`, `/// red-line`) and links to lessons (`lesson:course/slug`) and glossary terms
(`term:id`), and pictures of the media folder (`![alt](media:<sha256>.png)`). Raw HTML is shown as text; other
images, styles and links to anything but web, mail, lessons and terms are dropped. Text too long or too deeply
nested to be rendered in reasonable time is shown as it was typed.
"""

import re
import threading

import nh3
from markupsafe import Markup

from lms.markup_blocks import LABELS, NOTES, Blocks, Product, Renderer

MAX_LENGTH = 100_000
MAX_PARAGRAPH = 20_000
MAX_DEPTH = 40
MAX_MARKS = {**dict.fromkeys("[]<!", 200), **dict.fromkeys("*_`\\(", 400)}
MAX_OPEN = 20

_BLOCK_END = re.compile(r"</(?:p|li|div|h\d|td|th|summary|time)>")
_PICTURE = re.compile(r'<img [^<>]*?alt="([^"<>]*)"[^<>]*>')
_NESTED = re.compile(rf"[ \t>*+\-\d.)]{{{MAX_DEPTH}}}[ \t>*+\-\d.)]*[^\s\-*]")

# One line of letters, digits and punctuation that means nothing in Markdown or HTML and begins no block, as most
# options are. Rendering it is putting it into a paragraph: loading the banks takes two thirds of the time.
_PLAIN_LINE = re.compile(r"""[^\W\d_](?:[^\W_]|[ ,.;:?!'"%()（），。；：？！、“”‘’《》/+-]){0,398}(?<! )""")

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXT = ("p", "br", "hr", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "span", "div")
_TABLE = ("table", "thead", "tbody", "tr", "th", "td")
_BLOCK = ("aside", "details", "summary", "time")
_CLEANER = nh3.Cleaner(
    tags={*_HEADINGS, *_TEXT, *_TABLE, *_BLOCK, "img"},
    attributes={
        "a": {"href"},
        "aside": {"role"},
        "img": {"src", "alt", "loading"},
        "ol": {"start", "aria-label"},
        "div": {"tabindex"},
        "th": {"align"},
        "td": {"align"},
        **{heading: {"id"} for heading in _HEADINGS},
    },
    allowed_classes={
        "a": {"term", "outside"},
        "img": {"figure"},
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


def _renderer(language: str) -> Renderer:
    """This thread's renderer: Markdown objects hold state and are slow to make."""
    if not hasattr(_local, "renderer"):
        tables = {"use_align_attribute": True}
        _local.renderer = Renderer(
            extensions=["fenced_code", "tables", "sane_lists", Blocks(), Product()],
            extension_configs={"tables": tables},
        )
    _local.renderer.labels = LABELS[language]
    _local.renderer.reset()
    return _local.renderer


def render(text: str, language: str) -> Markup:
    """Safe HTML of a text. `language` (en or zh) is that of the labels the renderer adds."""
    if _PLAIN_LINE.fullmatch(text):
        return Markup(f"<p>{text}</p>")  # noqa: S704 - nothing in it means anything in HTML
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
    """The words of rendered HTML on one line, those of pictures too, cut to a length: for tables and titles."""
    named = _PICTURE.sub(r" \1 ", str(html))
    spaced = Markup(_BLOCK_END.sub(r" \g<0>", named))  # noqa: S704 - safe HTML with spaces in it
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
