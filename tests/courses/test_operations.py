"""Reading lessons, passing checks and finishing courses, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.audit import AuditRow
from lms.banks.models import Question
from lms.courses import checks, progress, queries
from lms.courses.models import CheckSitting, LessonProgress
from lms.courses.outlines import outline, outlines
from lms.courses.rules import State
from lms.courses.signals import course_completed
from lms.db import db, writes
from lms.errors import Refused
from lms.people.models import Person
from tests import make
from tests.conftest import NOON, counted_statements
from tests.courses import make_course

HOUR = timedelta(hours=1)


@pytest.fixture
def completions():
    """What the signal said, in order."""
    heard = []

    def listen(_sender, **said):
        heard.append((said["person"].id, said["course"], said["now"]))

    with course_completed.connected_to(listen):
        yield heard


def read(lesson, person, *, acknowledged=False, now=NOON):
    items = checks.items_of(lesson.current.check)
    done = progress.mark_read(lesson, items, person, acknowledged=acknowledged, actor=person, now=now)
    db.session.commit()
    return done


def sit(lesson, person, *, wrong=0, now=NOON, answers=None):
    items = checks.items_of(lesson.current.check)
    questions = [question_of(ref) for ref in lesson.current.check]
    chosen = make_course.answers(*questions, wrong=wrong) if answers is None else answers
    sitting = progress.sit_check(lesson, items, chosen, person, pass_percent=80, actor=person, now=now)
    db.session.commit()
    return sitting


def question_of(ref):
    return db.session.query(Question).filter_by(ref=ref).one()


def state_of(lesson, person):
    found = outline(lesson.course.slug, person.id)
    return found.lesson(lesson.slug).state


def test_the_place_is_kept_and_moves_on(app):
    lesson, person = make_course.lesson(make_course.course()), make.person()
    progress.keep_place(lesson, "part-2", person, now=NOON)
    progress.keep_place(lesson, "part-1", person, now=NOON + HOUR)
    db.session.commit()
    row = db.session.scalars(select(LessonProgress)).one()
    assert (row.place, row.opened_at, row.last_at) == ("part-1", NOON, NOON + HOUR)
    assert state_of(lesson, person) is State.BEGUN


@pytest.mark.parametrize("place", ["", "part-0", "part-", "part-99999", "end", "part-1 ", "<b>", "part-1\n"])
def test_what_is_no_part_is_no_place(app, place):
    lesson, person = make_course.lesson(make_course.course()), make.person()
    with pytest.raises(Refused) as refused:
        progress.keep_place(lesson, place, person, now=NOON)
    assert refused.value.status == 422


def test_a_lesson_without_a_check_is_done_when_it_is_read(app, completions):
    lesson, person = make_course.lesson(make_course.course()), make.person()
    done = read(lesson, person)
    assert done.read_at == done.done_at == NOON
    assert completions == [(person.id, "refunds", NOON)]


def test_a_lesson_with_a_check_is_done_when_the_check_is_passed(app, completions):
    questions = [make_course.question() for _ in range(5)]
    lesson, person = make_course.lesson(make_course.course(), check=questions), make.person()
    read(lesson, person)
    assert state_of(lesson, person) is State.CHECK
    assert sit(lesson, person, wrong=2).passed is False
    assert (state_of(lesson, person), completions) == (State.CHECK, [])
    assert sit(lesson, person, wrong=1, now=NOON + HOUR).passed is True
    assert state_of(lesson, person) is State.DONE
    assert completions == [(person.id, "refunds", NOON + HOUR)]


def test_who_passes_the_check_first_finishes_by_reading(app, completions):
    lesson, person = make_course.lesson(make_course.course(), check=[make_course.question()]), make.person()
    sit(lesson, person)
    assert (state_of(lesson, person), completions) == (State.BEGUN, [])
    read(lesson, person)
    assert (state_of(lesson, person), len(completions)) == (State.DONE, 1)


def test_a_lesson_that_asks_for_a_promise_is_not_read_without_it(app, completions):
    lesson, person = make_course.lesson(make_course.course(), acknowledge=True), make.person()
    with pytest.raises(Refused) as refused:
        read(lesson, person)
    db.session.rollback()
    assert refused.value.status == 422
    assert state_of(lesson, person) is State.NEW
    assert read(lesson, person, acknowledged=True).acknowledged_at == NOON
    assert len(completions) == 1


def test_a_tick_that_nobody_asked_for_is_not_kept_as_a_promise(app):
    lesson, person = make_course.lesson(make_course.course()), make.person()
    assert read(lesson, person, acknowledged=True).acknowledged_at is None


def test_every_go_at_a_check_is_kept_with_what_was_chosen(app):
    first, second = make_course.question("multiple"), make_course.question("true_false")
    lesson, person = make_course.lesson(make_course.course(), check=[first, second]), make.person()
    sit(lesson, person, wrong=1)
    sit(lesson, person)
    kept = db.session.scalars(select(CheckSitting).order_by(CheckSitting.id)).all()
    assert [(each.right, each.asked, each.passed) for each in kept] == [(1, 2, False), (2, 2, True)]
    assert kept[1].answers == [
        {"question_version_id": first.current_id, "chosen": ["a", "c"], "right": True},
        {"question_version_id": second.current_id, "chosen": ["a"], "right": True},
    ]


def test_an_answer_to_another_question_is_refused_and_nothing_is_kept(app):
    asked, other = make_course.question(), make_course.question()
    lesson, person = make_course.lesson(make_course.course(), check=[asked]), make.person()
    with pytest.raises(Refused) as refused:
        sit(lesson, person, answers=make_course.answers(asked, other))
    db.session.rollback()
    assert refused.value.status == 422
    assert db.session.query(CheckSitting).count() == db.session.query(LessonProgress).count() == 0


def test_questions_reserved_for_exams_or_not_live_are_never_asked(app):
    asked = make_course.question()
    others = [make_course.question(use="exam")]
    others += [make_course.question(state=state) for state in ("retired", "draft", "in_review")]
    lesson, person = make_course.lesson(make_course.course(), check=[*others, asked]), make.person()
    assert [item.version_id for item in checks.items_of(lesson.current.check)] == [asked.current_id]
    shown = checks.questions_of(lesson.current.check, person.id, "en")
    assert [question.version_id for question in shown] == [asked.current_id]


def test_when_its_last_question_is_gone_a_lesson_is_done_by_reading(app):
    lesson = make_course.lesson(make_course.course(), check=[make_course.question(use="exam")])
    assert read(lesson, make.person()).done_at == NOON


def test_options_are_shuffled_for_each_person_and_stay_so(app):
    question, fixed = make_course.question("multiple"), make_course.question("true_false")
    check = [question.ref, fixed.ref]

    def orders(person_id):
        shown = checks.questions_of(check, person_id, "en")
        return [[option.id for option in question.options] for question in shown]

    people = range(1, 30)
    assert all(orders(person) == orders(person) for person in people)
    assert len({tuple(orders(person)[0]) for person in people}) > 5
    assert {tuple(orders(person)[1]) for person in people} == {("a", "b")}


def test_a_question_in_one_language_is_asked_in_that_one(app):
    question = make_course.question(languages=("zh",))
    assert checks.questions_of([question.ref], 1, "en")[0].stem_html.endswith("in zh</p>")


def test_a_new_edition_opens_the_lesson_again(app, completions):
    question = make_course.question()
    lesson, person = make_course.lesson(make_course.course(), check=[question]), make.person()
    read(lesson, person)
    sit(lesson, person)
    make_course.edition(lesson, 2, check=[question], changed="New time-out")
    assert state_of(lesson, person) is State.CHANGED
    assert queries.courses_done(person.id) == set()
    read(lesson, person, now=NOON + HOUR)
    assert state_of(lesson, person) is State.CHECK
    sit(lesson, person, now=NOON + HOUR)
    assert queries.courses_done(person.id) == {"refunds"}
    assert [now for _, _, now in completions] == [NOON, NOON + HOUR]


def test_a_new_version_of_the_same_edition_changes_nothing_for_its_readers(app):
    lesson, person = make_course.lesson(make_course.course()), make.person()
    read(lesson, person)
    make_course.edition(lesson, 1, minutes=9)
    assert state_of(lesson, person) is State.DONE


def test_the_course_is_complete_once_with_its_last_lesson(app, completions):
    course, person = make_course.course(), make.person()
    first, second = make_course.lesson(course, "first"), make_course.lesson(course, "second")
    read(second, person)
    assert completions == []
    read(first, person, now=NOON + HOUR)
    read(first, person, now=NOON + 2 * HOUR)
    read(second, person, now=NOON + 2 * HOUR)
    assert completions == [(person.id, "refunds", NOON + HOUR)]
    acts = db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)).all()
    assert (acts.count("lesson.read"), acts.count("course.complete")) == (2, 1)


def test_a_retired_lesson_does_not_keep_a_course_open(app, completions):
    course, person = make_course.course(), make.person()
    first, second = make_course.lesson(course, "first"), make_course.lesson(course, "second")
    second.state = "retired"
    db.session.commit()
    read(first, person)
    assert len(completions) == 1
    assert queries.live_lesson("refunds", "second") is None


def test_two_last_lessons_finished_at_once_finish_the_course_once(app, completions):
    course, person = make_course.course(), make.person()
    slugs = [make_course.lesson(course, slug).slug for slug in ("first", "second")]
    person_id, together = person.id, threading.Barrier(2)
    db.session.remove()

    @writes
    def finish(slug):
        lesson, reader = queries.live_lesson("refunds", slug), db.session.get(Person, person_id)
        progress.mark_read(lesson, [], reader, acknowledged=False, actor=reader, now=NOON)

    def run(slug):
        with app.app_context():
            together.wait()
            finish(slug)

    threads = [threading.Thread(target=run, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert completions == [(person_id, "refunds", NOON)]


def test_the_next_lesson_is_the_one_left_open_and_else_the_first(app):
    late, early = make_course.course("late", order=20), make_course.course("early", order=10)
    third = make_course.lesson(late, "third")
    first, second = make_course.lesson(early, "first"), make_course.lesson(early, "second")
    person = make.person()
    assert queries.next_lesson(person.id).slug == "first"
    progress.keep_place(third, "part-1", person, now=NOON)
    db.session.commit()
    assert queries.next_lesson(person.id).slug == "third"
    read(third, person)
    assert queries.next_lesson(person.id).slug == "first"
    read(first, person)
    read(second, person)
    assert queries.next_lesson(person.id) is None


def test_reports_count_what_the_catalogue_counts(app):
    people = [make.person() for _ in range(3)]
    courses = [make_course.course(slug, order=order) for order, slug in enumerate(("one", "two", "three"))]
    lessons = [make_course.lesson(course, f"l{n}", minutes=n + 3) for course in courses[:2] for n in range(3)]
    make_course.lesson(courses[2], "gone").state = "retired"
    for at, person in enumerate(people):
        for lesson in lessons[: at * 3]:
            read(lesson, person)
    make_course.edition(lessons[0], 2, changed="x")
    found = queries.course_progress_of([person.id for person in people])
    for person in people:
        rows = found[person.id]
        counted = [(row.slug, row.lessons, row.done, row.minutes, row.minutes_left) for row in rows]
        assert counted == [
            (each.slug, len(each.lessons), each.done, each.minutes, each.minutes_left)
            for each in outlines(person.id)
        ]
    assert queries.courses_done_by([person.id for person in people])[people[2].id] == {"two"}


def test_reports_take_two_statements_however_many_people(app):
    people = [make.person().id for _ in range(5)]
    make_course.lesson(make_course.course())
    with counted_statements() as seen:
        queries.course_progress_of(people)
    assert len(seen) == 2
    with counted_statements() as seen:
        queries.next_lesson(people[0])
    assert len(seen) == 1
