"""How answers become points. Everything is an integer in hundredths of a point."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scoring(StrEnum):
    """What a section gives for a multiple-choice answer that is not exactly right."""

    ALL_OR_NOTHING = "all_or_nothing"
    HALF_IF_INCOMPLETE = "half_if_incomplete"
    PER_OPTION = "per_option"


@dataclass(frozen=True)
class Item:
    """What grading must know of a question as it was asked. `points` in hundredths."""

    type: str  # single | multiple | true_false
    points: int
    options: frozenset[str]
    keys: frozenset[str]


@dataclass(frozen=True)
class Mark:
    """One graded position of a paper. `earned` and `possible` in hundredths."""

    position: int
    section: int
    topic: str
    earned: int
    possible: int
    answered: bool
    must_be_right: bool = False

    @property
    def is_right(self) -> bool:
        """Full points; a partly right answer is a miss worth reading up on."""
        return self.earned == self.possible


@dataclass(frozen=True)
class Tally:
    """Points of a group of marks, in hundredths, and how many questions were fully right."""

    name: str
    earned: int
    possible: int
    right: int
    asked: int


def rounded(numerator: int, denominator: int) -> int:
    """The quotient of two non-negative integers, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def score(item: Item, chosen: Iterable[str], scoring: Scoring) -> int:
    """Points earned, in hundredths, rounded half up; never negative, never above the item's points.

    Single choice and true/false give all or nothing whatever the section's policy is.
    """
    ticked = frozenset(chosen)
    if not ticked:
        return 0
    if item.type != "multiple" or scoring is Scoring.ALL_OR_NOTHING:
        return item.points if ticked == item.keys else 0
    if scoring is Scoring.HALF_IF_INCOMPLETE:
        return _half_if_incomplete(item, ticked)
    return _per_option(item, ticked)


def _half_if_incomplete(item: Item, ticked: frozenset[str]) -> int:
    """Full for the key set, half for some of the keys and nothing else, 0 after any wrong option."""
    if ticked == item.keys:
        return item.points
    return rounded(item.points, 2) if ticked < item.keys else 0


def _per_option(item: Item, ticked: frozenset[str]) -> int:
    """Each key +1/k, each wrong option -1/(n-k), never below 0."""
    keys, distractors = len(item.keys), len(item.options - item.keys)
    hits, wrong = len(ticked & item.keys), len(ticked - item.keys)
    if not wrong:
        return rounded(item.points * hits, keys)
    share = hits * distractors - wrong * keys
    return rounded(item.points * share, keys * distractors) if share > 0 else 0


def is_pass(earned: int, possible: int, pass_percent: int) -> bool:
    """Whether the pass mark is reached, compared as exact integers: 79.99 of 100 is not 80 %."""
    return possible > 0 and earned * 100 >= possible * pass_percent


def missed_musts(marks: Iterable[Mark]) -> int:
    """How many questions that had to be right were not: with one missed no score passes."""
    return sum(mark.must_be_right and not mark.is_right for mark in marks)


def pass_mark(possible: int, pass_percent: int) -> int:
    """The fewest hundredths of a point that pass."""
    return -(-possible * pass_percent // 100)


def tally(marks: Iterable[Mark], by: Callable[[Mark], str]) -> tuple[Tally, ...]:
    """Sums of `marks` for each group that `by` names, groups in the order in which they first come."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(by(mark), []).append(mark)
    return tuple(
        Tally(
            name=name,
            earned=sum(mark.earned for mark in group),
            possible=sum(mark.possible for mark in group),
            right=sum(mark.is_right for mark in group),
            asked=len(group),
        )
        for name, group in groups.items()
    )
