"""The sections of a table, each under heads of its own, and what can be said of a whole column in one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms.errors import N_, Reason
from lms.interchange.reading import Note, note
from lms.interchange.sheet_heads import Heads, field_of, fields_of, heads_at
from lms.interchange.sheet_table import Row
from lms.interchange.sheet_values import level_number, section_of

EXAMPLE_MARKS = {"zh": "（示例）", "en": "(example)"}
MAX_SHOWN = 40
_EXAMPLE = re.compile(r"\s*[(（\[【]?\s*(?:示例|例题|样例|example)", re.IGNORECASE)
_SCALE = range(4, 11)  # the highest number of a scale that is not ours


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one row of heads: whether their ids only count them, and whether their levels count beyond ours."""

    heads: Heads
    rows: Sequence[Row]
    counts_rows: bool
    scale_is_other: bool
    title: str = ""

    def notes(self, line: int) -> Iterator[Note]:
        """What there is to say of its columns, at the line of its heads."""
        if self.counts_rows:
            yield note(line, "ids-left-out", head=self._head("id"))
        if self.scale_is_other:
            yield note(line, "level-scale", head=self._head("level"))
        fields = self.heads.fields
        left_out = [
            head for at, head in enumerate(self.heads.texts) if head and not "".join(fields[at : at + 1])
        ]
        if left_out:
            what = Reason(N_("the columns %(heads)s"), heads=tuple(head[:MAX_SHOWN] for head in left_out))
            yield note(line, "not-kept", what=what)

    def _head(self, field: str) -> str:
        at = self.heads.fields.index(field)
        return "".join(self.heads.texts[at : at + 1])[:MAX_SHOWN]


def sections(rows: Sequence[Row], heads: Heads) -> Iterator[Section]:
    """The sections of a table from its first heads on, each to the next row of heads."""
    texts = [row.cells for row in rows]
    title = next(filter(None, map(title_of, reversed(texts[: heads.at]))), "")
    begin = heads.below
    while True:
        found = ((at, again) for at in range(begin, len(rows)) if (again := _heads_again(texts, at, heads)))
        at, again = next(found, (len(rows), None))
        yield _section(heads, rows[begin:at], title)
        if again is None:
            return
        heads, begin, title = again, again.below, ""


def _heads_again(texts: Sequence[tuple[str, ...]], at: int, heads: Heads) -> Heads | None:
    """New heads between the rows; our own exports have none, whatever their texts look like."""
    cells = texts[at]
    if "format" in heads.fields or not field_of(next((cell for cell in cells if cell), "")):
        return None
    fields = fields_of(cells)
    if fields is None or not all(field for field, cell in zip(fields, cells, strict=True) if cell):
        return None
    return heads_at(texts, at, fields)


def _section(heads: Heads, rows: Sequence[Row], title: str) -> Section:
    ids, levels = _column(heads, rows, "id"), map(level_number, _column(heads, rows, "level"))
    return Section(
        heads,
        rows,
        counts_rows=bool(ids) and all(id.isdigit() or is_example(id) for id in ids),
        scale_is_other=max((level or 0 for level in levels), default=0) in _SCALE,
        title=title,
    )


def _column(heads: Heads, rows: Sequence[Row], field: str) -> list[str]:
    """What stands in a column, titles and remarks aside, which are alone in their rows."""
    if field not in heads.fields:
        return []
    at = heads.fields.index(field)
    return [
        row.cells[at]
        for row in rows
        if len(row.cells) > at and row.cells[at] and any(row.cells[:at] + row.cells[at + 1 :])
    ]


def is_example(id: str) -> bool:
    """Whether an id marks an example of a template."""
    return bool(_EXAMPLE.match(id))


def title_of(cells: Sequence[str]) -> str:
    """The word for a type if the row is the title of a section, else ""."""
    given = {cell for cell in cells if cell}
    return (section_of(given.pop()) or "") if len(given) == 1 else ""
