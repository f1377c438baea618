"""Builders of monthly figures."""

from datetime import date, datetime

from lms.db import db
from lms.people.models import Person
from lms.performance.chats import Chat
from lms.performance.models import KpiMonth
from lms.performance.operations import Typed, record_month
from tests.conftest import NOON

FEBRUARY, JANUARY, DECEMBER = date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)


def typed(
    month: date = FEBRUARY,
    kpi: int = 80_00,
    *,
    inquiries: int = 600,
    days: int = 20,
    chats: int = 10,
    chat_score: int = 85_00,
) -> Typed:
    """A month as typed: `kpi` and `chat_score` in hundredths of a point."""
    return Typed(month, kpi, inquiries, days, [Chat(chat_score, False)] * chats)


def recorded(
    person: Person, month: date = FEBRUARY, kpi: int = 80_00, *, by: Person, now: datetime = NOON, **more: int
) -> KpiMonth:
    """A recorded month, or the correction of one."""
    token = f"{person.id}-{month}-{kpi}-{now.isoformat()}"
    row = record_month(person, typed(month, kpi, **more), token=token, actor=by, now=now)
    db.session.commit()
    return row
