"""The requirements of a tier, one function each: figure, target, what is missing, the earliest day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

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
from lms.tiers.ladder import EVERY_CERTIFICATION, Certificate, Facts, Requirement, Step, Unit


def whole_months(since: date, on: date) -> int:
    """Full months from one day to another, month ends clipped: 31 January to 28 February is one."""
    months = max(0, months_between(since, on))
    return months if not months or add_months(since, months) <= on else months - 1


def certifications_asked(step: Step, facts: Facts) -> Sequence[str]:
    return tuple(facts.certificates) if EVERY_CERTIFICATION in step.certifications else step.certifications


def months_in_tier(facts: Facts, step: Step, on: date) -> Requirement | None:
    if not step.months_in_tier:
        return None
    from_day = add_months(facts.tier_since, step.months_in_tier)
    met = on >= from_day
    return Requirement(
        id="months_in_tier",
        label=Reason(N_("Months in the present tier")),
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


def certification(slug: str, facts: Facts, on: date) -> Requirement:
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


def mean_kpi(facts: Facts, step: Step, policy: KpiPolicy, on: date) -> Requirement | None:
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
        return Reason(N_("Counted months still needed: %(count)s."), count=months)
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


def mean_quality(facts: Facts, step: Step, policy: KpiPolicy, on: date) -> Requirement | None:
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


def standing(facts: Facts, step: Step, on: date) -> Requirement:
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


def no_warning(facts: Facts, step: Step, on: date) -> Requirement | None:
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


def count(id: str, label: str, figure: int, target: int, on: date, more: str) -> Requirement | None:
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
