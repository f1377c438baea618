"""What a content text links to, and what in it would not come out as its author meant, with line numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lms.interchange.source import Problem
from lms.markup import why_not_render
from lms.markup_blocks import (
    CHAT_LINE,
    CHAT_OPEN,
    FENCE,
    LESSON_LINK,
    NOTES,
    PICTURE_LINK,
    TERM_LINK,
    WEB_LINK,
)

_LINK = re.compile(r"(!?)\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\(\s*<?([^\s)>]*)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>")
_BLOCK_OPEN = re.compile(r" {0,3}(/{3,}) *([\w-]+) *(?:\|(.*))?\Z")
_BLOCK_CLOSE = re.compile(r" {0,3}(/{3,}) *\Z")
_BLOCK_KINDS = (*NOTES, "think")


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a lesson (`course/slug`), to a term of the glossary (its id) or a picture (its file's name).

    `kind` is lesson, term or media.
    """

    kind: str
    target: str
    line: int


@dataclass(slots=True)
class Prose:
    """What was found in one text."""

    file: str
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, line: int, message: str, *, warning: bool = False) -> None:
        """Add a problem."""
        self.problems.append(Problem(self.file, line, message, warning))


def read_prose(text: str, file: str, first_line: int = 1) -> Prose:
    """The references and problems of a Markdown text that begins at `first_line` of its file."""
    prose = Prose(file)
    if reason := why_not_render(text):
        prose.report(first_line, reason)
        return prose
    blocks: list[tuple[int, str]] = []
    fence: tuple[int, str, bool] | None = None
    for number, line in enumerate(text.split("\n"), first_line):
        if fence:
            if line.rstrip() == fence[1]:
                fence = None
            elif fence[2]:
                _read_chat_line(line.strip(), number, prose)
        elif match := FENCE.match(line):
            fence = (number, match.group(1), bool(CHAT_OPEN.match(line)))
        elif not _read_block_line(line, number, blocks, prose):
            _read_line(line, number, prose)
    if fence:
        prose.report(fence[0], f"This block is not closed. Put a line {fence[1]} after it.")
    for number, mark in blocks:
        prose.report(number, f"This block is not closed. Put a line {mark} after it.")
    return prose


def _read_chat_line(line: str, number: int, prose: Prose) -> None:
    if not line:
        return
    if match := CHAT_LINE.match(line):
        _read_line(match.group(3), number, prose)
    else:
        prose.report(
            number, "A line of a chat is customer 20:14:05 | text, agent 20:14:11 | text or note | text."
        )


def _read_block_line(line: str, number: int, blocks: list[tuple[int, str]], prose: Prose) -> bool:
    """Whether the line opens or closes a block."""
    if match := _BLOCK_OPEN.match(line):
        if match.group(2) not in _BLOCK_KINDS:
            kinds = ", ".join(_BLOCK_KINDS)
            prose.report(number, f'There is no block "{match.group(2)}". Known: {kinds}.')
        if match.group(3) is not None:
            _read_line(match.group(3), number, prose)
        blocks.append((number, match.group(1)))
    elif match := _BLOCK_CLOSE.match(line):
        marks = [mark for _, mark in blocks]
        if match.group(1) in marks:
            del blocks[len(marks) - 1 - marks[::-1].index(match.group(1)) :]
        else:
            prose.report(number, f"No block is open here. Remove the {match.group(1)} or open one above.")
    else:
        return False
    return True


def _read_line(line: str, number: int, prose: Prose) -> None:
    line = _CODE.sub("", line)
    for mark, target in _LINK.findall(line):
        if mark and (match := PICTURE_LINK.match(target)):
            prose.references.append(Reference("media", match.group(1), number))
        elif mark:
            wanted = "![words](media:<its name in question_banks/media>)"
            prose.report(number, f"This picture is not shown. Say it in words, or write {wanted}.")
        elif match := LESSON_LINK.match(target):
            prose.references.append(Reference("lesson", f"{match.group(1)}/{match.group(2)}", number))
        elif match := TERM_LINK.match(target):
            prose.references.append(Reference("term", match.group(1), number))
        elif not WEB_LINK.match(target):
            wanted = "lesson:course/lesson, term:id or https://..."
            prose.report(number, f'The link "{target}" leads nowhere. A link goes to {wanted}.')
    if match := _TAG.search(line):
        prose.report(number, f"HTML is shown as typed: {match.group(0)}. Use Markdown.", warning=True)


def check_links(
    references: list[Reference],
    file: str,
    has_lesson: Callable[[str], bool],
    has_term: Callable[[str], bool],
    has_media: Callable[[str], bool],
) -> list[Problem]:
    """A problem for each reference to a lesson, term or picture that does not exist."""
    found = []
    for reference in references:
        if reference.kind == "lesson" and not has_lesson(reference.target):
            found.append(Problem(file, reference.line, f"There is no lesson {reference.target}."))
        elif reference.kind == "term" and not has_term(reference.target):
            message = f"The glossary has no term {reference.target}. Add it to courses/glossary.toml."
            found.append(Problem(file, reference.line, message))
        elif reference.kind == "media" and not has_media(reference.target):
            message = f"There is no picture {reference.target} in question_banks/media. Put it there."
            found.append(Problem(file, reference.line, message))
    return found
