"""Two commands at the same moment: one legal order of the two, on both databases."""

import threading

import pytest
from sqlalchemy import func, select

from lms.db import db, writes
from lms.errors import Refused
from lms.people.models import Decision as DecisionRow
from lms.people.models import Person
from lms.probation import operations, shifts
from lms.probation.hours import Slot
from lms.probation.models import Probation, Shift
from lms.probation.rules import Decision
from tests import make
from tests.conftest import NOON
from tests.probation import make_probation as build
from tests.probation.make_probation import HOUR


@pytest.fixture
def world(app):
    return build.world()


def count(model, *conditions):
    return db.session.scalar(select(func.count(model.id)).where(*conditions))


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
