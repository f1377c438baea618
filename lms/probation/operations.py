"""The course of a trial: beginning it, signing its activities, and the decision that ends it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lms import clock
from lms.access import Permission
from lms.audit import record
from lms.conduct.queries import reaches, standing_of
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.people.models import Decision as DecisionRow
from lms.people.models import Mentorship, Person
from lms.people.operations import decide, decided_already, set_stage, set_tier
from lms.policy.queries import policy_in_force
from lms.probation.figures import Case, case_of, evidence_of_shifts
from lms.probation.gates import evidence
from lms.probation.models import ActivitySignature, Probation, Shift, TrainingPlan
from lms.probation.rules import Decision, extended, why_not_decide, why_not_start_trial, working_day
from lms.probation.shifts import cancel_shift

FIRST_TIER = "regular"
OUTCOMES = {Decision.CONFIRM: "confirmed", Decision.CONFIRM_EARLY: "confirmed_early", Decision.END: "ended"}


def start_probation(
    person: Person, plan: TrainingPlan, mentor: Person, *, actor: Person, now: datetime
) -> Probation:
    """Put a trainee on trial from today, under a plan and with a mentor. Raises Refused."""
    lock(person)
    today = clock.day_of(now)
    standing = standing_of(person, today).state
    if why := why_not_start_trial(
        person.id, stage=person.stage, standing=standing, mentor_id=mentor.id, actor_id=actor.id
    ):
        raise Refused(why, 403 if actor.id == person.id else 409)
    days = sum(phase["days"] for phase in plan.phases)
    probation = Probation(
        person_id=person.id,
        plan_id=plan.id,
        phases=plan.phases,
        starts_on=today,
        due_on=working_day(today, days + 1),
        extended=False,
    )
    db.session.add(probation)
    set_stage(person, "on_trial", today, actor=actor, now=now)
    assign_mentor(person, mentor, actor=actor, now=now)
    record(actor, "probation.start", probation, now=now, person=person.id, plan=plan.slug)
    return probation


def assign_mentor(person: Person, mentor: Person, *, actor: Person, now: datetime) -> Mentorship:
    """Give somebody a mentor from today; the one before, if any, ends."""
    if mentor.id == person.id:
        raise Refused(Reason(N_("Nobody mentors themselves. Choose another mentor.")), 422)
    _end_mentorship(person, clock.day_of(now))
    mentorship = Mentorship(mentor_id=mentor.id, mentee_id=person.id, starts_on=clock.day_of(now))
    db.session.add(mentorship)
    db.session.flush()
    record(actor, "mentor.assign", mentorship, now=now, mentor=mentor.id, mentee=person.id)
    return mentorship


def sign_activity(probation: Probation, activity: str, *, actor: Person, now: datetime) -> None:
    """Sign off an activity of the plan; signing it again changes nothing. Raises Refused."""
    lock(probation)
    if actor.id == probation.person_id:
        raise Refused(Reason(N_("Nobody decides on themselves. Ask another manager.")), 403)
    signers = {each["id"]: each["signed_by"] for phase in probation.phases for each in phase["activities"]}
    if activity not in signers:
        raise Refused(Reason(N_("The plan has no such activity.")), 422)
    if signers[activity] != "mentor" and not reaches(Permission.DECIDE, probation.person, actor):
        raise Refused(Reason(N_("This activity is not for the mentor to sign. Ask the manager.")), 403)
    if probation.ended_on is not None:
        raise Refused(Reason(N_("This trial has been decided already.")))
    signed = db.session.scalar(
        select(ActivitySignature.id).where(
            ActivitySignature.probation_id == probation.id, ActivitySignature.activity == activity
        )
    )
    if signed is None:
        signature = ActivitySignature(probation_id=probation.id, activity=activity, by_id=actor.id, at=now)
        db.session.add(signature)
        db.session.flush()
        record(actor, "activity.sign", signature, now=now, person=probation.person_id, activity=activity)


def decide_probation(
    person: Person, decision: Decision, reason: str, *, token: str, actor: Person, now: datetime
) -> DecisionRow:
    """Confirm, extend or end a trial on frozen evidence. The same token has one effect. Raises Refused."""
    lock(person)
    if made := decided_already(token):
        if made.person_id != person.id:
            raise Refused(Reason(N_("This form was used already. Load the page afresh.")))
        return made
    today = clock.day_of(now)
    policy = policy_in_force(today)
    case = case_of(person, today, policy)
    if case.probation is None or case.trial is None:
        raise Refused(Reason(N_("This trial has been decided already.")))
    if why := why_not_decide(
        decision, case.trial, case.figures, actor_id=actor.id, today=today, policy=policy.policy.gates
    ):
        raise Refused(why, 403 if actor.id == person.id else 409)
    row = decide(
        f"probation.{decision.value}",
        person,
        reason=reason,
        evidence=_evidence(case, decision, policy.number),
        policy_version_id=policy.version_id,
        token=token,
        actor=actor,
        now=now,
    )
    if decision is Decision.EXTEND:
        case.probation.due_on = extended(case.trial, today, policy.policy.gates)
        case.probation.extended = True
    else:
        _end(case.probation, person, decision, row, today, actor=actor, now=now)
    db.session.flush()
    return row


def _end(
    probation: Probation,
    person: Person,
    decision: Decision,
    row: DecisionRow,
    today: date,
    *,
    actor: Person,
    now: datetime,
) -> None:
    """What a decision that is not an extension does: the stage, the first tier, the mentor, open shifts."""
    probation.ended_on, probation.outcome, probation.decision_id = today, OUTCOMES[decision], row.id
    confirmed = decision is not Decision.END
    set_stage(person, "agent" if confirmed else "ended", today, actor=actor, now=now)
    if confirmed:
        set_tier(person, FIRST_TIER, today, actor=actor, now=now, decision=row)
    _end_mentorship(person, today)
    for shift in db.session.scalars(
        select(Shift).where(Shift.person_id == person.id, Shift.state == "planned", Shift.starts_at > now)
    ):
        cancel_shift(shift, actor=actor, now=now)


def _end_mentorship(person: Person, on: date) -> None:
    open_one = db.session.scalar(
        select(Mentorship).where(Mentorship.mentee_id == person.id, Mentorship.ends_on.is_(None))
    )
    if open_one is not None:
        open_one.ends_on = on
        db.session.flush()


def _evidence(case: Case, decision: Decision, policy_number: int) -> dict[str, Any]:
    """Everything the decision was made on, frozen."""
    assert case.probation is not None
    return {
        "gates": evidence(case.gates),
        "met": case.met,
        "total": case.total,
        "proposal": case.proposal,
        "decision": decision.value,
        "starts_on": case.probation.starts_on.isoformat(),
        "due_on": case.probation.due_on.isoformat(),
        "mentor_recommends": case.figures.mentor_recommends,
        "shifts": evidence_of_shifts(case.shifts),
        "policy": policy_number,
    }
