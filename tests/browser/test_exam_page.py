"""The exam page in a browser: lost connections, second windows, lost sessions, the clock, the keyboard."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select, update
from werkzeug.serving import make_server

from lms import clock
from lms.db import db
from lms.exams.models import Answer, Attempt
from lms.people.models import Person, SignIn
from lms.people.passwords import hash_password
from lms.people.signin import open_sign_in
from tests import make
from tests.browser.visitor import DESK, PHONE, Visitor, new_visitor
from tests.exams import make_exam

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
PASSWORD = "a quiet harbour at dawn"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application of the test, served to the browser by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def learner(app: Flask) -> Person:
    return make.person("Lin Yue", password_hash=hash_password(PASSWORD))


@pytest.fixture
def attempt(learner: Person) -> Attempt:
    make_exam.course()
    make_exam.certification()
    return make_exam.started(make_exam.world(), learner, clock.now())


@pytest.fixture
def come(app: Flask, chromium: Browser, address: str, learner: Person) -> Iterator[Callable[..., Visitor]]:
    """`come()` gives the learner, signed in, at a browser; nobody may have met a problem in the end."""
    visitors: list[Visitor] = []

    def arrive(language: str = "en", size: tuple[int, int] = DESK, theme: str = "light") -> Visitor:
        visitor = new_visitor(chromium, address, language, size, theme)
        visitors.append(visitor)
        token = open_sign_in(learner, [], learner.username, "test", now=clock.now())
        db.session.commit()
        signed = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signed is not None
        value = signed.dumps({"_user_id": token, "_fresh": True, "language": language})
        visitor.context.add_cookies([{"name": "lms", "value": value, "url": address}])
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []


def sit(visitor: Visitor, attempt: Attempt) -> Page:
    visitor.open(f"/attempts/{attempt.id}")
    visitor.page.wait_for_selector("#paper.is-live")
    return visitor.page


def choose(page: Page, position: int, place: int) -> None:
    page.locator(f"#q-{position} .option").nth(place).click()


def whole_state(page: Page) -> Any:
    return page.locator(".exam-bar .save-state")


def stored() -> dict[int, tuple[list[str], int]]:
    db.session.rollback()
    return {row.position: (row.chosen, row.seq) for row in db.session.scalars(select(Answer))}


def lose_saves(page: Page) -> None:
    """Every save gets lost on its way, as when a train enters a tunnel."""
    page.route("**/answers/*", lambda route: route.abort())


def test_every_change_is_saved_and_said_to_be(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    expect(whole_state(page)).to_have_text("nothing to save yet")
    choose(page, 1, 1)
    expect(whole_state(page)).to_have_text(re.compile(r"^saved \d\d:\d\d$"))
    expect(page.locator("#q-1 .save-state")).to_have_text(re.compile(r"^saved \d\d:\d\d$"))
    assert stored() == {1: ([attempt.items[0].option_order[1]], 1)}
    page.reload()
    expect(page.locator("#q-1 .option").nth(1).locator("input")).to_be_checked()
    expect(page.locator(".exam-bar")).to_contain_text("1/6")


def test_answers_given_without_a_connection_are_sent_in_order_when_it_is_back(
    come: Any, attempt: Attempt
) -> None:
    visitor = come()
    page, sent = sit(visitor, attempt), []
    page.on("request", lambda request: sent.append(request.url[-1]) if request.method == "PUT" else None)
    visitor.context.set_offline(True)
    for position in (3, 1, 2):
        choose(page, position, 0)
    expect(page.get_by_role("alert")).to_contain_text("Answers not saved yet: 3")
    expect(whole_state(page)).to_have_text("not saved")
    assert stored() == {}
    sent.clear()
    visitor.context.set_offline(False)
    expect(whole_state(page)).to_have_text(re.compile(r"^saved"))
    expect(page.get_by_role("alert")).to_be_hidden()
    assert sent == ["3", "1", "2"]
    assert set(stored()) == {1, 2, 3}


def test_answers_that_were_not_saved_survive_a_reload(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    lose_saves(page)
    choose(page, 2, 2)
    expect(whole_state(page)).to_have_text("not saved")
    page.unroute("**/answers/*")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#q-2 .option").nth(2).locator("input")).to_be_checked()
    expect(page.locator("#q-2 .save-state")).to_have_text(re.compile(r"^saved"))
    assert stored()[2] == ([attempt.items[1].option_order[2]], 1)


def test_a_server_that_fails_is_asked_again(come: Any, attempt: Attempt) -> None:
    visitor = come()
    page, fails = sit(visitor, attempt), [True]

    def answer(route: Route) -> None:
        if fails:
            fails.clear()
            route.fulfill(status=503, json={"error": "away"})
        else:
            route.continue_()

    page.route("**/answers/*", answer)
    choose(page, 1, 0)
    expect(whole_state(page)).to_have_text(re.compile(r"^saved"))
    assert 1 in stored()
    assert visitor.problems == [f"503 from {page.url}/answers/1"]
    visitor.problems.clear()


def test_after_a_lost_session_one_signs_in_and_the_kept_answers_are_sent(
    come: Any, attempt: Attempt, learner: Person
) -> None:
    page = sit(come(), attempt)
    db.session.execute(update(SignIn).values(ended_at=clock.now()))
    db.session.commit()
    choose(page, 1, 0)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Sign in and go on").click()
    page.get_by_label("User name").fill(learner.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(f"/attempts/{attempt.id}"))
    expect(whole_state(page)).to_have_text(re.compile(r"^saved"))
    assert 1 in stored()


def test_an_older_window_is_shown_the_newer_answer(come: Any, attempt: Attempt) -> None:
    visitor = come()
    older = sit(visitor, attempt)
    newer = visitor.context.new_page()
    newer.goto(older.url)
    choose(newer, 1, 2)
    expect(whole_state(newer)).to_have_text(re.compile(r"^saved"))
    choose(older, 1, 0)
    expect(older.get_by_role("alert")).to_contain_text("Question 1 was changed in another window")
    expect(older.locator("#q-1 .option").nth(2).locator("input")).to_be_checked()
    choose(older, 1, 1)
    expect(older.locator("#q-1 .save-state")).to_have_text(re.compile(r"^saved"))
    assert stored()[1] == ([attempt.items[0].option_order[1]], 2)


def test_a_window_left_open_leads_to_the_result_once_handed_in_elsewhere(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    make_exam.handed_in(attempt, clock.now())
    choose(page, 1, 0)
    expect(page).to_have_url(re.compile("/result$"))


def test_when_time_is_up_what_was_chosen_is_saved_and_the_result_shown(come: Any, attempt: Attempt) -> None:
    set_deadline(attempt, 4)
    page = sit(come(), attempt)
    choose(page, 1, 0)
    expect(page).to_have_url(re.compile("/result$"), timeout=15_000)
    assert 1 in stored()
    assert db.session.get_one(Attempt, attempt.id).submitted_at is not None


def set_deadline(attempt: Attempt, seconds: int) -> None:
    attempt.deadline = clock.now() + timedelta(seconds=seconds)
    attempt.started_at = attempt.deadline - timedelta(hours=1)
    db.session.commit()


def test_a_page_that_missed_the_end_leads_to_the_result(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    set_deadline(attempt, -60)
    choose(page, 1, 0)
    expect(page).to_have_url(re.compile("/result$"))
    assert stored() == {}


@pytest.mark.parametrize("days", [-1, 1])
def test_a_device_whose_clock_is_a_day_off_counts_down_right(come: Any, attempt: Attempt, days: int) -> None:
    visitor = come()
    visitor.context.add_init_script(f"const real = Date.now; Date.now = () => real() + {days} * 86400000;")
    expect(sit(visitor, attempt).locator(".clock")).to_have_text(re.compile(r"^(1:00:00|59:\d\d)$"))


def test_the_keyboard_alone_is_enough(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    page.locator("#q-1").focus()
    page.keyboard.press("b")
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("3")
    expect(page.locator("#q-2")).to_have_class(re.compile("is-current"))
    expect(whole_state(page)).to_have_text(re.compile(r"^saved"))
    chosen = {position: answer for position, (answer, _) in stored().items()}
    assert chosen == {1: [attempt.items[0].option_order[1]], 2: [attempt.items[1].option_order[2]]}
    expect(page.get_by_role("link", name="Question 1: answered, flagged")).to_be_visible()
    expect(page.get_by_role("link", name="Question 3: unanswered")).to_be_visible()


def test_a_phone_shows_one_question_at_a_time(come: Any, attempt: Attempt) -> None:
    page = sit(come(size=PHONE), attempt)
    expect(page.locator(".question:visible")).to_have_count(1)
    page.get_by_role("button", name="Next question").click()
    expect(page.locator(".question:visible")).to_have_id("q-2")
    page.locator('.qmap [data-position="5"]').click()
    expect(page.locator(".question:visible")).to_have_id("q-5")
    page.get_by_role("button", name="Prev").click()
    expect(page.locator(".question:visible")).to_have_id("q-4")


def test_a_single_choice_can_be_taken_back(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    choose(page, 1, 0)
    page.locator("#q-1").get_by_role("button", name="Clear the answer").click()
    expect(page.locator("#q-1 input:checked")).to_have_count(0)
    expect(whole_state(page)).to_have_text(re.compile(r"^saved"))
    expect(page.locator(".exam-bar")).to_contain_text("0/6")
    page.wait_for_function("() => !localStorage.length")
    assert stored()[1] == ([], 2)


def test_handing_in_waits_until_all_is_saved(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    choose(page, 1, 0)
    page.get_by_role("button", name="Hand in…").click()
    expect(page.get_by_role("heading", name="Hand in?")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1 of 6")
    page.get_by_role("button", name="Hand in now").click()
    expect(page.get_by_text("Not passed")).to_be_visible()


def test_the_language_can_be_changed_on_the_way(come: Any, attempt: Attempt) -> None:
    page = sit(come(), attempt)
    choose(page, 1, 0)
    expect(whole_state(page)).to_have_text(re.compile(r"^saved"))
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("#q-1 .stem")).to_contain_text("题目")
    expect(page.locator("#q-1 .option").first.locator("input")).to_be_checked()


def test_without_scripts_a_paper_can_be_sat_too(
    come: Any, attempt: Attempt, chromium: Browser, address: str
) -> None:
    visitor = come()
    plain = chromium.new_context(java_script_enabled=False)
    plain.add_cookies(visitor.context.cookies())
    page = plain.new_page()
    page.goto(f"{address}/attempts/{attempt.id}")
    page.locator("#q-1 .option").first.click()
    page.locator("#q-2 .option").first.click()
    page.locator("#q-2 [data-flag]").check()
    page.get_by_role("button", name="Save answers").click()
    assert set(stored()) == {1, 2}
    page.get_by_role("button", name="Hand in…").click()
    page.get_by_role("button", name="Hand in now").click()
    assert page.url.endswith("/result")
    plain.close()


@pytest.mark.parametrize(("language", "size", "theme"), [("en", PHONE, "dark"), ("zh", DESK, "light")])
def test_every_page_on_the_way_is_sound(
    come: Any, attempt: Attempt, language: str, size: tuple[int, int], theme: str
) -> None:
    visitor = come(language, size, theme)
    for path in ("/exams", "/exams/base", f"/attempts/{attempt.id}", f"/attempts/{attempt.id}/submit"):
        visitor.open(path)
        visitor.look()
    make_exam.handed_in(make_exam.answered(attempt, clock.now(), wrong=(1,)), clock.now())
    for path in (f"/attempts/{attempt.id}/result", "/certificates", "/exams/base"):
        visitor.open(path)
        visitor.look()
    visitor.open("/certificates")
    visitor.page.locator('a[href*="/certificates/"]').first.click()
    visitor.look()
