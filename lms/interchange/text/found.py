"""What is found in an exam text before its questions are taken apart: sections, questions, lists of keys."""

from dataclasses import dataclass, field

from lms.interchange.reading import Note
from lms.interchange.text.units import Unit


@dataclass(slots=True)
class Block:
    """One question: its number (None: it has none) and its units, the first of them without number and tag."""

    number: int | None
    line: int
    units: list[Unit] = field(default_factory=list)
    tag: str | None = None
    has_options: bool = False
    has_key: bool = False
    in_why: bool = False
    is_glued: bool = False  # it does not begin its line
    steps: int = 0  # the last number of a list inside the question

    @property
    def is_done(self) -> bool:
        """Whether it has all that a question needs, so that another may begin."""
        return self.has_options or self.has_key


@dataclass(slots=True)
class Section:
    """The questions under one heading. `type` is None where nothing was said; `keys` are units of a key list."""

    line: int
    type: str | None = None
    promised: int | None = None
    blocks: list[Block] = field(default_factory=list)
    style: str | None = None


@dataclass(slots=True)
class KeyList:
    """Keys that are listed apart. `type` or `ordinal` name their section; `sections` stood before them."""

    line: int
    units: list[Unit]
    type: str | None
    ordinal: int | None
    sections: int


@dataclass(slots=True)
class Found:
    """The sections and key lists of a text, and what to say about it."""

    sections: list[Section] = field(default_factory=list)
    lists: list[KeyList] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    promised: tuple[int, int] | None = None  # the number for the whole text, and its line
