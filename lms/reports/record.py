"""One person's record, each part only for those whose permission reaches the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, select
from sqlalchemy.orm import joinedload

from lms import clock
from lms.access import Permission, reachable
from lms.certification.queries import Holding, holdings_of
from lms.conduct.queries import standings_of
from lms.conduct.rules import Standing
from lms.courses.queries import CourseProgress, course_progress
from lms.db import db
from lms.exams.models import Attempt
from lms.people.models import Decision, Membership, Person, StageSpan, Team, TierSpan
from lms.performance.queries import Recorded, months_of
from lms.policy.queries import policy_in_force
from lms.probation.models import Probation
from lms.probation.queries import latest_probation, mentors_of
from lms.tiers.queries import Way, tier_history, ways_of

ASKED = (
    Permission.SEE_PROGRESS,
    Permission.SEE_SHIFTS,
    Permission.SEE_CONDUCT,
    Permission.READ_KPI,
    Permission.RECORD_KPI,
    Permission.SCORE_SHIFTS,
    Permission.DECIDE,
)


def permissions_on(person_id: int, actor: Person) -> set[Permission]:
    """Which of the permissions that a record asks for reach this person. One statement.

    Everybody sees their own record whole, and decides nothing in it.
    """
    if person_id == actor.id:
        seen = (Permission.SEE_PROGRESS, Permission.SEE_SHIFTS, Permission.SEE_CONDUCT, Permission.READ_KPI)
        return set(seen)
    columns = [
        case((reachable(actor, permission), 1), else_=0).cast(Integer).label(permission.name)
        for permission in ASKED
    ]
    row = db.session.execute(select(*columns).where(Person.id == person_id)).one_or_none()
    return {permission for permission, reached in zip(ASKED, row or (), strict=False) if reached}


@dataclass(frozen=True)
class Record:
    """What may be shown of a person; a part that may not, or is not there, is None or empty."""

    person: Person
    may: set[Permission]
    stages: Sequence[StageSpan]
    tiers: Sequence[TierSpan]
    teams: Sequence[tuple[Membership, str]]
    mentor: str | None
    holdings: Sequence[Holding]
    courses: Sequence[CourseProgress]
    attempts: Sequence[Attempt]
    trial: Probation | None
    months: Sequence[Recorded]
    standing: Standing | None
    way: Way | None
    decisions: Sequence[Decision]


def record_of(person: Person, may: set[Permission], now: datetime) -> Record:
    """The parts of a person's record that these permissions show."""
    today = clock.day_of(now)
    conduct, kpi = Permission.SEE_CONDUCT in may, Permission.READ_KPI in may
    ways = ways_of([person], today, policy_in_force(today)) if conduct and kpi else []
    return Record(
        person=person,
        may=may,
        stages=_spans(StageSpan, person.id),
        tiers=tier_history([person.id]).get(person.id, []),
        teams=_teams(person.id),
        mentor=mentors_of([person.id]).get(person.id),
        holdings=holdings_of([person.id], today)[person.id],
        courses=course_progress(person.id),
        attempts=_attempts(person.id),
        trial=latest_probation(person) if Permission.SEE_SHIFTS in may else None,
        months=months_of([person.id]).get(person.id, []) if kpi else [],
        standing=standings_of([person.id], today)[person.id] if conduct else None,
        way=ways[0] if ways else None,
        decisions=_decisions(person.id) if conduct else [],
    )


def _spans(model: type[StageSpan], person_id: int) -> Sequence[StageSpan]:
    return db.session.scalars(
        select(model).where(model.person_id == person_id).order_by(model.starts_on, model.id)
    ).all()


def _teams(person_id: int) -> Sequence[tuple[Membership, str]]:
    rows = db.session.execute(
        select(Membership, Team.name)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.starts_on, Membership.id)
    )
    return [(span, name) for span, name in rows]


def _attempts(person_id: int) -> Sequence[Attempt]:
    """Attempts that are over, the newest first."""
    return db.session.scalars(
        select(Attempt)
        .where(Attempt.person_id == person_id, Attempt.earned.is_not(None))
        .options(joinedload(Attempt.version))
        .order_by(Attempt.started_at.desc())
    ).all()


def _decisions(person_id: int) -> Sequence[Decision]:
    return db.session.scalars(
        select(Decision)
        .where(Decision.person_id == person_id)
        .options(joinedload(Decision.decided_by).lazyload("*"))
        .order_by(Decision.id.desc())
    ).all()
