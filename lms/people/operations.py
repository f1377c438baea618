"""Accounts, their dated history, and decisions."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lms.audit import record
from lms.db import db, lock, lock_name
from lms.errors import N_, Reason, Refused
from lms.people.links import open_link, spend_links
from lms.people.models import (
    TIERS,
    Decision,
    Membership,
    Person,
    RoleGrant,
    SignIn,
    StageSpan,
    Team,
    TierSpan,
)
from lms.people.rules import TEAM_ROLES, name_key, tidy_name


def create_team(name: str, parent: Team | None, *, actor: Person | None, now: datetime) -> Team:
    """A new team below `parent`. Raises Refused on a name that is taken."""
    name = tidy_name(name)
    if not name:
        raise Refused(Reason(N_("Give the team a name.")), 422)
    if db.session.scalar(select(Team.id).where(Team.name == name)) is not None:
        raise Refused(Reason(N_("There is a team called %(name)s already."), name=name), 422)
    team = Team(name=name, parent_id=parent.id if parent else None)
    db.session.add(team)
    db.session.flush()
    team.path = f"{parent.path if parent else '/'}{team.id}/"
    record(actor, "team.create", team, now=now, name=name)
    return team


def create_person(
    username: str, name: str, *, language: str | None = None, actor: Person | None, now: datetime,
    password_hash: str | None = None,
) -> Person:
    """A new account. Without a password it waits for its set-up link to be used. Raises Refused on a taken name."""
    key, name = name_key(username), tidy_name(name)
    if not key:
        raise Refused(Reason(N_("Give the account a user name.")), 422)
    if not name:
        raise Refused(Reason(N_("Enter a name.")), 422)
    if db.session.scalar(select(Person.id).where(Person.username_key == key)) is not None:
        raise Refused(Reason(N_("The user name %(name)s is taken. Choose another."), name=username), 422)
    person = Person(
        username=tidy_name(username), username_key=key, name=name, language=language,
        password_hash=password_hash, created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    record(actor, "person.create", person, now=now, username=person.username)
    return person


def open_account(
    username: str, name: str, *, language: str | None, team: Team | None, stage: str | None, roles: Iterable[str],
    on: date, actor: Person | None, now: datetime,
) -> Person:  # fmt: skip
    """A new account with its place in the company. Leads and managers get theirs for `team`. Raises Refused."""
    person = create_person(username, name, language=language, actor=actor, now=now)
    if team is not None:
        join_team(person, team, on, actor=actor, now=now)
    if stage is not None:
        set_stage(person, stage, on, actor=actor, now=now)
    if stage == "agent":
        set_tier(person, TIERS[0], on, actor=actor, now=now)
    for role in roles:
        grant_role(person, role, on, team=team if role in TEAM_ROLES else None, actor=actor, now=now)
    return person


def set_stage(person: Person, stage: str, on: date, *, actor: Person | None, now: datetime) -> None:
    """Move a person to another stage of their way from a day on."""
    _replace_span(person, StageSpan(person_id=person.id, stage=stage, starts_on=on), on)
    record(actor, "person.stage", person, now=now, stage=stage, on=on.isoformat())


def set_tier(
    person: Person, tier: str, on: date, *, actor: Person | None, now: datetime, decision: Decision | None = None
) -> None:
    """Give a person another tier from a day on."""
    span = TierSpan(
        person_id=person.id, tier=tier, starts_on=on, decision_id=decision.id if decision else None
    )
    _replace_span(person, span, on)
    record(actor, "person.tier", person, now=now, tier=tier, on=on.isoformat())


def join_team(person: Person, team: Team, on: date, *, actor: Person | None, now: datetime) -> None:
    """Make a person a member of one team, and of no other, from a day on."""
    _replace_span(person, Membership(person_id=person.id, team_id=team.id, starts_on=on), on)
    record(actor, "person.team", person, now=now, team=team.id, on=on.isoformat())


def _replace_span(person: Person, span: Any, on: date) -> None:
    model = type(span)
    current = db.session.scalar(
        select(model).where(model.person_id == person.id, model.ends_on.is_(None)).with_for_update(of=model)
    )
    if current is not None:
        if on < current.starts_on:
            raise Refused(Reason(N_("What holds now began on %(day)s. Choose that day or a later one."),
                                 day=current.starts_on), 422)
        current.ends_on = on
        db.session.flush()  # the index allows one open row: close before opening
    db.session.add(span)
    db.session.flush()
    db.session.expire(person, ["stage_span", "tier_span", "membership"])


def grant_role(
    person: Person, role: str, on: date, *, team: Team | None = None, actor: Person | None, now: datetime
) -> None:
    """Give a person a role: of a team for leads and managers. Granting what is held changes nothing. Raises Refused."""
    refuse_on_oneself(person, actor)
    if (role in TEAM_ROLES) != (team is not None):
        raise Refused(Reason(N_("Leads and managers have a team; the other roles have none.")), 422)
    lock(person)
    if _held(person, role, team):
        return
    db.session.add(RoleGrant(person_id=person.id, role=role, team_id=team.id if team else None, starts_on=on))
    db.session.flush()
    db.session.expire(person, ["grants"])
    record(actor, "role.grant", person, now=now, role=role, team=team.id if team else None)


def _held(person: Person, role: str, team: Team | None) -> Sequence[RoleGrant]:
    return db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id, RoleGrant.role == role, RoleGrant.ends_on.is_(None),
            RoleGrant.team_id == team.id if team else RoleGrant.team_id.is_(None),
        )
    ).all()


def end_role(
    person: Person, role: str, on: date, *, team: Team | None = None, actor: Person | None, now: datetime
) -> None:
    """Take a role back from a day on. Ending what is not held changes nothing. Raises Refused."""
    refuse_on_oneself(person, actor)
    if role == "admin":
        _keep_an_admin(person)
    lock(person)
    if held := _held(person, role, team):
        for grant in held:
            grant.ends_on = on
        db.session.flush()
        db.session.expire(person, ["grants"])
        record(actor, "role.end", person, now=now, role=role, team=team.id if team else None)


def refuse_on_oneself(person: Person, actor: Person | None) -> None:
    """Raises Refused (403) where an admin would change their own roles or account."""
    if actor is not None and person.id == actor.id:
        raise Refused(Reason(N_("Nobody changes their own roles or account. Ask another admin.")), 403)


def _keep_an_admin(person: Person) -> None:
    """Refuse to leave the site without an admin. Of two admins who remove each other at once, one is refused."""
    lock_name("admins")
    other = db.session.scalar(
        select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id).where(
            RoleGrant.role == "admin", RoleGrant.ends_on.is_(None), Person.is_active, Person.id != person.id,
            Person.password_hash.is_not(None),
        ).limit(1)
    )
    if other is None:
        raise Refused(Reason(N_("This is the last admin. Make another person admin first.")), 409)


def set_active(person: Person, active: bool, *, actor: Person, now: datetime) -> None:
    """Open or close an account. Closing ends every session and unused link at once. Raises Refused."""
    refuse_on_oneself(person, actor)
    if not active and "admin" in person.roles:
        _keep_an_admin(person)
    lock(person)
    if person.is_active != active:
        person.is_active = active
        if not active:
            end_sign_ins(person, now=now)
            spend_links(person, now=now)
        record(actor, "person.open" if active else "person.close", person, now=now)
        db.session.flush()


def end_sign_ins(person: Person, *, now: datetime) -> None:
    """Sign a person out everywhere."""
    for sign_in in db.session.scalars(
        select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    ):
        sign_in.ended_at = now
    db.session.flush()


def use_link(token: str, password_hash: str, *, now: datetime) -> Person:
    """Set the password of a link's person and spend the link; every session of theirs ends. Raises Refused."""
    link = open_link(token, now, hold=True)
    if link is None or link.person is None:
        raise Refused(Reason(N_("This link was used or is too old. Ask your admin for a new one.")), 410)
    lock(link.person)
    link.used_at = now
    link.person.password_hash = password_hash
    end_sign_ins(link.person, now=now)
    record(link.person, "password.set", link.person, now=now)
    db.session.flush()
    return link.person


def use_first_link(
    token: str, username: str, name: str, password_hash: str, language: str | None, *, on: date, now: datetime
) -> Person:
    """Make the first admin with the set-up link and spend it. Raises Refused."""
    link = open_link(token, now, hold=True)
    if link is None or link.person_id is not None:
        raise Refused(Reason(N_("This link was used or is too old. Start the server again for a new one.")), 410)
    link.used_at = now
    person = create_person(username, name, language=language, actor=None, now=now, password_hash=password_hash)
    grant_role(person, "admin", on, actor=None, now=now)
    return person


def change_password(person: Person, password_hash: str, *, now: datetime) -> None:
    """Set a person's own new password; every session of theirs ends."""
    lock(person)
    person.password_hash = password_hash
    end_sign_ins(person, now=now)
    record(person, "password.change", person, now=now)
    db.session.flush()


def decide(
    kind: str, person: Person, *, reason: str, evidence: dict[str, Any], policy_version_id: int, token: str,
    actor: Person, now: datetime,
) -> Decision:
    """A decision with its evidence frozen. Raises Refused (403) on oneself; the token makes it once only."""
    if person.id == actor.id:
        raise Refused(Reason(N_("Nobody decides on themselves. Ask another manager.")), 403)
    decision = Decision(
        kind=kind, person_id=person.id, decided_by_id=actor.id, decided_at=now, reason=reason,
        evidence=evidence, policy_version_id=policy_version_id, token=token,
    )
    db.session.add(decision)
    db.session.flush()
    record(actor, kind, decision, now=now, person=person.id)
    return decision


def decided_already(token: str) -> Decision | None:
    """The decision this form has led to before: the same command twice has one effect."""
    return db.session.scalar(select(Decision).where(Decision.token == token))
