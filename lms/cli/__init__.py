"""The `lms` command. Exit codes: 0 done, 1 refused or content errors, 2 wrong usage."""

import sys
from importlib import import_module

import click
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from lms import create_app
from lms.config import SettingsError
from lms.db import lacks_table
from lms.errors import Refused

MODULES = ("serve", "site", "content", "bank", "people", "policy", "review")


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def cli() -> None:
    """Training and certification for customer-service agents."""


for name in MODULES:
    import_module(f"lms.cli.{name}").register(cli)


def main() -> None:
    """Run a command; a refusal or a bad setting is one line on stderr."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (Refused, SettingsError) as error:
        click.echo(f"lms: {error}", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError) as error:
        if lacks_table(error):
            click.echo("lms: the database is empty or of an older version; `lms init` sets it up", err=True)
        elif isinstance(error, OperationalError):
            click.echo(f"lms: the database did not answer: {error.orig}", err=True)
        else:
            raise
        sys.exit(1)
