"""The words and signs for right and wrong: as answers of a question of true or false, and as its options."""

from lms.interchange.records import folded

TRUE_WORDS = frozenset((
    "√", "✓", "✔", "☑", "对", "正确", "是", "真", "对的", "true", "t", "yes", "y", "right", "correct",
))  # fmt: skip
FALSE_WORDS = frozenset((
    "×", "x", "✗", "✘", "✕", "☒", "错", "错误", "否", "假", "不对", "不正确", "错的", "不是", "false", "f", "no", "n",
    "wrong", "incorrect",
))  # fmt: skip


def truth(text: str) -> bool | None:
    """Whether a word says true or false; None if it says neither."""
    word = folded(text).rstrip(".。!")
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None
