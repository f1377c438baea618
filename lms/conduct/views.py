"""The conduct ledger: one's own, and that of the people a manager decides on."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from lms import clock
from lms.access import Permission, or_404, person_or_404, requires, signed_in
from lms.conduct.forms import EntryForm, VoidForm
from lms.conduct.models import LedgerEntry
from lms.conduct.operations import record_entry, void_entry
from lms.conduct.queries import entry_or_none, ledger_page, reaches
from lms.conduct.words import MARKS, STATES, kind_word
from lms.db import writes
from lms.error_pages import show_refusal
from lms.errors import Refused
from lms.i18n import gettext
from lms.people.models import Person
from lms.policy.queries import policy_in_force

blueprint = Blueprint("conduct", __name__)


@blueprint.get("/conduct")
@signed_in
def own() -> Any:
    """A person's own ledger, with the standing and how it comes about."""
    return _page(current_user, None)


@blueprint.get("/people/<int:person_id>/conduct")
@requires(Permission.SEE_CONDUCT)
def person(person_id: int) -> Any:
    someone = person_or_404(person_id, Permission.SEE_CONDUCT)
    return _page(someone, _entry_form() if reaches(Permission.DECIDE, someone, current_user) else None)


@blueprint.post("/people/<int:person_id>/conduct")
@requires(Permission.DECIDE)
@writes
def record(person_id: int) -> Any:
    someone, form = person_or_404(person_id, Permission.DECIDE), _entry_form()
    if not form.validate():
        return _page(someone, form), 422
    try:
        record_entry(
            someone,
            form.kind.data,
            form.happened_on.data,
            form.reason.data,
            token=form.token.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return _page(someone, form), refused.status
    flash(gettext("The entry is in the ledger."), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.get("/people/<int:person_id>/conduct/<int:entry_id>/void")
@requires(Permission.DECIDE)
def confirm_void(person_id: int, entry_id: int) -> Any:
    someone = person_or_404(person_id, Permission.DECIDE)
    entry = or_404(entry_or_none(someone, entry_id))
    return _void_page(someone, entry, VoidForm())


@blueprint.post("/people/<int:person_id>/conduct/<int:entry_id>/void")
@requires(Permission.DECIDE)
@writes
def void(person_id: int, entry_id: int) -> Any:
    someone, form = person_or_404(person_id, Permission.DECIDE), VoidForm()
    entry = or_404(entry_or_none(someone, entry_id))
    if not form.validate():
        return _void_page(someone, entry, form), 422
    try:
        void_entry(entry, form.reason.data, token=form.token.data, actor=current_user, now=clock.now())
    except Refused as refused:
        show_refusal(form, refused)
        return _void_page(someone, entry, form), refused.status
    flash(gettext("The entry is void: the standing is reckoned as if it had never been written."), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


def _void_page(someone: Person, entry: LedgerEntry, form: VoidForm) -> str:
    return render_template(
        "conduct/void.html", person=someone, entry=entry, kind=kind_word(entry.kind), form=form
    )


def _entry_form() -> EntryForm:
    today = clock.today()
    return EntryForm(data={"happened_on": today}).offer(list(policy_in_force(today).policy.conduct.kinds))


def _page(someone: Person, form: EntryForm | None) -> str:
    today = clock.today()
    return render_template(
        "conduct/ledger.html",
        person=someone,
        own=someone.id == current_user.id,
        page=ledger_page(someone, today),
        policy=policy_in_force(today).policy.conduct,
        form=form,
        today=today,
        states=STATES,
        marks=MARKS,
    )
