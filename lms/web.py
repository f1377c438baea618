"""What every response and page shares: headers, sessions, CSRF, versioned static files, liveness."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, request, session, url_for
from flask.json.provider import DefaultJSONProvider
from flask_login import AnonymousUserMixin, LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import text
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from lms import clock, sqlite
from lms.access import check_access, public
from lms.config import Settings, secret_key
from lms.db import db
from lms.people.models import Person
from lms.people.signin import person_of

V = TypeVar("V", bound=Callable[..., Any])
LARGEST_BODY = 8 * 1024 * 1024
LARGEST_ID = 2**31 - 1
COOKIE_HOLDS = timedelta(days=180)  # a visitor's language; how long a sign-in holds is kept on the server

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)

blueprint = Blueprint("web", __name__)


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    theme = "auto"


class JSONProvider(DefaultJSONProvider):
    """JSON as Flask reads and writes it; what is nested too deeply to be read is no JSON."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class IdIntegerConverter(IntegerConverter):
    """A number in an address that can be an id: a larger one is 404 before a database refuses it."""

    def __init__(self, map: Any, **options: Any) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **options})


def configure(app: Flask, settings: Settings) -> None:
    """Flask's configuration from the settings."""
    app.extensions["lms_settings"] = settings
    app.json = JSONProvider(app)
    app.url_map.converters["int"] = IdIntegerConverter
    app.config.update(
        SECRET_KEY=secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database),
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="lms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.proxy_hops > 0,  # a proxy in front means TLS in front
        PERMANENT_SESSION_LIFETIME=COOKIE_HOLDS,
        SESSION_REFRESH_EACH_REQUEST=False,  # a slow answer must not bring back the cookie from before a sign-in
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,  # an exam page outlives an hour
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _engine_options(address: str) -> dict[str, Any]:
    """How connections are made: as many as there are threads, so that none waits for another's."""
    if address.startswith("sqlite"):
        return {"module": sqlite.driver(), "max_overflow": -1}
    return {"pool_pre_ping": True, "max_overflow": -1}


def set_up(app: Flask) -> None:
    """Sessions, CSRF, headers, static addresses, `/healthz`."""
    app.before_request(_make_room)  # first: the CSRF check reads the body
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.anonymous_user = Visitor
    manager.session_protection = None  # it would sign people out mid-exam when their address changes

    @manager.user_loader
    def load(token: str) -> Person | None:
        return person_of(token, clock.now())

    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_headers)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_files)
    app.before_request(_keep_session)
    app.view_functions["static"] = public(app.view_functions["static"])
    app.register_blueprint(blueprint)


def takes_file(largest: int) -> Callable[[V], V]:
    """This view takes a file, and may be sent so many bytes. It finds NULs in texts by itself."""

    def mark(view: V) -> V:
        view.lms_largest_file = largest  # type: ignore[attr-defined]
        return view

    return mark


def _largest_file() -> int:
    """How large a file the view may be sent, 0 if none."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "lms_largest_file", 0)


def _make_room() -> Any:
    """Let a view that takes a file be sent one, by those who may use it."""
    if not (largest := _largest_file()):
        return None
    if refusal := check_access():
        return refusal
    request.max_content_length = request.max_form_memory_size = largest
    return None


def _refuse_nul() -> None:
    """No text of ours has a NUL in it, and PostgreSQL stores none."""
    values = [request.path, *request.args.values()]
    if not _largest_file():
        values += [value for several in request.form.listvalues() for value in several]
    if any("\0" in value for value in values):
        raise BadRequest


def _refuse_files() -> None:
    """A form that takes no file would find one where it expects a text."""
    if request.files and not _largest_file():
        raise BadRequest


def _keep_session() -> None:
    if request.endpoint != "static" and not session.permanent:
        session.permanent = True


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif (
        "v" not in request.args
    ):  # scripts import each other by plain name: ask each time whether one changed
        response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file, which changes with its content so that browsers may keep it for a year."""
    path = Path(__file__).with_name("static") / name
    return url_for("static", filename=name, v=_fingerprint(path))


@blueprint.get("/healthz")
@public
def healthz() -> dict[str, str]:
    """Answers `{"status": "ok"}` when the database answers, else 503 by the error handler."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
