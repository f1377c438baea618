"""Who holds what: for a person's own page, for lists of people, and for the public check of a certificate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms import clock
from lms.certification import rules
from lms.certification.models import Award, Certification
from lms.certification.operations import conduct_of, live_certifications, needs_of, term_of
from lms.courses.models import Course, Lesson, LessonProgress
from lms.courses.queries import courses_done, titles_of
from lms.db import db
from lms.exams.models import Attempt, Exam, ExamVersion


@dataclass(frozen=True)
class Holding:
    """Where a person stands with one certification on a day; `award` is the latest, whatever became of it."""

    certification: Certification
    state: rules.State
    award: Award | None
    term: rules.Term | None
    is_suspended: bool

    @property
    def renewable_from(self) -> date | None:
        """The first day on which it can be renewed; None where there is nothing to renew."""
        if self.term is None or self.term.revoked_on is not None:
            return None
        return rules.renewable_from(self.term.last_day, self.certification.renew_days)

    @property
    def counts_from(self) -> date | None:
        """Since when attempts count towards the next award; None: all do."""
        return rules.counts_from(self.term, self.certification.renew_days)


def suspended_among(people: Collection[int], day: date) -> set[int]:
    """Who of these people is kept from serving on a day."""
    return {person for person, conduct in conduct_of(people, day).items() if conduct.is_barred}


def holdings_of(people: Collection[int], day: date) -> dict[int, list[Holding]]:
    """For each person where they stand with every certification, in order. Five statements, and standing."""
    certifications = live_certifications()
    latest = _latest_awards(people)
    begun = _begun(people)
    conduct = conduct_of(people, day)
    return {
        person: [
            _holding(each, latest.get((person, each.id)), begun[person], conduct[person], day)
            for each in certifications
        ]
        for person in people
    }


def _holding(
    certification: Certification, award: Award | None, begun: set[str], conduct: rules.Conduct, day: date
) -> Holding:
    term = term_of(award, conduct)
    state = rules.state_on(
        day,
        term,
        renew_days=certification.renew_days,
        begun=bool(
            begun.intersection(certification.courses) or begun.intersection(_exam_marks(certification))
        ),
        suspended=conduct.is_barred,
    )
    return Holding(certification, state, award, term, conduct.is_barred)


def _exam_marks(certification: Certification) -> set[str]:
    return {f"exam {slug}" for slug in certification.exams}


def _latest_awards(people: Collection[int]) -> dict[tuple[int, int], Award]:
    awards = db.session.scalars(select(Award).where(Award.person_id.in_(people)).order_by(Award.id))
    return {(award.person_id, award.certification_id): award for award in awards}


def _begun(people: Collection[int]) -> dict[int, set[str]]:
    """The courses in which each person opened a lesson, and the exams (as "exam slug") they sat."""
    opened = (
        select(LessonProgress.person_id, Course.slug)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .where(LessonProgress.person_id.in_(people))
        .distinct()
    )
    sat = (
        select(Attempt.person_id, Exam.slug)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.person_id.in_(people))
        .distinct()
    )
    begun: dict[int, set[str]] = {person: set() for person in people}
    for person, slug in db.session.execute(opened):
        begun[person].add(slug)
    for person, slug in db.session.execute(sat):
        begun[person].add(f"exam {slug}")
    return begun


@dataclass(frozen=True)
class Step:
    """A course or an exam on the way to a certification; titles by language."""

    kind: str  # course | exam
    slug: str
    titles: dict[str, str]
    is_done: bool


@dataclass(frozen=True)
class OwnCertification:
    """A certification on the own page: where one stands, and the way there."""

    holding: Holding
    steps: tuple[Step, ...]

    @property
    def next_step(self) -> Step | None:
        """The first thing that is missing."""
        return next((step for step in self.steps if not step.is_done), None)


def own_certifications(person_id: int, day: date) -> list[OwnCertification]:
    """Every certification as one person sees it."""
    holdings = holdings_of([person_id], day)[person_id]
    done = courses_done(person_id)
    courses = titles_of({slug for each in holdings for slug in each.certification.courses})
    exams = _exam_titles({slug for each in holdings for slug in each.certification.exams})
    passed = _last_passes(person_id)
    return [OwnCertification(each, _steps(each, done, passed, courses, exams)) for each in holdings]


def _last_passes(person_id: int) -> dict[str, datetime]:
    """The exams a person has passed, each with the start of the latest passing attempt."""
    found = db.session.execute(
        select(Exam.slug, func.max(Attempt.started_at))
        .join(Attempt, Attempt.exam_id == Exam.id)
        .where(Attempt.person_id == person_id, Attempt.passed.is_(True))
        .group_by(Exam.slug)
    )
    return dict(found.all())


def _steps(
    holding: Holding,
    done: set[str],
    passed: dict[str, datetime],
    courses: dict[str, dict[str, str]],
    exams: dict[str, dict[str, str]],
) -> tuple[Step, ...]:
    """The way to the next award; once certified, everything is done until the renewal opens."""
    needs, since = needs_of(holding.certification), holding.counts_from
    is_held = holding.state in (rules.State.CERTIFIED, rules.State.SUSPENDED)
    begins = rules.starts_at(since, clock.zone()) if since else None
    steps = [Step("course", slug, courses.get(slug, {"en": slug}), slug in done) for slug in needs.courses]
    for slug in needs.exams:
        has_passed = slug in passed and (begins is None or passed[slug] >= begins)
        steps.append(Step("exam", slug, exams.get(slug, {"en": slug}), is_held or has_passed))
    return tuple(steps)


def _exam_titles(slugs: Collection[str]) -> dict[str, dict[str, str]]:
    found = db.session.execute(
        select(Exam.slug, ExamVersion.titles)
        .join(ExamVersion, ExamVersion.id == Exam.current_id)
        .where(Exam.slug.in_(slugs))
    )
    return dict(found.all())


def certificate_of(code: str, day: date) -> Holding | None:
    """What the certificate with this code says on a day. It follows renewals: an old print still serves."""
    award = db.session.scalar(
        select(Award)
        .where(Award.code == code)
        .options(joinedload(Award.certification), joinedload(Award.person))
    )
    if award is None:
        return None
    latest = _latest_awards([award.person_id])[award.person_id, award.certification_id]
    conduct = conduct_of([award.person_id], day)[award.person_id]
    return _holding(award.certification, latest, set(), conduct, day)


def titles_of_certifications() -> dict[str, dict[str, str]]:
    """The titles of all certifications, retired ones too, by slug; each a map from language to title."""
    return dict(db.session.execute(select(Certification.slug, Certification.titles)).all())
