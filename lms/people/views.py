"""Signing in and out, one-time links, the own account, language and theme."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from lms import clock
from lms.access import public, signed_in
from lms.db import db, writes
from lms.error_pages import respond
from lms.errors import N_, Reason, Refused
from lms.i18n import LANGUAGES, gettext, moment, say
from lms.people import operations, signin, words
from lms.people.forms import ChangePasswordForm, FirstAdminForm, NewPasswordForm, SignInForm
from lms.people.models import ROLES, OneTimeLink, Person
from lms.people.passwords import hash_password, matches
from lms.people.rules import Throttle, local_path, why_not_password

blueprint = Blueprint("people", __name__)

THEMES = ("auto", "light", "dark")


def _start_session(person: Person, token: str) -> None:
    """A fresh cookie: what the visitor's held before, the CSRF token included, is gone."""
    session.clear()
    person.token = token
    login_user(person)
    session["language"] = person.language


@blueprint.get("/login")
@public
def login() -> Any:
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next")) or url_for("home.home"), 303)
    return _login_page(SignInForm(formdata=None), 200)


def _login_page(form: SignInForm, status: int) -> Any:
    demo = current_app.extensions["lms_settings"].demo
    return render_template("people/login.html", form=form, next=request.args.get("next"),
                           demo_people=DEMO_PEOPLE if demo else []), status


@writes
def _guess(username: str, address: str) -> tuple[Any, list[int]]:
    """The moment until which guessing must wait, or None and the rows that count this guess."""
    now, throttle = clock.now(), Throttle()
    wait = signin.throttled_until(username, address, now, throttle)
    return (wait, []) if wait else (None, signin.note_guess(username, address, now, throttle))


@writes
def _enter(person_id: int, guess: list[int], username: str, address: str) -> bool:
    person = db.session.get(Person, person_id, populate_existing=True)
    if person is None or not person.is_active:
        return False
    if current_user.is_authenticated:
        signin.close_sign_in(current_user.get_id(), actor=current_user, now=clock.now())
    token = signin.open_sign_in(person, guess, username, address, now=clock.now())
    _start_session(person, token)
    return True


@blueprint.post("/login")
@public
def sign_in() -> Any:
    """Three short steps: count the guess, compare outside any transaction (it is slow), open the session."""
    form = SignInForm()
    if not form.validate():
        return _login_page(form, 422)
    username, address = form.username.data, request.remote_addr or ""
    wait, guess = _guess(username, address)
    if wait:
        form.form_errors.append(gettext("Too many wrong tries. Try again after %(when)s.", when=moment(wait)))
        return _login_page(form, 429)
    candidate = signin.find_candidate(username)
    db.session.rollback()
    if not matches(candidate.password_hash, form.password.data) or candidate.person_id is None:
        form.form_errors.append(gettext("User name or password is wrong. Check both and try again."))
        return _login_page(form, 422)
    if not _enter(candidate.person_id, guess, username, address):
        form.form_errors.append(gettext("User name or password is wrong. Check both and try again."))
        return _login_page(form, 422)
    return redirect(local_path(request.args.get("next")) or url_for("home.home"), 303)


@blueprint.post("/logout")
@signed_in
@writes
def logout() -> Any:
    signin.close_sign_in(current_user.get_id(), actor=current_user, now=clock.now())
    logout_user()
    language = session.get("language")
    session.clear()
    session["language"] = language
    return redirect(url_for("people.login"), 303)


@blueprint.post("/preferences")
@public
@writes
def preferences() -> Any:
    """Keep the choice of language and theme: in the account when there is one, in the cookie always."""
    language, theme = request.form.get("language"), request.form.get("theme")
    if language in LANGUAGES:
        session["language"] = language
        if current_user.is_authenticated:
            current_user.language = language
    if theme in THEMES:
        session["theme"] = theme
        if current_user.is_authenticated:
            current_user.theme = theme
    return redirect(local_path(request.form.get("next")) or url_for("home.home"), 303)


@blueprint.get("/welcome/<token>")
@public
def welcome(token: str) -> Any:
    """Where a one-time link leads: choose a password, and for the first admin also a name."""
    link = operations.open_link(token, clock.now())
    if link is None:
        return _spent_link()
    form = NewPasswordForm() if link.person else FirstAdminForm()
    return render_template("people/welcome.html", form=form, person=link.person)


def _spent_link() -> Any:
    return respond(410, gettext("This link was used or is too old. Ask your admin for a new one."))


@blueprint.post("/welcome/<token>")
@public
def set_password(token: str) -> Any:
    link = operations.open_link(token, clock.now())
    if link is None:
        return _spent_link()
    person = link.person
    form: Any = NewPasswordForm() if person else FirstAdminForm()
    username = person.username if person else form.username.data or ""
    if form.validate() and _strong(form, form.password, username):
        hashed = hash_password(form.password.data)
        try:
            _use(token, link, form, hashed)
        except Refused as refused:
            form.form_errors.append(say(refused.reason))
        else:
            flash(gettext("Your password is set. Sign in with it."), "success")
            return redirect(url_for("people.login"), 303)
    return render_template("people/welcome.html", form=form, person=person), 422


def _strong(form: Any, field: Any, username: str) -> bool:
    if reason := why_not_password(field.data, username):
        field.errors = [*field.errors, say(reason)]
        return False
    return True


@writes
def _use(token: str, link: OneTimeLink, form: Any, hashed: str) -> None:
    if link.person_id:
        operations.use_link(token, hashed, now=clock.now())
    else:
        language = session.get("language", "zh")
        operations.use_first_link(
            token, form.username.data, form.name.data, hashed, language, now=clock.now()
        )


@blueprint.get("/me")
@signed_in
def me() -> Any:
    return _own_page(ChangePasswordForm(formdata=None), 200)


def _own_page(form: ChangePasswordForm, status: int) -> Any:
    none = gettext("none")
    stage, tier, team = current_user.stage, current_user.tier, current_user.team
    facts = [
        (gettext("Team"), team.name if team else none),
        (gettext("Stage"), gettext(words.STAGES[stage]) if stage else none),
        (gettext("Tier"), gettext(words.TIERS[tier]) if tier else none),
        (gettext("Roles"), " · ".join(gettext(words.ROLES[role]) for role in ROLES if role in current_user.roles)),
    ]
    return render_template("people/me.html", form=form, facts=facts), status


@blueprint.post("/me/password")
@signed_in
def change_password() -> Any:
    form = ChangePasswordForm()
    person_id, stored, username = current_user.id, current_user.password_hash, current_user.username
    db.session.rollback()
    if form.validate() and _strong(form, form.password, username):
        if matches(stored, form.current.data):
            _change(person_id, hash_password(form.password.data))
            flash(gettext("Your password is changed. You were signed out everywhere; sign in with the new one."),
                  "success")
            return redirect(url_for("people.login"), 303)
        form.current.errors = [gettext("That is not your present password.")]
    return _own_page(form, 422)


@writes
def _change(person_id: int, hashed: str) -> None:
    operations.change_password(db.session.get_one(Person, person_id), hashed, now=clock.now())
    logout_user()
    session.pop("csrf_token", None)


# The demo company's doors, in the order a visitor would try them: user name and what is to be seen there.
DEMO_PEOPLE = [
    ("newhire", Reason(N_("New hire, first day"))),
    ("candidate", Reason(N_("Courses done, may sit the exam"))),
    ("trainee", Reason(N_("On trial shifts"))),
    ("agent", Reason(N_("One requirement short of senior"))),
    ("mentor", Reason(N_("Mentor of two newcomers"))),
    ("trainer", Reason(N_("Writes courses and questions"))),
    ("manager", Reason(N_("Decides for two teams"))),
    ("admin", Reason(N_("Accounts and policy"))),
]
