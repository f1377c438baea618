"""What the admin's pages show of accounts and teams. Read only; a constant number of statements a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from lms.db import db
from lms.paging import Paged
from lms.people.models import Membership, OneTimeLink, Person, RoleGrant, SignIn, StageSpan, Team, TierSpan
from lms.people.rules import name_key

STATES = ("open", "waiting", "closed")  # waiting: open, but the set-up link was not used yet
ORDERS: dict[str, Any] = {
    "name": Person.name, "username": Person.username_key, "team": Team.name, "since": Person.created_at,
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which people a page asks for, in which order ("-name": falling)."""

    text: str = ""
    role: str = ""
    team_id: int = 0
    state: str = ""
    sort: str = "name"
    page: int = 1


@dataclass(frozen=True)
class Slice(Paged):
    """One page of the people."""

    rows: Sequence[Any]

    size = 50


def people_page(wanted: Wanted) -> Slice:
    """The people asked for, with team and roles. A page beyond the end is the last one. Three statements."""
    found = (
        select(Person)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.ends_on.is_(None))
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(*_conditions(wanted))
    )
    total = db.session.scalar(select(func.count()).select_from(found.with_only_columns(Person.id).subquery())) or 0
    number = min(max(wanted.page, 1), max(1, -(-total // Slice.size)))
    key = ORDERS.get(wanted.sort.removeprefix("-"), Person.name)
    order = key.desc() if wanted.sort.startswith("-") else key.asc()
    rows = db.session.scalars(
        found.order_by(key.is_(None), order, Person.id)
        .limit(Slice.size)
        .offset((number - 1) * Slice.size)
        .options(selectinload(Person.grants))
    ).all()
    return Slice(total, number, rows)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text.strip():
        by_name = Person.name.icontains(wanted.text.strip(), autoescape=True)
        key = name_key(wanted.text)
        conditions.append(by_name | Person.username_key.contains(key, autoescape=True) if key else by_name)
    if wanted.role:
        conditions.append(Person.id.in_(
            select(RoleGrant.person_id).where(RoleGrant.role == wanted.role, RoleGrant.ends_on.is_(None))
        ))
    if wanted.team_id:
        path = select(Team.path).where(Team.id == wanted.team_id).scalar_subquery()
        conditions.append(Team.path.startswith(path))
    if wanted.state:
        conditions.append(Person.is_active.is_(wanted.state != "closed"))
    if wanted.state == "waiting":
        conditions.append(Person.password_hash.is_(None))
    return conditions


@dataclass(frozen=True)
class TeamRow:
    """A team of the tree: `depth` 0 at the top; people counted without those of teams below."""

    team: Team
    depth: int
    people: int
    leaders: tuple[tuple[Person, str], ...]  # with their role
    managed_above: bool  # somebody manages a team that this one lies below


def team_tree() -> list[TeamRow]:
    """Every team below the one it belongs to, by name. Three statements."""
    counts = {row.team_id: row.people for row in db.session.execute(_people_by_team())}
    leaders: dict[int | None, list[tuple[Person, str]]] = {}
    held = select(RoleGrant.team_id, Person, RoleGrant.role).join(Person, Person.id == RoleGrant.person_id).where(
        RoleGrant.team_id.is_not(None), RoleGrant.ends_on.is_(None)
    )
    for team_id, person, role in db.session.execute(held.order_by(RoleGrant.role, Person.name)):
        leaders.setdefault(team_id, []).append((person, role))
    return [
        TeamRow(
            team, depth, counts.get(team.id, 0), tuple(leaders.get(team.id, ())),
            any(role == "manager" for above in team.way[:-1] for _, role in leaders.get(above, ())),
        )
        for team, depth in _in_order_of_the_tree()
    ]


def _in_order_of_the_tree() -> list[tuple[Team, int]]:
    teams = db.session.scalars(select(Team)).all()
    names = {team.id: team.name for team in teams}
    ordered = sorted(teams, key=lambda team: [(names[step], step) for step in team.way])
    return [(team, len(team.way) - 1) for team in ordered]


def _people_by_team() -> Select[int, int]:
    return (
        select(Membership.team_id, func.count().label("people"))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.ends_on.is_(None), Person.is_active)
        .group_by(Membership.team_id)
    )


def team_choices() -> list[tuple[int, str]]:
    """Id and name of every team in the order of the tree, those below others drawn in. One statement."""
    return [(team.id, "\u2003" * depth + team.name) for team, depth in _in_order_of_the_tree()]


@dataclass(frozen=True)
class Change:
    """One line of a person's dated history; what holds now has no end. `kind` is stage, tier, team or role."""

    kind: str
    value: str
    of_team: str | None
    starts_on: date
    ends_on: date | None


def history_of(person: Person) -> list[Change]:
    """Everything a person was, the newest first. Four statements."""
    changes = [
        Change("stage", span.stage, None, span.starts_on, span.ends_on)
        for span in db.session.scalars(select(StageSpan).where(StageSpan.person_id == person.id))
    ]
    changes += [
        Change("tier", span.tier, None, span.starts_on, span.ends_on)
        for span in db.session.scalars(select(TierSpan).where(TierSpan.person_id == person.id))
    ]
    changes += [
        Change("team", span.team.name, None, span.starts_on, span.ends_on)
        for span in db.session.scalars(select(Membership).where(Membership.person_id == person.id))
    ]
    changes += [
        Change("role", held.role, held.team.name if held.team else None, held.starts_on, held.ends_on)
        for held in db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id))
    ]
    return sorted(changes, key=lambda change: (change.starts_on, change.ends_on is None), reverse=True)


def last_sign_in(person: Person) -> datetime | None:
    """When a person signed in last."""
    return db.session.scalar(select(func.max(SignIn.started_at)).where(SignIn.person_id == person.id))


def link_holds_until(person: Person, now: datetime) -> datetime | None:
    """Until when the person's unused one-time link works, if there is one."""
    return db.session.scalar(
        select(func.max(OneTimeLink.ends_at)).where(
            OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now
        )
    )
