"""Versions of the policy: loaded whole, in force from a day, never changed."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.audit import AuditRow
from lms.cli.policy import policy as command
from lms.db import db
from lms.errors import Refused
from lms.policy.models import PolicyVersion
from lms.policy.operations import load_default_policy, load_policy
from lms.policy.queries import current_policy, policy_in_force
from lms.policy.schema import PolicyError, default_text
from tests import make
from tests.conftest import NOON, counted_statements

TODAY = date(2026, 3, 2)
STRICTER = default_text().replace("min_days = 10", "min_days = 12")


@pytest.fixture(autouse=True)
def _at_noon(app):
    with time_machine.travel(NOON, tick=False):
        yield


def load(text=STRICTER, on=TODAY):
    version = load_policy(text, "policy.toml", on, actor=None, now=NOON)
    db.session.commit()
    return version


def test_a_site_starts_with_the_default_policy():
    assert (policy_in_force(TODAY).number, current_policy(TODAY).kpi.min_days) == (1, 10)
    assert load_default_policy(now=NOON).number == 1


def test_a_new_version_is_in_force_from_its_day_on():
    load(on=TODAY + timedelta(days=7))
    assert current_policy(TODAY + timedelta(days=6)).kpi.min_days == 10
    assert current_policy(TODAY + timedelta(days=7)).kpi.min_days == 12


def test_a_day_before_the_first_version_is_judged_by_the_first():
    load(on=TODAY)
    assert policy_in_force(date(2020, 1, 1)).number == 1


def test_the_version_loaded_last_wins_where_both_are_in_force():
    load(on=TODAY + timedelta(days=1))
    load(STRICTER.replace("min_days = 12", "min_days = 14"), on=TODAY)
    assert current_policy(TODAY + timedelta(days=2)).kpi.min_days == 14


def test_the_same_text_again_is_no_new_version():
    assert load().number == load().number == 2


def test_loading_leaves_an_audit_row():
    version = load()
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "policy.load").order_by(AuditRow.id)).all()[-1]
    assert (row.subject_id, row.detail["number"]) == (version.id, 2)


def test_a_wrong_document_is_refused_and_the_old_one_stays():
    with pytest.raises(PolicyError):
        load(STRICTER.replace("weight = 50", "weight = 51"))
    db.session.rollback()
    assert policy_in_force(TODAY).number == 1


def test_a_day_that_is_over_is_refused():
    with pytest.raises(Refused, match="a day that is over"):
        load(on=TODAY - timedelta(days=1))


def test_a_version_can_neither_be_changed_nor_removed():
    for statement in ("UPDATE policy_version SET source = ''", "DELETE FROM policy_version"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_reading_the_policy_is_one_statement():
    with counted_statements() as statements:
        policy_in_force(TODAY)
    assert len(statements) == 1


@pytest.fixture
def run(app, tmp_path):
    def run(text, *args):
        file = tmp_path / "policy.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(command, ["load", str(file), *args])

    return run


def test_the_command_shows_what_changes_and_loads_it(run):
    result = run(STRICTER)
    assert result.exit_code == 0
    assert "kpi.min_days: 10 -> 12" in result.output
    assert "Version 2 is in force from 2026-03-02." in result.output
    assert "Unchanged: this is version 2." in run(STRICTER).output


def test_the_command_prints_json(run):
    result = json.loads(run(STRICTER, "--from", "2026-04-01", "--json").output)
    assert result == {
        "version": 2,
        "new": True,
        "from": "2026-04-01",
        "changes": [{"key": "kpi.min_days", "old": "10", "new": "12"}],
    }


def test_a_dry_run_loads_nothing(run):
    assert "kpi.min_days: 10 -> 12" in run(STRICTER, "--dry-run").output
    assert "changes no number" in run(default_text(), "--dry-run").output
    assert len(db.session.scalars(select(PolicyVersion)).all()) == 1


def test_every_problem_is_one_line_with_file_and_line_and_exit_code_1(run):
    result = run(STRICTER.replace("weight = 50", "weight = 51").replace("[tiers.gold]", "[tiers.diamond]"))
    assert result.exit_code == 1
    assert result.stderr.count("policy.toml:") == 3
    assert policy_in_force(TODAY).number == 1


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'profile = "employee"\x00', b""])
def test_a_file_that_is_no_text_is_refused(run, data):
    assert run(data).exit_code == 1


def test_a_file_that_is_not_there_is_refused(app, tmp_path):
    result = app.test_cli_runner().invoke(command, ["load", str(tmp_path / "none.toml")])
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_the_template_is_the_default_document(app):
    assert app.test_cli_runner().invoke(command, ["template"]).output == default_text()


@pytest.mark.parametrize("roles", [(), ("manager",), ("admin",)])
def test_everybody_reads_the_rules_in_both_languages(sign_in, roles):
    team = make.team()
    person = make.person(team=team, roles=roles)
    page = sign_in(person).get("/policy").text
    assert "500 inquiries and 10 days" in page
    assert "75 over 2 months" in page
    assert sign_in(person, language="zh").get("/policy").status_code == 200


def test_a_visitor_is_asked_to_sign_in_first(client):
    assert client.get("/policy").status_code == 303


def test_the_page_says_which_version_is_in_force_and_which_is_to_come(sign_in):
    load(on=TODAY + timedelta(days=30))
    page = sign_in(make.person()).get("/policy").text
    assert "Version 2, from 1 Apr 2026" in page
    assert "to come" in page


def test_the_other_profile_shows_its_own_gates(sign_in):
    load(default_text().replace('profile = "employee"', 'profile = "contractor"'))
    page = sign_in(make.person()).get("/policy").text
    assert "contractors of cloud service" in page
    assert "8 h" in page
