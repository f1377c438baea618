"""The rail: what each person finds in it, by what they may do."""

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


def _entries(person: Person) -> list[tuple[str, str, str]]:
    """Label, endpoint and icon of what a person may open, in reading order."""
    stage = person.stage
    entries = [(N_("Home"), "home.home", "home"), (N_("Courses"), "courses.catalogue", "courses")]
    if stage is not None or not may(person, Permission.READ_KEYS):
        entries += [
            (N_("Exams"), "exams.index", "exams"),
            (N_("Certificates"), "certification.own", "certificates"),
        ]
    if stage in ("trainee", "on_trial"):
        entries += [
            (N_("My trial"), "probation.own", "probation"),
            (N_("Shifts"), "probation.shifts", "shifts"),
        ]
    if stage == "agent":
        entries += [
            (N_("My figures"), "performance.own", "performance"),
            (N_("My climb"), "tiers.climb", "tiers"),
        ]
    if stage is not None:
        entries.append((N_("Conduct"), "conduct.own", "conduct"))
    if may(person, Permission.SCORE_SHIFTS):
        entries.append((N_("Mentees"), "probation.mentees", "mentees"))
    if may(person, Permission.PROPOSE) and may(person, Permission.READ_KPI):
        entries += [
            (N_("Team"), "reports.team", "team"),
            (N_("Certifications"), "reports.certifications", "certifications"),
            (N_("On trial"), "probation.team", "probation"),
            (N_("Performance"), "performance.team", "performance"),
            (N_("Promotions"), "tiers.promotions", "promotions"),
        ]
    if may(person, Permission.READ_KEYS):
        entries.append((N_("Question banks"), "banks.index", "banks"))
    if may(person, Permission.ADMINISTER):
        entries += [
            (N_("People"), "admin.people", "person"),
            (N_("Teams"), "admin.teams", "team"),
            (N_("Audit"), "admin.audit", "audit"),
        ]
    entries.append((N_("Rules"), "policy.show", "policy"))
    return entries


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
    entries = _entries(person)
    active = _active([endpoint for _, endpoint, _ in entries], request.endpoint or "")
    return [
        Item(gettext(label), url_for(endpoint), icon, endpoint == active) for label, endpoint, icon in entries
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
