"""Monthly figures as pages and rules want them, without corrected rows unless said otherwise."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from lms.access import Permission, reachable
from lms.db import db
from lms.people.models import Membership, Person, StageSpan
from lms.performance.chats import Chat
from lms.performance.models import KpiMonth
from lms.performance.rules import MonthFigures, QualityMonth

AT_WORK = ("trainee", "on_trial", "agent")


@dataclass(frozen=True)
class Recorded:
    """One month of a person as recorded. `kpi` and the scores of `chats` are hundredths of a point."""

    id: int
    person_id: int
    month: date
    kpi: int
    inquiries: int
    days: int
    chats: tuple[Chat, ...]
    recorded_at: datetime
    recorded_by: str
    replaces_id: int | None

    @property
    def figures(self) -> MonthFigures:
        return MonthFigures(self.month, Decimal(self.kpi) / 100, self.inquiries, self.days)

    @property
    def quality(self) -> QualityMonth:
        scores = tuple(Decimal(chat.score) / 100 for chat in self.chats)
        return QualityMonth(self.month, scores, sum(chat.fatal for chat in self.chats))


def _recorded(row: KpiMonth) -> Recorded:
    return Recorded(
        id=row.id,
        person_id=row.person_id,
        month=row.month,
        kpi=row.kpi,
        inquiries=row.inquiries,
        days=row.days,
        chats=tuple(Chat(chat["score"], chat["fatal"]) for chat in row.inspected),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by.name,
        replaces_id=row.replaces_id,
    )


def _valid() -> Select[KpiMonth]:
    """The rows that no correction names."""
    later = aliased(KpiMonth)
    return (
        select(KpiMonth)
        .outerjoin(later, later.replaces_id == KpiMonth.id)
        .where(later.id.is_(None))
        .options(joinedload(KpiMonth.recorded_by).lazyload("*"))
    )


def months_of(person_ids: Collection[int]) -> dict[int, list[Recorded]]:
    """Every month in force of each person, the newest first. One statement."""
    rows = db.session.scalars(
        _valid().where(KpiMonth.person_id.in_(person_ids)).order_by(KpiMonth.month.desc(), KpiMonth.id)
    )
    found: dict[int, list[Recorded]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(_recorded(row))
    return found


def figures_in(month: date, person_ids: Collection[int]) -> dict[int, Recorded]:
    """What is recorded of one month for each person. One statement."""
    rows = db.session.scalars(_valid().where(KpiMonth.person_id.in_(person_ids), KpiMonth.month == month))
    return {row.person_id: _recorded(row) for row in rows}


def month_of(person_id: int, month: date) -> Recorded | None:
    """What is recorded of one month."""
    row = db.session.scalar(_valid().where(KpiMonth.person_id == person_id, KpiMonth.month == month).limit(1))
    return _recorded(row) if row else None


def corrections_of(person_id: int) -> list[Recorded]:
    """The rows of a person that were corrected since, the newest month first."""
    later = aliased(KpiMonth)
    rows = db.session.scalars(
        select(KpiMonth)
        .join(later, later.replaces_id == KpiMonth.id)
        .where(KpiMonth.person_id == person_id)
        .options(joinedload(KpiMonth.recorded_by).lazyload("*"))
        .order_by(KpiMonth.month.desc(), KpiMonth.id)
    )
    return [_recorded(row) for row in rows]


def people_measured(actor: Person) -> Sequence[Person]:
    """Whom the actor may see figures of: everybody at work in reach, by name. One statement."""
    return db.session.scalars(
        select(Person)
        .join(StageSpan, (StageSpan.person_id == Person.id) & StageSpan.ends_on.is_(None))
        .where(reachable(actor, Permission.READ_KPI), StageSpan.stage.in_(AT_WORK), Person.id != actor.id)
        .order_by(Person.name, Person.id)
    ).all()


def scores_of_colleagues(person: Person, months: Iterable[date]) -> dict[date, list[Decimal]]:
    """The scores of each month in the person's team, theirs included, without names. One statement."""
    if person.team is None:
        return {}
    later = aliased(KpiMonth)
    rows = db.session.execute(
        select(KpiMonth.month, KpiMonth.kpi)
        .join(Membership, (Membership.person_id == KpiMonth.person_id) & Membership.ends_on.is_(None))
        .outerjoin(later, later.replaces_id == KpiMonth.id)
        .where(Membership.team_id == person.team.id, KpiMonth.month.in_(list(months)), later.id.is_(None))
    )
    scores: dict[date, list[Decimal]] = defaultdict(list)
    for month, kpi in rows:
        scores[month].append(Decimal(kpi) / 100)
    return scores
