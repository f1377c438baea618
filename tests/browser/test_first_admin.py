"""A site of one's own, from the first start on: the set-up link, a team, its manager, and their first sign-in."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.server import site
from tests.browser.visitor import PHONE, Visitor, new_visitor

PASSWORD = "a quiet harbour at dawn"


@pytest.fixture
def empty_site(tmp_path, content):
    with site(tmp_path, content=content) as company:
        yield company


def choose_password(visitor: Visitor) -> None:
    for box in visitor.page.locator('input[type="password"]').all():
        box.fill(PASSWORD)
    visitor.press("Set the password")
    visitor.sees("Your password is set. Sign in with it.")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_admin_comes_in_by_the_link_and_brings_in_a_manager(chromium, empty_site, language):
    admin = new_visitor(chromium, empty_site.address, language, PHONE)
    link = set_up_link(empty_site)
    admin.page.goto(link)
    admin.look()
    admin.page.get_by_label(admin.words("Name"), exact=True).fill("Fang Wei")
    admin.page.get_by_label(admin.words("User name")).fill("fang.wei")
    choose_password(admin)
    admin.sign_in_with("fang.wei", PASSWORD)
    admin.look()
    admin.page.goto(link)
    admin.sees("This link was used or is too old. Ask your admin for a new one.")
    admin.open("/admin/teams")
    admin.page.get_by_label(admin.words("Name of the team")).fill("Pre-sale")
    admin.press("Make the team")
    admin.open("/admin/people/new")
    admin.page.get_by_label(admin.words("Name"), exact=True).fill("Gao Ning")
    admin.page.get_by_label(admin.words("User name")).fill("gao.ning")
    admin.page.get_by_label(admin.words("Team"), exact=True).select_option(label="Pre-sale")
    admin.page.locator(f'input[name="language"][value="{language}"]').check()
    admin.page.locator('input[name="stage"][value="staff"]').check()
    admin.page.locator('input[name="roles"][value="manager"]').check()
    admin.look()
    admin.press("Make the account")
    admin.look()
    manager = new_visitor(chromium, empty_site.address, language, PHONE)
    manager.page.goto(admin.page.locator("#link").input_value())
    choose_password(manager)
    manager.sign_in_with("gao.ning", PASSWORD)
    manager.open("/team")
    manager.look()
    for visitor in (admin, manager):
        visitor.context.close()
        assert visitor.problems == []


def set_up_link(company) -> str:
    """The one-time link, as the server prints it for whoever started it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if found := re.search(r"http://\S+/welcome/\S+", company.log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(company.log.read_text())


def test_without_demo_nothing_says_demo_and_no_account_is_known(chromium, empty_site):
    visitor = new_visitor(chromium, empty_site.address, "en")
    visitor.open("/login")
    expect(visitor.page.locator(".demo-tag, .demo-people")).to_have_count(0)
    visitor.page.get_by_label("User name").fill("admin")
    visitor.page.locator('input[type="password"]').fill("demo")
    visitor.press("Sign in")
    visitor.sees("User name or password is wrong. Check both and try again.")
    visitor.context.close()
