"""`lms policy load FILE`: a new version of the policy."""

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from lms import clock
from lms.db import writes
from lms.interchange.source import Problem, errors, read_text
from lms.policy.differences import differences
from lms.policy.operations import load_policy
from lms.policy.queries import newest
from lms.policy.schema import PolicyError, default_text, parse_policy


@click.group()
def policy() -> None:
    """The policy: every number that the product decides by."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="First day in force; today if not given."
)
@click.option("--dry-run", is_flag=True, help="Check and show the differences, load nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def load(file: Path, first_day: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Check a policy FILE, show what it changes, and bring it into force.

    Each problem is one line, file:line: what to change, and exit code 1; the version before then stays.
    """
    text, problems = read_text(file, str(file))
    if errors(problems):
        _refuse(problems, as_json)
    try:
        result = _load(text, str(file), first_day.date() if first_day else clock.today(), dry_run)
    except PolicyError as error:
        _refuse(list(error.problems), as_json)
    _show(result, as_json)


@policy.command()
def template() -> None:
    """Print the document that a new site starts with."""
    click.echo(default_text(), nl=False)


@writes
def _load(text: str, file: str, first_day: date, dry_run: bool) -> dict[str, object]:
    before = newest()
    old = parse_policy(before.source) if before else None
    changes = differences(old, parse_policy(text, file)) if old else []
    version = None if dry_run else load_policy(text, file, first_day, actor=None, now=clock.now())
    return {
        "version": version.number if version else None,
        "new": version is not None and (before is None or version.number != before.number),
        "from": version.effective_from.isoformat() if version else None,
        "changes": [{"key": key, "old": was, "new": now} for key, was, now in changes],
    }


def _show(result: dict[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    for change in result["changes"]:  # type: ignore[attr-defined]
        click.echo(f"{change['key']}: {change['old']} -> {change['new']}")
    if result["version"] is None and not result["changes"]:
        click.echo("The file is in order and changes no number.")
    if result["version"] is None:
        click.echo("Nothing was loaded: this was a dry run.")
    elif result["new"]:
        click.echo(f"Version {result['version']} is in force from {result['from']}.")
    else:
        click.echo(f"Unchanged: this is version {result['version']}.")


def _refuse(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, ensure_ascii=False))
    for problem in problems if not as_json else ():
        click.echo(str(problem), err=True)
    sys.exit(1)


def register(group: click.Group) -> None:
    """Add this file's commands."""
    group.add_command(policy)
