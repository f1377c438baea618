"""The audit trail: one append-only row for every act, written in the act's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Model, append_only, db


class AuditRow(Model):
    """Who did what to what, when. The subject is a table's name and an id."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the command line or a job
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str | None] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]


append_only(AuditRow)


def record(actor: Any | None, act: str, subject: Any | None, *, now: datetime, **detail: Any) -> None:
    """Add an audit row. `act` is `noun.verb`; `detail` must be JSON and hold no secret."""
    if subject is not None and subject.id is None:
        db.session.flush()
    db.session.add(
        AuditRow(
            at=now,
            actor_id=actor.id if actor is not None else None,
            act=act,
            subject=subject.__tablename__ if subject is not None else None,
            subject_id=subject.id if subject is not None else None,
            detail=detail,
        )
    )
