"""`lms bank`: questions into a bank and out of it, in any format."""

import json
import string
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from lms import clock, media
from lms.banks import exports, queries
from lms.banks.import_rules import UNCHANGED, Defaults
from lms.banks.imports import Outcome, Plan, plan_import, render_plan, write_import
from lms.banks.models import QUESTION_STATES, Bank
from lms.banks.operations import create_bank
from lms.banks.queries import Filters
from lms.courses.words import AREAS
from lms.db import writes
from lms.interchange import exporting, importing
from lms.interchange.reading import ERROR, Note, Reading
from lms.interchange.records import LANGUAGES, USES
from lms.interchange.report import report
from lms.interchange.sheet_heads import FIELDS
from lms.interchange.source import is_slug

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
OUTPUT = click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; else stdout.")


@click.group()
def bank() -> None:
    """Questions into banks and out of them."""


@bank.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--bank", "slug", required=True, help="The bank they go into.")
@click.option("--lang", "language", required=True, type=click.Choice(LANGUAGES), help="The language they are in.")
@click.option("--format", "format", default="auto", show_default=True, type=click.Choice(("auto", *importing.FORMATS)))
@click.option("--dry-run", is_flag=True, help="Only say what would be imported.")
@click.option("--partial", is_flag=True, help="Leave out the questions with errors and import the others.")
@click.option("--use", type=click.Choice(USES), default=None, help="What for, where the file does not say.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD", help="What a column of a sheet is.")
@click.option("--create", is_flag=True, help="Make the bank if there is none.")
@click.option("--area", type=click.Choice(list(AREAS)), help="The area of a bank that is made.")
@click.option("--title", help="The title of a bank that is made.")
@AS_JSON
@with_appcontext
def import_file(
    file: BinaryIO,
    slug: str,
    language: str,
    format: str,
    dry_run: bool,
    partial: bool,
    use: str | None,
    columns: Sequence[str],
    create: bool,
    area: str | None,
    title: str | None,
    as_json: bool,
) -> None:
    """Import the questions of FILE (- reads stdin) into a bank: whole ones live, the others as drafts.

    Errors and warnings go to stderr, a line each: FILE:line: what it is [code]. With an error nothing is
    imported, unless --partial, and the exit code is 1.
    """
    if not is_slug(slug):
        raise click.UsageError(f"{slug[:80]} cannot be the id of a bank: small letters, digits and hyphens")
    if create and area is None:
        raise click.UsageError("--create needs the area of the new bank: --area " + "|".join(AREAS))
    made = Bank(slug=slug, area=area or "", titles={language: title or slug}) if create or dry_run else None
    target = queries.bank_by_slug(slug) or made
    if target is None:
        raise click.ClickException(f"there is no bank {slug}; make it with --create --area AREA --title TITLE")
    label = getattr(file, "name", "<stdin>")
    name = "" if label == "<stdin>" else Path(label).name
    reading = _read(file.read(importing.MAX_BYTES + 1), name, language, format, columns)
    plan = plan_import(target, reading, language, Defaults(use=use or ""))
    found = [note for note in plan.reading.all_notes if note.effect == ERROR]
    outcome = None
    if not (dry_run or (found and not partial)):
        outcome = _write(slug, made if target is made else None, _good_part(plan), name)
    _print(plan, outcome, label, as_json=as_json)
    if found:
        sys.exit(1)


def _read(data: bytes, name: str, language: str, format: str, columns: Sequence[str]) -> Reading:
    reading = importing.read(data, name, language, format, progress=_progress("read"))
    if columns:
        mapping = _mapping(columns, reading)
        reading = importing.read(data, name, language, reading.format, mapping=mapping, progress=_progress("read"))
    return reading


def _mapping(given: Sequence[str], reading: Reading) -> dict[int, str]:
    """Fields by the place of their columns. A column is named by its head, or by its letter: A, B... AA."""
    if reading.columns is None:
        raise click.UsageError("--map is for .xlsx and .csv")
    heads = [head.strip().casefold() for head in reading.columns.heads]
    mapping = {}
    for each in given:
        column, _sign, field = each.rpartition("=")
        column = column.strip().casefold()
        at = heads.index(column) if column in heads else _place(column)
        if not 0 <= at < len(heads):
            raise click.UsageError(f"there is no column {column}; there are {', '.join(reading.columns.heads)}")
        if field not in FIELDS:
            raise click.UsageError(f"there is no field {field}; there are {', '.join(FIELDS)}")
        mapping[at] = field
    return mapping


def _place(letters: str) -> int:
    """The place of a column named as a sheet names it, from 0; -1 if it is no such name."""
    if not (0 < len(letters) <= 3 and set(letters) <= set(string.ascii_lowercase)):
        return -1
    place = 0
    for letter in letters:
        place = place * 26 + string.ascii_lowercase.index(letter) + 1
    return place - 1


def _good_part(plan: Plan) -> Plan:
    """The plan without what cannot be imported."""
    planned = tuple(each for each in plan.planned if each.flaw != ERROR)
    return replace(plan, planned=planned, notes=tuple(note for note in plan.notes if note.effect != ERROR))


def _write(slug: str, new: Bank | None, plan: Plan, name: str) -> Outcome:
    render_plan(plan, _progress("written"))
    return _write_rendered(slug, new, plan, name)


@writes
def _write_rendered(slug: str, new: Bank | None, plan: Plan, name: str) -> Outcome:
    now = clock.now()
    if new is not None:
        create_bank(slug, new.area, new.titles, actor=None, now=now)
    found = queries.bank_by_slug(slug)
    assert found is not None
    return write_import(
        found, plan, only_good=False, actor=None, now=now, name=name, media_folder=media.folder()
    )


def _progress(word: str) -> Callable[[int, int], None] | None:
    """Says on a terminal how far a big file is."""
    if not sys.stderr.isatty():
        return None
    return lambda done, total: click.echo(f"\r{done} / {total} {word}", err=True, nl=done >= total)


def _print(plan: Plan, outcome: Outcome | None, name: str, *, as_json: bool) -> None:
    said: dict[str, Any] = report(plan.reading)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for note in plan.reading.all_notes:
        click.echo(_line(note, name), err=True)
    counts = {**said["questions"], "drafts": said["drafts"]}
    click.echo(f"{plan.format}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    if outcome is None:
        unchanged = sum(each.verdict == UNCHANGED for each in plan.planned)
        click.echo(f"nothing was written; {unchanged} stand in the bank already")
    else:
        click.echo("written: " + ", ".join(f"{count} {what}" for what, count in outcome.counts().items()))


def _line(note: Note, name: str) -> str:
    kind = "" if note.effect == ERROR else "warning: "
    return f"{name}:{note.line}: {kind}{note.reason} [{note.code}]"


@bank.command("export")
@click.argument("slug")
@click.option("--format", "format", required=True, type=click.Choice(list(exporting.FORMATS)))
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Which language; else the first it has.")
@click.option("--state", default="live", show_default=True, type=click.Choice((*QUESTION_STATES, "all")))
@OUTPUT
@AS_JSON
@with_appcontext
def export_file(
    slug: str, format: str, language: str | None, state: str, output: Path | None, as_json: bool
) -> None:
    """Write the questions of the bank SLUG as a file. What the format cannot hold is named on stderr."""
    if as_json and output is None:
        raise click.UsageError("--json needs -o: the file itself goes to stdout")
    found = queries.bank_by_slug(slug)
    if found is None:
        raise click.ClickException(f"there is no bank {slug}")
    filters = Filters(state="" if state == "all" else state)
    language = language or next(iter(exports.counts_of(found, filters)), LANGUAGES[0])
    text = exports.bank_text(found, filters, language)
    made = exporting.export(text, format, exports.media_of(text))
    _put(made.data, output)
    left_out = [{"id": each.id, "message": str(each.reason)} for each in made.left_out]
    if as_json:
        questions = len(text.questions) - len(left_out)
        result = {"file": str(output), "format": format, "language": language, "questions": questions}
        click.echo(json.dumps({**result, "left_out": left_out}, ensure_ascii=False, indent=2))
        return
    for each in left_out:
        click.echo(f"{slug}/{each['id']}: left out: {each['message']}", err=True)


@bank.command()
@click.option("--format", "format", default="xlsx", show_default=True, type=click.Choice(exporting.TEMPLATES))
@click.option("--lang", "language", default="en", show_default=True, type=click.Choice(LANGUAGES))
@OUTPUT
def template(format: str, language: str, output: Path | None) -> None:
    """Write an empty sheet to fill in, with an example."""
    made: Any = exporting.template(format, language)
    _put(made.data, output)


def _put(data: bytes, output: Path | None) -> None:
    """Write a file, or to stdout."""
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror or error}") from None


def register(group: click.Group) -> None:
    """Add this file's commands."""
    group.add_command(bank)
