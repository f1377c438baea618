"""Exports and papers in the browser: exactly what the table shows, keys only for those who may read them."""

import re
from urllib.parse import quote

import pytest

from lms.banks import papers
from lms.interchange.exporting import FORMATS
from lms.interchange.records import Wording
from tests import make
from tests.banks import make_banks
from tests.conftest import counted_statements

EXPORT, PAPER, TEMPLATE = "/banks/refunds/export", "/banks/refunds/paper", "/banks/refunds/import/template"
JUDGED = {
    "id": "judge",
    "type": "true_false",
    "keys": ("b",),
    "use": "practice",
    "wordings": {
        "en": Wording("It closes.", ("False", "True"), "So it is."),
        "zh": Wording("会关闭。", ("错", "对"), "就是这样。"),
    },
}
MANY = {
    "id": "many",
    "type": "multiple",
    "keys": ("a", "c"),
    "wordings": {
        "en": Wording("Which <b>ones</b>?", ("Alpha", "Bravo", "Charlie", "Delta"), "Both."),
        "zh": Wording("哪些？", ("甲", "乙", "丙", "丁"), "两个都是。"),
    },
}


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(trainer):
    made = make_banks.bank()
    make_banks.question(made, trainer)
    make_banks.question(made, trainer, **MANY)
    make_banks.question(made, trainer, **JUDGED)
    make_banks.question(made, trainer, is_live=False, id="keyless", keys=())
    return made


def ids(markdown):
    return re.findall(r"^## (\S+)", markdown, re.MULTILINE)


# Files


def test_an_export_is_a_file_to_save_named_after_the_bank(bank, trainer, sign_in):
    answer = sign_in(trainer).get(f"{EXPORT}?format=markdown&language=zh")
    assert answer.status_code == 200
    assert answer.mimetype == "text/markdown"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=refunds-zh.md; filename*=UTF-8''{quote('退款.md')}"
    )
    assert answer.get_data(as_text=True).startswith('+++\nbank = "refunds"\ntitle = "退款"\n')


def test_an_export_has_exactly_what_the_table_shows(bank, trainer, sign_in):
    client = sign_in(trainer)

    def exported(query):
        return ids(client.get(f"{EXPORT}?format=markdown&language=en&{query}").get_data(as_text=True))

    assert exported("") == ["step-in", "many", "judge"]
    assert exported("state=") == ["step-in", "many", "judge", "keyless"]
    assert exported("state=draft") == ["keyless"]
    assert exported("use=practice&type=") == ["judge"]
    assert exported("type=multiple&level=2") == ["many"]
    assert exported("q=closes") == ["judge"]
    assert exported("q=nothing") == []
    page = client.get("/banks/refunds?use=practice").text
    links = re.findall(r'href="(/banks/refunds/export\?format=markdown[^"]*)"', page)
    assert len(links) == 2
    for link in links:
        assert ids(client.get(link.replace("&amp;", "&")).get_data(as_text=True)) == ["judge"]


def test_the_page_of_formats_says_what_each_leaves_out(bank, trainer, sign_in):
    client = sign_in(trainer)
    page = client.get(f"{EXPORT}?state=").text
    assert "1 left out" in page
    assert "3 left out" in page
    assert "Aiken knows one right answer only" in page
    assert "It is not complete" in page
    links = re.findall(r'href="(/banks/refunds/export\?[^"]*format=[^"]*)"', page)
    assert len(links) == 10
    assert all("state=" in link for link in links)
    assert "left out" not in client.get(f"{EXPORT}?type=true_false").text
    assert "No question fits" in client.get(f"{EXPORT}?q=nothing").text


def test_every_format_comes_as_a_file(bank, trainer, sign_in):
    client = sign_in(trainer)
    for format in FORMATS:
        answer = client.get(f"{EXPORT}?format={format}")
        assert answer.status_code == 200
        assert answer.mimetype != "text/html"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.data


def test_an_empty_sheet_to_fill_in_comes_in_either_language(bank, trainer, sign_in):
    client = sign_in(trainer)
    for format in ("xlsx", "csv"):
        english, chinese = (client.get(f"{TEMPLATE}?format={format}&language={code}") for code in ("en", "zh"))
        assert (english.status_code, chinese.status_code) == (200, 200)
        assert english.data != chinese.data
        assert f"filename=questions-zh.{format}" in chinese.headers["Content-Disposition"]


NOWHERE = [
    "/banks/none/export", "/banks/none/paper", "/banks/none/import/template", f"{EXPORT}?format=word",
    f"{EXPORT}?language=fr", f"{PAPER}?language=fr", f"{TEMPLATE}?format=gift", f"{TEMPLATE}?language=fr",
]  # fmt: skip


def test_what_there_is_not_is_404(bank, trainer, sign_in):
    client = sign_in(trainer)
    assert [client.get(path).status_code for path in NOWHERE] == [404] * len(NOWHERE)


@pytest.mark.parametrize(
    ("roles", "reads", "authors"),
    [
        (("trainer",), 200, 200),
        (("manager",), 200, 403),
        (("mentor",), 403, 403),
        (("admin",), 403, 403),
        ((), 403, 403),
    ],
)
def test_exports_and_papers_are_for_those_who_may_read_keys(bank, sign_in, roles, reads, authors):
    client = sign_in(make.person(team=make.team(), roles=roles))
    for path in (EXPORT, f"{EXPORT}?format=markdown", PAPER, f"{PAPER}?keys=1"):
        answer = client.get(path)
        assert answer.status_code == reads
        assert ("72 hours" in answer.text) == (reads == 200 and path != EXPORT)
    assert client.get(f"{TEMPLATE}?format=csv").status_code == authors


def test_exports_and_papers_cost_the_same_however_many_questions_there_are(bank, trainer, sign_in):
    client = sign_in(trainer)

    def cost(path):
        with counted_statements() as seen:
            client.get(path)
        return len(seen)

    paths = (EXPORT, f"{EXPORT}?format=markdown", PAPER)
    few = [cost(path) for path in paths]
    for number in range(4):
        make_banks.question(bank, trainer, id=f"more-{number}")
    assert [cost(path) for path in paths] == few


# Papers


def test_without_keys_a_paper_holds_none(bank, trainer, sign_in):
    page = sign_in(trainer).get(f"{PAPER}?language=en").text
    for told in ("Because.", "Both.", "So it is.", "printed-keys", "<strong>", "Right answers"):
        assert told not in re.search(r"<article.*</article>", page, re.DOTALL)[0].replace(
            "<strong>step in</strong>", ""
        )


def test_a_paper_has_sections_by_type_with_their_points(bank, trainer, sign_in):
    page = sign_in(trainer).get(f"{PAPER}?language=en&single=2.5&true_false=0.5").text
    assert re.findall(r"<h3>(.*?)</h3>", page) == [
        "Part I: Single choice (1 × 2.5 points, 2.5 in all)",
        "Part II: Multiple choice (1 × 3 points, 3 in all)",
        "Part III: True or false (1 × 0.5 points, 0.5 in all)",
    ]
    assert "Questions: 3. Points: 6." in page
    assert re.findall(r"printed-number\">(\d)\.", page) == ["1", "2", "3"]
    assert "Which &lt;b&gt;ones&lt;/b&gt;?" in page
    assert "Questions that are not complete" not in page
    assert "False" not in re.search(r"<article.*</article>", page, re.DOTALL)[0]


def test_the_keys_come_at_the_end_with_why(bank, trainer, sign_in):
    page = sign_in(trainer).get(f"{PAPER}?language=en&keys=1").text
    keys = page.partition("printed-keys")[2]
    assert re.findall(r"<li><span>(\d)</span><strong>(\w+)</strong>", keys) == [("1", "B"), ("2", "AC"), ("3", "T")]
    assert re.findall(r"<div><p>([^<]*)</p></div>", keys) == ["Because.", "Both.", "So it is."]


def test_a_paper_is_in_its_own_language_whatever_that_of_the_page(bank, trainer, sign_in):
    page = sign_in(trainer).get(f"{PAPER}?language=zh&keys=1").text
    sheet = re.search(r"<article.*</article>", page, re.DOTALL)[0]
    assert 'lang="zh-Hans"' in sheet
    assert "一、单选题（共 1 题，每题 2 分，共 2 分）" in sheet
    assert "姓名" in sheet
    assert "<strong>√</strong>" in sheet
    assert "A paper to print" in page


def test_a_form_puts_options_in_its_own_order_and_the_keys_follow(bank, trainer, sign_in):
    client = sign_in(trainer)
    orders = set()
    for form in papers.FORMS:
        page = client.get(f"{PAPER}?language=en&form={form}&keys=1&type=multiple").text
        options = re.findall(r"<li><span>([A-D])\.</span><div>(\w+)</div></li>", page)
        right = "".join(letter for letter, text in options if text in ("Alpha", "Charlie"))
        assert f"<strong>{right}</strong>" in page
        assert f"Form {form}" in page
        orders.add(tuple(text for _letter, text in options))
    assert len(orders) > 1


def test_a_draft_is_not_on_a_paper_and_that_is_said(bank, trainer, sign_in):
    client = sign_in(trainer)
    page = client.get(f"{PAPER}?language=en&state=").text
    assert "Questions that are not complete are not on the paper: 1." in page
    assert "No question fits" in client.get(f"{PAPER}?language=en&state=draft").text


WRONG = ["single=x", "single=-1", "multiple=1e9", "true_false=NaN", "title=" + "x" * 101, "form=Z"]


def test_a_wrong_wish_is_told_and_the_usual_taken(bank, trainer, sign_in):
    client = sign_in(trainer)
    for query in WRONG:
        answer = client.get(f"{PAPER}?language=en&{query}")
        assert answer.status_code == 200
        assert "Questions: 3. Points: 6." in answer.text
        assert 'role="alert"' in answer.text


def test_what_is_asked_for_is_never_run(bank, trainer, sign_in):
    page = sign_in(trainer).get(f"{PAPER}?title=<script>alert(1)</script>&q=\"><script>alert(2)</script>").text
    assert "<script>alert" not in page


def test_long_options_stand_one_on_a_line(bank, trainer, sign_in):
    client = sign_in(trainer)
    assert "across-4" in client.get(f"{PAPER}?language=en&type=multiple").text
    wide = {"en": Wording("How?", ("A sentence that goes on over more than half a line", "Short"))}
    make_banks.question(bank, trainer, id="wide", wordings=wide)
    assert "across-1" in client.get(f"{PAPER}?language=en&q=wide").text
