"""What only the server knows: the keys of the papers it drew. Read straight from a demo's database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import create_app
from lms.banks.models import QuestionVersion
from lms.config import Settings
from lms.db import db
from lms.exams.models import Answer, AttemptItem
from tests.browser.server import Company


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
