"""Recording a month: once, append-only, corrected by a row that names the old one."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from lms.audit import AuditRow
from lms.db import db
from lms.errors import Refused
from lms.performance import queries
from lms.performance.models import KpiMonth
from lms.performance.operations import record_month
from tests import make
from tests.conftest import NOON, counted_statements
from tests.performance.make_figures import DECEMBER, FEBRUARY, JANUARY, recorded, typed

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def team(app):
    return make.team()


@pytest.fixture
def manager(team):
    return make.manager(team)


@pytest.fixture
def agent(team):
    return make.person(team=team, tier="regular")


def test_a_month_is_recorded_with_who_and_when(agent, manager):
    row = recorded(agent, FEBRUARY, 8240, by=manager)
    (month,) = queries.months_of([agent.id])[agent.id]
    assert (month.kpi, month.recorded_by, month.recorded_at) == (8240, manager.name, NOON)
    assert len(month.chats) == 10
    audit = db.session.scalars(select(AuditRow).where(AuditRow.act == "kpi.record")).one()
    assert (audit.subject_id, audit.actor_id) == (row.id, manager.id)


def test_the_same_form_sent_twice_is_one_row(agent, manager):
    token = "a" * 20
    first = record_month(agent, typed(), token=token, actor=manager, now=NOON)
    second = record_month(agent, typed(kpi=100), token=token, actor=manager, now=NOON)
    db.session.commit()
    assert first.id == second.id
    assert len(db.session.scalars(select(KpiMonth)).all()) == 1


def test_a_correction_names_the_row_it_replaces_and_only_the_correction_counts(agent, manager):
    first = recorded(agent, FEBRUARY, 8000, by=manager)
    second = recorded(agent, FEBRUARY, 9000, by=manager)
    third = recorded(agent, FEBRUARY, 8500, by=manager)
    assert (second.replaces_id, third.replaces_id) == (first.id, second.id)
    assert [month.kpi for month in queries.months_of([agent.id])[agent.id]] == [8500]
    assert queries.month_of(agent.id, FEBRUARY).kpi == 8500
    assert [old.kpi for old in queries.corrections_of(agent.id)] == [8000, 9000]


@pytest.mark.parametrize("statement", ["UPDATE kpi_month SET kpi = 10000", "DELETE FROM kpi_month"])
def test_a_recorded_month_cannot_be_changed_or_removed(agent, manager, statement):
    recorded(agent, by=manager)
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(db.text(statement))


def test_nobody_records_their_own_month(manager):
    with pytest.raises(Refused) as refused:
        record_month(manager, typed(), token="t" * 20, actor=manager, now=NOON)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("month", "days", "words"),
    [
        (date(2026, 4, 1), 20, "has not begun"),
        (date(2026, 2, 1), 29, "fewer days"),
        (date(2026, 2, 2), 20, "first day"),
    ],
)
def test_a_month_that_cannot_be_is_refused(agent, manager, month, days, words):
    with pytest.raises(Refused, match=words):
        record_month(agent, typed(month, days=days), token="t" * 20, actor=manager, now=NOON)


def test_the_running_month_can_be_recorded(agent, manager):
    assert recorded(agent, date(2026, 3, 1), by=manager).id


def test_a_token_of_another_persons_form_is_refused(agent, manager, team):
    record_month(agent, typed(), token="t" * 20, actor=manager, now=NOON)
    with pytest.raises(Refused, match="used already"):
        record_month(make.person(team=team), typed(), token="t" * 20, actor=manager, now=NOON)


def test_the_statements_of_a_list_do_not_grow_with_the_people(manager, team):
    def people(number):
        made = [make.person(team=team, tier="regular") for _ in range(number)]
        for person in made:
            for month in (DECEMBER, JANUARY, FEBRUARY):
                recorded(person, month, by=manager)
        return [person.id for person in made]

    few, many = people(1), people(6)
    db.session.expire_all()
    with counted_statements() as one:
        queries.months_of(few)
    with counted_statements() as six:
        assert len(queries.months_of(many)) == 6
    assert len(one) == len(six) == 1
