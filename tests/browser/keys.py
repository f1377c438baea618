"""What goes past the pages, straight to a demo's database: the keys of papers, and one more candidate."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import clock, create_app
from lms.banks.models import QuestionVersion
from lms.config import Settings
from lms.db import db, writes
from lms.demo import PASSWORD
from lms.demo.days import study_for
from lms.exams.models import Answer, AttemptItem
from lms.people import operations
from lms.people.passwords import hash_password
from tests.browser.server import Company

_numbers = count(1)


@contextmanager
def database_of(company: Company) -> Iterator[None]:
    """Inside, `db.session` reads the company's database."""
    with create_app(Settings(instance=company.instance, demo=True)).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def keys_of_attempt(company: Company, attempt_id: int) -> dict[int, list[str]]:
    """Position -> ids of the right options."""
    with database_of(company):
        items = db.session.scalars(
            select(AttemptItem)
            .where(AttemptItem.attempt_id == attempt_id)
            .options(joinedload(AttemptItem.version))
        )
        return {item.position: item.version.keys for item in items}


def keys_of_versions(company: Company, version_ids: list[int]) -> dict[int, list[str]]:
    """Question version -> ids of the right options."""
    with database_of(company):
        rows = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(version_ids)))
        return {version.id: version.keys for version in rows}


def saved_answers(company: Company, attempt_id: int) -> dict[int, list[str]]:
    """Position -> ids chosen, as the database holds them."""
    with database_of(company):
        rows = db.session.scalars(select(Answer).where(Answer.attempt_id == attempt_id))
        return {answer.position: answer.chosen for answer in rows}


def one_more_candidate(company: Company) -> str:
    """Somebody new who has done all courses and may sit the exam at once; the user name."""
    with database_of(company):
        hashed = hash_password(PASSWORD)
        return writes(_hire)(f"candidate{next(_numbers)}", hashed)


def _hire(username: str, hashed: str) -> str:
    now = clock.now()
    person = operations.create_person(username, username, actor=None, now=now, password_hash=hashed)
    operations.set_stage(person, "trainee", clock.day_of(now), actor=None, now=now)
    study_for(person, "base", now - timedelta(days=2))
    return username
