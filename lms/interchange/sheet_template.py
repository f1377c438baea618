"""What a template for tables holds: its columns, an example of each type and help, from `sheet_template.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lms.interchange.sheet_sections import EXAMPLE_MARKS
from lms.interchange.sheet_write import HEADS, SHUFFLE_WORDS, TYPE_WORDS, USE_WORDS, fields_for, heads

FIELDS = fields_for(6)[:-1]  # as many options as most questions need, and no text format
LEVELS = ("1", "2", "3")


@cache
def words(language: str) -> Mapping[str, Any]:
    """The texts of the template in a language."""
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        texts: Mapping[str, Any] = tomllib.load(file)[language]
    return texts


def rows(language: str) -> list[list[str]]:
    """The head row and one example a type, marked in its id so that it is left out on import."""
    examples = [{"id": EXAMPLE_MARKS[language], **example} for example in words(language)["examples"]]
    return [heads(FIELDS, language), *([example.get(field, "") for field in FIELDS] for example in examples)]


def choices(language: str) -> Mapping[str, Sequence[str]]:
    """The fields that are chosen from a list, and what there is to choose."""
    return {
        "type": tuple(TYPE_WORDS[language].values()),
        "level": LEVELS,
        "use": tuple(USE_WORDS[language].values()),
        "shuffle": tuple(SHUFFLE_WORDS[language].values()),
    }


def explained(language: str) -> list[tuple[str, str]]:
    """What stands in each column, in order; the options once."""
    told = words(language)["columns"]
    found = {
        HEADS[language][field]: told["option" if field.startswith("option-") else field] for field in FIELDS
    }
    first, last = HEADS[language]["option-a"], HEADS[language]["option-f"]
    return [
        (f"{first} – {last}" if head == first else head, text)
        for head, text in found.items()
        if head == first or text != told["option"]
    ]
