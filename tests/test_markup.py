"""Markdown to HTML: what authors may write comes out, what could run in a browser does not."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms import markup
from lms.markup import MAX_LENGTH, plain, render, render_line, why_not_render


def test_headings_begin_at_the_second_level_and_leave_none_out():
    html = render("# One\n\n#### Two\n\n# Three", "en")
    assert re.findall(r'<(h\d) id="(part-\d)">', html) == [
        ("h2", "part-1"),
        ("h3", "part-2"),
        ("h2", "part-3"),
    ]


@pytest.mark.parametrize(
    ("target", "link"),
    [
        ("lesson:refunds/first-steps", '<a href="/courses/refunds/first-steps"'),
        ("lesson:refunds/first-steps#part-2", '<a href="/courses/refunds/first-steps#part-2"'),
        ("term:credited-hours", '<a class="term" href="/glossary#credited-hours"'),
        (
            "https://example.com/a",
            '<a class="outside" href="https://example.com/a" rel="noopener noreferrer"',
        ),
    ],
)
def test_links_lead_to_lessons_terms_and_the_web(target, link):
    assert link in render(f"[x]({target})", "en")


@pytest.mark.parametrize(("language", "names"), [("en", ["Customer", "Agent"]), ("zh", ["顾客", "客服"])])
def test_a_transcript_says_who_speaks_in_the_readers_language(language, names):
    text = "```chat\ncustomer 20:14:05 | Is **M** left?\nagent 20:14:11 | Three.\nnote | Six seconds.\n```"
    html = render(text, language)
    assert '<ol aria-label="' in html
    assert '<li class="chat-line customer">' in html
    assert '<li class="chat-line agent">' in html
    assert '<li class="chat-note">' in html
    assert '<time class="chat-time">20:14:05</time>' in html
    assert '<div class="chat-text">Is <strong>M</strong> left?</div>' in html
    assert re.findall(r'chat-who">([^<]+)', html)[:2] == names


def test_blocks_become_notes_and_questions_that_open():
    html = render(
        "/// think | What *now*?\nWait.\n///\n\n/// red-line\nNever.\n///\n\n/// note | Tip\nx\n///", "zh"
    )
    assert '<details class="think">\n<summary>What <em>now</em>?</summary>\n<p>Wait.</p>' in html
    assert '<aside class="note note-red-line" role="note">\n<p class="note-title">红线</p>' in html
    assert '<p class="note-title">Tip</p>' in html


def test_a_transcript_may_stand_in_a_block():
    html = render("/// think | And?\n```chat\nagent | Yes.\n```\n///", "en")
    assert re.search(r"<details.*<ol.*</ol>\s*</details>", html, re.DOTALL)


def test_a_wide_table_can_be_scrolled_by_keyboard():
    assert '<div class="table-wrap" tabindex="0">' in render("| a | b |\n| --- | --: |\n| 1 | 2 |", "en")


def test_an_option_has_no_paragraph_round_it():
    assert render_line("Wait **72** hours", "en") == "Wait <strong>72</strong> hours"
    assert render_line("One\n\nTwo", "en").count("<p>") == 2


def test_plain_words_are_cut_to_a_length():
    assert plain(render("Is **M** [left](term:stock)?\n\n- yes & no", "en")) == "Is M left? yes & no"
    assert plain("word " * 50, 20) == "word word word word…"


PICTURE = "0123456789abcdef" * 4


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp"])
def test_a_picture_of_the_media_folder_is_shown(ending):
    html = render(f"See ![the *plan* \\[1\\] & \"2\"](media:{PICTURE}.{ending}) there", "en")
    (tag,) = re.findall("<img[^>]*>", html)
    assert f'src="/media/{PICTURE}.{ending}"' in tag
    assert 'class="figure"' in tag
    assert 'loading="lazy"' in tag
    assert re.search('alt="the .?plan.? \\[1\\] &amp; &quot;2&quot;"', tag)
    assert plain(html).startswith("See the ")
    assert plain(html).endswith(" there")


def test_a_picture_may_be_all_of_an_option():
    html = render_line(f"![a map](media:{PICTURE}.png)", "en")
    assert html.startswith("<img ")
    assert plain(html) == "a map"


@pytest.mark.parametrize(
    "address",
    [
        f"media:{PICTURE}.svg", f"media:{PICTURE}", f"media:{PICTURE[1:]}.png", f"media:{PICTURE.upper()}.png",
        f"media:../{PICTURE}.png", f"media:{PICTURE}.png/x", f"media:{PICTURE}.png?x", f"media:{PICTURE}.png#x",
        f"/media/{PICTURE}.png", f"{PICTURE}.png", f"https://evil.example/media:{PICTURE}.png", f"MEDIA:{PICTURE}.png",
        "data:image/png;base64,AAAA", "javascript:alert(1)", "//evil.example/x.png",
    ],
)  # fmt: skip
def test_no_other_picture_is_shown_only_its_words(address):
    html = render(f"a ![the words]({address}) b", "en")
    assert "<img" not in html
    assert "the words" in html


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x73;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example/x)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    f'![" onerror="alert(1)](media:{PICTURE}.png "onload=alert(1)")',
    f"![x][1]\n\n[1]: media:{PICTURE}.png",
    f"[![x](media:{PICTURE}.png)](javascript:alert(1))",
    "<javascript:alert(1)>",
    "![x](https://evil.example/x.png)",
    "![x][1]\n\n[1]: https://evil.example/x.png",
    '[x](https://a.example "onclick=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "/// note | <script>alert(1)</script>\n<img src=x onerror=alert(1)>\n///",
    "/// note\n    attrs: {onclick: alert(1), style: 'x', id: y}\n\nx\n///",
    "```chat\ncustomer 20:14 | <script>alert(1)</script> [x](javascript:alert(1))\n```",
    "```html\n<script>alert(1)</script>\n```",
    "| <script> | b |\n| --- | --- |\n| <svg onload=alert(1)> | [x](javascript:alert(1)) |",
    "<style>*{display:none}</style>\n<iframe src=//evil.example></iframe>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "`<script>`",
    "\x02wzxhzdk:0\x03 \x02chat:0\x03",
    "<a name=x><!-- --><script>-->",
    "<<script>script>alert(1)//<</script>",
]
ATTRIBUTES = {"href", "rel", "class", "id", "role", "tabindex", "start", "align", "aria-label", "src", "alt", "loading"}
TAGS = {
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "a",
    "span",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "aside",
    "details",
    "summary",
    "time",
    "img",
}


class Safe(HTMLParser):
    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "href":
                assert re.match(r"/(courses/|glossary#)|https?://|mailto:", value), value
            if name == "src":
                assert re.fullmatch(r"/media/[0-9a-f]{64}\.(png|jpg|gif|webp)", value), value


def assert_safe(html):
    Safe().feed(html)


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_could_run_or_load_comes_through(text):
    assert_safe(render(text, "en"))


@given(
    st.lists(
        st.sampled_from(
            [*ATTACKS, "\n", "\n\n", "    ", "> ", "- ", "1. ", "///", "**", "[", "](", "|", "`", "\u202e"]
        ),
        max_size=8,
    ).map("".join)
)
def test_no_mixture_of_attacks_comes_through(text):
    assert_safe(render(text, "zh"))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "[" * MAX_LENGTH,
        "[](" * 5_000,
        "![" * 5_000,
        "*" * 20_000,
        "**a " * 5_000,
        "_a*" * 5_000,
        "`" * 20_000,
        ("`" * 99 + "a") * 100,
        "<" * 20_000,
        "<a " * 5_000,
        "> " * 10_000 + "x",
        ">" * 10_000 + "x",
        "- " * 10_000 + "x",
        "\n".join("    " * depth + "- x" for depth in range(500)),
        "\n".join("  " * depth + "- x" for depth in range(19)),
        "\n".join("/" * (depth + 3) + " note\n" for depth in range(300, 0, -1)),
        "\n\n".join("[" * 400 for _ in range(200)),
        "\n\n".join("[" * 20 + "x" * 400 for _ in range(200)),
        "\n\n".join("[" * 199 + "x" + "]" * 199 for _ in range(200)),
        "\n\n".join("*a **b " * 50 for _ in range(200)),
        "|" * 20_000 + "\n" + "|-" * 9_000,
        "\\" * 20_000,
        "&" * 20_000,
        "(" * 20_000,
        "\n" * 90_000,
        " " * 90_000 + "x",
        "#" * 20_000,
        "\u200b\u202e\ufeff\u0000" * 1_000,
        "```chat\n" + "customer | [x](\n" * 4_000,
        "```chat\n```\n" * 5_000,
        "a\n" * 9_000,
        "1. x\n" * 9_000,
        "/// note\n" * 5_000,
    ],
    ids=range(34),
)
def test_no_text_hangs_or_fails(text):
    began = time.process_time()
    assert_safe(render(text, "en"))
    assert time.process_time() - began < 5


def test_text_that_is_too_much_is_shown_as_typed():
    assert why_not_render("fine") is None
    html = render("[" * 500 + "<b>", "en")
    assert html.startswith('<p class="as-typed">[[[')
    assert html.endswith("&lt;b&gt;</p>")


PLAIN = st.text(st.sampled_from("aZé9 中，。？“”（）、,.;:?!'\"%()/+-"), min_size=1, max_size=60)


@given(PLAIN)
def test_a_plain_line_is_rendered_as_markdown_would(text):
    slow = str(markup._CLEANER.clean(markup._renderer("en").convert(text)))
    assert str(render(text, "en")) == slow
