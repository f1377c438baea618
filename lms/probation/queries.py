"""Trials as pages show them. The number of statements does not grow with the number of people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from lms import clock
from lms.access import Permission, reachable
from lms.db import db
from lms.errors import N_, Reason
from lms.people.models import Mentorship, Person, RoleGrant, StageSpan
from lms.policy.queries import policy_in_force
from lms.probation.figures import Case, case_of, cases_of, state_of
from lms.probation.models import Probation, Shift, TrainingPlan
from lms.probation.plans import PhaseView, day_and_length, plan_view
from lms.probation.rules import NOT_YET, Decision, why_not_check_in, why_not_decide

CLOSE_WITHIN = timedelta(days=1)
"""A shift that is over and not closed for longer than this is called stuck."""


@dataclass(frozen=True)
class NextStep:
    """The one next thing to do: words, and where it is done. `post`: a button that sends a form."""

    title: Reason
    label: str  # message id of the button
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    text: Reason | None = None
    post: bool = False


@dataclass(frozen=True)
class TrialRow:
    """One person on trial for a list: how far, what is proposed, what is due, what is stuck."""

    case: Case
    mentor: str | None
    day: int
    length: int
    to_close: Shift | None  # over and not closed, the earliest
    to_score: Shift | None  # closed, attended and not scored, the earliest
    next_shift: Shift | None
    stuck: Reason | None

    @property
    def person(self) -> Person:
        return self.case.person

    @property
    def met(self) -> int:
        return self.case.met

    @property
    def total(self) -> int:
        return self.case.total

    @property
    def proposal(self) -> str | None:
        return self.case.proposal

    @property
    def due_on(self) -> date:
        assert self.case.probation is not None
        return self.case.probation.due_on

    @property
    def decision_due(self) -> bool:
        """Whether there is something for a manager to decide."""
        return self.case.proposal != NOT_YET


@dataclass(frozen=True)
class OwnPage:
    """A learner's own way through the trial. `past` is the latest trial when it has been decided."""

    case: Case
    past: Probation | None
    phases: list[PhaseView]
    mentor: str | None
    day: int
    length: int
    shifts: Sequence[Shift]


def own_page(person: Person, today: date) -> OwnPage:
    """All that a person sees of their own trial."""
    case = case_of(person, today)
    probation = case.probation
    past = None if probation else latest_probation(person)
    day, length = day_and_length(probation, today) if probation else (0, 0)
    return OwnPage(
        case=case,
        past=past,
        phases=plan_view(probation, today) if probation else [],
        mentor=mentors_of([person.id]).get(person.id),
        day=day,
        length=length,
        shifts=case.shifts,
    )


def latest_probation(person: Person) -> Probation | None:
    """A person's latest trial, decided or not, with its decision."""
    return db.session.scalar(
        select(Probation)
        .where(Probation.person_id == person.id)
        .options(joinedload(Probation.decision), joinedload(Probation.plan))
        .order_by(Probation.starts_on.desc(), Probation.id.desc())
        .limit(1)
    )


def shifts_of(person: Person) -> list[Shift]:
    """A person's shifts, cancelled ones left out, in order of time. One statement."""
    return list(
        db.session.scalars(
            select(Shift)
            .where(Shift.person_id == person.id, Shift.state != "cancelled")
            .options(joinedload(Shift.evaluation), lazyload(Shift.person))
            .order_by(Shift.starts_at)
        )
    )


def shift_in_reach(shift_id: int, permission: Permission, actor: Person) -> Shift | None:
    """A shift of somebody whom the actor's permission reaches, or None."""
    return db.session.scalar(
        select(Shift)
        .join(Person, Person.id == Shift.person_id)
        .where(Shift.id == shift_id, reachable(actor, permission), Person.id != actor.id)
        .options(joinedload(Shift.evaluation))
    )


def own_shift(shift_id: int, person: Person) -> Shift | None:
    """A shift of the person's own, or None."""
    return db.session.scalar(select(Shift).where(Shift.id == shift_id, Shift.person_id == person.id))


def mentors_of(ids: Collection[int]) -> dict[int, str]:
    """The name of everybody's present mentor. One statement."""
    rows = db.session.execute(
        select(Mentorship.mentee_id, Person.name)
        .join(Person, Person.id == Mentorship.mentor_id)
        .where(Mentorship.mentee_id.in_(ids), Mentorship.ends_on.is_(None))
    )
    return {row.mentee_id: row.name for row in rows}


def possible_mentors(person: Person, actor: Person) -> list[Person]:
    """Who can mentor somebody: the mentors in the actor's teams, the person left out."""
    return list(
        db.session.scalars(
            select(Person)
            .join(RoleGrant, (RoleGrant.person_id == Person.id) & RoleGrant.ends_on.is_(None))
            .where(
                RoleGrant.role == "mentor",
                Person.is_active,
                Person.id != person.id,
                reachable(actor, Permission.DECIDE),
            )
            .order_by(Person.name)
        ).unique()
    )


def live_plans() -> list[TrainingPlan]:
    """The training plans that a trial can follow."""
    return list(
        db.session.scalars(select(TrainingPlan).where(TrainingPlan.is_live).order_by(TrainingPlan.order))
    )


def people_at(stage: str, actor: Person, permission: Permission) -> list[Person]:
    """Whom the permission reaches at a stage, by name; never the actor. One statement."""
    return list(
        db.session.scalars(
            select(Person)
            .join(StageSpan, (StageSpan.person_id == Person.id) & StageSpan.ends_on.is_(None))
            .where(StageSpan.stage == stage, reachable(actor, permission), Person.id != actor.id)
            .order_by(Person.name, Person.id)
        ).unique()
    )


def probation_rows(
    actor: Person, now: datetime, permission: Permission = Permission.PROPOSE
) -> list[TrialRow]:
    """Everybody on trial in the actor's reach, what is due first. Eight statements."""
    today = clock.day_of(now)
    people = people_at("on_trial", actor, permission)
    mentors = mentors_of([person.id for person in people])
    rows = [
        _row(case, mentors.get(case.person.id), now, today)
        for case in cases_of(people, today)
        if case.probation is not None
    ]
    return sorted(rows, key=lambda row: (not row.decision_due, row.due_on, row.person.name))


def next_for_learner(person: Person, now: datetime) -> NextStep | None:
    """What somebody on trial does next: check in, look forward to a shift, or ask for one."""
    if person.stage != "on_trial":
        return None
    policy = policy_in_force(clock.day_of(now)).policy.hours
    ahead = [shift for shift in shifts_of(person) if shift.state == "planned" and shift.ends_at > now]
    if not ahead:
        return NextStep(
            Reason(N_("No shift is planned")),
            N_("See your trial"),
            "probation.own",
            text=Reason(N_("Ask your mentor when you work next.")),
        )
    shift = ahead[0]
    if why_not_check_in(state_of(shift), now, policy) is None:
        return NextStep(
            Reason(N_("Your shift starts at %(when)s"), when=shift.starts_at),
            N_("Check in"),
            "probation.own_check_in",
            {"shift_id": shift.id},
            post=True,
        )
    return NextStep(
        Reason(N_("Your next shift: %(when)s"), when=shift.starts_at),
        N_("See your shifts"),
        "probation.shifts",
    )


def next_for_mentor(person: Person, now: datetime) -> NextStep | None:
    """What a mentor does next: close a shift, score one, or plan one. None when all mentees are in order.

    Whose gates speak for a decision waits for the manager, not for another shift.
    """
    rows = probation_rows(person, now, Permission.SCORE_SHIFTS)
    for row in rows:
        if row.to_close:
            says = Reason(N_("Close the shift of %(name)s"), name=row.person.name)
            return NextStep(says, N_("Close it"), "probation.shift", {"shift_id": row.to_close.id})
    for row in rows:
        if row.to_score:
            says = Reason(N_("Score the shift of %(name)s"), name=row.person.name)
            return NextStep(says, N_("Score it"), "probation.shift", {"shift_id": row.to_score.id})
    for row in rows:
        if row.next_shift is None and not row.decision_due:
            says = Reason(N_("Plan a shift for %(name)s"), name=row.person.name)
            return NextStep(says, N_("Plan it"), "probation.mentee", {"person_id": row.person.id})
    return None


def _row(case: Case, mentor: str | None, now: datetime, today: date) -> TrialRow:
    assert case.probation is not None
    planned = [shift for shift in case.shifts if shift.state == "planned"]
    to_close = next((shift for shift in planned if shift.ends_at <= now), None)
    to_score = next(
        (
            shift
            for shift in case.shifts
            if shift.state == "closed" and shift.attendance != "absent" and shift.evaluation is None
        ),
        None,
    )
    coming = next((shift for shift in planned if shift.ends_at > now), None)
    day, length = day_and_length(case.probation, today)
    stuck = _stuck(case, mentor, to_close, to_score, coming, now)
    return TrialRow(case, mentor, day, length, to_close, to_score, coming, stuck)


def _stuck(
    case: Case,
    mentor: str | None,
    to_close: Shift | None,
    to_score: Shift | None,
    coming: Shift | None,
    now: datetime,
) -> Reason | None:
    """What keeps a trial from moving on, the gravest first."""
    if mentor is None:
        return Reason(N_("No mentor"))
    if to_close and now - to_close.ends_at > CLOSE_WITHIN:
        return Reason(N_("Not closed: %(day)s"), day=clock.day_of(to_close.starts_at))
    if to_score and to_score.closed_at and now - to_score.closed_at > CLOSE_WITHIN:
        return Reason(N_("Not scored: %(day)s"), day=clock.day_of(to_score.starts_at))
    if coming is None and case.proposal == NOT_YET:
        return Reason(N_("No shift is planned"))
    return None


def decision_options(case: Case, actor: Person, today: date) -> list[tuple[Decision, Reason | None]]:
    """Every decision, and why it cannot be taken now (None where it can)."""
    if case.trial is None:
        return []
    asked = policy_in_force(today).policy.gates
    return [
        (each, why_not_decide(each, case.trial, case.figures, actor_id=actor.id, today=today, policy=asked))
        for each in Decision
    ]
