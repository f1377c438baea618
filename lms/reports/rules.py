"""What of a person's situation a manager should look at, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.certification.rules import State
from lms.errors import Reason


class Kind(StrEnum):
    """What needs somebody, the most pressing first. The last two are stuck rather than due."""

    PROBATION = "probation"  # a trial to decide on
    PROMOTION = "promotion"  # all that the next tier asks is there
    READY = "ready"  # a trainee who is certified: the trial can begin
    EXPIRED = "expired"
    LAPSING = "lapsing"
    KEEP_LINE = "keep_line"
    FIGURES = "figures"  # a month that is not recorded
    STUCK = "stuck"  # a trial that does not move on
    IDLE = "idle"  # a trainee without progress


STUCK = (Kind.STUCK, Kind.IDLE)
ONE_BY_ONE = (Kind.PROBATION, Kind.PROMOTION, Kind.READY, Kind.KEEP_LINE, Kind.STUCK)


@dataclass(frozen=True)
class Need:
    """One thing about one person. `subject` is a certification's slug or a tier, `day` what it is about."""

    kind: Kind
    day: date | None = None
    subject: str = ""
    met: int = 0
    total: int = 0
    why: Reason | None = None


@dataclass(frozen=True)
class Trial:
    """A running trial: when the decision is due, whether it can be taken now, gates met, what holds it up."""

    due_on: date
    decision_due: bool
    met: int
    total: int
    stuck: Reason | None


@dataclass(frozen=True)
class Situation:
    """A person as of today. `certificates` are (slug, state, last day); `last_progress` is for trainees."""

    stage: str
    stage_since: date
    certificates: tuple[tuple[str, State, date | None], ...] = ()
    recorded_months: frozenset[date] = frozenset()
    trial: Trial | None = None
    is_certified: bool = False  # holds what the gates of the trial ask
    qualifies_for: str | None = None
    is_below_keep_line: bool = False
    last_progress: date | None = None


def needs_of(person: Situation, today: date, idle_days: int) -> tuple[Need, ...]:
    """All that should be looked at, the most pressing first."""
    found = [*_trial(person), *_ladder(person), *_certificates(person), *_work(person, today, idle_days)]
    order = list(Kind)
    return tuple(sorted(found, key=lambda need: (order.index(need.kind), need.day or date.max, need.subject)))


def _trial(person: Situation) -> Iterable[Need]:
    trial = person.trial
    if trial is None:
        return
    if trial.decision_due:
        yield Need(Kind.PROBATION, trial.due_on, met=trial.met, total=trial.total)
    if trial.stuck:
        yield Need(Kind.STUCK, why=trial.stuck)


def _ladder(person: Situation) -> Iterable[Need]:
    if person.qualifies_for:
        yield Need(Kind.PROMOTION, subject=person.qualifies_for)
    if person.is_below_keep_line:
        yield Need(Kind.KEEP_LINE)


def _certificates(person: Situation) -> Iterable[Need]:
    """A certificate that ends is everybody's matter who serves customers; others start at the beginning."""
    if person.stage not in ("on_trial", "agent"):
        return
    for slug, state, last_day in person.certificates:
        if state is State.EXPIRED:
            yield Need(Kind.EXPIRED, last_day, slug)
        elif state is State.EXPIRING:
            yield Need(Kind.LAPSING, last_day, slug)


def _work(person: Situation, today: date, idle_days: int) -> Iterable[Need]:
    last_month_ended = today.replace(day=1) - timedelta(days=1)
    month = last_month_ended.replace(day=1)
    worked = person.stage == "agent" and person.stage_since <= last_month_ended
    if worked and month not in person.recorded_months:
        yield Need(Kind.FIGURES, month)
    if person.stage == "trainee" and person.is_certified:
        yield Need(Kind.READY)
    elif person.stage == "trainee":
        since = max(person.stage_since, person.last_progress or person.stage_since)
        if (today - since).days >= idle_days:
            yield Need(Kind.IDLE, since)
