"""The rail: what each person finds in it, by what they may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from lms.access import Permission, may
from lms.errors import N_
from lms.i18n import gettext
from lms.people.models import Person


@dataclass(frozen=True)
class Item:
    """One entry of the rail as the template shows it."""

    label: str
    url: str
    icon: str
    active: bool
    badge: str | None = None


Shows = Callable[[Person], bool]


def _everybody(_person: Person) -> bool:
    return True


def _at(*stages: str) -> Shows:
    return lambda person: person.stage in stages


def _may(*permissions: Permission) -> Shows:
    return lambda person: all(may(person, permission) for permission in permissions)


def _sits_exams(person: Person) -> bool:
    return person.stage is not None or not may(person, Permission.READ_KEYS)


LEADS = _may(Permission.PROPOSE, Permission.READ_KPI)

# Label, endpoint, icon and who is shown it, in reading order.
ENTRIES: tuple[tuple[str, str, str, Shows], ...] = (
    (N_("Home"), "home.home", "home", _everybody),
    (N_("Courses"), "courses.catalogue", "courses", _everybody),
    (N_("Exams"), "exams.index", "exams", _sits_exams),
    (N_("Certificates"), "certification.own", "certificates", _sits_exams),
    (N_("My trial"), "probation.own", "probation", _at("trainee", "on_trial")),
    (N_("Shifts"), "probation.shifts", "shifts", _at("trainee", "on_trial")),
    (N_("My figures"), "performance.own", "performance", _at("agent")),
    (N_("My climb"), "tiers.climb", "tiers", _at("agent")),
    (N_("Conduct"), "conduct.own", "conduct", lambda person: person.stage is not None),
    (N_("Mentees"), "probation.mentees", "mentees", _may(Permission.SCORE_SHIFTS)),
    (N_("Team"), "reports.team", "team", LEADS),
    (N_("Certifications"), "reports.certifications", "certifications", LEADS),
    (N_("On trial"), "probation.team", "probation", LEADS),
    (N_("Performance"), "performance.team", "performance", LEADS),
    (N_("Promotions"), "tiers.promotions", "promotions", LEADS),
    (N_("Question banks"), "banks.index", "banks", _may(Permission.READ_KEYS)),
    (N_("People"), "admin.people", "person", _may(Permission.ADMINISTER)),
    (N_("Teams"), "admin.teams", "team", _may(Permission.ADMINISTER)),
    (N_("Audit"), "admin.audit", "audit", _may(Permission.ADMINISTER)),
    (N_("Rules"), "policy.show", "policy", _everybody),
)

# Pages that belong to an entry of the rail whose feature has several.
RELATIVES = {
    "probation.case": "probation.team",
    "probation.confirm_start": "probation.team",
    "probation.mentee": "probation.mentees",
    "probation.shift": "probation.mentees",
    "performance.month": "performance.team",
    "tiers.promotion": "tiers.promotions",
    "reports.person": "reports.team",
    "conduct.person": "reports.team",
    "conduct.confirm_void": "reports.team",
}


def rail(person: Person) -> list[Item]:
    """The rail of a person; the entry of the page at hand, or of its nearest relative, is active."""
    shown = [entry for entry in ENTRIES if entry[3](person)]
    active = _active([endpoint for _, endpoint, _, _ in shown], request.endpoint or "")
    return [
        Item(gettext(label), url_for(endpoint), icon, endpoint == active)
        for label, endpoint, icon, _ in shown
    ]


def _active(endpoints: list[str], here: str) -> str | None:
    """The entry that a page belongs to: itself, a named relative, else the first one of its feature."""
    here = RELATIVES.get(here, here)
    if here in endpoints:
        return here
    return next((each for each in endpoints if each.split(".")[0] == here.split(".")[0]), None)


def set_up(app: Flask) -> None:
    """Give every page its rail."""

    @app.context_processor
    def _nav() -> dict[str, Any]:
        signed_in = current_user and current_user.is_authenticated
        return {"nav": rail(current_user) if signed_in else [], "demo": app.extensions["lms_settings"].demo}
