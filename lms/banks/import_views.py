"""An import in the browser once its file was read: look, mend, import all or the good ones, undo.

What takes long stands outside transactions: each view that writes calls one short function that does.
"""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from lms import clock, media
from lms.access import Permission, may, or_404, requires
from lms.banks import import_mending, import_preview, import_queries, import_words, queries
from lms.banks.blueprint import blueprint
from lms.banks.import_forms import DefaultsForm, Upload, keyed_item, mapping_of, mended_item
from lms.banks.import_models import DONE, OPEN, PREVIEW, READING, WRITING, BankImport
from lms.banks.import_page import shown_items
from lms.banks.import_rules import Defaults, choices, may_tick
from lms.banks.import_undo import undo_import
from lms.banks.imports import Plan, plan_import, render_plan
from lms.banks.models import Bank
from lms.db import writes
from lms.errors import Refused
from lms.i18n import gettext, say
from lms.interchange import importing, stored
from lms.interchange.reading import Reading
from lms.interchange.sheet import FIELD_WORDS, FIELDS

IMPORT = "/banks/<bank>/import/<int:number>"
WRITTEN_AT_ONCE = 500  # questions; more are written by a job


def _load(bank: str, number: int) -> BankImport:
    """An import of this bank, with the bank; 404 where there is none."""
    found: Bank = or_404(queries.bank_by_slug(bank))
    made: BankImport = or_404(import_queries.import_of(found, number))
    return made


def _back(made: BankImport, bank: str) -> Response:
    """To the place of the preview that a form was sent from."""
    asked = request.args
    kept: dict[str, Any] = {name: asked[name] for name in ("show", "page") if name in asked}
    anchor = f"q{asked['at']}" if asked.get("at", "").isdigit() else None
    url = url_for(".import_page", bank=bank, number=made.id, _anchor=anchor, **kept)
    return redirect(url, 303)  # type: ignore[return-value]


def _as_it_stands(made: BankImport) -> Response:
    """To what became of an import that a second click, another tab or somebody else has finished meanwhile."""
    flash(gettext("This import has gone on meanwhile. You see how it stands now."), "info")
    return redirect(url_for(".import_page", bank=made.bank.slug, number=made.id), 303)  # type: ignore[return-value]


# Looking at it


@blueprint.get(IMPORT)
@requires(Permission.AUTHOR)
def import_page(bank: str, number: int) -> Any:
    made = _load(bank, number)
    if made.state in (READING, WRITING):
        return render_template("banks/import_progress.html", bank=made.bank, made=made)
    if made.state != PREVIEW:
        return _result_page(made)
    if made.columns and (_is_unknown(made) or "columns" in request.args):
        return _columns_page(made)
    return _preview_page(made)


def _result_page(made: BankImport) -> str:
    page = import_queries.items_page(made, "all", request.args.get("page", 1, type=int))
    return render_template(
        "banks/import_result.html", bank=made.bank, made=made, page=page, items=shown_items(made, page.rows),
        import_words=import_words, notes=_reasons(made),
    )  # fmt: skip


def _is_unknown(made: BankImport) -> bool:
    return any(note["code"] == "columns-unknown" for note in made.notes)


def _reasons(made: BankImport) -> list[Any]:
    """What is said of the file as a whole, and why a job could not write it."""
    return [*stored.notes_from_json(made.counts.get("refused", [])), *stored.notes_from_json(made.notes)]


def _preview_page(made: BankImport, form: DefaultsForm | None = None, refusal: str = "", status: int = 200) -> Any:
    shown = request.args.get("show", "all")
    shown = shown if shown in import_queries.SHOWN else "all"
    page = import_queries.items_page(made, shown, request.args.get("page", 1, type=int))
    lessons = queries.lesson_choices()
    rendered = render_template(
        "banks/import_preview.html",
        bank=made.bank, made=made, page=page, items=shown_items(made, page.rows), shown=shown,
        summary=import_queries.summary_of(made), notes=_reasons(made), refusal=refusal, import_words=import_words,
        form=form or DefaultsForm.of(Defaults.from_json(made.defaults), lessons),
        is_all_open=form is not None, may_tick=may_tick, choices=choices,
    )  # fmt: skip
    return rendered, status


@blueprint.get(IMPORT + "/progress")
@requires(Permission.AUTHOR)
def import_progress(bank: str, number: int) -> Response:
    """How far the job is: `{"state", "done", "total"}`."""
    made = _load(bank, number)
    return jsonify(state=made.state, done=made.done_count, total=made.total_count)


@media.also_from
def picture_in_preview(name: str) -> bytes | None:
    """A picture of an import that is not written yet, for those who write questions."""
    return import_queries.waiting_picture(name) if may(current_user, Permission.AUTHOR) else None


# The columns of a sheet


def _columns_page(made: BankImport) -> str:
    columns = stored.columns_from_json(made.columns)
    return render_template("banks/import_columns.html", bank=made.bank, made=made, columns=columns, fields=FIELDS,
                           field_words=FIELD_WORDS, notes=stored.notes_from_json(made.notes))  # fmt: skip


@blueprint.post(IMPORT + "/columns")
@requires(Permission.AUTHOR)
def import_columns(bank: str, number: int) -> Any:
    """Read a sheet again with its columns named."""
    made = _load(bank, number)
    columns, data = stored.columns_from_json(made.columns), made.data
    if made.state != PREVIEW or columns is None or data is None:
        return redirect(url_for(".import_page", bank=bank, number=number), 303)
    mapping, upload = mapping_of(request.form, len(columns.heads)), Upload(data, made.name)
    if "stem" not in mapping.values():
        flash(gettext("Name the column that holds the questions."), "warning")
        anew = None if _is_unknown(made) else 1
        return redirect(url_for(".import_page", bank=bank, number=number, columns=anew), 303)
    if upload.is_large:
        _read_again(bank, number, mapping)
    else:
        reading = importing.read(data, made.name, made.language, made.format, mapping=mapping)
        plan = plan_import(made.bank, reading, made.language, Defaults.from_json(made.defaults))
        _replace_reading(bank, number, plan, reading, data)
    return redirect(url_for(".import_page", bank=bank, number=number), 303)


@writes
def _read_again(bank: str, number: int, mapping: dict[int, str]) -> None:
    made = _load(bank, number)
    import_preview.hold(made, PREVIEW)
    import_preview.read_later(made, made.data or b"", made.format, mapping, now=clock.now())


@writes
def _replace_reading(bank: str, number: int, plan: Plan, reading: Reading, data: bytes) -> None:
    made = _load(bank, number)
    import_preview.hold(made, PREVIEW)
    import_preview.keep_reading(made, plan, stored.columns_to_json(reading.columns), data)


# Mending it


@blueprint.post(IMPORT + "/items/<int:position>")
@requires(Permission.AUTHOR)
@writes
def import_mend(bank: str, number: int, position: int) -> Any:
    made = _load(bank, number)
    if made.state != PREVIEW:
        return _as_it_stands(made)
    row = or_404(import_queries.item_of(made, position))
    act, _colon, code = request.form.get("act", "").partition(":")
    if act in ("save", "key"):
        item = import_preview.item_from(row)
        mended = keyed_item(item, code) if act == "key" else mended_item(item, request.form)
        import_mending.mend_item(made, row, mended)
        flash(_verdict_on(row.flaw), "success" if row.flaw in ("none", "warning") else "warning")
    elif act in ("leave", "take"):
        import_mending.leave_out(made, row, is_out=act == "leave")
    elif act == "tick":
        import_mending.tick_off(made, row, code)
    else:
        raise BadRequest
    return _back(made, bank)


def _verdict_on(flaw: str) -> str:
    if flaw in ("none", "warning"):
        return gettext("The question is good now.")
    return gettext("The question is saved. Something is still missing.")


@blueprint.post(IMPORT + "/all")
@requires(Permission.AUTHOR)
@writes
def import_all_alike(bank: str, number: int) -> Any:
    """Set use, level, lesson and tags for all that is added, or tick off one thing that was told of many."""
    made = _load(bank, number)
    if made.state != PREVIEW:
        return _as_it_stands(made)
    if code := request.form.get("tick", ""):
        count = import_mending.tick_off_all(made, code)
        flash(gettext("Ticked off for %(count)s questions.", count=count), "success")
        return _back(made, bank)
    form = DefaultsForm().offer(queries.lesson_choices())
    if not form.validate():
        return _preview_page(made, form, status=422)
    import_mending.set_defaults(made, form.defaults)
    flash(gettext("This holds for all questions that are added."), "success")
    return _back(made, bank)


# Importing it, and taking it back


@blueprint.post(IMPORT + "/write")
@requires(Permission.AUTHOR)
def import_write(bank: str, number: int) -> Any:
    """Import all, or the good ones: at once if they are few, else by a job. Rendered before the transaction."""
    made, only_good = _load(bank, number), request.form.get("what") == "good"
    if made.state != PREVIEW:
        return _as_it_stands(made)
    summary = import_queries.summary_of(made)
    try:
        if summary.total > WRITTEN_AT_ONCE:
            _write_later(bank, number, only_good)
        else:
            plan = import_preview.plan_of(made)
            render_plan(plan)
            _write_now(bank, number, plan, only_good)
    except Refused as refused:
        _look_again(bank, number)
        made = _load(bank, number)
        if made.state != PREVIEW:
            return _as_it_stands(made)
        return _preview_page(made, refusal=say(refused.reason), status=refused.status)
    return redirect(url_for(".import_page", bank=bank, number=number), 303)


@writes
def _write_later(bank: str, number: int, only_good: bool) -> None:
    made = _load(bank, number)
    import_preview.check_all(made, only_good=only_good)
    import_preview.write_later(made, only_good=only_good, actor=current_user, now=clock.now())


@writes
def _write_now(bank: str, number: int, plan: Plan, only_good: bool) -> None:
    import_preview.write_preview(
        _load(bank, number), plan, only_good=only_good, actor=current_user, now=clock.now(),
        media_folder=media.folder(),
    )  # fmt: skip


@writes
def _look_again(bank: str, number: int) -> None:
    made = _load(bank, number)
    if made.state == PREVIEW:
        import_mending.look_again(made)


@blueprint.post(IMPORT + "/cancel")
@requires(Permission.AUTHOR)
@writes
def import_cancel(bank: str, number: int) -> Any:
    made = _load(bank, number)
    if made.state not in OPEN:
        return _as_it_stands(made)
    import_preview.cancel_import(made, actor=current_user, now=clock.now())
    flash(gettext("The import is cancelled. Nothing was changed."), "success")
    if made.state == PREVIEW:
        return _back(made, bank)
    return redirect(url_for(".import_start", bank=bank), 303)


@blueprint.post(IMPORT + "/undo")
@requires(Permission.AUTHOR)
@writes
def import_undo(bank: str, number: int) -> Any:
    made = _load(bank, number)
    if made.state != DONE:
        return _as_it_stands(made)
    taken, left = undo_import(made, actor=current_user, now=clock.now())
    message = gettext("Questions taken back: %(taken)s.", taken=taken)
    if left:
        message += " " + gettext("Edited since, so they stay: %(left)s.", left=left)
    flash(message, "success")
    return redirect(url_for(".import_page", bank=bank, number=number), 303)
