"""Writing the conduct ledger. Nothing in it is ever changed: a wrong entry is voided by another."""

from datetime import date, datetime

from sqlalchemy import select

from lms import clock
from lms.audit import record
from lms.conduct.ledger import standing
from lms.conduct.models import LedgerEntry
from lms.conduct.queries import entries_of, entry_of
from lms.conduct.rules import Subject, why_not_record, why_not_void
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.people.models import Person
from lms.policy.queries import policy_in_force


def record_entry(
    person: Person, kind: str, happened_on: date, reason: str, *, token: str, actor: Person, now: datetime
) -> LedgerEntry:
    """A new entry about a person. The same token again gives the entry it made. Raises Refused."""
    lock(person)
    if made := _made_with(token, person):
        return made
    today = clock.day_of(now)
    policy = policy_in_force(today).policy.conduct
    subject = Subject(person.id, standing(entries_of([person.id])[person.id], today, policy))
    if why := why_not_record(kind, happened_on, subject, actor_id=actor.id, today=today, policy=policy):
        raise Refused(why, 403 if actor.id == person.id else 422)
    entry = LedgerEntry(
        person_id=person.id,
        kind=kind,
        happened_on=happened_on,
        reason=reason,
        recorded_at=now,
        recorded_by_id=actor.id,
        token=token,
    )
    db.session.add(entry)
    db.session.flush()
    record(actor, "conduct.record", entry, now=now, person=person.id, kind=kind)
    return entry


def void_entry(entry: LedgerEntry, reason: str, *, token: str, actor: Person, now: datetime) -> LedgerEntry:
    """Take an entry back, as if it had never been written. The same token has one effect. Raises Refused."""
    lock(entry.person)
    if made := _made_with(token, entry.person):
        return made
    entries = entries_of([entry.person_id])[entry.person_id]
    if why := why_not_void(entry_of(entry), entries, person_id=entry.person_id, actor_id=actor.id):
        raise Refused(why, 403 if actor.id == entry.person_id else 409)
    voiding = LedgerEntry(
        person_id=entry.person_id,
        kind=entry.kind,
        happened_on=clock.day_of(now),
        reason=reason,
        recorded_at=now,
        recorded_by_id=actor.id,
        voids_id=entry.id,
        token=token,
    )
    db.session.add(voiding)
    db.session.flush()
    record(actor, "conduct.void", voiding, now=now, person=entry.person_id, voids=entry.id)
    return voiding


def _made_with(token: str, person: Person) -> LedgerEntry | None:
    """What this form has led to before. A token of another person's form is not taken."""
    made = db.session.scalar(select(LedgerEntry).where(LedgerEntry.token == token))
    if made is not None and made.person_id != person.id:
        raise Refused(Reason(N_("This form was used already. Load the page afresh.")))
    return made
