"""Deciding on a promotion: one step, once, on frozen evidence, never while suspended."""

import threading

import pytest
import time_machine
from sqlalchemy import select

from lms.conduct.operations import record_entry
from lms.db import db, writes
from lms.errors import Refused
from lms.people.models import Decision, Person, TierSpan
from lms.policy.queries import policy_in_force
from lms.tiers.operations import decide_promotion
from lms.tiers.queries import facts_of, ways_of
from tests import make
from tests.conftest import NOON, counted_statements
from tests.tiers.make_ladder import TODAY, agent, certification, entry, hold

TOKEN = "t" * 24


@pytest.fixture(autouse=True)
def _certifications(app):
    for slug in ("base", "product", "after-sales", "complaints"):
        certification(slug)


@pytest.fixture
def team(app):
    return make.team()


@pytest.fixture
def manager(team):
    return make.manager(team)


@pytest.fixture
def regular(team, manager):
    """Somebody with all that senior asks."""
    return agent(team, manager)


def decide(person, verdict="promote", target="senior", *, by, token=TOKEN):
    made = decide_promotion(person, target, verdict, "All met.", token=token, actor=by, now=NOON)
    db.session.commit()
    return made


def tiers_of(person):
    spans = db.session.scalars(select(TierSpan).where(TierSpan.person_id == person.id).order_by(TierSpan.id))
    return [(span.tier, span.starts_on, span.ends_on) for span in spans]


def test_a_promotion_moves_one_tier_up_from_today(regular, manager):
    decision = decide(regular, by=manager)
    assert [tier for tier, *_ in tiers_of(regular)] == ["regular", "senior"]
    assert tiers_of(regular)[0][2] == tiers_of(regular)[1][1] == TODAY
    assert db.session.scalars(select(TierSpan.decision_id).order_by(TierSpan.id)).all()[-1] == decision.id


def test_the_decision_freezes_the_evidence_and_the_policy_version(regular, manager):
    decision = decide(regular, by=manager)
    assert (decision.kind, decision.reason) == ("tier.promote", "All met.")
    assert decision.policy_version_id == policy_in_force(TODAY).version_id
    assert (decision.evidence["from"], decision.evidence["to"], decision.evidence["on"]) == (
        "regular", "senior", "2026-03-02",
    )  # fmt: skip
    kpi = next(row for row in decision.evidence["requirements"] if row["id"] == "kpi")
    assert (kpi["figure"], kpi["target"], kpi["met"]) == ("95", "75", True)
    assert len(decision.evidence["months"]) == 4


def test_the_same_form_sent_twice_has_one_effect(regular, manager):
    first = decide(regular, by=manager)
    second = decide(regular, by=manager)
    assert first.id == second.id
    assert len(tiers_of(regular)) == 2


def test_a_second_form_for_the_same_step_is_refused(regular, manager):
    decide(regular, by=manager)
    with pytest.raises(Refused, match="one at a time"):
        decide(regular, by=manager, token="u" * 24)
    assert len(tiers_of(regular)) == 2


def test_a_token_of_another_persons_form_is_refused(regular, manager, team):
    decide(regular, by=manager)
    with pytest.raises(Refused, match="used already"):
        decide(agent(team, manager), by=manager)


@pytest.mark.parametrize("verdict", ["defer", "refuse"])
def test_deferring_and_refusing_keep_the_tier_and_the_reason(regular, manager, verdict):
    decision = decide(regular, verdict, by=manager)
    assert decision.kind == f"tier.{verdict}"
    assert [tier for tier, *_ in tiers_of(regular)] == ["regular"]


@pytest.mark.parametrize("target", ["regular", "elite", "gold"])
@pytest.mark.parametrize("verdict", ["promote", "defer", "refuse"])
def test_no_tier_is_skipped(regular, manager, target, verdict):
    with pytest.raises(Refused, match="one at a time"):
        decide(regular, verdict, target, by=manager)


def test_nobody_decides_on_themselves(team, manager):
    other = make.manager(team)
    himself = agent(team, other)
    with pytest.raises(Refused) as refused:
        decide(himself, by=himself)
    assert refused.value.status == 403


def test_what_is_not_met_cannot_be_approved_but_deferred(team, manager):
    near = agent(team, manager, kpi=74_99)
    with pytest.raises(Refused, match="Not every requirement"):
        decide(near, by=manager)
    assert decide(near, "defer", by=manager).kind == "tier.defer"


def test_the_suspended_are_not_promoted(team, manager):
    suspended = agent(team, manager, tier="senior", certificates=("base", "product", "after-sales"))
    entry(suspended, "serious-fault", by=manager)
    with pytest.raises(Refused, match="suspended or revoked"):
        decide(suspended, target="elite", by=manager)


def test_only_agents_climb(team, manager):
    trainee = make.person(team=team, stage="trainee")
    with pytest.raises(Refused, match="Only agents"):
        decide(trainee, by=manager)


def test_a_decision_can_neither_be_changed_nor_removed(regular, manager):
    decide(regular, by=manager)
    for statement in ("UPDATE decision SET reason = 'x'", "DELETE FROM decision"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_facts_are_those_of_the_day_asked_for(regular, manager):
    decide(regular, by=manager)
    policy = policy_in_force(TODAY).policy
    before = facts_of([regular.id], TODAY.replace(day=1), policy)[regular.id]
    assert (before.tier, facts_of([regular.id], TODAY, policy)[regular.id].tier) == ("regular", "senior")


def test_what_the_ledger_says_counts(team, manager):
    someone = agent(team, manager, tier="elite")
    entry(someone, "commendation", by=manager)
    entry(someone, "contribution", by=manager)
    entry(someone, "absence", TODAY.replace(day=1), by=manager)
    facts = facts_of([someone.id], TODAY, policy_in_force(TODAY).policy)[someone.id]
    assert (facts.commendations, facts.contributions) == (1, 1)
    assert facts.strikes == (TODAY.replace(day=1),) * 2
    assert facts.standing == "warned"
    assert facts.standing_clears_on == TODAY.replace(month=9, day=1)


def test_a_certificate_that_ended_is_missing(team, manager):
    someone = agent(team, manager, certificates=())
    hold(someone, "base", since=TODAY.replace(year=2025, month=1), last=TODAY.replace(day=1))
    (way,) = ways_of([someone], TODAY, policy_in_force(TODAY))
    assert [each.subject for each in way.climb.requirements if not each.met] == ["base"]


def test_the_statements_do_not_grow_with_the_people(team, manager):
    numbers = []
    people = []
    for _ in range(2):
        people += [agent(team, manager).id for _ in range(3)]
        policy = policy_in_force(TODAY)
        db.session.expire_all()
        found = db.session.scalars(select(Person).where(Person.id.in_(people))).all()
        with counted_statements() as statements:
            assert len(ways_of(found, TODAY, policy)) == len(people)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def test_promoting_and_revoking_at_once_gives_one_legal_order(app, regular, manager):
    """Either the promotion came first, or the revocation made it impossible."""
    ids, outcomes = (regular.id, manager.id), []
    db.session.rollback()
    ready = threading.Barrier(2)

    def run(act):
        with app.app_context():
            ready.wait()
            try:
                writes(act)()
                outcomes.append(act.__name__)
            except Refused as refused:
                outcomes.append(str(refused))

    def promote():
        person, by = (db.session.get_one(Person, each) for each in ids)
        decide_promotion(person, "senior", "promote", "All met.", token=TOKEN, actor=by, now=NOON)

    def revoke():
        person, by = (db.session.get_one(Person, each) for each in ids)
        record_entry(person, "cheating", TODAY, "Seen.", token="r" * 24, actor=by, now=NOON)

    with time_machine.travel(NOON, tick=True):
        threads = [threading.Thread(target=run, args=(act,)) for act in (promote, revoke)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "revoke" in outcomes
    promoted = db.session.scalar(select(Decision.id).where(Decision.kind == "tier.promote")) is not None
    assert promoted is ("promote" in outcomes)
    assert promoted or any("suspended or revoked" in outcome for outcome in outcomes)
