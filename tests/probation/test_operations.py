"""The course of a trial on both databases."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.audit import AuditRow
from lms.conduct.operations import record_entry
from lms.db import db, writes
from lms.errors import Refused
from lms.people.models import Decision as DecisionRow
from lms.people.models import Person, TierSpan
from lms.probation import operations, shifts
from lms.probation.figures import case_of
from lms.probation.hours import Slot
from lms.probation.models import ActivitySignature, Evaluation, Mentorship, Probation, Shift
from lms.probation.rules import Decision
from tests import make
from tests.conftest import NOON
from tests.probation import make_probation as build
from tests.probation.make_probation import FIVES, FOURS, HOUR, MINUTE, NINE

TODAY = date(2026, 3, 2)


@pytest.fixture
def world(app):
    return build.world()


def count(model, *conditions):
    return db.session.scalar(select(func.count(model.id)).where(*conditions))


def acts():
    return db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)).all()


# -- beginning -----------------------------------------------------------------------------------------


def test_a_trial_begins_with_plan_mentor_and_due_date(world):
    assert world.person.stage == "on_trial"
    assert world.probation.due_on == date(2026, 3, 9)  # five working days from Monday, decided on the sixth
    mentorship = db.session.scalars(select(Mentorship)).one()
    assert (mentorship.mentor_id, mentorship.starts_on) == (world.mentor.id, TODAY)
    assert "probation.start" in acts()


def test_a_trial_is_not_begun_twice(world):
    plan = world.probation.plan
    with pytest.raises(Refused, match="at another stage"):
        operations.start_probation(world.person, plan, world.mentor, actor=world.manager, now=NOON)


def test_nobody_begins_their_own_trial(world):
    with pytest.raises(Refused) as refused:
        operations.start_probation(
            world.person, world.probation.plan, world.mentor, actor=world.person, now=NOON
        )
    assert refused.value.status == 403


def test_another_mentor_takes_the_place_of_the_first(world):
    other = make.person(team=world.team, roles=("mentor",))
    operations.assign_mentor(world.person, other, actor=world.manager, now=NOON + timedelta(days=1))
    assert count(Mentorship, Mentorship.ends_on.is_(None)) == 1
    with pytest.raises(Refused, match="Nobody mentors themselves"):
        operations.assign_mentor(world.person, world.person, actor=world.manager, now=NOON)


# -- shifts --------------------------------------------------------------------------------------------


def test_a_shift_from_plan_to_rubric(world):
    shift = build.planned(world, NOON + HOUR)
    shifts.check_in(shift, actor=world.person, now=NOON + 90 * MINUTE)
    shifts.close_shift(
        shift, serving_minutes=60, waiting_minutes=2, overrun_minutes=10, chats=9,
        actor=world.mentor, now=NOON + 4 * HOUR,
    )  # fmt: skip
    assert (shift.attendance, shift.credited) == ("late", 135)
    assert shift.workings == {
        "scheduled_minutes": 120,
        "attendance_factor": "9/10",
        "service_minutes": 62,
        "over_minutes": 90,
        "service_factor": "3/4",
        "policy": 1,
    }
    shifts.score_shift(shift, FOURS, "Calm", True, actor=world.mentor, now=NOON + 4 * HOUR)
    db.session.commit()
    assert acts()[-4:] == ["shift.plan", "shift.check_in", "shift.close", "shift.score"]


def test_an_absence_is_credited_nothing(world):
    shift = build.closed(world, late=None)
    assert (shift.attendance, shift.credited, shift.workings["over_minutes"]) == ("absent", 0, 0)


def test_slots_that_touch_become_one_shift(world):
    morning = build.planned(world, NOON + HOUR, 1)
    evening = build.planned(world, NOON + 4 * HOUR, 1)
    joined = build.planned(world, NOON + 2 * HOUR, 2)
    assert (joined.id, joined.starts_at, joined.ends_at) == (morning.id, NOON + HOUR, NOON + 5 * HOUR)
    assert evening.state == "cancelled"
    assert count(Shift, Shift.state == "planned") == 1


def test_a_slot_before_a_planned_shift_gives_it_the_earlier_start(world):
    later = build.planned(world, NOON + 2 * HOUR)
    earlier = build.planned(world, NOON + HOUR, 1)
    assert (earlier.id, earlier.starts_at) == (later.id, NOON + HOUR)


def test_a_shift_can_be_planned_again_where_one_was_cancelled(world):
    shift = build.planned(world, NOON + HOUR)
    shifts.cancel_shift(shift, actor=world.mentor, now=NOON)
    db.session.commit()
    assert build.planned(world, NOON + HOUR).id != shift.id


def test_only_a_shift_that_has_not_begun_is_cancelled(world):
    shift = build.planned(world, NOON + HOUR)
    with pytest.raises(Refused, match="has not begun"):
        shifts.cancel_shift(shift, actor=world.mentor, now=NOON + HOUR)


def test_a_cancelled_shift_is_neither_attended_nor_closed(world):
    shift = build.planned(world, NOON + HOUR)
    shifts.cancel_shift(shift, actor=world.mentor, now=NOON)
    with pytest.raises(Refused, match="cancelled"):
        shifts.check_in(shift, actor=world.person, now=NOON + HOUR)
    with pytest.raises(Refused, match="cancelled"):
        shifts.close_shift(
            shift, serving_minutes=0, waiting_minutes=0, actor=world.mentor, now=NOON + 4 * HOUR
        )


@pytest.mark.parametrize(
    ("start", "hours", "refusal"),
    [(NOON + HOUR, -1, "ends after it starts"), (NOON + 2 * HOUR, 2, "overlaps"), (NOON, 13, "at most")],
)
def test_a_shift_that_cannot_be_is_refused_and_nothing_is_written(world, start, hours, refusal):
    build.planned(world, NOON + HOUR)
    with pytest.raises(Refused, match=refusal) as refused:
        build.planned(world, start, hours)
    assert refused.value.status == 422
    assert count(Shift) == 1


def test_a_shift_is_closed_once(world):
    shift = build.closed(world)
    with pytest.raises(Refused, match="closed already") as refused:
        shifts.close_shift(shift, serving_minutes=0, waiting_minutes=0, actor=world.mentor, now=NOON)
    assert refused.value.status == 409
    assert shift.credited == 200


def test_a_shift_is_scored_once_and_never_by_oneself(world):
    shift = build.scored(world, build.closed(world))
    with pytest.raises(Refused, match="scored already"):
        shifts.score_shift(shift, FIVES, "Again", False, actor=world.mentor, now=NOON)
    other = build.closed(world, NINE + 2 * HOUR + HOUR, 1)
    with pytest.raises(Refused) as refused:
        shifts.score_shift(other, FIVES, "Me", False, actor=world.person, now=NOON + HOUR)
    assert refused.value.status == 403


def test_the_database_refuses_a_rubric_of_seven(world):
    shift = build.closed(world)
    row = Evaluation(shift_id=shift.id, by_id=world.mentor.id, at=NOON, comment="", **(FOURS | {"tone": 7}))
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_suspended_are_given_no_shifts(world):
    record_entry(world.person, "serious-fault", TODAY, "Shouted", token="s", actor=world.manager, now=NOON)
    with pytest.raises(Refused, match="suspended"):
        build.planned(world)


# -- signatures ----------------------------------------------------------------------------------------


def test_signing_an_activity_twice_is_one_signature(world):
    for _ in range(2):
        operations.sign_activity(world.probation, "count", actor=world.mentor, now=NOON)
        db.session.commit()
    assert count(ActivitySignature) == 1


def test_an_activity_that_the_plan_does_not_have_is_refused(world):
    with pytest.raises(Refused, match="no such activity"):
        operations.sign_activity(world.probation, "dance", actor=world.mentor, now=NOON)


def test_nobody_signs_their_own_activities(world):
    with pytest.raises(Refused) as refused:
        operations.sign_activity(world.probation, "count", actor=world.person, now=NOON)
    assert refused.value.status == 403


# -- the decision --------------------------------------------------------------------------------------


def decided(of, decision=Decision.CONFIRM, *, token="d1", actor=None, now=NOON, reason="Ready"):
    row = operations.decide_probation(
        of.person, decision, reason, token=token, actor=actor or of.manager, now=now
    )
    db.session.commit()
    return row


def test_a_confirmation_makes_an_agent_of_the_first_tier_on_frozen_evidence(app):
    of = build.ready()
    row = decided(of)
    assert (of.person.stage, of.person.tier) == ("agent", "regular")
    assert (of.probation.outcome, of.probation.ended_on) == ("confirmed", TODAY)
    assert count(Mentorship, Mentorship.ends_on.is_(None)) == 0
    assert (row.evidence["met"], row.evidence["total"], row.evidence["proposal"]) == (9, 9, "confirm")
    assert len(row.evidence["shifts"]) == 10
    assert row.evidence["shifts"][0]["rubric"] == FOURS
    assert db.session.scalars(select(TierSpan)).one().decision_id == row.id


def test_an_early_confirmation_needs_every_gate_distinction_and_the_mentors_word(app):
    of = build.ready(FIVES, recommends=True)
    of.probation.due_on = TODAY + timedelta(days=3)
    assert case_of(of.person, TODAY).proposal == "confirm_early"
    with pytest.raises(Refused, match="only an early confirmation"):
        decided(of)
    decided(of, Decision.CONFIRM_EARLY)
    assert of.probation.outcome == "confirmed_early"


def test_without_the_certification_nobody_is_confirmed(world):
    with pytest.raises(Refused, match="certification is not held"):
        decided(world, now=NOON + timedelta(days=7))
    assert (world.person.stage, count(DecisionRow)) == ("on_trial", 0)


def test_an_extension_is_given_once_and_moves_the_due_date(world):
    due = world.probation.due_on
    decided(world, Decision.EXTEND)
    assert world.probation.due_on == due + timedelta(days=14)
    with pytest.raises(Refused, match="extended once already"):
        decided(world, Decision.EXTEND, token="d2")
    assert world.person.stage == "on_trial"


def test_an_ended_trial_ends_the_stage_and_takes_back_the_shifts_to_come(world):
    coming = build.planned(world, NOON + timedelta(days=1))
    decided(world, Decision.END)
    assert (world.person.stage, world.person.tier, coming.state) == ("ended", None, "cancelled")
    assert world.probation.outcome == "ended"


def test_the_same_form_sent_twice_is_one_decision(world):
    assert decided(world, Decision.EXTEND).id == decided(world, Decision.EXTEND).id
    assert count(DecisionRow) == 1


def test_a_form_of_one_person_decides_nothing_about_another(world):
    decided(world, Decision.EXTEND)
    other = make.person(stage="trainee", team=world.team)
    operations.start_probation(other, world.probation.plan, world.mentor, actor=world.manager, now=NOON)
    with pytest.raises(Refused, match="used already"):
        operations.decide_probation(other, Decision.END, "No", token="d1", actor=world.manager, now=NOON)


def test_a_decided_trial_is_not_decided_again(world):
    decided(world, Decision.END)
    with pytest.raises(Refused, match="decided already"):
        decided(world, Decision.CONFIRM, token="d2")


def test_nobody_decides_on_themselves(world):
    with pytest.raises(Refused) as refused:
        decided(world, Decision.END, actor=world.person)
    assert refused.value.status == 403


def test_a_decision_cannot_be_changed_afterwards(world):
    decided(world, Decision.EXTEND)
    with pytest.raises(DBAPIError):
        db.session.execute(db.text("UPDATE decision SET reason = 'other'"))
    db.session.rollback()


def test_two_managers_at_once_make_one_decision(app, world):
    second = make.manager(world.team, "Second manager")
    person_id, managers = world.person.id, [world.manager.id, second.id]
    db.session.rollback()
    together, outcomes = threading.Barrier(2), []

    def run(manager_id, decision):
        with app.app_context():
            try:
                together.wait(timeout=10)
                _decide(person_id, manager_id, decision)
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(refused.reason.message)
            finally:
                db.session.remove()

    both = [threading.Thread(target=run, args=(manager_id, Decision.END)) for manager_id in managers]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["This trial has been decided already.", "done"]
    assert count(DecisionRow) == 1
    assert count(Probation, Probation.outcome == "ended") == 1


@writes
def _decide(person_id, manager_id, decision):
    person, actor = db.session.get_one(Person, person_id), db.session.get_one(Person, manager_id)
    operations.decide_probation(person, decision, "At once", token=f"by-{manager_id}", actor=actor, now=NOON)


def test_overlapping_shifts_planned_at_once_leave_one(app, world):
    person_id, mentor_id = world.person.id, world.mentor.id
    db.session.rollback()
    together, outcomes = threading.Barrier(2), []

    @writes
    def plan(start):
        person, actor = db.session.get_one(Person, person_id), db.session.get_one(Person, mentor_id)
        shifts.schedule_shift(person, Slot(start, start + 2 * HOUR), actor=actor, now=NOON)

    def run(start):
        with app.app_context():
            try:
                together.wait(timeout=10)
                plan(start)
                outcomes.append("done")
            except Refused:
                outcomes.append("refused")
            finally:
                db.session.remove()

    both = [threading.Thread(target=run, args=(NOON + delay * HOUR,)) for delay in (1, 2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["done", "refused"]
    assert count(Shift) == 1
