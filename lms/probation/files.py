"""The training plans of a `programme.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.interchange.toml import Table

SIGNERS = ("mentor", "trainer", "manager")


@dataclass(frozen=True, slots=True)
class ActivityFile:
    """One hands-on activity of a phase: how many hours it takes and who signs it off."""

    id: str
    title: Mapping[str, str]
    hours: int
    signed_by: str


@dataclass(frozen=True, slots=True)
class PhaseFile:
    """One phase: its length in working days, what it holds, and the gate at its end."""

    title: Mapping[str, str]
    days: int
    courses: tuple[str, ...]
    activities: tuple[ActivityFile, ...]
    gate_exams: tuple[str, ...]
    gate_lessons_done: bool


@dataclass(frozen=True, slots=True)
class PlanFile:
    """One training plan with its phases in order."""

    id: str
    title: Mapping[str, str]
    phases: tuple[PhaseFile, ...]


def read_plan(table: Table) -> PlanFile:
    """One `[[plan]]`. An activity id is used once in a plan."""
    taken: set[str] = set()
    plan = PlanFile(
        id=table.slug("id"),
        title=table.both("title"),
        phases=tuple(_phase(entry, taken) for entry in table.tables("phase")),
    )
    table.unknown()
    if not plan.phases and not table.has("phase"):
        table.report("", "The plan has no phase. Add one with [[plan.phase]].")
    return plan


def _phase(table: Table, taken: set[str]) -> PhaseFile:
    gate = table.table("gate")
    phase = PhaseFile(
        title=table.both("title"),
        days=table.whole("days", 1, 366),
        courses=table.texts("courses"),
        activities=tuple(_activity(entry, taken) for entry in table.tables("activities")),
        gate_exams=gate.texts("exams") if gate else (),
        gate_lessons_done=gate.flag("lessons_done") if gate else False,
    )
    if gate:
        gate.unknown()
    table.unknown()
    return phase


def _activity(table: Table, taken: set[str]) -> ActivityFile:
    activity = ActivityFile(
        id=table.slug("id"),
        title=table.both("title"),
        hours=table.whole("hours", 1, 200),
        signed_by=table.choice("signed_by", SIGNERS, "mentor"),
    )
    table.unknown()
    if activity.id and activity.id in taken:
        table.report("id", f'The activity "{activity.id}" is already in this plan.', f'"{activity.id}"')
    taken.add(activity.id)
    return activity
