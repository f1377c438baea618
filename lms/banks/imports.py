"""Importing questions: planned from what a file says, written all at once or not at all, and taken back whole.

The command line and the screen use the same three steps: `plan_import`, `render_plan` (slow, outside any
transaction) and `write_import`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lms import audit
from lms.banks.import_models import DONE, BankImport
from lms.banks.import_plan import Plan, plan_import, plan_items, render_plan
from lms.banks.import_rows import write_rows
from lms.banks.import_rules import TRANSLATION, UNCHANGED
from lms.banks.models import Bank
from lms.db import db, lock_name
from lms.errors import N_, Reason, Refused
from lms.interchange.media import NAME, store
from lms.people.models import Person

__all__ = ["Outcome", "Plan", "plan_import", "render_plan", "why_not_all", "write_import"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import wrote: ids of questions that are new or back, live or as drafts, and of translated ones."""

    live: tuple[str, ...]
    drafts: tuple[str, ...]
    translated: tuple[str, ...]
    unchanged: int
    left: int

    def counts(self) -> dict[str, int]:
        """How many of each."""
        lists = {"live": self.live, "drafts": self.drafts, "translated": self.translated}
        return {name: len(ids) for name, ids in lists.items()} | {"unchanged": self.unchanged, "left": self.left}


def write_import(
    bank: Bank,
    plan: Plan,
    *,
    only_good: bool,
    actor: Person | None,
    now: datetime,
    name: str = "",
    made: BankImport | None = None,
    media_folder: Path | None = None,
) -> Outcome:
    """Write what was planned: the good questions live and, unless `only_good`, the others as drafts.

    All of it or nothing: raises Refused (422) while a question or the file has an error, unless `only_good`.
    The bank is looked at again first. `made` is the import that was previewed; without one it is recorded as new.
    """
    lock_name(f"bank {bank.slug}")
    plan.planned = plan_items(bank, [each.item for each in plan.planned], plan.language, plan.defaults)
    if not only_good and plan.errors:
        raise Refused(why_not_all(plan.errors), 422)
    render_plan(plan)
    chosen = [at for at, each in enumerate(plan.planned) if each.is_good or (each.is_draft and not only_good)]
    outcome = _outcome(plan, chosen)
    if made is None and not chosen:
        return outcome
    if media_folder is not None:
        _keep_pictures(media_folder, _shown_media(plan, chosen))
    made = made or _record(bank, plan, name, actor, now)
    made.state, made.counts = DONE, outcome.counts()
    db.session.flush()
    write_rows(bank, plan, chosen, made, actor, now)
    audit.record(actor, "bank.import", made, now=now, bank=bank.slug, name=made.name, **outcome.counts())
    db.session.flush()
    return outcome


def why_not_all(errors: int) -> Reason:
    """Why not everything may be imported."""
    return Reason(
        N_("Problems that keep this from being imported whole: %(count)s. Mend them, or import only the good ones."),
        count=errors,
    )


def _outcome(plan: Plan, chosen: Sequence[int]) -> Outcome:
    written = [plan.planned[at] for at in chosen]
    added = [each for each in written if each.verdict != TRANSLATION]
    unchanged = sum(each.verdict == UNCHANGED for each in plan.planned)
    return Outcome(
        live=tuple(each.item.id for each in added if each.is_good),
        drafts=tuple(each.item.id for each in added if each.is_draft),
        translated=tuple(each.item.id for each in written if each.verdict == TRANSLATION),
        unchanged=unchanged,
        left=len(plan.planned) - len(written) - unchanged,
    )


def _shown_media(plan: Plan, chosen: Sequence[int]) -> dict[str, bytes]:
    """The pictures that what is written shows."""
    texts = [text for at in chosen for text in (plan.texts[at]["stem"], plan.texts[at]["explanation"])]
    texts += [option["text"] for at in chosen for option in plan.texts[at]["options"]]
    shown = {name for text in texts for name in NAME.findall(text)}
    return {name: data for name, data in plan.media.items() if name in shown}


def _keep_pictures(folder: Path, pictures: dict[str, bytes]) -> None:
    """Before any row: where they cannot be kept, nothing is written; one left over by a rollback does no harm."""
    try:
        store(folder, pictures)
    except OSError as error:
        message = N_("The pictures cannot be kept (%(why)s). Nothing was imported; tell who runs this site.")
        raise Refused(Reason(message, why=error.strerror or str(error)), 503) from None


def _record(bank: Bank, plan: Plan, name: str, actor: Person | None, now: datetime) -> BankImport:
    made = BankImport(
        bank_id=bank.id,
        person_id=actor.id if actor else None,
        created_at=now,
        name=name[:200],
        format=plan.format,
        language=plan.language,
        defaults=plan.defaults.to_json(),
        notes=[],
        state=DONE,
        counts={},
    )
    db.session.add(made)
    return made
