"""Inspected chats as they are typed in: scores one after another, "!" behind one with a fatal error."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lms.errors import N_, Reason

MOST_CHATS = 500
_SCORE = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?(!?)\Z")
_BETWEEN = re.compile(r"[\s,;、]+")


@dataclass(frozen=True, slots=True)
class Chat:
    """One inspected chat: its score in hundredths of a point, and whether an error in it was fatal."""

    score: int
    fatal: bool


def parse_chats(text: str) -> tuple[Chat, ...] | Reason:
    """The chats of a text such as "92 88.5 40! 95", or what is wrong with the first one that cannot be read.

    Full-width figures and Chinese punctuation are read like their narrow forms.
    """
    words = [word for word in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if word]
    if len(words) > MOST_CHATS:
        return Reason(N_("These are more than %(most)s chats. A month has fewer."), most=MOST_CHATS)
    chats = []
    for number, word in enumerate(words, 1):
        match = _SCORE.match(word)
        score = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
        if match is None or score is None or score > 100_00:
            return Reason(
                N_("Score %(number)s, “%(word)s”, is not a number from 0 to 100 with at most two decimals."),
                number=number,
                word=word[:20],
            )
        chats.append(Chat(score, bool(match[3])))
    return tuple(chats)


def show_chats(chats: Sequence[Chat]) -> str:
    """The text that reads back as these chats."""
    return " ".join(_shown(chat) for chat in chats)


def _shown(chat: Chat) -> str:
    points, rest = divmod(chat.score, 100)
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{points}{decimals}{'!' if chat.fatal else ''}"
