"""Pieces of a paragraph - words, bold, code, links, pictures - put together as Markdown."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from lms.interchange.plain import escape_begin, escape_inline, to_markdown

STRONG, EM, CODE, RAW = 1, 2, 4, 8
_MARKS = {0: "", STRONG: "**", EM: "*", STRONG | EM: "***"}
_WEB = re.compile(r"(?:https?://|mailto:)(?=\S)", re.IGNORECASE)
_KEPT_IN_ADDRESS = "/:?#@!$&',+=%~.-"


class Piece(NamedTuple):
    """Some words of one style, and where they link to ("": nowhere). RAW: Markdown already."""

    text: str
    style: int = 0
    href: str = ""


_SPACE = Piece(" ")


def link_target(href: str) -> str:
    """A web or mail address that can stand in a Markdown link, "" if it is none."""
    href = href.strip()
    if not _WEB.match(href):
        return ""
    return quote(href, safe=_KEPT_IN_ADDRESS, errors="replace")


def picture(alt: str, name: str) -> str:
    """The Markdown of a picture in the media folder."""
    return f"![{escape_inline(alt.strip())}](media:{name})"


def paragraph(pieces: Sequence[Piece], *, begins_line: bool = True) -> str:
    """The Markdown of a paragraph, on one line."""
    parts: list[str] = []
    tidied = _tidied(pieces)
    if begins_line and len(tidied) == 1 and not tidied[0].style and not tidied[0].href:
        return to_markdown(tidied[0].text)
    for href, group in groupby(tidied, lambda piece: piece.href):
        words = _words(list(group), begins_line=begins_line and not parts and not href)
        if not href:
            parts.append(words)
            continue
        if parts and parts[-1].endswith("!"):
            parts[-1] = parts[-1][:-1] + "\\!"  # or the link would be a picture
        parts.append(f"[{words}]({href})")
    return "".join(parts)


def _tidied(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with single spaces between words, spaces out of bold and links, equal neighbours joined."""
    found: list[Piece] = []
    ends_in_space = True
    for piece in filter(lambda piece: piece.text, pieces):
        core = piece.text.strip(" ")
        if piece.text.startswith(" ") and not ends_in_space:
            found.append(_SPACE)
        if core:
            if len(found) > 1 and found[-1] is _SPACE and found[-2].href == piece.href:
                found[-1] = Piece(" ", href=piece.href)
            found.append(piece._replace(text=core))
        ends_in_space = piece.text.endswith(" ")
        if core and ends_in_space:
            found.append(_SPACE)
    if found and found[-1] is _SPACE:
        found.pop()
    return [*_joined(found)]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for (style, href), group in groupby(pieces, lambda piece: piece[1:]):
        if style & RAW:
            yield from group
        else:
            yield Piece("".join(piece.text for piece in group), style, href)


def _words(pieces: Sequence[Piece], *, begins_line: bool) -> str:
    parts: list[str] = []
    is_marked = False
    for piece in pieces:
        style = piece.style & ~CODE
        marks = "" if is_marked or style & RAW else _MARKS[style]  # touching marks would mean something else
        text = _escaped(piece, begins_line=begins_line and not parts and not marks)
        parts.append(f"{marks}{text}{marks}")
        is_marked = bool(marks)
    return "".join(parts)


def _escaped(piece: Piece, *, begins_line: bool) -> str:
    text = piece.text
    if piece.style & RAW:
        return text
    if piece.style & CODE and "``" not in text and "|" not in text:
        return f"`` {text} ``" if "`" in text else f"`{text}`"
    if begins_line:
        return escape_begin(text)
    return escape_inline(text)
