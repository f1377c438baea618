"""Reading a content file: problems with file and line, and text that is safe to parse."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 2_000_000
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
MAX_SLUG = 80
PICTURE = r"[0-9a-f]{64}\.(?:png|jpg|gif|webp)"
"""What a file in `question_banks/media` is named: the SHA-256 of its bytes."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to change in a content file. A warning does not stop the file from being loaded."""

    file: str
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {kind}{self.message}"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stop a load."""
    return [problem for problem in problems if not problem.warning]


def is_slug(text: str) -> bool:
    """Whether the text may name a file, a question or a term: small letters, digits and single hyphens."""
    return len(text) <= MAX_SLUG and bool(SLUG.match(text))


def decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a file, its line ends made LF, and what is wrong with its bytes.

    UTF-8 only, with or without a byte order mark. The text is empty when there is an error.
    """
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        return "", [Problem(file, 1, f"The file is larger than {limit} MB. Split it into several files.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", [Problem(file, line, "The file is not UTF-8 text. Save it again with the encoding UTF-8.")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text, []) if not (found := _controls(text, file)) else ("", found)


def _controls(text: str, file: str) -> list[Problem]:
    return [
        Problem(file, number, f"Remove the control character U+{ord(match.group()):04X}.")
        for number, line in enumerate(text.split("\n"), 1)
        if (match := _CONTROL.search(line))
    ]


def read_text(path: Path, file: str) -> tuple[str, list[Problem]]:
    """The text of the file at `path`, called `file` in messages, and what is wrong with it."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return "", [Problem(file, 1, f"The file cannot be read: {error.strerror or error}.")]
    return decode(data, file)
