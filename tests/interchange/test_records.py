"""Two files of one bank: what a translation must agree in, joining and taking apart again."""

import pytest

from lms.interchange.markdown import read_bank
from lms.interchange.records import BankText, QuestionText, Wording, check_translation, merge, split

EN = QuestionText(
    "one", "single", ("b",), Wording("Which?", ("One", "Two")), level=2, tags=("a",), use="exam"
)
ZH = QuestionText("one", "single", ("b",), Wording("哪一个？", ("一", "二")))


def with_(question, **changes):
    fields = {name: getattr(question, name) for name in question.__slots__}
    return QuestionText(**{**fields, **changes})


def test_a_translation_may_leave_out_or_repeat_what_english_says():
    assert check_translation(EN, ZH) == []
    assert check_translation(EN, with_(ZH, level=2, tags=("a",), use="exam", shuffle=True)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"wording": Wording("哪一个？", ("一", "二", "三"))}, "has 3 options"),
        ({"keys": ("a",)}, "marks a as right"),
        ({"type": "multiple"}, "reads as multiple"),
        ({"level": 3}, '"level" differs'),
        ({"tags": ("b",)}, '"tags" differs'),
        ({"use": "practice"}, '"use" differs'),
        ({"lesson": "a/b"}, '"lesson" differs'),
        ({"shuffle": False}, '"shuffle" differs'),
    ],
)
def test_a_translation_that_disagrees_is_told_how(changes, words):
    (message,) = check_translation(EN, with_(ZH, **changes))
    assert words in message


def test_true_and_false_translate_to_any_chinese_pair():
    text = '+++\nbank = "b"\ntitle = "B"\narea = "a"\n+++\n\n## one\n\nSo?\n\n- [x] {}\n- [ ] {}\n'
    en = read_bank(text.format("True", "False"), "en.md", "en")[0].questions[0]
    zh = read_bank(text.format("√", "×"), "zh.md", "zh")[0].questions[0]
    assert check_translation(en, zh) == []


def test_a_bank_is_joined_from_its_languages_and_taken_apart_again():
    english = BankText("b", "en", "Bank", "area", (EN, with_(EN, id="only-english", shuffle=False)))
    chinese = BankText("b", "zh", "题库", "area", (ZH, with_(ZH, id="only-chinese", level=1, use="practice")))
    bank = merge([chinese, english])
    assert [question.id for question in bank.questions] == ["one", "only-english", "only-chinese"]
    assert bank.title == {"en": "Bank", "zh": "题库"}
    one = bank.questions[0]
    assert (set(one.wordings), one.level, one.use, one.shuffle) == ({"en", "zh"}, 2, "exam", True)
    assert split(bank, "en") == english
    assert split(bank, "zh") == chinese


def test_true_false_is_never_shuffled():
    question = QuestionText("one", "true_false", ("a",), Wording("So?", ("True", "False")), shuffle=True)
    assert merge([BankText("b", "en", "B", "a", (question,))]).questions[0].shuffle is False
