"""Who finds nothing, and who is refused, on the pages of trials."""

import pytest
import time_machine
from sqlalchemy import func, select

from lms.db import db
from lms.people.models import Decision as DecisionRow
from lms.probation.gates import CRITERIA
from lms.probation.models import Evaluation
from tests import make
from tests.conftest import NOON
from tests.probation import make_probation as build
from tests.probation.make_probation import decision


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
