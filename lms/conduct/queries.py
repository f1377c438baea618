"""The ledger as pages and other features read it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import clock
from lms.access import Permission, reachable
from lms.conduct.ledger import read
from lms.conduct.models import LedgerEntry
from lms.conduct.rules import ConductPolicy, Entry, KindPolicy, Ledger, Standing
from lms.conduct.rules import standing_of as standing_from
from lms.conduct.words import effect_words, kind_word
from lms.db import db
from lms.errors import Reason
from lms.people.models import Person
from lms.policy.queries import policy_in_force


@dataclass(frozen=True)
class LedgerRow:
    """One entry as the ledger shows it; voiding entries are shown beside what they void."""

    id: int
    kind: str  # message id
    effect: Reason
    happened_on: date
    reason: str
    recorded_on: date
    recorded_by: str
    spent_on: date | None
    voided_on: date | None
    voided_by: str | None
    void_reason: str | None


@dataclass(frozen=True)
class LedgerPage:
    """A person's ledger, newest first, with the standing it comes to."""

    standing: Standing
    rows: list[LedgerRow]


def entry_of(row: LedgerEntry) -> Entry:
    """A stored entry as the rules read it."""
    return Entry(
        id=row.id,
        kind=row.kind,
        happened_on=row.happened_on,
        recorded_at=row.recorded_at,
        recorded_on=clock.day_of(row.recorded_at),
        voids=row.voids_id,
    )


def entries_of(person_ids: Collection[int]) -> dict[int, list[Entry]]:
    """Everybody's entries, voided and voiding ones included. One statement."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in db.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id.in_(person_ids))):
        found[row.person_id].append(entry_of(row))
    return found


def ledgers_of(person_ids: Collection[int], policy: ConductPolicy) -> dict[int, Ledger]:
    """What everybody's entries come to: warnings, suspensions, praise. One statement."""
    entries = entries_of(person_ids)
    return {person_id: read(entries.get(person_id, ()), policy) for person_id in person_ids}


def standings_of(
    person_ids: Collection[int], on: date, policy: ConductPolicy | None = None
) -> dict[int, Standing]:
    """Everybody's standing on a day. One statement, and one more for the policy where none is given."""
    policy = policy or policy_in_force(on).policy.conduct
    ledgers = ledgers_of(person_ids, policy)
    return {person_id: standing_from(ledger, on, policy) for person_id, ledger in ledgers.items()}


def standing_of(person: Person, on: date) -> Standing:
    """A person's standing on a day."""
    return standings_of([person.id], on)[person.id]


def ledger_page(person: Person, on: date) -> LedgerPage:
    """All that a person's ledger page shows. Two statements."""
    policy = policy_in_force(on).policy.conduct
    stored = db.session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.person_id == person.id)
        .options(joinedload(LedgerEntry.recorded_by))
        .order_by(LedgerEntry.happened_on.desc(), LedgerEntry.id.desc())
    ).all()
    ledger = read(map(entry_of, stored), policy)
    return LedgerPage(standing_from(ledger, on, policy), _rows(stored, ledger, policy))


def _rows(stored: Iterable[LedgerEntry], ledger: Ledger, policy: ConductPolicy) -> list[LedgerRow]:
    voids = {row.voids_id: row for row in stored if row.voids_id is not None}
    spent = {each.entry: each.spent_on for each in ledger.warnings}
    return [_row(row, voids.get(row.id), spent.get(row.id), policy) for row in stored if row.voids_id is None]


def _row(
    row: LedgerEntry, void: LedgerEntry | None, spent_on: date | None, policy: ConductPolicy
) -> LedgerRow:
    kind = policy.kinds.get(row.kind, KindPolicy("record"))
    return LedgerRow(
        id=row.id,
        kind=kind_word(row.kind),
        effect=effect_words(kind.effect, kind.warnings),
        happened_on=row.happened_on,
        reason=row.reason,
        recorded_on=clock.day_of(row.recorded_at),
        recorded_by=row.recorded_by.name,
        spent_on=spent_on,
        voided_on=clock.day_of(void.recorded_at) if void else None,
        voided_by=void.recorded_by.name if void else None,
        void_reason=void.reason if void else None,
    )


def entry_or_none(person: Person, entry_id: int) -> LedgerEntry | None:
    """An entry of this person, or None."""
    return db.session.scalar(
        select(LedgerEntry).where(LedgerEntry.id == entry_id, LedgerEntry.person_id == person.id)
    )


def reaches(permission: Permission, person: Person, actor: Person) -> bool:
    """Whether the actor's permission reaches another person; on oneself the answer is no."""
    return person.id != actor.id and bool(
        db.session.scalar(
            select(Person.id).where(Person.id == person.id, reachable(actor, permission)).limit(1)
        )
    )
