"""What one policy says otherwise than another, key by key."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each number and word of a policy with its dotted path."""
    if is_dataclass(value):
        for field in fields(value):
            yield from flat(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}")
    elif isinstance(value, tuple) and any(is_dataclass(inner) for inner in value):
        for at, inner in enumerate(value, 1):
            yield from flat(inner, f"{path}.{at}")
    else:
        yield path, ", ".join(value) if isinstance(value, tuple) else str(value)


def differences(old: Any, new: Any) -> list[tuple[str, str | None, str | None]]:
    """Path, old and new value of everything that differs; None where a side has no such key."""
    before, after = dict(flat(old)), dict(flat(new))
    paths = list(before) + [path for path in after if path not in before]
    return [
        (path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    ]
