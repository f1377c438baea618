"""Awarding and renewing certifications."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from lms import clock
from lms.audit import record
from lms.certification import rules
from lms.certification.models import Award, Certification
from lms.certification.signals import award_made, conduct_wanted
from lms.courses.queries import courses_done
from lms.db import db, lock
from lms.exams.models import Attempt, Exam
from lms.people.models import Person

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike; 32 of them: five bits each
CODE_GROUPS, GROUP = 4, 4  # 80 bits: not to be guessed


def new_code() -> str:
    """A certificate's code, like K7QX-29MB-TR4H-WZ8D."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUPS * GROUP)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def needs_of(certification: Certification) -> rules.Requirements:
    """What it asks for, as the rules see it."""
    return rules.Requirements(
        courses=tuple(certification.courses),
        exams=tuple(certification.exams),
        months=certification.months,
        renew_days=certification.renew_days,
    )


def conduct_of(people: Collection[int], day: date) -> dict[int, rules.Conduct]:
    """How everybody's conduct bears on what they hold, as whoever keeps the ledger says."""
    found = dict.fromkeys(people, rules.Conduct())
    for _, answer in conduct_wanted.send(tuple(people), day=day):
        found |= answer or {}
    return found


def term_of(award: Award | None, conduct: rules.Conduct) -> rules.Term | None:
    """The days of an award; a revocation takes away what was held on its day, not what is earned later."""
    if award is None:
        return None
    revoked_on = conduct.revoked_on
    if revoked_on is not None and revoked_on < award.starts_on:
        revoked_on = None
    return rules.Term(award.starts_on, award.ends_on, revoked_on)


def live_certifications() -> list[Certification]:
    """All that can be earned, in their order."""
    return list(
        db.session.scalars(
            select(Certification).where(Certification.state == "live").order_by(Certification.order)
        )
    )


def award_what_is_earned(
    person: Person, candidates: Sequence[Certification], *, actor: Person | None, now: datetime
) -> list[Award]:
    """The awards and renewals that this person has earned by now among these certifications."""
    if not candidates:
        return []
    lock(person)
    done = courses_done(person.id)
    conduct = conduct_of([person.id], clock.day_of(now))[person.id]
    awards = [_award(person, certification, done, conduct, actor, now) for certification in candidates]
    return [award for award in awards if award is not None]


def _award(
    person: Person,
    certification: Certification,
    done: set[str],
    conduct: rules.Conduct,
    actor: Person | None,
    now: datetime,
) -> Award | None:
    """A new award, if nothing is missing and it is due. A live one before it ends as renewed."""
    needs, today = needs_of(certification), clock.day_of(now)
    before = latest_award(person, certification)
    held = term_of(before, conduct)
    if not rules.may_award(held, needs.renew_days, today):
        return None
    passes = _passes(person, needs, held)
    if not passes or rules.missing(needs, done, passes.keys()):
        return None
    if before is not None and before.ended_at is None:
        before.ended_at, before.ended_reason = now, "renewed"
        db.session.flush()
    award = _new_award(person, certification, rules.term_from(today, needs.months, held), now)
    award.attempt_id = max(passes.values())
    db.session.add(award)
    db.session.flush()
    record(actor, "award.make", award, now=now, certification=certification.slug, ends_on=str(award.ends_on))
    award_made.send(award, award=award, now=now)
    return award


def _new_award(person: Person, certification: Certification, term: rules.Term, now: datetime) -> Award:
    return Award(
        code=new_code(),
        person_id=person.id,
        certification_id=certification.id,
        awarded_at=now,
        starts_on=term.first_day,
        ends_on=term.last_day,
    )


def latest_award(person: Person, certification: Certification) -> Award | None:
    """The newest award of this certification to this person, whatever became of it."""
    return db.session.scalar(
        select(Award)
        .where(Award.person_id == person.id, Award.certification_id == certification.id)
        .order_by(Award.id.desc())
        .limit(1)
    )


def _passes(person: Person, needs: rules.Requirements, held: rules.Term | None) -> dict[str, int]:
    """The exams passed since they count, each with its latest passing attempt."""
    since = rules.counts_from(held, needs.renew_days)
    query = (
        select(Exam.slug, func.max(Attempt.id))
        .join(Attempt, Attempt.exam_id == Exam.id)
        .where(Attempt.person_id == person.id, Attempt.passed.is_(True), Exam.slug.in_(needs.exams))
        .group_by(Exam.slug)
    )
    if since is not None:
        query = query.where(Attempt.started_at >= rules.starts_at(since, clock.zone()))
    return dict(db.session.execute(query).all())
