"""Bringing questions in: paste them or choose a file, which is read at once or, if large, by a job."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from lms import clock
from lms.access import Permission, or_404, requires
from lms.banks import import_preview, import_queries, import_words, queries
from lms.banks.blueprint import blueprint
from lms.banks.import_forms import ImportForm, Upload
from lms.banks.import_models import BankImport
from lms.banks.imports import Plan, plan_import
from lms.banks.models import Bank
from lms.db import writes
from lms.error_pages import respond
from lms.i18n import gettext
from lms.interchange import importing, stored
from lms.interchange.reading import ERROR, Note, Reading
from lms.web import takes_file

START = "/banks/<bank>/import"
LARGEST = importing.MAX_BYTES + 100_000  # the file and the rest of its form
MOST_LET_ARRIVE = 200_000_000


@blueprint.get(START)
@requires(Permission.AUTHOR)
def import_start(bank: str) -> Any:
    found = or_404(queries.bank_by_slug(bank))
    return _start_page(found, ImportForm(None).offer(queries.lesson_choices()))


def _start_page(bank: Bank, form: ImportForm, status: int = 200, notes: tuple[Note, ...] = ()) -> Any:
    earlier = import_queries.imports_of(bank)
    page = render_template(
        "banks/import.html", bank=bank, form=form, notes=notes, earlier=earlier, import_words=import_words,
        largest=importing.MAX_BYTES,
    )  # fmt: skip
    return page, status


@blueprint.post(START)
@takes_file(LARGEST)
@requires(Permission.AUTHOR)
def import_read(bank: str) -> Any:
    """Read what is small at once, outside any transaction, and keep what is large for a job."""
    found = or_404(queries.bank_by_slug(bank))
    form = ImportForm().offer(queries.lesson_choices())
    upload = form.upload
    if not form.validate() or upload is None:
        return _start_page(found, form, 422)
    if upload.is_large:
        return redirect(url_for(".import_page", bank=bank, number=_keep_file(bank, form, upload)), 303)
    reading = importing.read(upload.data, upload.name, form.language.data, form.format.data)
    if not reading.items and reading.columns is None:
        return _start_page(found, form, 422, tuple(note for note in reading.notes if note.effect == ERROR))
    plan = plan_import(found, reading, form.language.data, form.defaults)
    return redirect(url_for(".import_page", bank=bank, number=_keep_reading(bank, form, upload, reading, plan)), 303)


def _start(bank: str, form: ImportForm, upload: Upload) -> BankImport:
    return import_preview.start_import(
        or_404(queries.bank_by_slug(bank)), name=upload.name, format=form.format.data, language=form.language.data,
        defaults=form.defaults, actor=current_user, now=clock.now(),
    )  # fmt: skip


@writes
def _keep_file(bank: str, form: ImportForm, upload: Upload) -> int:
    made = _start(bank, form, upload)
    import_preview.read_later(made, upload.data, form.format.data, None, now=clock.now())
    return made.id


@writes
def _keep_reading(bank: str, form: ImportForm, upload: Upload, reading: Reading, plan: Plan) -> int:
    made = _start(bank, form, upload)
    import_preview.keep_reading(made, plan, stored.columns_to_json(reading.columns), upload.data)
    return made.id


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """A file larger than is read: said on the page it was sent from."""
    if request.endpoint != f"{blueprint.name}.import_read":
        return respond(413)
    _let_arrive()
    found = or_404(queries.bank_by_slug((request.view_args or {}).get("bank", "")))
    form = ImportForm(None).offer(queries.lesson_choices())
    megabytes = importing.MAX_BYTES // 1_000_000
    message = gettext("The file is larger than %(most)s MB. Split it into several files.", most=megabytes)
    form.form_errors.append(message)
    return _start_page(found, form, 413)


def _let_arrive() -> None:
    """Take in what is still being sent, and forget it: a browser cut off would not show our answer."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, MOST_LET_ARRIVE)
    while left > 0 and (piece := stream.read(min(left, 65_536))):
        left -= len(piece)
