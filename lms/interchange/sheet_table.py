"""The rows of a table as a file shows them, before anybody knows what its columns mean."""

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

WHOLE_ROW = -1  # where a mark is about no column


@dataclass(frozen=True, slots=True)
class Row:
    """A row with text. `number` is as the program shows it; `marks` are codes of notes by column, 0 first."""

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a sheet that have text, and its merged cells: first row, first column, last row, last column.

    Rows are numbered from 1 and columns from 0. A sheet of help is not missed if it has no questions.
    """

    rows: Sequence[Row]
    name: str = ""
    merges: Sequence[tuple[int, int, int, int]] = ()
    is_help: bool = False


def column_letter(at: int) -> str:
    """What a spreadsheet calls a column, 0 first: A, B... Z, AA..."""
    name = ""
    while at >= 0:
        at, rest = divmod(at, 26)
        name = chr(ord("A") + rest) + name
        at -= 1
    return name


def filled_down(table: Table, settings: Container[int], below: int) -> Sequence[Row]:
    """The rows with what merged cells show for all of their rows, in columns of settings below the heads."""
    merges = [merge for merge in sorted(table.merges) if merge[1] in settings and merge[1] == merge[3]]
    if not merges:
        return table.rows
    rows = list(table.rows)
    numbers = [row.number for row in rows]
    done: dict[int, int] = {}
    for first, column, last, _ in merges:
        at = bisect_left(numbers, max(first, done.get(column, 0) + 1))
        done[column] = max(last, done.get(column, 0))
        if not below <= at < len(rows) or numbers[at] != first or len(rows[at].cells) <= column:
            continue
        text = rows[at].cells[column]
        while (at := at + 1) < len(rows) and numbers[at] <= last:
            cells = rows[at].cells + ("",) * (column + 1 - len(rows[at].cells))
            if not cells[column]:
                rows[at] = Row(numbers[at], (*cells[:column], text, *cells[column + 1 :]), rows[at].marks)
    return rows
