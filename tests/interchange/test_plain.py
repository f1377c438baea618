"""Plain text and Markdown: every letter is shown as it stands, and comes back."""

import re
from html import unescape

import pytest
from hypothesis import given, settings

from lms.interchange.plain import to_markdown, to_plain
from lms.markup import render
from tests.interchange.banks_to_write import texts


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("Write 'B*ST quality'.", "Write 'B*ST quality'."),
        ("order_no", "order_no"),
        ("2*3*4", r"2\*3\*4"),
        ("*", r"\*"),
        ("* star first", r"\* star first"),
        (r"\*", r"\\*"),
        ("# 1\n2. two", "\\# 1\n\n2\\. two"),
        ("[x] `code` | <http://a>", r"\[x\] \`code\` \| &lt;http://a>"),
    ],
)
def test_a_mark_is_escaped_where_it_would_mean_something(plain, markdown):
    assert to_markdown(plain) == markdown
    assert to_plain(markdown) == plain


@pytest.mark.parametrize("markdown", ["**bold**", "- list", "a\nb", r"B\*ST", "[a](https://b.example)", "````chat\n"])
def test_what_says_more_than_plain_text_is_none(markdown):
    assert to_plain(markdown) is None


def tidied(text):
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


@settings(max_examples=300, deadline=None)
@given(text=texts("\\`*_[]|!#<>&~-+/1.)").map(tidied).filter(bool))
def test_any_text_comes_back_and_is_shown_as_it_stands(text):
    markdown = to_markdown(text)
    assert to_plain(markdown) == text
    shown = unescape(re.sub("<[^>]*>", "", str(render(markdown, "en"))))
    assert shown.split() == text.split()
