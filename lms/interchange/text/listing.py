"""Giving the keys of a list to the questions they belong to: all of a list, or none of it."""

from collections.abc import Sequence
from dataclasses import replace

from lms.errors import N_, Reason
from lms.interchange.reading import Item, Note, note
from lms.interchange.text.found import Block, Found, KeyList, Section
from lms.interchange.text.key_lists import Entry, entries_of


def match_lists(found: Found) -> tuple[dict[int, Entry], list[Note]]:
    """The entry for each block (by its `id()`) that a list names, and a note on each list that does not fit."""
    given: dict[int, Entry] = {}
    notes: list[Note] = []
    since = 0
    for group in _groups(found.lists):
        sections = [section for section in found.sections[since : group[0].sections] if section.blocks]
        if not sections:
            sections = [section for section in found.sections if section.blocks]
        since = group[0].sections
        given.update(_match_group(group, sections, notes))
    return given, notes


def _groups(lists: Sequence[KeyList]) -> list[list[KeyList]]:
    """Lists that stand one behind the other: together they are for the questions before them."""
    groups: list[list[KeyList]] = []
    for one in lists:
        if groups and groups[-1][0].sections == one.sections:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _match_group(
    group: Sequence[KeyList], sections: Sequence[Section], notes: list[Note]
) -> dict[int, Entry]:
    """The entries for the blocks of the sections; none, and notes, if a part of the lists does not fit."""
    given: dict[int, Entry] = {}
    fits = True
    left = list(sections)
    for one in group:
        entries, said = entries_of(one.units)
        notes += said
        if not entries:
            continue
        if one.type is not None or one.ordinal is not None:
            target = _named(one, sections, left)
            if target in left:
                left.remove(target)
            fits &= _give(entries, [target] if target else [], given, notes)
            continue
        runs = _runs(entries)
        if len(runs) == len(left) > 1:
            for run, section in zip(runs, left, strict=True):
                fits = fits and _give(run, [section], given, notes)
        else:
            fits &= _give(entries, left, given, notes)
    return given if fits else {}


def _named(one: KeyList, sections: Sequence[Section], left: Sequence[Section]) -> Section | None:
    """The section that the heading of a list names."""
    if one.ordinal is not None:
        return sections[one.ordinal - 1] if one.ordinal <= len(sections) else None
    return next((section for section in left if section.type == one.type), None)


def _runs(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries cut where the numbers begin anew."""
    runs: list[list[Entry]] = []
    for entry in entries:
        if runs and entry.number > runs[-1][-1].number:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


def _give(
    entries: Sequence[Entry], sections: Sequence[Section], given: dict[int, Entry], notes: list[Note]
) -> bool:
    """Give the entries to the blocks of the same numbers. False, and a note, if they do not fit.

    Where the list fits the sections only without those that have their keys already, it is for the others.
    """
    blocks = [block for section in sections for block in section.blocks]
    reason = _give_blocks(entries, blocks, given)
    if reason is None:
        return True
    still = [block for section in sections if not _is_keyed(section) for block in section.blocks]
    if still and len(still) < len(blocks) and _give_blocks(entries, still, given) is None:
        return True
    notes.append(note(entries[0].line, "key-list", why=reason))
    return False


def _is_keyed(section: Section) -> bool:
    return all(block.has_key for block in section.blocks)


def _give_blocks(entries: Sequence[Entry], blocks: Sequence[Block], given: dict[int, Entry]) -> Reason | None:
    """Give the entries to these blocks; why not, if they do not fit."""
    numbers = [block.number if block.number is not None else at for at, block in enumerate(blocks, 1)]
    if reason := _why_not(entries, blocks, numbers):
        return reason
    by_number = dict(zip(numbers, blocks, strict=True))
    for entry in entries:
        if (other := given.get(id(by_number[entry.number]))) and other.key != entry.key:
            return Reason(N_("question %(number)s has two different answers"), number=entry.number)
    for entry in entries:
        given[id(by_number[entry.number])] = entry
    return None


def _why_not(entries: Sequence[Entry], blocks: Sequence[Block], numbers: Sequence[int]) -> Reason | None:
    keyed = [entry.number for entry in entries]
    if bad := next((entry for entry in entries if not entry.key), None):
        return Reason(
            N_("from number %(number)s on there are more or fewer answers than numbers"), number=bad.number
        )
    if len(set(keyed)) < len(keyed) or len(set(numbers)) < len(numbers):
        return Reason(N_("a number stands there twice"))
    if extra := sorted(set(keyed) - set(numbers)):
        return Reason(N_("there is no question %(number)s"), number=extra[0])
    open_ones = {number for number, block in zip(numbers, blocks, strict=True) if not block.has_key}
    if missing := sorted(open_ones - set(keyed)):
        return Reason(N_("question %(number)s has no answer in it"), number=missing[0])
    return None


Taken = tuple[Item | None, list[tuple[str, int]]]


def take_doubtful_keys(sections: Sequence[Section], taken: Sequence[Taken]) -> tuple[list[Taken], list[Note]]:
    """Take the keys off the last question of a section where they may be those of all: AB behind two without any."""
    left = list(taken)
    notes: list[Note] = []
    at = 0
    for section in sections:
        first, at = at, at + len(section.blocks)
        items = [item for item, _lost in left[first:at]]
        last = items[-1] if items else None
        if last is None or len(items) < 2 or len(last.keys) != len(items):
            continue
        if any(item is None or item.keys or not item.options for item in items[:-1]):
            continue
        left[at - 1] = (replace(last, keys=()), left[at - 1][1])
        notes.append(note(last.line, "key-list", why=Reason(N_("it may be for one question or for all"))))
    return left, notes
