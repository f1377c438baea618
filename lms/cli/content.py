"""`lms check` and `lms load`: the content files, checked without a database, and brought into it."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from lms import clock
from lms.content import Content, check_paths, default_paths
from lms.interchange.changes import Changes
from lms.interchange.source import Problem, errors, read_text
from lms.loading import Scope
from lms.loading import load as load_content
from lms.policy.schema import DEFAULT, PolicyError, parse_policy

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@PATHS
@AS_JSON
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check courses, question banks, exams, programme and policy without a database.

    Each problem is one line on stderr, file:line: what to change. Exit code 1 if there is an error; warnings
    alone give 0. Without PATH, courses and question_banks of the working folder are checked, and the default
    policy. A PATH that is a TOML file outside them is checked as a policy.
    """
    content, problems = _check(paths)
    if as_json:
        _print_json({"problems": [asdict(problem) for problem in problems]})
    else:
        _print_problems(problems)
    if errors(problems):
        sys.exit(1)
    if not as_json:
        click.echo(content.summary())


def _check(paths: Sequence[Path]) -> tuple[Content, list[Problem]]:
    """The content of the paths, and its problems and those of policies."""
    policies = [path for path in paths if _is_policy(path)] if paths else [DEFAULT]
    folders = [path for path in paths if path not in policies] if paths else default_paths()
    content, problems = check_paths(folders)
    return content, sorted([*problems, *(problem for path in policies for problem in _check_policy(path))])


def _is_policy(path: Path) -> bool:
    inside = {"courses", "question_banks"} & set(path.resolve().parts)
    return path.suffix == ".toml" and path.is_file() and not inside


def _check_policy(path: Path) -> list[Problem]:
    text, problems = read_text(path, str(path))
    if not problems:
        try:
            parse_policy(text, str(path))
        except PolicyError as error:
            return list(error.problems)
    return problems


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def _print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.command()
@PATHS
@AS_JSON
@with_appcontext
def load(paths: tuple[Path, ...], as_json: bool) -> None:
    """Bring the content files into the database, all or nothing.

    Without PATH, courses and question_banks of the working folder. Exit code 1 if the files have errors (then
    nothing is loaded) or if there are conflicts (all the rest is loaded).
    """
    content, problems = check_paths(list(paths) or default_paths())
    if errors(problems):
        if as_json:
            _print_json({"problems": [asdict(problem) for problem in problems]})
        else:
            _print_problems(problems)
        sys.exit(1)
    changes = load_content(content, Scope.of(paths or default_paths()), clock.now())
    if as_json:
        _print_json(asdict(changes))
    else:
        _print_changes(changes)
    if changes.conflicts:
        sys.exit(1)


def _print_changes(changes: Changes) -> None:
    click.echo(", ".join(f"{count} {name}" for name, count in changes.counts().items()))
    for name, reason in changes.conflicts:
        click.echo(f"conflict: {name}: {reason}", err=True)


def load_all() -> None:
    """Load the project's content on the way up. Errors end it; conflicts are told and served as they are."""
    paths = default_paths()
    content, problems = check_paths(paths)
    if found := errors(problems):
        _print_problems(found)
        raise click.ClickException("the content has errors; nothing was loaded")
    _print_changes(load_content(content, Scope.of(paths), clock.now()))


def register(group: click.Group) -> None:
    """Add this file's commands."""
    group.add_command(check)
    group.add_command(load)
