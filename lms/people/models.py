"""People, teams, roles, their dated history, sign-ins, and the decisions taken about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from lms.db import Model, append_only

STAGES = ("applicant", "trainee", "on_trial", "agent", "ended", "left")
TIERS = ("regular", "senior", "elite", "expert", "gold")
ROLES = ("learner", "mentor", "trainer", "inspector", "team_lead", "manager", "admin")


def one_of(column: str, values: tuple[str, ...], name: str) -> CheckConstraint:
    """A CHECK that a column holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def only_one_open(table: str, *columns: str, end: str = "ends_on") -> Index:
    """At most one row without an end for each value of the columns, held by a partial unique index."""
    condition = text(f"{end} IS NULL")
    return Index(f"uq_{table}_open", *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Team(Model):
    """A team in the tree. `path` lists the ids from the root, as in `/1/4/`."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    path: Mapped[str] = mapped_column(default="", index=True)

    @property
    def way(self) -> list[int]:
        """The ids from the root to this team."""
        return [int(step) for step in self.path.strip("/").split("/")]


class Person(Model):
    """Somebody with an account."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("language", ("en", "zh"), "language"),
        one_of("theme", ("auto", "light", "dark"), "theme"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    username_key: Mapped[str] = mapped_column(unique=True)  # NFKC, case and spaces folded: one name is one person
    name: Mapped[str]
    password_hash: Mapped[str | None]  # None until the set-up link was used
    language: Mapped[str | None] = mapped_column(String(2))  # None until chosen: the browser's
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    stage_span: Mapped["StageSpan | None"] = relationship(
        primaryjoin=lambda: and_(foreign(StageSpan.person_id) == Person.id, StageSpan.ends_on.is_(None)),
        viewonly=True, uselist=False, lazy="joined",
    )
    tier_span: Mapped["TierSpan | None"] = relationship(
        primaryjoin=lambda: and_(foreign(TierSpan.person_id) == Person.id, TierSpan.ends_on.is_(None)),
        viewonly=True, uselist=False, lazy="joined",
    )
    membership: Mapped["Membership | None"] = relationship(
        primaryjoin=lambda: and_(foreign(Membership.person_id) == Person.id, Membership.ends_on.is_(None)),
        viewonly=True, uselist=False, lazy="joined",
    )
    grants: Mapped[list["RoleGrant"]] = relationship(
        primaryjoin=lambda: and_(foreign(RoleGrant.person_id) == Person.id, RoleGrant.ends_on.is_(None)),
        viewonly=True,
    )

    # Flask-Login's protocol. What it keeps in the cookie is the sign-in's token, not the person's id.
    is_authenticated = True
    is_anonymous = False
    token = ""

    def get_id(self) -> str:
        if not self.token:
            raise ValueError("a person is signed in by open_sign_in, which sets the token")
        return self.token

    @property
    def stage(self) -> str | None:
        return self.stage_span.stage if self.stage_span else None

    @property
    def tier(self) -> str | None:
        return self.tier_span.tier if self.tier_span else None

    @property
    def team(self) -> Team | None:
        return self.membership.team if self.membership else None

    @property
    def roles(self) -> set[str]:
        """The roles held now; everyone with an account is a learner."""
        return {"learner"} | {grant.role for grant in self.grants}


class StageSpan(Model):
    """The stage a person was in from a day up to, not including, another."""

    __tablename__ = "stage_span"
    __table_args__ = (one_of("stage", STAGES, "stage"), only_one_open("stage_span", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class TierSpan(Model):
    """The tier a person held from a day up to, not including, another."""

    __tablename__ = "tier_span"
    __table_args__ = (one_of("tier", TIERS, "tier"), only_one_open("tier_span", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    tier: Mapped[str] = mapped_column(String(12))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))


class Membership(Model):
    """The team a person belonged to from a day up to, not including, another."""

    __tablename__ = "membership"
    __table_args__ = (only_one_open("membership", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    team: Mapped[Team] = relationship(lazy="joined")


class RoleGrant(Model):
    """A role held from a day on: of a team for leads and managers, of the whole site for the others."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", ROLES, "role"),
        CheckConstraint("(team_id IS NOT NULL) = (role IN ('team_lead', 'manager'))", name="team"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    team: Mapped[Team | None] = relationship(lazy="joined")


class Mentorship(Model):
    """Who mentors whom from a day up to, not including, another: one mentor a mentee at a time."""

    __tablename__ = "mentorship"
    __table_args__ = (
        only_one_open("mentorship", "mentee_id"),
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    mentor: Mapped[Person] = relationship(foreign_keys=[mentor_id])
    mentee: Mapped[Person] = relationship(foreign_keys=[mentee_id])


class SignIn(Model):
    """A session on the server: the cookie carries a token, this row its SHA-256."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class FailedSignIn(Model):
    """One wrong guess, by the name tried (`name:...`) and by the address it came from (`address:...`)."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime]


class OneTimeLink(Model):
    """A link that sets a password once: for the first admin, a new account, or a forgotten password."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: the first admin
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()


class Decision(Model):
    """What a person decided about another, with the evidence and the policy version it was made on, frozen."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("token"),
        CheckConstraint("person_id <> decided_by_id", name="not_on_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))  # "probation.confirm", "tier.promote", ...
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]]
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    token: Mapped[str] = mapped_column(String(80))  # from the form: the same command twice has one effect

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person] = relationship(foreign_keys=[decided_by_id])


class SiteFact(Model):
    """Something true of this database as a whole."""

    __tablename__ = "site_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


append_only(Decision)
