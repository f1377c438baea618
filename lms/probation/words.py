"""How gates, shifts and decisions are put into words, in one place for every page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.errors import N_, Reason
from lms.probation.gates import CRITERIA, Gate, Unit, Value, rubric_mean, shown, shown_missing
from lms.probation.hours import decimal_of
from lms.probation.models import Shift

CRITERIA_WORDS = {
    "product": N_("Knows the products"),
    "rules": N_("Knows the rules"),
    "tone": N_("Tone and wording"),
    "speed": N_("Speed"),
    "tools": N_("Tools and process"),
    "teamwork": N_("Teamwork"),
}

ATTENDANCE_WORDS = {"on_time": N_("On time"), "late": N_("Late"), "absent": N_("Absent")}
ATTENDANCE_MARKS = {"on_time": "good", "late": "warning", "absent": "bad"}

DECISION_WORDS = {
    "confirm": N_("Confirm"),
    "confirm_early": N_("Confirm early"),
    "extend": N_("Extend"),
    "end": N_("End the trial"),
    "not_yet": N_("Let it go on"),
}
DECISION_MARKS = {
    "confirm": "good",
    "confirm_early": "good",
    "extend": "warning",
    "end": "bad",
    "not_yet": "active",
}

OUTCOME_WORDS = {
    "confirmed": N_("Confirmed"),
    "confirmed_early": N_("Confirmed early"),
    "ended": N_("Trial ended"),
}
OUTCOME_MARKS = {"confirmed": "good", "confirmed_early": "good", "ended": "neutral"}

STANDING_WORDS = {
    "good": N_("good"),
    "warned": N_("warned"),
    "suspended": N_("suspended"),
    "revoked": N_("revoked"),
    "blacklisted": N_("blacklisted"),
}


@dataclass(frozen=True)
class GateLine:
    """A gate as a page shows it. A figure is a number as text, or a word to translate."""

    id: str
    label: str  # message id
    figure: str | Reason
    target: str | Reason
    met: bool
    missing: str | Reason  # "" where nothing is, or where it cannot be counted
    how: str  # message id, or ""


def gate_lines(gates: Iterable[Gate]) -> list[GateLine]:
    """The gates as a page shows them."""
    return [
        GateLine(
            row.id,
            row.label,
            _figure(row.figure, row.unit),
            _figure(row.target, row.unit),
            row.met,
            _with_unit(shown_missing(row), row.unit),
            row.how,
        )
        for row in gates
    ]


def frozen_lines(evidence: Mapping[str, Any]) -> list[GateLine]:
    """The gates as they were frozen beside a decision."""
    return [
        GateLine(
            row["id"],
            row["label"],
            _figure(_thawed(row["figure"], row["unit"]), Unit(row["unit"])),
            _figure(_thawed(row["target"], row["unit"]), Unit(row["unit"])),
            row["met"],
            "",
            "",
        )
        for row in evidence["gates"]
    ]


def workings_of(shift: Shift) -> Reason | None:
    """How the credited hours of a closed shift come about, as one line that can be reckoned again."""
    made = shift.workings
    if made is None or shift.credited is None:
        return None
    values = {
        "hours": _plain(Fraction(made["scheduled_minutes"], 60)),
        "attendance": _plain(Fraction(made["attendance_factor"])),
        "service": _plain(Fraction(made["service_factor"])),
        "credited": _plain(Fraction(shift.credited, 100)),
    }
    if not made["over_minutes"]:
        return Reason(N_("%(hours)s h × %(attendance)s (absent) = %(credited)s h"), **values)
    ratio = Fraction(made["service_minutes"], made["over_minutes"]) * 100
    says = {
        "on_time": N_("%(hours)s h × %(attendance)s (on time) × %(service)s (ratio %(ratio)s) = %(credited)s h"),
        "late": N_("%(hours)s h × %(attendance)s (late) × %(service)s (ratio %(ratio)s) = %(credited)s h"),
    }[shift.attendance or "on_time"]
    return Reason(says, ratio=shown(ratio, Unit.PERCENT), **values)


def _figure(value: Value, unit: Unit) -> str | Reason:
    if unit is Unit.YES_NO:
        return Reason(N_("yes")) if value else Reason(N_("no"))
    if unit is Unit.STANDING:
        return Reason(STANDING_WORDS[str(value)])
    return _with_unit(shown(value, unit), unit)


def _with_unit(text: str, unit: Unit) -> str | Reason:
    """Hours are called so in the person's language; a dash and nothing at all stay what they are."""
    is_hours = unit is Unit.HOURS and text[:1].isdigit()
    return Reason(N_("%(hours)s h"), hours=text) if is_hours else text


def _thawed(value: Any, unit: str) -> Value:
    is_number = isinstance(value, str) and unit != Unit.STANDING
    return Fraction(value) if is_number else value


def _plain(value: Fraction) -> str:
    """Two decimals at most, without needless zeros: "2", "0.9", "1.35"."""
    return f"{decimal_of(value, 2):f}".rstrip("0").rstrip(".")


def rubric_of(shift: Shift) -> str:
    """The mean of a shift's rubric, 1 to 5, as it is shown; a dash without one."""
    if shift.evaluation is None:
        return shown(None, Unit.SCORE)
    return shown(rubric_mean({name: getattr(shift.evaluation, name) for name in CRITERIA}), Unit.SCORE)
