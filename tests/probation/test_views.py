"""The pages of trials as the learner and the mentor use them."""

import pytest
import time_machine
from sqlalchemy import func, select

from lms.db import db
from lms.probation.gates import CRITERIA
from lms.probation.models import ActivitySignature, Evaluation, Shift
from tests import make
from tests.conftest import NOON
from tests.probation import make_probation as build
from tests.probation.make_probation import HOUR, MINUTE, NINE, decision


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(app):
    return build.world()


def count(model):
    return db.session.scalar(select(func.count(model.id)))


RUBRIC = dict.fromkeys(CRITERIA, "4") | {"comment": "Calm and clear"}
SLOT = {"starts_at": "2026-03-02T13:00", "ends_at": "2026-03-02T15:00"}


def test_the_own_page_shows_plan_mentor_day_and_every_gate(world, sign_in):
    page = sign_in(world.person).get("/probation").text
    for words in ("A week, day 1 of 5", "Mentor", "1 of 9 met", "Count stock", "Supervised chat", "60 h"):
        assert words in page


def test_a_trainee_sees_what_will_be_asked_before_the_trial(app, sign_in):
    page = sign_in(make.person(stage="trainee")).get("/probation").text
    assert "It begins when your manager" in page
    assert "1 of 9 met" in page


def test_after_the_decision_the_own_page_shows_it_with_its_figures(world, sign_in):
    client = sign_in(world.manager)
    client.post(f"/team/probation/{world.person.id}", data=decision("end", reason="Chose another way"))
    page = sign_in(world.person).get("/probation").text
    assert "Trial ended" in page
    assert "Chose another way" in page
    assert "The figures it was made on" in page


def test_who_decides_on_what_was_decided_meanwhile_is_told_and_sees_the_decision(world, sign_in):
    client, address = sign_in(world.manager), f"/team/probation/{world.person.id}"
    client.post(address, data=decision("end", reason="Chose another way"))
    late = client.post(address, data=decision("extend", reason="More time", token="form-2"))
    assert late.status_code == 409
    assert "This trial has been decided already." in late.text
    assert "Chose another way" in late.text


def test_one_checks_in_to_the_own_shift_on_the_day(world, sign_in, clock):
    shift = build.planned(world, NOON + HOUR)
    client = sign_in(world.person)
    early = client.post(f"/shifts/{shift.id}/check-in")
    assert (early.status_code, "Check-in opens at" in early.text) == (409, True)
    clock.move_to(NOON + 40 * MINUTE)
    assert "Check in" in client.get("/shifts").text
    assert client.post(f"/shifts/{shift.id}/check-in").status_code == 303
    again = client.post(f"/shifts/{shift.id}/check-in")
    assert (again.status_code, "You checked in at 2 Mar 2026, 12:40" in again.text) == (409, True)


def test_home_lists_the_shifts_to_come_and_not_those_that_wait_for_the_mentor(world, sign_in):
    build.planned(world, NINE)
    build.planned(world, NOON + HOUR)
    page = sign_in(world.person).get("/").text
    assert '<span class="time">13:00</span>' in page
    assert '<span class="time">09:00</span>' not in page


def test_nobody_checks_in_for_another(world, sign_in):
    shift = build.planned(world, NOON + MINUTE * 20)
    for other in (world.mentor, world.manager, make.person()):
        assert sign_in(other).post(f"/shifts/{shift.id}/check-in").status_code == 404


def test_the_shifts_page_shows_how_the_hours_came_about(world, sign_in):
    build.closed(world, late=30, served=62)
    page = sign_in(world.person).get("/shifts").text
    assert "2 h × 0.9 (late) × 0.75 (ratio 68.8\N{NO-BREAK SPACE}%) = 1.35 h" in page


def test_a_mentor_leads_a_shift_from_plan_to_rubric(world, sign_in, clock):
    client = sign_in(world.mentor)
    assert "No shift is planned" in client.get("/mentees").text
    assert client.post(f"/mentees/{world.person.id}/shifts", data=SLOT).status_code == 303
    shift = db.session.scalars(select(Shift)).one()
    address = f"/shifts/{shift.id}"
    assert "It has not begun" in client.get(address).text
    clock.move_to(NOON + 3 * HOUR)
    assert "Close the shift" in client.get("/mentees").text
    assert client.post(f"{address}/attendance", data={"came_at": "2026-03-02T13:00"}).status_code == 303
    minutes = {"serving_minutes": "83", "waiting_minutes": "0"}
    assert client.post(f"{address}/close", data=minutes).status_code == 303
    assert "2 h × 1 (on time) × 0.75 (ratio 69.1\N{NO-BREAK SPACE}%) = 1.5 h" in client.get(address).text
    assert client.post(f"{address}/score", data=RUBRIC | {"recommends": "y"}).status_code == 303
    page = client.get(address).text
    assert "Calm and clear" in page
    assert "Recommends confirming early" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends_at": "2026-03-02T12:00"}, "A shift ends after it starts"),
        ({"ends_at": "2026-03-02T14:30"}, "whole hours"),
        ({"ends_at": ""}, "Say when it ends"),
        ({"starts_at": "tomorrow"}, "Enter a date and a time"),
        ({"starts_at": "0001-01-01T00:00"}, "Check the year"),
        ({"starts_at": "2026-03-02T14:00", "ends_at": "2026-03-02T16:00"}, "overlaps"),
        ({"starts_at": "2026-02-20T14:00", "ends_at": "2026-02-20T16:00"}, "up to 7 days afterwards"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_in_words_and_the_input_stays(world, sign_in, change, says):
    build.planned(world, NOON + 3 * HOUR)
    answer = sign_in(world.mentor).post(f"/mentees/{world.person.id}/shifts", data=SLOT | change)
    assert answer.status_code == 422
    assert says in answer.text
    for value in (SLOT | change).values():
        assert value in answer.text
    assert count(Shift) == 1


@pytest.mark.parametrize("score", ["7", "0", "-1", "4.5", "²", "five", ""])
def test_a_rubric_beyond_one_to_five_is_refused_and_the_comment_stays(world, sign_in, score):
    shift = build.closed(world)
    answer = sign_in(world.mentor).post(f"/shifts/{shift.id}/score", data=RUBRIC | {"tone": score})
    assert answer.status_code == 422
    assert "A score is a number from 1 to 5" in answer.text or "Choose a score" in answer.text
    assert "Calm and clear" in answer.text
    assert count(Evaluation) == 0


def test_a_shift_is_closed_once_and_says_so(world, sign_in):
    shift = build.closed(world)
    answer = sign_in(world.mentor).post(
        f"/shifts/{shift.id}/close", data={"serving_minutes": "1", "waiting_minutes": "1"}
    )
    assert answer.status_code == 409
    db.session.refresh(shift)
    assert shift.credited == 200


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        ({"serving_minutes": "100", "waiting_minutes": "100"}, "200 minutes; the person was there for 120"),
        ({"serving_minutes": "-5", "waiting_minutes": "0"}, "whole minutes of one day"),
        ({"serving_minutes": "", "waiting_minutes": "0"}, "Enter the minutes"),
        ({"serving_minutes": "many", "waiting_minutes": "0"}, "whole minutes of one day"),
        ({"serving_minutes": "9" * 30, "waiting_minutes": "0"}, "whole minutes of one day"),
    ],
)
def test_minutes_that_cannot_be_are_refused_and_the_shift_stays_open(world, sign_in, minutes, says):
    shift = build.planned(world, NINE)
    client = sign_in(world.mentor)
    client.post(f"/shifts/{shift.id}/attendance", data={"came_at": "2026-03-02T09:00"})
    answer = client.post(f"/shifts/{shift.id}/close", data=minutes)
    assert (answer.status_code, says in answer.text) == (422, True)
    db.session.refresh(shift)
    assert shift.state == "planned"


def test_attendance_in_the_future_is_refused(world, sign_in):
    shift = build.planned(world, NINE, 8)
    answer = sign_in(world.mentor).post(
        f"/shifts/{shift.id}/attendance", data={"came_at": "2026-03-02T13:00"}
    )
    assert (answer.status_code, "cannot lie in the future" in answer.text) == (422, True)


def test_a_mentor_cancels_a_shift_and_signs_what_is_theirs_to_sign(world, sign_in):
    shift = build.planned(world, NOON + HOUR)
    client, page = sign_in(world.mentor), f"/mentees/{world.person.id}"
    assert client.post(f"/shifts/{shift.id}/cancel").status_code == 303
    assert client.post(f"{page}/activities/count/sign").status_code == 303
    assert client.post(f"{page}/activities/review/sign").status_code == 403
    assert client.post(f"{page}/activities/dance/sign").status_code == 422
    assert sign_in(world.manager).post(f"{page}/activities/review/sign").status_code == 303
    assert count(ActivitySignature) == 2
    assert 'id="activity-review"' in client.get(page).text
