"""Which policy is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import case, select

from lms.db import db
from lms.policy.models import PolicyVersion
from lms.policy.schema import Policy, parse_policy


@dataclass(frozen=True)
class InForce:
    """A policy with the version that holds it; decisions keep `version_id`."""

    version_id: int
    number: int
    effective_from: date
    policy: Policy


_parsed = lru_cache(maxsize=8)(parse_policy)  # by its whole text: a version's id means another one elsewhere


def policy_in_force(on: date) -> InForce:
    """The newest version whose day has come, or the first one on a day before all of them. One statement."""
    has_come = PolicyVersion.effective_from <= on
    version = db.session.execute(
        select(PolicyVersion.id, PolicyVersion.number, PolicyVersion.effective_from, PolicyVersion.source)
        .order_by(has_come.desc(), case((has_come, -PolicyVersion.number), else_=PolicyVersion.number))
        .limit(1)
    ).one()
    return InForce(version.id, version.number, version.effective_from, _parsed(version.source))


def current_policy(on: date) -> Policy:
    """The policy in force on a day of the site's calendar."""
    return policy_in_force(on).policy


def versions() -> Sequence[PolicyVersion]:
    """Every version, the newest first."""
    return db.session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc())).all()


def newest() -> PolicyVersion | None:
    """The version loaded last, in force or still to come."""
    return db.session.scalar(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1))
