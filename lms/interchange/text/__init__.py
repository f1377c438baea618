"""Reading exam texts as people paste and keep them: .txt, .md, .docx, a chat message, a web page.

Chinese papers above all, and English ones. What is read and how it is told apart is described in
docs/interchange.md. Nothing is guessed: a question without a key that can be understood becomes a draft.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lms.errors import N_, Reason
from lms.interchange.decoding import decode_any
from lms.interchange.docx import lines_of
from lms.interchange.lines import Line
from lms.interchange.reading import DRAFT, Item, Note, Reading, note, reading_of, unreadable
from lms.interchange.records import TRUE_FALSE
from lms.interchange.sheet import read_tables
from lms.interchange.sheet_table import Row, Table
from lms.interchange.text.blocks import find_blocks
from lms.interchange.text.found import Block, Found
from lms.interchange.text.letters import give_letters
from lms.interchange.text.listing import match_lists, take_doubtful_keys
from lms.interchange.text.parts import has_trailing_letter, item_of
from lms.interchange.text.units import units_of

FORMAT = "text"
MAX_CHARACTERS = 5_000_000
WORD = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")  # .docx, and what is refused with words: .doc, .rtf


def read(
    data: bytes,
    language: str,
    *,
    name: str = "",
    mapping: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """The questions of a text or Word file, also of a table with one question a row in it."""
    del progress, name
    if data.startswith(WORD):
        lines, notes, media = lines_of(data)
        reading = read_lines(lines, language, notes, media)
        return reading if reading.items else _table_of(lines, language, mapping) or reading
    text = decode_any(data)
    if text is None:
        return unreadable(FORMAT, 1, "not-text")
    if len(text) > MAX_CHARACTERS:
        return unreadable(
            FORMAT, 1, "too-large", most=Reason(N_("%(count)s characters"), count=MAX_CHARACTERS)
        )
    return read_lines([Line(number, line) for number, line in enumerate(text.split("\n"), 1)], language)


def _table_of(lines: Sequence[Line], language: str, mapping: Mapping[int, str] | None) -> Reading | None:
    """The questions of the rows of a Word table, if its heads say what they are."""
    rows = [Row(line.number, tuple(line.text.split("\t"))) for line in lines if "\t" in line.text]
    reading = read_tables(FORMAT, [Table(rows)], language, mapping=mapping)
    return reading if reading.items else None


def read_lines(
    lines: Sequence[Line], language: str, notes: Sequence[Note] = (), media: Mapping[str, bytes] | None = None
) -> Reading:
    """The questions of lines that may have style and pictures."""
    found = find_blocks(give_letters(units_of(lines)))
    keys, said = match_lists(found)
    said = [*found.notes, *said]
    items: list[Item] = []
    lost: dict[str, int] = {}
    blocks = [
        (block, section.type, keys.get(id(block))) for section in found.sections for block in section.blocks
    ]
    taken = [item_of(*each, language) for each in blocks]
    if _keys_trail(
        [(block, item) for (block, _kind, _entry), (item, _lost) in zip(blocks, taken, strict=True)]
    ):
        taken = [item_of(*each, language, trails=True) for each in blocks]
    taken, doubts = take_doubtful_keys(found.sections, taken)
    said += doubts
    for (block, _kind, _entry), (item, more) in zip(blocks, taken, strict=True):
        for label, line in more:
            lost.setdefault(label, line)
        if item is None:
            said.append(note(block.line, "not-imported", what=_what(block)))
        else:
            items.append(item)
    said += [note(line, "not-kept", what=label) for label, line in lost.items()]
    said += _give_notes(items, notes)
    return reading_of(FORMAT, items, [*said, *_counts(found)], media)


def _give_notes(items: list[Item], notes: Sequence[Note]) -> list[Note]:
    """Give each question the notes that make it a draft, such as a picture left out; the others are of the file."""
    lines = [item.line for item in items]
    rest = []
    for each in notes:
        at = bisect_right(lines, each.line) - 1
        if each.effect == DRAFT and at >= 0:
            items[at] = replace(items[at], notes=(*items[at].notes, each))
        else:
            rest.append(each)
    return rest


def _keys_trail(taken: Sequence[tuple[Block, Item | None]]) -> bool:
    """Whether the keys of all choice questions are letters behind the last option, for nothing else has any."""
    chosen = [
        (block, item)
        for block, item in taken
        if item is not None and item.options and item.type != TRUE_FALSE
    ]
    if not chosen or any(item.keys for _block, item in chosen):
        return False
    return all(has_trailing_letter(block) for block, _item in chosen)


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
