"""Conduct: the policy, a person's standing on a date, and who may record or void an entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from lms.certification.rules import add_months
from lms.errors import N_, Reason

Effect = Literal["record", "praise", "warning", "suspension", "revocation", "blacklist", "readmission"]
State = Literal["good", "warned", "suspended", "revoked", "blacklisted"]


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """One kind of ledger entry. `warnings` is how many warnings it counts, 0 unless effect is "warning"."""

    effect: Effect
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class ConductPolicy:
    """Policy section `[conduct]`; `kinds` is the table `[conduct.kinds.<kind>]`."""

    warnings: int  # this many warnings ...
    warnings_within_months: int  # ... within so many months ...
    suspension_months: int  # ... suspend for so long
    suspensions: int  # this many suspensions ...
    suspensions_within_months: int  # ... within so many months revoke
    lapse_after_months: int  # without service
    reentry_months: int  # after a revocation
    blacklist_review_months: int
    kinds: Mapping[str, KindPolicy]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger. `voids` is the id of the entry it takes back; its own kind then means nothing."""

    id: int
    kind: str
    happened_on: date
    recorded_at: datetime
    recorded_on: date  # the day of `recorded_at` in the site's calendar
    voids: int | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """Warnings of one entry."""

    entry: int
    on: date
    count: int
    spent_on: date | None  # from then on not counted again towards a suspension


@dataclass(frozen=True, slots=True)
class Suspension:
    """From `start` up to but not including `end`, because of these entries."""

    start: date
    end: date
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Revoked, or blacklisted, from `start` on; a return can be looked at from `review_on` on."""

    state: Literal["revoked", "blacklisted"]
    start: date
    review_on: date
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the entries come to: every unvoided warning and suspension, and what excludes the person."""

    warnings: tuple[Warned, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    readmitted_on: date | None = None
    praise: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's standing on a day. `until` is the day a suspension ends, or a return can be looked at."""

    state: State
    reasons: tuple[Reason, ...] = ()
    until: date | None = None
    open_warnings: int = 0  # unspent ones in the window that ends today

    @property
    def may_serve(self) -> bool:
        """Whether shifts, certification exams and promotion are open: learning always is."""
        return self.state in ("good", "warned")


@dataclass(frozen=True, slots=True)
class Subject:
    """The person an entry is about."""

    id: int
    standing: Standing


def standing_of(ledger: Ledger, on: date, policy: ConductPolicy) -> Standing:
    """The standing that a ledger gives on a day."""
    excluded = [each for each in ledger.exclusions if each.start <= on]
    if ledger.readmitted_on is not None and ledger.readmitted_on <= on:
        excluded = [each for each in excluded if each.start > ledger.readmitted_on]
    open_warnings = _open_warnings(ledger, on, policy)
    if excluded:
        gravest = max(excluded, key=lambda each: (each.state == "blacklisted", each.review_on))
        return Standing(gravest.state, (_why_excluded(gravest),), gravest.review_on, open_warnings)
    if running := [each for each in ledger.suspensions if each.start <= on < each.end]:
        last = max(running, key=lambda each: each.end)
        why = Reason(N_("Suspended from %(start)s until %(end)s."), start=last.start, end=last.end)
        return Standing("suspended", (why,), last.end, open_warnings)
    if open_warnings:
        why = Reason(
            N_("%(count)s of %(limit)s warnings within %(months)s months."),
            count=open_warnings,
            limit=policy.warnings,
            months=policy.warnings_within_months,
        )
        return Standing("warned", (why,), None, open_warnings)
    return Standing("good")


def warnings_since(ledger: Ledger, after: date, on: date) -> int:
    """Unvoided warnings that happened after one day and up to another, spent or not: for look-backs."""
    return sum(each.count for each in ledger.warnings if after < each.on <= on)


def lapses_on(last_service: date, leaves: Iterable[tuple[date, date]], policy: ConductPolicy) -> date:
    """The day a qualification lapses without service. Leave (first day, last day) stops the clock."""
    lapse = add_months(last_service, policy.lapse_after_months)
    for start, end in _joined(leaves):
        start = max(start, last_service + timedelta(days=1))
        if start < lapse and start <= end:
            lapse += end - start + timedelta(days=1)
    return lapse


def why_not_record(
    kind: str, happened_on: date, person: Subject, *, actor_id: int, today: date, policy: ConductPolicy
) -> Reason | None:
    """Why an entry cannot be written."""
    standing = person.standing
    if person.id == actor_id:
        return Reason(N_("Nobody decides on themselves. Ask another manager."))
    if kind not in policy.kinds:
        return Reason(N_("Choose what happened from the list."))
    if happened_on > today:
        return Reason(N_("What is recorded has happened: choose today or an earlier day."))
    if policy.kinds[kind].effect == "readmission":
        if standing.state not in ("revoked", "blacklisted"):
            return Reason(N_("Only somebody whose qualification was revoked can be readmitted."))
        if standing.until is not None and today < standing.until:
            return Reason(N_("A return can be looked at from %(when)s."), when=standing.until)
    return None


def why_not_void(entry: Entry, entries: Iterable[Entry], *, person_id: int, actor_id: int) -> Reason | None:
    """Why an entry cannot be voided."""
    if person_id == actor_id:
        return Reason(N_("Nobody decides on themselves. Ask another manager."))
    if entry.voids is not None:
        return Reason(N_("A voiding stays. Record what happened as a new entry."))
    if any(other.voids == entry.id for other in entries):
        return Reason(N_("This entry is void already."))
    return None


def _open_warnings(ledger: Ledger, on: date, policy: ConductPolicy) -> int:
    after = add_months(on, -policy.warnings_within_months)
    return sum(
        each.count
        for each in ledger.warnings
        if after < each.on <= on and (each.spent_on is None or each.spent_on > on)
    )


def _why_excluded(exclusion: Exclusion) -> Reason:
    says = {
        "revoked": N_("Qualification revoked since %(start)s; a return can be looked at from %(review)s."),
        "blacklisted": N_("Blacklisted since %(start)s; this is reviewed from %(review)s."),
    }[exclusion.state]
    return Reason(says, start=exclusion.start, review=exclusion.review_on)


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans of days without overlaps, in order."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
