"""The conduct ledger: entries are never edited or deleted; a wrong one is voided by a new entry."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Model, append_only
from lms.people.models import Person


class LedgerEntry(Model):
    """One entry about a person, or (`voids_id`) the voiding of one."""

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    happened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    voids_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    token: Mapped[str] = mapped_column(String(80), unique=True)  # from the form: sent twice, one entry

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


append_only(LedgerEntry)
