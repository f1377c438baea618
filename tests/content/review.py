"""Who has read what: `question_banks/review.csv` against the lessons and questions as they stand.

Before a question goes out somebody who did not write it answers it cold, from its lesson alone, in each language.
The list keeps what was answered and what was found, with a hash of the text that was read: a text changed since is
stale and wants another reader. `python -m tests.content.review` prints what nobody has read as it stands.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import click

from lms.content import Content, read_content
from lms.interchange.records import LANGUAGES
from tests.content.giveaways import ROOT, wordings

REVIEW = ROOT / "question_banks" / "review.csv"
LINK = re.compile(r"\[([^\]\n]+)\]\([^)\s]+\)")
"""A link and what is read of it: where it leads is checked by machine, and changes nobody's reading."""
COLUMNS = ("id", "hash", "language", "answer", "finding")


@dataclass(frozen=True)
class Readable:
    """A lesson (`keys` is "") or a question as it stands in one language."""

    id: str
    language: str
    hash: str
    keys: str


@dataclass(frozen=True)
class Read:
    """One row of the list: `answer` is the option ids together, or "read" for a lesson."""

    id: str
    hash: str
    language: str
    answer: str
    finding: str


def readables(content: Content) -> Iterator[Readable]:
    """All there is to read, lessons first, in the order of the files."""
    for course in content.courses.values():
        for lesson in course.lessons:
            for language, text in lesson.texts.items():
                yield Readable(lesson.ref, language, _hash(text.title, LINK.sub(r"\1", text.body)), "")
    for language in LANGUAGES:
        for ref, question, wording in wordings(content, language):
            keys = "".join(question.keys)
            yield Readable(ref, language, _hash(wording.stem, *wording.options, keys), keys)


def _hash(*texts: str) -> str:
    return sha256("\n\n".join(texts).encode()).hexdigest()[:12]


def reviews() -> list[Read]:
    """The rows of the list."""
    with REVIEW.open(encoding="utf-8", newline="") as file:
        return [Read(**row) for row in csv.DictReader(file)]


def unread(content: Content) -> Iterator[str]:
    """What is missing, stale or answered otherwise than its key."""
    known = {(row.id, row.language): row for row in reviews()}
    for each in readables(content):
        row = known.pop((each.id, each.language), None)
        if row is None:
            yield f"{each.language} {each.id}: nobody has read it"
        elif row.hash != each.hash:
            yield f"{each.language} {each.id}: changed since it was read"
        elif row.answer != (each.keys or "read"):
            yield f"{each.language} {each.id}: answered {row.answer}, the key is {each.keys}"
    yield from (f"{language} {id}: there is no such text" for id, language in known)


if __name__ == "__main__":
    for line in unread(read_content([ROOT / "courses", ROOT / "question_banks"])[0]):
        click.echo(line)
