"""`lms people link`: a way back in from the server's own command line."""

import json

import pytest
from sqlalchemy import select

from lms.audit import AuditRow
from lms.cli import cli
from lms.db import db
from lms.errors import Refused
from tests import make


def run(app, *arguments):
    db.session.rollback()
    return app.test_cli_runner().invoke(cli, ["people", *arguments])


def test_a_link_made_on_the_command_line_lets_its_person_in(app, client):
    make.person("Root Lin")
    result = run(app, "link", "ROOT lin", "--site", "https://lms.example/", "--json")
    assert result.exit_code == 0
    made = json.loads(result.output)
    assert made["link"].startswith("https://lms.example/welcome/")
    assert made["days"] == 3
    path = made["link"].removeprefix("https://lms.example")
    assert client.post(path, data={"password": "the kettle sings", "again": "the kettle sings"}).status_code == 303
    assert client.post("/login", data={"username": "rootlin", "password": "the kettle sings"}).status_code == 303


def test_it_is_on_the_trail_as_done_by_the_system(app):
    person = make.person("Lin")
    assert "/welcome/" in run(app, "link", "Lin").output
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "link.make")).one()
    assert (row.actor_id, row.subject_id) == (None, person.id)


@pytest.mark.parametrize(("username", "closed"), [("nobody", False), ("Lin", True)])
def test_there_is_none_for_nobody_and_for_a_closed_account(app, username, closed):
    make.person("Lin").is_active = not closed
    db.session.commit()
    result = run(app, "link", username)
    assert isinstance(result.exception, Refused)
    assert "/welcome/" not in result.output
