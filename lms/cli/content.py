"""`lms check` and `lms load`: the content files, checked without a database, and brought into it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from lms.content import check_paths, default_paths
from lms.interchange.source import Problem, errors


def show_problems(problems: Sequence[Problem], *, as_json: bool) -> None:
    """The problems as one JSON document on stdout, or one line each on stderr."""
    if as_json:
        click.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, ensure_ascii=False))
    for problem in problems if not as_json else ():
        click.echo(str(problem), err=True)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check courses, question banks, exams and the programme without a database.

    Each problem is one line, file:line: what to change. Exit code 1 if there is an error; warnings alone give 0.
    Without PATH, the folders courses and question_banks of the current folder are checked.
    """
    content, problems = check_paths(list(paths) or default_paths())
    show_problems(problems, as_json=as_json)
    if errors(problems):
        sys.exit(1)
    if not as_json:
        click.echo(content.summary())
