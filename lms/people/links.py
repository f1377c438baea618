"""One-time links that set a password: for the first admin, a new account, a forgotten password."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from lms.audit import record
from lms.db import db
from lms.errors import N_, Reason, Refused
from lms.people.models import OneTimeLink, Person

LINK_HOLDS = timedelta(days=3)


def token_hash(token: str) -> str:
    """What is stored of a token: the table alone lets nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(person: Person | None, *, actor: Person | None, now: datetime) -> str:
    """The token of a one-time link that sets a password; None as the person makes the first admin.

    Earlier links of the same person stop working. Raises Refused where the account is closed.
    """
    if person is not None and not person.is_active:
        raise Refused(Reason(N_("The account is closed. Open it first.")), 409)
    spend_links(person, now=now)
    token = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeLink(token_hash=token_hash(token), person_id=person.id if person else None, ends_at=now + LINK_HOLDS)
    )
    db.session.flush()
    record(actor, "link.make", person, now=now)
    return token


def spend_links(person: Person | None, *, now: datetime) -> None:
    whose = OneTimeLink.person_id == person.id if person else OneTimeLink.person_id.is_(None)
    db.session.execute(update(OneTimeLink).where(whose, OneTimeLink.used_at.is_(None)).values(used_at=now))


def open_link(token: str, now: datetime, *, hold: bool = False) -> OneTimeLink | None:
    """The link of a token if it can still be used; held until the transaction ends if it is about to be."""
    usable = select(OneTimeLink).where(
        OneTimeLink.token_hash == token_hash(token), OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now
    )
    return db.session.scalar(usable.with_for_update(of=OneTimeLink) if hold else usable)
