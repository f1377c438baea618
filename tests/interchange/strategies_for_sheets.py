"""Banks of whole questions, made to be misread: texts that look like formulas, letters, heads, numbers and Markdown."""

from hypothesis import strategies as st

from lms.interchange.plain import to_markdown
from lms.interchange.records import OPTION_IDS, TYPES, BankText, QuestionText, Wording, is_true_false, tidy

ODD = [
    *(
        "A",
        "B",
        "AB",
        "1",
        "2",
        "A. 一",
        "B、二",
        "对",
        "错",
        "True",
        "题干",
        "答案",
        "TRUE",
        "（示例）",
        "注：x",
        "一、单选题",
    ),
    *(
        "=1+1",
        "'=x",
        "+86",
        "-5",
        "＝1",
        "'",
        "0.04",
        "80%",
        "007",
        "2024-01-02",
        "1-2",
        "#N/A",
        "_x000D_",
        "_x",
        "🙂",
    ),
    *("5*3", "a|b", "甲；乙", "a\nb", '"', '""x', "x,y;z"),
    *("[a](b)", "**b**", "- [ ] x", "```\nx\n```", "1. x", "> q", "&amp;", "<b>"),
]
words = st.one_of(st.sampled_from(ODD), st.text(alphabet="aB9 .|;'=\n题，", min_size=1, max_size=12))
slugs = st.sampled_from(["1", "2", "a-b", "step-in-window", "q-12345678"])


@st.composite
def texts(draw):
    """A tidy Markdown text, which may or may not be plain."""
    raw = tidy(draw(words)) or "x"
    return draw(st.sampled_from([raw, to_markdown(raw)])) or "x"


@st.composite
def questions(draw, id):
    options = draw(st.lists(texts(), min_size=2, max_size=4, unique=True))
    keys = draw(
        st.lists(st.sampled_from(OPTION_IDS[: len(options)]), min_size=1, max_size=len(options), unique=True)
    )
    kind = draw(st.sampled_from(TYPES[:2] if len(options) != 2 else TYPES))
    keys = tuple(sorted(keys)) if kind == "multiple" else tuple(keys[:1])
    shuffle = (
        None if kind == "true_false" or is_true_false(options) else draw(st.sampled_from([None, True, False]))
    )
    return QuestionText(
        id,
        kind,
        keys,
        Wording(draw(texts()), tuple(options), draw(st.one_of(st.just(""), texts()))),
        level=draw(st.sampled_from([None, 1, 2, 3])),
        tags=draw(st.sampled_from([None, ("a",), ("a-b", "c")])),
        lesson=draw(st.sampled_from([None, "refunds/first-steps"])),
        objective=draw(st.sampled_from([None, "aim"])),
        use=draw(st.sampled_from([None, "practice", "exam"])),
        shuffle=shuffle,
    )


@st.composite
def banks(draw):
    """A bank of one language whose questions differ in their ids."""
    ids = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    language = draw(st.sampled_from(["en", "zh"]))
    return BankText("bank", language, draw(words), "area", tuple(draw(questions(id)) for id in ids))
