"""Trial shifts on both databases: planned, attended, closed, scored."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.audit import AuditRow
from lms.conduct.operations import record_entry
from lms.db import db
from lms.errors import Refused
from lms.probation import shifts
from lms.probation.models import Evaluation, Shift
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
