"""Question banks in the browser: trainers write, managers read, nobody else gets in: keys are shown here."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from lms import clock
from lms.access import Permission, or_404, requires
from lms.banks import export_views, exports, import_start_views, import_views, operations, queries, words
from lms.banks.blueprint import blueprint
from lms.banks.forms import BankForm, FilterForm, QuestionForm, values_of
from lms.banks.models import Bank, Question
from lms.banks.operations import FlawedError
from lms.db import writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext, language
from lms.interchange.records import LANGUAGES, TYPES
from lms.web import LARGEST_ID

PAGES = (export_views, import_start_views, import_views)
"""Modules with more pages of the blueprint: importing them routes them."""
QUESTION = "/banks/<bank>/questions/<slug>"
ONLY_LOOKING = ("preview", "more")


@blueprint.get("/banks")
@requires(Permission.READ_KEYS)
def index() -> Any:
    return render_template("banks/index.html", cards=queries.bank_cards())


@blueprint.get("/banks/new")
@requires(Permission.AUTHOR)
def new_bank() -> Any:
    return render_template("banks/new_bank.html", form=BankForm(None).offer())


@blueprint.post("/banks/new")
@requires(Permission.AUTHOR)
@writes
def create_bank() -> Any:
    form = BankForm().offer()
    if not form.validate():
        return render_template("banks/new_bank.html", form=form), 422
    slug, area = form.slug.data.strip(), form.area.data
    try:
        made = operations.create_bank(slug, area, form.titles, actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("banks/new_bank.html", form=form), refused.status
    return redirect(url_for(".show", bank=made.slug), 303)


@blueprint.get("/banks/<bank>")
@requires(Permission.READ_KEYS)
def show(bank: str) -> Any:
    found = or_404(queries.bank_by_slug(bank))
    form = FilterForm(request.args).offer()
    number = request.args.get("page", 1, type=int)
    page = queries.questions_page(found, form.filters(), request.args.get("sort", ""), number, language())
    languages = exports.counts_of(found, form.filters())
    return render_template("banks/show.html", bank=found, form=form, page=page, languages=languages)


@blueprint.get(QUESTION)
@requires(Permission.READ_KEYS)
def question(bank: str, slug: str) -> Any:
    found = or_404(queries.question_by_slug(bank, slug))
    number = request.args.get("version", found.current.number, type=int)
    version = or_404(queries.version_by_number(found, number) if number <= LARGEST_ID else None)
    texts = {text.language: text for text in version.texts}
    shown = request.args.get("in", language())
    return render_template(
        "banks/question.html",
        question=found,
        version=version,
        texts=texts,
        shown=shown if shown in texts else next(iter(texts)),
        versions=queries.versions_of(found),
        asks_for_word=operations.needs_word_on_one_key(found),
    )


@blueprint.route("/banks/<bank>/questions/new", methods=["GET"])
@requires(Permission.AUTHOR)
def new(bank: str) -> Any:
    found = or_404(queries.bank_by_slug(bank))
    kind = request.args.get("type", "single")
    form = QuestionForm(None).offer(queries.lesson_choices())
    return _form_page(found, None, or_404(kind if kind in TYPES else None), form)


@blueprint.post("/banks/<bank>/questions/new")
@requires(Permission.AUTHOR)
@writes
def create(bank: str) -> Any:
    found = or_404(queries.bank_by_slug(bank))
    kind = or_404(next((each for each in TYPES if each == request.args.get("type")), None))
    form = QuestionForm().offer(queries.lesson_choices())
    act = request.form.get("act", "draft")
    if act in ONLY_LOOKING or not form.validate_on_submit():
        return _form_page(found, None, kind, form, act)
    try:
        made = operations.create_question(
            found,
            form.to_question(kind),
            is_live=act == "live",
            one_key_is_meant=form.one_key_is_meant.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refused as refused:
        return _refused(form, refused, bank, None, kind)
    flash(gettext("The question is saved."), "success")
    return redirect(url_for(".question", bank=bank, slug=made.slug), 303)


@blueprint.get(QUESTION + "/edit")
@requires(Permission.AUTHOR)
def edit(bank: str, slug: str) -> Any:
    found = or_404(queries.question_by_slug(bank, slug))
    values = values_of(operations.content_of(found.current), found.current.number)
    form = QuestionForm(None, data=values).offer(queries.lesson_choices(), values["lesson"])
    return _form_page(found.bank, found, found.current.type, form)


@blueprint.post(QUESTION + "/edit")
@requires(Permission.AUTHOR)
@writes
def save(bank: str, slug: str) -> Any:
    found = or_404(queries.question_by_slug(bank, slug))
    kind = found.current.type
    form = QuestionForm().offer(queries.lesson_choices(), request.form.get("lesson", "")[:200])
    act = request.form.get("act", "save")
    if act in ONLY_LOOKING or not form.validate_on_submit():
        return _form_page(found.bank, found, kind, form, act)
    try:
        saved = operations.edit_question(
            found,
            form.to_question(kind, found.slug),
            based_on=form.based_on,
            one_key_is_meant=form.one_key_is_meant.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refused as refused:
        return _refused(form, refused, bank, slug, kind)
    flash(gettext("The question is saved.") if saved else gettext("Nothing was changed."), "success")
    return redirect(url_for(".question", bank=bank, slug=slug), 303)


@blueprint.post(QUESTION + "/state")
@requires(Permission.AUTHOR)
@writes
def state(bank: str, slug: str) -> Any:
    found = or_404(queries.question_by_slug(bank, slug))
    wanted = request.form.get("state", "")
    if wanted not in words.STATES:
        raise BadRequest
    is_meant = "one_key_is_meant" in request.form
    operations.set_state(found, wanted, one_key_is_meant=is_meant, actor=current_user, now=clock.now())
    flash(gettext("The question is now: %(state)s.", state=gettext(words.STATES[wanted])), "success")
    return redirect(url_for(".question", bank=bank, slug=slug), 303)


@blueprint.post("/banks/<bank>/preview")
@requires(Permission.AUTHOR)
def preview(bank: str) -> Any:
    """What a learner will see of the form as it stands, as a piece of a page: for the form's script."""
    or_404(queries.bank_by_slug(bank))
    kind = or_404(next((each for each in TYPES if each == request.args.get("type")), None))
    form = QuestionForm().offer([], request.form.get("lesson", "")[:200])
    return render_template("banks/_preview.html", previews=_previews(form, kind), kind=kind)


def _form_page(bank: Bank, found: Question | None, kind: str, form: QuestionForm, act: str = "") -> Any:
    """The form; with `preview` or `more`, what was asked for; else with its errors, 422."""
    if act == "more":
        form.add_rows()
    previews = _previews(form, kind) if act else []
    status = 200 if act in ("", *ONLY_LOOKING) else 422
    page = render_template(
        "banks/form.html",
        bank=bank,
        question=found,
        kind=kind,
        form=form,
        previews=previews,
        types=words.TYPES,
    )
    return page, status


def _refused(form: QuestionForm, refused: Refused, bank: str, slug: str | None, kind: str) -> Any:
    """The form again with all that was typed and what is wrong with it."""
    show_refusal(form, refused)
    if isinstance(refused, FlawedError):
        form.show_flaws(refused.flaws)
    found = queries.question_by_slug(bank, slug) if slug else None
    page, _status = _form_page(or_404(queries.bank_by_slug(bank)), found, kind, form, "save")
    return page, refused.status


def _previews(form: QuestionForm, kind: str) -> list[tuple[str, Any]]:
    """The question as rows that are not stored, by language."""
    wordings = form.to_question(kind).wordings
    return [(name, operations.text_of(wordings[name], name)) for name in LANGUAGES if name in wordings]
