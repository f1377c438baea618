"""Signing in and out, a wrong password, the choice of language and theme: as met at a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE

LANGUAGES = ["en", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")])
def test_the_first_page_is_in_the_browsers_language_and_offers_the_demo(visit, language, size, theme):
    visitor = visit(language, size, theme)
    visitor.open("/")
    visitor.at("/login")
    visitor.sees("Or look around as")
    visitor.look()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_says_what_to_do_and_keeps_the_name(visit, language):
    visitor = visit(language, PHONE)
    visitor.open("/login")
    visitor.page.get_by_label(visitor.words("User name")).fill("manager")
    visitor.page.get_by_label(visitor.words("Password"), exact=True).fill("not this")
    visitor.press("Sign in")
    visitor.sees("User name or password is wrong. Check both and try again.")
    expect(visitor.page.get_by_label(visitor.words("User name"))).to_have_value("manager")
    visitor.look()


def test_who_asked_for_a_page_comes_to_it_after_signing_in(visit):
    visitor = visit()
    visitor.open("/certificates")
    visitor.at(r"/login\?next=")
    visitor.page.locator('.demo-people form:has(input[value="agent"]) button').click()
    visitor.at("/certificates$")


def test_the_choice_of_language_and_theme_holds_from_then_on(visit):
    visitor = visit("en")
    visitor.sign_in_as("trainer")
    visitor.page.locator("details.menu > summary").locator("visible=true").click()
    visitor.page.locator('button[name="language"][value="zh"]').locator("visible=true").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    visitor.page.locator("details.menu > summary").locator("visible=true").click()
    visitor.page.locator('button[name="theme"][value="dark"]').locator("visible=true").click()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.sign_out()
    visitor.sign_in_as("trainer")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_signing_out_ends_it_also_for_the_back_button(visit):
    visitor = visit()
    visitor.sign_in_as("newhire")
    visitor.page.locator("details.menu > summary").locator("visible=true").click()
    visitor.press("Sign out", "body")
    visitor.at("/login")
    visitor.page.go_back()
    visitor.page.reload()
    visitor.at("/login")
