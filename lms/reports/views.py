"""The manager's first page, the certification matrix, a person's record, and the table as a file."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_login import current_user
from werkzeug.exceptions import NotFound

from lms import clock
from lms.access import Permission, may, requires, signed_in
from lms.conduct.words import MARKS, STATES
from lms.db import db
from lms.i18n import gettext, hundredths
from lms.listing import Listing, address, arrange, sort_and_page
from lms.people.models import STAGES as ORDER_OF_STAGES
from lms.people.models import Person
from lms.performance.rules import month_before
from lms.reports import queries, words
from lms.reports.csv_export import to_csv
from lms.reports.queries import TeamRow
from lms.reports.record import permissions_on, record_of
from lms.reports.rules import Kind
from lms.tiers import words as tier_words
from lms.tiers.queries import certification_titles
from lms.tiers.words import tier_number, tier_word

blueprint = Blueprint("reports", __name__)

KEYS: dict[str, Any] = {
    "needs": lambda row: _pressing(row),
    "name": lambda row: row.person.name,
    "stage": lambda row: ORDER_OF_STAGES.index(row.stage),
    "tier": lambda row: tier_number(row.person.tier) if row.person.tier else None,
    "certification": lambda row: row.held,
    "kpi": lambda row: row.latest.kpi if row.latest else None,
}


def _pressing(row: TeamRow) -> tuple[int, str]:
    kinds = list(Kind)
    return min((kinds.index(need.kind) for need in row.needs), default=len(kinds)), row.person.name


def _filtered(rows: Sequence[TeamRow]) -> list[TeamRow]:
    """The rows that the address asks for by team, stage and certification state."""
    team, stage = request.args.get("team", type=int), request.args.get("stage")
    certification, state = request.args.get("certification"), request.args.get("state")
    return [
        row
        for row in rows
        if (team is None or (row.person.team is not None and row.person.team.id == team))
        and (not stage or row.stage == stage)
        and (not (certification and state) or row.state_of(certification) == state)
    ]


def _listing(rows: Sequence[TeamRow]) -> Listing[TeamRow]:
    return arrange(_filtered(rows), KEYS, **sort_and_page("needs"))


@blueprint.get("/team")
@requires(Permission.READ_KPI)
def team() -> Any:
    """What needs the manager first, then each person of own teams."""
    rows = queries.team_rows(current_user, clock.now())
    return render_template(
        "team/today.html",
        calls=queries.calls_of(rows),
        listing=_listing(rows),
        teams=queries.choices(rows),
        stages=queries.SHOWN,
        everybody=len(rows),
        titles=certification_titles(),
        may_decide=may(current_user, Permission.DECIDE),
        may_record=may(current_user, Permission.RECORD_KPI),
        export=address_of_export(),
        words=words,
    )


def address_of_export() -> str:
    """The same table as a file: same filters, same order."""
    return address(page=None).replace("/team", "/team.csv", 1)


@blueprint.get("/team.csv")
@requires(Permission.READ_KPI)
def export() -> Response:
    """What the team's page shows, as CSV."""
    titles = certification_titles()
    listing = _listing(queries.team_rows(current_user, clock.now()))
    head = [
        gettext("Name"), gettext("Team"), gettext("Stage"), gettext("Tier"), gettext("Certifications"),
        gettext("KPI"), gettext("Due"), gettext("Stuck"),
    ]  # fmt: skip
    data = to_csv(head, ([*_cells(row, titles)] for row in listing.all_rows))
    name = f"team-{clock.today().isoformat()}.csv"
    return Response(
        data,
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _cells(row: TeamRow, titles: words.Titles) -> list[str]:
    person = row.person
    return [
        person.name,
        person.team.name if person.team else "",
        words.stage_word(person.stage),
        tier_word(person.tier) if person.tier else "",
        f"{row.held}/{len(row.holdings)}",
        hundredths(row.latest.kpi) if row.latest else "",
        "; ".join(words.need_text(need, titles) for need in row.due),
        "; ".join(words.need_text(need, titles) for need in row.stuck),
    ]


@blueprint.get("/team/certifications")
@requires(Permission.READ_KPI)
def certifications() -> Any:
    """Everybody in own teams against every certification."""
    rows = queries.team_rows(current_user, clock.now())
    return render_template(
        "team/certifications.html",
        listing=arrange(_filtered(rows), KEYS, **sort_and_page("name")),
        teams=queries.choices(rows),
        stages=queries.SHOWN,
        everybody=len(rows),
        titles=certification_titles(),
        last_month=month_before(clock.today()),
        words=words,
    )


@blueprint.get("/people/<int:person_id>")
@signed_in
def person(person_id: int) -> Any:
    """A person's record, as far as one's permissions reach; 404 where they do not."""
    reached = permissions_on(person_id, current_user)
    if Permission.SEE_PROGRESS not in reached:
        raise NotFound
    someone = db.session.get_one(Person, person_id)
    return render_template(
        "team/person.html",
        record=record_of(someone, reached, clock.now()),
        own=someone.id == current_user.id,
        marks=MARKS,
        states=STATES,
        tier_words=tier_words,
        last_month=month_before(clock.today()),
        titles=certification_titles(),
        words=words,
    )
