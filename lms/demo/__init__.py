"""The demo company: a shop's customer service as it might look on an ordinary day, made by the real operations."""

from datetime import datetime

from lms import site
from lms.db import writes
from lms.demo.company import tell
from lms.people.passwords import hash_password

PASSWORD = "demo"  # noqa: S105 - well known on purpose; the demo listens on loopback only


def fill(now: datetime) -> bool:
    """Fill an empty database. Whether there was anything to do."""
    if site.has_people():
        return False
    writes(tell)(hash_password(PASSWORD), now)
    return True
