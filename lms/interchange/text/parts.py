"""One question of an exam text, taken apart: stem, options, keys wherever they stand, explanation, the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.errors import N_, Reason
from lms.interchange.plain import to_markdown
from lms.interchange.reading import Item, Note, letters, note
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE, TRUE_FALSE_WORDS, is_true_false
from lms.interchange.text import marks
from lms.interchange.text.blocks import Block
from lms.interchange.text.keys import Entry, judgement, key_positions
from lms.interchange.text.options import LETTERS, Option, Style, line_letters, markers
from lms.interchange.text.units import ABOUT, KEY, PLAIN, WHY, Unit

LEVELS = {
    **dict.fromkeys(("易", "容易", "简单", "较易", "低", "easy", "1", "★", "一级", "初级"), 1),
    **dict.fromkeys(("中", "中等", "一般", "适中", "medium", "2", "★★", "二级", "中级"), 2),
    **dict.fromkeys(("难", "较难", "困难", "高", "hard", "3", "★★★", "三级", "高级"), 3),
}
SHORT = 20
_ENDS_SENTENCE = re.compile(r"[。.!?:;)】」”…]\s*\Z")
_BEGINS_ITEM = re.compile(
    r"\s*(?:[①-⑳]|[(]?\d{1,2}[)、.](?!\d)|[-*•·●]|[ivx]{1,4}[.)]|[(][一二三四五六七八九十][)])"
)
_LETTER_RUN = re.compile(r"(?<![A-Za-z0-9])([A-J]{1,6})\s*\Z")
_LETTERS_BEHIND = re.compile(r"(?:(?<=\s)|(?<=[^\x00-\x7f]))([A-J]{1,6})\Z")
_KEY_AND_MORE = re.compile(
    r"\s*([A-Za-z](?:[、,]?\s?[A-Za-z])*|[√×对错]|正确|错误)\s*[。;,:\s(【]\s*(\S.*)\Z", re.DOTALL
)
_POINTS_AT_END = re.compile(r"\s*[(\[]\s*\d{1,3}(?:\.\d{1,2})?\s*(?:分|points?)\s*[)\]]\s*\Z")
_TAG_AT_END = re.compile(rf"\s*[(\[【]\s*({marks.TYPE})\s*[)\]】]\s*\*?\s*\Z", re.IGNORECASE)
_EMPTY_BRACKET = re.compile(r"[(\[【]\s*[)\]】]")
_QUOTED = re.compile(r"[“\"‘'「]\Z")


@dataclass(slots=True)
class _Key:
    """A key found in one place. `positions` None: nothing was understood of `said`."""

    said: str
    positions: tuple[int, ...] | None = None


@dataclass(slots=True)
class _Parts:
    """What is collected of a question while its units are walked."""

    line: int
    stem: list[tuple[str, str]] = field(default_factory=list)  # as written, levelled
    options: list[Option] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    about: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    notes: list[Note] = field(default_factory=list)
    glued_key: str | None = None


def item_of(
    block: Block, kind: str | None, entry: Entry | None, language: str, *, trails: bool = False
) -> tuple[Item | None, list[tuple[str, int]]]:
    """The question of a block, and what it says of itself that questions here do not have (label, line).

    `kind` is what its section says it is; `entry` its place in a list of keys; `trails`: the letter behind the
    last option is its key. None: it is none of our kinds.
    """
    parts = _collect(block)
    lost: list[tuple[str, int]] = []
    if trails and (letter := trailing_letter(parts.options)):
        parts.options[-1].pieces[-1] = parts.options[-1].pieces[-1][: -len(letter)].rstrip()
        parts.keys.append(letter)
        parts.notes.append(note(block.line, "key-glued", keys=letters(list(letter))))
    kind, level = _about(parts, block.tag or kind, lost)
    if kind == marks.OTHER and len(parts.options) < 2:
        return None, lost
    _take_pair(parts, kind)
    said, stem = _stem(parts, kind)
    if match := _TAG_AT_END.search(marks.level(stem)):
        kind = marks.TYPE_OF[match.group(1).lower()]
        stem = stem[: match.start()].rstrip()
    kind = kind if kind in (SINGLE, MULTIPLE, TRUE_FALSE) else ""
    keys = [*said, *parts.keys, *([entry.key] if entry else [])]
    why = [*parts.why, *([text for text, _line in entry.why] if entry else [])]
    kind = _give_pair(parts, kind, keys, language)
    chosen = _chosen(parts, keys, why)
    texts = tuple(_joined(option.pieces) for option in parts.options)
    ids = tuple(chr(ord("a") + at) for at in chosen)
    item = Item(block.line, stem, texts, ids, kind, "\n".join(why), level=level, notes=tuple(parts.notes))
    return _with_pictures(item, parts), lost


def has_trailing_letter(block: Block) -> bool:
    """Whether the last option of a question ends with a letter that could be its key (C、7天 B)."""
    return trailing_letter(_collect(block).options) is not None


def trailing_letter(options: Sequence[Option]) -> str | None:
    """The letters of options that the last option ends with, apart from its own text."""
    if len(options) < 2 or not options[-1].pieces:
        return None
    piece = options[-1].pieces[-1]
    match = _LETTERS_BEHIND.search(piece, max(0, len(piece) - 7)) if len(piece) > 1 else None
    said = match.group(1) if match else ""
    known = {option.letter for option in options}
    return said if said and set(said) <= known and list(said) == sorted(set(said)) else None


# Walking the units


def _collect(block: Block) -> _Parts:
    parts = _Parts(block.line)
    later = line_letters(block.units)
    zone = PLAIN
    for unit, letter in zip(block.units, later, strict=True):
        if unit.kind == KEY:
            _take_key(parts, unit)
            zone = KEY if not unit.level().strip() else PLAIN
        elif unit.kind == WHY:
            zone = WHY
            parts.why += [text] if (text := unit.text().strip()) else []
        elif unit.kind == ABOUT:
            parts.about.append((unit.about, unit.text().strip()))
        elif zone == WHY and not (not parts.options and _begins_options(unit, letter)):
            parts.why.append(unit.text(unit.start).strip())
        elif zone == KEY and not _begins_options(unit, letter):
            _take_key(parts, unit)
            zone = PLAIN
        else:
            zone = PLAIN
            _take_plain(parts, unit, letter)
    return parts


def _begins_options(unit: Unit, later: str | None) -> bool:
    return bool(markers(unit, 0, later, Style()))


def _take_key(parts: _Parts, unit: Unit) -> None:
    said = unit.text().strip()
    if not said:
        return
    parts.keys.append(said)


def _take_plain(parts: _Parts, unit: Unit, later: str | None) -> None:
    found = markers(unit, len(parts.options), later, parts.style)
    head = found[0].start if found else unit.end
    if unit.is_marked is not None and not found and (parts.options or unit.level().strip()):
        parts.options.append(Option(LETTERS[min(len(parts.options), 25)]))
        parts.options[-1].is_marked = unit.is_marked
        _add_piece(parts.options[-1], unit, unit.value, unit.end)
        return
    if unit.norm[unit.value : head].strip():
        _take_text(parts, unit, head)
    ends = [*(marker.start for marker in found[1:]), unit.end][: len(found)]
    for marker, end in zip(found, ends, strict=True):
        option = Option(marker.letter, is_marked=bool(unit.is_marked))
        parts.options.append(option)
        _add_piece(option, unit, marker.text, end)
    (parts.options[-1].pictures if parts.options else parts.pictures).extend(
        unit.line.pictures if unit.at_start else ()
    )


def _take_text(parts: _Parts, unit: Unit, end: int) -> None:
    """Text that begins no option: more of the last option, or of the stem."""
    if parts.options:
        _add_piece(parts.options[-1], unit, unit.value, end)
        return
    if end < unit.end and (match := _LETTER_RUN.search(unit.norm, unit.value, end)):
        parts.glued_key = match.group(1)
        end = match.start()
        parts.notes.append(note(unit.number, "key-glued", keys=letters(list(parts.glued_key))))
    parts.stem.append((unit.text(unit.value, end).strip(), unit.norm[unit.value : end].strip()))


def _add_piece(option: Option, unit: Unit, start: int, end: int) -> None:
    text = unit.text(start, end)
    if not text.strip():
        return
    norm = unit.norm[start:end]
    if (tick := marks.TRAILING_TICK.search(norm)) and norm[: tick.start()].strip():
        option.is_marked = True
        text, end = text[: tick.start()], start + tick.start()
    option.styled.append(unit.is_styled(start, end) if unit.line.marked else False)
    option.pieces.append(text.strip())


# Stem and the keys in it


def _stem(parts: _Parts, kind: str | None) -> tuple[list[str], str]:
    """The keys that stand in the stem, and the stem without them."""
    keys = [parts.glued_key] if parts.glued_key else []
    lines = parts.stem
    is_open = any(_EMPTY_BRACKET.search(norm) for _text, norm in lines)
    found = [
        (at, match)
        for at, (_text, norm) in enumerate(lines)
        for match in marks.BRACKETED_KEY.finditer(norm)
        if _is_meant(match.group("key"), kind, parts)
        and (match.group("label") or not (is_open or _QUOTED.search(norm[: match.start()])))
    ]
    for at, match in reversed(found):
        text, norm = lines[at]
        one, other = match.start() + 1, match.end() - 1
        if match.group("label"):
            one, other, gap = match.start(), match.end(), ""
        else:
            gap = " " if norm[match.start()] == "(" else ""
        lines[at] = (text[:one] + gap + text[other:], norm[:one] + gap + norm[other:])
    keys += [match.group("key") for _at, match in found]
    if lines and not keys:
        keys += _key_at_end(parts, kind)
    text = _joined([text for text, _norm in lines], is_stem=True)
    if points := _POINTS_AT_END.search(marks.level(text)):
        text = text[: points.start()]
    return keys, text


def _is_meant(key: str, kind: str | None, parts: _Parts) -> bool:
    """Whether a bracket holds a key: letters of options there are, or true and false where that is asked."""
    if judgement(key) is not None and not re.fullmatch("[A-Za-z]", key):
        return (
            kind == TRUE_FALSE
            or not parts.options
            or is_true_false([_joined(o.pieces) for o in parts.options])
        )
    if re.fullmatch("[TFYNXV]", key, re.IGNORECASE) and kind == TRUE_FALSE:
        return True
    if not parts.options and kind == TRUE_FALSE:
        return False
    said = [letter for letter in key.upper() if letter.isalpha()]
    return (
        said == sorted(set(said))
        and said[-1] <= "J"
        and (key.isupper() or (len(key) == 1 and bool(parts.options)))
    )


def _key_at_end(parts: _Parts, kind: str | None) -> list[str]:
    """A key that the stem ends with, cut off it."""
    text, norm = parts.stem[-1]
    if kind == TRUE_FALSE or (not parts.options and not parts.keys):
        if judged := marks.TRAILING_TF.search(norm):
            parts.stem[-1] = (text[: judged.start()].rstrip(), norm[: judged.start()].rstrip())
            return [judged.group("key") or judged.group("tick")]
        return []
    match = _LETTER_RUN.search(norm)
    if match is None or parts.keys or not parts.options:
        return []
    key = match.group(1)
    known = {option.letter for option in parts.options}
    if not set(key) <= known or len(set(key)) < len(key) or not norm[: match.start()].strip():
        return []
    before = norm[match.start() - 1]
    if before.isalnum():
        parts.notes.append(note(parts.line, "key-glued", keys=letters(list(key))))
    parts.stem[-1] = (text[: match.start()].rstrip(), norm[: match.start()].rstrip())
    return [key]


def _take_pair(parts: _Parts, kind: str | None) -> None:
    """The options 是/否, 对/错... where they stand without letters: on lines of their own, or behind the stem."""
    if parts.options or not parts.stem:
        return
    text, norm = parts.stem[-1]
    if len(parts.stem) > 1 and (match := marks.PAIR_LINE.match(norm)):
        words = (text[match.start("yes") : match.end("yes")], text[match.start("no") : match.end("no")])
        parts.options = [Option("A", [words[0]]), Option("B", [words[1]])]
        parts.stem.pop()
        return
    if len(parts.stem) > 2 and all(marks.HALF_PAIR.match(line) for _text, line in parts.stem[-2:]):
        words = (parts.stem[-2][0].strip(), text.strip())
        if is_true_false(words):
            parts.options = [Option("A", [words[0]]), Option("B", [words[1]])]
            del parts.stem[-2:]
        return
    match = marks.PAIR_END.search(norm)
    if match is None or not norm[: match.start()].strip():
        return
    at = next(number for number in range(8) if match.group(f"y{number}"))
    key = match.group(f"k{at}")
    if key is None and kind != TRUE_FALSE:
        return
    parts.options = [
        Option(letter, [text[match.start(f"{side}{at}") : match.end(f"{side}{at}")]])
        for letter, side in (("A", "y"), ("B", "n"))
    ]
    if key is not None:
        parts.keys.append(key)
        parts.notes.append(note(parts.line, "key-glued", keys=Reason("%(key)s", key=key)))
    parts.stem[-1] = (text[: match.start()].rstrip(), norm[: match.start()].rstrip())


def _give_pair(parts: _Parts, kind: str, keys: Sequence[str], language: str) -> str:
    """A question that is judged true or false without printed options gets the usual ones. Its type."""
    if parts.options or kind in (SINGLE, MULTIPLE):
        return kind
    judged = [key for key in keys if judgement(_first_word(key)) is not None]
    if kind == TRUE_FALSE or judged:
        parts.options = [
            Option(letter, [text]) for letter, text in zip("AB", TRUE_FALSE_WORDS[language], strict=True)
        ]
        return TRUE_FALSE
    return kind


def _first_word(key: str) -> str:
    match = _KEY_AND_MORE.match(marks.level(key))
    return match.group(1) if match and judgement(key) is None else key


# Keys


def _chosen(parts: _Parts, said: Sequence[str], why: list[str]) -> tuple[int, ...]:
    """The options that are right: what every place says where a key stands. Notes where they do not agree."""
    labels = [option.letter for option in parts.options]
    texts = [_joined(option.pieces) for option in parts.options]
    _check_letters(parts, labels)
    keys = [_understood(key, labels, texts, why) for key in said]
    marked = tuple(at for at, option in enumerate(parts.options) if option.is_marked)
    if marked and len(marked) < len(texts):
        keys.append(_Key("√", marked))
    if not keys:
        keys = _by_style(parts) or _by_explanation(parts, labels, texts, why)
    if unknown := [key for key in keys if key.positions is None]:
        if texts:
            parts.notes.append(note(parts.line, "key-not-understood", answer=unknown[0].said[:60]))
        return ()
    different = list(dict.fromkeys(tuple(sorted(key.positions or ())) for key in keys))
    if len(different) > 1:
        first, second = (letters([_letter(at, labels) for at in one]) for one in different[:2])
        parts.notes.append(note(parts.line, "keys-disagree", first=first, second=second))
        return ()
    return different[0] if different else ()


def _letter(at: int, labels: Sequence[str]) -> str:
    return labels[at] if at < len(labels) else LETTERS[min(at - len(labels), 25)]


def _understood(key: str, labels: Sequence[str], texts: Sequence[str], why: list[str]) -> _Key:
    """A key in positions. What follows it in the same breath is part of the explanation."""
    if not texts:
        return _Key(key)
    positions = key_positions(key, labels, texts)
    if positions is None and (match := _KEY_AND_MORE.match(marks.level(key))):
        positions = key_positions(match.group(1), labels, texts)
        if positions is not None:
            why.insert(0, key[match.start(2) :].strip())
    return _Key(key, positions)


def _by_style(parts: _Parts) -> list[_Key]:
    styled = tuple(at for at, option in enumerate(parts.options) if option.styled and all(option.styled))
    return [_Key("", styled)] if styled and len(styled) < len(parts.options) else []


def _by_explanation(
    parts: _Parts, labels: Sequence[str], texts: Sequence[str], why: Sequence[str]
) -> list[_Key]:
    found = [match.group(1) for text in why for match in marks.SO_CHOOSE.finditer(marks.level(text))]
    positions = {key_positions(key, labels, texts) for key in found} if texts else set()
    only = next(iter(positions)) if len(positions) == 1 else None
    if only is None:
        return []
    parts.notes.append(note(parts.line, "key-in-explanation", keys=found[0]))
    return [_Key(found[0], only)]


def _check_letters(parts: _Parts, labels: Sequence[str]) -> None:
    if parts.style.is_unclear:
        parts.notes.append(note(parts.line, "options-unclear"))
    elif labels != list(LETTERS[: len(labels)]):
        parts.notes.append(note(parts.line, "option-letters", letters=", ".join(labels)))


# The rest


def _about(parts: _Parts, kind: str | None, lost: list[tuple[str, int]]) -> tuple[str | None, int | None]:
    level = None
    for label, value in parts.about:
        word = marks.level(value).strip(" 。;,()【】[]").lower()
        if label in ("题型", "题目类型", "试题类型") and word in marks.TYPE_OF:
            kind = kind or marks.TYPE_OF[word]
        elif label.startswith("难") or label in ("difficulty", "level"):
            level = LEVELS.get(word)
            if level is None and word:
                parts.notes.append(
                    note(parts.line, "value-ignored", value=value[:40], field=Reason(N_("level")))
                )
        elif not label.endswith("答案"):
            lost.append((label, parts.line))
    return kind, level


def _joined(pieces: Sequence[str], *, is_stem: bool = False) -> str:
    """Pieces of text that stood on lines of their own: one paragraph where a line was only full."""
    joined: list[str] = []
    before = ""
    for piece in pieces:
        norm = marks.level(piece)
        if joined:
            joined.append(_between(before, norm, is_stem=is_stem))
        joined.append(piece)
        before = norm
    return "".join(joined)


def _between(before: str, norm: str, *, is_stem: bool) -> str:
    """What stands between two lines: a new line in a stem where a sentence or an item ends, a space in English."""
    is_short_item = len(before) < SHORT and _BEGINS_ITEM.match(before)
    if is_stem and (_ENDS_SENTENCE.search(before[-8:]) or _BEGINS_ITEM.match(norm) or is_short_item):
        return "\n"
    return " " if before[-1:].isascii() and norm[:1].isascii() else ""


def _with_pictures(item: Item, parts: _Parts) -> Item:
    """The item with the pictures of a Word file where they stood: then its texts are Markdown."""
    if not parts.pictures and not any(option.pictures for option in parts.options):
        return item
    stem = "\n\n".join(filter(None, [to_markdown(item.stem), *map(_picture, parts.pictures)]))
    options = tuple(
        " ".join(filter(None, [to_markdown(text), *map(_picture, option.pictures)]))
        for text, option in zip(item.options, parts.options, strict=True)
    )
    return Item(
        item.line, stem, options, item.keys, item.type, to_markdown(item.explanation),
        level=item.level, is_markdown=True, notes=item.notes,
    )  # fmt: skip


def _picture(name: str) -> str:
    return f"![](media:{name})"
