"""Which options are right: what every place says where an answer stands, if they agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.interchange.reading import letters, note
from lms.interchange.text import marks
from lms.interchange.text.collect import Parts, joined
from lms.interchange.text.keys import KEY_AND_MORE, key_positions
from lms.interchange.text.options import LETTERS


@dataclass(slots=True)
class _Key:
    """A key found in one place. `positions` None: nothing was understood of `said`."""

    said: str
    positions: tuple[int, ...] | None = None


def chosen_by(parts: Parts, said: Sequence[str], why: list[str]) -> tuple[int, ...]:
    """The options that are right: what every place says where a key stands. Notes where they do not agree."""
    labels = [option.letter for option in parts.options]
    texts = [joined(option.pieces) for option in parts.options]
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
    if positions is None and (match := KEY_AND_MORE.match(marks.level(key))):
        positions = key_positions(match.group(1), labels, texts)
        if positions is not None:
            why.insert(0, marks.WHY_WORD.sub("", key[match.start(2) :].strip()))
    return _Key(key, positions)


def _by_style(parts: Parts) -> list[_Key]:
    styled = tuple(at for at, option in enumerate(parts.options) if option.styled and all(option.styled))
    return [_Key("", styled)] if styled and len(styled) < len(parts.options) else []


def _by_explanation(
    parts: Parts, labels: Sequence[str], texts: Sequence[str], why: Sequence[str]
) -> list[_Key]:
    found = [match.group(1) for text in why for match in marks.SO_CHOOSE.finditer(marks.level(text))]
    positions = {key_positions(key, labels, texts) for key in found} if texts else set()
    only = next(iter(positions)) if len(positions) == 1 else None
    if only is None:
        return []
    parts.notes.append(note(parts.line, "key-in-explanation", keys=found[0]))
    return [_Key(found[0], only)]


def _check_letters(parts: Parts, labels: Sequence[str]) -> None:
    if parts.style.is_unclear:
        parts.notes.append(note(parts.line, "options-unclear"))
    elif labels != list(LETTERS[: len(labels)]):
        parts.notes.append(note(parts.line, "option-letters", letters=tuple(labels)))
