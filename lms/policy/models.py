"""Versions of the policy: each one full document, in force from a day on."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Model, append_only


class PolicyVersion(Model):
    """One policy document as it was loaded. The one in force is the newest whose day has come."""

    __tablename__ = "policy_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the command line


append_only(PolicyVersion)
