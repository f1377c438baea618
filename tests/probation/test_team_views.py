"""The pages on which managers start trials and decide them."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.db import db
from lms.people.models import Decision as DecisionRow
from lms.probation.models import Probation
from tests import make
from tests.conftest import NOON, counted_statements
from tests.probation import make_probation as build
from tests.probation.make_probation import FOURS, decision


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(app):
    return build.world()


def count(model):
    return db.session.scalar(select(func.count(model.id)))


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
    assert 'class="empty"' in page.text or "The way to confirmation" in page.text


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
