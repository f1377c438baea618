"""Every page that anybody reaches by links: nothing grave for axe, no script error, nothing that spills sideways."""

import pytest

from tests.browser.pages import PEOPLE, by_links
from tests.browser.visitor import DESK, PHONE


@pytest.mark.parametrize(
    ("language", "size", "theme"),
    [("en", PHONE, "dark"), ("zh", DESK, "light")],
    ids=["en-phone-dark", "zh-desk-light"],
)
def test_every_page_is_sound(visit, company, language, size, theme):
    seen: set[str] = set()
    for person in PEOPLE:
        visitor = visit(language, size, theme)
        visitor.sign_in_as(person)
        for _ in by_links(company, visitor, person, seen):
            visitor.look()
    assert len(seen) > 40
