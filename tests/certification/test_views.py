"""The own certificates, and the public check."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.certification.models import Award
from lms.conduct.operations import record_entry
from lms.db import db
from lms.people.models import Person
from tests import make
from tests.conftest import NOON, Client
from tests.exams import make_exam

JSON = {"Accept": "application/json"}
ENGLISH = {"Accept-Language": "en"}
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def holder(app: Flask, clock: Any) -> Person:
    return make.person("Lin Yue")


@pytest.fixture
def code(holder: Person) -> str:
    """The code of a certificate earned at noon."""
    make_exam.certification()
    make_exam.handed_in(make_exam.answered(make_exam.started(make_exam.world(), holder)))
    return db.session.scalars(select(Award.code)).one()


def test_anybody_with_the_code_can_check_a_certificate(client: Client, code: str) -> None:
    page = client.get(f"/certificates/{code}", headers=ENGLISH)
    assert page.status_code == 200
    for said in (
        "Lin Yue",
        "Base certification",
        "base认证",
        "2026-03-02",
        "2027-03-02",
        code,
        "<svg",
        "valid to",
    ):
        assert said in page.text


def test_the_check_as_json_says_this_and_nothing_else(client: Client, code: str) -> None:
    assert client.get(f"/certificates/{code}", headers=JSON).get_json() == {
        "code": code,
        "name": "Lin Yue",
        "certification": {"id": "base", "title": {"en": "Base certification", "zh": "base认证"}},
        "valid_from": "2026-03-02",
        "valid_to": "2027-03-02",
        "state": "certified",
        "valid": True,
    }


def test_a_code_typed_in_small_letters_is_the_same_code(client: Client, code: str) -> None:
    assert client.get(f"/certificates/{code.lower()}").status_code == 200


@pytest.mark.parametrize("typed", ["AAAA-AAAA-AAAA-AAAA", "x" * 3000, "<script>"])
def test_an_unknown_code_gets_a_clear_answer(client: Client, app: Flask, typed: str) -> None:
    page = client.get(f"/certificates/{typed}")
    assert page.status_code == 404
    assert "<script>" not in page.text.replace("<script type", "")
    assert client.get(f"/certificates/{typed}", headers=JSON).get_json()["error"]


@pytest.mark.parametrize(("days", "state", "valid"), [(310, "expiring", True), (366, "expired", False)])
def test_the_check_follows_the_calendar(
    client: Client, code: str, clock: Any, days: int, state: str, valid: bool
) -> None:
    clock.move_to(NOON + days * DAY)
    found = client.get(f"/certificates/{code}", headers=JSON).get_json()
    assert (found["state"], found["valid"]) == (state, valid)


def test_a_revoked_certificate_says_so(client: Client, code: str, holder: Person) -> None:
    lead = make.manager(make.team())
    record_entry(holder, "cheating", NOON.date(), "Sat for another", token="t", actor=lead, now=NOON)
    db.session.commit()
    assert "was revoked" in client.get(f"/certificates/{code}", headers=ENGLISH).text
    assert client.get(f"/certificates/{code}", headers=JSON).get_json()["state"] == "revoked"


def test_the_code_of_a_renewed_certificate_leads_to_the_newer_one(
    client: Client, code: str, holder: Person, clock: Any
) -> None:
    later = NOON + 320 * DAY
    clock.move_to(later)
    exam = db.session.scalars(select(make_exam.Exam)).one()
    make_exam.handed_in(make_exam.answered(make_exam.started(exam, holder, later), later), later)
    found = client.get(f"/certificates/{code}", headers=JSON).get_json()
    assert (found["valid_to"], found["state"]) == ("2028-03-02", "certified")
    assert found["code"] != code


def test_the_check_in_chinese_is_chinese(client: Client, code: str) -> None:
    client.post("/preferences", data={"language": "zh"})
    assert 'lang="zh-Hans"' in client.get(f"/certificates/{code}").text


def test_ones_own_page_shows_what_is_held_and_what_is_missing(
    sign_in: Any, holder: Person, code: str
) -> None:
    make_exam.course("sizes")
    make_exam.certification("product", exams=("product",), courses=("sizes",))
    make_exam.exam("product")
    page = sign_in(holder, now=NOON).get("/certificates").text
    assert f"/certificates/{code}" in page
    assert "Valid to 2 Mar 2027" in page
    assert "Sizes" in page
    assert "Not started" in page


def test_ones_own_page_without_any_certification_says_what_to_do(sign_in: Any, holder: Person) -> None:
    assert "No certifications yet" in sign_in(holder, now=NOON).get("/certificates").text


def test_the_result_leads_to_the_certificate(sign_in: Any, holder: Person, code: str) -> None:
    attempt = db.session.scalars(select(make_exam.Attempt)).one()
    page = sign_in(holder, now=NOON).get(f"/attempts/{attempt.id}/result").text
    assert 'href="/certificates"' in page
