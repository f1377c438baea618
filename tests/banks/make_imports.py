"""Builders for imports: items as a reader gives them, and imports in every state."""

from dataclasses import replace
from typing import Any

from lms.banks import import_preview
from lms.banks.import_models import BankImport
from lms.banks.import_rules import Defaults
from lms.banks.imports import Outcome, Plan, plan_import, render_plan, write_import
from lms.banks.models import Bank
from lms.db import db
from lms.interchange.reading import Item, Reading, reading_of
from lms.people.models import Person
from tests.conftest import NOON

ITEM = Item(line=1, stem="When does the platform step in?", options=("At once", "After 72 hours"), keys=("b",))


def item(stem: str = ITEM.stem, **changes: Any) -> Item:
    return replace(ITEM, stem=stem, **changes)


def items(count: int) -> list[Item]:
    return [item(f"What is right in case {number}?", line=number) for number in range(1, count + 1)]


def reading(*found: Item) -> Reading:
    return reading_of("text", found)


def plan(bank: Bank, *found: Item, language: str = "en", **defaults: Any) -> Plan:
    return plan_import(bank, reading(*found), language, Defaults(**defaults))


def write(bank: Bank, actor: Person | None, *found: Item, only_good: bool = False, **more: Any) -> Outcome:
    made = plan(bank, *found, **more)
    render_plan(made)
    outcome = write_import(bank, made, only_good=only_good, actor=actor, now=NOON, name="questions.docx")
    db.session.commit()
    return outcome


def preview(bank: Bank, actor: Person, *found: Item, language: str = "en", **defaults: Any) -> BankImport:
    made = import_preview.start_import(
        bank, name="questions.docx", format="text", language=language, defaults=Defaults(**defaults), actor=actor,
        now=NOON,
    )  # fmt: skip
    import_preview.keep_reading(made, plan(bank, *found, language=language, **defaults), None, None)
    db.session.commit()
    return made
