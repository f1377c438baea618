"""Reading the conduct ledger: from its entries to warnings, suspensions and exclusions.

Entries are never changed; a wrong one is voided by another entry, and everything is derived anew as if it
had never been written. Warnings count by the day they happened; a suspension or revocation takes effect
on the day its cause was recorded, because nobody is suspended before anyone could tell them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from lms.certification.rules import add_months
from lms.conduct.rules import (
    ConductPolicy,
    Entry,
    Exclusion,
    KindPolicy,
    Ledger,
    Standing,
    Suspension,
    Warned,
    standing_of,
)


@dataclass
class _Account:
    """The ledger while it is read, entry by entry in the order of recording."""

    policy: ConductPolicy
    warnings: dict[int, tuple[date, int]] = field(default_factory=dict)
    spent: dict[int, date] = field(default_factory=dict)  # entry id -> the day it was spent
    windows: list[tuple[date, date]] = field(default_factory=list)  # spent: after the first, up to the second
    suspensions: list[Suspension] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    readmitted_on: date | None = None
    praise: list[date] = field(default_factory=list)


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count, in the order of recording: neither voided nor themselves a voiding."""
    entries = list(entries)
    voided = {entry.voids for entry in entries if entry.voids is not None}
    counting = [entry for entry in entries if entry.voids is None and entry.id not in voided]
    return sorted(counting, key=lambda entry: (entry.recorded_at, entry.id))


def read(entries: Iterable[Entry], policy: ConductPolicy) -> Ledger:
    """What the entries come to, whatever order they are given in."""
    account = _Account(policy)
    for entry in effective(entries):
        kind = policy.kinds.get(entry.kind, KindPolicy("record"))
        if kind.effect == "warning":
            _warn(account, entry, kind.warnings)
        elif kind.effect == "suspension":
            _suspend(account, entry.recorded_on, (entry.id,))
        elif kind.effect in ("revocation", "blacklist"):
            _exclude(account, entry, blacklist=kind.effect == "blacklist")
        elif kind.effect == "readmission":
            _readmit(account, entry.recorded_on)
        elif kind.effect == "praise":
            account.praise.append(entry.happened_on)
    warnings = [
        Warned(id, on, count, account.spent.get(id)) for id, (on, count) in sorted(account.warnings.items())
    ]
    return Ledger(
        warnings=tuple(sorted(warnings, key=lambda each: (each.on, each.entry))),
        suspensions=tuple(account.suspensions),
        exclusions=tuple(account.exclusions),
        readmitted_on=account.readmitted_on,
        praise=tuple(sorted(account.praise)),
    )


def standing(entries: Iterable[Entry], on: date, policy: ConductPolicy) -> Standing:
    """The standing on a day, with the reasons for it; the gravest state wins."""
    return standing_of(read(entries, policy), on, policy)


def _warn(account: _Account, entry: Entry, count: int) -> None:
    """Take a warning; suspend when a window now holds enough unspent ones, which spends them."""
    account.warnings[entry.id] = (entry.happened_on, count)
    if any(after < entry.happened_on <= upto for after, upto in account.windows):
        account.spent[entry.id] = entry.recorded_on
        return
    policy = account.policy
    for last in sorted({on for on, _ in account.warnings.values() if on >= entry.happened_on}):
        after = add_months(last, -policy.warnings_within_months)
        counted = [
            id for id, (on, _) in account.warnings.items() if after < on <= last and id not in account.spent
        ]
        if entry.id in counted and sum(account.warnings[id][1] for id in counted) >= policy.warnings:
            start = entry.recorded_on
            _spend(account, after, max(last, start), start)
            _suspend(account, start, tuple(sorted(counted)))
            return


def _spend(account: _Account, after: date, upto: date, on: date) -> None:
    """Spend the warnings of a window, those in it now and those recorded later."""
    account.windows.append((after, upto))
    for id, (happened_on, _) in account.warnings.items():
        if after < happened_on <= upto:
            account.spent.setdefault(id, on)


def _suspend(account: _Account, start: date, entries: tuple[int, ...]) -> None:
    """Suspend, and revoke when that is one suspension too many within the window."""
    policy = account.policy
    account.suspensions.append(Suspension(start, add_months(start, policy.suspension_months), entries))
    after = add_months(start, -policy.suspensions_within_months)
    recent = [each for each in account.suspensions if after < each.start <= start and _counts(account, each)]
    if len(recent) >= policy.suspensions:
        causes = tuple(sorted({id for each in recent for id in each.entries}))
        account.exclusions.append(
            Exclusion("revoked", start, add_months(start, policy.reentry_months), causes)
        )


def _counts(account: _Account, suspension: Suspension) -> bool:
    """A suspension before a readmission has been answered for."""
    return account.readmitted_on is None or suspension.start > account.readmitted_on


def _exclude(account: _Account, entry: Entry, *, blacklist: bool) -> None:
    policy, start = account.policy, entry.recorded_on
    months = policy.blacklist_review_months if blacklist else policy.reentry_months
    state: Literal["revoked", "blacklisted"] = "blacklisted" if blacklist else "revoked"
    account.exclusions.append(Exclusion(state, start, add_months(start, months), (entry.id,)))


def _readmit(account: _Account, on: date) -> None:
    """Start afresh: what lies before is not counted towards a suspension or revocation again."""
    account.readmitted_on = on
    _spend(account, date.min, on, on)
