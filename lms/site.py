"""Bringing a site up: the schema, the first policy, the demo mark, the first admin's link."""

from datetime import datetime
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import func, select

from lms import migrations
from lms.db import db, writes
from lms.people.links import make_link
from lms.people.models import Person, SiteFact
from lms.policy.operations import load_default_policy

DEMO = "demo"


def migrate() -> None:
    """Bring the schema up to date; nothing happens when it is."""
    upgrade(directory=str(migrations.FOLDER))


def is_demo() -> bool:
    """Whether this database was made by the demo."""
    return db.session.scalar(select(SiteFact.id).where(SiteFact.name == DEMO)) is not None


def has_people() -> bool:
    return bool(db.session.scalar(select(func.count(Person.id))))


@writes
def mark_demo() -> None:
    """Mark this database as the demo's for good."""
    db.session.add(SiteFact(name=DEMO))


@writes
def prepare(now: datetime) -> None:
    """Load the default policy into a database that has none."""
    load_default_policy(now=now)


@writes
def first_link(now: datetime) -> str | None:
    """A one-time set-up token when nobody has an account yet, else None."""
    return None if has_people() else make_link(None, actor=None, now=now)


def make_instance(folder: Path) -> None:
    """The instance folder, closed to others."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
