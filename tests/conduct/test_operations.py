"""Recording and voiding, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from lms.audit import AuditRow
from lms.certification.queries import suspended_among
from lms.conduct.models import LedgerEntry
from lms.conduct.operations import record_entry, void_entry
from lms.conduct.queries import ledger_page, standing_of, standings_of
from lms.db import db
from lms.errors import Refused
from tests import make
from tests.conftest import NOON, counted_statements

TODAY = date(2026, 3, 2)


@pytest.fixture
def world(app):
    team = make.team()
    return make.manager(team), make.person(team=team)


def entry(manager, agent, kind="absence", on=TODAY, token="t1", now=NOON):
    made = record_entry(agent, kind, on, "What happened", token=token, actor=manager, now=now)
    db.session.commit()
    return made


def count(model):
    return db.session.scalar(select(func.count(model.id)))


def test_an_entry_changes_the_standing_and_is_audited(world):
    manager, agent = world
    entry(manager, agent)
    assert standing_of(agent, TODAY).state == "warned"
    acts = db.session.scalars(select(AuditRow.act).where(AuditRow.subject == "ledger_entry")).all()
    assert acts == ["conduct.record"]


def test_the_same_command_twice_is_one_entry(world):
    manager, agent = world
    assert entry(manager, agent).id == entry(manager, agent).id
    assert count(LedgerEntry) == 1


def test_a_token_used_for_another_person_is_refused(world):
    manager, agent = world
    other = make.person(team=agent.team)
    entry(manager, agent)
    with pytest.raises(Refused):
        entry(manager, other)


def test_voiding_is_as_if_the_entry_had_never_been_written_and_happens_once(world):
    manager, agent = world
    wrong = entry(manager, agent)
    for _ in range(2):
        void_entry(wrong, "Excused: ill", token="t2", actor=manager, now=NOON)
        db.session.commit()
    assert standing_of(agent, TODAY).state == "good"
    assert count(LedgerEntry) == 2
    with pytest.raises(Refused, match="void already"):
        void_entry(wrong, "Again", token="t3", actor=manager, now=NOON)


def test_nobody_records_or_voids_on_themselves(world):
    manager, _ = world
    with pytest.raises(Refused) as refused:
        entry(manager, manager)
    assert refused.value.status == 403
    assert count(LedgerEntry) == 0


def test_what_has_not_happened_yet_is_not_recorded(world):
    manager, agent = world
    with pytest.raises(Refused, match="today or an earlier day"):
        entry(manager, agent, on=TODAY + timedelta(days=1))


def test_the_day_belongs_to_the_sites_calendar(world):
    manager, agent = world
    late_evening = NOON.replace(hour=17)  # one in the morning of 3 March in Shanghai
    entry(manager, agent, kind="serious-fault", on=date(2026, 3, 3), now=late_evening)
    assert standing_of(agent, date(2026, 3, 2)).state == "good"
    assert standing_of(agent, date(2026, 3, 3)).state == "suspended"


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET reason = 'x'", "DELETE FROM ledger_entry"])
def test_the_ledger_is_append_only_in_the_database(world, statement):
    manager, agent = world
    entry(manager, agent)
    with pytest.raises(DBAPIError):
        db.session.execute(db.text(statement))
    db.session.rollback()


def test_the_ledger_says_what_is_void_and_what_is_spent(world):
    manager, agent = world
    entry(manager, agent, "absence", TODAY - timedelta(days=3), "a")
    wrong = entry(manager, agent, "leave-rule", TODAY - timedelta(days=2), "b")
    void_entry(wrong, "Excused", token="c", actor=manager, now=NOON)
    entry(manager, agent, "leave-rule", TODAY, "d")
    page = ledger_page(agent, TODAY)
    assert page.standing.state == "suspended"
    assert [(row.kind, row.spent_on, row.void_reason) for row in page.rows] == [
        ("Leave rule broken", TODAY, None),
        ("Leave rule broken", None, "Excused"),
        ("Absent without leave", TODAY, None),
    ]


def test_the_suspended_are_named_to_the_certifications(world):
    manager, agent = world
    good = make.person()
    entry(manager, agent, "serious-fault")
    assert suspended_among([agent.id, good.id], TODAY) == {agent.id}


def test_standings_of_many_take_two_statements(world):
    manager, agent = world
    everybody = [agent.id, *(make.person().id for _ in range(3))]
    entry(manager, agent)
    with counted_statements() as statements:
        standings = standings_of(everybody, TODAY)
    assert len(statements) == 2
    assert [standings[each].state for each in everybody] == ["warned", "good", "good", "good"]
