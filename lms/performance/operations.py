"""Recording a month. A correction is a new row that names the one it replaces; nothing is ever changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms import clock
from lms.audit import record
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.people.models import Person
from lms.performance.chats import Chat
from lms.performance.models import KpiMonth
from lms.performance.queries import month_of
from lms.performance.rules import why_not_record


@dataclass(frozen=True)
class Typed:
    """A month as a manager types it. `kpi` is hundredths of a point, 0 to 10000."""

    month: date
    kpi: int
    inquiries: int
    days: int
    chats: Sequence[Chat]


def record_month(person: Person, typed: Typed, *, token: str, actor: Person, now: datetime) -> KpiMonth:
    """Record or correct a person's month. The same form sent twice is one row. Raises Refused."""
    lock(person)
    if sent := db.session.scalar(select(KpiMonth).where(KpiMonth.token == token)):
        if sent.person_id != person.id:
            raise Refused(Reason(N_("This form was used already. Load the page afresh.")))
        return sent
    if person.id == actor.id:
        raise Refused(Reason(N_("Nobody does this on themselves. Ask another manager.")), 403)
    if why := why_not_record(typed.month, typed.days, clock.day_of(now)):
        raise Refused(why, 422)
    before = month_of(person.id, typed.month)
    row = KpiMonth(
        person_id=person.id,
        month=typed.month,
        kpi=typed.kpi,
        inquiries=typed.inquiries,
        days=typed.days,
        inspected=[asdict(chat) for chat in typed.chats],
        recorded_at=now,
        recorded_by_id=actor.id,
        replaces_id=before.id if before else None,
        token=token,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "kpi.correct" if before else "kpi.record",
        row,
        now=now,
        person=person.id,
        month=typed.month.isoformat(),
    )
    return row
