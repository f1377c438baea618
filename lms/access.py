"""Who may do what: roles to permissions, the declaration every route carries, and scoped loaders.

A permission comes with a reach: to oneself, to one's mentees, to the own group, to own teams and
those below them, or to everybody. Two roles on one person add up. Nobody acts on themselves.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, Response, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from lms.db import db
from lms.errors import N_, Reason, Refused
from lms.people.models import Membership, Mentorship, Person, Team

V = TypeVar("V", bound=Callable[..., Any])


class Permission(StrEnum):
    """An act of the permission table."""

    LEARN = "learn"  # take courses, practise, see the own record
    SIT_EXAMS = "sit exams"
    SEE_PROGRESS = "see progress"  # a person's courses, scores and certifications
    SEE_SHIFTS = "see shifts"
    SEE_CONDUCT = "see conduct"
    SCORE_SHIFTS = "score shifts"  # rubric, and signing activities
    RECORD_ATTENDANCE = "record attendance"
    READ_KEYS = "read keys"  # banks, exams, papers
    AUTHOR = "author"  # courses, banks, exams
    PROPOSE = "propose"
    DECIDE = "decide"  # probation, conduct, promotion, regrade, cheating
    READ_KPI = "read KPI"
    RECORD_KPI = "record KPI"
    ADMINISTER = "administer"  # accounts, teams, roles, policy, audit, backup


class Reach(StrEnum):
    """Whom a permission extends to."""

    SELF = "self"
    MENTEES = "mentees"
    GROUP = "group"
    TEAMS = "teams"
    ALL = "all"


OWN = {Permission.LEARN: Reach.SELF, Permission.SIT_EXAMS: Reach.SELF}

GRANTS: dict[str, dict[Permission, Reach]] = {
    "learner": OWN,
    "mentor": {
        Permission.SEE_PROGRESS: Reach.MENTEES,
        Permission.SEE_SHIFTS: Reach.MENTEES,
        Permission.SCORE_SHIFTS: Reach.MENTEES,
        Permission.RECORD_ATTENDANCE: Reach.MENTEES,
        Permission.PROPOSE: Reach.MENTEES,
    },
    "trainer": {
        Permission.SEE_PROGRESS: Reach.ALL,
        Permission.READ_KEYS: Reach.ALL,
        Permission.AUTHOR: Reach.ALL,
    },
    "inspector": {},
    "team_lead": {
        Permission.SEE_PROGRESS: Reach.GROUP,
        Permission.SEE_SHIFTS: Reach.GROUP,
        Permission.SEE_CONDUCT: Reach.GROUP,
        Permission.RECORD_ATTENDANCE: Reach.GROUP,
        Permission.PROPOSE: Reach.GROUP,
        Permission.READ_KPI: Reach.GROUP,
    },
    "manager": {
        Permission.SEE_PROGRESS: Reach.TEAMS,
        Permission.SEE_SHIFTS: Reach.TEAMS,
        Permission.SEE_CONDUCT: Reach.TEAMS,
        Permission.SCORE_SHIFTS: Reach.TEAMS,
        Permission.RECORD_ATTENDANCE: Reach.TEAMS,
        Permission.READ_KEYS: Reach.ALL,
        Permission.PROPOSE: Reach.TEAMS,
        Permission.DECIDE: Reach.TEAMS,
        Permission.READ_KPI: Reach.TEAMS,
        Permission.RECORD_KPI: Reach.TEAMS,
    },
    "admin": {Permission.ADMINISTER: Reach.ALL},
}

# Acts that nobody performs on themselves, whatever their roles.
NEVER_ON_ONESELF = {
    Permission.SCORE_SHIFTS,
    Permission.RECORD_ATTENDANCE,
    Permission.PROPOSE,
    Permission.DECIDE,
    Permission.RECORD_KPI,
}


def may(person: Person, permission: Permission) -> bool:
    """Whether any of a person's roles carries the permission, whomever it reaches."""
    return any(permission in GRANTS[role] for role in person.roles)


def reachable(actor: Person, permission: Permission) -> ColumnElement[bool]:
    """A condition on `Person` rows: those the actor's roles reach with this permission.

    The actor is not among them for an act that nobody does on themselves.
    """
    reaches: list[ColumnElement[bool]] = []
    if permission in OWN:
        reaches.append(Person.id == actor.id)
    for grant in actor.grants:
        reach = GRANTS[grant.role].get(permission)
        if reach is Reach.ALL:
            reaches.append(true())
        elif reach is Reach.MENTEES:
            reaches.append(Person.id.in_(_mentees_of(actor)))
        elif reach is Reach.GROUP:
            reaches.append(Person.id.in_(_members(Team.id == grant.team_id)))
        elif reach is Reach.TEAMS and grant.team is not None:
            reaches.append(Person.id.in_(_members(Team.path.startswith(grant.team.path, autoescape=True))))
    reached = or_(false(), *reaches)
    return and_(reached, Person.id != actor.id) if permission in NEVER_ON_ONESELF else reached


def _members(team: ColumnElement[bool]) -> Any:
    return (
        select(Membership.person_id)
        .join(Team, Team.id == Membership.team_id)
        .where(team, Membership.ends_on.is_(None))
    )


def _mentees_of(actor: Person) -> Any:
    return select(Mentorship.mentee_id).where(Mentorship.mentor_id == actor.id, Mentorship.ends_on.is_(None))


def person_or_404(person_id: int, permission: Permission, actor: Person | None = None) -> Person:
    """The person, if the actor's permission reaches them; 404 otherwise: their existence is not given away.

    Refused (403) where the person is the actor and the act is one nobody does on themselves.
    """
    actor = actor or current_user
    if person_id == actor.id and permission in NEVER_ON_ONESELF and may(actor, permission):
        raise Refused(Reason(N_("Nobody does this on themselves. Ask another manager.")), 403)
    found = db.session.scalar(
        select(Person).where(Person.id == person_id, reachable(actor, permission)).limit(1)
    )
    if found is None:
        raise NotFound
    return found


def or_404(found: Any | None) -> Any:
    """What was looked up, or 404 where there is none."""
    if found is None:
        raise NotFound
    return found


def public(view: V) -> V:
    """Anybody may open this route, signed in or not."""
    view.lms_access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """Everybody with an account may open this route."""
    view.lms_access = "signed in"  # type: ignore[attr-defined]
    return view


def requires(*permissions: Permission) -> Callable[[V], V]:
    """Only people with one of the permissions may open this route. Whom it reaches, the loader decides."""

    def mark(view: V) -> V:
        view.lms_access = permissions  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> Any:
    """What a route declared: "public", "signed in", a tuple of permissions, or None where it declared nothing."""
    return getattr(app.view_functions[endpoint], "lms_access", None)


def check_access() -> Response | None:
    """Before each request: who is not signed in is sent to sign in, who lacks the permission is refused."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    declared = access_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if declared == "public":
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if declared == "signed in":
        return None
    if declared is None or not any(may(current_user, permission) for permission in declared):
        raise Forbidden
    return None


def wants_json() -> bool:
    """Whether the client asked for JSON rather than a page, by what it likes best: `Accept` may carry parameters.

    No form of a page sends PUT: whoever does is a program.
    """
    if request.method == "PUT":
        return True
    for value, _quality in request.accept_mimetypes:
        kind = value.split(";")[0].strip().lower()
        if kind == "application/json":
            return True
        if kind in ("text/html", "application/xhtml+xml", "text/*", "*/*"):
            return False
    return False


def _ask_to_sign_in() -> Response:
    if request.is_json or wants_json():
        raise Unauthorized
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else _page_before()
    return redirect(url_for("people.login", next=back), 303)  # type: ignore[return-value]


def _page_before() -> str | None:
    """The page of ours that a form was sent from, to come back to after signing in."""
    before, ours = request.referrer or "", request.host_url
    return before.removeprefix(ours.rstrip("/")) if before.startswith(ours) else None


def set_up(app: Flask) -> None:
    """Check every request, and let templates ask `may("author")`."""
    app.before_request(check_access)
    app.jinja_env.globals["may"] = lambda name: (
        current_user.is_authenticated and may(current_user, Permission(name))
    )
