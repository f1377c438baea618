"""What a load did to the database, in names: `question refunds/step-in`, `lesson trade-flow/time-outs`..."""

from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any


@dataclass(slots=True)
class Changes:
    """The outcome of a load. A conflict is a name and what to do about it; what it names was left alone."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    conflicts: list[tuple[str, str]] = field(default_factory=list)

    def note(self, name: str, *, is_new: bool, has_changed: bool) -> None:
        """Count something that the files have."""
        (self.added if is_new else self.changed if has_changed else self.unchanged).append(name)

    def counts(self) -> dict[str, int]:
        """How many of each, in the order they are printed."""
        return {name: len(getattr(self, name)) for name in self.__slots__}


def content_hash(content: Any) -> str:
    """SHA-256 of a JSON value, the same for equal content on every machine. 64 hex digits."""
    text = dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
