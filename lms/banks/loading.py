"""Question banks from their files into the database.

A load adds and updates the questions of its files, and retires those it loaded once that the files no longer
have. It never touches a question that was written or imported elsewhere, or that was edited since it was
loaded: that is a conflict, reported and left alone. `loaded_id` remembers the version that the file said
last; None on a question of origin file means that it left the file and was retired for that.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import audit
from lms.banks.models import Bank, Question
from lms.banks.operations import add_version, new_version
from lms.banks.rules import LIVE, RETIRED, hash_of
from lms.db import db, lock_name
from lms.interchange import records
from lms.interchange.changes import Changes

ELSEWHERE = "it was written or imported in the database. Give the file's question another id."
EDITED = "it was edited in the browser since it was loaded. Make the file and the question say the same."
TAKEN_BACK = "it was retired in the browser. Remove it from the file, or make it live again there."
LEFT_BEHIND = "it is no longer in the file, but it was edited in the browser since. Retire it there."


def load_bank(file: records.Bank, changes: Changes, *, now: datetime) -> None:
    """Bring one bank and its questions up to date with its files."""
    lock_name(f"bank {file.slug}")
    bank = db.session.scalar(select(Bank).where(Bank.slug == file.slug))
    is_new = bank is None
    titles = dict(file.title)
    if bank is None:
        bank = Bank(slug=file.slug, area=file.area, titles=titles)
        db.session.add(bank)
    renamed = (bank.area, bank.titles) != (file.area, titles)
    bank.area, bank.titles = file.area, titles
    changes.note(f"bank {file.slug}", is_new=is_new, has_changed=renamed)
    db.session.flush()
    known = _questions_of(bank)
    _add(bank, [content for content in file.questions if content.id not in known], changes, now)
    for content in file.questions:
        question = known.pop(content.id, None)
        if question is not None and (reason := _update(question, content, changes, now)):
            changes.conflicts.append((f"question {question.ref}", reason))
    _retire(known.values(), changes, now)
    db.session.flush()


def _questions_of(bank: Bank) -> dict[str, Question]:
    found = db.session.scalars(
        select(Question)
        .where(Question.bank_id == bank.id)
        .options(joinedload(Question.current))
        .with_for_update(of=Question)
        .order_by(Question.id)
    )
    return {question.slug: question for question in found}


def _add(bank: Bank, contents: Sequence[records.Question], changes: Changes, now: datetime) -> None:
    """Add questions all at once: a first load has hundreds, and a flush for each took most of its time."""
    versions = []
    for content in contents:
        ref = f"{bank.slug}/{content.id}"
        question = Question(bank=bank, slug=content.id, ref=ref, origin="file", state=LIVE)
        db.session.add(question)
        versions.append(new_version(question, content, actor=None, now=now))
    db.session.flush()
    for version in versions:
        question = version.question
        question.current, question.loaded_id = version, version.id
        audit.record(None, "question.load", question, now=now, ref=question.ref, version=1)
        changes.added.append(f"question {question.ref}")


def _update(question: Question, content: records.Question, changes: Changes, now: datetime) -> str | None:
    """Make the question what the file says, or say why not."""
    current = question.current
    if question.origin != "file":
        return ELSEWHERE
    is_same = current is not None and current.content_hash == hash_of(content)
    if question.loaded_id is not None and not is_same and question.loaded_id != question.current_id:
        return EDITED
    was_dropped = question.loaded_id is None
    if question.state == RETIRED and not was_dropped:
        return TAKEN_BACK
    if not is_same:
        current = add_version(question, content, actor=None, now=now)
    if was_dropped:
        question.state = LIVE
    question.loaded_id = current.id if current else None
    has_changed = was_dropped or not is_same
    if has_changed and current:
        audit.record(None, "question.load", question, now=now, ref=question.ref, version=current.number)
    changes.note(f"question {question.ref}", is_new=False, has_changed=has_changed)
    return None


def _retire(questions: Collection[Question], changes: Changes, now: datetime) -> None:
    """Retire what came from a file and is no longer in it."""
    for question in questions:
        if question.origin != "file" or question.loaded_id is None:
            continue
        if question.loaded_id != question.current_id and question.state != RETIRED:
            changes.conflicts.append((f"question {question.ref}", LEFT_BEHIND))
            continue
        question.state, question.loaded_id = RETIRED, None
        audit.record(None, "question.retire", question, now=now, ref=question.ref)
        changes.retired.append(f"question {question.ref}")


def retire_banks_but(slugs: Collection[str], changes: Changes, *, now: datetime) -> None:
    """Retire the questions of files whose whole bank is gone."""
    gone = db.session.scalars(
        select(Question)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.slug.not_in(slugs), Question.origin == "file", Question.loaded_id.is_not(None))
        .order_by(Question.id)
    )
    _retire(gone.all(), changes, now)
