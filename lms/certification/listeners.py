"""What certifications do when an exam is graded or a course finished, and say about sitting exams."""

from datetime import datetime
from typing import Any

from lms import clock
from lms.certification import operations, queries, rules
from lms.courses.signals import course_completed
from lms.errors import N_, Reason
from lms.exams.models import Attempt
from lms.exams.rules import Bearing
from lms.exams.signals import attempt_graded, exams_wanted
from lms.people.models import Person

KEPT_AWAY = Reason(N_("Your conduct record keeps you from this exam for now. You can learn and practise."))


@attempt_graded.connect
def award_after_exam(_sender: Any, *, attempt: Attempt, actor: Person | None, now: datetime) -> None:
    """A passed exam may have been what was missing."""
    if attempt.passed:
        candidates = [each for each in operations.live_certifications() if attempt.exam.slug in each.exams]
        operations.award_what_is_earned(attempt.person, candidates, actor=actor, now=now)


@course_completed.connect
def award_after_course(
    _sender: Any, *, person: Person, course: str, actor: Person | None, now: datetime
) -> None:
    """The last course may have been what was missing."""
    candidates = [each for each in operations.live_certifications() if course in each.courses]
    operations.award_what_is_earned(person, candidates, actor=actor, now=now)


@exams_wanted.connect
def bearings(slugs: tuple[str, ...], *, person: Person, now: datetime) -> dict[str, Bearing]:
    """The suspended sit no certification exam, nor does who holds all it leads to and cannot renew yet.

    An exam of the quarter is for those who hold a certification that asks for it.
    """
    holdings = queries.holdings_of([person.id], clock.day_of(now))[person.id]
    said = {
        slug: _bearing([each for each in holdings if slug in each.certification.exams], now)
        or _of_the_quarter([each for each in holdings if slug in each.certification.quarterly])
        for slug in slugs
    }
    return {slug: bearing for slug, bearing in said.items() if bearing is not None}


def _of_the_quarter(holdings: list[queries.Holding]) -> Bearing | None:
    if not holdings or any(each.state.is_held for each in holdings):
        return None
    if any(each.is_suspended for each in holdings):
        return Bearing(KEPT_AWAY)
    return Bearing(Reason(N_("This exam is for those who are certified and serve customers. Get certified first.")))


def _bearing(holdings: list[queries.Holding], now: datetime) -> Bearing | None:
    if not holdings:
        return None
    if any(each.is_suspended for each in holdings):
        return Bearing(KEPT_AWAY)
    dates = [each.counts_from for each in holdings]
    if any(date is None for date in dates):
        return None
    since = min(date for date in dates if date is not None)
    counts_from = rules.starts_at(since, clock.zone())
    today = clock.day_of(now)
    if any(rules.may_award(each.term, each.certification.renew_days, today) for each in holdings):
        return Bearing(counts_from=counts_from)
    soonest = min(holdings, key=lambda each: each.renewable_from or today)
    assert soonest.term is not None
    reason = Reason(
        N_("You are certified until %(end)s. You can renew from %(start)s."),
        end=soonest.term.last_day,
        start=soonest.renewable_from,
    )
    return Bearing(reason, counts_from)
