"""Beginning a trial, signing its activities, and deciding it, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from lms.audit import AuditRow
from lms.db import db
from lms.errors import Refused
from lms.people.models import Decision as DecisionRow
from lms.people.models import Mentorship, TierSpan
from lms.probation import operations
from lms.probation.figures import case_of
from lms.probation.models import ActivitySignature
from lms.probation.rules import Decision
from tests import make
from tests.conftest import NOON
from tests.probation import make_probation as build
from tests.probation.make_probation import FIVES, FOURS

TODAY = date(2026, 3, 2)


@pytest.fixture
def world(app):
    return build.world()


def count(model, *conditions):
    return db.session.scalar(select(func.count(model.id)).where(*conditions))


def acts():
    return db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)).all()


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
