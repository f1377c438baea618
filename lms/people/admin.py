"""The admin's pages: accounts, roles, teams, the audit trail. An admin runs these and decides on nobody."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from lms import clock
from lms.access import Permission, or_404, person_or_404, requires
from lms.db import db, writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext
from lms.listing import address, sortable
from lms.people import operations, queries, words
from lms.people.forms import MoveForm, PersonForm, RoleForm, TeamForm
from lms.people.links import LINK_HOLDS, make_link
from lms.people.models import ROLES, Person, RoleGrant, Team
from lms.people.trail import read_trail
from lms.web import LARGEST_ID

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

def _person(person_id: int) -> Person:
    return person_or_404(person_id, Permission.ADMINISTER)


def _team(team_id: int | None) -> Team | None:
    return db.session.get(Team, team_id) if team_id else None


def _number(name: str) -> int | None:
    """A number of the address that can be an id or a page; None where there is none."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


@blueprint.get("/people")
@requires(Permission.ADMINISTER)
def people() -> Any:
    asked = request.args
    wanted = queries.Wanted(
        text=asked.get("q", ""), role=asked.get("role", ""), team_id=_number("team") or 0,
        state=asked.get("state", ""), sort=asked.get("sort", "name"), page=_number("page") or 1,
    )  # fmt: skip
    return render_template(
        "admin/people.html", wanted=wanted, found=queries.people_page(wanted), teams=queries.team_choices(),
        roles=ROLES[1:], words=words, address=address, column=partial(sortable, wanted.sort),
    )  # fmt: skip


@blueprint.get("/people/new")
@requires(Permission.ADMINISTER)
def new_person() -> Any:
    return render_template("admin/new_person.html", form=PersonForm(formdata=None).offer(queries.team_choices()))


@blueprint.post("/people/new")
@requires(Permission.ADMINISTER)
@writes
def create_person() -> Any:
    form = PersonForm().offer(queries.team_choices())
    if not form.validate():
        return render_template("admin/new_person.html", form=form), 422
    now = clock.now()
    try:
        person = operations.open_account(
            form.username.data, form.name.data, language=form.language.data, team=_team(form.team.data),
            stage=None if form.stage.data == "staff" else form.stage.data, roles=form.roles.data or [],
            on=clock.day_of(now), actor=current_user, now=now,
        )  # fmt: skip
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("admin/new_person.html", form=form), refused.status
    return _show_link(person, 201)


def _show_link(person: Person, status: int) -> Any:
    """A new one-time link, in this one answer only: the database keeps no more than its hash."""
    token = make_link(person, actor=current_user, now=clock.now())
    url = url_for("people.welcome", token=token, _external=True)
    return render_template("admin/link.html", person=person, link=url, days=LINK_HOLDS.days), status


@blueprint.get("/people/<int:person_id>")
@requires(Permission.ADMINISTER)
def person(person_id: int) -> Any:
    return _person_page(_person(person_id))


def _person_page(
    person: Person, *, role: RoleForm | None = None, move: MoveForm | None = None, status: int = 200
) -> Any:
    teams = queries.team_choices()
    return render_template(
        "admin/person.html", person=person, history=queries.history_of(person), words=words,
        role_form=(role or RoleForm(formdata=None)).offer(teams),
        move_form=(move or MoveForm(formdata=None, team=person.team.id if person.team else None)).offer(teams),
        last_sign_in=queries.last_sign_in(person), link_until=queries.link_holds_until(person, clock.now()),
    ), status  # fmt: skip


@blueprint.post("/people/<int:person_id>/roles")
@requires(Permission.ADMINISTER)
@writes
def give_role(person_id: int) -> Any:
    person, form, now = _person(person_id), RoleForm().offer(queries.team_choices()), clock.now()
    if not form.validate():
        return _person_page(person, role=form, status=422)
    try:
        operations.grant_role(
            person, form.role.data, clock.day_of(now), team=_team(form.of_team.data), actor=current_user, now=now
        )
    except Refused as refused:
        show_refusal(form, refused)
        return _person_page(person, role=form, status=refused.status)
    flash(gettext("%(name)s has the role from now on.", name=person.name), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/roles/<int:grant_id>/end")
@requires(Permission.ADMINISTER)
@writes
def take_role(person_id: int, grant_id: int) -> Any:
    person, now = _person(person_id), clock.now()
    grant = or_404(db.session.scalar(
        select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.person_id == person_id)
    ))
    operations.end_role(person, grant.role, clock.day_of(now), team=grant.team, actor=current_user, now=now)
    flash(gettext("%(name)s no longer has the role.", name=person.name), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/team")
@requires(Permission.ADMINISTER)
@writes
def move(person_id: int) -> Any:
    person, form, now = _person(person_id), MoveForm().offer(queries.team_choices()), clock.now()
    if not form.validate():
        return _person_page(person, move=form, status=422)
    team = or_404(_team(form.team.data))
    try:
        operations.refuse_on_oneself(person, current_user)
        operations.join_team(person, team, clock.day_of(now), actor=current_user, now=now)
    except Refused as refused:
        show_refusal(form, refused)
        return _person_page(person, move=form, status=refused.status)
    flash(gettext("%(name)s belongs to %(team)s now.", name=person.name, team=team.name), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/close")
@requires(Permission.ADMINISTER)
@writes
def close(person_id: int) -> Any:
    person = _person(person_id)
    operations.set_active(person, False, actor=current_user, now=clock.now())
    flash(gettext("%(name)s is signed out everywhere and cannot sign in any more.", name=person.name), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/reopen")
@requires(Permission.ADMINISTER)
@writes
def reopen(person_id: int) -> Any:
    person = _person(person_id)
    operations.set_active(person, True, actor=current_user, now=clock.now())
    flash(gettext("%(name)s can sign in again.", name=person.name), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/link")
@requires(Permission.ADMINISTER)
@writes
def new_link(person_id: int) -> Any:
    person = _person(person_id)
    operations.refuse_on_oneself(person, current_user)
    return _show_link(person, 200)


@blueprint.get("/teams")
@requires(Permission.ADMINISTER)
def teams() -> Any:
    return _teams_page(TeamForm(formdata=None))


def _teams_page(form: TeamForm, status: int = 200) -> Any:
    form.offer(queries.team_choices())
    return render_template("admin/teams.html", form=form, tree=queries.team_tree(), words=words), status


@blueprint.post("/teams")
@requires(Permission.ADMINISTER)
@writes
def create_team() -> Any:
    form = TeamForm().offer(queries.team_choices())
    if not form.validate():
        return _teams_page(form, 422)
    try:
        operations.create_team(form.name.data, _team(form.parent.data), actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return _teams_page(form, refused.status)
    said = gettext("The team %(name)s is there now. Move people into it from their pages.", name=form.name.data)
    flash(said, "success")
    return redirect(url_for(".teams"), 303)


@blueprint.get("/audit")
@requires(Permission.ADMINISTER)
def audit() -> Any:
    person, act = request.args.get("person", ""), request.args.get("act", "")
    trail = read_trail(person, act, _number("before"))
    return render_template("admin/audit.html", trail=trail, person=person, act=act, acts=words.ACTS, address=address)
