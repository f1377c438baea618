"""What a person on trial has to show, and where they stand: one row a gate, with figure and target."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lms.errors import N_, Reason

CRITERIA = ("product", "rules", "tone", "speed", "tools", "teamwork")
"""What a mentor scores after a shift, each from LOWEST to HIGHEST."""
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class GatesPolicy:
    """Policy section `[gates.employee]` or `[gates.contractor]`. A gate with target 0 or "" is not asked."""

    certification: str  # slug of the certification that must be held
    standings: tuple[str, ...]  # any of these standings will do
    shifts: int
    credited_hours: int  # hours
    mean_rubric: Decimal  # 1 to 5
    service_ratio_percent: int
    inspected_chats: int
    quality_mean: Decimal  # 0 to 100, over the inspected chats
    chats_without_fatal_error: int  # the last so many inspected chats
    early_mean_rubric: Decimal  # 1 to 5
    early_needs_mentor: bool  # early confirmation needs the mentor's recommendation
    binding: tuple[str, ...]  # gates that no manager can waive
    extension_days: int  # calendar days, once


@dataclass(frozen=True, slots=True)
class Figures:
    """Where a person stands. None is "nothing to measure yet", which no target accepts."""

    certified: bool
    standing: str
    shifts: int  # closed and attended
    credited: int  # hundredths of an hour
    mean_rubric: Fraction | None
    service_ratio: Fraction | None
    inspected_chats: int
    quality_mean: Fraction | None
    fatal_errors: int | None  # in the last inspected chats that policy looks at; None while there are fewer
    mentor_recommends: bool  # the mentor's latest evaluation recommends confirmation


class Unit(StrEnum):
    """How a gate's figure and target are read."""

    YES_NO = "yes_no"
    STANDING = "standing"
    COUNT = "count"
    HOURS = "hours"
    SCORE = "score"  # 1 to 5
    PERCENT = "percent"
    POINTS = "points"  # 0 to 100


PLACES = {Unit.COUNT: 0, Unit.HOURS: 2, Unit.SCORE: 2, Unit.PERCENT: 1, Unit.POINTS: 1}

Value = Fraction | str | bool | None


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition. `missing` is what the figure lacks, in `unit`; None where that cannot be counted."""

    id: str
    label: str  # message id
    unit: Unit
    figure: Value
    target: Value
    met: bool
    missing: Fraction | None
    how: str  # message id: how the figure is come by
    reason: Reason  # the figure against the target, in words


def rubric_mean(scores: Mapping[str, int]) -> Fraction:
    """The mean of one shift's rubric, exact."""
    return Fraction(sum(scores[item] for item in CRITERIA), len(CRITERIA))


def mean_of_means(shifts: Sequence[Mapping[str, int]]) -> Fraction | None:
    """The mean of the shifts' means: each shift weighs the same. None without any."""
    return sum((rubric_mean(each) for each in shifts), Fraction(0)) / len(shifts) if shifts else None


def gates(figures: Figures, policy: GatesPolicy) -> tuple[Gate, ...]:
    """Every gate that policy asks for, in the order in which they are shown."""
    rows = [make(figures, policy) for make in GATES]
    return tuple(row for row in rows if row is not None)


def met_of(rows: Iterable[Gate]) -> tuple[int, int]:
    """How many of the gates are met, and how many there are."""
    met = [row.met for row in rows]
    return sum(met), len(met)


def unmet(rows: Iterable[Gate]) -> tuple[Gate, ...]:
    """The gates that are still in the way."""
    return tuple(row for row in rows if not row.met)


def shown(value: Value, unit: Unit) -> str:
    """A figure as people read it: "3.49", "79.2 %", "60"; a dash where there is none yet.

    Cut off, not rounded: a figure just short of its target never looks as if it had reached it.
    """
    if value is None:
        return "–"
    if isinstance(value, str | bool):
        return str(value)
    places = PLACES[unit]
    cut = Decimal(int(value * 10**places)).scaleb(-places)
    text = f"{cut:f}".rstrip("0").rstrip(".") if places else str(cut)
    return f"{text}\N{NO-BREAK SPACE}%" if unit is Unit.PERCENT else text


def shown_missing(gate: Gate) -> str:
    """What is missing, rounded up for the same reason; "" when nothing is, or when it cannot be counted."""
    if not gate.missing:
        return ""
    step = 10 ** PLACES[gate.unit]
    return shown(Fraction(-((-gate.missing * step) // 1), step), gate.unit)


def evidence(rows: Iterable[Gate]) -> list[dict[str, Any]]:
    """The gates as JSON to freeze beside a decision; a figure that is no whole number is kept as "7/3"."""
    return [
        {
            "id": row.id,
            "label": row.label,
            "unit": row.unit.value,
            "figure": _frozen(row.figure),
            "target": _frozen(row.target),
            "met": row.met,
            "missing": _frozen(row.missing),
        }
        for row in rows
    ]


def _frozen(value: Value) -> str | bool | None:
    return str(value) if isinstance(value, Fraction) else value


def _certification(figures: Figures, policy: GatesPolicy) -> Gate | None:
    if not policy.certification:
        return None
    held = figures.certified
    says = N_("The certification is held.") if held else N_("The certification is not held.")
    how = N_("Earned by the required courses and the exam, and not expired.")
    label = N_("Certification held")
    return Gate("certification", label, Unit.YES_NO, held, True, held, None, how, Reason(says))


def _standing(figures: Figures, policy: GatesPolicy) -> Gate | None:
    if not policy.standings:
        return None
    met = figures.standing in policy.standings
    says = N_("The conduct ledger is in order.") if met else N_("The conduct ledger stands in the way.")
    how = N_("What the entries of the conduct ledger come to today.")
    label, got, target = N_("Good standing"), figures.standing, policy.standings[0]
    return Gate("standing", label, Unit.STANDING, got, target, met, None, how, Reason(says))


def _shifts(figures: Figures, policy: GatesPolicy) -> Gate | None:
    label, says = N_("Trial shifts worked"), N_("Trial shifts worked: %(figure)s of %(target)s.")
    how = N_("Shifts that are closed and were attended. Slots that touch are one shift.")
    return _at_least("shifts", Unit.COUNT, figures.shifts, policy.shifts, label, how, says)


def _credited_hours(figures: Figures, policy: GatesPolicy) -> Gate | None:
    label, says = N_("Credited hours"), N_("Credited hours: %(figure)s of %(target)s.")
    how = N_("Scheduled hours × attendance × service ratio, shift by shift, added up.")
    hours = Fraction(figures.credited, 100)
    return _at_least("credited_hours", Unit.HOURS, hours, policy.credited_hours, label, how, says)


def _mean_rubric(figures: Figures, policy: GatesPolicy) -> Gate | None:
    label = N_("Mentor's rubric")
    says = N_("The mentor's rubric: %(figure)s on average, target %(target)s.")
    how = N_("The mean of the means of the scored shifts, 1 to 5.")
    return _at_least("mean_rubric", Unit.SCORE, figures.mean_rubric, policy.mean_rubric, label, how, says)


def _service_ratio(figures: Figures, policy: GatesPolicy) -> Gate | None:
    label, says = N_("Service ratio"), N_("The service ratio: %(figure)s on average, target %(target)s.")
    how = N_("All minutes serving or waiting for a customer over all minutes that count.")
    percent = None if figures.service_ratio is None else figures.service_ratio * 100
    return _at_least("service_ratio", Unit.PERCENT, percent, policy.service_ratio_percent, label, how, says)


def _inspected_chats(figures: Figures, policy: GatesPolicy) -> Gate | None:
    label, says = N_("Inspected chats"), N_("Chats inspected: %(figure)s of %(target)s.")
    how = N_("Chats that an inspector has read and scored.")
    count = figures.inspected_chats
    return _at_least("inspected_chats", Unit.COUNT, count, policy.inspected_chats, label, how, says)


def _quality_mean(figures: Figures, policy: GatesPolicy) -> Gate | None:
    label, says = N_("Quality"), N_("Inspected chats score %(figure)s on average, target %(target)s.")
    how = N_("The mean score of the inspected chats, 0 to 100.")
    return _at_least("quality_mean", Unit.POINTS, figures.quality_mean, policy.quality_mean, label, how, says)


def _fatal_errors(figures: Figures, policy: GatesPolicy) -> Gate | None:
    if not policy.chats_without_fatal_error:
        return None
    found = None if figures.fatal_errors is None else Fraction(figures.fatal_errors)
    says = N_("Fatal errors in the last %(chats)s inspected chats: %(figure)s; there may be none.")
    why = Reason(says, chats=policy.chats_without_fatal_error, figure=shown(found, Unit.COUNT))
    how = N_("Errors that an inspector marked as fatal. They count once enough chats are inspected.")
    zero = Fraction(0)
    return Gate("fatal_errors", N_("Fatal errors"), Unit.COUNT, found, zero, found == zero, None, how, why)


def _at_least(
    id: str,
    unit: Unit,
    figure: Fraction | Decimal | int | None,
    target: Decimal | int,
    label: str,
    how: str,
    says: str,
) -> Gate | None:
    """A gate that asks for `target` or more; None when it asks for nothing."""
    if not target:
        return None
    got, wanted = None if figure is None else Fraction(figure), Fraction(target)
    missing = max(wanted - (got or 0), Fraction(0))
    why = Reason(says, figure=shown(got, unit), target=shown(wanted, unit))
    return Gate(id, label, unit, got, wanted, got is not None and got >= wanted, missing, how, why)


GATES: tuple[Callable[[Figures, GatesPolicy], Gate | None], ...] = (
    _certification,
    _standing,
    _shifts,
    _credited_hours,
    _mean_rubric,
    _service_ratio,
    _inspected_chats,
    _quality_mean,
    _fatal_errors,
)
