"""The order that options are shown in: a function of a seed and nothing else.

Orders come from SHA-256, so that the same seed gives the same order on every machine, Python and database.
"""

from collections.abc import Sequence
from hashlib import sha256


def hash_key(*parts: str) -> str:
    """Where something comes in a seeded order: the SHA-256 of its parts, joined by line feeds."""
    return sha256("\n".join(parts).encode()).hexdigest()


def option_order(seed: str, question: str, options: Sequence[str], *, shuffle: bool) -> tuple[str, ...]:
    """Option ids in the order of SHA-256 of seed, question id and option id, or as they stand."""
    if not shuffle:
        return tuple(options)
    return tuple(sorted(options, key=lambda option: hash_key(seed, question, option)))
