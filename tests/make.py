"""Builders: the smallest world a test needs. Each commits, so that clients see what was built."""

from datetime import date, datetime
from itertools import count

from lms.db import db
from lms.people import operations
from lms.people.models import Person, Team
from tests.conftest import NOON

_numbers = count(1)
DAY_ONE = date(2026, 1, 5)


def team(name: str | None = None, parent: Team | None = None) -> Team:
    made = operations.create_team(name or f"Team {next(_numbers)}", parent, actor=None, now=NOON)
    db.session.commit()
    return made


def person(
    name: str | None = None,
    *,
    stage: str | None = "agent",
    team: Team | None = None,
    tier: str | None = None,
    roles: tuple[str, ...] = (),
    password_hash: str | None = None,
    since: date = DAY_ONE,
    now: datetime = NOON,
) -> Person:
    """A person at a stage, in a team, with roles; leads and managers get theirs for that team."""
    name = name or f"Person {next(_numbers)}"
    made = operations.create_person(name, name, language="en", actor=None, now=now, password_hash=password_hash)
    if stage:
        operations.set_stage(made, stage, since, actor=None, now=now)
    if team is not None:
        operations.join_team(made, team, since, actor=None, now=now)
    if tier:
        operations.set_tier(made, tier, since, actor=None, now=now)
    for role in roles:
        of = team if role in ("team_lead", "manager") else None
        operations.grant_role(made, role, since, team=of, actor=None, now=now)
    db.session.commit()
    return made


def manager(team: Team, name: str | None = None) -> Person:
    return person(name, stage=None, team=team, roles=("manager",))
