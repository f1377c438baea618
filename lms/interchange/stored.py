"""Items of a file and what was said of them as JSON and back, so that they can be mended before they are imported."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lms.errors import Reason
from lms.interchange.reading import Columns, Item, Note

_TUPLES = ("options", "keys", "tags")


def sound(text: str) -> str:
    """The text without what no database takes: halves of a UTF-16 pair that stand alone, and NUL."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def item_to_json(item: Item) -> dict[str, Any]:
    """The item without its notes."""
    return {name: _to_json(value) for name, value in asdict(item).items() if name != "notes"}


def item_from_json(content: Mapping[str, Any], notes: Sequence[Mapping[str, Any]] = ()) -> Item:
    """The item as it was, with its notes."""
    values = dict(content)
    for name in _TUPLES:
        if values[name] is not None:
            values[name] = tuple(values[name])
    return Item(**values, notes=notes_from_json(notes))


def notes_to_json(notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Notes with their reasons, to be said in whatever language they are read in."""
    return [
        {"line": note.line, "code": note.code, "effect": note.effect, "reason": _to_json(note.reason)} for note in notes
    ]


def notes_from_json(notes: Sequence[Mapping[str, Any]]) -> tuple[Note, ...]:
    """The notes as they were."""
    return tuple(Note(note["line"], note["code"], _from_json(note["reason"]), note["effect"]) for note in notes)


def columns_to_json(columns: Columns | None) -> dict[str, Any] | None:
    """The columns of a sheet."""
    return _to_json(asdict(columns)) if columns is not None else None


def columns_from_json(content: Mapping[str, Any] | None) -> Columns | None:
    """The columns as they were."""
    if content is None:
        return None
    rows = tuple(tuple(row) for row in content["samples"])
    return Columns(tuple(content["heads"]), rows, tuple(content["fields"]))


def _to_json(value: Any) -> Any:
    """A value as JSON has it: a reason is marked as one, what is no number or text becomes text."""
    if isinstance(value, Reason):
        return {"message": value.message, "values": {name: _to_json(each) for name, each in value.values.items()}}
    if isinstance(value, list | tuple):
        return [_to_json(each) for each in value]
    if isinstance(value, dict):
        return {name: _to_json(each) for name, each in value.items()}
    if value is None or isinstance(value, bool | int):
        return value
    return sound(str(value))


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return Reason(value["message"], **{name: _from_json(each) for name, each in value["values"].items()})
    return tuple(map(_from_json, value)) if isinstance(value, list) else value
