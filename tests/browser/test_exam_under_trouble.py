"""An exam when things go wrong around it: no connection, a lost session, no mouse, a second window."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import keys_of_attempt, one_more_candidate, saved_answers
from tests.browser.sitting import all_saved, attempt_at, begin_exam, choose
from tests.browser.visitor import PHONE, Visitor

OFFLINE = (
    "%(count)s answers are not saved yet. Go on: they are kept here and sent as soon as "
    "the connection is back."
)

pytestmark = pytest.mark.xdist_group("exam-under-trouble")


@pytest.fixture
def candidate(company):
    """A name to sit the exam under: everybody has a first attempt only once."""
    return one_more_candidate(company)


def pick(visitor: Visitor, position: int, index: int = 0) -> str:
    """Choose an option of the question at hand by its place; its id."""
    choice = visitor.page.locator(f'input[name="chosen-{position}"]').nth(index)
    choice.check()
    return choice.get_attribute("value") or ""


def test_answers_given_offline_are_kept_and_sent_when_the_connection_is_back(visit, company, candidate):
    visitor = visit("en", PHONE)
    visitor.sign_in_with(candidate)
    attempt_id = begin_exam(visitor)
    chosen = {1: [pick(visitor, 1)]}
    all_saved(visitor)
    visitor.context.set_offline(True)
    for position in (2, 3, 4):
        visitor.page.locator('[data-step="1"]').click()
        chosen[position] = [pick(visitor, position)]
    visitor.sees(OFFLINE, count=3)
    expect(visitor.page.locator('[data-part="save"]')).to_have_attribute("data-state", "failed")
    visitor.look()
    assert saved_answers(company, attempt_id).keys() == {1}
    visitor.context.set_offline(False)
    all_saved(visitor)
    expect(visitor.page.locator("[data-alert]")).to_be_hidden()
    assert saved_answers(company, attempt_id) == chosen


def test_a_session_lost_mid_exam_loses_no_answer(visit, company, candidate):
    visitor = visit("zh", PHONE)
    visitor.sign_in_with(candidate)
    attempt_id = begin_exam(visitor)
    chosen = {1: [pick(visitor, 1)]}
    all_saved(visitor)
    visitor.sign_out()
    visitor.page.locator('[data-step="1"]').click()
    chosen[2] = [pick(visitor, 2)]
    visitor.sees("You are signed out. Your answers are kept in this browser: sign in and they will be sent.")
    visitor.look()
    visitor.press("Sign in and go on")
    visitor.sign_in_with(candidate)
    visitor.at(rf"/attempts/{attempt_id}")
    all_saved(visitor)
    assert saved_answers(company, attempt_id) == chosen


def test_the_whole_exam_can_be_sat_with_the_keyboard_alone(visit, company, candidate):
    visitor = visit("en")
    visitor.sign_in_with(candidate)
    visitor.open("/exams/base")
    visitor.tab_to(visitor.page.get_by_role("button", name="Begin the exam"))
    visitor.page.keyboard.press("Enter")
    visitor.at(r"/attempts/\d+")
    attempt_id = attempt_at(visitor)
    keys = keys_of_attempt(company, attempt_id)
    visitor.tab_to(visitor.page.locator('input[name="chosen-1"]').first)
    for position, right in sorted(keys.items()):
        options = visitor.page.locator(f'input[name="chosen-{position}"]').all()
        values = [option.get_attribute("value") for option in options]
        for value in right:
            visitor.page.keyboard.press(str(values.index(value) + 1))
        if position < len(keys):
            visitor.page.keyboard.press("ArrowRight")
    all_saved(visitor)
    assert saved_answers(company, attempt_id) == {position: sorted(right) for position, right in keys.items()}
    for name in ("Hand in…", "Hand in now"):
        visitor.tab_to(visitor.page.get_by_role("button", name=name))
        visitor.page.keyboard.press("Enter")
    visitor.at(r"/attempts/\d+/result")
    visitor.sees("Passed")


def test_a_second_window_does_not_blank_what_the_first_saved(visit, company, candidate):
    visitor = visit("en")
    visitor.sign_in_with(candidate)
    attempt_id = begin_exam(visitor)
    older = visitor.context.new_page()
    older.goto(visitor.page.url)
    for index in (0, 1):
        pick(visitor, 1, index)
    newer = pick(visitor, 1, 0)
    all_saved(visitor)
    older.locator('input[name="chosen-1"]').nth(1).click()
    expect(older.locator("[data-alert]")).to_contain_text("changed in another window")
    expect(older.locator('input[name="chosen-1"]').nth(0)).to_be_checked()
    assert saved_answers(company, attempt_id) == {1: [newer]}


def test_an_exam_can_be_sat_with_a_clock_that_is_years_off(visit, candidate):
    visitor = visit("en")
    visitor.sign_in_with(candidate)
    visitor.page.clock.install(time="2031-01-01T00:00:00")
    begin_exam(visitor)
    expect(visitor.page.locator('[data-part="clock"]')).to_have_text(re.compile(r"^(59:\d\d|1:00:00)$"))
    pick(visitor, 1)
    all_saved(visitor)


def test_nothing_that_reaches_the_browser_tells_the_keys(visit, company, candidate):
    visitor = visit("en")
    visitor.sign_in_with(candidate)
    bodies = []
    visitor.page.on("response", lambda answer: bodies.append(answer) if "/attempts/" in answer.url else None)
    attempt_id = begin_exam(visitor)
    choose(visitor, "chosen-1", keys_of_attempt(company, attempt_id)[1])
    all_saved(visitor)
    text = "\n".join(answer.text() for answer in bodies if answer.status == 200)
    assert "explanation" not in text.lower()
    assert "correct" not in text.lower()
