"""What holds for the reading of any file whatever."""

from lms.interchange.reading import ERROR, Reading
from lms.interchange.records import TYPES


def is_sound(reading: Reading) -> bool:
    """Whether it says why it has no question, and whether each that it has is named, typed, and marks what is there."""
    if not reading.items:
        return any(note.effect == ERROR for note in reading.notes)
    ids = "abcdefghijklmnopqrstuvwxyz"
    return all(
        item.id and item.type in TYPES and set(item.keys) <= set(ids[: len(item.options)]) for item in reading.items
    )
