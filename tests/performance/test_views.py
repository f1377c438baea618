"""The pages about figures."""

import pytest
import time_machine

from lms.db import db
from lms.performance import queries
from tests import make
from tests.conftest import NOON, counted_statements
from tests.performance.make_figures import FEBRUARY, JANUARY, recorded

FORM = {"kpi": "82.4", "inquiries": "900", "days": "21", "chats": "92 88.5 40!", "token": "a" * 24}


@pytest.fixture(autouse=True)
def _at_noon(app):
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def team(app):
    return make.team("Blue")


@pytest.fixture
def manager(team):
    return make.manager(team)


@pytest.fixture
def agent(team):
    return make.person("Lin Yue", team=team, tier="regular")


def path(person, month="2026-02"):
    return f"/team/performance/{person.id}/{month}"


def test_a_manager_records_a_month_and_comes_back_to_the_team(sign_in, manager, agent):
    client = sign_in(manager)
    assert "Lin Yue" in client.get(path(agent)).text
    response = client.post(path(agent), data=FORM)
    assert (response.status_code, response.location) == (303, "/team/performance?month=2026-02")
    month = queries.month_of(agent.id, FEBRUARY)
    assert (month.kpi, month.inquiries, month.days, len(month.chats)) == (8240, 900, 21, 3)
    page = client.get("/team/performance").text
    assert "82.4" in page
    assert "1 fatal" in page


def test_the_form_of_a_recorded_month_is_filled_with_it(sign_in, manager, agent):
    recorded(agent, FEBRUARY, 8240, by=manager, chats=2)
    page = sign_in(manager).get(path(agent)).text
    assert "85 85" in page
    assert "The earlier row stays on record" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kpi", "101", "between 0 and 100"),
        ("kpi", "-1", "between 0 and 100"),
        ("kpi", "NaN", "between 0 and 100"),
        ("kpi", "80.001", "Two decimals"),
        ("kpi", "", "Enter the KPI"),
        ("inquiries", "-5", "whole number"),
        ("days", "32", "0 to 31"),
        ("days", "29", "fewer days"),
        ("chats", "92 abc", "abc"),
        ("token", "", ""),
    ],
)
def test_a_month_that_is_typed_wrong_is_shown_again_and_nothing_is_written(
    sign_in, manager, agent, field, value, words
):
    response = sign_in(manager).post(path(agent), data={**FORM, field: value})
    assert response.status_code == 422
    assert words in response.text
    assert field == "inquiries" or 'value="900"' in response.text
    assert queries.months_of([agent.id]) == {}


def test_what_a_form_does_not_have_is_ignored(sign_in, manager, agent):
    other = make.person(team=make.team())
    sign_in(manager).post(
        path(agent), data={**FORM, "person_id": other.id, "replaces_id": 1, "recorded_by_id": 1}
    )
    assert queries.month_of(agent.id, FEBRUARY).recorded_by == manager.name
    assert queries.months_of([other.id]) == {}


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "2026-2", "soon", "１９９９-01"])
def test_a_month_that_is_none_is_not_found(sign_in, manager, agent, month):
    assert sign_in(manager).get(path(agent, month)).status_code == 404


def test_another_teams_person_is_not_found_by_any_verb(sign_in, manager):
    stranger = make.person("Someone Else", team=make.team("Red"), tier="regular")
    client = sign_in(manager)
    assert client.get(path(stranger)).status_code == 404
    assert client.post(path(stranger), data=FORM).status_code == 404
    assert "Someone Else" not in client.get("/team/performance").text


def test_people_of_teams_below_are_in_reach(sign_in, manager, team):
    below = make.person("Below", team=make.team("Blue 2", parent=team), tier="regular")
    client = sign_in(manager)
    assert "Below" in client.get("/team/performance").text
    assert client.get(path(below)).status_code == 200


def test_nobody_records_their_own_month(sign_in, manager):
    assert sign_in(manager).post(path(manager), data=FORM).status_code == 403


@pytest.mark.parametrize("roles", [(), ("mentor",), ("trainer",), ("admin",), ("team_lead",)])
def test_only_managers_record_months(sign_in, agent, team, roles):
    client = sign_in(make.person(team=team, roles=roles))
    assert client.get(path(agent)).status_code == 403
    assert client.post(path(agent), data=FORM).status_code == 403


def test_a_team_lead_reads_the_figures_but_finds_no_button(sign_in, agent, manager, team):
    recorded(agent, by=manager)
    page = sign_in(make.person(team=team, roles=("team_lead",))).get("/team/performance").text
    assert "Lin Yue" in page
    assert path(agent) not in page


def test_the_team_page_sorts_filters_and_says_who_is_missing(sign_in, manager, agent, team):
    other = make.person("Chen Wei", team=make.team("Blue 2", parent=team), tier="regular")
    recorded(agent, by=manager, kpi=7000)
    client = sign_in(manager)
    page = client.get("/team/performance?sort=-kpi").text
    assert page.index("Lin Yue") < page.index("Chen Wei")  # what has no figure comes last
    assert "1 of 2 agents have no figures" in page
    filtered = client.get(f"/team/performance?team={other.team.id}").text
    assert "Chen Wei" in filtered
    assert "Lin Yue" not in filtered


ODD = ["sort=x", "sort=-", "page=999", "page=-3", "page=x", "month=x", "team=x", "_external=1&endpoint=2"]


@pytest.mark.parametrize("query", ODD)
def test_an_odd_address_still_shows_the_page(sign_in, manager, agent, query):
    assert "Lin Yue" in sign_in(manager).get(f"/team/performance?{query}").text


def test_an_agent_sees_the_own_months_what_counts_and_the_preview(sign_in, manager, agent):
    recorded(agent, FEBRUARY, 9000, by=manager)
    recorded(agent, JANUARY, 8900, by=manager, inquiries=499)
    page = sign_in(agent).get("/performance").text
    assert "2700.00 yuan" in page
    assert "1780.00 yuan" in page
    assert "too few inquiries" in page


def test_a_median_hides_where_fewer_than_five_have_figures(sign_in, manager, agent, team):
    recorded(agent, FEBRUARY, 9000, by=manager)
    for kpi in (7000, 7100, 7200):
        recorded(make.person(team=team), FEBRUARY, kpi, by=manager)
    client = sign_in(agent)
    assert "72.00" not in client.get("/performance").text
    recorded(make.person(team=team), FEBRUARY, 7150, by=manager)
    assert "71.5" in client.get("/performance").text


def test_a_score_can_be_worked_out_on_the_page(sign_in, agent):
    figures = "conversion=55&first-reply=12&mean-reply=25&items-a-customer=1&satisfaction=99"
    page = sign_in(agent).get(f"/performance?{figures}").text
    assert "Score 82.00" in page
    assert "1640.00" in page


@pytest.mark.parametrize("value", ["", "abc", "-1", "NaN", "Infinity", "1e400000"])
def test_a_sheet_that_is_filled_in_wrong_says_so(sign_in, agent, value):
    response = sign_in(agent).get(
        "/performance", query_string={"conversion": value, "first-reply": 1, "mean-reply": 1,
                                      "items-a-customer": 1, "satisfaction": 1},
    )  # fmt: skip
    assert response.status_code == 200
    assert "Score" not in response.text.split('id="reckon"')[1].split("</form>")[0]


def test_a_corrected_month_stays_visible_to_the_person(sign_in, manager, agent):
    recorded(agent, FEBRUARY, 9000, by=manager)
    recorded(agent, FEBRUARY, 8000, by=manager)
    assert "Corrected since" in sign_in(agent).get("/performance").text


def test_the_statements_of_the_team_page_do_not_grow_with_the_people(sign_in, manager, team):
    client = sign_in(manager)
    numbers = []
    for _ in range(2):
        for _ in range(3):
            recorded(make.person(team=team, tier="regular"), by=manager)
        db.session.expire_all()
        with counted_statements() as statements:
            client.get("/team/performance")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
