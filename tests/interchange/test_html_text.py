"""HTML of learning platforms as Markdown: it shows the same, or what is lost is said."""

import re
import time
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.errors import Reason
from lms.interchange.html_text import Lost, notes_of, to_markdown_text
from lms.interchange.plain import to_plain
from lms.markup import render

PICTURE = "a" * 64 + ".png"


def markdown(html, **options):
    text, lost = to_markdown_text(html, **options)
    assert lost == []
    return text


def lost(html, **options):
    return [(each.code, str(each)) for each in to_markdown_text(html, **options)[1]]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("", ""),
        ("When?", "When?"),
        ("  <p>When \n is&nbsp;it&#160;?</p>\n", "When is it ?"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/><br />Three", "One\n\nTwo\n\nThree"),
        ("<div>One<div>Two</div>Three</div>", "One\n\nTwo\n\nThree"),
        ("5*3 = 15, a_b [x] 1 < 2 &amp; 3 > 2", r"5*3 = 15, a_b \[x\] 1 < 2 & 3 > 2"),
        ("&lt;b&gt; &amp;lt; &copy;&hellip;&#x4E2D;", "<b> &amp;lt; ©…中"),
        ("1 <b and 2", "1 <b and 2"),
        ("1<2, 2<3<br>x<y", "1<2, 2<3\n\nx<y"),
        ("<姓名>您好", "<姓名>您好"),
        ("<p>1. Not a list</p><p># no heading</p><p>- none</p><p>> none</p>",
         "1\\. Not a list\n\n\\# no heading\n\n\\- none\n\n\\> none"),
        ("<!-- gone --><?xml?><!DOCTYPE x>Here<!-- never closed", "Here"),
        ("<span style='color:red'>红</span><font>字</font><o:p></o:p>", "红字"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen nul\x00 \x02wzxhzdk:0\x03", "zerowidth softhyphen nul wzxhzdk:0"),
        ("&#99999999999; &#x110000; &#0;", "\ufffd \ufffd \ufffd"),
        ("a<hr>b", "a\n\nb"),
        ("<h3>Case</h3>Text", "**Case**\n\nText"),
        ("<P ALIGN=center>Loud</P>", "Loud"),
    ],
)  # fmt: skip
def test_words_and_paragraphs_come_out_as_a_browser_shows_them(html, wanted):
    assert markdown(html) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<b>no</b>t", "**no**t"),
        ("in <strong>72 hours </strong>only", "in **72 hours** only"),
        ("<i>a</i> <em>b</em> <b><i>c</i></b>", "*a* *b* ***c***"),
        ("<b>a <i>b</i> c</b>", "**a** ***b*** **c**"),
        ("<b>a</b><i>b</i>", "**a**b"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<b> </b><b></b>x", "x"),
        ("<b><p>One</p><p>Two</p></b>", "**One**\n\n**Two**"),
        ("<b>5*3</b>", r"**5\*3**"),
        ("Type <code>a_b*c</code> here", "Type `a_b*c` here"),
        ("<code>a`b</code>", "`` a`b ``"),
        ("<code>```</code>", r"\`\`\`"),
        ("H<sub>2</sub>O, m<sup>2</sup>, 2<sup>10</sup>, 1<sup>st</sup>", "H₂O, m², 2¹⁰, 1st"),
        ('<a href="https://a.example/x?a=1&amp;b=2">here</a>', "[here](https://a.example/x?a=1&b=2)"),
        (
            '<a href="https://a.example/(x) y_z*">a [b] c</a>',
            r"[a \[b\] c](https://a.example/%28x%29%20y_z%2A)",
        ),
        ('Look!<a href="mailto:a@b.example">write</a>', r"Look\![write](mailto:a@b.example)"),
        ('<a href="https://a.example"><b>bold</b> and not</a>', "[**bold** and not](https://a.example)"),
        ('<a href="https://a.example"></a>x<a>y</a>', "xy"),
    ],
)
def test_bold_code_links_and_small_digits_are_kept(html, wanted):
    assert markdown(html) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("Which?<ol><li>a<ul><li>x</li><li>y</li></ul></li><li>b</li></ol>", "Which?\n\n1. a\n    - x\n    - y\n2. b"),
        ("<ul><li><p>a</p><p>a2</p></li><li>b</li></ul>", "- a\n\n    a2\n\n- b"),
        ("<ul><li><ul><li>deep</li></ul></li></ul>", "- deep"),
        ("<li>a</li><li>b</li>", "- a\n- b"),
        ("<ul><li>1. x</li><li>- y</li></ul>", "- 1\\. x\n- \\- y"),
        ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n\n> b\n\nc"),
        ("<blockquote><ul><li>a</li></ul></blockquote>", "> - a"),
        ("<pre>def f(x):\n    return `x`\n</pre>", "```\ndef f(x):\n    return `x`\n```"),
        ("<pre>```\n&lt;b&gt; <b>x</b><br>y</pre>", "````\n```\n<b> x\ny\n````"),
        ("<ul><li><pre>a\nb</pre></li></ul>", "- `a`\n\n    `b`"),
        (
            "<table><thead><tr><th>Day</th><th>Fee</th></tr></thead><tbody><tr><td><p>1</p></td><td>a|b</td></tr></table>",
            "| **Day** | Fee |\n| --- | --- |\n| 1 | a\\|b |".replace("**", ""),
        ),
        ("<table><tr><td>One cell</td></tr></table>", "One cell"),
        ("<table><tr><td>Left</td><td>Right</td></tr></table>", r"Left \| Right"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\n\nb"),
    ],
)  # fmt: skip
def test_lists_tables_quotations_and_code_are_kept(html, wanted):
    assert markdown(html) == wanted


@pytest.mark.parametrize(
    ("html", "text", "code", "words"),
    [
        ("a<script>alert('<b>')</script>b", "ab", "not-kept", "script"),
        ("a<style>p {}</style>b<script>never closed", "ab", "not-kept", "script"),
        ("<u>under</u>", "**under**", "not-kept", "underlining"),
        ("<s>never</s> always", "never always", "lossy", "struck"),
        ("x<sup>ab</sup>", "xab", "lossy", "raised"),
        ("<math><mi>x</mi></math>y", "y", "lossy", "formula"),
        (r"\(x^2\)", r"\\(x^2\\)", "lossy", "formula"),
        ("$$x$$", "$$x$$", "lossy", "formula"),
        ("a<video src=x>no video</video>b", "ab", "lossy", "video"),
        ("a<iframe src='https://evil.example'>b", "ab", "lossy", "video"),
        ("a<svg onload=alert(1)><text>x</text></svg>", "a", "lossy", "drawing"),
        ("a <input type=text> b", "a b", "lossy", "field"),
        ("<a href='javascript:alert(1)'>x</a>", "x", "not-kept", "link"),
        ("<a href='/mod/page/view.php?id=3'>x</a>", "x", "not-kept", "link"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td colspan=2>c</td></tr></table>", "a \\| b\n\nc", "lossy", "table"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a \\| b\n\nc", "lossy", "table"),
        ("a<img src='https://evil.example/x.png'>b", "ab", "image-left-out", "another site"),
        ("a<img src='//evil.example/x.png'>b", "ab", "image-left-out", "another site"),
        ("a<img src='data:image/png;base64,AAAA'>b", "ab", "image-left-out", "written into"),
        ("a<img src=x onerror=alert(1)>b", "ab", "image-left-out", "not in the file"),
        ("a<img>b", "ab", "image-left-out", "not in the file"),
    ],
)  # fmt: skip
def test_what_markdown_cannot_say_is_left_out_and_told(html, text, code, words):
    assert to_markdown_text(html)[0] == text
    ((said, reason), *more) = lost(html)
    assert said == code
    assert words in reason
    assert more == []


def test_a_picture_in_the_file_is_shown_under_its_new_name():
    images = {"@@PLUGINFILE@@/step 1.png": PICTURE}
    for src in (
        "@@PLUGINFILE@@/step 1.png",
        "@@PLUGINFILE@@/step%201.png",
        "@@PLUGINFILE@@/step%201.png?forcedownload=1",
    ):
        html = f'<p>See <img src="{src}" alt="Step [1] &amp; &quot;2&quot;" width="9"></p>'
        assert markdown(html, images=images) == rf'See ![Step \[1\] & "2"](media:{PICTURE})'


def test_a_picture_that_cannot_be_kept_says_why():
    assert lost("<img src=a.svg>", images={"a.svg": Reason("it is damaged")}) == [
        ("image-left-out", "it is damaged")
    ]


def test_what_is_lost_is_told_once_a_question():
    said = [Lost("lossy", Reason("a")), Lost("lossy", Reason("a")), Lost("image-left-out", Reason("b"))]
    first, second = notes_of(7, said)
    assert (first.line, first.code, second.code) == (7, "lossy", "image-left-out")
    assert "(b)" in str(second.reason)


def test_simple_texts_stay_plain():
    for html in ("<p>A 1. b - *c*</p>", "<p>1) one</p><p>2) two</p>", "a &lt;b&gt;"):
        assert to_plain(markdown(html)) is not None


# Shown alike

WORDS = st.sampled_from([
    "72", "hours", "退款", "*", "_x_", "[a](b)", "!", "`", '\\', "1.", "-", "#", ">", "|", "a*b", "**",
    "~~~", "&amp;", "<b>", "<a@b.c>", "///", "![", "](", "x", "。",
])  # fmt: skip
TEXT = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
INLINE = st.recursive(
    TEXT.map(lambda text: (escape(text), text)),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "em", "span", "code", 'a href="https://a.example/_x_"']),
        st.lists(st.tuples(st.sampled_from(["", " "]), inner), min_size=1, max_size=3),
    ).map(
        lambda made: (
            f"<{made[0]}>{''.join(space + html for space, (html, _) in made[1])}</{made[0][:4].split()[0]}>",
            "".join(space + text for space, (_, text) in made[1]),
        )
    ),
    max_leaves=6,
)


def words_of(html):
    return "".join(unescape(re.sub("<[^>]*>", "", str(html))).split())


@settings(max_examples=100, deadline=None)
@given(st.lists(INLINE, min_size=1, max_size=3), st.sampled_from(["p", "li", "td", "blockquote", "h2"]))
def test_the_markdown_shows_the_words_of_the_html(pieces, tag):
    html = "".join(f"<{tag}>{html}</{tag}>" for html, _ in pieces)
    shown = render(to_markdown_text(html)[0], "en")
    assert words_of(shown) == "".join("".join(text for _, text in pieces).split())


def test_lists_and_tables_render_as_what_they_were():
    html = (
        "<p>a</p><ol><li>x<ul><li>y</li></ul></li><li><p>z</p><p>z2</p></li></ol>"
        "<table><tr><th>1</th><th></th></tr><tr><td><b>2</b></td><td>3</td></tr></table><pre>c\n\nd</pre><blockquote>q<p>r</p></blockquote>"
    )
    shown = str(render(markdown(html), "en"))
    assert re.findall(r"<(ol|ul|li|table|th|td|pre|blockquote)\b", shown) == [
        "ol", "li", "ul", "li", "li", "table", "th", "th", "td", "td", "pre", "blockquote",
    ]  # fmt: skip
    assert words_of(shown) == "axyzz2123cdqr"


# Hostile


@pytest.mark.parametrize(
    "piece", [
    "<b>", "<i><b>", "</b>", "<ul><li>", "<ul>", "<li>", "<table>", "<td>", "<table><tr><td>",
    "<blockquote>", "<", "<a ", "<a b='", '<a b="', '<a"\'', "<!--", "<![CDATA[", "<!", "<?", "&", "&#",
    "&amp", "&#9", "<script>", "<video>", "<math>", "<svg>", "</script", "<pre>", "`", "<code>`</code>",
    "*", "<b>*</b> ", "<img src=", "<img>", "<a href=//x>", "<p", " ", '\n', '\x00', '\\', '\\(', "$$",
    "[", "<sup>x</sup>", "<u>x", "<b>x</b><i>y</i>", "<p>x</b>", "<style>", '\'"<a', "a=b ", "<a a a a a ",
    "&nbsp;", "<br>",
]
)  # fmt: skip
def test_no_repetition_hangs(piece):
    html = (piece * 100_000)[:100_000]
    began = time.process_time()
    to_markdown_text(html)
    assert time.process_time() - began < 1


TOKENS = [
    "<b>", "</b>", "<i>", "<ul>", "<ol start=9>", "<li>", "</li>", "</ul>", "<table>", "<tr>", "<td>",
    "</table>", "<pre>", "</pre>", "<a href='http://x'>", "</a>", "<blockquote>", "</blockquote>",
    "<code>", "</code>", "<br>", "<p>", "<sub>", "<img src=a>", "x", " ", "`", "*", "<", ">", "&", "'",
    '"', "<!--", "-->", "<h1>", "<u>", '\\(', "<script>", "</script>", "|",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join) | st.text(max_size=60))
def test_any_html_becomes_markdown_that_is_tidy(html):
    text, _ = to_markdown_text(html, {"a": PICTURE})
    assert text == text.strip()
    render(text, "en")
