"""Plain text and Markdown: most files mean every letter as it stands; texts of questions are kept as Markdown.

In plain text each line is a paragraph of its own, and a star is a star. `to_plain(to_markdown(text)) == text` for
any tidy text without empty lines and without spaces at the beginning of its lines.
"""

import re

_MARKS = re.compile(r"[\\`*_\[\]|]|!(?=\[)")
_OPENS_BLOCK = re.compile(r"(?:#{1,6}|[-+>]|/{3,}|-{2,})(?=[\s>]|\Z)|-{3,}|/{3,}|#|>")
_NUMBERED = re.compile(r"(\d+)([.)])(?=\s|\Z)")
_ENTITIES = (
    (re.compile(r"&(?=#?\w+;)"), "&amp;"),
    (re.compile(r"<(?=\w+:|[^\s<>]+@)"), "&lt;"),
    (re.compile(r"\A~(?=~~)"), "&#126;"),
)
_ESCAPED = re.compile(r"\\([\\`*_\[\]|!#+>/.)-])|(&amp;|&lt;|&#126;)")
_MEANT = {entity: mark for (_pattern, entity), mark in zip(_ENTITIES, "&<~", strict=True)}


def to_markdown(text: str) -> str:
    """Markdown that shows a tidy plain text as it is, its lines as paragraphs."""
    return "\n\n".join(_line(line.strip()) for line in text.split("\n") if line.strip())


def escape_inline(text: str) -> str:
    """Markdown that shows a part of a line as it is, where other things stand before it."""
    text = _MARKS.sub(r"\\\g<0>", text)
    for pattern, entity in _ENTITIES:
        text = pattern.sub(entity, text)
    return text


def _line(line: str) -> str:
    """A whole line. A star or underscore that is alone in it pairs with nothing, and stays as people write it."""
    escaped = escape_begin(line)
    for mark in "*_":
        if line.count(mark) == 1 and not line.startswith(mark):
            escaped = escaped.replace("\\" + mark, mark)
    return escaped


def escape_begin(line: str) -> str:
    """Markdown that shows the beginning of a line as it is, whatever stands behind it."""
    line = escape_inline(line)
    if _OPENS_BLOCK.match(line):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def to_plain(markdown: str) -> str | None:
    """The plain text that a Markdown text stands for, or None if it says more than plain text can."""
    text = "\n".join(map(_unescape, markdown.split("\n\n")))
    return text if to_markdown(text) == markdown else None


def _unescape(line: str) -> str:
    return _ESCAPED.sub(lambda match: match.group(1) or _MEANT[match.group(2)], line)
