"""The policy as one frozen value, and the checks that a document passes before it can be in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from lms.conduct.rules import ConductPolicy
from lms.interchange.source import Problem
from lms.interchange.toml import Source, Table
from lms.performance.rules import KpiPolicy
from lms.policy.checks import check_conduct, check_gates, check_hours, check_kpi, read_ladder
from lms.policy.reader import read, read_by_profile
from lms.probation.gates import GatesPolicy
from lms.probation.hours import HoursPolicy
from lms.tiers.ladder import Ladder

Profile = Literal["employee", "contractor"]
PROFILES: tuple[Profile, ...] = ("employee", "contractor")
T = TypeVar("T")
DEFAULT = Path(__file__).with_name("default.toml")


@dataclass(frozen=True, slots=True)
class LessonsPolicy:
    """Policy section `[lessons]`."""

    check_pass_percent: int


@dataclass(frozen=True, slots=True)
class TeamPolicy:
    """Policy section `[team]`: what a manager's page calls attention to."""

    idle_days: int  # a trainee without progress for so long is shown as stuck


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """Policy section `[service]`: what the courses teach and the house expects of a chat."""

    first_reply_seconds: int
    update_waiting_minutes: int
    phone_rings: int
    typing_a_minute: int  # characters
    meal_minutes: int
    shops_an_agent: int
    shops_exceptionally: int
    handover_early_minutes: int


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document. `hours` and `gates` are those of its profile."""

    profile: Profile
    lessons: LessonsPolicy
    hours: HoursPolicy
    gates: GatesPolicy
    conduct: ConductPolicy
    kpi: KpiPolicy
    ladder: Ladder
    team: TeamPolicy
    service: ServicePolicy


class PolicyError(ValueError):
    """A document that cannot be in force. `problems` holds everything to change, with file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(sorted(problems))

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Line and message of each problem."""
        return [(problem.line, problem.message) for problem in self.problems]


def default_text() -> str:
    """The document that a new site starts with."""
    return DEFAULT.read_text(encoding="utf-8")


def parse_policy(text: str, file: str = "policy.toml") -> Policy:
    """The policy a document describes. Raises PolicyError with all that is wrong with it at once."""
    source = Source(file, text)
    table = source.parse()
    policy = _policy(table) if table else None
    if policy is None or source.problems:
        raise PolicyError(source.problems)
    return policy


def _policy(table: Table) -> Policy | None:
    profile = table.choice("profile", PROFILES)
    hours = _section(table, "hours", lambda section: read_by_profile(HoursPolicy, section, PROFILES))
    gates = _section(table, "gates", lambda section: read_by_profile(GatesPolicy, section, PROFILES))
    parts: dict[str, Any] = {
        "lessons": _section(table, "lessons", lambda section: read(LessonsPolicy, section)),
        "conduct": _section(table, "conduct", lambda section: read(ConductPolicy, section)),
        "kpi": _section(table, "kpi", lambda section: read(KpiPolicy, section)),
        "ladder": _section(table, "tiers", read_ladder),
        "team": _section(table, "team", lambda section: read(TeamPolicy, section)),
        "service": _section(table, "service", lambda section: read(ServicePolicy, section)),
    }
    table.unknown()
    check_hours(hours or {}, table.source)
    check_gates(gates or {}, table.source)
    check_conduct(parts["conduct"], table.source)
    check_kpi(parts["kpi"], table.source)
    if table.source.problems or hours is None or gates is None:
        return None
    chosen: Profile = "contractor" if profile == "contractor" else "employee"
    return Policy(profile=chosen, hours=hours[chosen], gates=gates[chosen], **parts)


def _section(table: Table, key: str, reader: Callable[[Table], T | None]) -> T | None:
    section = table.table(key)
    if section is None:
        if not table.has(key):
            table.report("", f"The table [{key}] is missing.")
        return None
    return reader(section)
