"""The figures behind the gates, gathered for any number of people in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from lms import clock
from lms.certification.models import Award, Certification
from lms.conduct.queries import standings_of
from lms.db import db
from lms.errors import Reason
from lms.people.models import Person
from lms.performance.queries import months_of
from lms.policy.queries import InForce, policy_in_force
from lms.probation.gates import CRITERIA, Figures, Gate, GatesPolicy, gates, mean_of_means, met_of
from lms.probation.hours import Attendance, Slot
from lms.probation.models import Evaluation, Probation, Shift
from lms.probation.rules import ShiftState, Trial, propose


@dataclass(frozen=True)
class Case:
    """A person on the way to confirmation: the figures, the gates and what they speak for on a day.

    Without a probation (a trainee) the gates are those that will be asked; nothing is proposed.
    """

    person: Person
    probation: Probation | None
    trial: Trial | None
    figures: Figures
    gates: tuple[Gate, ...]
    proposal: str | None
    reasons: tuple[Reason, ...]
    shifts: tuple[Shift, ...]  # of this trial, cancelled ones left out, in order of time

    @property
    def met(self) -> int:
        return met_of(self.gates)[0]

    @property
    def total(self) -> int:
        return len(self.gates)


def trial_of(person: Person, probation: Probation) -> Trial:
    """A probation as the rules read it."""
    return Trial(
        person_id=person.id,
        stage=person.stage,
        decided=probation.ended_on is not None,
        due_on=probation.due_on,
        extended=probation.extended,
    )


def state_of(shift: Shift) -> ShiftState:
    """A shift as the rules read it."""
    return ShiftState(
        slot=Slot(shift.starts_at, shift.ends_at),
        checked_in_at=shift.checked_in_at,
        closed=shift.state == "closed",
        scored=shift.evaluation is not None,
    )


def scores_of(evaluation: Evaluation) -> dict[str, int]:
    """The rubric of one shift, by criterion."""
    return {criterion: getattr(evaluation, criterion) for criterion in CRITERIA}


def cases_of(people: Sequence[Person], on: date, policy: InForce | None = None) -> list[Case]:
    """Everybody's case on a day, in the order given. Six statements, whatever the number of people."""
    policy = policy or policy_in_force(on)
    asked = policy.policy.gates
    ids = [person.id for person in people]
    probations = _open_probations(ids)
    shifts = _shifts(ids)
    certified = _certified(ids, asked.certification, on)
    standings = standings_of(ids, on, policy.policy.conduct)
    months = months_of(ids)
    found = []
    for person in people:
        probation = probations.get(person.id)
        begun = probation.starts_on if probation else on
        own = tuple(shift for shift in shifts[person.id] if clock.day_of(shift.starts_at) >= begun)
        chats = [chat for each in reversed(months.get(person.id, [])) if each.month >= begun.replace(day=1)
                 for chat in each.chats]  # fmt: skip
        figures = Figures(
            certified=person.id in certified,
            standing=standings[person.id].state,
            **_of_shifts(own),
            **_of_chats(chats, asked),
        )
        found.append(_case(person, probation, figures, own, on, asked))
    return found


def case_of(person: Person, on: date, policy: InForce | None = None) -> Case:
    """One person's case on a day."""
    return cases_of([person], on, policy)[0]


def evidence_of_shifts(shifts: Iterable[Shift]) -> list[dict[str, Any]]:
    """The closed shifts as JSON to freeze beside a decision."""
    return [
        {
            "shift": shift.id,
            "starts_at": shift.starts_at.isoformat(),
            "ends_at": shift.ends_at.isoformat(),
            "attendance": shift.attendance,
            "credited": shift.credited,
            "workings": shift.workings,
            "rubric": scores_of(shift.evaluation) if shift.evaluation else None,
        }
        for shift in shifts
        if shift.state == "closed"
    ]


def _case(
    person: Person,
    probation: Probation | None,
    figures: Figures,
    shifts: tuple[Shift, ...],
    on: date,
    asked: GatesPolicy,
) -> Case:
    rows = gates(figures, asked)
    if probation is None:
        return Case(person, None, None, figures, rows, None, (), shifts)
    trial = trial_of(person, probation)
    proposal, reasons = propose(figures, trial, on, asked)
    return Case(person, probation, trial, figures, rows, str(proposal), reasons, shifts)


def _open_probations(ids: Collection[int]) -> dict[int, Probation]:
    rows = db.session.scalars(
        select(Probation)
        .where(Probation.person_id.in_(ids), Probation.ended_on.is_(None))
        .options(joinedload(Probation.plan), lazyload(Probation.person))
        .execution_options(
            populate_existing=True
        )  # a decision has locked the person and must see what holds now
    )
    return {row.person_id: row for row in rows}


def _shifts(ids: Collection[int]) -> Mapping[int, list[Shift]]:
    rows = db.session.scalars(
        select(Shift)
        .where(Shift.person_id.in_(ids), Shift.state != "cancelled")
        .options(joinedload(Shift.evaluation), lazyload(Shift.person))
        .order_by(Shift.starts_at)
    )
    found: dict[int, list[Shift]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _certified(ids: Collection[int], slug: str, on: date) -> set[int]:
    return set(
        db.session.scalars(
            select(Award.person_id)
            .join(Certification)
            .where(
                Award.person_id.in_(ids),
                Certification.slug == slug,
                Award.ended_at.is_(None),
                Award.starts_on <= on,
                Award.ends_on >= on,
            )
        )
    )


def _of_shifts(shifts: Sequence[Shift]) -> dict[str, Any]:
    worked = [shift for shift in shifts if shift.state == "closed" and shift.attendance != Attendance.ABSENT]
    evaluations = [shift.evaluation for shift in worked if shift.evaluation]
    over = sum(_workings(shift)["over_minutes"] for shift in worked)
    served = sum(_workings(shift)["service_minutes"] for shift in worked)
    latest = max(evaluations, key=lambda each: (each.at, each.id), default=None)
    return {
        "shifts": len(worked),
        "credited": sum(shift.credited or 0 for shift in worked),
        "mean_rubric": mean_of_means([scores_of(each) for each in evaluations]),
        "service_ratio": Fraction(served, over) if over else None,
        "mentor_recommends": latest is not None and latest.recommends,
    }


def _workings(shift: Shift) -> dict[str, Any]:
    return shift.workings or {"over_minutes": 0, "service_minutes": 0}


def _of_chats(chats: Sequence[Any], asked: GatesPolicy) -> dict[str, Any]:
    looked_at = asked.chats_without_fatal_error
    enough = looked_at and len(chats) >= looked_at
    return {
        "inspected_chats": len(chats),
        "quality_mean": Fraction(sum(chat.score for chat in chats), 100 * len(chats)) if chats else None,
        "fatal_errors": sum(chat.fatal for chat in chats[-looked_at:]) if enough else None,
    }
