"""Hashing, which is slow on purpose and so never happens inside a transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app


def _hasher() -> PasswordHasher:
    return PasswordHasher(**current_app.config.get("ARGON2", {}))


def hash_password(password: str) -> str:
    """The Argon2id hash to store."""
    return _hasher().hash(password)


@cache
def _nobodys_hash(**_cost: int) -> str:
    return hash_password("nobody has this password")


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for somebody who does not exist."""
    try:
        _hasher().verify(stored or _nobodys_hash(**current_app.config.get("ARGON2", {})), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
