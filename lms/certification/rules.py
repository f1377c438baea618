"""What earns a certification, how long it holds, and its state on a day. Days are the site's days."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class State(StrEnum):
    """Where a person stands with a certification on a day."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    CERTIFIED = "certified"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"

    @property
    def is_held(self) -> bool:
        """Whether the person may rely on it."""
        return self in (State.CERTIFIED, State.EXPIRING)


@dataclass(frozen=True)
class Term:
    """The days of one award: its first, its last, and the day it was taken away, if it was."""

    first_day: date
    last_day: date
    revoked_on: date | None = None

    def is_live(self, day: date) -> bool:
        """Neither over nor taken away."""
        return self.revoked_on is None and day <= self.last_day


@dataclass(frozen=True)
class Conduct:
    """What a person's conduct does to what they hold: kept from serving now, and last revoked on a day."""

    is_barred: bool = False
    revoked_on: date | None = None


@dataclass(frozen=True)
class Requirements:
    """What a certification asks for, and for how long it then holds."""

    courses: tuple[str, ...]
    exams: tuple[str, ...]
    months: int
    renew_days: int


@dataclass(frozen=True)
class Missing:
    """What a person still lacks, in the order of the requirements."""

    courses: tuple[str, ...]
    exams: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything is missing at all."""
        return bool(self.courses or self.exams)


def missing(needs: Requirements, courses_done: Collection[str], exams_passed: Collection[str]) -> Missing:
    """What of the requirements is not there yet; falsy when nothing is."""
    return Missing(
        courses=tuple(course for course in needs.courses if course not in courses_done),
        exams=tuple(exam for exam in needs.exams if exam not in exams_passed),
    )


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def term_from(today: date, months: int, held: Term | None = None) -> Term:
    """The days of an award made today. A renewal adds to what is left of `held`, so no day is lost."""
    start = held.last_day if held is not None and held.is_live(today) else today
    return Term(first_day=today, last_day=add_months(start, months))


def starts_at(day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which a day begins in the site's calendar."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def ends_at(last_day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which the last day is over in the site's calendar."""
    return starts_at(last_day + timedelta(days=1), zone)


def renewable_from(last_day: date, renew_days: int) -> date:
    """The first day on which a renewal counts."""
    return last_day - timedelta(days=renew_days)


def counts_from(latest: Term | None, renew_days: int) -> date | None:
    """Since when attempts at the exams count towards the next award; None: all of them.

    After an award that is the day its renewal opens, after a revocation the day of the revocation.
    """
    if latest is None:
        return None
    return latest.revoked_on or renewable_from(latest.last_day, renew_days)


def may_award(latest: Term | None, renew_days: int, today: date) -> bool:
    """Whether an award can be made: there is none that lives, or it may be renewed already."""
    if latest is None or not latest.is_live(today):
        return True
    return today >= renewable_from(latest.last_day, renew_days)


def state_on(
    day: date, latest: Term | None, *, renew_days: int, begun: bool, suspended: bool = False
) -> State:
    """The state on `day`, from the latest award (None: never awarded).

    `begun`: any lesson or attempt towards it exists. `suspended`: the person is, on that day.
    """
    if latest is None:
        return State.IN_PROGRESS if begun else State.NOT_STARTED
    if latest.revoked_on is not None and latest.revoked_on <= day:
        return State.REVOKED
    if day > latest.last_day:
        return State.EXPIRED
    if suspended:
        return State.SUSPENDED
    return State.EXPIRING if day >= renewable_from(latest.last_day, renew_days) else State.CERTIFIED
