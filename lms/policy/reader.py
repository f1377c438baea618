"""From a table of the policy document to the frozen dataclass that a feature decides by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from lms.interchange.toml import Table

MOST = 1_000_000
LIMITS = {
    "LessonsPolicy.check_pass_percent": (1, 100),
    "GatesPolicy.mean_rubric": (0, 5),
    "GatesPolicy.early_mean_rubric": (0, 5),
    "GatesPolicy.quality_mean": (0, 100),
    "ConductPolicy.warnings": (1, 1000),
    "ConductPolicy.warnings_within_months": (1, 120),
    "ConductPolicy.suspensions": (1, 1000),
    "ConductPolicy.suspensions_within_months": (1, 120),
    "KpiPolicy.lookback_factor": (1, 12),
    "KpiPolicy.min_days": (0, 31),
    "PayBand.score": (0, 100),
    "Band.points": (0, 100),
    "Measure.weight": (1, 100),
    "Step.kpi": (0, 100),
    "TeamPolicy.idle_days": (1, 366),
    "Step.kpi_months": (0, 24),
    "Step.quality": (0, 100),
}
"""Numbers that more than 0 to `MOST` is known of: a score ends at 100, a rubric at 5."""

T = TypeVar("T")


def read(kind: type[T], table: Table, *, skip: tuple[str, ...] = ()) -> T | None:
    """One dataclass from one table whose keys are its fields. Problems land in the table's source.

    Keys in `skip` are left to the caller. None if anything in the table is wrong, missing or unknown.
    """
    before = len(table.source.problems)
    table.known.update(skip)
    value = _build(kind, lambda _: table)
    table.unknown()
    return value if len(table.source.problems) == before else None


def read_by_profile(kind: type[T], table: Table, profiles: tuple[str, ...]) -> Mapping[str, T] | None:
    """One dataclass a profile: what stands in the table itself is common, the rest in `[table.<profile>]`."""
    before = len(table.source.problems)
    values: dict[str, T] = {}
    for profile in profiles:
        own = table.table(profile)
        if own is None:
            table.report("", f'"{profile}" is missing. It is a table: [{table.path[-1]}.{profile}].')
            continue
        values[profile] = _build(kind, _first_that_has(table, own))
        own.unknown()
    table.unknown()
    return MappingProxyType(values) if len(table.source.problems) == before else None


def _first_that_has(common: Table, own: Table) -> Callable[[str], Table]:
    return lambda key: common if common.has(key) else own


def _build(kind: type[T], table_of: Callable[[str], Table]) -> T:
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    defaults = {field.name for field in fields(kind) if field.default is not MISSING}  # type: ignore[arg-type]
    for key, hint in hints.items():
        if key in defaults and not table_of(key).has(key):
            table_of(key).known.add(key)
            continue
        limits = LIMITS.get(f"{kind.__name__}.{key}", (0, 100 if "percent" in key else MOST))
        values[key] = _value(hint, key, table_of(key), limits)
    return kind(**values)


def _value(hint: Any, key: str, table: Table, limits: tuple[int, int]) -> Any:
    """The value of one key as its type wants it; something of that type even after a problem."""
    least, most = limits
    simple: dict[Any, Callable[[], Any]] = {
        int: lambda: table.whole(key, least, most),
        Decimal: lambda: table.decimal(key, str(least), str(most), 2),
        bool: lambda: _flag(key, table),
        str: lambda: _word(key, table),
    }
    if hint in simple:
        return simple[hint]()
    if get_origin(hint) is Literal:
        return table.choice(key, get_args(hint))
    if get_origin(hint) is tuple:
        return _several(get_args(hint)[0], key, table)
    return _mapping(get_args(hint)[1], key, table)


def _flag(key: str, table: Table) -> bool:
    if not table.has(key):
        table.report("", f'"{key}" is missing. It is true or false.')
    return table.flag(key)


def _word(key: str, table: Table) -> str:
    """A word that may be empty, which asks for nothing."""
    if table.values.get(key) == "":
        table.known.add(key)
        return ""
    return table.text(key)


def _several(hint: Any, key: str, table: Table) -> tuple[Any, ...]:
    if not table.has(key):
        table.report("", f'"{key}" is missing. It is a list.')
        table.known.add(key)
        return ()
    if hint is str:
        return table.texts(key)
    rows = table.tables(key)
    if not rows and table.values[key] == []:
        table.report(key, f'"{key}" is empty. It needs one entry at least.')
    return tuple(_row(hint, row) for row in rows)


def _row(kind: type[T], row: Table) -> T:
    value = _build(kind, lambda _: row)
    row.unknown()
    return value


def _mapping(hint: Any, key: str, table: Table) -> Mapping[str, Any]:
    """A text in both languages, or a table of tables, each a dataclass under its own name."""
    if hint is str:
        return MappingProxyType(table.both(key))
    inner = table.table(key)
    if inner is None:
        if not table.has(key):
            table.report("", f'"{key}" is missing. It is a table of tables.')
        return MappingProxyType({})
    if not is_dataclass(hint) or not inner.values:
        inner.report("", f'"{key}" is empty. It needs one table at least.')
    named = {name: inner.table(name) for name in inner.values}
    return MappingProxyType({name: _row(hint, row) for name, row in named.items() if row is not None})
