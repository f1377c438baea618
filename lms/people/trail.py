"""The audit trail as the admin reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, cast, or_, select

from lms.audit import AuditRow
from lms.db import db
from lms.people.models import Person
from lms.people.rules import name_key

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One act: who did it (None: the command line or a job) and, where it was done to a person, to whom."""

    row: AuditRow
    actor: Person | None
    subject: Person | None

    @property
    def detail(self) -> list[tuple[str, str]]:
        """What was noted about the act, in words and figures."""
        return [(name, _plain(value)) for name, value in self.row.detail.items() if value not in (None, [], "")]


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Trail:
    """Some acts, the newest first, and the id before which there are older ones."""

    lines: list[Line]
    older: int | None


def read_trail(person: str, act: str, before: int | None) -> Trail:
    """Acts by or to a person (by user name or part of a name) and of a kind, older than a row. Two statements.

    By id and not by page number: rows are added while one reads.
    """
    found = select(AuditRow).order_by(AuditRow.id.desc()).limit(PAGE + 1)
    if person.strip():
        found = found.where(_about(person))
    if act:
        found = found.where(AuditRow.act == act)
    if before is not None:
        found = found.where(AuditRow.id < before)
    rows = db.session.scalars(found).all()
    shown = rows[:PAGE]
    people = _people(shown)
    lines = [Line(row, people.get(row.actor_id), people.get(_person_id(row))) for row in shown]
    return Trail(lines, shown[-1].id if len(rows) > PAGE else None)


def _about(text: str) -> Any:
    key = name_key(text)
    named = or_(
        Person.name.icontains(text.strip(), autoescape=True),
        Person.username_key == key,
    )
    ids = select(Person.id).where(named)
    noted = cast(AuditRow.detail["person"].as_string(), String)
    return or_(
        AuditRow.actor_id.in_(ids),
        and_(AuditRow.subject == Person.__tablename__, AuditRow.subject_id.in_(ids)),
        noted.in_(select(cast(Person.id, String)).where(named)),
    )


def _person_id(row: AuditRow) -> int | None:
    """Whom an act was done to: the subject itself, or the person that the note names."""
    return row.subject_id if row.subject == Person.__tablename__ else row.detail.get("person")


def _people(rows: Iterable[AuditRow]) -> dict[int | None, Person]:
    ids = {number for row in rows for number in (row.actor_id, _person_id(row)) if isinstance(number, int)}
    found = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in found}
