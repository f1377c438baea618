"""Names, passwords, the throttle's sums, and where one may be sent after signing in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.rules import Throttle, local_path, name_key, wait_until, why_not_password
from tests.conftest import NOON

THROTTLE = Throttle()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "spelling",
    ["Chen.Wei", "chen.wei", " CHEN.WEI ", "chen. wei", "ｃｈｅｎ．ｗｅｉ", "chen.wei\u200b", "che\u00adn.wei",
     "chen\u3000.wei", "\ufeffchen.wei"],
)  # fmt: skip
def test_names_that_differ_by_case_space_or_form_are_one(spelling):
    assert name_key(spelling) == "chen.wei"


@pytest.mark.parametrize(
    ("one", "other"), [("Straße", "STRASSE"), ("é", "e\u0301"), ("ﬁn", "FIN"), ("Ⅷ", "viii"), ("Ω", "Ω")]
)
def test_unicode_forms_of_a_name_are_one(one, other):
    assert name_key(one) == name_key(other)


@given(st.text(max_size=50))
def test_the_key_of_a_key_is_itself(name):
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\t\n"])
def test_a_name_of_nothing_visible_has_no_key(name):
    assert name_key(name) == ""


def test_the_first_guesses_go_through_and_the_next_one_waits():
    guesses = [NOON + n * MINUTE for n in range(3)]
    assert wait_until(THROTTLE, guesses[:2], 3) is None
    assert wait_until(THROTTLE, guesses, 3) == NOON + THROTTLE.window


def test_the_wait_is_reckoned_from_the_last_guesses_that_fill_the_window():
    guesses = [NOON + n * MINUTE for n in range(5)]
    assert wait_until(THROTTLE, guesses, 3) == NOON + 2 * MINUTE + THROTTLE.window


@pytest.mark.parametrize(
    ("password", "username"),
    [("short", "chen"), ("x" * 201, "chen"), ("aaaaaaaaaaaa", "chen"), ("ababababab", "chen"), ("1234567890", "chen"),
     ("Chen.Wei 2026", "chen.wei"), ("my name is CHENWEI", "chen wei"), ("PASSWORD123", "chen"), ("5201314520", "li")],
)  # fmt: skip
def test_a_weak_password_is_refused(password, username):
    assert why_not_password(password, username) is not None


@pytest.mark.parametrize(
    ("password", "username"),
    [("correct horse battery", "chen"), ("今天的客人都很和气呀好", "chen"), ("a quiet billing lane", "li"),
     ("eleven chars", ""), ("1 kettle on the hob", "1")],
)  # fmt: skip
def test_a_long_password_will_do_even_where_a_short_name_is_in_it(password, username):
    assert why_not_password(password, username) is None


@pytest.mark.parametrize(
    "target", ["/", "/courses", "/courses/refunds?part=2#three", "/me?next=//evil.example", "/退款", "/a//b"]
)
def test_a_path_of_this_site_may_be_gone_back_to(target):
    assert local_path(target) == target


EVIL = [
    None, "", "courses", "//evil.example", "///evil.example", "http://evil.example", "https:evil.example",
    "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "/\r\nSet-Cookie: x=1", "javascript:alert(1)", "//evil.example\\@localhost", "http:///evil.example", "//[evil",
    "/\u2028/evil.example", "/\u200b/evil.example", "/\0/evil.example", "http://localhost/", "//localhost/",
]  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_anywhere_else_is_home(target):
    assert local_path(target) is None


@given(st.text(max_size=20).map(lambda rest: f"/{rest}"))
def test_whatever_is_let_through_stays_on_this_host(target):
    from urllib.parse import urljoin, urlsplit

    if local_path(target):
        assert urlsplit(urljoin("http://here.example/login", target)).netloc == "here.example"
