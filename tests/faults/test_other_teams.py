"""What belongs to another manager's team is not there: no page, list, export or form gives it away or changes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms import clock
from lms.conduct.models import LedgerEntry
from lms.conduct.operations import record_entry
from lms.courses.models import CheckSitting
from lms.db import db, writes
from lms.exams.models import Attempt
from lms.people.models import Person, RoleGrant, StageSpan, Team
from lms.people.operations import grant_role, join_team
from lms.probation.gates import CRITERIA
from lms.probation.hours import Slot
from lms.probation.models import Probation, Shift, TrainingPlan
from lms.probation.operations import start_probation
from lms.probation.shifts import check_in, close_shift, schedule_shift, score_shift
from lms.tiers.operations import decide_promotion
from tests.faults.company import address, person, routes, who_holds_what, window_of

pytestmark = pytest.mark.parametrize("company_app", ["sqlite"], indirect=True)  # who reaches whom: tests/probation

NOBODY = 999_999
SAID = "said-in-confidence"
PERSONAL = {"person_id", "shift_id", "entry_id", "grant_id", "attempt_id", "sitting_id"}
OUTSIDERS = ["manager", "lead", "mentor", "agent", "trainee"]
METHODS = ("GET", "POST", "PUT")


@pytest.fixture
def others(company):
    """The other branch's people and things by the names that addresses give them; made once."""
    made = db.session.scalar(select(Probation).join(Person).where(Person.username == "bai.lu"))
    return things_of(made) if made else writes(work_a_week)()


def work_a_week():
    """A trial with a scored shift, an entry in the ledger and a decision, in the branch that manager2 runs."""
    now, boss, trainee, agent = clock.now(), person("manager2"), person("bai.lu"), person("pan.xin")
    plan = db.session.scalars(select(TrainingPlan)).first()
    monday = now - timedelta(days=3)
    trainee.stage_span.starts_on = clock.day_of(monday)
    grant_role(agent, "mentor", clock.day_of(monday), actor=None, now=monday)
    trial = start_probation(trainee, plan, agent, actor=boss, now=monday)
    start = monday + timedelta(hours=1)
    shift = schedule_shift(trainee, Slot(start, start + timedelta(hours=4)), actor=boss, now=monday)
    check_in(shift, actor=trainee, now=start)
    over = start + timedelta(hours=4, minutes=5)
    close_shift(shift, serving_minutes=200, waiting_minutes=30, actor=boss, now=over)
    score_shift(shift, dict.fromkeys(CRITERIA, 4), SAID, True, actor=agent, now=over)
    record_entry(agent, "leave-rule", clock.day_of(monday), SAID, token="others-entry", actor=boss, now=now)
    decide_promotion(agent, "senior", "defer", SAID, token="others-decision-1", actor=boss, now=now)
    return things_of(trial)


def things_of(trial):
    agent, boss = person("pan.xin").id, person("manager2").id
    return {
        "person_id": trial.person_id, "shift_id": first(Shift, person_id=trial.person_id),
        "entry_id": first(LedgerEntry, person_id=agent), "grant_id": first(RoleGrant, person_id=boss),
        "attempt_id": first(Attempt, person_id=agent), "sitting_id": first(CheckSitting, person_id=agent),
        "activity": trial.phases[0]["activities"][0]["id"], "month": "2026-01", "position": 1,
        "course": "trade-flow", "lesson": "time-outs",
    }  # fmt: skip


def first(model, **which):
    """The id of the first row of somebody's."""
    return db.session.scalars(select(model.id).filter_by(**which).order_by(model.id)).first()


FORM = {
    "decision": "confirm", "verdict": "promote", "target": "senior", "reason": SAID, "token": "t" * 24, "kpi": "99",
    "inquiries": "1", "days": "1", "kind": "leave-rule", "happened_on": "2026-01-02", "comment": SAID,
    "serving_minutes": "1", "waiting_minutes": "1", **dict.fromkeys(CRITERIA, "5"),
}  # fmt: skip


@pytest.mark.parametrize("username", OUTSIDERS)
def test_their_things_are_answered_like_things_that_do_not_exist(company, others, username):
    client, before = window_of(company, username), who_holds_what()
    agent = person("pan.xin").id
    for rule in routes(company, *METHODS):
        if not rule.arguments & PERSONAL:
            continue
        nobodys = address(rule, others | dict.fromkeys(rule.arguments & PERSONAL, NOBODY))
        for theirs in (address(rule, others), address(rule, {**others, "person_id": agent})):
            for method in rule.methods & set(METHODS):
                got, missing = (client.open(path, method=method, data=FORM) for path in (theirs, nobodys))
                assert got.status_code == missing.status_code, (method, theirs)
                assert got.status_code in (403, 404, 422), (method, theirs)
                assert username != "manager" or rule.endpoint.startswith("admin.") or got.status_code != 403
    assert who_holds_what() == before


@pytest.mark.parametrize("username", ["manager", "lead", "mentor"])
def test_no_list_names_them(company, others, username):
    client, theirs = window_of(company, username), person("manager2").team.id
    names = [member.name for member in map(person, ("manager2", "pan.xin", "bai.lu"))]
    for rule in routes(company, "GET"):
        if rule.arguments or rule.endpoint.startswith(("people.", "web.")):
            continue
        for query in ("", f"?team={theirs}&stage=agent&q=bai"):
            text = client.get(f"{rule}{query}").get_data(as_text=True)
            assert not [name for name in [*names, SAID, "Wholesale"] if name in text], (str(rule), query)


def test_their_own_manager_sees_them(company, others):
    client = window_of(company, "manager2")
    assert "bai.lu" not in client.get("/team").text
    assert person("bai.lu").name in client.get("/team").text
    assert SAID in client.get(f"/shifts/{others['shift_id']}").text
    assert SAID in client.get(f"/people/{person('pan.xin').id}/conduct").text


def test_a_trainer_sees_scores_and_no_conduct(company, others):
    text = window_of(company, "trainer").get(f"/people/{person('pan.xin').id}").text
    assert person("pan.xin").name in text
    assert SAID not in text


def test_a_mentor_from_another_team_cannot_be_chosen_behind_the_forms_back(company, others):
    manager, newcomer = window_of(company, "manager"), person("newhire").id
    plan = db.session.scalars(select(TrainingPlan.id)).first()
    spans = select(StageSpan.id)
    before = len(db.session.scalars(spans).all())
    form = {"plan": plan, "mentor": person("pan.xin").id}
    assert manager.post(f"/team/probation/{newcomer}/start", data=form).status_code == 422
    assert len(db.session.scalars(spans).all()) == before


@pytest.mark.parametrize("username", ["manager", "mentor", "lead"])
def test_nobody_decides_on_themselves(company, username):
    client, me, before = window_of(company, username), person(username).id, who_holds_what()
    for rule in routes(company, "POST"):
        if "person_id" in rule.arguments:
            values = {"person_id": me, "activity": "x", "month": "2026-01", "entry_id": 1, "grant_id": 1}
            assert client.post(address(rule, values), data=FORM).status_code in (403, 404), str(rule)
    assert who_holds_what() == before


def test_leaving_a_team_ends_its_managers_reach_at_once(company, others):
    client, agent = window_of(company, "manager"), person("yao.qing").id
    assert client.get(f"/people/{agent}").status_code == 200

    @writes
    def move(name):
        team = db.session.scalars(select(Team).where(Team.name.startswith(name))).one()
        join_team(person("yao.qing"), team, clock.today(), actor=None, now=clock.now())

    move("Wholesale")
    assert client.get(f"/people/{agent}").status_code == 404
    assert client.get(f"/team/promotions/{agent}").status_code == 404
    move("After-sales")
    assert client.get(f"/people/{agent}").status_code == 200
