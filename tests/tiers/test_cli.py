"""`lms review` and `lms explain`."""

import json

import pytest
import time_machine

from lms.cli.review import explain, review
from lms.db import db
from lms.tiers.operations import decide_promotion
from tests import make
from tests.conftest import NOON
from tests.tiers.make_ladder import agent, certification


@pytest.fixture(autouse=True)
def _world(app):
    certification("base")
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def team(app):
    return make.team()


@pytest.fixture
def manager(team):
    return make.manager(team)


@pytest.fixture
def run(app):
    def run(command, *args):
        return app.test_cli_runner().invoke(command, args)

    return run


def test_a_review_lists_who_qualifies_who_is_below_and_what_is_missing(run, team, manager):
    agent(team, manager, name="ready")
    agent(team, manager, name="near", kpi=70_00)
    agent(team, manager, name="below", tier="senior", kpi=60_00)
    result = json.loads(run(review, "--json").output)
    assert result["month"] == "2026-02"
    assert [row["person"] for row in result["qualify"]] == ["ready"]
    assert [row["person"] for row in result["below"]] == ["below"]
    near = next(row for row in result["others"] if row["person"] == "near")
    assert near["missing"] == ["KPI, mean of the last 2 counted months: 70 / 75. 5 points short."]
    assert near["earliest"] == "2026-04-01"
    text = run(review).output
    assert "ready (ready): regular -> senior" in text
    assert "5 points short" in text


def test_a_review_of_an_earlier_month_looks_back_on_its_end(run, team, manager):
    someone = agent(team, manager, name="ready")
    decide_promotion(someone, "senior", "promote", "Met.", token="t" * 24, actor=manager, now=NOON)
    db.session.commit()
    assert [
        row["next"] for row in json.loads(run(review, "--month", "2026-01", "--json").output)["qualify"]
    ] == ["senior"]
    assert json.loads(run(review, "--json").output)["qualify"] == []


def test_a_review_twice_changes_nothing_and_says_the_same(run, team, manager):
    agent(team, manager, name="ready")
    assert run(review, "--json").output == run(review, "--json").output


@pytest.mark.parametrize("month", ["2026-03", "2026-04", "march", "2026-13"])
def test_a_month_that_is_not_over_is_wrong_usage(run, month):
    result = run(review, "--month", month)
    assert result.exit_code == 2
    assert "a month that is over" in result.output


def test_explain_shows_certificates_standing_and_requirements(run, team, manager):
    agent(team, manager, name="near", kpi=70_00)
    result = json.loads(run(explain, "NEAR", "--json").output)
    assert (result["stage"], result["tier"], result["standing"]["state"]) == ("agent", "regular", "good")
    assert result["certifications"] == [{"id": "base", "state": "certified", "until": "2027-01-10"}]
    kpi = next(row for row in result["requirements"] if row["id"] == "kpi")
    assert (kpi["figure"], kpi["target"], kpi["met"], kpi["earliest"]) == ("70", "75", False, "2026-04-01")
    text = run(explain, "near").output
    assert "Next tier, kpi: 70 / 75, not met. 5 points short." in text
    assert "Certification base: certified until 2027-01-10" in text


def test_explain_shows_the_gates_of_somebody_on_the_way(run, team):
    make.person("new", team=team, stage="trainee")
    result = json.loads(run(explain, "new", "--json").output)
    assert {"certification", "credited_hours"} <= {gate["id"] for gate in result["gates"]}
    assert result["requirements"] == []


def test_an_unknown_name_is_refused(run):
    result = run(explain, "nobody")
    assert result.exit_code == 1
    assert "nobody has the user name" in result.output
