"""The demo company stands for what it says, whatever the hour and the day it is made."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from lms import clock
from lms.certification.queries import holdings_of
from lms.cli.content import load_all
from lms.conduct.queries import standing_of
from lms.courses.queries import courses_done
from lms.db import db
from lms.demo import fill
from lms.demo.days import sit
from lms.exams.models import Exam
from lms.exams.operations import why_not_sit
from lms.people.models import Person
from lms.people.passwords import matches
from lms.people.words import DEMO_PEOPLE
from lms.policy.queries import policy_in_force
from lms.probation.queries import next_for_mentor, probation_rows
from lms.reports.queries import calls_of, team_rows
from lms.reports.rules import Kind
from lms.tiers.queries import ways_of

MOMENTS = {
    "minutes before the end of a leap day": datetime(2028, 2, 29, 15, 50, tzinfo=UTC),
    "minutes into a year": datetime(2026, 12, 31, 16, 10, tzinfo=UTC),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_everybody_stands_for_their_case(app, moment, content, monkeypatch):
    monkeypatch.chdir(content)
    with time_machine.travel(MOMENTS[moment], tick=False):
        load_all()
        assert fill(clock.now())
        assert fill(clock.now()) is False
        company = {person.username: person for person in db.session.scalars(select(Person))}
        assert all(matches(company[name].password_hash, "demo") for name, _ in DEMO_PEOPLE)
        assert_learners(company)
        assert_trials(company)
        assert_agents(company)
        assert_branches_do_not_see_each_other(company)
        assert_the_manager_is_called_when_somebody_passes(company)


def way_of(person):
    return ways_of([person], clock.today(), policy_in_force(clock.today()))[0]


def assert_learners(company):
    base = db.session.scalars(select(Exam).where(Exam.slug == "base")).one()
    newhire, candidate = company["newhire"], company["candidate"]
    assert courses_done(newhire.id) == set()
    assert newhire.stage_span.starts_on == clock.today()
    assert why_not_sit(base, candidate, [], courses_done(candidate.id), [], clock.now()) is None


def assert_trials(company):
    rows = {row.person.username: row for row in probation_rows(company["manager"], clock.now())}
    assert set(rows) == {"trainee", "xu.ran"}
    assert rows["xu.ran"].proposal == "confirm"
    assert rows["trainee"].met < rows["trainee"].total
    assert rows["trainee"].case.figures.inspected_chats == 14
    assert rows["trainee"].to_close is not None
    assert next_for_mentor(company["mentor"], clock.now()).endpoint == "probation.shift"


def assert_agents(company):
    today = clock.today()
    assert [each.met for each in way_of(company["agent"]).climb.requirements].count(False) == 1
    assert way_of(company["zhou.qi"]).climb.qualifies
    states = {
        name: holdings_of([company[name].id], today)[company[name].id][0].state
        for name in ("ma.lin", "guo.tao")
    }
    assert states == {"ma.lin": "expiring", "guo.tao": "expired"}
    assert standing_of(company["cao.yan"], today).state == "suspended"


def assert_branches_do_not_see_each_other(company):
    seen = {row.person.username for row in team_rows(company["manager"], clock.now())}
    assert {"newhire", "agent", "mentor"} <= seen
    assert not seen & {"pan.xin", "bai.lu", "manager2"}


def assert_the_manager_is_called_when_somebody_passes(company):
    sit(company["candidate"], "base", clock.now(), wrong=3)
    calls = calls_of(team_rows(company["manager"], clock.now()))
    ready = [call for call in calls if call.need.kind is Kind.READY]
    assert [call.rows[0].person.username for call in ready] == ["candidate"]
