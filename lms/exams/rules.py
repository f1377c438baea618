"""When an attempt may begin, how long it is open, which answers are taken, and what is shown afterwards."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum

from lms.errors import N_, Reason

GRACE = timedelta(seconds=30)
"""What was in flight at the deadline still arrives. Not policy: it covers the network, not the person."""

MAX_SEQ = 2**53 - 1
"""The largest whole number that a browser counts exactly."""


class Review(StrEnum):
    """What a learner sees of an attempt once it is graded."""

    SCORE_ONLY = "score_only"
    MARKS_AND_LESSONS = "marks_and_lessons"
    KEYS_AND_EXPLANATIONS = "keys_and_explanations"

    @property
    def shows_marks(self) -> bool:
        """Which questions were right, the points of each, and the lessons to read again."""
        return self is not Review.SCORE_ONLY

    @property
    def shows_keys(self) -> bool:
        """The right answers and why they are right."""
        return self is Review.KEYS_AND_EXPLANATIONS


@dataclass(frozen=True)
class Terms:
    """On what terms an exam is sat."""

    attempts: int
    cooldown: timedelta
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Bearing:
    """What another feature says about sitting an exam: why not, and from when attempts count (None: all)."""

    reason: Reason | None = None
    counts_from: datetime | None = None


@dataclass(frozen=True)
class Sitting:
    """One attempt as the clock sees it. `submitted_at` is set only when a person handed it in."""

    started_at: datetime
    deadline: datetime
    submitted_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether answers are still taken: until it is handed in, or the grace after the deadline is over."""
        return self.submitted_at is None and now < self.deadline + GRACE

    @property
    def ended_at(self) -> datetime:
        """When it ends, or ended: the hand-in, else the deadline, whether or not any job has run since."""
        return self.submitted_at or self.deadline

    def remaining_s(self, now: datetime) -> int:
        """Whole seconds to the deadline, never negative; 0 once it is handed in."""
        if self.submitted_at is not None:
            return 0
        return max(0, int((self.deadline - now).total_seconds()))


def why_not_start(terms: Terms, past: Sequence[Sitting], now: datetime) -> Reason | None:
    """Why another attempt may not begin now, or None if it may. `past` holds the attempts that count."""
    if any(sitting.is_open(now) for sitting in past):
        return Reason(N_("Finish the attempt you have open first."))
    if terms.opens_at is not None and now < terms.opens_at:
        return Reason(N_("This exam opens on %(when)s."), when=terms.opens_at)
    if terms.closes_at is not None and now >= terms.closes_at:
        return Reason(
            N_("This exam closed on %(when)s. Ask your trainer for the next date."), when=terms.closes_at
        )
    if len(past) >= terms.attempts:
        return Reason(N_("No attempts remain. Talk to your trainer about what to do next."))
    if past and now < (again := again_from(terms, past)):
        return Reason(N_("You can try again from %(when)s."), when=again)
    return None


def again_from(terms: Terms, past: Sequence[Sitting]) -> datetime:
    """When the cooling-off time after the last of `past` is over."""
    return max(sitting.ended_at for sitting in past) + terms.cooldown


def quarter_of(day: date) -> tuple[int, int]:
    """Year and quarter (1-4) of a day."""
    return day.year, (day.month + 2) // 3


def first_of_quarter(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return date(day.year, 3 * quarter_of(day)[1] - 2, 1)


def form_seed(exam: str, day: date, earlier: int) -> str:
    """What chooses the questions of an exam with one form a quarter, after so many attempts in that quarter.

    Everybody's first attempt of a quarter has the same questions; the resit has others, again the same for all.
    """
    year, quarter = quarter_of(day)
    return f"{exam} {year} quarter {quarter} form {earlier + 1}"


def that_count(past: Sequence[Sitting], bearings: Iterable[Bearing]) -> list[Sitting]:
    """The attempts that count towards the limit: those begun since the latest date that a bearing gives."""
    dates = [bearing.counts_from for bearing in bearings if bearing.counts_from is not None]
    return [sitting for sitting in past if not dates or sitting.started_at >= max(dates)]


@dataclass(frozen=True)
class Answer:
    """What is stored at a position: option ids in ascending order, and the number of the save."""

    chosen: tuple[str, ...] = ()
    flagged: bool = False
    seq: int = 0

    def says_the_same_as(self, other: "Answer") -> bool:
        """Whether both hold the same choice and flag, whatever their numbers."""
        return set(self.chosen) == set(other.chosen) and self.flagged == other.flagged


class Save(Enum):
    """What becomes of a save that arrives at an open attempt."""

    STORE = "store"
    REPEAT = "repeat"  # the same save again, after its answer got lost
    STALE = "stale"  # an older tab, or another answer under the same number


def judge_save(stored: Answer, sent: Answer) -> Save:
    """A greater number wins; the same one is fine only with the same content; anything else is stale."""
    if sent.seq > stored.seq:
        return Save.STORE
    if sent.seq == stored.seq and sent.says_the_same_as(stored):
        return Save.REPEAT
    return Save.STALE


def why_not_choose(question_type: str, options: Collection[str], chosen: Sequence[str]) -> Reason | None:
    """Why these option ids are no answer to the question, or None if they are one. None chosen is one."""
    if any(option not in options for option in chosen):
        return Reason(N_("This question has no such option. Reload the page and choose again."))
    if len(set(chosen)) != len(chosen):
        return Reason(N_("An option can be chosen once only."))
    if question_type != "multiple" and len(chosen) > 1:
        return Reason(N_("Choose one option only."))
    return None


def unanswered(answers: Iterable[tuple[int, Answer]]) -> tuple[int, ...]:
    """The positions at which nothing is chosen."""
    return tuple(position for position, answer in answers if not answer.chosen)
