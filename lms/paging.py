"""Pages of a longer list that the database cuts."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Paged:
    """Which rows a page shows, counted from 1. A kind of page says how many rows fit on it: `size`."""

    total: int
    number: int

    size: ClassVar[int]

    @property
    def first(self) -> int:
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)
