"""The ladder: what the next tier asks, where a person stands, and the earliest day it can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lms.certification.rules import State, add_months
from lms.errors import N_, Reason
from lms.performance.rules import (
    KpiPolicy,
    Mean,
    MonthFigures,
    QualityMonth,
    kpi_mean,
    last_counted,
    months_between,
    quality_mean,
)

TIERS = ("regular", "senior", "elite", "expert", "gold")  # lowest first; the database repeats it
EVERY_CERTIFICATION = "all"


@dataclass(frozen=True, slots=True)
class Step:
    """What one tier asks, policy section `[tiers.<tier>]`. 0 asks for nothing."""

    months_in_tier: int  # in the tier below
    certifications: tuple[str, ...]  # slugs, or "all"
    kpi: Decimal  # mean KPI, 0 to 100 ...
    kpi_months: int  # ... over the last so many counted months
    quality: Decimal  # mean score of inspected chats, 0 to 100
    standings: tuple[str, ...]  # any of these will do
    no_warning_months: int
    mentoring: int  # mentees evaluated to a decision, or training contributions
    commendations: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Policy section `[tiers]`."""

    keep_line_months: int
    keep_line_points: Decimal
    steps: Mapping[str, Step]  # by the tier that is reached, lowest first


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certification of a person on the day in question."""

    state: State
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the ladder asks of a person, as of one day."""

    tier: str
    tier_since: date
    standing: str
    standing_clears_on: date | None  # when a bad standing is over if nothing else happens
    certificates: Mapping[str, Certificate]  # every certification there is
    months: tuple[MonthFigures, ...]
    inspected: tuple[QualityMonth, ...]
    strikes: tuple[date, ...]  # every unvoided warning and suspension, spent or not
    mentees_evaluated: int
    contributions: int
    commendations: int


class Unit(StrEnum):
    """How a requirement's figure and target are read."""

    MONTHS = "months"
    POINTS = "points"  # 0 to 100
    COUNT = "count"
    STATE = "state"  # no number: `state` says it


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the next tier asks. `subject` is the certification's slug where it is one.

    `figure` and `target` are in `unit`, None where there is nothing to measure yet. `missing` says what is
    still to do, None when met. `earliest` is the day it can be met at the soonest, None if unforeseeable.
    """

    id: str
    label: Reason
    unit: Unit
    figure: Decimal | None
    target: Decimal | None
    state: str
    met: bool
    missing: Reason | None
    earliest: date | None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Climb:
    """The way to the next tier on a day."""

    tier: str
    target: str
    requirements: tuple[Requirement, ...]

    @property
    def met(self) -> int:
        return sum(requirement.met for requirement in self.requirements)

    @property
    def qualifies(self) -> bool:
        return self.met == len(self.requirements)

    @property
    def earliest(self) -> date | None:
        """The first day on which all of it can be met, None if that cannot be foreseen."""
        days = [requirement.earliest for requirement in self.requirements]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None


def next_tier(tier: str) -> str | None:
    """The one tier above, None at the top. No tier can be skipped."""
    at = TIERS.index(tier) + 1
    return TIERS[at] if at < len(TIERS) else None


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
        _months_in_tier(facts, step, on),
        *(_certification(slug, facts, on) for slug in _asked(step, facts)),
        _kpi(facts, step, kpi, on),
        _quality(facts, step, kpi, on),
        _standing(facts, step, on),
        _no_warning(facts, step, on),
        _count("mentoring", N_("Mentees brought to a decision, or training contributions"),
               facts.mentees_evaluated + facts.contributions, step.mentoring, on,
               N_("%(count)s more: accompany a new colleague to the decision, or add to the training.")),
        _count("commendations", N_("Commendations"), facts.commendations, step.commendations, on,
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


def whole_months(since: date, on: date) -> int:
    """Full months from one day to another, month ends clipped: 31 January to 28 February is one."""
    months = max(0, months_between(since, on))
    return months if not months or add_months(since, months) <= on else months - 1


def _asked(step: Step, facts: Facts) -> Sequence[str]:
    return tuple(facts.certificates) if EVERY_CERTIFICATION in step.certifications else step.certifications


def _months_in_tier(facts: Facts, step: Step, on: date) -> Requirement | None:
    if not step.months_in_tier:
        return None
    from_day = add_months(facts.tier_since, step.months_in_tier)
    met = on >= from_day
    return Requirement(
        id="months_in_tier",
        label=Reason(N_("Months in the tier before")),
        unit=Unit.MONTHS,
        figure=Decimal(whole_months(facts.tier_since, on)),
        target=Decimal(step.months_in_tier),
        state="",
        met=met,
        missing=None if met else Reason(N_("Reached on %(day)s."), day=from_day),
        earliest=on if met else from_day,
    )


_TO_CERTIFY = {
    State.NOT_STARTED: N_("Not started: take its courses, then the exam."),
    State.IN_PROGRESS: N_("In progress: finish its courses and pass the exam."),
    State.EXPIRED: N_("Expired: pass the exam again."),
    State.SUSPENDED: N_("Suspended with your standing; it returns when the suspension is over."),
    State.REVOKED: N_("Revoked: it has to be earned anew."),
}


def _certification(slug: str, facts: Facts, on: date) -> Requirement:
    held = facts.certificates.get(slug, Certificate(State.NOT_STARTED))
    met = held.state.is_held
    offered = slug in facts.certificates
    how = N_("Not offered yet: ask your manager.") if not offered else _TO_CERTIFY.get(held.state, "")
    return Requirement(
        id="certification",
        label=Reason(N_("Certification")),
        unit=Unit.STATE,
        figure=None,
        target=None,
        state=held.state.value,
        met=met,
        missing=None if met else Reason(how),
        earliest=_earliest_certification(held.state, facts, on) if offered else None,
        subject=slug,
    )


def _earliest_certification(state: State, facts: Facts, on: date) -> date | None:
    if state is State.SUSPENDED:
        return facts.standing_clears_on
    return None if state is State.REVOKED else on


def _kpi(facts: Facts, step: Step, policy: KpiPolicy, on: date) -> Requirement | None:
    if not step.kpi_months:
        return None
    mean = kpi_mean(facts.months, step.kpi_months, policy, on)
    counted = len(last_counted(facts.months, step.kpi_months, policy, on))
    met = mean is not None and mean.reaches(step.kpi)
    return Requirement(
        id="kpi",
        label=Reason(N_("KPI, mean of the last %(months)s counted months"), months=step.kpi_months),
        unit=Unit.POINTS,
        figure=mean.shown if mean else None,
        target=step.kpi,
        state="",
        met=met,
        missing=None if met else _points_missing(mean, step.kpi, step.kpi_months - counted),
        earliest=on if met else _earliest_kpi(facts, step, policy, on),
    )


def _points_missing(mean: Mean | None, target: Decimal, months: int) -> Reason:
    if mean is None:
        return Reason(N_("%(count)s more months that count are needed."), count=months)
    return Reason(N_("%(points)s points short."), points=target - mean.shown)


def _earliest_kpi(facts: Facts, step: Step, policy: KpiPolicy, on: date) -> date | None:
    """The first day with the mean reached if every month still to be recorded is a full one at 100 points."""
    months = [figures for figures in facts.months if figures.month < on.replace(day=1)]
    for month in _open_months({figures.month for figures in months}, step.kpi_months + 1, on):
        months.append(MonthFigures(month, Decimal(100), policy.min_inquiries, max(policy.min_days, 1)))
        day = max(on, add_months(month, 1))
        mean = kpi_mean(months, step.kpi_months, policy, day)
        if mean is not None and mean.reaches(step.kpi):
            return day
    return None


def _open_months(recorded: set[date], count: int, on: date) -> list[date]:
    """The months whose figures can still come: last month if it has none, the running one and those after."""
    this = on.replace(day=1)
    months = [add_months(this, ahead) for ahead in range(-1, count)]
    return [month for month in months if month not in recorded]


def _quality(facts: Facts, step: Step, policy: KpiPolicy, on: date) -> Requirement | None:
    if not step.quality:
        return None
    months = max(step.kpi_months, 1)
    mean = quality_mean(facts.inspected, months, policy, on)
    met = mean is not None and mean.reaches(step.quality)
    few = Reason(N_("Fewer than %(chats)s chats were inspected lately."), chats=policy.min_inspected_chats)
    short = few if mean is None else Reason(N_("%(points)s points short."), points=step.quality - mean.shown)
    return Requirement(
        id="quality",
        label=Reason(N_("Quality, mean of the inspected chats")),
        unit=Unit.POINTS,
        figure=mean.shown if mean else None,
        target=step.quality,
        state="",
        met=met,
        missing=None if met else short,
        earliest=on if met else _earliest_quality(facts, months, step, policy, on),
    )


def _earliest_quality(facts: Facts, months: int, step: Step, policy: KpiPolicy, on: date) -> date | None:
    """The first day with the mean reached if each month to come brings enough chats, all of them perfect."""
    inspected = [each for each in facts.inspected if each.month < on.replace(day=1)]
    for month in _open_months({each.month for each in inspected}, months + 1, on):
        inspected.append(QualityMonth(month, (Decimal(100),) * max(policy.min_inspected_chats, 1)))
        day = max(on, add_months(month, 1))
        mean = quality_mean(inspected, months, policy, day)
        if mean is not None and mean.reaches(step.quality):
            return day
    return None


def _standing(facts: Facts, step: Step, on: date) -> Requirement:
    met = facts.standing in step.standings
    only_good = step.standings == ("good",)
    return Requirement(
        id="standing",
        label=Reason(N_("Good standing") if only_good else N_("Not suspended")),
        unit=Unit.STATE,
        figure=None,
        target=None,
        state=facts.standing,
        met=met,
        missing=None if met else _clears(facts),
        earliest=on if met else facts.standing_clears_on,
    )


def _clears(facts: Facts) -> Reason:
    if facts.standing_clears_on is None:
        return Reason(N_("Talk to your manager about the way back."))
    return Reason(N_("Clears on %(day)s if nothing else happens."), day=facts.standing_clears_on)


def _no_warning(facts: Facts, step: Step, on: date) -> Requirement | None:
    months = step.no_warning_months
    if not months:
        return None
    counted = [strike for strike in facts.strikes if strike <= on < add_months(strike, months)]
    clean_on = max((add_months(strike, months) for strike in counted), default=on)
    clears = Reason(N_("The last one leaves the count on %(day)s."), day=clean_on)
    return Requirement(
        id="no_warning",
        label=Reason(N_("Warnings and suspensions in %(months)s months"), months=months),
        unit=Unit.COUNT,
        figure=Decimal(len(counted)),
        target=Decimal(0),
        state="",
        met=not counted,
        missing=clears if counted else None,
        earliest=clean_on,
    )


def _count(id: str, label: str, figure: int, target: int, on: date, more: str) -> Requirement | None:
    if not target:
        return None
    met = figure >= target
    return Requirement(
        id=id,
        label=Reason(label),
        unit=Unit.COUNT,
        figure=Decimal(figure),
        target=Decimal(target),
        state="",
        met=met,
        missing=None if met else Reason(more, count=target - figure),
        earliest=on,
    )


def promoted(facts: Facts, on: date) -> Facts:
    """The same person one tier up, from `on`. Raises ValueError at the top."""
    target = next_tier(facts.tier)
    if target is None:
        raise ValueError("there is no tier above")
    return replace(facts, tier=target, tier_since=on)
