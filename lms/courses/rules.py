"""How far somebody has come with a lesson, what to go on with, and how the check at its end is marked."""

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.errors import N_, Reason

MULTIPLE = "multiple"


class State(StrEnum):
    """How one person stands with one lesson."""

    NEW = "new"
    BEGUN = "begun"
    CHECK = "check"  # read; its check is still open
    CHANGED = "changed"  # an earlier edition was read, this one was not
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person has come with a lesson's current edition. `earlier` is the last older one read."""

    place: str = ""
    last_at: datetime | None = None
    read_at: datetime | None = None
    acknowledged_at: datetime | None = None
    passed_at: datetime | None = None
    done_at: datetime | None = None
    earlier: int | None = None

    @property
    def state(self) -> State:
        """Where they stand."""
        if self.done_at:
            return State.DONE
        if self.read_at:
            return State.CHECK
        if self.earlier:
            return State.CHANGED
        return State.BEGUN if self.last_at else State.NEW


def is_done(progress: Progress, *, acknowledge: bool, has_check: bool) -> bool:
    """Whether a lesson is finished: read, acknowledged where it asks for that, and its check passed."""
    return (
        progress.read_at is not None
        and (progress.acknowledged_at is not None or not acknowledge)
        and (progress.passed_at is not None or not has_check)
    )


def next_of(lessons: Sequence[Progress]) -> int | None:
    """Which lesson, of those in reading order, to go on with: the one left open last, else the first."""
    open_ones = [at for at, progress in enumerate(lessons) if progress.state is not State.DONE]
    begun = [(moment, -at) for at in open_ones if (moment := lessons[at].last_at) is not None]
    if begun:
        return -max(begun)[1]
    return open_ones[0] if open_ones else None


# The check at the end of a lesson


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A question of a check with its keys: never shown, only marked."""

    version_id: int
    type: str
    options: frozenset[str]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of a check: whether each question, in the order asked, was right."""

    right: tuple[bool, ...]
    passed: bool


Answers = Mapping[int, Collection[str]]  # question version id -> ids of the options chosen


def why_not_marked(items: Sequence[CheckItem], answers: Answers) -> Reason | None:
    """Why these answers cannot be marked, or None. All that is asked has to be answered, and nothing else."""
    known = {item.version_id: item for item in items}
    if not items:
        return Reason(N_("This lesson has no check. Mark it as read."))
    if any(version not in known for version in answers):
        return Reason(N_("The check has changed since you opened it. Look through it and send it again."))
    for version, chosen in answers.items():
        if not known[version].options.issuperset(chosen):
            return Reason(N_("That is not one of the answers. Choose from those shown."))
        if len(set(chosen)) > 1 and known[version].type != MULTIPLE:
            return Reason(N_("Choose one answer only where one is asked for."))
    missing = tuple(number for number, item in enumerate(items, 1) if not answers.get(item.version_id))
    if missing:
        return Reason(N_("Not answered yet: question %(numbers)s."), numbers=missing)
    return None


def mark(items: Sequence[CheckItem], answers: Answers, pass_percent: int) -> Marked:
    """Mark a check, all or nothing for each question. Passed from `pass_percent` of the questions on."""
    right = tuple(frozenset(answers.get(item.version_id, ())) == item.keys for item in items)
    return Marked(right, passed=bool(items) and sum(right) * 100 >= len(items) * pass_percent)


def needed(asked: int, pass_percent: int) -> int:
    """How many right answers pass a check of so many questions."""
    return -(-asked * pass_percent // 100)


# What a rendered lesson holds

HEADING = re.compile(r'<h([2-6]) id="(part-\d+)">(.*?)</h\1>', re.DOTALL)
TERM = re.compile(r'href="/glossary#([a-z0-9-]+)"')
TAG = re.compile(r"<[^>]+>")
PLACE = re.compile(r"part-[1-9]\d{0,3}\Z")


@dataclass(frozen=True, slots=True)
class Heading:
    """A part of a lesson: its anchor, its words, and how deep it lies (2 is the topmost)."""

    id: str
    text: str
    level: int


def headings_of(lesson: str) -> tuple[Heading, ...]:
    """The parts of a lesson's stored HTML, in order."""
    return tuple(
        Heading(id, html.unescape(TAG.sub("", inner)).strip(), int(level))
        for level, id, inner in HEADING.findall(lesson)
    )


def terms_of(lesson: str) -> tuple[str, ...]:
    """The glossary terms that a lesson's stored HTML links to, each once, in order of appearance."""
    return tuple(dict.fromkeys(TERM.findall(lesson)))


def glossary_order(names: Iterable[tuple[str, str]]) -> list[str]:
    """Ids sorted by name, of pairs (id, name). In GB 18030 the common characters stand in pinyin order."""
    return [id for id, _ in sorted(names, key=lambda pair: (pair[1].casefold().encode("gb18030"), pair[0]))]
