"""One-time links: for the first admin, a new account, a forgotten password."""

import pytest
from sqlalchemy import func, select

from lms import clock, site
from lms.db import db, writes
from lms.errors import Refused
from lms.people.links import LINK_HOLDS, make_link
from lms.people.models import OneTimeLink, Person
from lms.people.operations import set_active
from lms.people.passwords import hash_password
from tests import make
from tests.conftest import NOON, new_client
from tests.ground.together import at_once

GOOD = {"password": "the kettle sings", "again": "the kettle sings"}
FIRST = {**GOOD, "username": "root.lin", "name": "Lin Yue"}


@pytest.fixture
def chen(app) -> Person:
    return make.person("Chen")


def link_for(person, now=None) -> str:
    token = make_link(person, actor=None, now=now or clock.now())
    db.session.commit()
    return f"/welcome/{token}"


def signs_in(client, username="chen", password=GOOD["password"]) -> bool:
    return client.post("/login", data={"username": username, "password": password}).status_code == 303


def test_a_link_sets_a_password_once(client, chen):
    link = link_for(chen)
    assert "Chen" in client.get(link).text
    assert client.post(link, data=GOOD).headers["Location"] == "/login"
    assert signs_in(client)
    assert client.get(link).status_code == 410
    again = client.post(link, data={"password": "something else", "again": "something else"})
    assert again.status_code == 410
    assert signs_in(new_client(client.application))


def test_looking_at_a_link_does_not_spend_it(client, chen):
    link = link_for(chen)
    for _ in range(3):  # as a chat's preview does
        assert client.get(link).status_code == 200


def test_a_link_used_by_two_at_once_sets_one_password(app, chen):
    link = link_for(chen)

    def use(password):
        return lambda: new_client(app).post(link, data={"password": password, "again": password}).status_code

    passwords = [f"the kettle sings {number}" for number in range(4)]
    assert sorted(at_once(app, *map(use, passwords))) == [303, 410, 410, 410]
    assert [signs_in(new_client(app), password=password) for password in passwords].count(True) == 1


def test_a_newer_link_ends_the_older_one(client, chen):
    older, newer = link_for(chen), link_for(chen)
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_link_ends_after_three_days(client, chen):
    assert client.get(link_for(chen, now=clock.now() - LINK_HOLDS)).status_code == 410


@pytest.mark.parametrize("token", ["x", "x" * 300, "%E2%80%8B", "..%2F.."])
def test_a_made_up_link_is_none(client, chen, token):
    link_for(chen)
    assert client.get(f"/welcome/{token}").status_code in (404, 410)


def test_a_link_used_signs_out_everywhere(client, chen, sign_in):
    chen.password_hash = hash_password("an older password")
    db.session.commit()
    elsewhere = sign_in(chen)
    client.post(link_for(chen), data=GOOD)
    assert elsewhere.get("/me").status_code == 303


def test_the_old_password_holds_until_the_link_is_used(client, chen):
    chen.password_hash = hash_password("an older password")
    db.session.commit()
    link_for(chen)
    assert signs_in(client, password="an older password")


def test_closing_the_account_ends_its_link(client, chen):
    link = link_for(chen)
    set_active(chen, False, actor=make.person("Admin"), now=NOON)
    db.session.commit()
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("data", "problem"),
    [({}, "Enter a password"), ({"password": "short", "again": "short"}, "10 characters or more"),
     ({**GOOD, "again": "different"}, "The two differ"),
     ({"password": "chenchenchen", "again": "chenchenchen"}, "easy to guess")],
)  # fmt: skip
def test_a_password_that_will_not_do_does_not_spend_the_link(client, chen, data, problem):
    link = link_for(chen)
    answer = client.post(link, data=data, headers={"Accept-Language": "en"})
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert "kettle" not in answer.text
    assert client.get(link).status_code == 200


def test_fields_that_nobody_asked_for_are_ignored(client, chen):
    client.post(link_for(chen), data={**GOOD, "username": "root", "name": "Root", "role": "admin"})
    db.session.rollback()
    person = db.session.scalars(select(Person)).one()
    assert (person.username, person.name, person.roles) == ("Chen", "Chen", {"learner"})


# The first admin


@pytest.fixture
def first_link(app) -> str:
    return f"/welcome/{site.first_link(clock.now())}"


def test_the_first_link_makes_an_admin_once(client, first_link):
    assert client.post(first_link, data=FIRST).status_code == 303
    person = db.session.scalars(select(Person)).one()
    assert (person.name, person.roles, person.stage) == ("Lin Yue", {"learner", "admin"}, None)
    assert signs_in(client, "root.lin")
    assert client.post(first_link, data={**FIRST, "username": "second"}).status_code == 410
    assert site.first_link(clock.now()) is None


def test_two_who_use_the_first_link_at_once_make_one_admin(app, first_link):
    def use(name):
        return lambda: new_client(app).post(first_link, data={**FIRST, "username": name}).status_code

    assert sorted(at_once(app, use("one"), use("two"))) == [303, 410]
    assert db.session.scalar(select(func.count(Person.id))) == 1


def test_starting_the_server_again_gives_a_new_first_link_in_place_of_the_old_one(client, first_link):
    second = f"/welcome/{site.first_link(clock.now())}"
    assert client.get(first_link).status_code == 410
    assert client.get(second).status_code == 200


def test_the_first_admins_form_keeps_what_was_typed(client, first_link):
    answer = client.post(first_link, data={**FIRST, "again": "different"})
    assert answer.status_code == 422
    assert 'value="root.lin"' in answer.text
    assert 'value="Lin Yue"' in answer.text


def test_a_first_admin_without_a_real_name_is_refused(client, first_link):
    assert client.post(first_link, data={**FIRST, "username": "\u200b "}).status_code == 422


def test_the_link_of_an_account_makes_no_admin(client, chen):
    client.post(link_for(chen), data=FIRST)
    assert db.session.scalars(select(Person.username)).all() == ["Chen"]


def test_the_table_of_links_lets_nobody_in(client, chen):
    link_for(chen)
    stored = db.session.scalars(select(OneTimeLink.token_hash)).one()
    assert client.get(f"/welcome/{stored}").status_code == 410


def test_a_closed_account_gets_no_link(chen):
    chen.is_active = False
    db.session.commit()
    with pytest.raises(Refused):
        writes(make_link)(chen, actor=None, now=NOON)
