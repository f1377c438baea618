"""What a preview shows of each question: as a learner will see it, with its keys and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from lms.banks.import_models import BankImport, BankImportItem
from lms.banks.models import QuestionText
from lms.banks.operations import text_of
from lms.interchange.items import question_of
from lms.interchange.reading import Item
from lms.interchange.records import MAX_OPTIONS
from lms.interchange.stored import item_from_json

SPARE_ROWS, LEAST_ROWS = 2, 4


@dataclass(frozen=True)
class Shown:
    """A question of an import on its page. `rows` are letter and text of each option in the form that mends it."""

    row: BankImportItem
    item: Item
    text: QuestionText
    rows: tuple[tuple[str, str], ...]


def shown_items(made: BankImport, rows: Sequence[BankImportItem]) -> list[Shown]:
    """The questions of one page, rendered."""
    return [_shown(made, row) for row in rows]


def _shown(made: BankImport, row: BankImportItem) -> Shown:
    item = item_from_json(row.content, row.notes)
    count = len(item.options)
    wanted = max(count, min(max(count + SPARE_ROWS, LEAST_ROWS), MAX_OPTIONS))
    options = (*item.options, *[""] * (wanted - count))
    letters = [ascii_lowercase[at : at + 1] for at in range(wanted)]
    text = text_of(question_of(item).wording, made.language)
    return Shown(row, item, text, tuple(zip(letters, options, strict=True)))
