"""Starting, saving, handing in and closing, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms import outbox
from lms.audit import AuditRow
from lms.banks.models import Question
from lms.db import db
from lms.errors import Refused
from lms.exams import operations, papers
from lms.exams.models import Answer, Attempt, AttemptItem
from lms.exams.rules import Answer as Sent
from lms.exams.signals import attempt_graded
from tests import make
from tests.conftest import NOON
from tests.exams import make_exam

MINUTE = timedelta(minutes=1)
DEADLINE = NOON + 60 * MINUTE
SECOND = timedelta(seconds=1)


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    return make_exam.started(make_exam.world(), make.person())


def save(attempt: Attempt, position: int, chosen: str, seq: int, now: Any = NOON) -> operations.Saved | None:
    return operations.save_answer(attempt, position, Sent(tuple(chosen), seq=seq), now=now)


def of_type(attempt: Attempt, kind: str) -> int:
    return next(item.position for item in attempt.items if item.version.type == kind)


def test_a_paper_holds_what_the_sections_ask_for_and_only_live_exam_questions(attempt: Attempt) -> None:
    assert [item.version.type for item in attempt.items] == ["single"] * 2 + ["multiple"] * 2 + [
        "true_false"
    ] * 2
    assert [item.position for item in attempt.items] == [1, 2, 3, 4, 5, 6]
    assert {item.version.use for item in attempt.items} == {"exam"}
    assert {item.version.question.state for item in attempt.items} == {"live"}
    assert (attempt.possible, attempt.deadline, attempt.number) == (2000, DEADLINE, 1)


def test_true_and_false_keep_their_order_and_other_options_are_shuffled_by_the_seed(attempt: Attempt) -> None:
    for item in attempt.items:
        if item.version.type == "true_false":
            assert item.option_order == ["a", "b"]
        else:
            assert sorted(item.option_order) == item.version.option_ids


def test_a_seed_draws_this_paper_on_both_databases(app: Flask) -> None:
    bank = make_exam.bank("golden")
    for number in range(8):
        make_exam.question(bank, slug=f"q{number}")
    exam = make_exam.exam(sections=[make_exam.section("single", 3, 1, "golden")])
    assert exam.current is not None
    drawn = papers.draw_items(exam.current, "golden")
    refs = dict(db.session.execute(select(Question.id, Question.ref)).all())
    assert [refs[item.question_id] for item in drawn] == ["golden/q7", "golden/q2", "golden/q4"]
    assert ["".join(item.option_order) for item in drawn] == ["bdac", "dacb", "cdba"]


def test_a_draw_takes_from_all_of_its_banks(app: Flask) -> None:
    made = {make_exam.question(make_exam.bank(slug)).id for slug in ("refunds", "parcels")}
    make_exam.question(make_exam.bank("elsewhere"))
    sections = [make_exam.section("single", 2, 1)]
    sections[0]["draw"] = [{"banks": ["refunds", "parcels"], "count": 2}]
    attempt = make_exam.started(make_exam.exam(sections=sections), make.person())
    assert {item.question_id for item in attempt.items} == made


def form_of(attempt: Attempt) -> set[int]:
    return {item.question_id for item in attempt.items}


def test_in_a_quarter_everybody_has_the_same_questions_in_an_order_of_their_own(app: Flask) -> None:
    exam = make_exam.world(form="quarter", attempts=2, cooldown_hours=0)
    papers_of = [make_exam.started(exam, make.person()) for _ in range(6)]
    assert len({frozenset(form_of(paper)) for paper in papers_of}) == 1
    assert len({tuple(item.question_id for item in paper.items) for paper in papers_of}) > 1
    make_exam.handed_in(papers_of[0])
    resit = make_exam.started(exam, papers_of[0].person, NOON + 2 * MINUTE)
    assert form_of(resit) != form_of(papers_of[0])
    make_exam.handed_in(resit, NOON + 3 * MINUTE)
    with pytest.raises(Refused, match="No attempts remain"):
        make_exam.started(exam, papers_of[0].person, NOON + 4 * MINUTE)
    again = make_exam.started(exam, papers_of[0].person, NOON + timedelta(days=92))
    assert again.number == 3


def test_who_misses_a_question_that_must_be_right_does_not_pass_whatever_the_score(app: Flask) -> None:
    bank = make_exam.bank()
    for number in range(10):
        make_exam.question(bank, slug=f"q{number}", tags=("must-pass",) if number < 2 else ())
    section = {**make_exam.section("single", 10, 1), "must_pass": ["must-pass"]}
    exam = make_exam.exam(sections=[section], attempts=9, cooldown_hours=0)
    for wrong_tag, passed, missed in ((False, True, 0), (True, False, 1)):
        attempt = make_exam.started(exam, make.person())
        tagged = [item.position for item in attempt.items if item.version.tags]
        others = [item.position for item in attempt.items if not item.version.tags]
        make_exam.handed_in(make_exam.answered(attempt, wrong=((tagged if wrong_tag else others)[0],)))
        assert (attempt.earned, attempt.passed) == (900, passed)
        outcome = papers.outcome_of(attempt, papers.items_of(attempt))
        assert (outcome.missed_musts, outcome.passed) == (missed, passed)


def test_who_has_passed_the_exam_of_a_quarter_sits_the_next_one(app: Flask) -> None:
    exam, person = make_exam.world(form="quarter", attempts=2, cooldown_hours=0), make.person()
    make_exam.handed_in(make_exam.answered(make_exam.started(exam, person)))
    with pytest.raises(Refused, match="next one begins on 2026-04-01"):
        make_exam.started(exam, person, NOON + timedelta(days=1))
    assert make_exam.started(exam, person, NOON + timedelta(days=31)).number == 2


def test_draws_by_tag_and_level_take_fitting_questions_only(app: Flask) -> None:
    bank = make_exam.bank()
    fitting = make_exam.question(bank, tags=("time-outs", "refunds"), level=2)
    make_exam.question(bank, tags=("time-outs",), level=3)
    make_exam.question(bank, tags=("other",), level=2)
    exam = make_exam.exam(
        sections=[make_exam.section("single", 1, 1, tags=["time-outs", "rare"], levels=[1, 2])]
    )
    attempt = make_exam.started(exam, make.person())
    assert [item.question_id for item in attempt.items] == [fitting.id]


def test_starting_with_an_attempt_open_gives_that_attempt(attempt: Attempt) -> None:
    again, is_new = operations.start_attempt(
        attempt.exam, attempt.person, language="zh", actor=attempt.person, now=NOON + MINUTE
    )
    assert (again.id, is_new) == (attempt.id, False)


def test_starting_after_an_attempt_ran_out_closes_it_first_and_minds_the_cool_down(attempt: Attempt) -> None:
    with pytest.raises(Refused, match="try again"):
        operations.start_attempt(
            attempt.exam, attempt.person, language="en", actor=attempt.person, now=DEADLINE + MINUTE
        )
    db.session.rollback()
    second = make_exam.started(attempt.exam, attempt.person, DEADLINE + 24 * 60 * MINUTE)
    assert second.number == 2
    assert (attempt.submitted_at, attempt.closed_by, attempt.earned) == (DEADLINE, "deadline", 0)


def test_no_more_attempts_than_allowed(app: Flask) -> None:
    exam, person = make_exam.world(attempts=2, cooldown_hours=0), make.person()
    for day in range(2):
        make_exam.handed_in(
            make_exam.started(exam, person, NOON + day * 1440 * MINUTE), NOON + day * 1440 * MINUTE
        )
    with pytest.raises(Refused, match="No attempts remain"):
        make_exam.started(exam, person, NOON + 10 * 1440 * MINUTE)


def test_who_may_read_the_keys_may_not_sit(app: Flask) -> None:
    exam = make_exam.world()
    for reader in (make.person(roles=("trainer",)), make.manager(make.team())):
        with pytest.raises(Refused, match="keys"):
            make_exam.started(exam, reader)
        db.session.rollback()


def test_required_courses_come_first(app: Flask) -> None:
    course, person = make_exam.course(), make.person()
    exam = make_exam.world(courses=["refunds"])
    with pytest.raises(Refused, match="Finish the courses"):
        make_exam.started(exam, person)
    db.session.rollback()
    make_exam.finish(person, course)
    assert make_exam.started(exam, person).number == 1


def test_an_exam_whose_questions_were_retired_is_refused_not_broken(app: Flask) -> None:
    exam = make_exam.world()
    db.session.execute(update(Question).values(state="retired"))
    db.session.commit()
    with pytest.raises(Refused, match="too few questions"):
        make_exam.started(exam, make.person())


def test_an_answer_is_kept_with_its_number_and_moment(attempt: Attempt) -> None:
    saved = save(attempt, 1, "b", 1, NOON + MINUTE)
    assert saved == operations.Saved(1, NOON + MINUTE)
    row = db.session.scalars(select(Answer)).one()
    assert (row.position, row.chosen, row.flagged, row.seq, row.saved_at) == (
        1,
        ["b"],
        False,
        1,
        NOON + MINUTE,
    )


def test_the_same_save_again_changes_nothing_and_keeps_its_moment(attempt: Attempt) -> None:
    save(attempt, 1, "b", 1)
    assert save(attempt, 1, "b", 1, NOON + MINUTE) == operations.Saved(1, NOON)


def test_an_older_number_is_refused_with_the_answer_that_stands(attempt: Attempt) -> None:
    save(attempt, 1, "b", 5)
    with pytest.raises(operations.StaleAnswer) as refusal:
        save(attempt, 1, "c", 4)
    assert refusal.value.current == Sent(("b",), seq=5)


def test_nothing_chosen_clears_an_answer(attempt: Attempt) -> None:
    save(attempt, 1, "b", 1)
    save(attempt, 1, "", 2)
    assert db.session.scalars(select(Answer)).one().chosen == []


@pytest.mark.parametrize(("kind", "chosen"), [("single", "ab"), ("true_false", "ab"), ("multiple", "z")])
def test_what_is_no_answer_to_the_question_is_refused(attempt: Attempt, kind: str, chosen: str) -> None:
    with pytest.raises(Refused) as refusal:
        save(attempt, of_type(attempt, kind), chosen, 1)
    assert refusal.value.status == 422
    assert db.session.scalar(select(func.count(Answer.id))) == 0


@pytest.mark.parametrize("seconds", [-1, 0, 29])
def test_a_save_within_the_grace_is_taken(attempt: Attempt, seconds: int) -> None:
    assert save(attempt, 1, "b", 1, DEADLINE + seconds * SECOND)


@pytest.mark.parametrize("seconds", [30, 31, 86400])
def test_a_late_save_is_refused_after_the_grace(attempt: Attempt, seconds: int) -> None:
    with pytest.raises(Refused) as refusal:
        save(attempt, 1, "b", 1, DEADLINE + seconds * SECOND)
    assert refusal.value.status == 410


def test_a_save_after_handing_in_is_refused_even_after_the_deadline(attempt: Attempt) -> None:
    save(attempt, 1, "b", 1)
    make_exam.handed_in(attempt)
    for now in (NOON, DEADLINE + 60 * MINUTE):
        with pytest.raises(operations.StaleAnswer) as refusal:
            save(attempt, 1, "c", 2, now)
        assert refusal.value.current == Sent(("b",), seq=1)


def test_a_save_after_the_job_closed_the_attempt_is_too_late(attempt: Attempt) -> None:
    operations.close_attempt(attempt, now=DEADLINE + MINUTE)
    with pytest.raises(Refused) as refusal:
        save(attempt, 1, "c", 1, DEADLINE + MINUTE)
    assert refusal.value.status == 410


def test_handing_in_grades_at_once(attempt: Attempt) -> None:
    make_exam.handed_in(make_exam.answered(attempt, wrong=(1,)), NOON + MINUTE)
    assert (attempt.earned, attempt.possible, attempt.passed) == (1700, 2000, True)
    assert (attempt.submitted_at, attempt.closed_by) == (NOON + MINUTE, "hand")
    assert sum(item.earned or 0 for item in attempt.items) == 1700


def test_handing_in_twice_gives_one_grade(attempt: Attempt) -> None:
    heard = []

    def hear(_sender: Any, **said: Any) -> None:
        heard.append(said["attempt"].id)

    with attempt_graded.connected_to(hear):
        make_exam.handed_in(attempt, NOON + MINUTE)
        make_exam.handed_in(attempt, NOON + 2 * MINUTE)
    assert heard == [attempt.id]
    assert attempt.submitted_at == NOON + MINUTE
    acts = db.session.scalars(select(AuditRow.act).where(AuditRow.subject == "attempt").order_by(AuditRow.id)).all()
    assert sorted(acts) == ["attempt.grade", "attempt.start"]


def test_handing_in_after_the_grace_counts_at_the_deadline(attempt: Attempt) -> None:
    make_exam.handed_in(attempt, DEADLINE + 60 * MINUTE)
    assert (attempt.submitted_at, attempt.closed_by) == (DEADLINE, "deadline")


def test_the_job_closes_what_nobody_handed_in_once(attempt: Attempt) -> None:
    make_exam.answered(attempt)
    assert outbox.run_due(DEADLINE + 29 * SECOND) == 0
    outbox.run_due(DEADLINE + 30 * SECOND)
    outbox.run_due(DEADLINE + 60 * MINUTE)
    found = db.session.get_one(Attempt, attempt.id)
    assert (found.submitted_at, found.closed_by, found.earned, found.passed) == (
        DEADLINE,
        "deadline",
        2000,
        True,
    )


def test_the_job_leaves_alone_what_was_handed_in(attempt: Attempt) -> None:
    make_exam.handed_in(attempt, NOON + MINUTE)
    outbox.run_due(DEADLINE + 60 * MINUTE)
    assert db.session.get_one(Attempt, attempt.id).submitted_at == NOON + MINUTE


def test_an_edited_or_retired_question_changes_no_paper_already_drawn(attempt: Attempt) -> None:
    make_exam.answered(attempt)
    for item in attempt.items:
        make_exam.version(
            item.version.question, item.version.type, keys="b" if item.version.type != "single" else "d"
        )
        item.version.question.state = "retired"
    db.session.commit()
    make_exam.handed_in(attempt)
    assert attempt.earned == 2000


@pytest.mark.parametrize(
    ("scoring", "earned"), [("all_or_nothing", 0), ("half_if_incomplete", 250), ("per_option", 250)]
)
def test_a_section_scores_by_its_own_policy(app: Flask, scoring: str, earned: int) -> None:
    make_exam.question(make_exam.bank(), "multiple")
    exam = make_exam.exam(sections=[make_exam.section("multiple", 1, 5, scoring=scoring)])
    attempt = make_exam.started(exam, make.person())
    save(attempt, 1, "a", 1)
    make_exam.handed_in(attempt)
    assert (attempt.earned, attempt.passed) == (earned, False)


def test_a_whole_paper_saves_what_changed_and_leaves_newer_answers_alone(attempt: Attempt) -> None:
    save(attempt, 1, "b", 3)
    save(attempt, 2, "c", 1)
    kept = operations.save_paper(
        attempt,
        {1: Sent(("c",), seq=2), 2: Sent(("c",), seq=0), 3: Sent(("a", "c"), flagged=True, seq=0), 4: Sent()},
        now=NOON + MINUTE,
    )
    rows = {row.position: (row.chosen, row.flagged, row.seq) for row in db.session.scalars(select(Answer))}
    assert kept == (1,)
    assert rows == {1: (["b"], False, 3), 2: (["c"], False, 1), 3: (["a", "c"], True, 1)}


def test_the_rows_of_a_paper_are_one_a_position(attempt: Attempt) -> None:
    counted = db.session.scalar(
        select(func.count(AttemptItem.id)).where(AttemptItem.attempt_id == attempt.id)
    )
    assert counted == 6
