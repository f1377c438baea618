"""The texts of one GIFT question: each says its format, or has that of the question."""

import re
from collections.abc import Sequence

from lms.interchange.gift_blocks import shown
from lms.interchange.html_text import Lost, to_markdown_text
from lms.interchange.plain import to_markdown
from lms.interchange.records import tidy

BLANK = "_____"
MOODLE, HTML, PLAIN, MARKDOWN = FORMATS = ("moodle", "html", "plain", "markdown")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|small|span|strike|strong|sub|sup"
    r"|table|tbody|td|th|thead|tr|tt|u|ul)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|p|div|li|td|pre)(?=[\s/>])", re.IGNORECASE)


def format_of(text: str, default: str) -> tuple[str, str]:
    """The format that a text says it has, and the rest of it."""
    match = _FORMAT.match(text)
    return (match.group(1).lower(), text[match.end() :]) if match else (default, text)


def has_html(text: str) -> bool:
    """Whether Moodle would show a text of its own format as HTML."""
    return bool(_TAG.search(text) or _ENTITY.search(text))


def read_texts(stem: str, tail: str, others: Sequence[str]) -> tuple[list[str], bool, list[Lost]]:
    """The stem and the other texts, whether they are Markdown now, and what was lost of them.

    `tail` is the text behind the braces: the question has a blank before it. Marks are hidden still.
    """
    default, stem = format_of(stem.lstrip(), MOODLE)
    if tail.strip():
        stem += BLANK.replace("_", r"\_") if default == MARKDOWN else BLANK
        stem += tail
    texts = [(default, stem), *(format_of(text.lstrip(), default) for text in others)]
    meant = [(_really(kind, text), text) for kind, text in ((kind, shown(text)) for kind, text in texts)]
    if all(kind == PLAIN for kind, _text in meant):
        return [text for _kind, text in meant], False, []
    lost: list[Lost] = []
    return [_markdown(kind, text, lost) for kind, text in meant], True, lost


def _really(kind: str, text: str) -> str:
    if kind != MOODLE:
        return kind
    return MOODLE if has_html(text) else PLAIN


def _markdown(kind: str, text: str, lost: list[Lost]) -> str:
    if kind == MARKDOWN:
        return text
    if kind == PLAIN:
        return to_markdown(tidy(text))
    if kind == MOODLE and not _BREAKS.search(text):
        text = text.replace("\n", "<br>")
    found, left_out = to_markdown_text(text)
    lost += left_out
    return found
