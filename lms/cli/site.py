"""`lms init`, `migrate`, `settings`, `worker`."""

import json
import os
import signal
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from lms import clock, outbox, site
from lms.config import variables


@click.command()
@with_appcontext
def init() -> None:
    """Make the instance folder, its database and the secret key."""
    settings = current_app.extensions["lms_settings"]
    site.make_instance(settings.instance)
    site.migrate()
    site.prepare(clock.now())
    click.echo(f"ready: {settings.instance}")


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database's schema up to date."""
    site.migrate()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(as_json: bool) -> None:
    """List every setting with its meaning and default."""
    rows = [{"name": name, "about": about, "default": str(default)} for name, about, default in variables()]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:<20} {row['about']} Default: {row['default'] or 'none'}")


@click.command()
@click.option("--with-parent", type=int, default=None, help="End when this process is no longer the parent.")
@with_appcontext
def worker(with_parent: int | None) -> None:
    """Run jobs as they fall due, until told to stop."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    outbox.work(lambda: stopping or (with_parent is not None and os.getppid() != with_parent))


def register(group: click.Group) -> None:
    """Add this file's commands."""
    for command in (init, migrate, settings, worker):
        group.add_command(command)
