"""What the pages of question banks show. Who may read keys is decided by the views."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.courses.models import Course, Lesson, LessonVersion
from lms.db import db
from lms.interchange.source import is_slug
from lms.markup import plain
from lms.paging import Paged
from lms.people.models import Person

_ENGLISH, _CHINESE = aliased(QuestionText), aliased(QuestionText)
SORTS: dict[str, Any] = {
    "slug": Question.slug,
    "type": QuestionVersion.type,
    "level": QuestionVersion.level,
    "use": QuestionVersion.use,
    "state": Question.state,
    "changed": QuestionVersion.created_at,
}


@dataclass(frozen=True)
class BankCard:
    """A bank with how many live questions it has, by type and for exams."""

    slug: str
    titles: dict[str, str]
    area: str
    types: dict[str, int]
    for_exams: int
    live: int
    drafts: int


@dataclass(frozen=True)
class Filters:
    """What a bank's table is narrowed to; "" or None where it is not."""

    type: str = ""
    state: str = ""
    use: str = ""
    level: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Row:
    """A question in a bank's table."""

    slug: str
    type: str
    level: int
    use: str
    state: str
    stem: str
    languages: tuple[str, ...]
    changed: datetime


@dataclass(frozen=True)
class Page(Paged):
    """One page of a bank's table."""

    rows: list[Row]
    sort: str

    size = 25


@dataclass(frozen=True)
class LessonChoice:
    """A live lesson that a question can belong to, with its objectives (id to sentence) by language."""

    ref: str
    course: dict[str, str]
    titles: dict[str, str]
    objectives: Mapping[str, Mapping[str, str]]


def bank_cards() -> list[BankCard]:
    """Every bank, by area and slug. One statement."""
    live = Question.state == "live"
    counts = [func.sum(case((live & (QuestionVersion.type == kind), 1), else_=0)) for kind in _TYPES]
    found = db.session.execute(
        select(
            Bank,
            func.sum(case((live & (QuestionVersion.use == "exam"), 1), else_=0)),
            func.sum(case((live, 1), else_=0)),
            func.sum(case((Question.state == "draft", 1), else_=0)),
            *counts,
        )
        .outerjoin(Question, Question.bank_id == Bank.id)
        .outerjoin(QuestionVersion, QuestionVersion.id == Question.current_id)
        .group_by(Bank.id)
        .order_by(Bank.area, Bank.slug)
    )
    return [
        BankCard(
            bank.slug,
            bank.titles,
            bank.area,
            dict(zip(_TYPES, by_type, strict=True)),
            for_exams,
            live_,
            drafts,
        )
        for bank, for_exams, live_, drafts, *by_type in found
    ]


_TYPES = ("single", "multiple", "true_false")


def bank_by_slug(slug: str) -> Bank | None:
    """The bank, if there is one."""
    if not is_slug(slug):
        return None
    return db.session.scalar(select(Bank).where(Bank.slug == slug))


def question_by_slug(bank: str, slug: str) -> Question | None:
    """The question with its bank and current version, if there is one."""
    if not (is_slug(bank) and is_slug(slug)):
        return None
    return db.session.scalar(
        select(Question)
        .join(Bank)
        .where(Bank.slug == bank, Question.slug == slug)
        .options(
            joinedload(Question.bank),
            joinedload(Question.current).selectinload(QuestionVersion.texts),
        )
    )


def version_by_number(question: Question, number: int) -> QuestionVersion | None:
    """One version of a question with its texts."""
    return db.session.scalar(
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question.id, QuestionVersion.number == number)
        .options(selectinload(QuestionVersion.texts))
    )


def versions_of(question: Question) -> list[tuple[int, datetime, str | None]]:
    """Number, moment and author's name (None: a file) of each version, newest first."""
    found = db.session.execute(
        select(QuestionVersion.number, QuestionVersion.created_at, Person.name)
        .outerjoin(Person, Person.id == QuestionVersion.created_by_id)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.number.desc())
    )
    return [(number, at, name) for number, at, name in found]


def questions_page(bank: Bank, filters: Filters, sort: str, number: int, language: str) -> Page:
    """One page of a bank's questions. Two statements, however many questions there are.

    An unknown sort means the first; a page beyond the end means the last one.
    """
    conditions = _conditions(bank, filters)
    total = db.session.scalar(_joined(select(func.count(Question.id))).where(*conditions)) or 0
    number = min(max(number, 1), max(1, -(-total // Page.size)))
    name = sort.removeprefix("-")
    if name not in SORTS:
        sort = name = next(iter(SORTS))
    key = SORTS[name].desc() if sort.startswith("-") else SORTS[name]
    found = db.session.execute(
        _joined(select(Question, QuestionVersion, _ENGLISH.stem_html, _CHINESE.stem_html))
        .where(*conditions)
        .order_by(key, Question.slug)
        .limit(Page.size)
        .offset((number - 1) * Page.size)
    )
    rows = [_row(question, version, {"en": en, "zh": zh}, language) for question, version, en, zh in found]
    return Page(total, number, rows, sort)


def fitting(bank: Bank, filters: Filters, *columns: Any) -> Any:
    """A statement for columns of a bank's questions that fit the filters: what the table shows, in no order."""
    return _joined(select(*columns)).where(*_conditions(bank, filters))


def _joined(query: Any) -> Any:
    return (
        query.select_from(Question)
        .join(QuestionVersion, QuestionVersion.id == Question.current_id)
        .outerjoin(_ENGLISH, (_ENGLISH.version_id == QuestionVersion.id) & (_ENGLISH.language == "en"))
        .outerjoin(_CHINESE, (_CHINESE.version_id == QuestionVersion.id) & (_CHINESE.language == "zh"))
    )


def _conditions(bank: Bank, filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Question.bank_id == bank.id]
    if filters.type:
        wanted.append(QuestionVersion.type == filters.type)
    if filters.state:
        wanted.append(Question.state == filters.state)
    if filters.use:
        wanted.append(QuestionVersion.use == filters.use)
    if filters.level:
        wanted.append(QuestionVersion.level == filters.level)
    for word in filters.text.split():
        columns = (Question.slug, _ENGLISH.stem, _CHINESE.stem)
        wanted.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return wanted


def _row(question: Question, version: QuestionVersion, stems: dict[str, str | None], language: str) -> Row:
    there = {name: html for name, html in stems.items() if html is not None}
    return Row(
        slug=question.slug,
        type=version.type,
        level=version.level,
        use=version.use,
        state=question.state,
        stem=plain(there.get(language) or next(iter(there.values()), "")),
        languages=tuple(there),
        changed=version.created_at,
    )


def lesson_choices() -> list[LessonChoice]:
    """The live lessons of live courses with their objectives, in reading order."""
    found = db.session.execute(
        select(Course, Lesson)
        .join(Lesson, Lesson.course_id == Course.id)
        .where(Course.state == "live", Lesson.state == "live")
        .options(joinedload(Lesson.current).selectinload(LessonVersion.texts))
        .order_by(Course.order, Course.slug, Lesson.order)
    )
    return [
        LessonChoice(
            ref=f"{course.slug}/{lesson.slug}",
            course=course.titles,
            titles={text.language: text.title for text in lesson.current.texts},
            objectives={text.language: text.objectives for text in lesson.current.texts},
        )
        for course, lesson in found
        if lesson.current is not None
    ]
