"""The rows of an import, a table at a time: thousands of questions take a few statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from lms.audit import AuditRow
from lms.banks.import_models import ADDED, TRANSLATED, BankImport, BankImportQuestion
from lms.banks.import_plan import Plan
from lms.banks.import_queries import chunks
from lms.banks.import_rules import NEW, TRANSLATION, Planned
from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.banks.operations import option_ids_of
from lms.banks.rules import hash_of
from lms.db import db
from lms.interchange import records
from lms.people.models import Person


def write_rows(
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
