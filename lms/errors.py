"""Refusals: a marked reason, and the exception that carries it. Pure, so that rules can import it."""

from typing import Any


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a message for translation; it is translated where it is shown."""
    return message


class Reason:
    """Why something is refused: a marked message and its values. `lms.i18n.say` puts it in the person's language.

    A value may be a reason of its own, a day or a moment, or a tuple of things to be listed.
    """

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reason) and (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash(self.message)

    def __repr__(self) -> str:
        return f"Reason({self.message!r}, {self.values!r})"

    def __str__(self) -> str:
        values = {name: ", ".join(map(str, v)) if isinstance(v, tuple) else v for name, v in self.values.items()}
        return self.message % values if values else self.message


class Refused(Exception):  # noqa: N818 - the word the whole code base uses
    """An operation declines. `status` is the HTTP status: 403 not yours to do, 409 not now, 422 not like this."""

    def __init__(self, reason: Reason, status: int = 409) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.status = status
