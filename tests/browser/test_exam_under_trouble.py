"""An exam on the real server when things go wrong around it: the server dies, or there is no mouse."""

from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.browser.keys import keys_of_attempt, one_more_candidate, saved_answers
from tests.browser.server import demo_company
from tests.browser.sitting import all_saved, attempt_at, begin_exam
from tests.browser.visitor import PHONE, Visitor, new_visitor


def pick(visitor: Visitor, position: int) -> list[str]:
    """Choose the first option of a question; what is chosen then."""
    choice = visitor.page.locator(f'input[name="chosen-{position}"]').first
    choice.check()
    return [choice.get_attribute("value") or ""]


def test_a_server_that_dies_mid_exam_loses_nothing_that_was_given(chromium, tmp_path):
    with demo_company(tmp_path) as company:
        visitor = new_visitor(chromium, company.address, "zh", PHONE)
        visitor.sign_in_as("candidate")
        attempt_id = begin_exam(visitor)
        chosen = {1: pick(visitor, 1)}
        all_saved(visitor)
        company.crash()
        for position in (2, 3):
            visitor.page.locator('[data-step="1"]').click()
            chosen[position] = pick(visitor, position)
        expect(visitor.page.locator('[data-part="save"]')).to_have_attribute("data-state", "failed")
    with demo_company(tmp_path, port=urlsplit(company.address).port) as company:
        visitor.page.locator('[data-step="1"]').click()
        chosen[4] = pick(visitor, 4)
        all_saved(visitor)
        assert saved_answers(company, attempt_id) == chosen
        visitor.context.close()
        assert visitor.problems == []


def test_the_whole_exam_can_be_sat_with_the_keyboard_alone(visit, company):
    visitor = visit("en")
    visitor.sign_in_with(one_more_candidate(company))
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


def test_an_answer_given_before_the_script_has_arrived_is_saved_too(visit, company):
    visitor = visit("en", PHONE)
    visitor.sign_in_with(one_more_candidate(company))
    held: list[Route] = []
    visitor.page.route("**/js/exam.js*", lambda route: held.append(route))
    visitor.open("/exams/base")
    visitor.page.get_by_role("button", name="Begin the exam").click(no_wait_after=True)
    visitor.page.locator('input[name="chosen-1"]').first.wait_for()
    chosen = {1: pick(visitor, 1)}
    held[0].continue_()
    all_saved(visitor)
    assert saved_answers(company, attempt_at(visitor)) == chosen
