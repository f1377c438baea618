"""What must hold between the numbers of a policy: weights, orders, thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from lms.conduct.rules import ConductPolicy
from lms.interchange.source import Problem
from lms.interchange.toml import Path, Source, Table
from lms.performance.rules import KpiPolicy, Measure, Scheme
from lms.policy.reader import read
from lms.probation.gates import GatesPolicy
from lms.probation.hours import HoursPolicy
from lms.tiers.ladder import TIERS, Ladder, Step

STANDINGS = ("good", "warned", "suspended", "revoked", "blacklisted")


def _report(source: Source, path: Path, message: str) -> None:
    source.problems.append(Problem(source.file, source.line(path), message))


def read_ladder(section: Table) -> Ladder | None:
    """The table `[tiers]`: one table a tier in the order of the ladder, none asking less than the last."""
    source = section.source
    before = len(source.problems)
    keep_line_months = section.whole("keep_line_months", 1, 24)
    keep_line_points = section.decimal("keep_line_points", "0", "100", 2)
    steps: dict[str, Step] = {}
    for tier in TIERS[1:]:
        own = section.table(tier)
        if own is None:
            section.report("", f"The table [tiers.{tier}] is missing.")
        elif step := read(Step, own):
            steps[tier] = step
            _check_standings(step.standings, (*own.path, "standings"), source)
    section.unknown()
    _check_order(section)
    for (lower, below), (upper, above) in pairwise(steps.items()):
        for key in ("kpi", "quality"):
            if getattr(above, key) < getattr(below, key):
                _report(source, ("tiers", upper, key), f'"{key}" of {upper} is lower than that of {lower}.')
    if len(source.problems) > before:
        return None
    return Ladder(keep_line_months, keep_line_points, steps)


def _check_order(section: Table) -> None:
    found = [key for key in section.values if key in TIERS[1:]]
    for first, second in pairwise(found):
        if TIERS.index(second) < TIERS.index(first):
            section.report(second, f"[tiers.{second}] is out of order: it comes before [tiers.{first}].")


def _check_standings(standings: tuple[str, ...], path: Path, source: Source) -> None:
    if not standings or not set(standings) <= set(STANDINGS):
        _report(source, path, f'"standings" must name one or more of {", ".join(STANDINGS)}.')


def check_hours(policies: Mapping[str, HoursPolicy], source: Source) -> None:
    """The lower threshold of the service ratio lies under the upper one, and so do the shift lengths."""
    for policy in list(policies.values())[:1]:
        if policy.low_ratio_percent > policy.full_ratio_percent:
            message = '"low_ratio_percent" is above "full_ratio_percent".'
            _report(source, ("hours", "low_ratio_percent"), message)
        if policy.below_low_percent > policy.below_full_percent:
            message = '"below_low_percent" is above "below_full_percent".'
            _report(source, ("hours", "below_low_percent"), message)
        if not 1 <= policy.shortest_shift_hours <= policy.longest_shift_hours:
            message = '"shortest_shift_hours" must be 1 or more and not above "longest_shift_hours".'
            _report(source, ("hours", "shortest_shift_hours"), message)


def check_gates(policies: Mapping[str, GatesPolicy], source: Source) -> None:
    """The standings are known ones, and early confirmation asks no less than confirmation."""
    for profile, policy in policies.items():
        own: Path = ("gates", profile)
        common: Path = ("gates",)
        where = own if (*own, "standings") in source.places else common
        _check_standings(policy.standings, (*where, "standings"), source)
        if policy.early_mean_rubric < policy.mean_rubric:
            message = '"early_mean_rubric" is lower than "mean_rubric".'
            _report(source, (*where, "early_mean_rubric"), message)


def check_conduct(policy: ConductPolicy | None, source: Source) -> None:
    """A kind that warns counts a warning at least, and only a kind that warns counts any."""
    for name, kind in policy.kinds.items() if policy else ():
        if (kind.effect == "warning") != (kind.warnings > 0):
            message = '"warnings" is 1 or more where "effect" is "warning", and 0 elsewhere.'
            _report(source, ("conduct", "kinds", name, "warnings"), message)


def check_kpi(policy: KpiPolicy | None, source: Source) -> None:
    """Weights sum to 100, bands and pay stand from the best down, the load has a range."""
    if policy is None:
        return
    if policy.load_low > policy.load_high:
        _report(source, ("kpi", "load_low"), '"load_low" is above "load_high".')
    for at, (better, worse) in enumerate(pairwise(policy.pay), 1):
        if worse.score >= better.score:
            message = "The pay bands must stand from the highest score down."
            _report(source, ("kpi", "pay", at, "score"), message)
    if policy.pay and policy.pay[-1].score != 0:
        message = "The last pay band must start at score 0, so that every score has one."
        _report(source, ("kpi", "pay", len(policy.pay) - 1, "score"), message)
    for name, scheme in policy.schemes.items():
        _check_scheme(scheme, ("kpi", "schemes", name), source)


def _check_scheme(scheme: Scheme, path: Path, source: Source) -> None:
    total = sum(measure.weight for measure in scheme.measures)
    if total != 100:
        where = (*path, "measures", len(scheme.measures) - 1, "weight")
        _report(source, where, f"The weights of {path[-1]} sum to {total}. They must sum to 100.")
    ids = [measure.id for measure in scheme.measures]
    for at, measure in enumerate(scheme.measures):
        own: Path = (*path, "measures", at)
        if measure.id in ids[:at]:
            _report(source, (*own, "id"), f'The measure "{measure.id}" is there twice.')
        _check_bands(measure, (*own, "bands"), source)


def _check_bands(measure: Measure, path: Path, source: Source) -> None:
    for better, worse in pairwise(measure.bands):
        falls = worse.at < better.at if measure.better == "higher" else worse.at > better.at
        if not falls or worse.points >= better.points:
            message = f'The bands of "{measure.id}" are out of order: the best comes first, points fall.'
            _report(source, path, message)
            return
