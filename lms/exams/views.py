"""The exam pages, and the same addresses as JSON for clients that ask for it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from lms import clock, i18n
from lms.access import Permission, or_404, requires, wants_json
from lms.db import db, writes
from lms.errors import Refused
from lms.exams import forms, operations, papers, queries, results, shapes
from lms.i18n import gettext, say
from lms.people.models import Person

blueprint = Blueprint("exams", __name__)

ATTEMPT = "/attempts/<int:attempt_id>"
POSITION = "<int(max=32767):position>"


@blueprint.get("/exams")
@requires(Permission.SIT_EXAMS)
def index() -> Any:
    return render_template("exams/index.html", cards=queries.exam_cards(current_user, clock.now()))


@blueprint.get("/exams/<slug>")
@requires(Permission.SIT_EXAMS)
def show(slug: str) -> Any:
    exam = or_404(queries.live_exam(slug))
    card = queries.exam_card(exam, current_user, clock.now())
    return render_template("exams/show.html", card=card, courses=queries.courses_to_do(exam, current_user))


@blueprint.post("/exams/<slug>/start")
@requires(Permission.SIT_EXAMS)
@writes
def start(slug: str) -> Any:
    exam, person = or_404(queries.live_exam(slug)), db.session.get_one(Person, current_user.id)
    attempt, is_new = operations.start_attempt(
        exam, person, language=i18n.language(), actor=person, now=clock.now()
    )
    if not is_new:
        flash(gettext("You have this attempt open already. Go on where you were."), "info")
    return redirect(url_for(".sit", attempt_id=attempt.id), 303)


@blueprint.get(ATTEMPT)
@requires(Permission.SIT_EXAMS)
def sit(attempt_id: int) -> Any:
    now, language = clock.now(), i18n.language()
    attempt = or_404(queries.own_attempt(attempt_id, current_user))
    if wants_json():
        return jsonify(shapes.paper(attempt, queries.paper_of(attempt, language), language, now))
    if papers.state_of(attempt, now) != "open":
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    questions = queries.paper_of(attempt, language)
    return render_template(
        "exams/sit.html",
        attempt=attempt,
        questions=questions,
        remaining=papers.sitting_of(attempt).remaining_s(now),
        zone=clock.zone().key,
    )


@blueprint.put(f"{ATTEMPT}/answers/{POSITION}")
@requires(Permission.SIT_EXAMS)
def save(attempt_id: int, position: int) -> Any:
    """Save one answer. When the request came in decides, not when its turn to write comes."""
    now, person_id = clock.now(), current_user.id
    try:
        return jsonify(_save(attempt_id, person_id, position, request.get_json(force=True, silent=True), now))
    except operations.StaleAnswer as stale:
        return jsonify(error=say(stale.reason), current=shapes.answer(stale.current)), 409
    except Refused as refused:
        return jsonify(error=say(refused.reason)), refused.status


@writes
def _save(attempt_id: int, person_id: int, position: int, body: Any, now: datetime) -> dict[str, Any]:
    attempt = or_404(operations.hold_attempt(attempt_id, person_id))
    saved = or_404(operations.save_answer(attempt, position, forms.read_answer(body), now=now))
    return {"saved_at": saved.saved_at.isoformat(), "seq": saved.seq, **shapes.timing(attempt, now)}


@blueprint.post(ATTEMPT)
@requires(Permission.SIT_EXAMS)
def save_all(attempt_id: int) -> Any:
    """The whole paper as a plain form, for browsers without scripts."""
    kept, then_review = _save_all(attempt_id, current_user.id, clock.now())
    if kept:
        flash(
            gettext("Newer answers from another window were kept: %(questions)s.", questions=i18n.listed(kept)),
            "warning",
        )
    return redirect(url_for(".review" if then_review else ".sit", attempt_id=attempt_id), 303)


@writes
def _save_all(attempt_id: int, person_id: int, now: datetime) -> tuple[tuple[int, ...], bool]:
    attempt = or_404(operations.hold_attempt(attempt_id, person_id))
    form = forms.read_paper(request.form)
    return operations.save_paper(attempt, form.answers, now=now), form.then_review


@blueprint.get(f"{ATTEMPT}/submit")
@requires(Permission.SIT_EXAMS)
def review(attempt_id: int) -> Any:
    """What is unanswered and what is flagged, before handing in."""
    now = clock.now()
    attempt = or_404(queries.own_attempt(attempt_id, current_user))
    if papers.state_of(attempt, now) != "open":
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    questions = queries.paper_of(attempt, i18n.language())
    left = papers.sitting_of(attempt).remaining_s(now)
    return render_template("exams/review.html", attempt=attempt, questions=questions, remaining=left)


@blueprint.post(f"{ATTEMPT}/submit")
@requires(Permission.SIT_EXAMS)
def submit(attempt_id: int) -> Any:
    _submit(attempt_id, clock.now())
    if wants_json():
        return result(attempt_id)
    return redirect(url_for(".result", attempt_id=attempt_id), 303)


@writes
def _submit(attempt_id: int, now: datetime) -> None:
    attempt = or_404(queries.own_attempt(attempt_id, current_user))
    operations.submit_attempt(attempt, actor=attempt.person, now=now)


@blueprint.get(f"{ATTEMPT}/result")
@requires(Permission.SIT_EXAMS)
def result(attempt_id: int) -> Any:
    now = clock.now()
    attempt = or_404(queries.own_attempt(attempt_id, current_user))
    if papers.state_of(attempt, now) == "open":
        if wants_json():
            return jsonify(shapes.unfinished(attempt, now))
        return redirect(url_for(".sit", attempt_id=attempt_id), 303)
    found = results.result_of(attempt, i18n.language())
    if wants_json():
        return jsonify(shapes.result(found))
    return render_template("exams/result.html", result=found)
