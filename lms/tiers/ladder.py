"""What the ladder is made of: tiers, what each asks, and what is known of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lms.certification.rules import State
from lms.errors import Reason
from lms.performance.rules import MonthFigures, QualityMonth

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
