"""An import of questions: what its file said, what was mended, and which questions came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.banks.models import Bank
from lms.db import Model
from lms.people.models import Person, one_of

READING, PREVIEW, WRITING = "reading", "preview", "writing"
DONE, UNDONE, CANCELLED, FAILED = "done", "undone", "cancelled", "failed"
STATES = (READING, PREVIEW, WRITING, DONE, UNDONE, CANCELLED, FAILED)
OPEN = (READING, PREVIEW, WRITING)
FLAWS = ("none", "warning", "draft", "error")
ADDED, TRANSLATED = "added", "translated"


class BankImport(Model):
    """One file or pasted text on its way into a bank. `data` is kept only while it may be read again."""

    __tablename__ = "bank_import"
    __table_args__ = (one_of("state", STATES, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the command line
    created_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200))  # of the file; "" where it was pasted
    format: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10))
    defaults: Mapped[dict[str, Any]]  # `import_rules.Defaults`
    notes: Mapped[list[dict[str, Any]]]  # about the file as a whole
    columns: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # of a sheet, to be named
    counts: Mapped[dict[str, Any]]  # what came of it: live, drafts, translated, unchanged...
    done_count: Mapped[int] = mapped_column(default=0)
    total_count: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)  # how often a job was asked for: makes its key unique
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    bank: Mapped[Bank] = relationship()
    person: Mapped[Person | None] = relationship()


class BankImportItem(Model):
    """One question of a file as it is now. `content` and `notes` are those of `interchange.stored`."""

    __tablename__ = "bank_import_item"
    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        Index("ix_bank_import_item_slug", "import_id", "slug"),
        Index("ix_bank_import_item_base", "import_id", "base"),
        one_of("flaw", FLAWS, "flaw"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("bank_import.id"))
    position: Mapped[int]  # from 1
    line: Mapped[int]
    type: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(80))
    base: Mapped[str] = mapped_column(String(20))  # the id its text would give it
    content: Mapped[dict[str, Any]]
    notes: Mapped[list[dict[str, Any]]]
    flaw: Mapped[str] = mapped_column(String(8))  # the worst of its notes
    verdict: Mapped[str] = mapped_column(String(12))
    left_out: Mapped[bool] = mapped_column(default=False)


class BankImportMedia(Model):
    """A picture of a file, until the questions that show it are in the bank."""

    __tablename__ = "bank_import_media"
    __table_args__ = (UniqueConstraint("import_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("bank_import.id"))
    name: Mapped[str] = mapped_column(String(80), index=True)  # <sha256>.<ext>
    data: Mapped[bytes] = mapped_column(LargeBinary)


class BankImportQuestion(Model):
    """A question that an import added or translated, and the version it wrote: what undoing it takes back."""

    __tablename__ = "bank_import_question"
    __table_args__ = (UniqueConstraint("import_id", "question_id"), one_of("kind", (ADDED, TRANSLATED), "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("bank_import.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    kind: Mapped[str] = mapped_column(String(10))
