"""The way through the product, walked by everybody on it: in both languages, on a phone and at a desk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.server import Company, demo_company
from tests.browser.sitting import answer_paper, begin_exam, pass_check, read_lesson
from tests.browser.visitor import DESK, PHONE, Visitor

COMBINATIONS = [
    pytest.param((language, size, theme), id=name)
    for language in ("en", "zh")
    for size, theme, name in ((PHONE, "dark", f"{language}-phone"), (DESK, "light", f"{language}-desk"))
]


@pytest.fixture(scope="module", params=COMBINATIONS)
def way(request: pytest.FixtureRequest) -> tuple[str, tuple[int, int], str]:
    """Language, size and theme of a story."""
    return request.param


@pytest.fixture(scope="module")
def company(way: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Each story changes its company, so each way has one of its own."""
    with demo_company(tmp_path_factory.mktemp("story")) as company:
        yield company


@pytest.fixture
def visitor(visit, way) -> Visitor:
    """Whoever walks. Axe judges in one language at each width; language and width are looked at everywhere."""
    visitor = visit(*way)
    visitor.asks_axe = way in (("en", PHONE, "dark"), ("zh", DESK, "light"))
    return visitor


def test_a_new_hire_does_the_first_lesson_and_its_check(visitor, company):
    visitor.sign_in_as("newhire")
    visitor.look()
    visitor.page.locator(".next-step .btn-primary").click()
    visitor.at("/courses/[^/]+/[^/]+$")
    visitor.look()
    first = visitor.page.locator("details.think").first
    answer = first.locator(":scope > :not(summary)").first
    expect(answer).to_be_hidden()
    first.locator("summary").click()
    expect(answer).to_be_visible()
    read_lesson(visitor)
    visitor.at("/courses/[^/]+/[^/]+/check")
    visitor.look()
    pass_check(visitor, company, wrong=2)
    visitor.sees("Not passed yet")
    visitor.look()
    visitor.press("Try again")
    pass_check(visitor, company)
    visitor.sees("Passed")
    visitor.page.locator(".verdict-sheet .btn-primary").click()
    visitor.at("/courses/[^/]+/[^/]+$")


def test_a_candidate_passes_the_exam_and_anybody_can_check_the_certificate(visitor, company, visit, way):
    visitor.sign_in_as("candidate")
    visitor.look()
    attempt_id = begin_exam(visitor)
    visitor.look()
    visitor.page.locator("#q-1 [data-flag]").check()
    answer_paper(visitor, company, attempt_id, wrong=1, leave=1)
    visitor.press("Hand in…")
    visitor.at(r"/attempts/\d+/submit")
    expect(visitor.page.locator(".qmap a")).to_have_count(2)  # the unanswered one and the flagged one
    visitor.look()
    visitor.press("Hand in now")
    visitor.sees("Passed")
    visitor.look()
    visitor.press("See your certificates")
    visitor.look()
    visitor.press("Open the certificate")
    visitor.at("/certificates/[0-9A-Z-]+$")
    expect(visitor.page.locator(".certificate .holder")).to_have_text(re.compile("He Jiaqi"))
    visitor.look()
    stranger = visit(*way)
    stranger.page.goto(visitor.page.url)
    expect(stranger.page.locator(".message-success")).to_be_visible()
    stranger.look()


def test_a_mentor_closes_a_shift_and_scores_it(visitor):
    visitor.sign_in_as("mentor")
    visitor.look()
    visitor.page.locator(".next-step .btn-primary").click()
    visitor.at(r"/shifts/\d+$")
    visitor.look()
    visitor.page.get_by_label(visitor.words("Minutes serving customers")).fill("200")
    visitor.page.get_by_label(visitor.words("Minutes ready and waiting")).fill("110")
    visitor.press("Close the shift")
    visitor.sees("The shift is closed and its hours are credited.")
    visitor.look()
    for criterion in ("product", "rules", "tone", "speed", "tools", "teamwork"):
        visitor.page.locator(f'input[name="{criterion}"][value="4"]').check()
    visitor.page.get_by_label(visitor.words("Comment")).fill("Kept calm with an angry buyer. 安抚得很稳。")
    visitor.press("Save the rubric")
    visitor.sees("The shift is scored.")
    visitor.look()
    trainee_sees_the_comment(visitor)


def trainee_sees_the_comment(visitor: Visitor) -> None:
    visitor.sign_out()
    visitor.sign_in_as("trainee")
    visitor.look()
    visitor.open("/shifts")
    expect(visitor.page.get_by_text("安抚得很稳").first).to_be_visible()
    visitor.look()


def test_a_manager_confirms_a_trainee_and_promotes_an_agent(visitor):
    visitor.sign_in_as("manager")
    visitor.look()
    visitor.open("/team/probation")
    visitor.look()
    visitor.page.get_by_role("row").filter(has_text="Xu Ran").locator(".row-actions a").click()
    visitor.look()
    visitor.page.locator('input[name="decision"][value="confirm"]').check()
    visitor.page.get_by_label(visitor.words("Reason")).fill("All gates met, as the mentor says. 各项达标。")
    visitor.press("Record the decision")
    visitor.sees("The decision is recorded.")
    visitor.look()
    visitor.open("/team/promotions")
    visitor.look()
    visitor.page.get_by_role("row").filter(has_text="Zhou Qi").locator(".row-actions a").click()
    visitor.look()
    visitor.page.locator('input[name="verdict"][value="promote"]').check()
    visitor.page.get_by_label(visitor.words("Reason")).fill("Three strong months. 连续三月达标。")
    visitor.press("Decide")
    visitor.look()
    visitor.open("/team")
    for name, mark in (("Xu Ran", ".tier-1"), ("Zhou Qi", ".tier-2")):
        expect(visitor.page.get_by_role("row").filter(has_text=name).locator(mark)).to_be_visible()
    visitor.look()


def test_an_agent_reads_what_is_missing_to_the_next_tier(visitor):
    visitor.sign_in_as("agent")
    visitor.look()
    visitor.open("/climb")
    expect(visitor.page.locator("table.gates .state-warning")).to_have_count(1)
    visitor.look()
