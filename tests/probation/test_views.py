"""The pages of trials: what each role sees, does, and is refused."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.db import db
from lms.people.models import Decision as DecisionRow
from lms.probation.gates import CRITERIA
from lms.probation.models import ActivitySignature, Evaluation, Probation, Shift
from tests import make
from tests.conftest import NOON, counted_statements
from tests.probation import make_probation as build
from tests.probation.make_probation import FOURS, HOUR, MINUTE, NINE


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


# -- the learner ---------------------------------------------------------------------------------------


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


def test_nobody_checks_in_for_another(world, sign_in):
    shift = build.planned(world, NOON + MINUTE * 20)
    for other in (world.mentor, world.manager, make.person()):
        assert sign_in(other).post(f"/shifts/{shift.id}/check-in").status_code == 404


def test_the_shifts_page_shows_how_the_hours_came_about(world, sign_in):
    build.closed(world, late=30, served=62)
    page = sign_in(world.person).get("/shifts").text
    assert "2 h × 0.9 late × 0.75 ratio 68.8 % = 1.35 h" in page


# -- the mentor ----------------------------------------------------------------------------------------


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
    assert "2 h × 1 on time × 0.75 ratio 69.1 % = 1.5 h" in client.get(address).text
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
        ({"serving_minutes": "many", "waiting_minutes": "0"}, "Not a valid integer"),
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


# -- who may not ---------------------------------------------------------------------------------------


def everything(of, shift):
    """Each page and act on somebody's trial."""
    person, at = of.person.id, shift.id
    return [
        ("GET", f"/mentees/{person}", None),
        ("POST", f"/mentees/{person}/shifts", SLOT),
        ("POST", f"/mentees/{person}/activities/count/sign", {}),
        ("GET", f"/shifts/{at}", None),
        ("POST", f"/shifts/{at}/attendance", {"came_at": ""}),
        ("POST", f"/shifts/{at}/close", {"serving_minutes": "1", "waiting_minutes": "1"}),
        ("POST", f"/shifts/{at}/score", RUBRIC),
        ("POST", f"/shifts/{at}/cancel", {}),
        ("GET", f"/team/probation/{person}", None),
        ("POST", f"/team/probation/{person}", decision("end")),
        ("GET", f"/team/probation/{person}/start", None),
        ("POST", f"/team/probation/{person}/start", {"plan": "1", "mentor": "1"}),
    ]


def decision(kind, **more):
    return {"decision": kind, "reason": "Ready for the work", "token": "form-1"} | more


def test_another_teams_manager_finds_nothing_by_any_verb(world, sign_in):
    shift = build.closed(world)
    client = sign_in(make.manager(make.team()))
    for method, address, data in everything(world, shift):
        assert client.open(address, method=method, data=data).status_code == 404, address
    assert "Lin Yue" not in client.get("/team/probation").text
    assert count(Evaluation) == count(DecisionRow) == 0


def test_a_mentor_finds_nothing_of_somebody_elses_mentee(world, sign_in):
    shift = build.closed(world)
    stranger = make.person(team=world.team, roles=("mentor",))
    client = sign_in(stranger)
    for method, address, data in everything(world, shift):
        assert client.open(address, method=method, data=data).status_code in (403, 404), address
    assert client.get(f"/shifts/{shift.id}").status_code == 404
    assert client.post(f"/shifts/{shift.id}/score", data=RUBRIC).status_code == 404
    assert "Lin Yue" not in client.get("/mentees").text


def test_a_mentor_decides_nothing(world, sign_in):
    client = sign_in(world.mentor)
    assert client.get(f"/team/probation/{world.person.id}").status_code == 403
    assert client.post(f"/team/probation/{world.person.id}", data=decision("end")).status_code == 403


def test_a_learner_acts_on_nothing_of_their_own_trial(world, sign_in):
    shift = build.closed(world)
    client = sign_in(world.person)
    for method, address, data in everything(world, shift):
        assert client.open(address, method=method, data=data).status_code == 403, address
    assert world.person.stage == "on_trial"


def test_a_manager_neither_scores_nor_decides_on_themselves(app, sign_in):
    of = build.world()
    shift = build.closed(of)
    operations_manager = make.manager(of.team)
    make.operations.set_stage(operations_manager, "trainee", make.DAY_ONE, actor=None, now=NOON)
    db.session.commit()
    from lms.probation import operations

    operations.start_probation(operations_manager, of.probation.plan, of.mentor, actor=of.manager, now=NOON)
    shift.person_id = operations_manager.id
    db.session.commit()
    client = sign_in(operations_manager)
    assert client.post(f"/shifts/{shift.id}/score", data=RUBRIC).status_code == 404
    answer = client.post(f"/team/probation/{operations_manager.id}", data=decision("end"))
    assert answer.status_code == 403
    assert "Nobody does this on themselves" in answer.text
    assert count(DecisionRow) == 0


def test_a_lead_records_attendance_and_reads_but_neither_scores_nor_decides(world, sign_in):
    shift = build.closed(world)
    client = sign_in(make.person(team=world.team, roles=("team_lead",)))
    assert client.get(f"/shifts/{shift.id}").status_code == 200
    assert client.post(f"/mentees/{world.person.id}/shifts", data=SLOT).status_code == 303
    assert client.post(f"/shifts/{shift.id}/score", data=RUBRIC).status_code == 403
    page = client.get(f"/team/probation/{world.person.id}")
    assert (page.status_code, "Record the decision" in page.text) == (200, False)
    assert client.post(f"/team/probation/{world.person.id}", data=decision("end")).status_code == 403


# -- the manager ---------------------------------------------------------------------------------------


def test_a_manager_confirms_with_every_figure_in_view(app, sign_in):
    of = build.ready()
    client, address = sign_in(of.manager), f"/team/probation/{of.person.id}"
    assert "9 of 9" in client.get("/team/probation").text
    page = client.get(address).text
    assert "All gates are met and the trial has run its time." in page
    assert "Not now: Confirm early" in page
    assert client.post(address, data=decision("confirm")).status_code == 303
    db.session.expire_all()
    assert (of.person.stage, of.person.tier) == ("agent", "regular")
    assert "Ready for the work" in client.get(address).text


def test_a_decision_form_sent_twice_has_one_effect(world, sign_in):
    client, address = sign_in(world.manager), f"/team/probation/{world.person.id}"
    assert [client.post(address, data=decision("extend")).status_code for _ in range(2)] == [303, 303]
    assert count(DecisionRow) == 1


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"decision": "confirm", "reason": "Kept words"}, 409, "only an early confirmation is possible"),
        ({"decision": "confirm_early", "reason": "Kept words"}, 409, "certification is not held"),
        ({"decision": "confirm", "reason": ""}, 422, "Give the reason"),
        ({"decision": "promote", "reason": "Kept words"}, 422, "Not a valid choice"),
        ({"reason": "Kept words"}, 422, "Choose a decision"),
    ],
)
def test_what_cannot_be_decided_is_said_and_the_reason_stays(world, sign_in, form, status, says):
    client, address = sign_in(world.manager), f"/team/probation/{world.person.id}"
    answer = client.post(address, data={"token": "t"} | form)
    assert (answer.status_code, says in answer.text) == (status, True)
    assert form["reason"] in answer.text
    assert count(DecisionRow) == 0


def test_extra_fields_decide_nothing_more(world, sign_in):
    client = sign_in(world.manager)
    data = decision("extend", tier="gold", person_id=world.mentor.id, stage="agent")
    client.post(f"/team/probation/{world.person.id}", data=data)
    db.session.expire_all()
    assert (world.person.stage, world.person.tier) == ("on_trial", None)


def test_a_manager_starts_a_trial_with_a_plan_and_a_mentor(world, sign_in):
    trainee = make.person("Wu Fan", stage="trainee", team=world.team)
    client, address = sign_in(world.manager), f"/team/probation/{trainee.id}/start"
    assert "Wu Fan" in client.get("/team/probation").text
    assert "A week" in client.get(address).text
    chosen = {"plan": world.probation.plan_id, "mentor": world.mentor.id}
    assert client.post(address, data=chosen).status_code == 303
    again = client.post(address, data=chosen)
    assert (again.status_code, "at another stage" in again.text) == (409, True)
    assert count(Probation) == 2


def test_only_mentors_of_the_managers_teams_can_be_chosen(world, sign_in):
    trainee = make.person(stage="trainee", team=world.team)
    stranger = make.person("Far away", team=make.team(), roles=("mentor",))
    client, address = sign_in(world.manager), f"/team/probation/{trainee.id}/start"
    assert "Far away" not in client.get(address).text
    answer = client.post(address, data={"plan": world.probation.plan_id, "mentor": stranger.id})
    assert answer.status_code == 422
    assert count(Probation) == 1


@pytest.mark.parametrize("address", ["/team/probation", "/mentees", "/probation", "/shifts"])
def test_an_empty_page_says_what_to_do_next(app, sign_in, address):
    page = sign_in(make.manager(make.team())).get(address)
    assert page.status_code == 200
    assert 'class="empty"' in page.text or "To confirmation" in page.text


@pytest.mark.parametrize("address", ["/team/probation", "/mentees"])
def test_a_list_takes_the_same_statements_for_one_and_for_many(world, sign_in, address):
    from lms.probation import operations

    client = sign_in(world.manager)

    def statements():
        with counted_statements() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    build.closed(world)
    one = statements()
    for _ in range(3):
        other = make.person(stage="trainee", team=world.team)
        operations.start_probation(other, world.probation.plan, world.mentor, actor=world.manager, now=NOON)
        make.person(stage="trainee", team=world.team)
    db.session.commit()
    assert statements() == one


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_in_both_languages(world, sign_in, language):
    build.scored(world, build.closed(world), FOURS)
    coming = build.planned(world, NOON + timedelta(days=1))
    manager = sign_in(world.manager, language=language)
    for address in (
        "/team/probation", f"/team/probation/{world.person.id}", "/mentees", f"/mentees/{world.person.id}",
        f"/shifts/{coming.id}", "/probation", "/shifts",
    ):  # fmt: skip
        assert manager.get(address).status_code == 200
    person = sign_in(world.person, language=language)
    assert person.get("/probation").status_code == person.get("/shifts").status_code == 200
