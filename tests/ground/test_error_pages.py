"""Every error is a page, or JSON, in the language of whoever meets it, and says what to do next."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from lms import clock, create_app
from lms.config import Settings
from lms.db import db
from lms.errors import Reason, Refused
from lms.people.models import SignIn
from tests import make

JSON = {"Accept": "application/json"}


@pytest.fixture
def raises(app, monkeypatch):
    """`raises(error)` makes the sign-in page raise it."""

    def set_up(error):
        def view():
            raise error

        view.lms_access = "public"
        monkeypatch.setitem(app.view_functions, "people.login", view)

    return set_up


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Refused(Reason("Choose %(what)s first.", what="a team"), 422), 422, "Choose a team first."),
        (ZeroDivisionError("secret detail"), 500, "Nothing was saved"),
        (OperationalError("SELECT secret", None, Exception("secret")), 503, "did not answer"),
        (IntegrityError("INSERT secret", None, Exception("secret")), 500, "Nothing was saved"),
        (DataError("INSERT secret", None, Exception("secret")), 422, "cannot be stored"),
        (NoConnectionFree("secret"), 503, "did not answer"),
    ],
)
def test_an_error_says_what_to_do_and_gives_nothing_away(raises, client, error, status, words):
    raises(error)
    page = client.get("/login", headers={"Accept-Language": "en"})
    assert (page.status_code, words in page.text) == (status, True)
    assert "secret" not in page.text
    answer = client.get("/login", headers={"Accept-Language": "en", **JSON})
    assert (answer.status_code, list(answer.json)) == (status, ["error"])
    assert words in answer.json["error"]


def test_what_was_written_before_an_error_is_gone(app, raises, client):
    class WritesAndFails:
        lms_access = "public"

        def __call__(self):
            db.session.execute(text("INSERT INTO site_fact (name) VALUES ('half done')"))
            raise ZeroDivisionError

    app.view_functions["people.login"], kept = WritesAndFails(), app.view_functions["people.login"]
    try:
        assert client.get("/login").status_code == 500
    finally:
        app.view_functions["people.login"] = kept
    assert db.session.scalar(text("SELECT count(*) FROM site_fact")) == 0


@pytest.mark.parametrize(("language", "words"), [("en", "There is nothing here"), ("zh", "这里没有内容")])
def test_an_unknown_address_is_404_in_the_language_of_whoever_asks(client, language, words):
    page = client.get("/no/such/page", headers={"Accept-Language": language})
    assert page.status_code == 404
    assert words in page.text


def test_an_error_with_no_words_of_its_own_does_not_claim_that_we_broke(client):
    page = client.open("/login", method="DELETE", headers={"Accept-Language": "en"})
    assert page.status_code == 405
    assert "GET" in page.headers["Allow"]
    too_large = client.post("/login", data={"username": "x" * 9_000_000}, headers={"Accept-Language": "en"})
    assert too_large.status_code == 413
    assert "noted in the log" not in too_large.text


@pytest.mark.parametrize("path", ["/courses/%00", "/login?next=%00", "/certificates/a%00b"])
def test_a_nul_is_refused_before_a_database_stumbles_over_it(client, path):
    assert client.get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(client):
    assert client.post("/login", data={"username": "a\0b", "password": "x"}).status_code == 400


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_too_large_for_an_id_is_nothing(sign_in, number):
    client = sign_in(make.person(roles=("admin",), stage=None))
    assert client.get(f"/admin/people/{number}").status_code == 404
    assert client.get(f"/admin/people?page={number}&team={number}").status_code == 200
    assert client.get(f"/admin/audit?before={number}").status_code == 200


# A form that was open too long


def test_a_form_of_somebody_who_was_signed_out_asks_them_to_sign_in_and_brings_them_back(sign_in):
    person = make.person()
    client = sign_in(person)
    db.session.query(SignIn).update({"ended_at": clock.now()})
    db.session.commit()
    headers = {"Referer": "http://localhost/courses/refunds?part=2", "Accept": "text/html"}
    answer = client.post("/me/password", csrf=False, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/courses/refunds?part%3D2")
    assert client.post("/me/password", csrf=False, headers=JSON).status_code == 401


def test_a_page_elsewhere_is_not_come_back_to(client):
    answer = client.post("/me/password", headers={"Referer": "http://evil.example/x"})
    assert answer.headers["Location"] == "/login"


def test_a_form_without_its_token_is_refused_to_somebody_signed_in(sign_in):
    answer = sign_in(make.person()).post("/me/password", csrf=False)
    assert answer.status_code == 400
    assert "afresh" in answer.text


# A database that is gone


@pytest.fixture(params=["sqlite", "postgresql"])
def without_database(request, tmp_path):
    """An application whose database cannot be reached, and a visitor with the cookie of a session."""
    address = "postgresql://lms@127.0.0.1:1/lms" if request.param == "postgresql" else ""
    app = create_app(Settings(instance=tmp_path, database_url=address, secret_key="s" * 40))
    if request.param == "sqlite":
        (tmp_path / "lms.db").mkdir()
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("language", "words"), [("en", "so nothing was saved"), ("zh", "没有保存")])
def test_without_a_database_every_page_is_a_503_in_the_persons_language(without_database, language, words):
    client = without_database
    with client.session_transaction() as session:
        session.update(_user_id="token", language=language, csrf_token="c" * 40)
    for path in ("/", "/courses", "/healthz"):
        page = client.get(path)
        assert (page.status_code, words in page.text) == (503, True)
    assert list(client.get("/", headers=JSON).json) == ["error"]


def test_without_a_database_nobody_can_sign_in_and_is_told_so(without_database, monkeypatch):
    monkeypatch.setattr("flask_wtf.csrf.validate_csrf", lambda *_: None)
    answer = without_database.post("/login", data={"username": "chen", "password": "x"})
    assert answer.status_code == 503


def test_a_folder_that_vanishes_while_serving_is_a_503(tmp_path, monkeypatch):
    app = create_app(Settings(instance=tmp_path / "gone", secret_key="s" * 40))
    monkeypatch.setattr("flask_wtf.csrf.validate_csrf", lambda *_: None)
    assert app.test_client().post("/preferences", data={"theme": "dark"}).status_code == 503


def test_the_page_of_an_error_does_not_ask_a_broken_database_who_is_looking(app, raises, sign_in, monkeypatch):
    client = sign_in(make.person("Chen"))
    raises(OperationalError("SELECT", None, Exception()))
    asked = []
    login = SimpleNamespace(load=app.login_manager._user_callback)
    monkeypatch.setattr(app.login_manager, "_user_callback", lambda token: asked.append(token) or login.load(token))
    assert client.get("/login").status_code == 503
    assert asked == []


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("image/png", "text/html"),
    ],
)
def test_an_error_comes_as_json_to_whoever_likes_it_best(client, accept, kind):
    response = client.get("/certificates/none", headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == kind


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://localhost/banks?q=a", 'href="/banks?q=a"'),
        ("http://elsewhere.example/banks", None),
        ("http://localhost//elsewhere.example", None),
        (None, None),
    ],
)
def test_a_refused_form_leads_back_to_its_page_and_nowhere_else(app, client, monkeypatch, came_from, back):
    def view():
        raise Refused(Reason("Choose a team first."), 409)

    view.lms_access = "public"
    monkeypatch.setitem(app.view_functions, "people.sign_in", view)
    page = client.post("/login", headers={"Accept-Language": "en"} | ({"Referer": came_from} if came_from else {}))
    assert page.status_code == 409
    assert ("Back to the page before" in page.text) is bool(back)
    assert (back or 'href="/"') in page.text
