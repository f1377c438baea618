"""The one handler that shows every error: a refusal, an HTTP error, a database that fails, anything else."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, SecurityError

from lms.access import check_access, wants_json
from lms.db import db, is_conflict
from lms.errors import N_, Refused
from lms.i18n import gettext, say
from lms.people.rules import local_path

log = logging.getLogger(__name__)


def show_refusal(form: FlaskForm, refused: Refused) -> None:
    """Put a refusal at the top of the form that asked, so that what was typed stays. Undoes what was written."""
    db.session.rollback()
    form.form_errors.append(say(refused.reason))


TITLES = {
    400: N_("That request could not be read"),
    401: N_("Please sign in"),
    403: N_("That is not yours to do"),
    404: N_("There is nothing here"),
    405: N_("That cannot be done here"),
    409: N_("Not possible right now"),
    410: N_("This has ended"),
    413: N_("That is too large"),
    422: N_("Something needs changing"),
    429: N_("Too many tries"),
    500: N_("Something broke on our side"),
    503: N_("Not available for a moment"),
}
TEXTS = {
    400: N_("Go back and try again. If a form was open for days, load its page afresh first."),
    401: N_("Sign in and you will come back to where you were."),
    403: N_("Your role does not include this. If it should, ask your admin."),
    404: N_("The address is wrong, or it belongs to somebody else. Start again from the home page."),
    405: N_("Go back and use the buttons of the page."),
    413: N_("Send a smaller file or a shorter text."),
    422: N_("Something in what you sent cannot be stored. Remove unusual characters and send it again."),
    500: N_("Nothing was saved. It has been noted in the log; please try again in a minute."),
    503: N_("The database did not answer, so nothing was saved. Please try again in a minute."),
}


REFUSALS = (400, 409, 410, 422)


def respond(status: int, text: str | None = None) -> Response:
    """An error as a page or as JSON `{"error": ...}`, whichever was asked for."""
    if status >= 500:  # the page must not ask a database that is away who is looking at it
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    other = 500 if status >= 500 else 400
    text = text or gettext(TEXTS.get(status, TEXTS[other]))
    if isinstance(request.routing_exception, SecurityError):  # a forged host: no address of ours can be built
        return make_response(text, status, {"Content-Type": "text/plain; charset=utf-8"})
    if wants_json() or request.is_json:
        return make_response(jsonify(error=text), status)
    title = gettext(TITLES.get(status, TITLES[other]))
    page = render_template("error.html", status=status, title=title, text=text, back=_page_before(status))
    return make_response(page, status)


def _page_before(status: int) -> str | None:
    """The page of ours whose form was refused: its path, so that nobody has to look for it again."""
    came_from = urlsplit(request.referrer or "")
    if request.method != "POST" or status not in REFUSALS or came_from.netloc != request.host:
        return None
    return local_path(f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path)


def _undo() -> None:
    """Leave the transaction, even where the database is no longer there to be told."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()


def _status_of(error: DBAPIError) -> int:
    """503: the database is away, locked or full; 422: it cannot hold what it was given; 500: our mistake."""
    if isinstance(error, OperationalError) or is_conflict(error) or error.connection_invalidated:
        return 503
    return 422 if isinstance(error, DataError) else 500


def set_up(app: Flask) -> None:
    """Register the handlers: a refusal, an HTTP error, a database that fails, anything else."""

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        _undo()
        return respond(error.status, say(error.reason))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        response = respond(error.code)
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
        return response

    @app.errorhandler(CSRFError)
    def stale_form(error: CSRFError) -> Response | HTTPException:
        try:  # who was signed out meanwhile is told so: a fresh token alone would not help them
            return check_access() or http(error)
        except HTTPException as refusal:
            return http(refusal)

    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError) -> Response:
        return _failed(error, _status_of(error))

    @app.errorhandler(NoConnectionFree)
    def crowded(error: NoConnectionFree) -> Response:
        return _failed(error, 503)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        return _failed(error, 500)


def _failed(error: Exception, status: int) -> Response:
    """An error that is ours or the database's: undone, noted with its trace, and shown."""
    _undo()
    log.error("%s on %s %s", status, request.method, request.path, exc_info=error)
    return respond(status)
