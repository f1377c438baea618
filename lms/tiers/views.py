"""The own climb, who qualifies in the own teams, and the decision on a promotion."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from lms import clock
from lms.access import Permission, may, person_or_404, requires, signed_in
from lms.certification.queries import own_certifications
from lms.db import writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext
from lms.listing import arrange, sort_and_page
from lms.people.models import Person
from lms.policy.queries import policy_in_force
from lms.tiers import queries, words
from lms.tiers.forms import PromotionForm
from lms.tiers.operations import decide_promotion
from lms.tiers.queries import Way

blueprint = Blueprint("tiers", __name__)
blueprint.add_app_template_global(words.tier_word, "tier_word")
blueprint.add_app_template_global(words.tier_number, "tier_number")


@blueprint.get("/climb")
@signed_in
def climb() -> Any:
    """The own way to the next tier: each requirement with figure and target, and the earliest date."""
    today = clock.today()
    policy = policy_in_force(today)
    (way,) = queries.ways_of([current_user], today, policy) or (None,)
    steps = {each.holding.certification.slug: each for each in own_certifications(current_user.id, today)}
    return render_template(
        "tiers/climb.html",
        way=way,
        steps=steps,
        today=today,
        titles=queries.certification_titles(),
        history=queries.tier_history([current_user.id]).get(current_user.id, []),
        decisions=queries.decisions_of(current_user.id),
        words=words,
    )


KEYS = {
    "ready": lambda way: (not _qualifies(way), way.climb is None, _open(way), way.person.name),
    "name": lambda way: way.person.name,
    "team": lambda way: way.person.team.name if way.person.team else None,
    "tier": lambda way: words.tier_number(way.facts.tier),
    "earliest": lambda way: way.climb.earliest if way.climb else None,
}


def _qualifies(way: Way) -> bool:
    return way.climb is not None and way.climb.qualifies


def _open(way: Way) -> int:
    return len(way.climb.requirements) - way.climb.met if way.climb else 0


@blueprint.get("/team/promotions")
@requires(Permission.READ_KPI)
def promotions() -> Any:
    """Who of the own teams qualifies for the next tier, who is near, who falls below the keep-line."""
    today = clock.today()
    people = queries.agents_in_reach(current_user, Permission.READ_KPI)
    ways = queries.ways_of(people, today, policy_in_force(today))
    return render_template(
        "tiers/promotions.html",
        listing=arrange(ways, KEYS, **sort_and_page("ready")),
        ready=[way for way in ways if _qualifies(way)],
        below=[way for way in ways if way.below],
        titles=queries.certification_titles(),
        may_decide=may(current_user, Permission.DECIDE),
        words=words,
    )


@blueprint.get("/team/promotions/<int:person_id>")
@requires(Permission.DECIDE)
def promotion(person_id: int) -> Any:
    """One person's requirements with the form that decides."""
    person = person_or_404(person_id, Permission.DECIDE)
    form = PromotionForm(formdata=None, token=secrets.token_urlsafe(24))
    return _promotion_page(form, person), 200


@blueprint.post("/team/promotions/<int:person_id>")
@requires(Permission.DECIDE)
@writes
def decide(person_id: int) -> Any:
    """Promote, defer or refuse."""
    person = person_or_404(person_id, Permission.DECIDE)
    form = PromotionForm()
    if not form.validate():
        return _promotion_page(form, person), 422
    try:
        decision = decide_promotion(
            person,
            form.target.data,
            form.verdict.data,
            form.reason.data.strip(),
            token=form.token.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return _promotion_page(form, person), refused.status
    flash(gettext(words.DECIDED[decision.kind], name=decision.person.name), "success")
    return redirect(url_for(".promotions"), 303)


def _promotion_page(form: PromotionForm, person: Person) -> str:
    today = clock.today()
    (way,) = queries.ways_of([person], today, policy_in_force(today)) or (None,)
    if way is None:
        raise NotFound
    if way.climb and not form.target.data:
        form.target.data = way.climb.target
    return render_template(
        "tiers/promotion.html",
        form=form,
        person=person,
        way=way,
        titles=queries.certification_titles(),
        decisions=queries.decisions_of(person.id),
        words=words,
        sent=request.method == "POST",
    )
