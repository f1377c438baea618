"""The facts that the ladder asks of people, and what was decided about them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from lms.access import Permission, reachable
from lms.certification.operations import live_certifications
from lms.certification.queries import Holding, holdings_of
from lms.certification.rules import add_months
from lms.conduct.ledger import effective, read
from lms.conduct.queries import entries_of
from lms.conduct.rules import ConductPolicy, Entry, Ledger, standing_of
from lms.db import db
from lms.people.models import Decision, Mentorship, Person, StageSpan, TierSpan
from lms.performance.queries import Recorded, months_of
from lms.performance.rules import MonthFigures
from lms.policy.queries import InForce
from lms.policy.schema import Policy
from lms.probation.models import Probation
from lms.tiers.ladder import Certificate, Climb, Facts
from lms.tiers.rules import below_keep_line, climb

CONTRIBUTION = "contribution"
DECISIONS = ("tier.promote", "tier.defer", "tier.refuse")


@dataclass(frozen=True)
class Way:
    """One person's way up as the team's page shows it; `climb` is None at the top."""

    person: Person
    facts: Facts
    climb: Climb | None
    below: tuple[MonthFigures, ...]
    last_decision: Decision | None


def agents_in_reach(actor: Person, permission: Permission) -> Sequence[Person]:
    """The agents whom the actor's permission reaches, themselves left out, by name. One statement."""
    return db.session.scalars(
        select(Person)
        .join(StageSpan, (StageSpan.person_id == Person.id) & StageSpan.ends_on.is_(None))
        .where(StageSpan.stage == "agent", reachable(actor, permission), Person.id != actor.id)
        .order_by(Person.name, Person.id)
    ).all()


def all_agents() -> Sequence[Person]:
    """Everybody who is an agent, by name: for the monthly review of the whole site."""
    return db.session.scalars(
        select(Person)
        .join(StageSpan, (StageSpan.person_id == Person.id) & StageSpan.ends_on.is_(None))
        .where(StageSpan.stage == "agent")
        .order_by(Person.name, Person.id)
    ).all()


@dataclass(frozen=True)
class Gathered:
    """What other features know of some people on a day, each by person id."""

    on: date
    holdings: Mapping[int, Sequence[Holding]]
    entries: Mapping[int, Sequence[Entry]]
    months: Mapping[int, Sequence[Recorded]]


def gather(person_ids: Collection[int], on: date) -> Gathered:
    """Certifications, ledger entries and monthly figures of people. A fixed number of statements."""
    return Gathered(on, holdings_of(person_ids, on), entries_of(person_ids), months_of(person_ids))


def facts_of(
    person_ids: Collection[int], on: date, policy: Policy, gathered: Gathered | None = None
) -> dict[int, Facts]:
    """What the ladder asks of each person who has a tier, as of a day. A fixed number of statements."""
    tiers = _tiers_on(person_ids, on)
    mentees = _mentees_evaluated(list(tiers), on)
    known = gathered or gather(list(tiers), on)
    return {
        person_id: _facts(span, known, mentees[person_id], policy.conduct)
        for person_id, span in tiers.items()
    }


def _facts(span: TierSpan, known: Gathered, mentees: int, policy: ConductPolicy) -> Facts:
    on, person_id = known.on, span.person_id
    counting = effective(known.entries.get(person_id, ()))
    ledger = read(counting, policy)
    months = known.months.get(person_id, ())
    contributions = [entry for entry in counting if entry.kind == CONTRIBUTION and entry.happened_on <= on]
    return Facts(
        tier=span.tier,
        tier_since=span.starts_on,
        standing=standing_of(ledger, on, policy).state,
        standing_clears_on=clears_on(ledger, on, policy),
        certificates={
            each.certification.slug: Certificate(each.state, each.term.last_day if each.term else None)
            for each in known.holdings[person_id]
        },
        months=tuple(each.figures for each in months),
        inspected=tuple(each.quality for each in months),
        strikes=_strikes(ledger, on),
        mentees_evaluated=mentees,
        contributions=len(contributions),
        commendations=sum(day <= on for day in ledger.praise),
    )


def _tiers_on(person_ids: Collection[int], on: date) -> dict[int, TierSpan]:
    spans = db.session.scalars(
        select(TierSpan).where(
            TierSpan.person_id.in_(person_ids),
            TierSpan.starts_on <= on,
            or_(TierSpan.ends_on.is_(None), TierSpan.ends_on > on),
        )
    )
    return {span.person_id: span for span in spans}


def _strikes(ledger: Ledger, on: date) -> tuple[date, ...]:
    """Every warning as often as it counts and every suspension, up to a day, spent or not."""
    warnings = [each.on for each in ledger.warnings for _ in range(each.count)]
    return tuple(day for day in [*warnings, *(each.start for each in ledger.suspensions)] if day <= on)


def clears_on(ledger: Ledger, on: date, policy: ConductPolicy) -> date | None:
    """The first day in good standing if nothing else happens; None where only a person can decide that."""
    leaving = [add_months(each.on, policy.warnings_within_months) for each in ledger.warnings]
    days = {on, *(each.end for each in ledger.suspensions)}
    days.update(day + timedelta(days=late) for day in leaving for late in range(4))  # month ends are clipped
    for day in sorted(day for day in days if day >= on):
        if standing_of(ledger, day, policy).state == "good":
            return day
    return None


def _mentees_evaluated(person_ids: Collection[int], on: date) -> Counter[int]:
    """How many mentees each person led up to a decision, whatever it was."""
    rows = db.session.execute(
        select(Mentorship.mentor_id, func.count(func.distinct(Probation.id)))
        .join(Probation, Probation.person_id == Mentorship.mentee_id)
        .where(
            Mentorship.mentor_id.in_(person_ids),
            Probation.decision_id.is_not(None),
            Probation.ended_on <= on,
            Mentorship.starts_on <= Probation.ended_on,
            or_(Mentorship.ends_on.is_(None), Mentorship.ends_on >= Probation.ended_on),
        )
        .group_by(Mentorship.mentor_id)
    )
    return Counter(dict(rows.all()))


def ways_of(
    people: Iterable[Person], on: date, policy: InForce, gathered: Gathered | None = None
) -> list[Way]:
    """Where each person with a tier stands on the ladder. A fixed number of statements."""
    by_id = {person.id: person for person in people}
    facts = facts_of(list(by_id), on, policy.policy, gathered)
    decisions = last_decisions(list(by_id))
    ladder, kpi = policy.policy.ladder, policy.policy.kpi
    return [
        Way(
            person,
            facts[person_id],
            climb(facts[person_id], ladder, kpi, on),
            below_keep_line(facts[person_id], ladder, kpi, on),
            decisions.get(person_id),
        )
        for person_id, person in by_id.items()
        if person_id in facts
    ]


def certification_titles() -> dict[str, dict[str, str]]:
    """The titles of the live certifications by slug, in order. One statement."""
    return {each.slug: each.titles for each in live_certifications()}


def last_decisions(person_ids: Collection[int]) -> dict[int, Decision]:
    """The latest decision about each person's tier. One statement."""
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.person_id.in_(person_ids), Decision.kind.in_(DECISIONS))
        .options(joinedload(Decision.decided_by).lazyload("*"))
        .order_by(Decision.id)
    )
    return {row.person_id: row for row in rows}


def decisions_of(person_id: int) -> list[Decision]:
    """Every decision about a person's tier, the newest first."""
    return list(
        db.session.scalars(
            select(Decision)
            .where(Decision.person_id == person_id, Decision.kind.in_(DECISIONS))
            .options(joinedload(Decision.decided_by).lazyload("*"))
            .order_by(Decision.id.desc())
        )
    )


def tier_history(person_ids: Collection[int]) -> dict[int, list[TierSpan]]:
    """The tiers each person has held, the first one first. One statement."""
    spans = db.session.scalars(
        select(TierSpan).where(TierSpan.person_id.in_(person_ids)).order_by(TierSpan.starts_on, TierSpan.id)
    )
    found: dict[int, list[TierSpan]] = defaultdict(list)
    for span in spans:
        found[span.person_id].append(span)
    return found
