"""What is said of a file whatever its format."""

import pytest

from lms.interchange import importing

CHINESE = "1. 买家什么时候可以申请平台介入？（B）\nA. 马上\nB. 卖家拒绝后\n"
ENGLISH = "1. When may a buyer ask the platform to step in?\nA. At once\nB. Later\nAnswer: B\n"
NUMBERS = "1. 3 + 4 = ?\nA. 7\nB. 8\nAnswer: A\n"
NAMES = "1. “SF Express” 是哪家快递？（A）\nA. 顺丰\nB. 中通\n"


@pytest.mark.parametrize(
    ("text", "language", "is_told"),
    [
        (CHINESE, "en", True),
        (CHINESE, "zh", False),
        (ENGLISH, "zh", True),
        (ENGLISH, "en", False),
        (NUMBERS, "zh", False),
        (NUMBERS, "en", False),
        (NAMES, "zh", False),
    ],
)
def test_questions_that_are_evidently_in_the_other_language_are_told(text, language, is_told):
    codes = [note.code for note in importing.read(text.encode(), "", language).notes]
    assert ("other-language" in codes) == is_told


def test_a_bank_of_both_languages_is_of_neither():
    text = "\n".join([CHINESE, ENGLISH.replace("1.", "2.")])
    assert all(
        note.code != "other-language" for to in ("en", "zh") for note in importing.read(text.encode(), "", to).notes
    )
