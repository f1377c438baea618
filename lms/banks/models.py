"""Question banks: a question keeps its id, its versions never change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Model, append_only
from lms.people.models import one_of

QUESTION_TYPES = ("single", "multiple", "true_false")
ORIGINS = ("file", "import", "browser")
QUESTION_STATES = ("draft", "in_review", "live", "retired")


class Bank(Model):
    """A bank of questions about one area. `titles` maps a language to its title."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    area: Mapped[str] = mapped_column(String(40))
    titles: Mapped[dict[str, str]]

    questions: Mapped[list["Question"]] = relationship(back_populates="bank")


class Question(Model):
    """A question. `ref` ("bank/slug") is what content files and draws call it by."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("bank_id", "slug"),
        one_of("origin", ORIGINS, "origin"),
        one_of("state", QUESTION_STATES, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    ref: Mapped[str] = mapped_column(String(161), unique=True)
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    current_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id", use_alter=True))
    loaded_id: Mapped[int | None] = mapped_column(  # what the file said last: another current one is an edit here
        ForeignKey("question_version.id", use_alter=True)
    )

    bank: Mapped[Bank] = relationship(back_populates="questions")
    current: Mapped["QuestionVersion | None"] = relationship(foreign_keys=[current_id], post_update=True)
    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", foreign_keys="QuestionVersion.question_id", order_by="QuestionVersion.number"
    )


class QuestionVersion(Model):
    """One immutable version: its keys once, its text per language."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        one_of("type", QUESTION_TYPES, "type"),
        one_of("use", ("practice", "exam"), "use"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(10))
    keys: Mapped[list[str]]  # ids of the right options
    option_ids: Mapped[list[str]]  # in file order
    level: Mapped[int]
    tags: Mapped[list[str]]
    lesson: Mapped[str | None] = mapped_column(String(161))  # "course/slug"
    objective: Mapped[str | None] = mapped_column(String(80))
    use: Mapped[str] = mapped_column(String(8))
    shuffle: Mapped[bool]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: loaded from a file

    question: Mapped[Question] = relationship(back_populates="versions", foreign_keys=[question_id])
    texts: Mapped[list["QuestionText"]] = relationship(back_populates="version")


class QuestionText(Model):
    """A question version in one language. Markdown is the source; the HTML is rendered when it is saved."""

    __tablename__ = "question_text"
    __table_args__ = (UniqueConstraint("version_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    language: Mapped[str] = mapped_column(String(2))
    stem: Mapped[str] = mapped_column(Text)
    stem_html: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]]  # {"id", "text", "html"} in file order
    explanation: Mapped[str] = mapped_column(Text)
    explanation_html: Mapped[str] = mapped_column(Text)

    version: Mapped[QuestionVersion] = relationship(back_populates="texts")


append_only(QuestionVersion, QuestionText)
