"""Question banks in Markdown: reading, every error with its line, and writing back the same file."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.interchange.markdown import read_bank, write_bank
from lms.interchange.records import OPTION_IDS, BankText, QuestionText, Wording, infer_type, tidy

HEADER = '+++\nbank = "refunds"\ntitle = "Refunds and disputes"\narea = "platform-rules"\n+++\n'

WHOLE = (
    HEADER
    + """
## step-in-window
level: 2
tags: refunds, escalation
lesson: refunds/when-to-step-in
objective: escalation-window
use: exam
shuffle: no

When may a buyer ask the platform to step in?

```chat
customer 20:14 | Two days and no answer.
```

- [ ] At once
- [x] When the seller refuses, or 72 hours after applying
  and not before

  whichever comes first
- [ ] Only after the order closes

> The seller has 72 hours to answer.
>
> Until then the platform does not act.

## seller-silent

A seller who does not answer for 72 hours has refused.

- [x] True
- [ ] False
"""
)


def question(body, heading="## one"):
    return HEADER + f"\n{heading}\n\n{body}"


def problems_of(text):
    return [(problem.line, problem.message) for problem in read_bank(text, "bank.md", "en")[1]]


def test_a_bank_is_read_with_attributes_stem_options_keys_and_explanation():
    bank, problems = read_bank(WHOLE, "bank.md", "en")
    assert problems == []
    assert (bank.bank, bank.title, bank.area, bank.language) == (
        "refunds",
        "Refunds and disputes",
        "platform-rules",
        "en",
    )
    first, second = bank.questions
    assert (first.id, first.type, first.keys, first.line) == ("step-in-window", "single", ("b",), 7)
    assert (first.level, first.tags, first.use, first.shuffle) == (
        2,
        ("refunds", "escalation"),
        "exam",
        False,
    )
    assert (first.lesson, first.objective) == ("refunds/when-to-step-in", "escalation-window")
    assert first.wording.options[1].split("\n") == [
        "When the seller refuses, or 72 hours after applying",
        "and not before",
        "",
        "whichever comes first",
    ]
    expected = "The seller has 72 hours to answer.\n\nUntil then the platform does not act."
    assert first.wording.explanation == expected
    assert (second.type, second.level, second.use) == ("true_false", None, None)


def test_a_canonical_file_is_written_back_as_it_was():
    assert write_bank(read_bank(WHOLE, "bank.md", "en")[0]) == WHOLE


@pytest.mark.parametrize(
    ("options", "keys", "kind"),
    [
        (["True", "False"], ["a"], "true_false"),
        (["F", "T"], ["a"], "true_false"),
        (["yes", "no"], ["b"], "true_false"),
        (["Right", "wrong"], ["b"], "true_false"),
        (["是", "否"], ["a"], "true_false"),
        (["错", "对"], ["a"], "true_false"),
        (["正确", "错误"], ["a"], "true_false"),
        (["√", "×"], ["a"], "true_false"),
        (["True", "No"], ["a"], "single"),
        (["True", "False", "Both"], ["a"], "single"),
        (["One", "Two"], ["a", "b"], "multiple"),
        (["One", "Two", "Three"], ["c"], "single"),
    ],
)
def test_the_type_follows_from_the_options_and_the_keys(options, keys, kind):
    assert infer_type(options, keys) == kind


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "Begin the file with a line +++"),
        ('+++\nbank = "refunds"\n', 1, "not closed"),
        ('+++\nbank = "refunds\n+++\n', 2, "not valid TOML"),
        (HEADER, 6, "no question"),
        (HEADER + "Hello\n\n## one\n\nA?\n\n- [x] 1\n- [ ] 2\n", 6, "before the first question"),
        (HEADER.replace("title", "titel") + "\n## one\n\nA?\n\n- [x] 1\n- [ ] 2\n", 3, 'no setting "titel"'),
        (question("A?\n\n- [x] 1\n"), 7, "2 to 10 options; there are 1"),
        (question("A?\n\n- [x] 1\n" + "".join(f"- [ ] {n}\n" for n in range(2, 12))), 7, "there are 11"),
        (question("A?\n\n- [ ] 1\n- [ ] 2\n"), 7, "No option is marked"),
        (question("- [x] 1\n- [ ] 2\n"), 7, "question text is empty"),
        (question("A?\n\n- [x] 1\n- [ ]\n"), 12, "option is empty"),
        (question("A?\n\n- [x] 1\n- [ ] 1\n"), 12, "same as the one in line 11"),
        (question("A?\n\n- [x] 1\n- [y] 2\n"), 12, "Mark an option with [x]"),
        (question("A?\n\n- [x] 1\n-[ ] 2\n"), 12, "An option is written"),
        (question("A?\n\n- [x] 1\n- [ ] 2\nmore\n"), 13, "Indent this by two spaces"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n\n> Why\n\nmore\n"), 16, "after the explanation"),
        (question("A?\n\n- [x] True\n- [x] False\n"), 7, "exactly one [x]"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## One"), 7, "An id is small letters"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\nlevel: 4"), 8, '"level" must be a whole number'),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\nlevel: 1\nlevel: 2"), 9, "given twice"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\nlevle: 1"), 8, 'no setting "levle"'),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\ntags: a, a"), 8, '"tags" must be'),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\nlesson: refunds"), 8, "course/lesson"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\nuse: exams"), 8, "practice or exam"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\nshuffle: maybe"), 8, "yes or no"),
        (question("A?\n\n- [x] 1\n- [x] 2\n", "## one\ntype: single"), 8, "exactly one [x]; this one has 2"),
        (question("A?\n\n- [x] 1\n- [ ] 2\n- [ ] 3\n", "## one\ntype: true_false"), 8, "exactly two options"),
        (HEADER + "\n## one\nWhat?\n\n- [x] 1\n- [ ] 2\n", 8, "empty line between"),
        (
            question("A?\n\n- [x] 1\n- [ ] 2\n") + "\n## one\n\nB?\n\n- [x] 1\n- [ ] 2\n",
            14,
            "taken in line 7",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_change(text, line, words):
    assert any(found == line and words in message for found, message in problems_of(text)), problems_of(text)


def test_all_mistakes_of_a_file_are_told_at_once():
    text = question("A?\n\n- [ ] 1\n- [ ] 2\n", "## one\nlevel: 9") + "\n## Two\n\n- [x] 1\n"
    assert [line for line, _ in problems_of(text)] == [7, 8, 15, 15, 15]


def test_one_key_of_a_multiple_choice_draws_a_warning_and_no_error():
    text = question("A?\n\n- [x] 1\n- [ ] 2\n", "## one\ntype: multiple")
    bank, problems = read_bank(text, "bank.md", "en")
    assert [problem.warning for problem in problems] == [True]
    assert bank.questions[0].type == "multiple"
    assert write_bank(bank) == text


def test_a_stem_may_hold_what_looks_like_a_heading_or_an_option():
    stem = "Which?\n\n## A heading\n- [x] a list\n\\## two"
    wording = Wording(stem, ("One", "Two"))
    bank = BankText("b", "en", "B", "a", (QuestionText("one", "single", ("a",), wording),))
    assert read_bank(write_bank(bank), "b.md", "en")[0] == bank


def slugs():
    return st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)


def texts(**size):
    alphabet = st.one_of(
        st.sampled_from("#-[]xX >\\`+|\n\t  :。"), st.characters(codec="utf-8", exclude_categories=["Cc"])
    )
    return st.text(alphabet, min_size=1, max_size=40).map(tidy).filter(bool)


@st.composite
def questions(draw):
    options = tuple(draw(st.lists(texts(), min_size=2, max_size=10, unique=True)))
    ids = OPTION_IDS[: len(options)]
    keys = tuple(sorted(draw(st.sets(st.sampled_from(ids), min_size=1))))
    inferred = infer_type(options, keys)
    if inferred == "true_false":
        keys = keys[:1]
    kind = draw(st.sampled_from([inferred, "multiple"])) if inferred != "true_false" else inferred
    maybe = st.none()
    return QuestionText(
        id=draw(slugs()),
        type=kind,
        keys=keys,
        wording=Wording(draw(texts()), options, draw(st.one_of(st.just(""), texts()))),
        level=draw(maybe | st.integers(1, 3)),
        tags=draw(maybe | st.lists(slugs(), min_size=1, max_size=3, unique=True).map(tuple)),
        lesson=draw(maybe | st.builds("{}/{}".format, slugs(), slugs())),
        objective=draw(maybe | slugs()),
        use=draw(maybe | st.sampled_from(["practice", "exam"])),
        shuffle=draw(maybe | st.booleans()),
    )


@given(
    st.lists(questions(), min_size=1, max_size=4, unique_by=lambda question: question.id),
    st.text(string.printable + "“引号”", min_size=1).map(lambda text: " ".join(text.split())).filter(bool),
)
def test_whatever_is_written_is_read_back_and_written_the_same(records, title):
    bank = BankText("bank", "zh", title[:200].strip(), "area", tuple(records))
    text = write_bank(bank)
    again, problems = read_bank(text, "bank.md", "zh")
    assert [problem for problem in problems if not problem.warning] == []
    assert again == bank
    assert write_bank(again) == text


@given(st.text())
def test_no_text_makes_the_reader_fail(text):
    for tried in (HEADER + text, text):
        bank, problems = read_bank(tried, "bank.md", "en")
        assert (bank and bank.questions) or problems
