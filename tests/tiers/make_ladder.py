"""Builders of agents on the ladder."""

from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import select

from lms.certification.models import Award, Certification
from lms.certification.rules import add_months
from lms.conduct.models import LedgerEntry
from lms.conduct.operations import record_entry
from lms.db import db
from lms.exams.models import Attempt, Exam, ExamVersion
from lms.people.models import Person, Team
from lms.people.operations import set_tier
from tests import make
from tests.conftest import NOON
from tests.performance.make_figures import FEBRUARY, recorded

_numbers = count(1)
TODAY = date(2026, 3, 2)


def certification(slug: str = "base", months: int = 12) -> Certification:
    """A certification that one exam earns; the one there is, if there is one."""
    if there := db.session.scalar(select(Certification).where(Certification.slug == slug)):
        return there
    exam = Exam(slug=slug, courses=[])
    db.session.add(exam)
    db.session.flush()
    version = ExamVersion(
        exam_id=exam.id, number=1, titles={"en": slug, "zh": slug}, minutes=60, pass_percent=80, attempts=3,
        cooldown_hours=24, review="score_only", sections=[], content_hash="0" * 64, created_at=NOON,
    )  # fmt: skip
    made = Certification(
        slug=slug, order=next(_numbers), courses=[], exams=[slug], months=months, renew_days=60,
        titles={"en": f"{slug.capitalize()} certificate", "zh": f"{slug}认证"},
    )  # fmt: skip
    db.session.add_all([version, made])
    db.session.flush()
    exam.current_id = version.id
    db.session.commit()
    return made


def hold(
    person: Person, slug: str = "base", since: date = date(2026, 1, 10), last: date | None = None
) -> Award:
    """An award of the certification, valid for a year unless `last` says otherwise."""
    held = certification(slug)
    exam = db.session.scalars(select(Exam).where(Exam.slug == slug)).one()
    at = datetime.combine(since, NOON.timetz())
    attempt = Attempt(
        person_id=person.id, exam_id=exam.id, exam_version_id=exam.current_id, number=next(_numbers),
        seed="0" * 32, language="en", started_at=at, deadline=at + timedelta(hours=1),
        submitted_at=at + timedelta(minutes=30), closed_by="hand", earned=9000, possible=10000, passed=True,
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    award = Award(
        code=f"TEST-{next(_numbers):06}", person_id=person.id, certification_id=held.id,
        attempt_id=attempt.id, awarded_at=at, starts_on=since, ends_on=last or add_months(since, 12),
    )  # fmt: skip
    db.session.add(award)
    db.session.commit()
    return award


def agent(
    team: Team,
    manager: Person,
    *,
    name: str | None = None,
    tier: str = "regular",
    since: date = date(2025, 6, 1),
    kpi: int = 95_00,
    months: int = 4,
    certificates: tuple[str, ...] = ("base",),
) -> Person:
    """An agent with so many full months up to February, each with ten chats of 95 points."""
    made = make.person(name, team=team, tier="regular", since=since)
    if tier != "regular":
        set_tier(made, tier, since, actor=None, now=NOON)
    for back in range(months):
        recorded(made, add_months(FEBRUARY, -back), kpi, by=manager, chat_score=95_00)
    for slug in certificates:
        hold(made, slug)
    db.session.commit()
    return made


def entry(person: Person, kind: str, on: date = TODAY, *, by: Person, now: datetime = NOON) -> LedgerEntry:
    """An entry in the person's ledger."""
    made = record_entry(person, kind, on, "Because.", token=f"entry-{next(_numbers):020}", actor=by, now=now)
    db.session.commit()
    return made
