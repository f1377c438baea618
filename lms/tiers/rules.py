"""The ladder: where a person stands on the way to the next tier, and what a decision on it may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from lms.errors import N_, Reason
from lms.performance.rules import KpiPolicy, MonthFigures, last_counted
from lms.tiers.ladder import Climb, Facts, Ladder, Requirement, next_tier
from lms.tiers.requirements import (
    certification,
    certifications_asked,
    count,
    mean_kpi,
    mean_quality,
    months_in_tier,
    no_warning,
    standing,
)


def climb(facts: Facts, ladder: Ladder, kpi: KpiPolicy, on: date) -> Climb | None:
    """Where a person stands on the way to the next tier, None at the top."""
    target = next_tier(facts.tier)
    if target is None:
        return None
    return Climb(facts.tier, target, missing_to_next(facts, ladder, kpi, on))


def missing_to_next(facts: Facts, ladder: Ladder, kpi: KpiPolicy, on: date) -> tuple[Requirement, ...]:
    """Every requirement of the next tier with its figure and target, in the order shown; empty at the top."""
    target = next_tier(facts.tier)
    if target is None:
        return ()
    step = ladder.steps[target]
    rows = [
        months_in_tier(facts, step, on),
        *(certification(slug, facts, on) for slug in certifications_asked(step, facts)),
        mean_kpi(facts, step, kpi, on),
        mean_quality(facts, step, kpi, on),
        standing(facts, step, on),
        no_warning(facts, step, on),
        count("mentoring", N_("Mentees brought to a decision, or training contributions"),
               facts.mentees_evaluated + facts.contributions, step.mentoring, on,
               N_("%(count)s more: accompany a new colleague to the decision, or add to the training.")),
        count("commendations", N_("Commendations"), facts.commendations, step.commendations, on,
               N_("%(count)s more: praise on record, an error found or a suggestion that was adopted.")),
    ]  # fmt: skip
    return tuple(row for row in rows if row is not None)


def why_not_promote(facts: Facts, target: str, ladder: Ladder, kpi: KpiPolicy, on: date) -> Reason | None:
    """Why this promotion may not be approved on a day, or None if it may."""
    if target != next_tier(facts.tier):
        return Reason(N_("Tiers are climbed one at a time. Reload the page to see the person's tier now."))
    if facts.standing in ("suspended", "revoked", "blacklisted"):
        return Reason(N_("Nobody is promoted while suspended or revoked."))
    if not all(requirement.met for requirement in missing_to_next(facts, ladder, kpi, on)):
        return Reason(N_("Not every requirement is met. Defer the promotion and say what is missing."))
    return None


def below_keep_line(facts: Facts, ladder: Ladder, kpi: KpiPolicy, on: date) -> tuple[MonthFigures, ...]:
    """The last counted months if all of them lie too far under the KPI of the person's tier, else nothing."""
    step = ladder.steps.get(facts.tier)
    if step is None:
        return ()
    last = last_counted(facts.months, ladder.keep_line_months, kpi, on)
    line = step.kpi - ladder.keep_line_points
    if len(last) < ladder.keep_line_months or any(month.score >= line for month in last):
        return ()
    return last


def evidence(requirements: Iterable[Requirement]) -> list[dict[str, Any]]:
    """The requirements as JSON, to freeze beside a decision."""
    return [
        {
            "id": requirement.id,
            "subject": requirement.subject,
            "unit": requirement.unit.value,
            "figure": None if requirement.figure is None else str(requirement.figure),
            "target": None if requirement.target is None else str(requirement.target),
            "state": requirement.state,
            "met": requirement.met,
        }
        for requirement in requirements
    ]


def promoted(facts: Facts, on: date) -> Facts:
    """The same person one tier up, from `on`. Raises ValueError at the top."""
    target = next_tier(facts.tier)
    if target is None:
        raise ValueError("there is no tier above")
    return replace(facts, tier=target, tier_since=on)
