"""The parts of the look are documented, complete, and what was vendored is what was published."""

import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask, get_template_attribute, render_template
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from lms.i18n import lazy_gettext
from lms.styleguide import specimens

LMS = Path(__file__).parents[2] / "lms"
MACROS = sorted((LMS / "templates/_macros").glob("*.html"))
PAGES = sorted((LMS / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", MACROS, ids=lambda path: path.name)
def test_every_macro_says_what_it_is_for(path: Path) -> None:
    lines = path.read_text()
    silent = [name for gap, name in re.findall(r"(\S*)\n\{% macro (\w+)", lines) if not gap.endswith("#}")]
    assert silent == []


def test_every_icon_a_page_asks_for_is_drawn() -> None:
    drawn = set(
        re.findall(r'^  "(\w+)": \'<', (LMS / "templates/_macros/icons.html").read_text(), re.MULTILINE)
    )
    asked = {name for page in PAGES for name in re.findall(r'\bicon\("(\w+)"\)', page.read_text())}
    assert asked <= drawn


def test_vendored_files_are_the_published_ones() -> None:
    vendor = LMS / "static/vendor"
    rows = re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (vendor / "VERSIONS.md").read_text())
    assert rows
    for name, digest in rows:
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize(
    ("state", "shape"),
    [("certified", "good"), ("expiring", "warning"), ("expired", "bad"), ("not_started", "neutral")],
)
def test_a_state_is_a_mark_and_a_word_and_a_colour(sqlite_app: Flask, state: str, shape: str) -> None:
    with sqlite_app.test_request_context("/", headers={"Accept-Language": "en"}):
        shown = str(get_template_attribute("_macros/ui.html", "cert_state")(state))
    assert f"state-{shape}" in shown
    assert f"sign-{shape}" in shown
    assert state.replace("_", " ").capitalize() in shown


@pytest.mark.parametrize("tier", [1, 2, 3, 4, 5])
def test_a_tier_is_written_with_as_many_strokes_as_its_rank(sqlite_app: Flask, tier: int) -> None:
    with sqlite_app.test_request_context("/"):
        shown = str(get_template_attribute("_macros/ui.html", "tier_mark")(tier, "x"))
    assert shown.count("<path d=") == tier


def test_a_field_tells_its_help_and_its_error_to_a_screen_reader(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"):
        field = specimens(chinese=False)["refused"]["name"]
        shown = str(get_template_attribute("_macros/ui.html", "field")(field, "As on the contract"))
    assert 'aria-describedby="refused-name-error refused-name-help"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="refused-name-error"' in shown
    assert 'id="refused-name-help"' in shown


def test_the_summary_of_errors_links_to_each_field(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/", headers={"Accept-Language": "en"}):
        form = specimens(chinese=False)["refused"]
        shown = str(get_template_attribute("_macros/ui.html", "errors")(form))
    assert '<a href="#refused-name">Name: Enter the name as on the contract.</a>' in shown
    assert '<a href="#refused-day">' in shown


@pytest.mark.parametrize(("language", "title"), [("en", "Style guide"), ("zh-CN", "设计规范")])
def test_the_style_guide_shows_every_part_in_both_languages(
    sqlite_app: Flask, language: str, title: str
) -> None:
    with sqlite_app.test_request_context("/styleguide", headers={"Accept-Language": language}):
        sqlite_app.preprocess_request()
        page = render_template("styleguide.html", **specimens(chinese=language != "en"))
    assert f"<h1>{title}</h1>" in page


def test_the_sum_of_errors_says_each_problem_whole_and_links_to_its_field(app: Flask) -> None:
    class TeamForm(FlaskForm):
        class Meta:
            csrf = False

        name = StringField("Name", [InputRequired(lazy_gettext("Enter a name."))])

    with app.test_request_context(method="POST", headers={"Accept-Language": "en"}):
        form = TeamForm()
        form.validate()
        shown = get_template_attribute("_macros/ui.html", "errors")(form)
    assert '<a href="#name">Name: Enter a name.</a>' in shown
