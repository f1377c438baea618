"""Tables that sort and page on the server: the rows of one page, and the addresses of the others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a table. `rows` are those shown; `all_rows` are all of them, in order."""

    rows: list[T]
    all_rows: list[T]
    number: int
    sort: str

    @property
    def total(self) -> int:
        return len(self.all_rows)

    @property
    def first(self) -> int:
        return min((self.number - 1) * PAGE + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total)

    @property
    def previous_url(self) -> str | None:
        return address(page=self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        return address(page=self.number + 1) if self.last < self.total else None

    def column(self, label: str, key: str, *, num: bool = False) -> dict[str, Any]:
        """A column head that sorts by `key`, the other way round where it already does."""
        return sortable(self.sort, label, key, num=num)


def sortable(sort: str, label: str, key: str, *, num: bool = False) -> dict[str, Any]:
    """The head of a column that sorts by `key`, where the table is sorted by `sort` now."""
    state = {key: "ascending", f"-{key}": "descending"}.get(sort)
    turned = f"-{key}" if state == "ascending" else key
    return {"label": label, "num": num, "url": address(sort=turned, page=None), "sorted": state}


def address(**changes: Any) -> str:
    """The address of this page with some of its arguments changed; None leaves one out."""
    values = {**request.args.to_dict(), **changes}
    query = urlencode({key: value for key, value in values.items() if value is not None})
    return f"{request.path}?{query}" if query else request.path


def arrange(
    rows: Iterable[T], keys: Mapping[str, Callable[[T], Any]], sort: str, page: int = 1
) -> Listing[T]:
    """Rows in the order of a key ("-key": falling), what has no value last, cut to one page.

    An unknown key means the first of `keys`; a page beyond the end means the last one.
    """
    name = sort.removeprefix("-")
    if name not in keys:
        sort = name = next(iter(keys))
    key = keys[name]
    with_value = [row for row in rows if key(row) is not None]
    without = [row for row in rows if key(row) is None]
    ordered = sorted(with_value, key=key, reverse=sort.startswith("-")) + without
    pages = max(1, -(-len(ordered) // PAGE))
    number = min(max(page, 1), pages)
    return Listing(ordered[(number - 1) * PAGE : number * PAGE], ordered, number, sort)


def sort_and_page(sort: str) -> dict[str, Any]:
    """What the address asks of `arrange`: the sort key (`sort` if it names none) and the page."""
    return {"sort": request.args.get("sort", sort), "page": request.args.get("page", 1, type=int)}
