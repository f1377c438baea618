"""Monthly figures. A correction is a new row that names the one it replaces."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Model, append_only
from lms.people.models import Person


class KpiMonth(Model):
    """A person's KPI and inspected chats of one month. Scores are hundredths of a point from 0 to 10000."""

    __tablename__ = "kpi_month"
    __table_args__ = (
        CheckConstraint("kpi BETWEEN 0 AND 10000", name="kpi"),
        CheckConstraint("inquiries >= 0", name="inquiries"),
        CheckConstraint("days BETWEEN 0 AND 31", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    month: Mapped[date]  # its first day
    kpi: Mapped[int]
    inquiries: Mapped[int]
    days: Mapped[int]  # worked
    inspected: Mapped[list[dict[str, Any]]]  # chats in order: {"score": hundredths, "fatal": bool}
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("kpi_month.id"), unique=True)
    token: Mapped[str] = mapped_column(String(80), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


append_only(KpiMonth)
