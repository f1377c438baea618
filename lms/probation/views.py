"""Trials as the learner, the mentor and the manager see them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from lms import clock
from lms.access import Permission, or_404, person_or_404, requires, signed_in
from lms.db import writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext
from lms.policy.queries import policy_in_force
from lms.probation import operations, pages, queries, words
from lms.probation import shifts as acts
from lms.probation.figures import state_of
from lms.probation.forms import AttendanceForm, CloseForm, DecisionForm, RubricForm, ShiftForm, moment_of
from lms.probation.models import Shift
from lms.probation.rules import Decision, why_not_check_in

blueprint = Blueprint("probation", __name__)


# -- the learner ---------------------------------------------------------------------------------------


@blueprint.get("/probation")
@signed_in
def own() -> Any:
    page = queries.own_page(current_user, clock.today())
    return render_template("probation/own.html", page=page, now=clock.now(), words=words)


@blueprint.get("/shifts")
@signed_in
def shifts() -> Any:
    now = clock.now()
    policy = policy_in_force(clock.today()).policy.hours
    rows = queries.shifts_of(current_user)
    open_now = {row.id for row in rows if why_not_check_in(state_of(row), now, policy) is None}
    return render_template(
        "probation/shifts.html", rows=rows, open_now=open_now, policy=policy, now=now, words=words
    )


@blueprint.post("/shifts/<int:shift_id>/check-in")
@signed_in
@writes
def own_check_in(shift_id: int) -> Any:
    shift = or_404(queries.own_shift(shift_id, current_user))
    acts.check_in(shift, actor=current_user, now=clock.now())
    flash(gettext("You are checked in."), "success")
    return redirect(url_for(".shifts"), 303)


# -- the mentor ----------------------------------------------------------------------------------------


@blueprint.get("/mentees")
@requires(Permission.RECORD_ATTENDANCE)
def mentees() -> Any:
    rows = queries.probation_rows(current_user, clock.now(), Permission.RECORD_ATTENDANCE)
    return render_template("probation/mentees.html", rows=rows, now=clock.now(), words=words)


@blueprint.get("/mentees/<int:person_id>")
@requires(Permission.RECORD_ATTENDANCE)
def mentee(person_id: int) -> Any:
    return pages.mentee_page(person_or_404(person_id, Permission.RECORD_ATTENDANCE), None)


@blueprint.post("/mentees/<int:person_id>/shifts")
@requires(Permission.RECORD_ATTENDANCE)
@writes
def plan_shift(person_id: int) -> Any:
    person, form = person_or_404(person_id, Permission.RECORD_ATTENDANCE), ShiftForm()
    if not form.validate():
        return pages.mentee_page(person, form), 422
    try:
        acts.schedule_shift(person, form.slot, actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return pages.mentee_page(person, form), refused.status
    flash(gettext("The shift is planned."), "success")
    return redirect(url_for(".mentee", person_id=person_id), 303)


@blueprint.post("/mentees/<int:person_id>/activities/<activity>/sign")
@requires(Permission.SCORE_SHIFTS)
@writes
def sign(person_id: int, activity: str) -> Any:
    person = person_or_404(person_id, Permission.SCORE_SHIFTS)
    probation = or_404(queries.latest_probation(person))
    operations.sign_activity(probation, activity, actor=current_user, now=clock.now())
    flash(gettext("The activity is signed off."), "success")
    return redirect(url_for(".mentee", person_id=person_id, _anchor=f"activity-{activity}"), 303)


@blueprint.get("/shifts/<int:shift_id>")
@requires(Permission.RECORD_ATTENDANCE)
def shift(shift_id: int) -> Any:
    return pages.shift_page(_shift_or_404(shift_id, Permission.RECORD_ATTENDANCE))


@blueprint.post("/shifts/<int:shift_id>/attendance")
@requires(Permission.RECORD_ATTENDANCE)
@writes
def attendance(shift_id: int) -> Any:
    found, form = _shift_or_404(shift_id, Permission.RECORD_ATTENDANCE), AttendanceForm()
    if not form.validate():
        return pages.shift_page(found, attendance=form), 422
    try:
        acts.record_attendance(found, moment_of(form.came_at.data), actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return pages.shift_page(found, attendance=form), refused.status
    flash(gettext("The attendance is recorded."), "success")
    return redirect(url_for(".shift", shift_id=shift_id), 303)


@blueprint.post("/shifts/<int:shift_id>/close")
@requires(Permission.RECORD_ATTENDANCE)
@writes
def close(shift_id: int) -> Any:
    found, form = _shift_or_404(shift_id, Permission.RECORD_ATTENDANCE), CloseForm()
    if not form.validate():
        return pages.shift_page(found, close=form), 422
    try:
        acts.close_shift(found, **form.figures, actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return pages.shift_page(found, close=form), refused.status
    flash(gettext("The shift is closed and its hours are credited."), "success")
    return redirect(url_for(".shift", shift_id=shift_id), 303)


@blueprint.post("/shifts/<int:shift_id>/score")
@requires(Permission.SCORE_SHIFTS)
@writes
def score(shift_id: int) -> Any:
    found, form = _shift_or_404(shift_id, Permission.SCORE_SHIFTS), RubricForm()
    if not form.validate():
        return pages.shift_page(found, rubric=form), 422
    try:
        acts.score_shift(
            found,
            form.scores,
            form.comment.data,
            form.recommends.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return pages.shift_page(found, rubric=form), refused.status
    flash(gettext("The shift is scored."), "success")
    return redirect(url_for(".shift", shift_id=shift_id), 303)


@blueprint.post("/shifts/<int:shift_id>/cancel")
@requires(Permission.RECORD_ATTENDANCE)
@writes
def cancel(shift_id: int) -> Any:
    found = _shift_or_404(shift_id, Permission.RECORD_ATTENDANCE)
    person_id = found.person_id
    acts.cancel_shift(found, actor=current_user, now=clock.now())
    flash(gettext("The shift is cancelled."), "success")
    return redirect(url_for(".mentee", person_id=person_id), 303)


# -- the manager ---------------------------------------------------------------------------------------


@blueprint.get("/team/probation")
@requires(Permission.SEE_CONDUCT)
def team() -> Any:
    rows = queries.probation_rows(current_user, clock.now(), Permission.SEE_CONDUCT)
    trainees = queries.people_at("trainee", current_user, Permission.DECIDE)
    return render_template("probation/team.html", rows=rows, trainees=trainees, words=words)


@blueprint.get("/team/probation/<int:person_id>")
@requires(Permission.SEE_CONDUCT)
def case(person_id: int) -> Any:
    return pages.case_page(person_or_404(person_id, Permission.SEE_CONDUCT), None)


@blueprint.post("/team/probation/<int:person_id>")
@requires(Permission.DECIDE)
@writes
def decide(person_id: int) -> Any:
    person, form = person_or_404(person_id, Permission.DECIDE), DecisionForm()
    if not form.validate():
        return pages.case_page(person, form), 422
    try:
        operations.decide_probation(
            person,
            Decision(form.decision.data),
            form.reason.data,
            token=form.token.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return pages.case_page(person, form), refused.status
    flash(gettext("The decision is recorded."), "success")
    return redirect(url_for(".case", person_id=person_id), 303)


@blueprint.get("/team/probation/<int:person_id>/start")
@requires(Permission.DECIDE)
def confirm_start(person_id: int) -> Any:
    return pages.start_page(person_or_404(person_id, Permission.DECIDE), None)


@blueprint.post("/team/probation/<int:person_id>/start")
@requires(Permission.DECIDE)
@writes
def start(person_id: int) -> Any:
    person = person_or_404(person_id, Permission.DECIDE)
    form, plans, mentors = pages.start_form(person)
    if not form.validate():
        return pages.start_page(person, form), 422
    plan = next(each for each in plans if each.id == form.plan.data)
    mentor = next(each for each in mentors if each.id == form.mentor.data)
    try:
        operations.start_probation(person, plan, mentor, actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return pages.start_page(person, form), refused.status
    flash(gettext("The trial has begun."), "success")
    return redirect(url_for(".case", person_id=person_id), 303)


def _shift_or_404(shift_id: int, permission: Permission) -> Shift:
    return or_404(queries.shift_in_reach(shift_id, permission, current_user))
