"""Where the options of a question begin: one a line, many a line, with nothing between them, or ticked boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lms.interchange.text import marks
from lms.interchange.text.units import PLAIN, WHY, Unit

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST = len(LETTERS)
TRIED = 8  # places where one letter could begin an option; more are no paper but an attack


@dataclass(slots=True)
class Option:
    """An option as it is printed: its letter, its pieces of text, and what marks it as right."""

    letter: str
    pieces: list[str] = field(default_factory=list)
    is_marked: bool = False
    styled: list[bool] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marker:
    """An option's letter in a unit: where it begins, and where its text does."""

    letter: str
    start: int
    text: int


def markers(unit: Unit, wanted: int, later: str | None, style: "Style") -> list[Marker]:
    """The options that begin in a unit when the letter `wanted` is next and `later` begins a line further down."""
    found: list[Marker] = []
    at = unit.value
    if (first := _at_beginning(unit, wanted, later)) is not None:
        found.append(first)
        at = first.text
        if wanted and style.spaced is None and not style.is_glued:
            style.spaced = True
    elif wanted == 0:
        if (first := _inside_stem(unit, later, style)) is None:
            return []
        found.append(first)
        at = first.text
        style.is_glued = not unit.norm[first.start - 1].isspace()
    if wanted == 0 and not found:
        return []
    following = LETTERS.index(found[-1].letter) + 1 if found else wanted
    must = bool(later) and LETTERS.index(later or "A") > following
    found += _inside(
        unit, at, following, later, Style(False) if must and not _is_apart(unit, at, following) else style
    )
    return found


@dataclass(slots=True)
class Style:
    """How options are kept apart within a line, once that is known; and whether it was not clear.

    `is_glued`: the first stands right behind the stem, so that others may stand right behind the one before.
    """

    spaced: bool | None = None
    is_glued: bool = False
    is_unclear: bool = False


def _at_beginning(unit: Unit, wanted: int, later: str | None) -> Marker | None:
    if unit.letter is not None:
        return Marker(unit.letter, unit.value, unit.value + 1)
    match = marks.OPTION_START.match(unit.norm, unit.value, unit.end) if unit.at_start else None
    if match is None:
        return None
    raw = next(filter(None, match.groups()))
    letter, at = raw.upper(), LETTERS.index(raw.upper())
    is_weak = match.group(4) is not None
    if is_weak and letter == "A" and later != "B" and not _has_spaced(unit, match.end()):
        return None
    if wanted == 0:
        fits = letter == "A" and (later == "B" or raw == "A")
    else:
        fits = at == wanted or (at > wanted and at - wanted < 3) or at == wanted - 1
    return Marker(letter, unit.value, match.end()) if fits else None


def _has_spaced(unit: Unit, start: int) -> bool:
    return any(match.group(1) == "B" for match in marks.OPTION_SPACED.finditer(unit.norm, start, unit.end))


def _inside_stem(unit: Unit, later: str | None, style: "Style") -> Marker | None:
    """The letter A in a line that begins with something else: the one that the longest row of options follows.

    Where that is so of more than one, it is not clear: another question may stand in the line.
    """
    best, most, chains = None, 0, 0
    matches = marks.OPTION_INSIDE.finditer(unit.norm, unit.value, unit.end)
    found = list(islice((each for each in matches if "A" in each.groups()), TRIED))
    for at, match in enumerate(found):
        row = _inside(unit, match.end(), 1, later, Style())
        has_text = bool(unit.norm[match.end() : unit.end].strip())
        if not row and not (later == "B" and has_text):
            continue
        chains += bool(row) and (at + 1 == len(found) or row[0].start < found[at + 1].start())
        if len(row) + 1 >= most:
            best, most = Marker("A", match.start(), match.end()), len(row) + 1
    style.is_unclear |= chains > 1
    return best


def _is_apart(unit: Unit, at: int, wanted: int) -> bool:
    """Whether the next letter stands in the line with a space before it."""
    found = islice(_candidates(unit, at, LETTERS[wanted]), TRIED)
    return any(unit.norm[each.start - 1].isspace() for each in found)


def _inside(unit: Unit, at: int, wanted: int, later: str | None, style: Style) -> list[Marker]:
    """The letters from `wanted` on, each behind the text of the one before."""
    found: list[Marker] = []
    stop = LETTERS.index(later) if later else MOST
    if stop < wanted:
        stop = MOST
    while wanted < stop:
        marker = _next(unit, at, LETTERS[wanted], style)
        if marker is None:
            break
        found.append(marker)
        at, wanted = marker.text, wanted + 1
    return found


def _next(unit: Unit, at: int, letter: str, style: Style) -> Marker | None:
    found = islice(_candidates(unit, at, letter), TRIED)
    candidates = [each for each in found if unit.norm[at : each.start].strip()]
    spaced = [each for each in candidates if unit.norm[each.start - 1].isspace()]
    if style.spaced is None and candidates:
        style.spaced = bool(spaced)
    if style.spaced:
        return spaced[0] if spaced else None
    if not candidates:
        return None
    if len(candidates) > 1:
        following = next(_candidates(unit, candidates[0].text, chr(ord(letter) + 1)), None)
        style.is_unclear |= following is None or candidates[1].start < following.start
    return candidates[0]


def _candidates(unit: Unit, at: int, letter: str) -> Iterator[Marker]:
    norm = unit.norm
    patterns = (marks.OPTION_INSIDE, marks.OPTION_SPACED)
    found = False
    for pattern in patterns:
        if found:
            return
        place = norm.find(letter, at, unit.end)
        while place >= 0:
            for begin in (_bracket_before(norm, place, at), place):
                match = pattern.match(norm, begin, unit.end) if begin is not None else None
                if match and letter in match.groups() and not _in_word(norm, match.start(), at):
                    found = True
                    yield Marker(letter, match.start(), match.end())
                    break
            place = norm.find(letter, place + 1, unit.end)


def _bracket_before(norm: str, place: int, least: int) -> int | None:
    at = place - 1
    while at > least and norm[at] == " ":
        at -= 1
    return at if at >= least and norm[at] in "([【" else None


def _in_word(norm: str, at: int, least: int) -> bool:
    """Whether a Latin letter stands right before: B in SKB, is none of an option."""
    return at > least and norm[at - 1].isascii() and norm[at - 1].isalpha()


def order_columns(options: list[Option]) -> bool:
    """Put options printed in columns (A and C in the first line, B and D in the next) in order.

    Only where that gives every letter once; otherwise all stay as they are. False: it is not clear, for only one
    space stands between them.
    """
    labels = [option.letter for option in options]
    found: list[Option] = []
    for option in options:
        found += _columns(option, labels)
    if len(found) == len(options) or sorted(each.letter for each in found) != list(LETTERS[: len(found)]):
        return True
    texts = [marks.level(piece) for option in options for piece in option.pieces]
    if not any(marks.WIDE_COLUMN.search(text) for text in texts):
        return False
    options[:] = sorted(found, key=lambda each: each.letter)
    return True


def _columns(option: Option, labels: Sequence[str]) -> list[Option]:
    """An option, cut where a letter stands behind a space that begins no other option."""
    found = [Option(option.letter, [], option.is_marked, list(option.styled), list(option.pictures))]
    for piece in option.pieces:
        norm = marks.level(piece)
        cuts = [each for each in islice(marks.COLUMN.finditer(norm), MOST) if each.group(1) not in labels]
        ends = [*(cut.start() for cut in cuts), len(piece)]
        found[-1].pieces.append(piece[: ends[0]].strip())
        for cut, end in zip(cuts, ends[1:], strict=True):
            found.append(Option(cut.group(1), [piece[cut.end() : end].strip()]))
    return found


def line_letters(units: Sequence[Unit]) -> list[str | None]:
    """For each unit, the letter that the next unit which begins with one begins with."""
    found: list[str | None] = []
    later: str | None = None
    for unit in reversed(units):
        found.append(later)
        if unit.kind == WHY:
            later = None  # the letters of an explanation are none of options
        if unit.kind != PLAIN or not unit.at_start:
            continue
        if unit.letter is not None:
            later = unit.letter
        elif match := marks.OPTION_START.match(unit.norm, unit.value, unit.end):
            later = next(filter(None, match.groups())).upper()
        elif unit.is_marked is not None:
            later = None
    return found[::-1]
