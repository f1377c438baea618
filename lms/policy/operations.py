"""Bringing a policy into force."""

from datetime import date, datetime

from lms import clock
from lms.audit import record
from lms.db import db
from lms.errors import N_, Reason, Refused
from lms.people.models import Person
from lms.policy.models import PolicyVersion
from lms.policy.queries import newest
from lms.policy.schema import default_text, parse_policy


def load_policy(
    text: str, file: str, effective_from: date, *, actor: Person | None, now: datetime
) -> PolicyVersion:
    """A new version of the policy; the newest one again if the text is the same.

    Raises PolicyError with every problem of the document, Refused for a day that is over. Nothing is
    written then, and the version before stays in force.
    """
    parse_policy(text, file)
    latest = newest()
    if latest is not None and latest.source == text:
        return latest
    if effective_from < clock.day_of(now):
        raise Refused(Reason(N_("A policy cannot begin on a day that is over. Choose today or later.")), 422)
    version = PolicyVersion(
        number=latest.number + 1 if latest else 1,
        effective_from=effective_from,
        source=text,
        loaded_at=now,
        loaded_by_id=actor.id if actor else None,
    )
    db.session.add(version)
    db.session.flush()
    record(actor, "policy.load", version, now=now, number=version.number, from_day=effective_from.isoformat())
    return version


def load_default_policy(*, now: datetime) -> PolicyVersion:
    """The document a new site starts with, unless there is a policy already."""
    return newest() or load_policy(default_text(), "default.toml", clock.day_of(now), actor=None, now=now)
