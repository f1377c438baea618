"""The Chinese catalogue against the messages of the source: `python -m tests.catalogue` updates it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from lms.i18n import CATALOGUE
from tests.source import LMS

METHODS = [("migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.*", "jinja2")]
OPTIONS = {"**/templates/**.*": {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2),
}  # fmt: skip
STAMP = re.compile(
    rb'^"(?:Project-Id|Report-Msgid|POT-Creation|PO-Revision|Generated-By|Last-Translator|Language-Team).*\n',
    re.MULTILINE,
)
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?([sd%])")


def extracted() -> Catalog:
    """Every message of the source with the files it is in. Not the lines: they change too often."""
    catalog = Catalog(project="lms", charset="utf-8")
    for path, _line, message, comments, context in extract_from_dir(
        LMS, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda _folder: True
    ):
        catalog.add(message, None, [(f"lms/{path}", 0)], auto_comments=comments, context=context)
    return catalog


def stored(path: Path = CATALOGUE) -> Catalog:
    """The catalogue as it is on disk."""
    with path.open("rb") as file:
        return read_po(file, locale="zh")


def messages(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> str:
    """What a message is known by: its text, or the plural one's where there are two."""
    return message.id if isinstance(message.id, str) else message.id[1]


def chinese(message: Message) -> str:
    """Its translation. Chinese has one form for any number."""
    return message.string if isinstance(message.string, str) else message.string[0]


def placeholders(text: str) -> list[str]:
    """The named places of a message in a fixed order: "%(when)s and 5%%" -> ["(when)s"]."""
    return sorted(f"({name}){kind}" for name, kind in PLACEHOLDER.findall(text) if kind != "%")


def update(words: dict[str, str] | None = None, path: Path = CATALOGUE) -> list[str]:
    """Add the source's new messages and drop its gone ones; translations stay. What still has none."""
    known = {key(message): chinese(message) for message in messages(stored(path))} | (words or {})
    fresh = extracted()
    fresh.locale = Locale("zh")
    fresh.fuzzy = False
    fresh.header_comment = "# The Chinese of every message. `make catalogue` adds new ones, drops gone ones."
    for message in messages(fresh):
        text = known.get(key(message), "")
        message.string = text if isinstance(message.id, str) else (text,)
    written = io.BytesIO()
    write_po(written, fresh, sort_output=True, include_lineno=False, width=110)
    path.write_bytes(STAMP.sub(b"", written.getvalue()))
    return [key(message) for message in messages(fresh) if not chinese(message)]


def main() -> None:
    """Update the catalogue and list what still needs Chinese."""
    missing = update()
    for message in missing:
        click.echo(f"missing: {message!r}")
    click.echo(f"{len(missing)} missing in {CATALOGUE}")


if __name__ == "__main__":
    main()
