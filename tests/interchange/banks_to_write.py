"""Banks for the round trips of a format: whole questions and drafts with texts that try its own marks."""

import string

from hypothesis import strategies as st

from lms.interchange.plain import to_markdown
from lms.interchange.records import OPTION_IDS, BankText, QuestionText, Wording, infer_type, tidy

slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
pairs = st.builds("{}/{}".format, slugs, slugs)


def texts(marks: str):
    """Tidy texts made of a format's own marks, Chinese, and anything else."""
    pieces = st.one_of(
        st.sampled_from([*marks, "\n", " ", "。", "退款", "a", "B."]),
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
        st.sampled_from([*string.punctuation]),
    )
    return st.lists(pieces, min_size=1, max_size=12).map("".join).map(tidy).filter(bool)


def plain(marks: str):
    """Markdown that stands for plain text."""
    return texts(marks).map(to_markdown).filter(bool)


@st.composite
def questions(draw, some, drafts=False, max_options=10):
    """Any question of a bank; with `drafts` also one that lacks options, keys or text."""
    options = tuple(draw(st.lists(some, min_size=0 if drafts else 2, max_size=max_options, unique=True)))
    ids = OPTION_IDS[: len(options)]
    least = 0 if drafts else 1
    keys = tuple(sorted(draw(st.sets(st.sampled_from(ids), min_size=least)))) if ids else ()
    inferred = infer_type(options, keys)
    if drafts:
        kind = draw(st.sampled_from(["single", "multiple", "true_false"]))
    else:
        possible = {inferred, "multiple"} | ({"single"} if len(keys) == 1 else set())
        possible |= {"true_false"} if len(keys) == 1 and len(options) == 2 else set()
        keys = keys[:1] if inferred == "true_false" else keys
        kind = draw(st.sampled_from(sorted(possible)))
    maybe = st.none()
    return QuestionText(
        id=draw(slugs),
        type=kind,
        keys=keys,
        wording=Wording(draw(st.just("") | some if drafts else some), options, draw(st.just("") | some)),
        level=draw(maybe | st.integers(1, 3)),
        tags=draw(maybe | st.lists(slugs, min_size=1, max_size=3, unique=True).map(tuple)),
        lesson=draw(maybe | pairs),
        objective=draw(maybe | slugs),
        use=draw(maybe | st.sampled_from(["practice", "exam"])),
        shuffle=None if kind == "true_false" else draw(maybe | st.booleans()),
    )


@st.composite
def banks(draw, some, **kinds):
    """A bank of up to three questions."""
    asked = draw(st.lists(questions(some, **kinds), min_size=1, max_size=3, unique_by=lambda each: each.id))
    return BankText("refunds", draw(st.sampled_from(["en", "zh"])), "Refunds", "tools-process", tuple(asked))
