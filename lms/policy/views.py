"""The policy in force, readable by everybody who is signed in."""

from typing import Any

from flask import Blueprint, render_template

from lms import clock
from lms.access import signed_in
from lms.certification.operations import live_certifications
from lms.conduct.words import kind_word
from lms.policy import page
from lms.policy.queries import policy_in_force, versions
from lms.tiers import words

blueprint = Blueprint("policy", __name__)


@blueprint.get("/policy")
@signed_in
def show() -> Any:
    """Every number of the policy with what it means."""
    today = clock.today()
    in_force = policy_in_force(today)
    titles = {each.slug: each.titles for each in live_certifications()}
    ladder = in_force.policy.ladder
    return render_template(
        "policy/show.html",
        in_force=in_force,
        policy=in_force.policy,
        versions=versions(),
        today=today,
        titles=titles,
        page=page,
        words=words,
        kind_word=kind_word,
        tier_columns=[words.tier_word(tier) for tier in ladder.steps],
        ladder_rows=page.ladder_rows(ladder, titles),
    )
