"""One Chromium a test process, one demo company a module or story, and visitors who must meet no problem."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.install import HELP, executable
from tests.browser.server import Company, demo_company
from tests.browser.visitor import DESK, FLAGS, Visitor, new_visitor

Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = executable()
    if path is None:
        pytest.fail(HELP)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A demo company that the tests of a module share."""
    with demo_company(tmp_path_factory.mktemp("company")) as company:
        yield company


@pytest.fixture
def visit(chromium: Browser, company: Company) -> Iterator[Visit]:
    """`visit(language, size, theme)` gives a visitor; no visitor may have met a problem in the end."""
    visitors: list[Visitor] = []

    def come(language: str = "en", size: tuple[int, int] = DESK, theme: str = "light") -> Visitor:
        visitors.append(new_visitor(chromium, company.address, language, size, theme))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.context.close()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, "\n".join(problems)
