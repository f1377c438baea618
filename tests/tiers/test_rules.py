"""What the next tier asks, where a person stands, and when it can be reached."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.rules import State, add_months
from lms.performance.rules import MonthFigures, QualityMonth
from lms.policy.schema import default_text, parse_policy
from lms.tiers.ladder import TIERS, Certificate, Facts, next_tier
from lms.tiers.requirements import whole_months
from lms.tiers.rules import below_keep_line, climb, evidence, missing_to_next, promoted, why_not_promote

POLICY = parse_policy(default_text())
LADDER, KPI = POLICY.ladder, POLICY.kpi
JULY_15 = date(2026, 7, 15)
CERTIFICATES = ("base", "product", "after-sales", "complaints")


def kpi_months(*scores, last=date(2026, 6, 1), inquiries=600, days=20):
    """Months up to `last`, newest score first."""
    return tuple(
        MonthFigures(add_months(last, -back), Decimal(score), inquiries, days)
        for back, score in enumerate(scores)
    )


def inspected(*scores, last=date(2026, 6, 1), chats=10):
    """Inspected chats of the months up to `last`, newest first."""
    return tuple(
        QualityMonth(add_months(last, -back), (Decimal(score),) * chats) for back, score in enumerate(scores)
    )


def person(tier, **changes):
    """Somebody who has just what the tier above asks."""
    step = LADDER.steps[next_tier(tier) or tier]
    facts = Facts(
        tier=tier,
        tier_since=add_months(JULY_15, -step.months_in_tier),
        standing="good",
        standing_clears_on=None,
        certificates=dict.fromkeys(CERTIFICATES, Certificate(State.CERTIFIED, date(2027, 1, 1))),
        months=kpi_months(*[step.kpi] * step.kpi_months),
        inspected=inspected(*[step.quality] * step.kpi_months),
        strikes=(),
        mentees_evaluated=step.mentoring,
        contributions=0,
        commendations=step.commendations,
    )
    return replace(facts, **changes)


def requirement(facts, id, subject="", on=JULY_15):
    (found,) = [
        each for each in missing_to_next(facts, LADDER, KPI, on) if (each.id, each.subject) == (id, subject)
    ]
    return found


@pytest.mark.parametrize("tier", TIERS[:-1])
def test_whoever_has_just_what_is_asked_qualifies_for_the_next_tier(tier):
    way = climb(person(tier), LADDER, KPI, JULY_15)
    assert way.target == next_tier(tier)
    assert way.qualifies
    assert way.earliest == JULY_15
    assert all(each.missing is None for each in way.requirements)
    assert why_not_promote(person(tier), way.target, LADDER, KPI, JULY_15) is None


SENIOR = ["months_in_tier", "certification", "kpi", "quality", "standing"]
ELITE = ["months_in_tier", *["certification"] * 3, "kpi", "quality", "standing", "no_warning"]
EXPERT = ["months_in_tier", *["certification"] * 4, "kpi", "quality", "standing", "no_warning", "mentoring"]


@pytest.mark.parametrize(
    ("tier", "asked"),
    [("regular", SENIOR), ("senior", ELITE), ("elite", EXPERT), ("expert", [*EXPERT, "commendations"])],
)
def test_each_tier_asks_its_own_kinds_in_order(tier, asked):
    assert [each.id for each in missing_to_next(person(tier), LADDER, KPI, JULY_15)] == asked


def test_gold_has_nothing_above():
    assert next_tier("gold") is None
    assert climb(person("gold"), LADDER, KPI, JULY_15) is None
    assert missing_to_next(person("gold"), LADDER, KPI, JULY_15) == ()
    with pytest.raises(ValueError, match="no tier above"):
        promoted(person("gold"), JULY_15)


@pytest.mark.parametrize(
    ("tier", "change", "id", "figure", "target", "earliest"),
    [
        ("regular", {"tier_since": date(2026, 5, 16)}, "months_in_tier", 1, 2, date(2026, 7, 16)),
        ("regular", {"tier_since": date(2026, 7, 1)}, "months_in_tier", 0, 2, date(2026, 9, 1)),
        ("regular", {"months": kpi_months("74.99", 75)}, "kpi", "74.99", 75, date(2026, 8, 1)),
        ("regular", {"months": kpi_months(100)}, "kpi", None, 75, date(2026, 8, 1)),
        ("regular", {"months": ()}, "kpi", None, 75, date(2026, 8, 1)),
        ("regular", {"months": kpi_months(80, 20, 20)}, "kpi", 50, 75, date(2026, 8, 1)),
        ("regular", {"months": kpi_months(40, 20)}, "kpi", 30, 75, date(2026, 9, 1)),
        ("regular", {"months": kpi_months(40, 20, days=3)}, "kpi", None, 75, date(2026, 9, 1)),
        ("regular", {"inspected": inspected(79, 80)}, "quality", "79.5", 80, date(2026, 8, 1)),
        ("regular", {"inspected": inspected(100, 100, chats=9)}, "quality", None, 80, date(2026, 8, 1)),
        ("regular", {"inspected": inspected(0, 0, chats=60)}, "quality", 0, 80, date(2026, 9, 1)),
        ("senior", {"strikes": (date(2026, 4, 16),)}, "no_warning", 1, 0, date(2026, 7, 16)),
        ("senior", {"strikes": (date(2026, 4, 20), date(2026, 7, 1))}, "no_warning", 2, 0, date(2026, 10, 1)),
        ("elite", {"mentees_evaluated": 0}, "mentoring", 0, 1, JULY_15),
        ("expert", {"mentees_evaluated": 1}, "mentoring", 1, 2, JULY_15),
        ("expert", {"commendations": 0}, "commendations", 0, 1, JULY_15),
    ],
)
def test_what_is_missing_has_a_figure_a_target_and_a_date(tier, change, id, figure, target, earliest):
    facts = person(tier, **change)
    row = requirement(facts, id)
    assert (row.met, row.earliest) == (False, earliest)
    assert row.figure == (None if figure is None else Decimal(figure))
    assert row.target == target
    assert str(row.missing)
    way = climb(facts, LADDER, KPI, JULY_15)
    assert (way.met, way.earliest) == (len(way.requirements) - 1, earliest)
    assert "Not every requirement" in str(why_not_promote(facts, way.target, LADDER, KPI, JULY_15))


def test_figures_of_the_running_month_do_not_stand_in_the_way_of_its_end():
    months = (*kpi_months(40, last=date(2026, 7, 1)), *kpi_months(60, 60))
    assert requirement(person("regular", months=months), "kpi").earliest == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("tier", "change", "id"),
    [
        ("regular", {"tier_since": date(2026, 5, 15)}, "months_in_tier"),
        ("senior", {"strikes": (date(2026, 4, 15),)}, "no_warning"),
        ("elite", {"mentees_evaluated": 0, "contributions": 1}, "mentoring"),
        ("expert", {"mentees_evaluated": 1, "contributions": 1}, "mentoring"),
        ("regular", {"months": kpi_months(75, 10, 75)[::2]}, "kpi"),
    ],
)
def test_what_is_just_enough_is_met(tier, change, id):
    assert requirement(person(tier, **change), id).met


@pytest.mark.parametrize(
    ("state", "met", "foreseeable"),
    [
        (State.NOT_STARTED, False, True),
        (State.IN_PROGRESS, False, True),
        (State.CERTIFIED, True, True),
        (State.EXPIRING, True, True),
        (State.EXPIRED, False, True),
        (State.SUSPENDED, False, True),
        (State.REVOKED, False, False),
    ],
)
def test_a_certification_is_met_while_it_is_held(state, met, foreseeable):
    certificates = {**person("senior").certificates, "after-sales": Certificate(state)}
    row = requirement(
        person("senior", certificates=certificates, standing_clears_on=date(2026, 8, 1)),
        "certification",
        "after-sales",
    )
    assert row.met is met
    assert (row.earliest is not None) is foreseeable
    assert (row.missing is None) is met


def test_nobody_can_say_when_a_certification_is_held_that_is_not_offered_yet():
    row = requirement(person("senior", certificates={}), "certification", "product")
    assert (row.state, row.met, row.earliest) == ("not_started", False, None)
    assert "Not offered yet" in str(row.missing)


def test_gold_asks_for_every_certification_there_is():
    certificates = {**person("expert").certificates, "live-streaming": Certificate(State.EXPIRED)}
    way = climb(person("expert", certificates=certificates), LADDER, KPI, JULY_15)
    assert [each.subject for each in way.requirements if not each.met] == ["live-streaming"]


@pytest.mark.parametrize(
    ("tier", "standing", "met"),
    [
        ("regular", "good", True),
        ("regular", "warned", False),
        ("senior", "warned", True),
        ("senior", "suspended", False),
        ("expert", "revoked", False),
    ],
)
def test_standing_is_asked_at_every_step(tier, standing, met):
    assert requirement(person(tier, standing=standing), "standing").met is met


def test_nobody_can_say_when_a_revoked_person_climbs():
    way = climb(person("regular", standing="revoked"), LADDER, KPI, JULY_15)
    assert way.earliest is None


@pytest.mark.parametrize("target", ["regular", "elite", "gold"])
def test_no_tier_is_skipped_or_given_twice(target):
    assert "one at a time" in str(why_not_promote(person("regular"), target, LADDER, KPI, JULY_15))


@pytest.mark.parametrize("standing", ["suspended", "revoked", "blacklisted"])
def test_nobody_is_promoted_while_suspended_or_revoked(standing):
    assert "suspended or revoked" in str(
        why_not_promote(person("senior", standing=standing), "elite", LADDER, KPI, JULY_15)
    )


@pytest.mark.parametrize(
    ("tier", "scores", "below"),
    [
        ("senior", (69, 69), True),
        ("senior", (69, 70), False),
        ("senior", ("69.99", "69.99"), True),
        ("senior", (69,), False),
        ("elite", (74, 74, 100), True),
        ("regular", (0, 0), False),
    ],
)
def test_the_keep_line_lies_five_points_under_the_tiers_own_kpi_for_two_counted_months(tier, scores, below):
    facts = person(tier, months=kpi_months(*scores))
    assert bool(below_keep_line(facts, LADDER, KPI, JULY_15)) is below


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
        (date(2025, 12, 15), date(2026, 12, 14), 11),
        (date(2026, 8, 1), date(2026, 7, 1), 0),
    ],
)
def test_months_in_a_tier_end_with_the_month_where_it_is_shorter(since, on, months):
    assert whole_months(since, on) == months


def test_evidence_keeps_figures_exactly_as_they_were():
    (row,) = evidence([requirement(person("senior"), "kpi")])
    assert (row["id"], row["figure"], row["target"], row["met"]) == ("kpi", "80", "80", True)


scores = st.integers(0, 10000).map(lambda hundredths: Decimal(hundredths) / 100)
people = st.builds(
    Facts,
    tier=st.sampled_from(TIERS[:-1]),
    tier_since=st.dates(date(2025, 1, 1), JULY_15),
    standing=st.sampled_from(["good", "warned", "suspended"]),
    standing_clears_on=st.just(date(2026, 9, 1)),
    certificates=st.fixed_dictionaries(
        {slug: st.builds(Certificate, st.sampled_from(list(State))) for slug in CERTIFICATES}
    ),
    months=st.lists(scores, max_size=8).map(lambda values: kpi_months(*values)),
    inspected=st.lists(scores, max_size=8).map(lambda values: inspected(*values)),
    strikes=st.lists(st.dates(date(2025, 1, 1), JULY_15), max_size=3).map(tuple),
    mentees_evaluated=st.integers(0, 3),
    contributions=st.integers(0, 3),
    commendations=st.integers(0, 2),
)


def better(facts, draw):
    """The same person with one figure that is better or equal."""
    what = draw(st.sampled_from(["kpi", "quality", "time", "conduct", "mentoring", "praise", "certificates"]))
    more = draw(scores)
    if what == "kpi" and facts.months:
        first = replace(facts.months[0], score=min(Decimal(100), facts.months[0].score + more))
        return replace(facts, months=(first, *facts.months[1:]))
    if what == "quality" and facts.inspected:
        raised = tuple(min(Decimal(100), score + more) for score in facts.inspected[0].scores)
        return replace(facts, inspected=(replace(facts.inspected[0], scores=raised), *facts.inspected[1:]))
    return replace(
        facts,
        **{
            "time": {"tier_since": add_months(facts.tier_since, -1)},
            "conduct": {"strikes": facts.strikes[1:], "standing": "good"},
            "mentoring": {"mentees_evaluated": facts.mentees_evaluated + 1},
            "praise": {"commendations": facts.commendations + 1},
            "certificates": {"certificates": dict.fromkeys(CERTIFICATES, Certificate(State.CERTIFIED))},
        }.get(what, {}),
    )


@given(people, st.data())
def test_better_figures_never_lose_a_requirement_that_was_met(facts, data):
    better_off = better(facts, data.draw)
    before = {(row.id, row.subject): row.met for row in missing_to_next(facts, LADDER, KPI, JULY_15)}
    after = {(row.id, row.subject): row.met for row in missing_to_next(better_off, LADDER, KPI, JULY_15)}
    assert before.keys() == after.keys()
    assert all(after[asked] for asked, met in before.items() if met)


@given(people)
def test_a_requirement_is_met_today_or_has_something_missing(facts):
    for row in missing_to_next(facts, LADDER, KPI, JULY_15):
        assert (row.missing is None) is row.met
        if row.met:
            assert row.earliest == JULY_15
        elif row.earliest is not None:
            assert row.earliest >= JULY_15


@given(people)
def test_the_earliest_date_of_the_months_in_tier_is_the_first_day_they_are_met(facts):
    row = missing_to_next(facts, LADDER, KPI, JULY_15)[0]
    assert missing_to_next(facts, LADDER, KPI, row.earliest)[0].met
