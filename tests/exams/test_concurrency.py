"""Many at once, on real databases: one attempt, one grade, no lost answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.audit import AuditRow
from lms.certification.models import Award
from lms.db import db, writes
from lms.errors import Refused
from lms.exams import operations
from lms.exams.models import Answer, Attempt, Exam
from lms.exams.rules import Answer as Sent
from lms.people.models import Person
from tests import make
from tests.conftest import NOON
from tests.exams import make_exam

MINUTE = timedelta(minutes=1)
AT_ONCE = 6


def together(app: Flask, act: Callable[[int], Any]) -> list[Any]:
    """What `act(n)` gives, or refuses with, for each of several threads that begin at the same moment."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        with app.app_context():
            barrier.wait(10)
            try:
                return writes(act)(number)
            except Refused as refused:
                return refused
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def start(exam_id: int, person_id: int, now: Any) -> tuple[int, bool]:
    person = db.session.get_one(Person, person_id)
    exam = db.session.get_one(Exam, exam_id)
    attempt, is_new = operations.start_attempt(exam, person, language="en", actor=person, now=now)
    return attempt.id, is_new


@pytest.fixture
def ids(app: Flask) -> tuple[int, int, int]:
    """An attempt with every answer right, its exam and its person, by id."""
    make_exam.certification()
    exam, person = make_exam.world(), make.person()
    attempt = make_exam.answered(make_exam.started(exam, person))
    return attempt.id, exam.id, person.id


def test_of_many_starts_at_once_one_begins(app: Flask) -> None:
    exam_id, person_id = make_exam.world().id, make.person().id
    outcomes = together(app, lambda _: start(exam_id, person_id, NOON))
    assert sorted(is_new for _, is_new in outcomes) == [False] * (AT_ONCE - 1) + [True]
    assert len({attempt_id for attempt_id, _ in outcomes}) == 1
    assert db.session.scalar(select(func.count(Attempt.id))) == 1


def test_of_many_starts_on_the_last_attempt_allowed_one_begins(app: Flask) -> None:
    exam, person = make_exam.world(attempts=2, cooldown_hours=0), make.person()
    make_exam.handed_in(make_exam.started(exam, person))
    exam_id, person_id = exam.id, person.id
    together(app, lambda _: start(exam_id, person_id, NOON + MINUTE))
    numbers = db.session.scalars(select(Attempt.number).order_by(Attempt.number)).all()
    assert numbers == [1, 2]


def test_many_submits_at_once_give_one_grade_and_one_award(app: Flask, ids: tuple[int, int, int]) -> None:
    def submit(number: int) -> None:
        attempt = db.session.get_one(Attempt, ids[0])
        operations.submit_attempt(attempt, actor=attempt.person, now=NOON + number * MINUTE)

    together(app, submit)
    acts = db.session.scalars(
        select(AuditRow.act).where(AuditRow.act.in_(["attempt.grade", "award.make"]))
    ).all()
    assert sorted(acts) == ["attempt.grade", "award.make"]
    assert db.session.scalar(select(func.count(Award.id))) == 1
    assert db.session.get_one(Attempt, ids[0]).earned == 2000


def test_a_submit_and_the_clock_at_once_give_one_grade(app: Flask, ids: tuple[int, int, int]) -> None:
    late = NOON + 60 * MINUTE + timedelta(seconds=30)

    def finish(number: int) -> None:
        attempt = db.session.get_one(Attempt, ids[0])
        if number % 2:
            operations.submit_attempt(attempt, actor=attempt.person, now=NOON + 59 * MINUTE)
        else:
            make_exam_close(attempt, late)

    together(app, finish)
    graded = select(func.count(AuditRow.id)).where(AuditRow.act == "attempt.grade")
    assert db.session.scalar(graded) == 1


def make_exam_close(attempt: Attempt, now: Any) -> None:
    from lms.exams.listeners import close

    close({"attempt_id": attempt.id}, now)


def test_of_saves_of_one_answer_at_once_the_greatest_number_stays(
    app: Flask, ids: tuple[int, int, int]
) -> None:
    attempt_id, _, person_id = ids

    def save(number: int) -> Any:
        attempt = operations.hold_attempt(attempt_id, person_id)
        assert attempt is not None
        return operations.save_answer(attempt, 1, Sent(("abcd"[number % 4],), seq=10 + number), now=NOON)

    together(app, save)
    row = db.session.scalars(select(Answer).where(Answer.position == 1)).one()
    assert (row.seq, row.chosen) == (15, ["b"])


def test_saves_of_different_answers_at_once_all_stay(app: Flask, ids: tuple[int, int, int]) -> None:
    attempt_id, _, person_id = ids

    def save(number: int) -> Any:
        attempt = operations.hold_attempt(attempt_id, person_id)
        assert attempt is not None
        return operations.save_answer(attempt, number + 1, Sent(("a",), seq=20), now=NOON)

    together(app, save)
    saved = db.session.scalars(
        select(Answer.position).where(Answer.seq == 20).order_by(Answer.position)
    ).all()
    assert saved == [1, 2, 3, 4, 5, 6]


def test_a_save_and_a_submit_at_once_are_one_after_the_other(app: Flask, ids: tuple[int, int, int]) -> None:
    attempt_id, _, person_id = ids
    wrong = Sent(("c",), seq=50)

    def act(number: int) -> Any:
        if number == 0:
            attempt = db.session.get_one(Attempt, attempt_id)
            return operations.submit_attempt(attempt, actor=attempt.person, now=NOON)
        attempt = operations.hold_attempt(attempt_id, person_id)
        assert attempt is not None
        return operations.save_answer(attempt, 1, wrong, now=NOON)

    together(app, act)
    attempt = db.session.get_one(Attempt, attempt_id)
    stored = db.session.scalars(select(Answer).where(Answer.position == 1)).one()
    assert attempt.earned == (1700 if stored.seq == 50 else 2000)
