"""Every page that anybody reaches by links: nothing grave for axe, no script error, nothing that spills sideways."""

import pytest

from tests.browser.pages import PEOPLE, Shot, by_links
from tests.browser.visitor import DESK, PHONE


@pytest.fixture(scope="module")
def found() -> list[Shot]:
    """The pages that the first walk found; the second goes straight to them."""
    return []


def test_every_page_is_sound_in_english_on_a_phone_in_the_dark(visit, company, found):
    seen: set[str] = set()
    for person in PEOPLE:
        visitor = visit("en", PHONE, "dark")
        visitor.sign_in_as(person)
        for shot in by_links(company, visitor, person, seen):
            visitor.look()
            found.append(shot)
    assert len(found) > 40


def test_every_page_is_sound_in_chinese_at_a_desk_in_the_light(visit, found):
    assert found
    for person in PEOPLE:
        visitor = visit("zh", DESK, "light")
        visitor.judges_contrast = False
        visitor.sign_in_as(person)
        for shot in (shot for shot in found if shot.person == person):
            visitor.open(shot.path)
            visitor.look()
