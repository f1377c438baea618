"""What importing a file would do to a bank, question by question, and the HTML it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.banks.import_queries import known_questions, live_lessons
from lms.banks.import_rules import SAID, Defaults, Planned, clean, plan_item, without
from lms.banks.models import Bank
from lms.banks.operations import text_values
from lms.interchange.reading import ERROR, Item, Note, Reading

Progress = Callable[[int, int], None]
STEP = 50  # questions rendered between two words on how far it is


@dataclass(slots=True)
class Plan:
    """What importing a reading would do to a bank. `texts` are rows with their HTML, by place in `planned`."""

    language: str
    defaults: Defaults
    format: str
    planned: tuple[Planned, ...]
    notes: tuple[Note, ...] = ()
    media: dict[str, bytes] = field(default_factory=dict)
    texts: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        """What was read, with what the bank has to say about it: for `report`."""
        return Reading(self.format, tuple(each.item for each in self.planned), self.notes, self.media)

    @property
    def errors(self) -> int:
        """How many things keep the whole from being imported."""
        of_file = sum(note.effect == ERROR for note in self.notes)
        return of_file + sum(each.flaw == ERROR for each in self.planned)


def plan_import(bank: Bank, reading: Reading, language: str, defaults: Defaults | None = None) -> Plan:
    """What importing the reading would do, question by question. Writes nothing."""
    defaults = defaults or Defaults()
    planned = plan_items(bank, [clean(item) for item in reading.items], language, defaults)
    return Plan(language, defaults, reading.format, planned, reading.notes, dict(reading.media))


def plan_items(bank: Bank, items: Sequence[Item], language: str, defaults: Defaults) -> tuple[Planned, ...]:
    """What importing each of the items would do, beside what the bank has now: not what it had before."""
    items = [without(item, set(SAID)) for item in items]
    known, lessons = known_questions(bank, [item.id for item in items if not item.has_error]), live_lessons()
    return tuple(plan_item(item, known.get(item.id), language, defaults, lessons) for item in items)


def render_plan(plan: Plan, progress: Progress | None = None) -> None:
    """Render what will be written. Slow for thousands, so outside any transaction; `write_import` does the rest."""
    wanted = [at for at, each in enumerate(plan.planned) if each.content is not None and at not in plan.texts]
    for done, at in enumerate(wanted):
        if progress and done % STEP == 0:
            progress(done, len(wanted))
        plan.texts[at] = text_values(plan.planned[at].text.wording, plan.language)
