"""Which questions a person is asked, and in which order: a function of the seed and nothing else.

Orders come from SHA-256 (`lms.banks.ordering`): the same seed gives the same paper everywhere.
Two draws of an exam may share questions (a bank, and one tag of the same bank). Picking for each draw in turn
could then use up what a later draw needs, so questions are matched to draws: walking through all of them in
hash order, one is taken whenever a matching exists that holds it together with those already taken. Sets that
can be matched form a matroid, so this never fails to fill a paper that can be filled.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.banks.ordering import hash_key, option_order

__all__ = ["CannotFillError", "Draw", "Shortage", "draw_paper", "option_order", "question_order", "shortages"]


@dataclass(frozen=True)
class Draw:
    """`count` questions out of `pool`, a set of question ids (bank/id)."""

    pool: frozenset[str]
    count: int


@dataclass(frozen=True)
class Shortage:
    """A draw that cannot be filled without repeating a question; sections and draws count from 0."""

    section: int
    draw: int
    missing: int


class CannotFillError(Exception):
    """The pools do not hold enough different questions."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(f"{sum(shortage.missing for shortage in shortages)} questions short")
        self.shortages = tuple(shortages)


def question_order(seed: str, questions: Iterable[str]) -> tuple[str, ...]:
    """Question ids in the order of SHA-256 of seed and question id."""
    return tuple(sorted(set(questions), key=lambda question: hash_key(seed, question)))


def draw_paper(sections: Sequence[Sequence[Draw]], seed: str) -> tuple[tuple[str, ...], ...]:
    """The question ids of each section, in paper order; no question comes twice. Raises CannotFillError."""
    matching = _match(sections, seed)
    if shortages := _shortages(sections, matching):
        raise CannotFillError(shortages)
    chosen: list[list[str]] = [[] for _ in sections]
    for (section, _), questions in matching.items():
        chosen[section].extend(questions)
    return tuple(question_order(seed, questions) for questions in chosen)


def shortages(sections: Sequence[Sequence[Draw]]) -> tuple[Shortage, ...]:
    """Why these sections cannot be filled: nothing if they can, whatever the seed."""
    return _shortages(sections, _match(sections, seed=""))


Slot = tuple[int, int]
Matching = dict[Slot, list[str]]


def _match(sections: Sequence[Sequence[Draw]], seed: str) -> Matching:
    """The questions each draw gets, as many as can be had."""
    draws = {(s, d): draw for s, section in enumerate(sections) for d, draw in enumerate(section)}
    slots_of: dict[str, list[Slot]] = {}
    for slot, draw in draws.items():
        for question in draw.pool:
            slots_of.setdefault(question, []).append(slot)
    matching: Matching = {slot: [] for slot in draws}
    wanted = sum(draw.count for draw in draws.values())
    for question in question_order(seed, slots_of):
        if not wanted:
            break
        wanted -= _take(question, draws, slots_of, matching)
    return matching


def _take(
    question: str, draws: Mapping[Slot, Draw], slots_of: Mapping[str, list[Slot]], taken: Matching
) -> bool:
    """Give `question` a place, moving others to another of their draws if need be; False if it cannot be."""
    came_from: dict[Slot, tuple[str, Slot | None]] = dict.fromkeys(slots_of[question], (question, None))
    queue = list(came_from)
    for slot in queue:
        if len(taken[slot]) < draws[slot].count:
            _shift(slot, came_from, taken)
            return True
        for held in taken[slot]:
            for other in slots_of[held]:
                if other not in came_from:
                    came_from[other] = (held, slot)
                    queue.append(other)
    return False


def _shift(slot: Slot, came_from: Mapping[Slot, tuple[str, Slot | None]], taken: Matching) -> None:
    """Move every question along the path that ends in the free place of `slot`."""
    end: Slot | None = slot
    while end is not None:
        question, origin = came_from[end]
        taken[end].append(question)
        if origin is not None:
            taken[origin].remove(question)
        end = origin


def _shortages(sections: Sequence[Sequence[Draw]], matching: Matching) -> tuple[Shortage, ...]:
    return tuple(
        Shortage(section=s, draw=d, missing=draw.count - len(matching[s, d]))
        for s, section in enumerate(sections)
        for d, draw in enumerate(section)
        if len(matching[s, d]) < draw.count
    )
