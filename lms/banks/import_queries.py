"""What importing needs to know of a bank, and what its pages show."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, and_, exists, func, select
from sqlalchemy.orm import aliased

from lms.banks.import_models import (
    ADDED,
    UNDONE,
    BankImport,
    BankImportItem,
    BankImportMedia,
    BankImportQuestion,
)
from lms.banks.import_rules import WRITTEN, Known
from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.banks.rules import RETIRED
from lms.courses.models import Course, Lesson
from lms.db import db
from lms.interchange import records
from lms.interchange.records import Wording
from lms.paging import Paged
from lms.people.models import Person

T = TypeVar("T")
CHUNK = 500  # values in one statement: databases take some thousands
LATEST = 20

_GOOD = BankImportItem.flaw.in_(("none", "warning")) & BankImportItem.verdict.in_(WRITTEN)
_PROBLEM = BankImportItem.flaw != "none"
SHOWN: dict[str, ColumnElement[bool] | None] = {
    "all": None,
    "problems": _PROBLEM & BankImportItem.left_out.is_(False),
    "good": _GOOD & BankImportItem.left_out.is_(False),
    "left-out": BankImportItem.left_out.is_(True),
}


@dataclass(frozen=True)
class Summary:
    """How many questions of an import are what. `types` counts the good ones; what was left out counts nowhere else."""

    types: dict[str, int]
    good: int
    drafts: int
    errors: int
    problems: int
    unchanged: int
    translations: int
    left_out: int
    total: int


@dataclass(frozen=True)
class ItemsPage(Paged):
    """One page of an import's questions."""

    rows: list[BankImportItem]

    size = 20


@dataclass(frozen=True)
class ImportRow:
    """An earlier import in the list of a bank."""

    id: int
    name: str
    when: datetime
    person: str | None
    state: str
    counts: dict[str, Any]


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that fit one statement."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def known_questions(bank: Bank, slugs: Collection[str]) -> dict[str, Known]:
    """What the bank has under these ids."""
    known: dict[str, Known] = {}
    for some in chunks(sorted(set(slugs))):
        rows = db.session.execute(
            select(*_KNOWN, _is_undone())
            .select_from(Question)
            .join(QuestionVersion, QuestionVersion.id == Question.current_id)
            .join(QuestionText, QuestionText.version_id == QuestionVersion.id)
            .where(Question.bank_id == bank.id, Question.slug.in_(some))
        )
        for row in rows:
            known[row.slug] = _known(row, known.get(row.slug))
    return known


_KNOWN = (
    Question.id, Question.slug, Question.origin, Question.state, Question.current_id,
    QuestionVersion.number, QuestionVersion.type, QuestionVersion.keys, QuestionVersion.level, QuestionVersion.tags,
    QuestionVersion.lesson, QuestionVersion.objective, QuestionVersion.use, QuestionVersion.shuffle,
    QuestionText.language, QuestionText.stem, QuestionText.options, QuestionText.explanation,
)  # fmt: skip


def _is_undone() -> ColumnElement[bool]:
    """Whether the last import to add the question as it is now was undone, and it rests since."""

    def added(is_undone: ColumnElement[bool]) -> ColumnElement[bool]:
        of_it = (BankImportQuestion.question_id == Question.id) & (BankImportQuestion.kind == ADDED)
        written = aliased(QuestionVersion)
        of_import = BankImport.id == BankImportQuestion.import_id
        of_version = written.id == BankImportQuestion.version_id
        as_it_is = written.content_hash == QuestionVersion.content_hash
        wanted = select(1).where(of_it, of_import, of_version, as_it_is, is_undone)
        return exists(wanted.correlate(Question, QuestionVersion))

    undone = BankImport.state == UNDONE
    return and_(Question.state == RETIRED, added(undone), ~added(~undone)).label("is_undone")


def _known(row: Row[Any], before: Known | None) -> Known:
    """A question by its first text, or with one more."""
    wording = Wording(row.stem, tuple(option["text"] for option in row.options), row.explanation)
    wordings = {**(before.content.wordings if before else {}), row.language: wording}
    ordered = {language: wordings[language] for language in records.LANGUAGES if language in wordings}
    content = records.Question(
        id=row.slug,
        type=row.type,
        keys=tuple(row.keys),
        wordings=ordered,
        level=row.level,
        tags=tuple(row.tags),
        lesson=row.lesson or "",
        objective=row.objective or "",
        use=row.use,
        shuffle=row.shuffle,
    )
    return Known(row.id, row.current_id, row.number, row.origin, row.state, content, bool(row.is_undone))


def live_lessons() -> set[str]:
    """Every lesson that a question can belong to, as `course/slug`."""
    found = db.session.execute(
        select(Course.slug, Lesson.slug)
        .join(Lesson, Lesson.course_id == Course.id)
        .where(Course.state == "live", Lesson.state == "live")
    )
    return {f"{course}/{lesson}" for course, lesson in found}


def imports_of(bank: Bank) -> list[ImportRow]:
    """The latest imports into a bank, newest first."""
    found = db.session.execute(
        select(BankImport.id, BankImport.name, BankImport.created_at, Person.name, BankImport.state, BankImport.counts)
        .outerjoin(Person, Person.id == BankImport.person_id)
        .where(BankImport.bank_id == bank.id)
        .order_by(BankImport.id.desc())
        .limit(LATEST)
    )
    return [ImportRow(*row) for row in found]


def import_of(bank: Bank, number: int) -> BankImport | None:
    """One import of this bank."""
    return db.session.scalar(select(BankImport).where(BankImport.id == number, BankImport.bank_id == bank.id))


def summary_of(made: BankImport) -> Summary:
    """What its questions are. One statement."""
    item = BankImportItem
    found = db.session.execute(
        select(item.type, item.flaw, item.verdict, item.left_out, func.count(item.id))
        .where(item.import_id == made.id)
        .group_by(item.type, item.flaw, item.verdict, item.left_out)
    )
    rows = [tuple(row) for row in found]
    left = [row for row in rows if not row[3]]
    written = [row for row in left if row[2] in WRITTEN]
    good = [row for row in written if row[1] in ("none", "warning")]

    def count(some: list[Any]) -> int:
        return sum(row[4] for row in some)

    return Summary(
        types={kind: count([row for row in good if row[0] == kind]) for kind in records.TYPES},
        good=count(good),
        drafts=count([row for row in written if row[1] == "draft"]),
        errors=count([row for row in left if row[1] == "error"]),
        problems=count([row for row in left if row[1] != "none"]),
        unchanged=count([row for row in left if row[2] == "unchanged"]),
        translations=count([row for row in good if row[2] == "translation"]),
        left_out=count([row for row in rows if row[3]]),
        total=count(rows),
    )


def items_page(made: BankImport, shown: str, number: int) -> ItemsPage:
    """One page of its questions. Two statements; a page beyond the end means the last one."""
    conditions = [BankImportItem.import_id == made.id]
    if (only := SHOWN.get(shown)) is not None:
        conditions.append(only)
    total = db.session.scalar(select(func.count(BankImportItem.id)).where(*conditions)) or 0
    number = min(max(number, 1), max(1, -(-total // ItemsPage.size)))
    found = db.session.scalars(
        select(BankImportItem)
        .where(*conditions)
        .order_by(BankImportItem.position)
        .limit(ItemsPage.size)
        .offset((number - 1) * ItemsPage.size)
    )
    return ItemsPage(total, number, list(found))


def item_of(made: BankImport, position: int) -> BankImportItem | None:
    """One question of an import by its place."""
    return db.session.scalar(
        select(BankImportItem).where(BankImportItem.import_id == made.id, BankImportItem.position == position)
    )


def media_of(made: BankImport) -> dict[str, bytes]:
    """The pictures of an import by name."""
    found = db.session.execute(
        select(BankImportMedia.name, BankImportMedia.data).where(BankImportMedia.import_id == made.id)
    )
    return {row[0]: row[1] for row in found}


def waiting_picture(name: str) -> bytes | None:
    """A picture of an import that is not written yet: for who may author, in the preview."""
    return db.session.scalar(select(BankImportMedia.data).where(BankImportMedia.name == name).limit(1))
