"""Signing in and out: sessions on the server, and a throttle that holds across processes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import selectinload

from lms.audit import record
from lms.db import db, lock, lock_name
from lms.people.links import token_hash
from lms.people.models import FailedSignIn, Person, SignIn
from lms.people.rules import Throttle, name_key, wait_until

SESSION_HOLDS = timedelta(hours=14)  # a shift, its overrun and an exam
KEEP_FAILURES = timedelta(days=1)


@dataclass(frozen=True)
class Candidate:
    """Whom a name belongs to, read before the slow comparison of the password. Nobody: both are None."""

    person_id: int | None
    password_hash: str | None


def admitted(candidate: Candidate) -> Person | None:
    """The person whose password was compared, if the account is still open and has that password still."""
    person = db.session.get(Person, candidate.person_id)
    if person is None:
        return None
    lock(person)
    return person if person.is_active and person.password_hash == candidate.password_hash else None


def find_candidate(username: str) -> Candidate:
    """The account a name belongs to, if there is one that may sign in."""
    row = db.session.execute(
        select(Person.id, Person.password_hash).where(
            Person.username_key == name_key(username), Person.is_active
        )
    ).first()
    return Candidate(row.id, row.password_hash) if row else Candidate(None, None)


def throttled_until(username: str, address: str, now: datetime, throttle: Throttle) -> datetime | None:
    """When this name, or this address, may guess again; None: at once. Guesses at one name, or from one address,
    take turns, so that many at once cannot all slip through."""
    lock_name(f"sign-in name {name_key(username)}")
    lock_name(f"sign-in address {address}")
    waits = [
        wait_until(throttle, _guesses(key, now - throttle.window, allowed), allowed)
        for key, allowed in _keys(username, address, throttle)
    ]
    return max((wait for wait in waits if wait is not None and wait > now), default=None)


def _keys(username: str, address: str, throttle: Throttle) -> list[tuple[str, int]]:
    # The name's own counter is kept for each address too: a stranger's guesses slow the stranger
    # down long before they slow down the owner, who signs in from elsewhere.
    return [
        (_pair(username, address), throttle.per_name_and_address),
        (f"name:{token_hash(name_key(username))}", throttle.per_name),
        (f"address:{address}", throttle.per_address),
    ]


def _pair(username: str, address: str) -> str:
    return f"pair:{token_hash(f'{name_key(username)} {address}')}"


def _guesses(key: str, since: datetime, at_most: int) -> list[datetime]:
    newest = db.session.scalars(
        select(FailedSignIn.at)
        .where(FailedSignIn.key == key, FailedSignIn.at > since)
        .order_by(FailedSignIn.at.desc())
        .limit(at_most)
    ).all()
    return list(reversed(newest))


def note_guess(username: str, address: str, now: datetime, throttle: Throttle) -> list[int]:
    """Count a guess before its password is compared. Returns the rows' ids: a right guess takes them back."""
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - KEEP_FAILURES))
    rows = [FailedSignIn(key=key, at=now) for key, _ in _keys(username, address, throttle)]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def forgive(guess: list[int], username: str, address: str) -> None:
    """Take back a guess that was right, and the name's wrong ones from the same address."""
    db.session.execute(
        delete(FailedSignIn).where(FailedSignIn.id.in_(guess) | (FailedSignIn.key == _pair(username, address)))
    )


def open_sign_in(person: Person, guess: list[int], username: str, address: str, *, now: datetime) -> str:
    """Open a session on the server and return its token. The name's wrong guesses from this address are forgiven."""
    forgive(guess, username, address)
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(token_hash=token_hash(token), person_id=person.id, started_at=now, ends_at=now + SESSION_HOLDS)
    )
    db.session.flush()
    record(person, "sign-in", person, now=now)
    return token


def close_sign_in(token: str, *, actor: Person, now: datetime) -> None:
    """End one session."""
    db.session.execute(
        update(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None)).values(ended_at=now)
    )
    record(actor, "sign-out", actor, now=now)


def person_of(token: str, now: datetime) -> Person | None:
    """Who a session's token belongs to, with their roles, if it still holds. Two statements."""
    person = db.session.scalar(
        select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None), SignIn.ends_at > now, Person.is_active
        )
        .options(selectinload(Person.grants))
    )
    if person is not None:
        person.token = token
    return person
