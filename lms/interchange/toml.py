"""TOML with line numbers: tables that report every wrong, missing and unknown key where it stands."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lms.interchange.source import Problem, is_slug

Path = tuple[str | int, ...]
LANGUAGES = ("en", "zh")
MAX_LINE = 500
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=""")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


def index_lines(text: str, first_line: int = 1) -> dict[Path, int]:
    """Where each table and key of a TOML text stands: path to line. An inline table stands at its key."""
    places: dict[Path, int] = {(): first_line}
    counts: dict[Path, int] = {}
    here: Path = ()
    quoted = False
    for number, line in enumerate(text.split("\n"), first_line):
        if not quoted:
            if match := _HEADER.match(line):
                here = _open_table(match.group(1) == "[[", _names(match.group(2)), counts)
                places.setdefault(here, number)
            elif match := _KEY.match(line):
                places.setdefault((*here, *_names(match.group(1))), number)
        if (line.count('"""') + line.count("'''")) % 2:
            quoted = not quoted
    return places


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _open_table(is_array: bool, names: list[str], counts: dict[Path, int]) -> Path:
    """The path of a table header, where a name that is an array of tables means its latest entry."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if is_array:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


@dataclass(slots=True)
class Source:
    """One TOML text, its problems so far and where its keys stand."""

    file: str
    text: str
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)
    places: dict[Path, int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = index_lines(self.text, self.first_line)

    def parse(self) -> "Table | None":
        """The whole text as one table, or None (and a problem) if it is not TOML."""
        try:
            values = tomllib.loads(self.text, parse_float=Decimal)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            match = _AT_LINE.search(str(error))
            last = self.first_line + self.text.rstrip("\n").count("\n")
            line = self.first_line + int(match.group(1)) - 1 if match else last
            reason = _AT_LINE.sub("", str(error)).replace(" (at end of document)", "")
            self.problems.append(Problem(self.file, line, f"This is not valid TOML: {reason}."))
            return None
        return Table(self, (), values)

    def line(self, path: Path, needle: str = "") -> int:
        """The line of a key or, failing that, of the nearest table round it; of `needle` from there on."""
        inner: str | int = ""
        while path not in self.places:
            path, inner = path[:-1], path[-1]
        found = self.places[path]
        lines = self.text.split("\n")
        if isinstance(inner, int):
            found = self._entry(found, inner, lines)
        for number in range(found, self.first_line + len(lines)) if needle else ():
            if needle in lines[number - self.first_line]:
                return number
        return found

    def _entry(self, line: int, at: int, lines: Sequence[str]) -> int:
        """The line of an inline table in the list that begins at `line`, if each table begins a line."""
        after = lines[line - self.first_line :]
        own = [number for number, each in enumerate(after, line) if each.lstrip().startswith("{")]
        return own[at] if at < len(own) and "{" not in after[0] else line


@dataclass(slots=True)
class Table:
    """One table of a source. A reader takes a key, reports what is wrong and returns a usable value."""

    source: Source
    path: Path
    values: dict[str, Any]
    known: set[str] = field(default_factory=set)

    def report(self, key: str, message: str, needle: str = "", *, warning: bool = False) -> None:
        """Report a problem at the line of a key ("" for the table itself)."""
        line = self.line(key, needle)
        self.source.problems.append(Problem(self.source.file, line, message, warning))

    def line(self, key: str = "", needle: str = "") -> int:
        """The line of a key, or of the table."""
        return self.source.line((*self.path, key) if key else self.path, needle)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    def _take(self, key: str, wanted: str, fits: Callable[[Any], bool], default: Any) -> Any:
        self.known.add(key)
        if key not in self.values:
            if default is None:
                self.report("", f'"{key}" is missing. It is {wanted}.')
            return default
        value = self.values[key]
        if fits(value):
            return value
        self.report(key, f'"{key}" must be {wanted}.')
        return default

    def text(self, key: str, default: str | None = None) -> str:
        """One line of text; "" when it is missing or wrong."""
        return (self._take(key, "one line of text in quotes", _is_line, default) or "").strip()

    def slug(self, key: str, default: str | None = None) -> str:
        """A name of small letters, digits and hyphens."""
        wanted = "a name of small letters, digits and hyphens"
        return self._take(key, wanted, lambda value: isinstance(value, str) and is_slug(value), default) or ""

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds; `least` when it is missing or wrong."""
        wanted = f"a whole number from {least} to {most}"

        def fits(value: Any) -> bool:
            return type(value) is int and least <= value <= most

        value = self._take(key, wanted, fits, default)
        return least if value is None else value

    def decimal(self, key: str, least: str, most: str, places: int) -> Decimal:
        """A number within bounds with at most so many decimal places."""
        wanted = f"a number from {least} to {most} with at most {places} decimal places"

        def fits(value: Any) -> bool:
            if type(value) is not int and not isinstance(value, Decimal):
                return False
            number = Decimal(value)
            return (
                number.is_finite()
                and Decimal(least) <= number <= Decimal(most)
                and number == round(number, places)
            )

        value = self._take(key, wanted, fits, None)
        return Decimal(least) if value is None else Decimal(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        return bool(self._take(key, "true or false", lambda value: isinstance(value, bool), default))

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of the given words."""
        wanted = "one of " + ", ".join(choices)
        return (
            self._take(key, wanted, lambda value: isinstance(value, str) and value in choices, default) or ""
        )

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of distinct short texts, such as names."""

        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(_is_line(each) for each in value)

        value = tuple(self._take(key, "a list of texts in quotes", fits, default) or ())
        for each in dict.fromkeys(each for each in value if value.count(each) > 1):
            self.report(key, f'"{key}" names {each} twice. Leave one out.', f'"{each}"')
        return tuple(dict.fromkeys(value))

    def numbers(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """A list of distinct whole numbers, () if it is not there."""
        wanted = f"a list of whole numbers from {least} to {most}"

        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(
                type(each) is int and least <= each <= most for each in value
            )

        return tuple(dict.fromkeys(self._take(key, wanted, fits, ())))

    def both(self, key: str, *, optional: bool = False) -> dict[str, str]:
        """A text in both languages: `{ en = "...", zh = "..." }`."""
        wanted = 'a text in both languages: { en = "...", zh = "..." }'

        def fits(value: Any) -> bool:
            return (
                isinstance(value, dict)
                and set(value) == set(LANGUAGES)
                and all(_is_line(each) for each in value.values())
            )

        value = self._take(key, wanted, fits, {} if optional else None) or {}
        return {language: value.get(language, "").strip() for language in LANGUAGES}

    def table(self, key: str) -> "Table | None":
        """The table under a key, or None if there is none."""
        self.known.add(key)
        value = self.values.get(key)
        if value is None or isinstance(value, dict):
            return None if value is None else Table(self.source, (*self.path, key), value)
        self.report(key, f'"{key}" must be a table: [{key}].')
        return None

    def tables(self, key: str) -> list["Table"]:
        """The tables under a key, in order: `[[key]]` or a list of inline tables."""
        self.known.add(key)
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return [Table(self.source, (*self.path, key, at), each) for at, each in enumerate(value)]
        self.report(key, f'"{key}" must be a list of tables: [[{key}]].')
        return []

    def unknown(self) -> None:
        """Report every key that no reader asked for. Call it last."""
        for key in self.values:
            if key not in self.known:
                known = ", ".join(sorted(self.known))
                self.report(key, f'There is no setting "{key}" here. Known: {known}.', key)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != "" and len(value) <= MAX_LINE and "\n" not in value


def quote(text: str) -> str:
    """One line of text as a TOML basic string."""
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() or c == " " else f"\\U{ord(c):08X}" for c in shown) + '"'
