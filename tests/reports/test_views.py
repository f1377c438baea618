"""The manager's page, the matrix, the export, and a person's record by permission."""

import csv
import io
from datetime import date

import pytest
import time_machine

from lms.db import db
from lms.people.models import Mentorship
from lms.people.operations import grant_role
from tests import make
from tests.conftest import NOON, counted_statements
from tests.performance.make_figures import JANUARY, recorded
from tests.tiers.make_ladder import agent, certification, entry, hold


@pytest.fixture(autouse=True)
def _world(app):
    for slug in ("base", "product"):
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
def client(sign_in, manager):
    return sign_in(manager)


def mentored(mentee, mentor):
    db.session.add(
        Mentorship(mentor_id=mentor.id, mentee_id=mentee.id, starts_on=date(2026, 1, 5), ends_on=None)
    )
    db.session.commit()


def table(page):
    return page.text.split("<tbody>")[1].split("</tbody>")[0]


# -- the team's page ---------------------------------------------------------------------------------------


def test_what_needs_the_manager_stands_first(client, team, manager):
    agent(team, manager, name="Lin Yue")
    page = client.get("/team")
    assert "One needs you" in page.text
    assert "Lin Yue: Qualifies for Senior" in page.text
    assert page.text.index("One needs you") < page.text.index("<tbody>")


def test_needs_that_several_share_are_one_line(client, team, manager):
    for name in ("Lin Yue", "Chen Wei", "Zhao Min"):
        someone = agent(team, manager, name=name, kpi=70_00, certificates=())
        hold(someone, "base", last=date(2026, 3, 11))
    text = client.get("/team").text
    assert "One needs you" in text
    assert "Base certificate lapses, the first one in 9 days, 11 Mar: 3 people" in text


def test_each_person_shows_stage_tier_certificates_figures_and_what_is_due(client, team, manager):
    agent(team, manager, name="Lin Yue", kpi=82_40, certificates=("base",))
    row = table(client.get("/team"))
    for part in ("Lin Yue", "Agent", "Regular", "Certified", "1 of 2 held", "82.4", "Qualifies for Senior"):
        assert part in row


def test_a_trainee_without_progress_is_stuck(client, team):
    make.person("New Hire", team=team, stage="trainee", since=date(2026, 2, 1))
    text = client.get("/team").text
    assert "No progress since 1 Feb 2026" in text


def test_a_month_that_is_not_recorded_is_due_and_leads_to_the_form(client, team, manager):
    someone = agent(team, manager, name="Lin Yue", months=0)
    recorded(someone, JANUARY, by=manager)
    text = client.get("/team").text
    assert "Lin Yue: Figures of Feb 2026 are missing" in text
    assert "/team/performance?month=2026-02" in text


def test_a_quiet_day_says_so(client, team, manager):
    agent(team, manager, kpi=70_00)
    assert "Nothing needs you right now" in client.get("/team").text


def test_an_empty_team_says_what_to_do_next(client):
    assert "Nobody is in your teams yet" in client.get("/team").text


def test_the_table_filters_by_team_and_stage_and_sorts(client, team, manager):
    agent(team, manager, name="Lin Yue", kpi=70_00)
    below = make.team("Blue 2", parent=team)
    agent(below, manager, name="Chen Wei", kpi=90_00)
    make.person("New Hire", team=team, stage="trainee")
    assert "Chen Wei" not in table(client.get(f"/team?team={team.id}"))
    assert "Lin Yue" not in table(client.get("/team?stage=trainee"))
    rising, falling = table(client.get("/team?sort=kpi")), table(client.get("/team?sort=-kpi"))
    assert rising.index("Lin Yue") < rising.index("Chen Wei") < rising.index("New Hire")
    assert falling.index("Chen Wei") < falling.index("Lin Yue") < falling.index("New Hire")
    assert "Nobody matches" in client.get("/team?stage=applicant").text


def test_a_long_table_is_cut_into_pages(client, team):
    for _ in range(51):
        make.person(team=team, stage="trainee", since=date(2026, 3, 1))
    first = client.get("/team?sort=name")
    assert "1 to 50 of 51" in first.text
    assert table(first).count("<tr>") == 50
    assert table(client.get("/team?sort=name&page=2")).count("<tr>") == 1


@pytest.mark.parametrize(
    "query", ["sort=x", "page=99999999999999999999", "team=x", "stage=x", "_scheme=x&endpoint=y"]
)
def test_an_odd_address_still_shows_the_page(client, team, query):
    make.person("Lin Yue", team=team)
    assert client.get(f"/team?{query}").status_code == 200
    assert client.get(f"/team/certifications?{query}").status_code == 200
    assert client.get(f"/team.csv?{query}").status_code == 200


def test_people_of_other_teams_appear_nowhere(client, manager):
    other = make.team("Red")
    agent(other, make.manager(other), name="Someone Else")
    for path in ("/team", "/team/certifications", "/team.csv"):
        assert "Someone Else" not in client.get(path).text


def test_people_who_left_are_not_listed(client, team):
    make.person("Gone", team=team, stage="left")
    assert "Gone" not in client.get("/team").text


@pytest.mark.parametrize("path", ["/team", "/team/certifications", "/team.csv"])
@pytest.mark.parametrize("roles", [(), ("mentor",), ("trainer",), ("admin",), ("inspector",)])
def test_only_leads_and_managers_open_the_teams_pages(sign_in, team, path, roles):
    assert sign_in(make.person(team=team, roles=roles)).get(path).status_code == 403


def test_a_team_lead_sees_the_own_group_without_decisions(sign_in, team, manager):
    agent(team, manager, name="Lin Yue")
    agent(make.team("Blue 2", parent=team), manager, name="Chen Wei")
    text = sign_in(make.person(team=team, roles=("team_lead",))).get("/team").text
    assert "Lin Yue" in text
    assert "Chen Wei" not in text
    assert "/team/promotions/" not in text


def test_a_trainer_who_also_leads_sees_the_own_group_only(sign_in, team, manager):
    agent(make.team("Red"), manager, name="Someone Else")
    both = make.person(team=team, roles=("team_lead", "trainer"))
    assert "Someone Else" not in sign_in(both).get("/team").text


@pytest.mark.parametrize("path", ["/team", "/team/certifications", "/team.csv"])
def test_the_statements_do_not_grow_with_the_people(client, team, manager, path):
    numbers = []
    for _ in range(2):
        for _ in range(3):
            agent(team, manager)
            make.person(team=team, stage="trainee")
        with counted_statements() as statements:
            assert client.get(path).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


# -- the export --------------------------------------------------------------------------------------------


def test_the_export_holds_what_the_page_shows_in_its_order(client, team, manager):
    agent(team, manager, name="=Lin", kpi=82_40)
    make.person("New Hire", team=team, stage="trainee", since=date(2026, 3, 1))
    response = client.get("/team.csv?sort=-name")
    assert response.headers["Content-Disposition"] == "attachment; filename=team-2026-03-02.csv"
    head, *rows = csv.reader(io.StringIO(response.data.decode("utf-8-sig")))
    assert head == ["Name", "Team", "Stage", "Tier", "Certifications", "KPI", "Due", "Stuck"]
    assert rows == [
        ["New Hire", "Blue", "Trainee", "", "0/2", "", "", ""],
        ["'=Lin", "Blue", "Agent", "Regular", "1/2", "82.4", "Qualifies for Senior", ""],
    ]
    assert "New Hire" not in client.get("/team.csv?stage=agent").text


# -- the matrix --------------------------------------------------------------------------------------------


def test_the_matrix_shows_every_certification_of_everybody(client, team, manager):
    agent(team, manager, name="Lin Yue", certificates=("base", "product"))
    row = table(client.get("/team/certifications"))
    assert row.count("Certified") == 2
    assert "to 10 Jan 2027" in row


def test_the_matrix_can_show_only_those_who_lapse(client, team, manager):
    agent(team, manager, name="Lin Yue")
    hold(agent(team, manager, name="Chen Wei", certificates=()), "base", last=date(2026, 3, 11))
    page = client.get("/team/certifications?certification=base&state=expiring")
    assert "Chen Wei" in table(page)
    assert "Lin Yue" not in table(page)
    assert "Base certificate, Expiring" in page.text


# -- the record --------------------------------------------------------------------------------------------


@pytest.fixture
def someone(team, manager):
    person = agent(team, manager, name="Lin Yue", kpi=82_40)
    entry(person, "complaint", by=manager)
    return person


def test_a_manager_sees_the_whole_record(client, someone):
    text = client.get(f"/people/{someone.id}").text
    for part in (
        "Lin Yue",
        "Certifications",
        "Courses",
        "Exams",
        "82.4",
        "Conduct",
        "Warned",
        "Regular to Senior",
    ):
        assert part in text


def test_a_person_sees_the_own_record_without_buttons_that_decide(sign_in, someone):
    text = sign_in(someone).get(f"/people/{someone.id}").text
    assert "Your record" in text
    assert "82.4" in text
    assert "Warned" in text
    assert "/team/p" not in text


def test_a_trainer_sees_scores_but_neither_conduct_nor_figures(sign_in, team, someone):
    text = sign_in(make.person(team=team, roles=("trainer",))).get(f"/people/{someone.id}").text
    assert "Exams" in text
    assert "Passed" in text
    for part in ("Warned", "Open the ledger", "82.4", "Monthly figures", "Regular to Senior"):
        assert part not in text


def test_a_mentor_sees_the_own_mentees_and_nobody_else(sign_in, team, someone):
    mentor = make.person(team=team, roles=("mentor",))
    mentee = make.person("New Hire", team=team, stage="trainee")
    mentored(mentee, mentor)
    client = sign_in(mentor)
    assert "New Hire" in client.get(f"/people/{mentee.id}").text
    assert "Warned" not in client.get(f"/people/{mentee.id}").text
    assert client.get(f"/people/{someone.id}").status_code == 404


@pytest.mark.parametrize("roles", [(), ("mentor",), ("inspector",), ("admin",)])
def test_whom_no_role_reaches_is_not_found(sign_in, team, someone, roles):
    assert sign_in(make.person(team=team, roles=roles)).get(f"/people/{someone.id}").status_code == 404


def test_another_teams_person_is_not_found(client):
    stranger = make.person(team=make.team("Red"))
    assert client.get(f"/people/{stranger.id}").status_code == 404
    assert client.get("/people/999999").status_code == 404
    assert client.get("/people/99999999999999999999").status_code == 404


def test_a_role_that_ends_closes_the_record_on_the_next_request(client, manager, someone):
    from lms.people.operations import end_role

    assert client.get(f"/people/{someone.id}").status_code == 200
    end_role(manager, "manager", NOON.date(), team=manager.team, actor=None, now=NOON)
    db.session.commit()
    assert client.get(f"/people/{someone.id}").status_code == 404


def test_names_are_shown_as_text(client, team):
    nasty = make.person("<script>alert(1)</script>", team=team)
    for path in ("/team", "/team/certifications", f"/people/{nasty.id}"):
        assert "<script>alert" not in client.get(path).text


def test_a_manager_in_the_own_team_is_not_in_the_own_list(client, manager, team):
    grant_role(manager, "mentor", NOON.date(), actor=None, now=NOON)
    make.person("Lin Yue", team=team)
    assert "Boss" not in table(client.get("/team"))
