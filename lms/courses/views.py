"""The catalogue, lessons and their checks, and the glossary. Opening a page changes nothing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms import clock
from lms.access import Permission, or_404, requires
from lms.courses import checks, forms, outlines, progress, queries, reading, rules
from lms.courses.models import Lesson
from lms.courses.words import AREAS
from lms.db import writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext, language
from lms.policy.queries import current_policy

blueprint = Blueprint("courses", __name__)

LESSON = "/courses/<course>/<lesson>"


@blueprint.get("/courses")
@requires(Permission.LEARN)
def catalogue() -> Any:
    courses = outlines.outlines(current_user.id)
    lessons = [lesson for course in courses for lesson in course.lessons]
    following = outlines.next_lesson_of(lessons)
    return render_template(
        "courses/catalogue.html", courses=courses, lessons=lessons, areas=AREAS, next=following
    )


@blueprint.get("/glossary")
@requires(Permission.LEARN)
def glossary() -> Any:
    return render_template("courses/glossary.html", terms=queries.glossary(language()))


@blueprint.get("/courses/<course>")
@requires(Permission.LEARN)
def show(course: str) -> Any:
    found = or_404(outlines.outline(course, current_user.id))
    return render_template("courses/course.html", course=found, areas=AREAS)


@blueprint.get(LESSON)
@requires(Permission.LEARN)
def lesson(course: str, lesson: str) -> Any:
    return _lesson_page(course, lesson, forms.ReadForm())


def _lesson_page(course: str, lesson: str, form: forms.ReadForm) -> str:
    page = or_404(reading.lesson_page(course, lesson, current_user.id, language()))
    return render_template("courses/lesson.html", page=page, form=form, areas=AREAS)


@blueprint.post(f"{LESSON}/place")
@blueprint.put(f"{LESSON}/place")
@requires(Permission.LEARN)
@writes
def place(course: str, lesson: str) -> Any:
    found = or_404(queries.live_lesson(course, lesson))
    body = request.get_json(silent=True) if request.is_json else request.form
    part = body.get("place") if isinstance(body, dict) else None
    progress.keep_place(found, part if isinstance(part, str) else "", current_user, now=clock.now())
    if request.is_json:
        return "", 204
    flash(gettext("Your place is kept. The lesson opens there next time."), "success")
    return redirect(url_for(".lesson", course=course, lesson=lesson), 303)


@blueprint.post(f"{LESSON}/read")
@requires(Permission.LEARN)
@writes
def read(course: str, lesson: str) -> Any:
    found, form, now = or_404(queries.live_lesson(course, lesson)), forms.ReadForm(), clock.now()
    reader, items, ticked = current_user, checks.items_of(_check_of(found)), form.acknowledged.data
    try:
        done = progress.mark_read(found, items, reader, acknowledged=ticked, actor=reader, now=now)
    except Refused as refused:
        show_refusal(form, refused)
        return _lesson_page(course, lesson, form), refused.status
    asks = items and done.check_passed_at is None
    return redirect(url_for(".check", course=course, lesson=lesson) if asks else _end(course, lesson), 303)


def _check_of(lesson: Lesson) -> list[str]:
    return lesson.current.check if lesson.current else []


def _end(course: str, lesson: str) -> str:
    return url_for(".lesson", course=course, lesson=lesson, _anchor="end")


@blueprint.get(f"{LESSON}/check")
@requires(Permission.LEARN)
def check(course: str, lesson: str) -> Any:
    return _check_page(course, lesson, forms.CheckForm(), {})


def _check_page(course: str, lesson: str, form: forms.CheckForm, chosen: dict[int, tuple[str, ...]]) -> Any:
    outline = or_404(outlines.outline(course, current_user.id))
    row = or_404(outline.lesson(lesson))
    questions = checks.questions_of(row.check, current_user.id, language())
    if not questions:
        return redirect(_end(course, lesson), 303)
    percent = current_policy(clock.today()).lessons.check_pass_percent
    return render_template(
        "courses/check.html",
        course=outline,
        lesson=row,
        questions=questions,
        form=form,
        chosen=chosen,
        needed=rules.needed(len(questions), percent),
    )


@blueprint.post(f"{LESSON}/check")
@requires(Permission.LEARN)
@writes
def answer_check(course: str, lesson: str) -> Any:
    found, now = or_404(queries.live_lesson(course, lesson)), clock.now()
    answers = forms.read_answers(request.form)
    percent = current_policy(clock.day_of(now)).lessons.check_pass_percent
    try:
        sitting = progress.sit_check(
            found,
            checks.items_of(_check_of(found)),
            answers,
            current_user,
            pass_percent=percent,
            actor=current_user,
            now=now,
        )
    except Refused as refused:
        show_refusal(form := forms.CheckForm(), refused)
        return _check_page(course, lesson, form, answers), refused.status
    return redirect(url_for(".result", course=course, lesson=lesson, sitting_id=sitting.id), 303)


@blueprint.get(f"{LESSON}/check/<int:sitting_id>")
@requires(Permission.LEARN)
def result(course: str, lesson: str, sitting_id: int) -> Any:
    outline = or_404(outlines.outline(course, current_user.id))
    row = or_404(outline.lesson(lesson))
    found = or_404(checks.result_of(sitting_id, row.id, current_user.id, language()))
    percent = current_policy(clock.day_of(found.at)).lessons.check_pass_percent
    needed = rules.needed(found.asked, percent)
    return render_template("courses/result.html", course=outline, lesson=row, result=found, needed=needed)
