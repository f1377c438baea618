"""A month in figures: from measures to points, from points to a score, from months to a mean.

Scores are Decimal from 0 to 100 with two places; money is Decimal yuan. A month is the date of its first day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from lms.errors import N_, Reason

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Band:
    """From the value `at` on (up to it where lower is better) a measure gives `points`."""

    at: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured thing of a scheme. `bands` stand from the most points to the fewest."""

    id: str
    title: Mapping[str, str]  # {"en", "zh"}
    unit: str
    weight: int  # of 100
    better: Literal["higher", "lower"]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the months of one kind of post are scored; the weights sum to 100."""

    title: Mapping[str, str]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class PayBand:
    """From this score on, the base pay in yuan; bands stand from the highest score down to 0."""

    score: Decimal
    base: Decimal


@dataclass(frozen=True, slots=True)
class KpiPolicy:
    """Policy section `[kpi]`."""

    min_inquiries: int  # a month counts with so many inquiries ...
    min_days: int  # ... and so many days worked
    lookback_factor: int  # the last N months are never older than this times N
    min_inspected_chats: int  # a quality mean needs so many
    load_low: int  # inquiries a day
    load_high: int
    median_min_people: int  # a median of others is shown for so many people or more
    pay: tuple[PayBand, ...]
    schemes: Mapping[str, Scheme]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a person did in one month. `score` is the KPI, 0 to 100."""

    month: date
    score: Decimal
    inquiries: int
    days: int


@dataclass(frozen=True, slots=True)
class QualityMonth:
    """The chats inspected in one month, in order: their scores, 0 to 100, and how many had a fatal error."""

    month: date
    scores: tuple[Decimal, ...]
    fatal: int = 0


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean that is kept exact: `total` over `count`."""

    total: Fraction
    count: int
    months: tuple[date, ...]

    @property
    def exact(self) -> Fraction:
        return self.total / self.count

    @property
    def shown(self) -> Decimal:
        """Rounded down to 0.01, so that no figure looks reached before it is."""
        hundredths = self.exact * 100
        return Decimal(hundredths.numerator // hundredths.denominator) / 100

    def reaches(self, target: Decimal | int) -> bool:
        return self.exact >= Fraction(target)


def points_of(value: Decimal, measure: Measure) -> int:
    """The points of the best band that `value` reaches, 0 below all of them."""
    for band in measure.bands:
        if value >= band.at if measure.better == "higher" else value <= band.at:
            return band.points
    return 0


def score_of(values: Mapping[str, Decimal], scheme: Scheme) -> Decimal:
    """The weighted score of a month, rounded half up to 0.01. `values` holds one for each measure id."""
    total = sum(points_of(values[measure.id], measure) * measure.weight for measure in scheme.measures)
    return (Decimal(total) / 100).quantize(CENT, ROUND_HALF_UP)


def score_over_shops(parts: Sequence[tuple[int, Decimal]]) -> Decimal:
    """The score of somebody who serves several shops: (weight in percent, score) each.

    Rounded half up to 0.01. Raises ValueError unless the weights sum to 100.
    """
    if sum(weight for weight, _ in parts) != 100:
        raise ValueError("the weights of the shops must sum to 100")
    total = sum((weight * score for weight, score in parts), Decimal(0))
    return (total / 100).quantize(CENT, ROUND_HALF_UP)


def bonus_preview(score: Decimal, bands: Sequence[PayBand]) -> tuple[Decimal, Decimal]:
    """The base pay of a score and the bonus it gives, base x score / 100: a preview in yuan, not payroll."""
    base = next((band.base for band in bands if score >= band.score), Decimal(0))
    return base, (base * score / 100).quantize(CENT, ROUND_HALF_UP)


def why_not_record(month: date, days: int, today: date) -> Reason | None:
    """Why a month's figures cannot be recorded, or None. The running month's can, unjudged."""
    if month.day != 1:
        return Reason(N_("A month is named by its first day."))
    if month > today:
        return Reason(N_("This month has not begun. Choose an earlier one."))
    if days > monthrange(month.year, month.month)[1]:
        return Reason(N_("The month has fewer days than that. Check the days worked."))
    return None


def counts(figures: MonthFigures, policy: KpiPolicy) -> bool:
    """Whether a month is long enough to be judged by."""
    return figures.inquiries >= policy.min_inquiries and figures.days >= policy.min_days


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_between(earlier: date, later: date) -> int:
    """Calendar months from one date's month to the other's: June to July is 1, whatever the days."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def last_counted(
    figures: Iterable[MonthFigures], months: int, policy: KpiPolicy, on: date
) -> tuple[MonthFigures, ...]:
    """The last `months` months that count, newest first, none older than `lookback_factor` times as many.

    The month of `on` is still running and never among them. May return fewer.
    """
    usable = [
        month
        for month in figures
        if counts(month, policy) and 1 <= months_between(month.month, on) <= months * policy.lookback_factor
    ]
    return tuple(sorted(usable, key=lambda month: month.month, reverse=True)[:months])


def kpi_mean(figures: Iterable[MonthFigures], months: int, policy: KpiPolicy, on: date) -> Mean | None:
    """The mean KPI over the last `months` counted months, or None if there are fewer."""
    last = last_counted(figures, months, policy, on)
    if not months or len(last) < months:
        return None
    total = sum((Fraction(month.score) for month in last), Fraction(0))
    return Mean(total, len(last), tuple(month.month for month in last))


def quality_mean(inspected: Iterable[QualityMonth], months: int, policy: KpiPolicy, on: date) -> Mean | None:
    """The mean score of the chats inspected in the last `months` months that have any.

    Reaches further back, month by month, until there are enough chats to judge by, but never further than
    `lookback_factor` times `months`. None if there are too few even then.
    """
    usable = [
        month
        for month in inspected
        if month.scores and 1 <= months_between(month.month, on) <= months * policy.lookback_factor
    ]
    taken: list[QualityMonth] = []
    for month in sorted(usable, key=lambda month: month.month, reverse=True):
        if len(taken) >= months and _chats(taken) >= policy.min_inspected_chats:
            break
        taken.append(month)
    if not taken or _chats(taken) < policy.min_inspected_chats:
        return None
    total = sum((Fraction(score) for month in taken for score in month.scores), Fraction(0))
    return Mean(total, _chats(taken), tuple(month.month for month in taken))


def _chats(months: Sequence[QualityMonth]) -> int:
    return sum(len(month.scores) for month in months)


def quality_mean_of(month: QualityMonth) -> Decimal | None:
    """The mean score of one month's chats, rounded down to 0.01; None without a chat."""
    if not month.scores:
        return None
    total = sum((Fraction(score) for score in month.scores), Fraction(0))
    return Mean(total, len(month.scores), (month.month,)).shown


def daily_load(figures: MonthFigures) -> Decimal | None:
    """Inquiries a day worked, rounded down to a tenth; None without a day."""
    if not figures.days:
        return None
    return (Decimal(figures.inquiries) / figures.days).quantize(Decimal("0.1"), ROUND_DOWN)


def load_state(figures: MonthFigures, policy: KpiPolicy) -> Literal["low", "right", "high"] | None:
    """Whether a day held too few or too many inquiries for one agent; exact, without the rounding shown."""
    if not figures.days:
        return None
    if figures.inquiries < policy.load_low * figures.days:
        return "low"
    return "high" if figures.inquiries > policy.load_high * figures.days else "right"


def median(scores: Iterable[Decimal], at_least: int) -> Decimal | None:
    """The median, or None for fewer than `at_least` people: nobody's own figure may be guessed from it."""
    ordered = sorted(scores)
    if not ordered or len(ordered) < at_least:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return ((ordered[middle - 1] + ordered[middle]) / 2).quantize(CENT, ROUND_HALF_UP)
