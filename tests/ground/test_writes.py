"""One transaction a change: real conflicts on both databases, and what is left when they cannot be solved."""

import os
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from threading import Barrier

import pytest
from flask import flash, get_flashed_messages
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from lms import sqlite
from lms.db import db, lacks_table, lock, writes
from lms.errors import Reason, Refused
from lms.people.models import FailedSignIn, Person, SiteFact
from lms.people.operations import decide, decided_already, join_team, set_tier
from lms.policy.queries import policy_in_force
from tests import make
from tests.conftest import NOON
from tests.ground.together import at_once, meet

on_postgresql = pytest.mark.parametrize("app", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def facts() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(SiteFact.name)))


def fact(name: str) -> None:
    db.session.add(SiteFact(name=name))
    db.session.flush()


# Conflicts


def lock_crosswise(app, people, runs):
    """Two bodies that lock the same two people in opposite order, each holding one when it asks for the other."""
    both_hold_one = Barrier(2)

    def body(first: int, second: int) -> list[str]:
        @writes
        def run() -> None:
            runs.append(first)
            flash("Done")
            lock(db.session.get_one(Person, first))
            if runs.count(first) == 1:
                meet(both_hold_one)
            other = db.session.get_one(Person, second)
            lock(other)
            other.name += f" {first}"

        with app.test_request_context("/"):
            run()
            return get_flashed_messages()

    one, two = people
    return at_once(app, lambda: body(one, two), lambda: body(two, one))


def test_two_who_lock_each_others_rows_both_succeed(app):
    one, two = (make.person(name).id for name in ("Chen", "Lin"))
    runs: list[int] = []
    flashed = lock_crosswise(app, (one, two), runs)
    db.session.rollback()
    assert {person.name for person in db.session.scalars(select(Person))} == {f"Chen {two}", f"Lin {one}"}
    assert len(runs) == (3 if db.engine.dialect.name == "postgresql" else 2)  # the loser of the deadlock ran again
    assert flashed == [["Done"], ["Done"]]  # and says so once


@on_postgresql
def test_two_who_add_the_same_row_at_once_meet_it_instead_of_breaking(app):
    looked = Barrier(2)
    runs: list[int] = []

    @writes
    def add_once() -> str:
        known = db.session.scalar(select(SiteFact.id).where(SiteFact.name == "here"))
        runs.append(1)
        if len(runs) <= 2:
            meet(looked)
        if known is not None:
            return "was there"
        fact("here")
        return "added"

    assert sorted(at_once(app, add_once, add_once)) == ["added", "was there"]


def test_the_same_decision_sent_twice_at_once_is_taken_once(app):
    team = make.team()
    person, manager = make.person(team=team).id, make.manager(team).id
    policy = policy_in_force(NOON.date()).version_id

    @writes
    def once() -> int:
        chen = db.session.get_one(Person, person)
        if made := decided_already("form-1"):
            return made.id
        return decide("probation.confirm", chen, reason="Good", evidence={}, policy_version_id=policy,
                      token="form-1", actor=db.session.get_one(Person, manager), now=NOON).id  # fmt: skip

    assert len(set(at_once(app, once, once, once))) == 1


def test_of_two_moves_at_once_both_are_on_record_and_one_holds(app):
    person = make.person(team=make.team("A")).id
    teams = [make.team(name).id for name in "BC"]

    def move_to(team_id):
        @writes
        def move():
            from lms.people.models import Team

            join_team(db.session.get_one(Person, person), db.session.get_one(Team, team_id), NOON.date(),
                      actor=None, now=NOON)  # fmt: skip

        return move

    assert at_once(app, *map(move_to, teams)) == [None, None]
    db.session.rollback()
    assert db.session.get_one(Person, person).team.id in teams


@on_sqlite
def test_a_writer_from_outside_is_waited_for(app, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    db.engine.dispose()
    outside = sqlite.driver().connect(db.engine.url.database, check_same_thread=False, isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    refused = []

    def let_go(context):
        refused.append(str(context.original_exception))
        outside.execute("COMMIT")

    event.listen(db.engine, "handle_error", let_go)
    try:
        writes(fact)("after the wait")
    finally:
        event.remove(db.engine, "handle_error", let_go)
        outside.close()
        db.engine.dispose()
    assert refused == ["database is locked"]
    assert facts() == ["after the wait"]


@on_sqlite
@pytest.mark.parametrize(
    ("language", "words"), [("en", "so nothing was saved"), ("zh", "没有保存")]
)
def test_a_writer_from_outside_who_stays_is_a_503_that_says_nothing_was_saved(
    app, client, monkeypatch, language, words
):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    db.engine.dispose()
    client.get("/login")
    outside = sqlite.driver().connect(db.engine.url.database, isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    try:
        answer = client.post("/login", data={"username": "chen", "password": "x"},
                             headers={"Accept-Language": language})  # fmt: skip
    finally:
        outside.close()
        db.engine.dispose()
    assert answer.status_code == 503
    assert words in answer.text
    assert db.session.scalar(select(func.count(FailedSignIn.id))) == 0


@on_sqlite
def test_writers_take_turns_in_the_order_they_came(app):
    order: list[str] = []

    def write_ten(name: str):
        @writes
        def write(number: int) -> None:
            fact(f"{name} {number}")
            order.append(name)

        return lambda: [write(number) for number in range(10)]

    at_once(app, *(write_ten(name) for name in "abcde"))
    assert len(facts()) == 50
    places = {name: [place for place, who in enumerate(order) if who == name] for name in "abcde"}
    waits = [later - earlier for own in places.values() for earlier, later in pairwise(own)]
    assert max(waits) <= 10  # nobody is passed over twice by all the others


# What rolls back


def test_a_refusal_leaves_nothing_behind(app):
    @writes
    def change_and_refuse() -> None:
        fact("written before the refusal")
        raise Refused(Reason("No."))

    with pytest.raises(Refused):
        change_and_refuse()
    assert facts() == []


def test_any_failure_leaves_nothing_behind_and_is_not_tried_again(app):
    runs = []

    @writes
    def break_down() -> None:
        runs.append(1)
        fact("written before the failure")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    assert (runs, facts()) == ([1], [])


def test_a_conflict_that_does_not_pass_is_raised_after_three_tries(app):
    runs = []

    @writes
    def clash() -> None:
        runs.append(1)
        fact("the same")
        fact("the same")

    with pytest.raises(DBAPIError):
        clash()
    assert len(runs) == (3 if db.engine.dialect.name == "postgresql" else 1)
    assert facts() == []


def test_a_transaction_inside_another_is_refused_and_ends_both(app):
    @writes
    def outer() -> None:
        fact("outer")
        writes(fact)("inner")

    with pytest.raises(RuntimeError, match="inside"):
        outer()
    assert facts() == []
    writes(fact)("afterwards")
    assert facts() == ["afterwards"]


def test_what_was_read_before_is_read_afresh_inside(app):
    person = make.person("Chen")
    assert person.name == "Chen"

    @writes
    def elsewhere() -> None:
        db.session.get_one(Person, person_id).name = "Lin"

    @writes
    def here() -> str:
        return person.name

    person_id = person.id
    at_once(app, elsewhere)
    assert here() == "Lin"


@on_postgresql
def test_a_connection_cut_in_the_middle_loses_the_change_and_nothing_else(app):
    @writes
    def cut_off() -> None:
        fact("lost")
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        fact("never reached")

    with pytest.raises(OperationalError):
        cut_off()
    writes(fact)("afterwards")
    assert facts() == ["afterwards"]


# What the columns refuse


def test_a_moment_without_a_time_zone_is_refused(app):
    with pytest.raises(StatementError, match="time zone"):
        writes(lambda: db.session.add(FailedSignIn(key="x", at=datetime(2026, 3, 2, 12))))()  # noqa: DTZ001
    assert db.session.scalar(select(func.count(FailedSignIn.id))) == 0


def test_a_moment_comes_back_as_it_was_whatever_zone_it_was_told_in(app):
    in_shanghai = NOON.astimezone(app.extensions["lms_settings"].zone)
    writes(lambda: db.session.add(FailedSignIn(key="x", at=in_shanghai)))()
    found = db.session.scalar(select(FailedSignIn.at))
    assert found == NOON
    assert found.utcoffset().total_seconds() == 0


def test_two_tiers_at_once_leave_one_that_holds(app):
    person = make.person(tier="regular").id

    def to(tier):
        return writes(lambda: set_tier(db.session.get_one(Person, person), tier, NOON.date(), actor=None, now=NOON))

    assert at_once(app, to("senior"), to("elite")) == [None, None]
    db.session.rollback()
    assert db.session.get_one(Person, person).tier in ("senior", "elite")


@pytest.mark.parametrize("command", [["bank", "export", "refunds", "--format", "gift"], ["review"]])
def test_a_database_nobody_has_made_yet_is_told_in_one_line(tmp_path, command):
    run = subprocess.run(
        [sys.executable, "-m", "lms.cli", *command], env={**os.environ, "LMS_INSTANCE": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == "lms: the database is empty or of an older version; `lms init` sets it up\n"


def test_a_missing_table_is_known_on_either_database(app):
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT 1 FROM not_there"))
    assert lacks_table(caught.value)
    db.session.rollback()
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT nothing FROM person"))
    assert not lacks_table(caught.value)
