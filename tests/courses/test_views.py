"""The pages of courses: what they show, what they keep to themselves, and what they refuse."""

import re

import pytest
from sqlalchemy import func, select

from lms.audit import AuditRow
from lms.courses.models import CheckSitting, LessonProgress
from lms.db import db
from tests import make
from tests.conftest import counted_statements
from tests.courses import make_course

PAGE = "/courses/refunds/first"


@pytest.fixture
def reader(app, sign_in):
    """A client of a learner."""
    return sign_in(make.person("Lin", stage="trainee"))


def rows() -> int:
    tables = (LessonProgress, CheckSitting, AuditRow)
    return sum(db.session.scalar(select(func.count(table.id))) or 0 for table in tables)


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_catalogue_says_what_is_done_and_what_remains(reader):
    course = make_course.course()
    make_course.lesson(course, "first", minutes=6)
    make_course.lesson(course, "second", minutes=8)
    reader.post(f"{PAGE}/read")
    page = text(reader.get("/courses"))
    assert "1 of 2 lessons done. What remains takes about 8 min." in page
    assert 'href="/courses/refunds/second"' in page
    assert "Platform rules" in page


def test_an_empty_catalogue_says_what_to_do(reader):
    assert "No courses yet" in text(reader.get("/courses"))


def test_a_course_lists_its_lessons_with_how_one_stands(reader):
    course = make_course.course()
    make_course.lesson(course, "first")
    make_course.lesson(course, "second")
    reader.post(f"{PAGE}/read")
    page = text(reader.get("/courses/refunds"))
    assert page.index("first en") < page.index("second en")
    assert "Done" in page
    assert "Not read yet" in page


def test_a_lesson_shows_its_text_objectives_figures_and_words(reader):
    make_course.term()
    make_course.lesson(make_course.course())
    page = text(reader.get(PAGE))
    for expected in (make_course.HTML, "Say when", "72 hours", "Notes, 2023", "The end of a time.", "6 min"):
        assert expected in page


def test_opening_pages_changes_nothing(reader):
    question = make_course.question()
    make_course.lesson(make_course.course(), check=[question])
    before = rows()
    for address in ("/courses", "/courses/refunds", PAGE, f"{PAGE}/check", "/glossary"):
        text(reader.get(address))
    assert rows() == before


def test_the_place_is_kept_by_script_and_shown_again(reader):
    make_course.lesson(make_course.course())
    answer = reader.put(f"{PAGE}/place", json={"place": "part-2"})
    assert (answer.status_code, answer.data) == (204, b"")
    page = text(reader.get(PAGE))
    assert "Continue where you left off" in page
    assert 'href="#part-2"' in page


def test_the_place_is_kept_without_script_too(reader):
    make_course.lesson(make_course.course())
    page = text(reader.get(PAGE))
    assert f'action="{PAGE}/place"' in page
    answer = reader.post(f"{PAGE}/place", data={"place": "part-2"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Your place is kept" in text(reader.get(PAGE))


@pytest.mark.parametrize("body", [{"place": "nowhere"}, {"place": 3}, {}, ["part-2"], "part-2", None])
def test_a_place_that_is_none_is_refused(reader, body):
    make_course.lesson(make_course.course())
    assert reader.put(f"{PAGE}/place", json=body).status_code == 422
    assert db.session.query(LessonProgress).count() == 0


def test_a_place_that_the_lesson_no_longer_has_is_not_offered(reader):
    make_course.lesson(make_course.course())
    reader.put(f"{PAGE}/place", json={"place": "part-9"})
    assert "Continue where you left off" not in text(reader.get(PAGE))


def test_reading_leads_to_the_check_and_the_check_to_the_next_lesson(reader):
    question, course = make_course.question(), make_course.course()
    make_course.lesson(course, check=[question])
    make_course.lesson(course, "second")
    answer = reader.post(f"{PAGE}/read")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/check")
    answer = reader.post(f"{PAGE}/check", data=make_course.as_form(make_course.answers(question)))
    assert answer.status_code == 303
    page = text(reader.get(answer.location))
    assert "Passed" in page
    assert "Next: second en" in page
    assert 'href="/courses/refunds/second"' in page


def test_a_failed_check_shows_why_and_can_be_tried_again(reader):
    question = make_course.question()
    make_course.lesson(make_course.course(), check=[question])
    wrong = make_course.as_form(make_course.answers(question, wrong=1))
    page = text(reader.get(reader.post(f"{PAGE}/check", data=wrong).location))
    for expected in ("Not passed yet", "0 of 1 right, 1 needed.", "Your answer, wrong", "Right answer"):
        assert expected in page
    assert make_course.SECRET in page
    right = make_course.as_form(make_course.answers(question))
    assert "Passed" in text(reader.get(reader.post(f"{PAGE}/check", data=right).location))


def test_no_key_leaves_the_house_before_a_check_is_handed_in(reader):
    questions = [make_course.question(kind) for kind in ("single", "multiple", "true_false")]
    make_course.lesson(make_course.course(), check=questions)
    for address in (PAGE, f"{PAGE}/check"):
        answer = reader.get(address)
        everything = str(answer.headers) + text(answer)
        assert make_course.SECRET not in everything
        for inputs in re.findall(r"<input[^>]*>", everything):
            assert "checked" not in inputs
        assert not re.search(r"data-key|correct|option[^>]*\bkey\b", everything)


def test_open_questions_are_listed_as_the_language_lists_things(sign_in):
    make_course.lesson(make_course.course(), check=[make_course.question() for _ in range(3)])
    page = sign_in(make.person("Lin"), language="zh").post(f"{PAGE}/check").get_data(as_text=True)
    assert "还没作答：第 1、2、3 题。" in page


def test_a_check_with_open_questions_is_given_back_with_what_was_chosen(reader):
    first, second = make_course.question(), make_course.question()
    make_course.lesson(make_course.course(), check=[first, second])
    answer = reader.post(f"{PAGE}/check", data={f"q-{first.current_id}": "d"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Not answered yet: question 2." in page
    assert re.search(rf'name="q-{first.current_id}" value="d" checked', page)
    assert make_course.SECRET not in page
    assert db.session.query(CheckSitting).count() == 0


@pytest.mark.parametrize("field", ["q-999999", "q-99999999999999999999", "other"])
def test_an_answer_to_what_was_not_asked_is_refused(reader, field):
    question = make_course.question()
    make_course.lesson(make_course.course(), check=[question])
    data = make_course.as_form(make_course.answers(question)) if field != "other" else {}
    assert reader.post(f"{PAGE}/check", data={**data, field: "a"}).status_code == 422
    assert db.session.query(CheckSitting).count() == 0


def test_a_question_replaced_meanwhile_asks_to_look_again_and_keeps_the_rest(reader):
    first, second = make_course.question(), make_course.question()
    make_course.lesson(make_course.course(), check=[first, second])
    data = make_course.as_form(make_course.answers(first, second))
    db.session.get(type(second), second.id).state = "retired"
    db.session.commit()
    answer = reader.post(f"{PAGE}/check", data=data)
    assert answer.status_code == 422
    assert "The check has changed since you opened it." in answer.get_data(as_text=True)
    assert re.search(rf'name="q-{first.current_id}" value="b" checked', answer.get_data(as_text=True))


def test_a_promise_is_asked_for_and_the_refusal_says_so_on_the_page(reader):
    make_course.lesson(make_course.course(), acknowledge=True)
    assert "I have read this and will follow it" in text(reader.get(PAGE))
    answer = reader.post(f"{PAGE}/read")
    assert answer.status_code == 422
    assert "Tick that you have read this" in answer.get_data(as_text=True)
    assert db.session.query(LessonProgress).count() == 0
    answer = reader.post(f"{PAGE}/read", data={"acknowledged": "y"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#end")


def test_a_new_edition_says_what_changed_since_one_read_it(reader):
    lesson = make_course.lesson(make_course.course())
    reader.post(f"{PAGE}/read")
    make_course.edition(lesson, 2, changed="Second")
    make_course.edition(lesson, 3, changed="Third")
    page = text(reader.get(PAGE))
    assert page.index("Third en") < page.index("Second en")
    assert "Mark as read" in page
    assert "1 changed, read again" in text(reader.get("/courses"))
    reader.post(f"{PAGE}/read")
    assert "Third en" not in text(reader.get(PAGE))


def test_who_never_read_an_earlier_edition_is_not_told_of_changes(reader):
    make_course.edition(make_course.lesson(make_course.course()), 2, changed="Second")
    assert "Second en" not in text(reader.get(PAGE))


@pytest.mark.parametrize(
    ("language", "there", "notice"),
    [
        ("en", ("zh",), "This lesson is there in Chinese only so far."),
        ("en", ("en", "zh"), None),
        ("en", ("en",), None),
    ],
)
def test_a_lesson_in_one_language_is_shown_with_a_notice(app, sign_in, language, there, notice):
    make_course.lesson(make_course.course(), languages=there)
    page = text(sign_in(make.person(), language=language).get(PAGE))
    assert make_course.HTML in page
    assert ("only so far" in page) is bool(notice)
    assert notice is None or notice in page
    assert f'lang="{"en" if "en" in there else "zh-Hans"}" data-lesson' in page


@pytest.mark.parametrize(
    "address",
    ["/courses/none", "/courses/none/first", "/courses/refunds/none", "/courses/refunds/none/check",
     f"{PAGE}/check/1", f"{PAGE}/check/99999999999999999999", "/courses/refunds/retired"],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so(reader, address):
    course = make_course.course()
    make_course.lesson(course)
    make_course.lesson(course, "retired").state = "retired"
    db.session.commit()
    answer = reader.get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.get_data(as_text=True)


@pytest.mark.parametrize("act", ["read", "place", "check"])
def test_nothing_is_written_for_a_retired_lesson(reader, act):
    make_course.lesson(make_course.course()).state = "retired"
    db.session.commit()
    assert reader.post(f"{PAGE}/{act}", data={"place": "part-1"}).status_code == 404
    assert db.session.query(LessonProgress).count() == 0


def test_the_result_of_a_check_is_for_who_sat_it(reader, sign_in):
    question = make_course.question()
    make_course.lesson(make_course.course(), check=[question])
    result = reader.post(f"{PAGE}/check", data=make_course.as_form(make_course.answers(question))).location
    assert sign_in(make.person()).get(result).status_code == 404


@pytest.mark.parametrize("act", ["read", "place", "check"])
def test_writing_needs_the_token(reader, act):
    make_course.lesson(make_course.course())
    assert reader.post(f"{PAGE}/{act}", data={"place": "part-1"}, csrf=False).status_code == 400


def test_a_visitor_is_asked_to_sign_in(client):
    make_course.lesson(make_course.course())
    assert client.get(PAGE).status_code == 303


def test_the_glossary_names_each_word_in_both_languages(app, sign_in):
    make_course.term("time-out", "time-out", "超时")
    make_course.term("escalation", "escalation", "升级处理")
    person = make.person()
    page = text(sign_in(person).get("/glossary"))
    assert page.index('id="escalation"') < page.index('id="time-out"')
    assert "超时" in page
    page = text(sign_in(person, language="zh").get("/glossary"))
    assert page.index('id="time-out"') < page.index('id="escalation"')  # chao, sheng


def test_a_lesson_takes_as_many_statements_however_much_there_is(reader):
    questions = [make_course.question() for _ in range(6)]
    course = make_course.course()
    lesson = make_course.lesson(course, check=questions[:1])
    make_course.term()
    with counted_statements() as few:
        text(reader.get(PAGE))
    for number in range(20):
        make_course.lesson(course, f"more-{number}", check=questions)
    with counted_statements() as many:
        text(reader.get(PAGE))
    assert len(few) == len(many) == 6  # two for who is asking
    reader.post(f"{PAGE}/read")
    make_course.edition(lesson, 2, check=questions, changed="Second")
    with counted_statements() as changed:
        text(reader.get(PAGE))
    assert len(changed) == 7


@pytest.mark.parametrize(
    ("address", "statements"), [("/courses", 3), ("/courses/refunds", 3), (f"{PAGE}/check", 5)]
)
def test_the_other_pages_take_few_statements(reader, address, statements):
    questions = [make_course.question() for _ in range(3)]
    course = make_course.course()
    for slug in ("first", "second", "third"):
        make_course.lesson(course, slug, check=questions)
    with counted_statements() as seen:
        text(reader.get(address))
    assert len(seen) == statements
