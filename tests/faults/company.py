"""The demo company's people and things as the tests of routes name them."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from lms.conduct.models import LedgerEntry
from lms.db import db
from lms.people.models import (
    Decision,
    Membership,
    OneTimeLink,
    Person,
    RoleGrant,
    StageSpan,
    Team,
    TierSpan,
)
from lms.performance.models import KpiMonth
from tests.conftest import Client, new_client

POWER = (RoleGrant, StageSpan, TierSpan, Membership, Team, Decision, LedgerEntry, KpiMonth, OneTimeLink)


def person(username: str) -> Person:
    return db.session.scalars(select(Person).where(Person.username == username)).one()


def window_of(app: Flask, username: str, language: str = "en") -> Client:
    """A client of a person of the demo; of a visitor where the name is empty."""
    client = new_client(app)
    if username:
        return client.sign_in(person(username), language=language)
    with client.session_transaction() as session:
        session["language"] = language
    return client


def routes(app: Flask, *methods: str) -> list[Rule]:
    """The routes that take one of the methods."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if rule.methods & set(methods) and rule.endpoint != "static"),
        key=str,
    )


def address(rule: Rule, values: dict[str, Any]) -> str:
    """The address of a route, arguments put in as they are: wrong ones too."""
    return "".join(str(values[part]) if is_argument else part for is_argument, part in rule._trace).partition("|")[2]


def who_holds_what() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that makes somebody what they are: accounts, roles, spans, teams, decisions, ledger, figures."""
    db.session.rollback()
    held = {
        model.__tablename__: [tuple(row) for row in db.session.execute(select(model.__table__).order_by("id"))]
        for model in POWER
    }
    accounts = select(Person.id, Person.username, Person.name, Person.is_active, Person.password_hash)
    return {**held, "person": [tuple(row) for row in db.session.execute(accounts.order_by(Person.id))]}
