"""Importing questions: planned from what a file says, written all at once or not at all, and taken back whole.

The command line and the screen use the same three steps: `plan_import`, `render_plan` (slow, outside any
transaction) and `write_import`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from lms import audit
from lms.audit import AuditRow
from lms.banks.import_models import ADDED, DONE, TRANSLATED, BankImport, BankImportQuestion
from lms.banks.import_queries import chunks, known_questions, live_lessons
from lms.banks.import_rules import (
    NEW,
    SAID,
    TRANSLATION,
    UNCHANGED,
    Defaults,
    Planned,
    clean,
    plan_item,
    without,
)
from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.banks.operations import option_ids_of, text_values
from lms.banks.rules import hash_of
from lms.db import db, lock_name
from lms.errors import N_, Reason, Refused
from lms.interchange import records
from lms.interchange.media import store
from lms.interchange.reading import ERROR, Item, Note, Reading
from lms.people.models import Person

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
        """What was read, with what the bank has to say about it: for `reading.report`."""
        return Reading(self.format, tuple(each.item for each in self.planned), self.notes, self.media)

    @property
    def errors(self) -> int:
        """How many things keep the whole from being imported."""
        of_file = sum(note.effect == ERROR for note in self.notes)
        return of_file + sum(each.flaw == ERROR for each in self.planned)


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
    made = made or _record(bank, plan, name, actor, now)
    made.state, made.counts = DONE, outcome.counts()
    db.session.flush()
    _write(bank, plan, chosen, made, actor, now)
    audit.record(actor, "bank.import", made, now=now, bank=bank.slug, name=made.name, **outcome.counts())
    if media_folder is not None:
        store(media_folder, _shown_media(plan, chosen))
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
    return {name: data for name, data in plan.media.items() if any(name in text for text in texts)}


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


def _write(
    bank: Bank, plan: Plan, chosen: Sequence[int], made: BankImport, actor: Person | None, now: datetime
) -> None:
    """The rows, a table at a time: thousands of questions take a few statements."""
    if not chosen:
        return
    ids = _add_questions(bank, [plan.planned[at] for at in chosen if plan.planned[at].verdict == NEW])
    ids |= {each.item.id: each.known.id for each in plan.planned if each.known is not None}
    versions = _add_versions([plan.planned[at] for at in chosen], ids, actor, now)
    _add_texts(plan, chosen, ids, versions)
    new_rows: list[dict[str, Any]] = []
    old_rows: list[dict[str, Any]] = []
    import_rows, audit_rows = [], []
    for at in chosen:
        each = plan.planned[at]
        question, is_translation = ids[each.item.id], each.verdict == TRANSLATION
        if is_translation:
            old_rows.append({"id": question, "current_id": versions[question]})
        else:
            new_rows.append({"id": question, "current_id": versions[question], "state": each.state})
        kind = TRANSLATED if is_translation else ADDED
        import_rows.append(
            {"import_id": made.id, "question_id": question, "version_id": versions[question], "kind": kind}
        )
        audit_rows.append(audit_row("question.import", question, actor, now, import_id=made.id, verdict=each.verdict))
    for rows in (new_rows, old_rows):
        if rows:
            db.session.execute(update(Question), rows)
    db.session.execute(insert(BankImportQuestion), import_rows)
    db.session.execute(insert(AuditRow), audit_rows)


def _add_questions(bank: Bank, planned: Sequence[Planned]) -> dict[str, int]:
    """Rows for new questions; their ids by slug."""
    if not planned:
        return {}
    rows = [
        {"bank_id": bank.id, "slug": each.item.id, "ref": f"{bank.slug}/{each.item.id}", "origin": "import",
         "state": each.state}
        for each in planned
    ]  # fmt: skip
    found = db.session.execute(insert(Question).returning(Question.slug, Question.id), rows)
    return {row[0]: row[1] for row in found}


def _add_versions(
    planned: Sequence[Planned], ids: dict[str, int], actor: Person | None, now: datetime
) -> dict[int, int]:
    """The next version of each question; its id by the question's."""
    rows = []
    for each in planned:
        assert each.content is not None
        number = each.known.number + 1 if each.known else 1
        rows.append(version_row(ids[each.item.id], number, each.content, actor, now))
    return insert_versions(rows)


def version_row(
    question: int, number: int, content: records.Question, actor: Person | None, now: datetime
) -> dict[str, Any]:
    """A version as the columns of its row."""
    return {
        "question_id": question,
        "number": number,
        "type": content.type,
        "keys": list(content.keys),
        "option_ids": list(option_ids_of(content)),
        "level": content.level,
        "tags": list(content.tags),
        "lesson": content.lesson or None,
        "objective": content.objective or None,
        "use": content.use,
        "shuffle": content.shuffle,
        "content_hash": hash_of(content),
        "created_at": now,
        "created_by_id": actor.id if actor else None,
    }


def insert_versions(rows: list[dict[str, Any]]) -> dict[int, int]:
    """Write versions; their ids by the question's."""
    found = db.session.execute(insert(QuestionVersion).returning(QuestionVersion.question_id, QuestionVersion.id), rows)
    return {row[0]: row[1] for row in found}


def _add_texts(plan: Plan, chosen: Sequence[int], ids: dict[str, int], versions: dict[int, int]) -> None:
    """The texts of the new versions: the file's, and of a translated question those it had."""
    rows = [{"version_id": versions[ids[plan.planned[at].item.id]], **plan.texts[at]} for at in chosen]
    before = {
        each.known.current_id: versions[each.known.id]
        for each in (plan.planned[at] for at in chosen)
        if each.known is not None and each.verdict == TRANSLATION
    }
    rows += copied_texts(before)
    db.session.execute(insert(QuestionText), rows)


def copied_texts(versions: dict[int, int], without: str = "") -> list[dict[str, Any]]:
    """The texts of versions (keys) as rows of their successors (values), but for one language."""
    text = QuestionText
    columns = (text.version_id, text.language, text.stem, text.stem_html, text.options, text.explanation,
               text.explanation_html)  # fmt: skip
    rows = []
    for some in chunks(list(versions)):
        found = db.session.execute(select(*columns).where(text.version_id.in_(some), text.language != without))
        rows += [dict(row._mapping) | {"version_id": versions[row.version_id]} for row in found]
    return rows


def audit_row(act: str, question: int, actor: Person | None, now: datetime, **detail: Any) -> dict[str, Any]:
    """An audit row of many: `audit.record` takes them one by one."""
    return {
        "at": now,
        "actor_id": actor.id if actor else None,
        "act": act,
        "subject": Question.__tablename__,
        "subject_id": question,
        "detail": detail,
    }
