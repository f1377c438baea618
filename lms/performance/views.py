"""The own figures, and those of the own teams with the form that records a month."""

import secrets
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from lms import clock
from lms.access import Permission, person_or_404, requires
from lms.db import writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext
from lms.i18n import month as say_month
from lms.listing import arrange, sort_and_page
from lms.people.models import Person
from lms.performance import queries
from lms.performance.chats import show_chats
from lms.performance.forms import MonthForm, parse_month, reckoning_form
from lms.performance.operations import Typed, record_month
from lms.performance.rules import (
    KpiPolicy,
    bonus_preview,
    counts,
    daily_load,
    load_state,
    median,
    month_before,
    points_of,
    quality_mean_of,
    score_of,
)
from lms.policy.queries import current_policy

blueprint = Blueprint("performance", __name__)


@dataclass(frozen=True)
class MonthRow:
    """One month as a page shows it; `median` is of the team, None where it would give somebody away."""

    recorded: queries.Recorded
    counts: bool
    load: Decimal | None
    load_state: str | None
    quality: Decimal | None
    base: Decimal
    bonus: Decimal
    median: Decimal | None


def month_row(recorded: queries.Recorded, policy: KpiPolicy, colleagues: list[Decimal]) -> MonthRow:
    """A recorded month with all that follows from it."""
    figures = recorded.figures
    base, bonus = bonus_preview(figures.score, policy.pay)
    return MonthRow(
        recorded=recorded,
        counts=counts(figures, policy),
        load=daily_load(figures),
        load_state=load_state(figures, policy),
        quality=quality_mean_of(recorded.quality),
        base=base,
        bonus=bonus,
        median=median(colleagues, policy.median_min_people),
    )


@blueprint.get("/performance")
@requires(Permission.LEARN)
def own() -> Any:
    """The own months, how a score comes about, and a sheet to work one out."""
    policy = current_policy(clock.today()).kpi
    recorded = queries.months_of([current_user.id]).get(current_user.id, [])
    others = queries.scores_of_colleagues(current_user, [each.month for each in recorded])
    rows = [month_row(each, policy, others.get(each.month, [])) for each in recorded]
    return render_template(
        "performance/own.html",
        rows=rows,
        policy=policy,
        running=clock.today().replace(day=1),
        corrected=queries.corrections_of(current_user.id),
        **_reckoning(policy),
    )


def _reckoning(policy: KpiPolicy) -> dict[str, Any]:
    """The first scheme's form and, when it was filled in, the points and the score."""
    scheme = next(iter(policy.schemes.values()))
    sent = any(measure.id in request.args for measure in scheme.measures)
    form = reckoning_form(scheme)(request.args if sent else None)
    if not sent or not form.validate():
        return {"scheme": scheme, "form": form, "points": None}
    values = {measure.id: form[measure.id].data for measure in scheme.measures}
    score = score_of(values, scheme)
    points = [points_of(values[measure.id], measure) for measure in scheme.measures]
    pay = bonus_preview(score, policy.pay)
    return {"scheme": scheme, "form": form, "points": points, "score": score, "pay": pay}


@dataclass(frozen=True)
class TeamRow:
    """One person of a team in one month; `month` is None where nothing is recorded."""

    person: Person
    month: MonthRow | None


TEAM_KEYS = {
    "name": lambda row: row.person.name,
    "team": lambda row: row.person.team.name if row.person.team else None,
    "kpi": lambda row: row.month.recorded.kpi if row.month else None,
    "load": lambda row: row.month.load if row.month else None,
    "quality": lambda row: row.month.quality if row.month else None,
}


@blueprint.get("/team/performance")
@requires(Permission.READ_KPI)
def team() -> Any:
    """The figures of everybody at work in own teams, one month at a time."""
    month = parse_month(request.args.get("month")) or month_before(clock.today())
    policy = current_policy(clock.today()).kpi
    people = queries.people_measured(current_user)
    recorded = queries.figures_in(month, [person.id for person in people])
    rows = [
        TeamRow(person, month_row(recorded[person.id], policy, []) if person.id in recorded else None)
        for person in people
    ]
    wanted = request.args.get("team", type=int)
    chosen = [row for row in rows if wanted is None or (row.person.team and row.person.team.id == wanted)]
    teams = {row.person.team.id: row.person.team.name for row in rows if row.person.team}
    return render_template(
        "performance/team.html",
        listing=arrange(chosen, TEAM_KEYS, **sort_and_page("name")),
        teams=sorted(teams.items(), key=lambda team: team[1]),
        wanted=wanted,
        month=month,
        months=_last_months(clock.today(), 12),
        agents=sum(row.person.stage == "agent" for row in chosen),
        missing=sum(row.person.stage == "agent" and row.month is None for row in chosen),
        policy=policy,
    )


def _last_months(today: date, number: int) -> list[date]:
    months = [today.replace(day=1)]
    while len(months) < number:
        months.append(month_before(months[-1]))
    return months


def _month_or_404(text: str) -> date:
    month = parse_month(text)
    if month is None or month > clock.today():
        raise NotFound
    return month


@blueprint.get("/team/performance/<int:person_id>/<month>")
@requires(Permission.RECORD_KPI)
def month(person_id: int, month: str) -> Any:
    """The form of one person's month, filled with what is recorded."""
    day = _month_or_404(month)
    person = person_or_404(person_id, Permission.RECORD_KPI)
    recorded = queries.month_of(person.id, day)
    form = MonthForm(formdata=None, token=secrets.token_urlsafe(24))
    if recorded:
        form.kpi.data, form.chats.data = recorded.figures.score, show_chats(recorded.chats)
        form.inquiries.data, form.days.data = recorded.inquiries, recorded.days
    return _month_page(form, person, day, recorded), 200


@blueprint.post("/team/performance/<int:person_id>/<month>")
@requires(Permission.RECORD_KPI)
@writes
def record(person_id: int, month: str) -> Any:
    """Record or correct the month."""
    day = _month_or_404(month)
    person = person_or_404(person_id, Permission.RECORD_KPI)
    form = MonthForm()
    if not form.validate():
        return _month_page(form, person, day, queries.month_of(person.id, day)), 422
    typed = Typed(day, int(form.kpi.data * 100), form.inquiries.data, form.days.data, form.inspected)
    try:
        record_month(person, typed, token=form.token.data, actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return _month_page(form, person, day, queries.month_of(person_id, day)), refused.status
    flash(gettext("%(month)s of %(name)s is recorded.", month=say_month(day), name=person.name), "success")
    return redirect(url_for(".team", month=day.strftime("%Y-%m")), 303)


def _month_page(form: MonthForm, person: Person, day: date, recorded: queries.Recorded | None) -> str:
    return render_template("performance/month.html", form=form, person=person, month=day, recorded=recorded)
