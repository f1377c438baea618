"""Names, passwords and the sign-in throttle, as pure functions."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lms.errors import N_, Reason

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


@dataclass(frozen=True)
class Throttle:
    """How many wrong guesses within `window` are let through before the next must wait."""

    window: timedelta = timedelta(minutes=15)
    per_name_and_address: int = 10
    per_name: int = 50
    per_address: int = 100


def name_key(username: str) -> str:
    """What makes two user names one: Unicode form, case and spaces do not."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


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
    if name_key(username) in name_key(password) or len(set(password)) < 4:
        return Reason(N_("That is too easy to guess. Choose something unlike your user name."))
    return None


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None. Browsers read a backslash as a slash."""
    if not target or any(c in target for c in "\\\t\r\n") or not target.startswith("/"):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or target.startswith("//"):
        return None
    return target
