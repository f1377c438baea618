"""Taking back a whole import: what it added rests, what it translated loses that language, what was edited stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import aliased

from lms import audit
from lms.audit import AuditRow
from lms.banks.import_models import ADDED, DONE, UNDONE, BankImport, BankImportQuestion
from lms.banks.import_queries import chunks, known_questions
from lms.banks.import_rows import audit_row, copied_texts, insert_versions, version_row
from lms.banks.models import Question, QuestionText, QuestionVersion
from lms.banks.rules import RETIRED
from lms.db import db, lock, lock_name
from lms.errors import N_, Reason, Refused
from lms.people.models import Person


def undo_import(made: BankImport, *, actor: Person | None, now: datetime) -> tuple[int, int]:
    """Take an import back; how many questions were taken back, and how many edited since were left.

    Papers already drawn keep what they were drawn with. Raises Refused where it is not there to be undone.
    """
    lock(made)  # first, as those do who write it
    lock_name(f"bank {made.bank.slug}")
    if made.state != DONE:
        raise Refused(Reason(N_("This import is not there to be undone. Reload the page and look again.")))
    rows = _rows_of(made)
    untouched = [row for row in rows if row.now == row.then]
    added = [row.id for row in untouched if row.kind == ADDED and row.state != RETIRED]
    _retire(added)
    translated = _drop_language(made, [row.slug for row in untouched if row.kind != ADDED], actor, now)
    taken, left = len(added) + len(translated), len(rows) - len(untouched)
    made.state = UNDONE
    made.counts = {**made.counts, "taken": taken, "edited": left}
    acts = [audit_row("question.retire", id, actor, now, import_id=made.id) for id in added]
    acts += [audit_row("question.edit", id, actor, now, import_id=made.id) for id in translated]
    if acts:
        db.session.execute(insert(AuditRow), acts)
    audit.record(actor, "bank.import_undo", made, now=now, bank=made.bank.slug, taken=taken, left=left)
    db.session.flush()
    return taken, left


def _rows_of(made: BankImport) -> Sequence[Any]:
    """The questions of an import with the hash of what it wrote and of what they say now."""
    current, written = aliased(QuestionVersion), aliased(QuestionVersion)
    found = db.session.execute(
        select(Question.id, Question.slug, Question.state, BankImportQuestion.kind,
               current.content_hash.label("now"), written.content_hash.label("then"))
        .join(BankImportQuestion, BankImportQuestion.question_id == Question.id)
        .join(current, current.id == Question.current_id)
        .join(written, written.id == BankImportQuestion.version_id)
        .where(BankImportQuestion.import_id == made.id)
        .with_for_update(of=Question)
        .order_by(Question.id)
    )  # fmt: skip
    return found.all()


def _retire(questions: list[int]) -> None:
    for some in chunks(questions):
        change = update(Question).where(Question.id.in_(some)).values(state=RETIRED)
        db.session.execute(change, execution_options={"synchronize_session": False})


def _drop_language(made: BankImport, slugs: list[str], actor: Person | None, now: datetime) -> list[int]:
    """A version without the import's language for each question that has another one; the questions' ids."""
    known = [each for each in known_questions(made.bank, slugs).values() if len(each.content.wordings) > 1]
    if not known:
        return []
    rows = []
    for each in known:
        wordings = {name: wording for name, wording in each.content.wordings.items() if name != made.language}
        rows.append(version_row(each.id, each.number + 1, replace(each.content, wordings=wordings), actor, now))
    versions = insert_versions(rows)
    texts = copied_texts({each.current_id: versions[each.id] for each in known}, without=made.language)
    db.session.execute(insert(QuestionText), texts)
    db.session.execute(update(Question), [{"id": id, "current_id": version} for id, version in versions.items()])
    return list(versions)
