"""Doing a lesson and sitting an exam, step by step, the way a learner's hands do it."""

import re

from playwright.sync_api import expect

from tests.browser.keys import keys_of_attempt, keys_of_versions
from tests.browser.server import Company
from tests.browser.visitor import Visitor


def read_lesson(visitor: Visitor) -> None:
    """From the open lesson: read it to the end and confirm it, on to its check where it has one."""
    end = visitor.page.locator("#end form")
    for box in end.get_by_role("checkbox").all():
        box.check()
    end.get_by_role("button").click()


def pass_check(visitor: Visitor, company: Company, *, wrong: int = 0) -> None:
    """From the open check: answer every question, the first few wrongly, and hand in."""
    questions = visitor.page.locator("form.check .question")
    ids = [int((each.get_attribute("id") or "").removeprefix("q-")) for each in questions.all()]
    keys = keys_of_versions(company, ids)
    for number, version_id in enumerate(ids):
        choose(visitor, f"q-{version_id}", keys[version_id], wrongly=number < wrong)
    visitor.press("Hand in")
    visitor.at(r"/courses/.+/check/\d+")


def choose(visitor: Visitor, name: str, keys: list[str], *, wrongly: bool = False) -> None:
    """Tick the right options of a question, or in their place the first that is not right."""
    inputs = visitor.page.locator(f'input[name="{name}"]')
    values = [one.get_attribute("value") or "" for one in inputs.all()]
    for value in [next(v for v in values if v not in keys)] if wrongly else keys:
        visitor.page.locator(f'input[name="{name}"][value="{value}"]').check()


def begin_exam(visitor: Visitor, exam: str = "base") -> int:
    """From the exam's page into the paper; the attempt's number."""
    visitor.open(f"/exams/{exam}")
    visitor.press("Begin the exam")
    visitor.at(r"/attempts/\d+")
    return attempt_at(visitor)


def attempt_at(visitor: Visitor) -> int:
    found = re.search(r"/attempts/(\d+)", visitor.page.url)
    assert found, visitor.page.url
    return int(found[1])


def answer_paper(
    visitor: Visitor, company: Company, attempt_id: int, *, wrong: int = 0, leave: int = 0
) -> None:
    """Answer from first to last, a phone turning the pages; the first ones wrong, the last ones left open."""
    keys = keys_of_attempt(company, attempt_id)
    turn = visitor.page.locator('[data-step="1"]')
    for position in sorted(keys):
        if position <= len(keys) - leave:
            choose(visitor, f"chosen-{position}", keys[position], wrongly=position <= wrong)
        if position < len(keys) and turn.is_visible():
            turn.click()
    expect(visitor.page.locator('[data-part="answered"]')).to_have_text(f"{len(keys) - leave}/{len(keys)}")
    all_saved(visitor)


def all_saved(visitor: Visitor) -> None:
    """The page says that everything is saved."""
    expect(visitor.page.locator('[data-part="save"]')).to_have_attribute("data-state", "saved")
    unsaved = visitor.page.locator('.question [data-state="saving"], .question [data-state="failed"]')
    expect(unsaved).to_have_count(0)


def hand_in(visitor: Visitor) -> None:
    """Over the summary to the result."""
    visitor.press("Hand in…")
    visitor.at(r"/attempts/\d+/submit")
    visitor.press("Hand in now")
    visitor.at(r"/attempts/\d+/result")
