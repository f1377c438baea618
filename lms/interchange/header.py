"""The settings at the top of a content file: TOML between two `+++` lines."""

from dataclasses import dataclass

from lms.interchange.source import Problem
from lms.interchange.toml import Source

FENCE = "+++"


@dataclass(slots=True)
class Header:
    """The TOML header of a content file and the lines that follow it."""

    source: Source
    body: list[str]
    body_line: int


def read_header(text: str, file: str) -> tuple[Header | None, list[Problem]]:
    """Split a file into its header and its body. None if there is no whole header."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return None, [
            Problem(file, 1, f"Begin the file with a line {FENCE}, its settings and another {FENCE}.")
        ]
    ends = (number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE)
    if (end := next(ends, None)) is None:
        return None, [Problem(file, 1, f"The settings are not closed. Put a line {FENCE} after them.")]
    return Header(Source(file, "\n".join(lines[1:end]), 2), lines[end + 1 :], end + 2), []
