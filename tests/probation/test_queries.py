"""What other pages ask about trials: lists, and the one next thing to do."""

from datetime import date, timedelta

import pytest

from lms.access import Permission
from lms.db import db
from lms.i18n import say
from lms.probation import operations, shifts
from lms.probation.figures import case_of
from lms.probation.hours import Slot
from lms.probation.plans import day_and_length, plan_view
from lms.probation.queries import next_for_learner, next_for_mentor, probation_rows
from lms.probation.words import workings_of
from tests import make
from tests.conftest import NOON, counted_statements
from tests.probation import make_probation as build
from tests.probation.make_probation import FIVES, FOURS, HOUR, MINUTE, NINE

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def world(app):
    return build.world()


def title(step):
    return say(step.title) if step else None


def test_figures_come_from_closed_shifts_rubrics_chats_and_the_certificate(app):
    of = build.ready()
    found = case_of(of.person, TODAY)
    assert (found.met, found.total, found.proposal) == (9, 9, "confirm")
    assert (found.figures.shifts, found.figures.credited) == (10, 6000)


def test_absences_count_neither_as_shifts_nor_in_the_means(world):
    build.scored(world, build.closed(world), FOURS)
    build.closed(world, NINE + 3 * HOUR, 1, late=None)
    figures = case_of(world.person, TODAY).figures
    assert (figures.shifts, figures.credited, figures.service_ratio, figures.mean_rubric) == (1, 200, 1, 4)


def test_the_latest_rubric_says_whether_the_mentor_recommends(world):
    build.scored(world, build.closed(world), FIVES, recommends=True)
    assert case_of(world.person, TODAY).figures.mentor_recommends
    build.scored(world, build.closed(world, NINE + 3 * HOUR, 1), FOURS)
    assert not case_of(world.person, TODAY).figures.mentor_recommends


def test_shifts_before_the_trial_began_are_not_counted(world):
    build.closed(world)
    db.session.execute(db.text("UPDATE shift SET starts_at = '2026-02-20 01:00:00+00'"))
    db.session.expire_all()
    assert case_of(world.person, TODAY).figures.shifts == 0


@pytest.mark.parametrize(("chats", "fatal", "expected"), [(20, 0, 0), (20, 1, 1), (9, 0, None)])
def test_fatal_errors_are_looked_for_in_the_last_chats_once_there_are_enough(world, chats, fatal, expected):
    build.inspected(world, chats, fatal=fatal)
    figures = case_of(world.person, TODAY).figures
    assert (figures.inspected_chats, figures.fatal_errors) == (chats, expected)


def test_a_trainee_sees_the_gates_before_the_trial_begins(app):
    found = case_of(make.person(stage="trainee"), TODAY)
    assert (found.total, found.proposal, found.probation) == (9, None, None)


def test_the_credited_hours_are_explained_so_that_they_can_be_reckoned_again(world):
    shift = build.closed(world, late=30, served=62)
    assert say(workings_of(shift)) == "2 h × 0.9 (late) × 0.75 (ratio 68.8\N{NO-BREAK SPACE}%) = 1.35 h"
    absent = build.closed(world, NINE + 3 * HOUR, 1, late=None)
    assert say(workings_of(absent)) == "1 h × 0 (absent) = 0 h"


def test_the_day_of_the_plan_stays_at_its_last_while_the_decision_is_overdue(world):
    assert day_and_length(world.probation, TODAY) == (1, 5)
    assert day_and_length(world.probation, TODAY + 5 * DAY) == (5, 5)  # Saturday
    assert day_and_length(world.probation, TODAY + 8 * DAY) == (5, 5)


def test_the_plan_shows_what_is_over_now_and_to_come_with_signatures(world):
    operations.sign_activity(world.probation, "count", actor=world.mentor, now=NOON)
    first, second = plan_view(world.probation, TODAY + 2 * DAY)
    assert (first.state, first.first_day, first.last_day) == ("done", 1, 2)
    assert (second.state, second.first_day, second.last_day) == ("now", 3, 5)
    assert first.activities[0].signature.by.name == "Mentor"
    assert second.activities[0].signature is None


def test_the_plan_shows_whether_the_exam_of_a_phase_is_passed(world):
    assert [exam for phase in plan_view(world.probation, TODAY) for exam in phase.exams] == []
    build.certified(world.person)
    asked = [[(exam.slug, exam.passed) for exam in phase.exams] for phase in plan_view(world.probation, TODAY)]
    assert asked == [[], [("base", True)]]


@pytest.mark.parametrize(
    ("after", "stuck"),
    [(timedelta(0), None), (23 * HOUR, None), (26 * HOUR, "Not closed: 2 Mar 2026")],
)
def test_a_shift_that_nobody_closes_is_called_stuck(world, after, stuck):
    build.planned(world)
    build.planned(world, NOON + 5 * DAY)
    (row,) = probation_rows(world.manager, NOON + after)
    assert row.to_close is not None or not after
    assert (stuck or "") in (say(row.stuck) if row.stuck else "")
    assert bool(row.stuck) is bool(stuck)


def test_a_trial_without_a_shift_to_come_is_stuck(world):
    (row,) = probation_rows(world.manager, NOON)
    assert say(row.stuck) == "No shift is planned"


def test_what_is_to_be_decided_comes_first(world):
    other = make.person("Another", stage="trainee", team=world.team)
    operations.start_probation(
        other, world.probation.plan, world.mentor, actor=world.manager, now=NOON - 21 * DAY
    )
    db.session.commit()
    rows = probation_rows(world.manager, NOON)
    assert [(row.person.name, row.proposal, row.decision_due) for row in rows] == [
        ("Another", "extend", True),
        ("Lin Yue", "not_yet", False),
    ]


def test_a_list_holds_only_whom_the_permission_reaches(world):
    assert probation_rows(make.manager(make.team()), NOON) == []
    assert [row.person.id for row in probation_rows(world.mentor, NOON, Permission.SCORE_SHIFTS)] == [
        world.person.id
    ]


def test_the_list_takes_the_same_statements_for_one_and_for_many(world):
    def statements():
        db.session.rollback()
        db.session.refresh(world.manager)
        assert world.manager.grants
        with counted_statements() as seen:
            rows = probation_rows(world.manager, NOON)
        return len(rows), len(seen)

    build.scored(world, build.closed(world))
    one = statements()
    for _ in range(3):
        other = make.person(stage="trainee", team=world.team)
        operations.start_probation(other, world.probation.plan, world.mentor, actor=world.manager, now=NOON)
        shifts.schedule_shift(other, Slot(NINE, NOON), actor=world.mentor, now=NOON)
    db.session.commit()
    many = statements()
    assert (one[0], many[0]) == (1, 4)
    assert one[1] == many[1] <= 8


def test_somebody_on_trial_is_told_to_ask_to_look_forward_and_to_check_in(world):
    assert title(next_for_learner(world.person, NOON)) == "No shift is planned"
    build.planned(world, NOON + HOUR)
    assert title(next_for_learner(world.person, NOON)) == "Your next shift: 2 Mar 2026, 13:00"
    step = next_for_learner(world.person, NOON + 40 * MINUTE)
    assert (step.endpoint, step.post) == ("probation.own_check_in", True)
    assert next_for_learner(world.mentor, NOON) is None


def test_a_mentor_is_told_to_plan_to_close_and_to_score(world):
    assert title(next_for_mentor(world.mentor, NOON)) == "Plan a shift for Lin Yue"
    shift = build.planned(world)
    assert title(next_for_mentor(world.mentor, NOON)) == "Close the shift of Lin Yue"
    shifts.record_attendance(shift, NINE, actor=world.mentor, now=NOON)
    shifts.close_shift(shift, serving_minutes=110, waiting_minutes=0, actor=world.mentor, now=NOON)
    db.session.commit()
    assert title(next_for_mentor(world.mentor, NOON)) == "Score the shift of Lin Yue"
    build.scored(world, shift)
    build.planned(world, NOON + DAY)
    assert next_for_mentor(world.mentor, NOON) is None


def test_a_mentor_need_not_plan_for_somebody_who_waits_for_the_decision(app):
    assert next_for_mentor(build.ready().mentor, NOON) is None
