"""What a question has besides its texts, and how each is written: level, tags, lesson, objective, use, shuffle, type.

Formats that know nothing but tags carry the others as tags: `level:2`, `lesson:refunds/first-steps`, `use:exam`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from lms.errors import N_, Reason
from lms.interchange.reading import Note, note
from lms.interchange.records import (
    MAX_LEVEL,
    MIN_LEVEL,
    TYPES,
    USES,
    QuestionText,
    infer_type,
)
from lms.interchange.source import is_slug


def _slug_pair(value: str) -> str | None:
    parts = value.split("/")
    return value if len(parts) == 2 and all(map(is_slug, parts)) else None


def _slug(value: str) -> str | None:
    return value if is_slug(value) else None


def _tags(value: str) -> tuple[str, ...] | None:
    tags = tuple(tag.strip() for tag in value.split(","))
    return tags if all(map(is_slug, tags)) and len(set(tags)) == len(tags) else None


_LEVELS = {str(level): level for level in range(MIN_LEVEL, MAX_LEVEL + 1)}

# Name -> what its text stands for (None: nothing), and what it has to be.
ATTRIBUTES: dict[str, tuple[Callable[[str], object], str]] = {
    "level": (_LEVELS.get, N_("a whole number from 1 to 3")),
    "tags": (_tags, N_("different names of small letters, digits and hyphens, with commas between them")),
    "lesson": (_slug_pair, N_("course/lesson, such as refunds/first-steps")),
    "objective": (_slug, N_("the name of an objective of the lesson")),
    "use": ({use: use for use in USES}.get, N_("practice or exam")),
    "shuffle": ({"yes": True, "no": False}.get, N_("yes or no")),
    "type": ({kind: kind for kind in TYPES}.get, N_("single, multiple or true_false")),
}
FIELDS = {
    "level": N_("level"),
    "tags": N_("tag"),
    "lesson": N_("lesson"),
    "objective": N_("objective"),
    "use": N_("use"),
    "shuffle": N_("shuffle"),
    "type": N_("type"),
}


def written(question: QuestionText, read_as: str | None = None) -> dict[str, str]:
    """The attributes that a question gives, as text. The type only where it is not what it would be `read_as`.

    Without a key nothing tells the type of a draft, so it is said.
    """
    if not question.keys:
        read_as = ""
    elif read_as is None:
        read_as = infer_type(question.wording.options, question.keys)
    said = {
        "level": question.level,
        "tags": None if question.tags is None else ", ".join(question.tags),
        "lesson": question.lesson,
        "objective": question.objective,
        "use": question.use,
        "shuffle": None if question.shuffle is None else ("yes" if question.shuffle else "no"),
        "type": None if question.type == read_as else question.type,
    }
    return {name: str(value) for name, value in said.items() if value is not None}


def as_tags(question: QuestionText, read_as: str | None = None) -> list[str]:
    """The attributes of a question as tags, its own tags among them."""
    tags: list[str] = []
    for name, value in written(question, read_as).items():
        tags += question.tags or () if name == "tags" else (f"{name}:{value}",)
    return tags


def from_tags(line: int, tags: Iterable[str]) -> tuple[dict[str, Any], list[Note]]:
    """The attributes that stand in the tags of a question, and what of them is no attribute."""
    found: dict[str, Any] = {}
    own: dict[str, None] = {}
    odd: dict[str, list[str]] = {}
    for tag in tags:
        name, colon, value = tag.partition(":")
        if colon and name in ATTRIBUTES and name != "tags":
            if (meant := ATTRIBUTES[name][0](value)) is None:
                odd.setdefault(name, []).append(value)
            else:
                found.setdefault(name, meant)
        elif is_slug(tag):
            own[tag] = None
        else:
            odd.setdefault("tags", []).append(tag)
    if own:
        found["tags"] = tuple(own)
    notes = [
        note(line, "value-ignored", value=", ".join(values)[:100], field=Reason(FIELDS[name]))
        for name, values in odd.items()
    ]
    return found, notes
