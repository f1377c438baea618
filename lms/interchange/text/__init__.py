"""Reading exam texts as people paste and keep them: .txt, .md, .docx, a chat message, a web page.

Chinese papers above all, and English ones. What is read and how it is told apart is described in
docs/interchange.md. Nothing is guessed: a question without a key that can be understood becomes a draft.
"""

from collections.abc import Callable, Mapping, Sequence

from lms.errors import N_, Reason
from lms.interchange.decoding import decode_any
from lms.interchange.lines import Line
from lms.interchange.reading import Item, Note, Reading, note, reading_of, unreadable
from lms.interchange.text.blocks import Block, Found, find_blocks
from lms.interchange.text.listing import match_lists
from lms.interchange.text.parts import item_of
from lms.interchange.text.units import units_of

FORMAT = "text"
MAX_CHARACTERS = 5_000_000


def read(
    data: bytes,
    language: str,
    *,
    name: str = "",
    mapping: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """The questions of a text or Word file."""
    del mapping, progress, name
    if data.startswith(b"PK\x03\x04"):
        from lms.interchange.docx import lines_of

        lines, notes, media = lines_of(data)
        return read_lines(lines, language, notes, media)
    text = decode_any(data)
    if text is None:
        return unreadable(FORMAT, 1, "not-text")
    if len(text) > MAX_CHARACTERS:
        return unreadable(
            FORMAT, 1, "too-large", most=Reason(N_("%(count)s characters"), count=MAX_CHARACTERS)
        )
    return read_lines([Line(number, line) for number, line in enumerate(text.split("\n"), 1)], language)


def read_lines(
    lines: Sequence[Line], language: str, notes: Sequence[Note] = (), media: Mapping[str, bytes] | None = None
) -> Reading:
    """The questions of lines that may have style and pictures."""
    found = find_blocks(units_of(lines))
    keys, said = match_lists(found)
    said = [*notes, *found.notes, *said]
    items: list[Item] = []
    lost: dict[str, int] = {}
    for section in found.sections:
        for block in section.blocks:
            item, more = item_of(block, section.type, keys.get(id(block)), language)
            for label, line in more:
                lost.setdefault(label, line)
            if item is None:
                said.append(note(block.line, "not-imported", what=_what(block)))
            else:
                items.append(item)
    said += [note(line, "not-kept", what=label) for label, line in lost.items()]
    return reading_of(FORMAT, items, [*said, *_counts(found)], media)


def _what(block: Block) -> Reason:
    if block.number is None:
        return Reason(N_("a question of another kind"))
    return Reason(N_("question %(number)s, of another kind"), number=block.number)


def _counts(found: Found) -> list[Note]:
    """A note wherever a heading promises another number of questions than follow."""
    said = [
        note(section.line, "count-mismatch", promised=section.promised, found=len(section.blocks))
        for section in found.sections
        if section.promised is not None and section.promised != len(section.blocks)
    ]
    total = sum(len(section.blocks) for section in found.sections)
    if found.promised and found.promised[0] != total:
        said.append(note(found.promised[1], "count-mismatch", promised=found.promised[0], found=total))
    return said
