"""Signing in and out: what a cookie is worth, when, and to whom."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.audit import AuditRow
from lms.db import db
from lms.people import passwords, signin
from lms.people.models import FailedSignIn, Person, SignIn
from lms.people.operations import change_password, end_role, grant_role, set_active
from lms.people.passwords import hash_password
from lms.people.rules import Throttle
from tests import make
from tests.conftest import NOON, new_client
from tests.ground.together import at_once
from tests.people.test_rules import EVIL

RIGHT = "the kettle sings at noon"
WRONG = {"username": "chen", "password": "wrong"}


@pytest.fixture
def chen(app) -> Person:
    return make.person("Chen", password_hash=hash_password(RIGHT))


def post(client, username="chen", password=RIGHT, address="192.0.2.1", **kwargs):
    return client.post("/login", data={"username": username, "password": password},
                       environ_overrides={"REMOTE_ADDR": address}, **kwargs)  # fmt: skip


def is_signed_in(client) -> bool:
    return client.get("/me").status_code == 200


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)))


# In


def test_the_right_password_opens_a_session_and_leads_home(client, chen):
    answer = post(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_signed_in(client)
    assert acts()[-1] == "sign-in"


@pytest.mark.parametrize("spelling", ["CHEN", " chen ", "ｃｈｅｎ", "che n\u200b"])
def test_every_spelling_of_the_name_is_the_same_person(client, chen, spelling):
    assert post(client, spelling).status_code == 303


def test_signing_in_replaces_the_session_and_the_token_of_the_form(client, chen):
    client.get("/login")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    post(client)
    client.get("/me")
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


def test_the_database_holds_no_token_that_would_let_anybody_in(client, chen):
    post(client)
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert db.session.scalar(select(func.count(SignIn.id)).where(SignIn.token_hash == token)) == 0


def test_fields_that_nobody_asked_for_are_ignored(client, chen):
    client.post("/login", data={"username": "chen", "password": RIGHT, "role": "admin", "is_active": "0",
                                "person_id": "1", "next": "//evil.example"})  # fmt: skip
    db.session.rollback()
    assert (db.session.get_one(Person, chen.id).roles, chen.is_active) == ({"learner"}, True)


def test_a_form_without_the_token_is_refused(client, chen):
    assert post(client, csrf=False).status_code == 400


@pytest.mark.parametrize("target", [target for target in EVIL if target])
def test_signing_in_never_leads_to_another_site(client, chen, target):
    answer = client.post("/login", query_string={"next": target}, data={"username": "chen", "password": RIGHT})
    assert answer.status_code in (303, 400)  # a NUL is no address at all
    assert answer.headers.get("Location", "/") == "/"
    if answer.status_code == 303:
        assert client.get("/login", query_string={"next": target}).headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, chen):
    asked = client.get("/me?part=2")
    assert asked.headers["Location"] == "/login?next=/me?part%3D2"
    answer = client.post(asked.headers["Location"], data={"username": "chen", "password": RIGHT})
    assert answer.headers["Location"] == "/me?part=2"


def test_signing_in_as_somebody_else_ends_the_first_session(client, chen):
    make.person("Lin", password_hash=hash_password(RIGHT))
    post(client)
    old = client.get_cookie("lms").value
    post(client, "lin")
    client.set_cookie("lms", old)
    assert not is_signed_in(client)


# Out


@pytest.fixture
def replayed(client, chen):
    """A client with a copy of the cookie of a session, kept before that session ends."""
    post(client)
    assert is_signed_in(client)
    copy = new_client(client.application)
    copy.set_cookie("lms", client.get_cookie("lms").value)
    assert is_signed_in(copy)
    return copy


def test_a_cookie_is_worth_nothing_after_signing_out(client, replayed):
    assert client.post("/logout").headers["Location"] == "/login"
    assert not is_signed_in(client)
    assert not is_signed_in(replayed)
    assert acts()[-1] == "sign-out"


def test_a_cookie_is_worth_nothing_after_the_password_changed(client, replayed):
    answer = client.post("/me/password", data={"current": RIGHT, "password": "another long one", "again":
                                               "another long one"})  # fmt: skip
    assert answer.status_code == 303
    assert not is_signed_in(client)
    assert not is_signed_in(replayed)
    assert post(client).status_code == 422
    assert post(client, password="another long one").status_code == 303


def test_a_cookie_is_worth_nothing_once_the_account_is_closed_nor_when_it_is_opened_again(replayed, chen):
    admin = make.person("Admin", stage=None, roles=("admin",))
    set_active(chen, False, actor=admin, now=NOON)
    db.session.commit()
    assert not is_signed_in(replayed)
    assert post(replayed).status_code == 422
    set_active(chen, True, actor=admin, now=NOON)
    db.session.commit()
    assert not is_signed_in(replayed)


def test_a_session_ends_after_a_long_day_whatever_the_cookie_says(app, chen, sign_in):
    with time_machine.travel(NOON, tick=False):
        client = sign_in(chen)
    with time_machine.travel(NOON + signin.SESSION_HOLDS - timedelta(minutes=1), tick=False):
        assert is_signed_in(client)
    with time_machine.travel(NOON + signin.SESSION_HOLDS, tick=False):
        assert not is_signed_in(client)


def test_a_cookie_with_a_made_up_session_is_worth_nothing(client, chen):
    with client.session_transaction() as session:
        session["_user_id"] = str(chen.id)
    assert not is_signed_in(client)


def test_a_cookie_that_was_tampered_with_is_an_empty_one(client, chen):
    post(client)
    client.set_cookie("lms", client.get_cookie("lms").value[:-2] + "xx")
    assert not is_signed_in(client)


def test_signing_out_needs_a_form_and_not_a_link(client, chen):
    post(client)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout", csrf=False).status_code == 400
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("/me", "/me"),
        ("/me?x=1", "/me?x=1"),
        ("/nowhere", "/nowhere"),
        ("/shifts/8/close", "/shifts/8"),
        ("/mentees/11/activities/count/sign", "/mentees/11"),
        ("/logout", "/"),
        ("//evil.example", "/"),
    ],
)
def test_choosing_a_language_leads_back_to_a_page_even_from_an_address_for_forms(client, came_from, goes_to):
    answer = client.post("/preferences", data={"language": "zh", "next": came_from})
    assert (answer.status_code, answer.location) == (303, goes_to)


# On the very next request


def test_a_role_given_or_taken_acts_on_the_next_request_of_a_session_that_is_open(client, chen):
    post(client)
    assert client.get("/admin/people").status_code == 403
    grant_role(chen, "admin", NOON.date(), actor=None, now=NOON)
    db.session.commit()
    assert client.get("/admin/people").status_code == 200
    make.person("Lin", stage=None, roles=("admin",), password_hash="x")
    end_role(chen, "admin", NOON.date(), actor=None, now=NOON)
    db.session.commit()
    assert client.get("/admin/people").status_code == 403


# Guessing


@pytest.fixture
def compared(monkeypatch):
    """The hashes that passwords were compared with."""
    seen = []
    verify = passwords.PasswordHasher.verify

    def note(self, stored, password):
        seen.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(passwords.PasswordHasher, "verify", note)
    return seen


def test_a_name_that_is_unknown_closed_or_not_set_up_looks_like_a_wrong_password(client, chen, compared):
    make.person("Closed", password_hash=hash_password(RIGHT)).is_active = False
    make.person("Waiting")
    db.session.commit()
    pages = set()
    for name in ("chen", "nobody", "Closed", "Waiting"):
        answer = post(client, name, "wrong")
        page = answer.text.replace(name, "NAME")
        with client.session_transaction() as session:
            session.pop("csrf_token")
        pages.add((answer.status_code, "".join(line for line in page.splitlines() if "csrf" not in line)))
    assert len(pages) == 1
    assert len(compared) == 4  # each ran the slow comparison, with a real hash
    assert all(stored.startswith("$argon2id$") for stored in compared)


def test_what_was_typed_stays_except_the_password(client, chen):
    page = post(client, "che", "secret-typed").text
    assert 'value="che"' in page
    assert "secret-typed" not in page


def test_many_guesses_at_once_are_slowed_down_and_the_owner_still_gets_in(app, chen):
    limit = Throttle().per_name_and_address

    def guess():
        return post(new_client(app), password="wrong").status_code

    with time_machine.travel(NOON, tick=False):
        statuses = at_once(app, *[guess] * 60)
        assert sorted(statuses) == [422] * limit + [429] * (60 - limit)
        assert post(new_client(app)).status_code == 429  # even the right one, from where the guesses come
        assert post(new_client(app), address="198.51.100.7").status_code == 303
    with time_machine.travel(NOON + Throttle().window, tick=False):
        assert post(new_client(app)).status_code == 303


def test_the_page_says_until_when_to_wait(client, chen):
    with time_machine.travel(NOON, tick=False):
        for _ in range(Throttle().per_name_and_address):
            post(client, password="wrong")
        answer = post(client, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Try again after 2 Mar 2026, 12:15" in answer.text


@pytest.fixture
def strict(monkeypatch) -> Throttle:
    """A throttle that takes fewer requests to reach."""
    throttle = Throttle(per_name_and_address=3, per_name=6, per_address=8)
    monkeypatch.setattr("lms.people.views.Throttle", lambda: throttle)
    return throttle


def test_guesses_at_many_names_from_one_address_are_slowed_down_too(client, strict):
    with time_machine.travel(NOON, tick=False):
        for number in range(strict.per_address):
            post(client, f"name{number}", "wrong")
        assert post(client, "one more", "wrong").status_code == 429
        assert post(client, "one more", "wrong", address="198.51.100.7").status_code == 422


def test_guesses_from_many_addresses_at_one_name_are_slowed_down_for_a_quarter_of_an_hour_at_most(
    client, chen, strict
):
    with time_machine.travel(NOON, tick=False):
        for number in range(strict.per_name):
            post(client, password="wrong", address=f"198.51.100.{number}")
        assert post(client).status_code == 429
    with time_machine.travel(NOON + Throttle().window, tick=False):
        assert post(client).status_code == 303


def test_a_right_password_forgives_the_wrong_ones_before_it(client, chen, strict):
    for _ in range(strict.per_name_and_address - 1):
        post(client, password="wrong")
    post(client)
    for _ in range(strict.per_name_and_address - 1):
        assert post(client, password="wrong").status_code == 422


def test_a_colleague_who_signs_in_does_not_forgive_guesses_at_another(client, chen, strict):
    make.person("Lin", password_hash=hash_password(RIGHT))
    with time_machine.travel(NOON, tick=False):
        for _ in range(strict.per_name_and_address):
            post(client, password="wrong")
            post(new_client(client.application), "lin")
        assert post(client).status_code == 429


def test_old_failures_are_forgotten(client, chen):
    with time_machine.travel(NOON, tick=False):
        post(client, password="wrong")
    with time_machine.travel(NOON + signin.KEEP_FAILURES + timedelta(minutes=1), tick=False):
        post(client, "lin", "wrong")
    assert db.session.scalar(select(func.count(FailedSignIn.id))) == 3


def test_the_present_password_cannot_be_guessed_at_an_unlocked_screen_either(client, chen):
    post(client)
    data = {"current": "wrong", "password": "another long one", "again": "another long one"}
    statuses = [client.post("/me/password", data=data).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2


# While somebody else acts


def test_a_password_changed_while_it_was_being_compared_does_not_let_the_old_one_in(client, chen, monkeypatch):
    chen_id = chen.id

    def changed_meanwhile(stored, password):
        person = db.session.get_one(Person, chen_id)
        change_password(person, hash_password("another long one"), now=NOON)
        db.session.commit()
        return True

    monkeypatch.setattr("lms.people.views.matches", changed_meanwhile)
    assert post(client).status_code == 422
    assert not is_signed_in(client)


# The own page


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"current": "wrong"}, "not your present password"), ({"again": "different"}, "The two differ"),
     ({"password": "short", "again": "short"}, "10 characters or more"),
     ({"password": "chenchenchen", "again": "chenchenchen"}, "too easy to guess")],
)  # fmt: skip
def test_a_new_password_that_will_not_do_is_refused_and_the_old_one_holds(sign_in, chen, change, problem):
    client = sign_in(chen)
    data = {"current": RIGHT, "password": "another long one", "again": "another long one"} | change
    answer = client.post("/me/password", data=data)
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert is_signed_in(client)
    assert post(new_client(client.application)).status_code == 303


def test_the_own_page_shows_team_stage_tier_and_roles(sign_in):
    team = make.team("After-sales")
    page = sign_in(make.person("Lin", team=team, tier="senior", roles=("mentor",))).get("/me").text
    for word in ("After-sales", "Agent", "Senior", "Learner · Mentor"):
        assert word in page
