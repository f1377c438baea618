"""Signing in and out, one-time links, the own account, language and theme."""

import math
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from lms import clock
from lms.access import public, signed_in
from lms.db import db, writes
from lms.error_pages import respond, show_refusal
from lms.errors import Refused
from lms.i18n import LANGUAGES, gettext, moment, say
from lms.people import operations, signin, words
from lms.people.forms import ChangePasswordForm, FirstAdminForm, NewPasswordForm, SignInForm
from lms.people.links import open_link
from lms.people.models import ROLES, Person
from lms.people.passwords import hash_password, matches
from lms.people.rules import Throttle, local_path, why_not_password

blueprint = Blueprint("people", __name__)

THEMES = ("auto", "light", "dark")


def _start_session(person: Person, token: str) -> None:
    """A fresh cookie: what the visitor's held before, the CSRF token included, is gone."""
    language = person.language or session.get("language")
    session.clear()
    person.token = token
    login_user(person)
    session["language"] = language


def _end_session() -> None:
    """A cookie that holds nothing but the language."""
    language = session.get("language")
    logout_user()
    session.clear()
    session["language"] = language


@blueprint.get("/login")
@public
def login() -> Any:
    if current_user.is_authenticated:
        return redirect(_page_at(request.args.get("next")), 303)
    return _login_page(SignInForm(formdata=None), 200)


def _login_page(form: SignInForm, status: int) -> Any:
    demo = current_app.extensions["lms_settings"].demo
    return render_template("people/login.html", form=form, next=request.args.get("next"),
                           demo_people=words.DEMO_PEOPLE if demo else []), status


@writes
def _guess(username: str, address: str) -> tuple[datetime | None, list[int]]:
    """The moment until which guessing must wait, or None and the rows that count this guess."""
    now, throttle = clock.now(), Throttle()
    wait = signin.throttled_until(username, address, now, throttle)
    return (wait, []) if wait else (None, signin.note_guess(username, address, now, throttle))


def _too_many(form: Any, wait: datetime) -> dict[str, int]:
    """Say on the form until when to wait; the header that tells a machine."""
    form.form_errors.append(gettext("Too many wrong tries. Try again after %(when)s.", when=moment(wait)))
    return {"Retry-After": math.ceil((wait - clock.now()).total_seconds())}


@writes
def _enter(candidate: signin.Candidate, guess: list[int], username: str, address: str) -> tuple[Person, str] | None:
    person = signin.admitted(candidate)
    if person is None:
        return None
    if current_user.is_authenticated:
        signin.close_sign_in(current_user.get_id(), actor=current_user, now=clock.now())
    return person, signin.open_sign_in(person, guess, username, address, now=clock.now())


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
        headers = _too_many(form, wait)
        return *_login_page(form, 429), headers
    candidate = signin.find_candidate(username)
    db.session.rollback()
    right = matches(candidate.password_hash, form.password.data)
    entered = _enter(candidate, guess, username, address) if right else None
    if entered is None:
        form.form_errors.append(gettext("User name or password is wrong. Check both and try again."))
        return _login_page(form, 422)
    _start_session(*entered)
    return redirect(_page_at(request.args.get("next")), 303)


def _page_at(target: str | None) -> str:
    """The page to go back to: an address of ours; for one that only takes forms, the nearest page above it."""
    path = local_path(target)
    if path is None:
        return url_for("home.home")
    routes, place = current_app.create_url_adapter(request), urlsplit(path).path
    if routes is None or "GET" in (methods := routes.allowed_methods(place)) or not methods:
        return path
    while place and "GET" not in routes.allowed_methods(place):
        place = place.rpartition("/")[0]
    return place or "/"


@blueprint.post("/logout")
@signed_in
def logout() -> Any:
    _leave()
    _end_session()
    return redirect(url_for("people.login"), 303)


@writes
def _leave() -> None:
    signin.close_sign_in(current_user.get_id(), actor=current_user, now=clock.now())


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
    return redirect(_page_at(request.form.get("next")), 303)


@blueprint.get("/welcome/<token>")
@public
def welcome(token: str) -> Any:
    """Where a one-time link leads: choose a password, and for the first admin also a name."""
    link = open_link(token, clock.now())
    if link is None:
        return _spent_link()
    form = NewPasswordForm() if link.person else FirstAdminForm()
    return render_template("people/welcome.html", form=form, person=link.person)


def _spent_link() -> Any:
    return respond(410, gettext("This link was used or is too old. Ask your admin for a new one."))


@blueprint.post("/welcome/<token>")
@public
def set_password(token: str) -> Any:
    link = open_link(token, clock.now())
    if link is None:
        return _spent_link()
    person = link.person
    form: Any = NewPasswordForm() if person else FirstAdminForm()
    username = person.username if person else form.username.data or ""
    db.session.rollback()  # hashing is slow
    if not form.validate() or not _strong(form.password, username):
        return render_template("people/welcome.html", form=form, person=person), 422
    try:
        _use(token, form, hash_password(form.password.data))
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("people/welcome.html", form=form, person=person), refused.status
    flash(gettext("Your password is set. Sign in with it."), "success")
    return redirect(url_for("people.login"), 303)


def _strong(field: Any, username: str) -> bool:
    if reason := why_not_password(field.data, username):
        field.errors = [*field.errors, say(reason)]
        return False
    return True


@writes
def _use(token: str, form: Any, hashed: str) -> None:
    now = clock.now()
    if isinstance(form, FirstAdminForm):
        operations.use_first_link(
            token, form.username.data, form.name.data, hashed, session.get("language"), on=clock.day_of(now), now=now
        )
    else:
        operations.use_link(token, hashed, now=now)


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
    """In the steps of signing in: whoever finds a screen unlocked cannot try out passwords here either."""
    form = ChangePasswordForm()
    stored, username, address = current_user.password_hash, current_user.username, request.remote_addr or ""
    if not form.validate() or not _strong(form.password, username):
        return _own_page(form, 422)
    wait, guess = _guess(username, address)
    if wait:
        headers = _too_many(form, wait)
        return *_own_page(form, 429), headers
    if not matches(stored, form.current.data):
        form.current.errors = [gettext("That is not your present password.")]
        return _own_page(form, 422)
    _change(hash_password(form.password.data), guess, address)
    _end_session()
    flash(gettext("Your password is changed. You were signed out everywhere; sign in with the new one."), "success")
    return redirect(url_for("people.login"), 303)


@writes
def _change(hashed: str, guess: list[int], address: str) -> None:
    signin.forgive(guess, current_user.username, address)
    operations.change_password(current_user, hashed, now=clock.now())
