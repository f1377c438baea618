"""A bank's questions out of the browser: as a file, and as a paper to print. Both may hold keys."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Response, render_template, request
from flask_babel import force_locale
from markupsafe import Markup

from lms.access import Permission, or_404, requires
from lms.banks import exports, papers, queries
from lms.banks.blueprint import blueprint
from lms.banks.forms import FilterForm
from lms.banks.models import Bank
from lms.banks.paper_form import PaperForm
from lms.banks.queries import Filters
from lms.banks.rules import LIVE
from lms.i18n import HTML_LANG, language
from lms.interchange import exporting
from lms.interchange.records import LANGUAGES, BankText


@blueprint.get("/banks/<bank>/export")
@requires(Permission.READ_KEYS)
def export(bank: str) -> Any:
    """The questions that the bank's table shows, as a file; without a format, the choice of one."""
    found, filters = or_404(queries.bank_by_slug(bank)), _filters()
    counts = exports.counts_of(found, filters)
    text = exports.bank_text(found, filters, or_404(_language(counts)))
    format = request.args.get("format", "")
    if not format:
        return _choice(found, counts, text)
    or_404(exporting.FORMATS.get(format))
    return attachment(exporting.export(text, format, exports.media_of(text)), text.title)


def _choice(bank: Bank, counts: dict[str, int], text: BankText) -> str:
    return render_template(
        "banks/export.html",
        bank=bank,
        counts=counts,
        chosen=text.language,
        formats=exporting.FORMATS,
        left_out=exporting.left_out_by_format(text),
        kept=_kept(),
    )


@blueprint.get("/banks/<bank>/import/template")
@requires(Permission.AUTHOR)
def import_template(bank: str) -> Response:
    """An empty sheet to fill in, with an example."""
    or_404(queries.bank_by_slug(bank))
    chosen = or_404(_language({}))
    made = or_404(exporting.template(request.args.get("format", "xlsx"), chosen))
    return attachment(made, "")


@blueprint.get("/banks/<bank>/paper")
@requires(Permission.READ_KEYS)
def paper(bank: str) -> str:
    """The questions that the bank's table shows as an A4 paper; keys are in the page only with `keys=1`."""
    found, filters = or_404(queries.bank_by_slug(bank)), _filters()
    counts = exports.counts_of(found, filters)
    chosen = or_404(_language(counts))
    form = PaperForm(request.args).offer(list(counts) or [chosen], chosen)
    rows = exports.rows_of(found, filters, chosen)
    made = papers.paper_of(rows, form.points, form=form.form.data, with_keys=form.keys.data)
    title = form.title.data or found.titles.get(chosen, found.slug)
    sheet = _sheet(made, chosen, title=title, form=form.form.data, with_keys=form.keys.data)
    return render_template("banks/paper.html", bank=found, form=form, paper=made, sheet=sheet, kept=_kept())


def _sheet(paper: papers.Paper, chosen: str, **values: Any) -> Markup:
    """What is printed, in the paper's language, whatever that of the page round it is."""
    with force_locale(chosen):
        page = render_template("banks/paper_sheet.html", paper=paper, paper_lang=HTML_LANG[chosen], **values)
    return Markup(page)  # noqa: S704 - a template of ours, escaped there


def attachment(made: exporting.Export, title: str) -> Response:
    """A file to be saved, named after the bank where the browser can, and never shown as a page."""
    ending = made.file_name[made.file_name.rindex(".") :]
    name = quote(f"{title}{ending}" if title else made.file_name, safe="")
    disposition = f"attachment; filename={made.file_name}; filename*=UTF-8''{name}"
    return Response(made.data, mimetype=made.mime, headers={"Content-Disposition": disposition})


def _filters() -> Filters:
    """The filters of the bank's table; live questions only where the address says nothing of the state."""
    filters = FilterForm(request.args).offer().filters()
    return filters if "state" in request.args else replace(filters, state=LIVE)


def _language(counts: dict[str, int]) -> str | None:
    """The language asked for, or the person's, or the one that there is; None if it is none."""
    if asked := request.args.get("language"):
        return asked if asked in LANGUAGES else None
    return language() if language() in counts or not counts else next(iter(counts))


def _kept() -> dict[str, str]:
    """The filters of the address, for links that go on with them."""
    return {name: request.args[name] for name in FilterForm.NAMES if name in request.args}
