"""Earning, renewing and losing certifications, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms import outbox
from lms.certification import operations, queries
from lms.certification.models import Award, Certification
from lms.certification.rules import Conduct, State
from lms.certification.signals import award_made, conduct_wanted
from lms.courses.models import Course
from lms.courses.signals import course_completed
from lms.db import db
from lms.errors import Refused
from lms.exams.models import Exam
from lms.people.models import Person
from tests import make
from tests.conftest import NOON
from tests.exams import make_exam

DAY = timedelta(days=1)
LATE_EVENING = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 01:00 on 3 March in Shanghai


@pytest.fixture
def person(app: Flask) -> Person:
    return make.person()


@pytest.fixture
def exam(app: Flask) -> Exam:
    make_exam.certification()
    return make_exam.world()


def awards() -> list[Award]:
    return list(db.session.scalars(select(Award).order_by(Award.id)))


def sit(exam: Exam, person: Person, now: datetime = NOON, wrong: tuple[int, ...] = ()) -> None:
    make_exam.handed_in(make_exam.answered(make_exam.started(exam, person, now), now, wrong=wrong), now)


def states(person: Person, day: date) -> list[State]:
    return [each.state for each in queries.holdings_of([person.id], day)[person.id]]


def test_passing_the_exam_earns_the_certification_for_a_year(exam: Exam, person: Person) -> None:
    sit(exam, person)
    (award,) = awards()
    assert (award.person_id, award.starts_on, award.ends_on) == (
        person.id,
        date(2026, 3, 2),
        date(2027, 3, 2),
    )
    assert (award.awarded_at, award.ended_at, award.attempt_id) == (NOON, None, 1)
    assert states(person, date(2026, 3, 2)) == [State.CERTIFIED]


def test_the_first_day_is_that_of_the_sites_calendar(exam: Exam, person: Person) -> None:
    sit(exam, person, LATE_EVENING)
    assert awards()[0].starts_on == date(2026, 3, 3)


def test_failing_earns_nothing(exam: Exam, person: Person) -> None:
    sit(exam, person, wrong=(3, 4))
    assert awards() == []
    assert states(person, date(2026, 3, 2)) == [State.IN_PROGRESS]


def test_codes_are_long_and_differ() -> None:
    codes = {operations.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {19}


def test_an_attempt_that_ran_out_earns_too_once_it_is_closed(exam: Exam, person: Person) -> None:
    make_exam.answered(make_exam.started(exam, person))
    outbox.run_due(NOON + DAY)
    assert len(awards()) == 1


def test_the_last_course_earns_it_when_the_exam_was_passed_before(app: Flask, person: Person) -> None:
    course = make_exam.course()
    make_exam.certification(courses=("refunds",))
    sit(make_exam.world(), person)
    assert awards() == []
    complete(course, person)
    assert len(awards()) == 1


def complete(course: Course, person: Person, now: datetime = NOON) -> None:
    make_exam.finish(person, course, now)
    course_completed.send(course, person=person, course=course.slug, now=now, actor=person)
    db.session.commit()


def test_a_course_read_again_awards_nothing_twice(app: Flask, person: Person) -> None:
    course = make_exam.course()
    make_exam.certification(courses=("refunds",))
    exam = make_exam.world()
    complete(course, person)
    sit(exam, person)
    course_completed.send(course, person=person, course="refunds", now=NOON + DAY, actor=person)
    assert len(awards()) == 1


def test_every_exam_of_a_certification_is_needed(app: Flask, person: Person) -> None:
    make_exam.certification(exams=("base", "second"))
    first, second = make_exam.world(), make_exam.exam("second")
    sit(first, person)
    assert awards() == []
    sit(second, person)
    assert [award.attempt_id for award in awards()] == [2]


def test_one_exam_may_earn_two_certifications(exam: Exam, person: Person) -> None:
    make_exam.certification("other")
    sit(exam, person)
    assert len(awards()) == 2


def test_who_is_certified_sits_again_only_when_a_renewal_is_due(exam: Exam, person: Person) -> None:
    sit(exam, person)
    with pytest.raises(Refused, match="You can renew from"):
        make_exam.started(exam, person, NOON + 100 * DAY)


def test_a_renewal_adds_a_year_and_ends_the_award_before(exam: Exam, person: Person) -> None:
    sit(exam, person)
    sit(exam, person, NOON + 320 * DAY)
    before, after = awards()
    assert (before.ended_reason, before.ended_at) == ("renewed", NOON + 320 * DAY)
    assert (after.starts_on, after.ends_on, after.ended_at) == (date(2027, 1, 16), date(2028, 3, 2), None)
    assert states(person, date(2027, 6, 1)) == [State.CERTIFIED]


def test_attempts_before_the_renewal_opened_are_not_counted_against_it(app: Flask, person: Person) -> None:
    make_exam.certification()
    exam = make_exam.world(attempts=1)
    sit(exam, person)
    sit(exam, person, NOON + 320 * DAY, wrong=(3, 4))
    with pytest.raises(Refused, match="No attempts remain"):
        make_exam.started(exam, person, NOON + 325 * DAY)


def test_after_the_end_a_new_award_begins_anew(exam: Exam, person: Person) -> None:
    sit(exam, person)
    assert states(person, date(2027, 3, 3)) == [State.EXPIRED]
    sit(exam, person, NOON + 400 * DAY)
    assert [award.ends_on for award in awards()] == [date(2027, 3, 2), date(2028, 4, 6)]


def conduct(**bearing: Any) -> Any:
    """For the block, what the ledger says of everybody."""

    def answer(people: tuple[int, ...], *, day: date) -> dict[int, Conduct]:
        return dict.fromkeys(people, Conduct(**bearing))

    return conduct_wanted.connected_to(answer)


def test_a_revocation_takes_what_is_held_and_what_was_passed_before_it(exam: Exam, person: Person) -> None:
    sit(exam, person)
    with conduct(revoked_on=date(2026, 3, 3)):
        assert states(person, date(2026, 3, 2)) == [State.CERTIFIED]
        assert states(person, date(2026, 3, 3)) == [State.REVOKED]
        earned = operations.award_what_is_earned(
            person, operations.live_certifications(), actor=None, now=NOON + 3 * DAY
        )
        assert earned == []
        sit(exam, person, NOON + 200 * DAY)
        assert states(person, date(2026, 10, 1)) == [State.CERTIFIED]
        assert [award.ends_on for award in awards()] == [date(2027, 3, 2), date(2027, 9, 18)]


def test_who_is_barred_sits_no_certification_exam_and_shows_as_suspended(exam: Exam, person: Person) -> None:
    sit(exam, person)
    with conduct(is_barred=True):
        assert states(person, date(2026, 3, 3)) == [State.SUSPENDED]
        with pytest.raises(Refused, match="conduct record"):
            make_exam.started(exam, person, NOON + 350 * DAY)


def test_a_voided_revocation_gives_back_what_was_held(exam: Exam, person: Person) -> None:
    sit(exam, person)
    with conduct(is_barred=True, revoked_on=date(2026, 3, 3)):
        assert states(person, date(2026, 3, 4)) == [State.REVOKED]
    assert states(person, date(2026, 3, 4)) == [State.CERTIFIED]


def test_an_award_is_told_to_who_listens(exam: Exam, person: Person) -> None:
    told: list[Any] = []

    def hear(_sender: Any, *, award: Award, now: datetime) -> None:
        told.append((award.person_id, now))

    with award_made.connected_to(hear):
        sit(exam, person)
    assert told == [(person.id, NOON)]


def test_standing_of_many_people_takes_as_many_statements_as_that_of_one(exam: Exam) -> None:
    from tests.conftest import counted_statements

    people = [make.person() for _ in range(5)]
    for each in people:
        sit(exam, each)
    ids = [each.id for each in people]
    db.session.rollback()
    with counted_statements() as one:
        queries.holdings_of(ids[:1], date(2026, 3, 3))
    db.session.rollback()
    with counted_statements() as many:
        queries.holdings_of(ids, date(2026, 3, 3))
    assert len(one) == len(many)


def test_the_exam_of_the_quarter_is_for_those_who_are_certified(exam: Exam, person: Person) -> None:
    quarterly = make_exam.exam("quarterly", form="quarter")
    db.session.scalars(select(Certification)).one().quarterly = ["quarterly"]
    db.session.commit()
    with pytest.raises(Refused, match="certified and serve customers"):
        make_exam.started(quarterly, person)
    sit(exam, person)
    assert make_exam.started(quarterly, person, NOON + DAY).exam_id == quarterly.id
    with pytest.raises(Refused, match="certified and serve customers"):
        make_exam.started(quarterly, make.person(), NOON + DAY)
