"""The pages of the ledger."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from lms.conduct.models import LedgerEntry
from lms.conduct.operations import record_entry
from lms.db import db
from tests import make
from tests.conftest import NOON, counted_statements


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def world(app):
    team = make.team()
    return make.manager(team), make.person("Lin Yue", team=team)


def typed(**changes):
    return {
        "kind": "absence",
        "happened_on": "2026-03-01",
        "reason": "Did not come to the evening shift",
        "token": "form-1",
    } | changes


def entries():
    return db.session.scalar(select(func.count(LedgerEntry.id)))


def address(person):
    return f"/people/{person.id}/conduct"


def test_a_manager_records_an_entry_and_the_person_sees_it_with_the_standing(world, sign_in):
    manager, agent = world
    answer = sign_in(manager).post(address(agent), data=typed())
    assert (answer.status_code, answer.location) == (303, address(agent))
    page = sign_in(agent).get("/conduct").text
    assert "Did not come to the evening shift" in page
    assert "Warned" in page
    assert "2 of 3 warnings within 6 months" in page


def test_a_form_sent_twice_makes_one_entry(world, sign_in):
    manager, agent = world
    client = sign_in(manager)
    assert [client.post(address(agent), data=typed()).status_code for _ in range(2)] == [303, 303]
    assert entries() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": ""}, "Say what happened."),
        ({"happened_on": "2026-03-03"}, "today or an earlier day"),
        ({"happened_on": "0001-01-01"}, "from the year 2000 on"),
        ({"happened_on": "yesterday"}, "Not a valid date"),
        ({"kind": ""}, "Choose what happened."),
        ({"kind": "no-such-kind"}, "Not a valid choice"),
        ({"kind": "readmission"}, "Only somebody whose qualification was revoked"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(world, sign_in, change, says):
    manager, agent = world
    answer = sign_in(manager).post(address(agent), data=typed(reason="Kept words") | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert change.get("reason", "Kept words") in answer.text
    assert entries() == 0


def test_a_refusal_is_said_in_chinese_to_who_reads_chinese(world, sign_in):
    manager, agent = world
    answer = sign_in(manager, language="zh").post(address(agent), data=typed(happened_on="2026-03-03"))
    assert answer.status_code == 422
    assert "today or an earlier day" not in answer.text


def test_a_manager_voids_an_entry_with_a_reason(world, sign_in):
    manager, agent = world
    made = record_entry(agent, "absence", date(2026, 3, 1), "Why", token="x", actor=manager, now=NOON)
    db.session.commit()
    client, void = sign_in(manager), f"{address(agent)}/{made.id}/void"
    assert "Absent without leave" in client.get(void).text
    assert client.post(void, data={"reason": "", "token": "y"}).status_code == 422
    assert client.post(void, data={"reason": "Excused", "token": "y"}).status_code == 303
    again = client.post(void, data={"reason": "Excused", "token": "z"})
    assert (again.status_code, "void already" in again.text) == (409, True)
    assert "Excused" in client.get(address(agent)).text


def test_another_teams_person_is_404_for_every_verb(world, sign_in):
    _, agent = world
    stranger = make.manager(make.team())
    made = record_entry(agent, "absence", date(2026, 3, 1), "Why", token="x", actor=world[0], now=NOON)
    db.session.commit()
    client = sign_in(stranger)
    assert client.get(address(agent)).status_code == 404
    assert client.post(address(agent), data=typed()).status_code == 404
    assert client.get(f"{address(agent)}/{made.id}/void").status_code == 404
    assert client.post(f"{address(agent)}/{made.id}/void", data={"reason": "r"}).status_code == 404
    assert entries() == 1


def test_an_entry_of_one_person_is_not_found_under_another(world, sign_in):
    manager, agent = world
    other = make.person(team=agent.team)
    made = record_entry(agent, "absence", date(2026, 3, 1), "Why", token="x", actor=manager, now=NOON)
    db.session.commit()
    assert sign_in(manager).get(f"{address(other)}/{made.id}/void").status_code == 404


@pytest.mark.parametrize(
    ("role", "read", "write"), [("mentor", 403, 403), ("trainer", 403, 403), ("team_lead", 200, 403)]
)
def test_who_decides_nothing_records_nothing(world, sign_in, role, read, write):
    _, agent = world
    client = sign_in(make.person(team=agent.team, roles=(role,)))
    assert client.get(address(agent)).status_code == read
    assert client.post(address(agent), data=typed()).status_code == write
    assert entries() == 0


def test_a_manager_records_nothing_about_themselves(world, sign_in):
    manager, _ = world
    answer = sign_in(manager).post(address(manager), data=typed())
    assert answer.status_code == 403
    assert entries() == 0


def test_extra_fields_are_ignored(world, sign_in):
    manager, agent = world
    other = make.person(team=agent.team)
    sign_in(manager).post(address(agent), data=typed(person_id=other.id, recorded_by_id=other.id))
    (made,) = db.session.scalars(select(LedgerEntry))
    assert (made.person_id, made.recorded_by_id) == (agent.id, manager.id)


def test_a_reason_is_shown_as_text(world, sign_in):
    manager, agent = world
    client = sign_in(manager)
    client.post(address(agent), data=typed(reason="<script>alert(1)</script>"))
    assert "<script>alert" not in client.get(address(agent)).text


def test_an_empty_ledger_says_so(world, sign_in):
    _, agent = world
    page = sign_in(agent).get("/conduct").text
    assert "The ledger is empty" in page
    assert "In good standing" in page


def test_the_page_takes_the_same_statements_however_long_the_ledger(world, sign_in):
    manager, agent = world
    client = sign_in(agent)
    counts = []
    for number in range(3):
        record_entry(agent, "house-rule", date(2026, 3, 1), "x", token=f"n{number}", actor=manager, now=NOON)
        db.session.commit()
        with counted_statements() as statements:
            assert client.get("/conduct").status_code == 200
        counts.append(len(statements))
    assert len(set(counts)) == 1
