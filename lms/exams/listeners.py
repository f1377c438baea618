"""What exams do when a job falls due."""

from datetime import datetime
from typing import Any

from lms.db import db, lock
from lms.exams.models import Attempt
from lms.exams.operations import close_attempt
from lms.outbox import handles


@handles("attempt.close")
def close(payload: dict[str, Any], now: datetime) -> None:
    """Grade an attempt that nobody handed in, once its grace is over."""
    attempt = db.session.get(Attempt, payload["attempt_id"])
    if attempt is not None and attempt.submitted_at is None:
        lock(attempt.person)
        close_attempt(attempt, now=now)
