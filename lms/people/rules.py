"""Names, passwords and the sign-in throttle, as pure functions."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.errors import N_, Reason

TEAM_ROLES = {"team_lead", "manager"}  # held of a team; the other roles of the whole site
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONG_ENOUGH_TO_MATTER = 4  # a user name: "li" is in too many good passwords to forbid it there
EASY_TO_GUESS = {
    "0123456789", "1234567890", "12345678910", "123456789a", "a123456789", "0987654321", "1q2w3e4r5t",
    "1qaz2wsx3edc", "qwertyuiop", "qwerty12345", "password12", "password123", "password1234", "passw0rd123",
    "5201314520", "woaini1314", "woaini520", "iloveyou123", "administrator", "abcdefghij", "abcd123456",
}  # fmt: skip


@dataclass(frozen=True)
class Throttle:
    """How many wrong guesses within `window` are let through before the next must wait."""

    window: timedelta = timedelta(minutes=15)
    per_name_and_address: int = 10
    per_name: int = 50
    per_address: int = 100


def name_key(username: str) -> str:
    """What makes two user names one: Unicode form, case and spaces do not."""
    key = _folded(username)
    while (again := _folded(key)) != key:  # a dropped space may let two characters become one
        key = again
    return key


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


def tidy_name(name: str) -> str:
    """A name as it is kept: one space between words, and no invisible characters.

    Those that turn the direction of writing would turn that of the text around the name too.
    """
    words = ("".join(c for c in word if unicodedata.category(c) not in ("Cf", "Cc")) for word in name.split())
    return " ".join(word for word in words if word)


def wait_until(throttle: Throttle, guesses: Sequence[datetime], allowed: int) -> datetime | None:
    """When the next guess is let through: once the oldest of the last `allowed` ones is out of the window.

    `guesses` are the wrong ones within the window, oldest first. None: at once.
    """
    return guesses[-allowed] + throttle.window if len(guesses) >= allowed else None


def why_not_password(password: str, username: str) -> Reason | None:
    """Why a new password will not do, or None. Length is what counts; composition rules only annoy."""
    if len(password) < SHORTEST_PASSWORD:
        return Reason(N_("Use %(count)d characters or more."), count=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return Reason(N_("Use %(count)d characters at most."), count=LONGEST_PASSWORD)
    key, guess = name_key(username), name_key(password)
    names_the_person = len(key) >= LONG_ENOUGH_TO_MATTER and key in guess
    if names_the_person or len(set(password)) < 4 or guess in EASY_TO_GUESS:
        return Reason(N_("That is too easy to guess. Choose something unlike your user name."))
    return None


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None.

    Browsers read a backslash as a slash and drop control characters, so neither is let through.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in target):
        return None
    return target
