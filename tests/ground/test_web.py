"""What every answer shares: cookies, static files, hosts and proxies, the language."""

from http.cookies import SimpleCookie

import pytest

from lms import create_app
from lms.config import Settings
from lms.people.models import FailedSignIn, Person
from tests import make
from tests.conftest import new_client


@pytest.fixture
def behind_a_proxy(tmp_path):
    settings = Settings(instance=tmp_path, secret_key="s" * 40, proxy_hops=1, trusted_hosts="lms.example")
    return create_app(settings).test_client()


def cookie(answer):
    return SimpleCookie(answer.headers["Set-Cookie"])["lms"]


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(client):
    held = cookie(client.get("/login"))
    assert (held["httponly"], held["samesite"], held["path"]) == (True, "Lax", "/")


def test_the_cookie_travels_over_tls_only_where_a_proxy_provides_it(client, behind_a_proxy):
    assert not cookie(client.get("/login"))["secure"]
    assert cookie(behind_a_proxy.get("/login"))["secure"]


def test_a_cookie_is_not_sent_again_unless_it_changed(sign_in):
    client = sign_in(make.person())
    client.get("/me")
    assert "Set-Cookie" not in client.get("/me").headers


def test_a_static_file_named_with_its_fingerprint_is_kept_for_a_year(client):
    page = client.get("/login").text
    address = next(part for part in page.split('"') if part.startswith("/static/css/base.css?v="))
    with client.get(address) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_a_script_that_another_imports_by_plain_name_is_asked_for_each_time(client):
    with client.get("/static/js/exam/paper.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["ETag"]


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:5000", 200), ("evil.example", 400), ("", 400),
     ("lms.example", 400), ("localhost.evil.example", 400), ("evil.example:localhost", 400)],
)  # fmt: skip
def test_the_site_answers_to_its_own_names_only(client, host, status):
    assert client.get("/login", headers={"Host": host}).status_code == status


def test_a_named_host_is_answered_to(behind_a_proxy):
    assert behind_a_proxy.get("/login", headers={"Host": "lms.example"}).status_code == 200


def guess_from(client, forwarded):
    client.post("/login", data={"username": "nobody", "password": "wrong"},
                headers={"X-Forwarded-For": forwarded})  # fmt: skip


def addresses_noted():
    from lms.db import db

    return {row.key for row in db.session.query(FailedSignIn) if row.key.startswith("address:")}


def test_an_address_that_a_client_claims_is_ignored(client):
    guess_from(client, "10.9.8.7")
    assert addresses_noted() == {"address:127.0.0.1"}


def test_behind_a_proxy_the_address_that_the_proxy_saw_counts_and_not_what_came_before_it(app, monkeypatch):
    from werkzeug.middleware.proxy_fix import ProxyFix

    monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=1))
    guess_from(new_client(app), "10.9.8.7, 192.0.2.1")
    assert addresses_noted() == {"address:192.0.2.1"}


@pytest.mark.parametrize(
    ("accepts", "language"), [("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("fr", "zh-Hans"),
                              ("", "zh-Hans"), ("zh-TW", "zh-Hans"), ("fr,en;q=0.5", "en")]
)  # fmt: skip
def test_a_visitors_language_is_the_browsers_or_chinese(client, accepts, language):
    assert f'<html lang="{language}"' in client.get("/login", headers={"Accept-Language": accepts}).text


def test_a_choice_of_language_and_theme_stays(client):
    client.post("/preferences", data={"language": "en", "next": "/login"})
    client.post("/preferences", data={"theme": "dark"})
    page = client.get("/login", headers={"Accept-Language": "zh-CN"}).text
    assert '<html lang="en" data-bs-theme="dark"' in page


def test_a_choice_made_signed_in_belongs_to_the_person(app, sign_in):
    person = make.person("Chen")
    sign_in(person).post("/preferences", data={"language": "zh", "theme": "dark"})
    chen = Person.query.one()
    assert (chen.language, chen.theme) == ("zh", "dark")


@pytest.mark.parametrize("data", [{"language": "fr"}, {"theme": "pink"}, {"language": ""}, {"role": "admin"}])
def test_a_choice_that_there_is_not_changes_nothing(sign_in, data):
    person = make.person("Chen")
    assert sign_in(person).post("/preferences", data=data).status_code == 303
    chen = Person.query.one()
    assert (chen.language, chen.theme, chen.roles) == ("en", "auto", {"learner"})


def test_the_health_page_answers_when_the_database_does(client):
    assert client.get("/healthz").json == {"status": "ok"}


