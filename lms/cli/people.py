"""`lms people link USERNAME`: a way back in for whoever has no admin to ask."""

import json

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from lms import clock
from lms.db import db, writes
from lms.errors import N_, Reason, Refused
from lms.people.links import LINK_HOLDS, make_link
from lms.people.models import Person
from lms.people.rules import name_key


@click.group()
def people() -> None:
    """Accounts."""


@people.command()
@click.argument("username")
@click.option("--site", default="http://127.0.0.1:5000", show_default=True, help="Where the site is reached.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def link(username: str, site: str, as_json: bool) -> None:
    """Make a one-time link with which the person of a user name sets a new password."""
    address = f"{site.rstrip('/')}/welcome/{_make(username)}"
    if as_json:
        click.echo(json.dumps({"username": username, "link": address, "days": LINK_HOLDS.days}))
        return
    click.echo(f"{address}\nIt works once and for {LINK_HOLDS.days} days; links made earlier no longer work.")


@writes
def _make(username: str) -> str:
    person = db.session.scalar(select(Person).where(Person.username_key == name_key(username)))
    if person is None:
        raise Refused(Reason(N_("Nobody has the user name %(name)s."), name=username))
    return make_link(person, actor=None, now=clock.now())


def register(group: click.Group) -> None:
    """Add this file's commands."""
    group.add_command(people)
