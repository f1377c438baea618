"""The first page: the one next thing to do, and where one stands."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from lms import clock
from lms.access import Permission, requires, signed_in
from lms.certification.queries import OwnCertification, own_certifications
from lms.courses.queries import CourseProgress, course_progress
from lms.home.steps import steps_of
from lms.i18n import language
from lms.policy.queries import policy_in_force
from lms.probation.queries import own_page
from lms.styleguide import specimens
from lms.tiers.queries import ways_of

blueprint = Blueprint("home", __name__)
A_FEW = 6


@blueprint.get("/")
@signed_in
def home() -> Any:
    now, today, stage = clock.now(), clock.today(), current_user.stage
    learns = stage in ("trainee", "on_trial", "agent")
    certifications = own_certifications(current_user.id, today) if learns else []
    ways = ways_of([current_user], today, policy_in_force(today)) if stage == "agent" else []
    way = ways[0] if ways else None
    trial = own_page(current_user, today) if stage in ("trainee", "on_trial") else None
    steps = list(steps_of(current_user, certifications, way, trial, now))
    return render_template(
        "home/home.html",
        steps=steps,
        certifications=certifications,
        learns=learns,
        courses=_ahead(course_progress(current_user.id), certifications) if learns else [],
        trial=trial,
        way=way,
        now=now,
    )


def _ahead(courses: Sequence[CourseProgress], certifications: Sequence[OwnCertification]) -> list[CourseProgress]:
    """The courses still to do of the first certification that is not held; of none such, the next few there are."""
    to_do = [course for course in courses if not course.is_done]
    for own in certifications:
        wanted = own.holding.certification.courses if not own.holding.state.is_held else ()
        if asked := [course for course in to_do if course.slug in wanted]:
            return asked
    return to_do[:A_FEW]


@blueprint.get("/styleguide")
@requires(Permission.AUTHOR, Permission.ADMINISTER)
def styleguide() -> Any:
    """Every part of the look on one page, for whoever builds pages."""
    return render_template("styleguide.html", **specimens(chinese=language() == "zh"))
