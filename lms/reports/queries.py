"""The manager's page: everybody in own teams, what is due and what is stuck."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from lms import clock
from lms.access import Permission, reachable
from lms.certification.queries import Holding
from lms.courses.models import LessonProgress
from lms.db import db
from lms.people.models import Person, StageSpan
from lms.performance.queries import Recorded
from lms.policy.queries import InForce, policy_in_force
from lms.probation.queries import TrialRow, probation_rows
from lms.reports.rules import ONE_BY_ONE, STUCK, Kind, Need, Situation, Trial, needs_of
from lms.tiers.queries import Way, gather, ways_of

SHOWN = ("applicant", "trainee", "on_trial", "agent")


@dataclass(frozen=True)
class TeamRow:
    """One person as the team's pages show them. `holdings` are in the order of the certifications."""

    person: Person
    holdings: Sequence[Holding]
    latest: Recorded | None
    way: Way | None
    needs: tuple[Need, ...]

    @property
    def stage(self) -> str:
        return self.person.stage or ""

    @property
    def due(self) -> list[Need]:
        return [need for need in self.needs if need.kind not in STUCK]

    @property
    def stuck(self) -> list[Need]:
        return [need for need in self.needs if need.kind in STUCK]

    @property
    def held(self) -> int:
        return sum(each.state.is_held for each in self.holdings)

    def state_of(self, slug: str) -> str | None:
        return next((str(each.state) for each in self.holdings if each.certification.slug == slug), None)


def people_of(actor: Person) -> Sequence[Person]:
    """Everybody at a stage in the actor's own teams, themselves left out, by name. One statement."""
    return db.session.scalars(
        select(Person)
        .join(StageSpan, (StageSpan.person_id == Person.id) & StageSpan.ends_on.is_(None))
        .where(StageSpan.stage.in_(SHOWN), reachable(actor, Permission.READ_KPI), Person.id != actor.id)
        .order_by(Person.name, Person.id)
    ).all()


def team_rows(actor: Person, now: datetime) -> list[TeamRow]:
    """Everybody in the actor's own teams. The number of statements does not depend on how many."""
    today = clock.day_of(now)
    policy = policy_in_force(today)
    people = people_of(actor)
    ids = [person.id for person in people]
    known = gather(ids, today)
    agents = [person for person in people if person.stage == "agent"]
    ways = {way.person.id: way for way in ways_of(agents, today, policy, known)}
    trials = {row.person.id: row for row in probation_rows(actor, now, Permission.READ_KPI)}
    progress = _last_progress(ids)
    return [
        TeamRow(
            person,
            known.holdings[person.id],
            next(iter(known.months.get(person.id, ())), None),
            ways.get(person.id),
            _needs(person, known.holdings[person.id], known.months.get(person.id, ()),
                   ways.get(person.id), trials.get(person.id), progress.get(person.id), today, policy),
        )
        for person in people
    ]  # fmt: skip


def _needs(
    person: Person,
    holdings: Sequence[Holding],
    months: Sequence[Recorded],
    way: Way | None,
    trial: TrialRow | None,
    progress: date | None,
    today: date,
    policy: InForce,
) -> tuple[Need, ...]:
    assert person.stage_span is not None  # `people_of` joins it
    situation = Situation(
        stage=person.stage_span.stage,
        stage_since=person.stage_span.starts_on,
        certificates=tuple(
            (each.certification.slug, each.state, each.term.last_day if each.term else None)
            for each in holdings
        ),
        recorded_months=frozenset(month.month for month in months),
        trial=Trial(trial.due_on, trial.decision_due, trial.met, trial.total, trial.stuck) if trial else None,
        is_certified=any(
            each.certification.slug == policy.policy.gates.certification and each.state.is_held
            for each in holdings
        ),
        qualifies_for=way.climb.target if way and way.climb and way.climb.qualifies else None,
        is_below_keep_line=bool(way and way.below),
        last_progress=progress,
    )
    return needs_of(situation, today, policy.policy.team.idle_days)


def _last_progress(ids: Collection[int]) -> dict[int, date]:
    """The day each person last did something in a lesson. One statement."""
    rows = db.session.execute(
        select(LessonProgress.person_id, func.max(LessonProgress.last_at))
        .where(LessonProgress.person_id.in_(ids))
        .group_by(LessonProgress.person_id)
    )
    return {person_id: clock.day_of(last_at) for person_id, last_at in rows}


@dataclass(frozen=True)
class Call:
    """One line of "needs you": what it is, and whom it is about."""

    need: Need  # the first one, where several people share it
    rows: tuple[TeamRow, ...]


def calls_of(rows: Sequence[TeamRow]) -> list[Call]:
    """What needs somebody, the most pressing first: decisions one by one, the rest gathered by what it is."""
    gathered: dict[tuple[Kind, str], list[tuple[TeamRow, Need]]] = defaultdict(list)
    for row in rows:
        for need in row.needs:
            one = str(row.person.id) if need.kind in ONE_BY_ONE else need.subject
            gathered[need.kind, one].append((row, need))
    order = list(Kind)
    calls = [
        Call(min((need for _, need in pairs), key=_day), tuple(row for row, _ in pairs))
        for pairs in gathered.values()
    ]
    return sorted(calls, key=lambda call: (order.index(call.need.kind), _day(call.need)))


def _day(need: Need) -> date:
    return need.day or date.max


def choices(rows: Sequence[TeamRow]) -> Mapping[int, str]:
    """The teams that occur, by name."""
    teams = {row.person.team.id: row.person.team.name for row in rows if row.person.team}
    return dict(sorted(teams.items(), key=lambda item: item[1]))
