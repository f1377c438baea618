"""The climb, the promotions of a team, the decision in the browser."""

import pytest
import time_machine
from sqlalchemy import select

from lms.db import db
from lms.people.models import Decision
from tests import make
from tests.conftest import NOON, counted_statements
from tests.tiers.make_ladder import agent, certification

FORM = {"verdict": "promote", "reason": "All met.", "target": "senior", "token": "t" * 24}


@pytest.fixture(autouse=True)
def _world(app):
    for slug in ("base", "product", "after-sales", "complaints"):
        certification(slug)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def team(app):
    return make.team("Blue")


@pytest.fixture
def manager(team):
    return make.manager(team, "Boss")


@pytest.fixture
def regular(team, manager):
    return agent(team, manager, name="Lin Yue")


def path(person):
    return f"/team/promotions/{person.id}"


def test_an_agent_sees_each_requirement_with_figure_target_and_the_date(sign_in, team, manager):
    near = agent(team, manager, kpi=70_00)
    page = sign_in(near).get("/climb").text
    assert "Regular to Senior" in page
    assert "4 of 5 met" in page
    assert "5 points short" in page
    assert "If all goes well: in 30 days, 1 Apr" in page


def test_a_missing_certificate_names_the_next_step(sign_in, team, manager):
    page = sign_in(agent(team, manager, certificates=())).get("/climb").text
    assert "Base certificate" in page
    assert "Next: base" in page


def test_whoever_has_everything_reads_that_the_manager_decides(sign_in, regular):
    assert "Your manager decides at the next review" in sign_in(regular).get("/climb").text


def test_a_trainee_reads_that_the_ladder_begins_later(sign_in, team):
    assert "begins after confirmation" in sign_in(make.person(team=team, stage="trainee")).get("/climb").text


def test_gold_is_the_top(sign_in, team, manager):
    assert "top of this ladder" in sign_in(agent(team, manager, tier="gold")).get("/climb").text


def test_the_team_sees_who_qualifies_first(sign_in, team, manager, regular):
    agent(team, manager, name="Aaron Near", kpi=70_00)
    page = sign_in(manager).get("/team/promotions").text
    assert "Qualify now: Lin Yue." in page
    assert page.index("Lin Yue", page.index("<tbody>")) < page.index("Aaron Near", page.index("<tbody>"))
    assert path(regular) in page


def test_people_below_the_keep_line_are_named(sign_in, team, manager):
    agent(team, manager, name="Chen Wei", tier="senior", kpi=60_00)
    assert "Below the keep-line" in sign_in(manager).get("/team/promotions").text


def test_a_manager_promotes_and_the_person_reads_why(sign_in, manager, regular):
    client = sign_in(manager)
    assert "The system proposes to promote" in client.get(path(regular)).text
    response = client.post(path(regular), data=FORM)
    assert (response.status_code, response.location) == (303, "/team/promotions")
    assert "is promoted" in client.get("/team/promotions").text
    page = sign_in(regular).get("/climb").text
    assert "Senior to Elite" in page
    assert "All met." in page


def test_a_form_sent_twice_promotes_once(sign_in, manager, regular):
    client = sign_in(manager)
    assert [client.post(path(regular), data=FORM).status_code for _ in range(2)] == [303, 303]
    assert len(db.session.scalars(select(Decision)).all()) == 1


def test_a_refusal_keeps_what_was_typed(sign_in, team, manager):
    near = agent(team, manager, kpi=70_00)
    response = sign_in(manager).post(path(near), data={**FORM, "reason": "She is so kind."})
    assert response.status_code == 409
    assert "Not every requirement is met" in response.text
    assert "She is so kind." in response.text
    assert db.session.scalars(select(Decision)).all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", ""),
        ("verdict", "fire"),
        ("reason", ""),
        ("reason", "  "),
        ("target", "boss"),
        ("token", ""),
    ],
)
def test_a_form_that_is_incomplete_decides_nothing(sign_in, manager, regular, field, value):
    assert sign_in(manager).post(path(regular), data={**FORM, field: value}).status_code == 422
    assert db.session.scalars(select(Decision)).all() == []


def test_extra_fields_change_nothing(sign_in, manager, regular):
    sign_in(manager).post(
        path(regular), data={**FORM, "person_id": manager.id, "kind": "tier.gold", "tier": "gold"}
    )
    (decision,) = db.session.scalars(select(Decision)).all()
    assert (decision.person_id, decision.kind, decision.evidence["to"]) == (
        regular.id,
        "tier.promote",
        "senior",
    )


def test_another_teams_agent_is_not_found_by_any_verb(sign_in, manager):
    other = make.team("Red")
    stranger = agent(other, make.manager(other), name="Someone Else")
    client = sign_in(manager)
    assert client.get(path(stranger)).status_code == 404
    assert client.post(path(stranger), data=FORM).status_code == 404
    assert "Someone Else" not in client.get("/team/promotions").text


def test_nobody_decides_on_themselves(sign_in, team, manager):
    himself = agent(team, manager)
    from lms.people.operations import grant_role

    grant_role(himself, "manager", NOON.date(), team=team, actor=None, now=NOON)
    db.session.commit()
    assert sign_in(himself).post(path(himself), data=FORM).status_code == 403


@pytest.mark.parametrize("roles", [(), ("mentor",), ("trainer",), ("team_lead",), ("admin",)])
def test_only_managers_decide(sign_in, team, regular, roles):
    client = sign_in(make.person(team=team, roles=roles))
    assert client.get(path(regular)).status_code == 403
    assert client.post(path(regular), data=FORM).status_code == 403
    assert db.session.scalars(select(Decision)).all() == []


def test_a_team_lead_sees_the_list_without_the_decision(sign_in, team, regular):
    page = sign_in(make.person(team=team, roles=("team_lead",))).get("/team/promotions").text
    assert "Lin Yue" in page
    assert path(regular) not in page


def test_the_statements_of_the_page_do_not_grow_with_the_people(sign_in, team, manager):
    client = sign_in(manager)
    numbers = []
    for _ in range(2):
        for _ in range(3):
            agent(team, manager)
        with counted_statements() as statements:
            client.get("/team/promotions")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
