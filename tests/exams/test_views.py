"""The exam pages and their JSON, as strangers' clients use them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms.db import db
from lms.exams.models import Answer, Attempt
from lms.exams.rules import MAX_SEQ
from lms.people.models import Person
from tests import make
from tests.conftest import NOON, Client, counted_statements
from tests.exams import make_exam

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
DEADLINE = NOON + 60 * MINUTE
JSON = {"Accept": "application/json"}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def learner(app: Flask) -> Person:
    return make.person("Lin Yue")


@pytest.fixture
def browser(clock: Any, learner: Person, sign_in: Any) -> Client:
    return sign_in(learner, now=NOON)


@pytest.fixture
def attempt(learner: Person) -> Attempt:
    return make_exam.started(make_exam.world(), learner)


def put(client: Client, attempt: Attempt | int, position: int, chosen: Any, seq: Any = 1, **more: Any) -> Any:
    number = attempt if isinstance(attempt, int) else attempt.id
    body = {"chosen": list(chosen), "flagged": False, "seq": seq, **more}
    return client.put(f"/attempts/{number}/answers/{position}", json=body)


def read(client: Client, attempt: Attempt) -> dict[str, Any]:
    return client.get(f"/attempts/{attempt.id}", headers=JSON).get_json()


# starting


def test_starting_leads_to_the_attempt(browser: Client) -> None:
    make_exam.world()
    answer = browser.post("/exams/base/start")
    attempt = db.session.scalars(select(Attempt)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/attempts/{attempt.id}")
    assert (attempt.started_at, attempt.language) == (NOON, "en")


def test_starting_again_leads_to_the_open_attempt_with_a_notice(browser: Client, attempt: Attempt) -> None:
    answer = browser.post("/exams/base/start")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/attempts/{attempt.id}")
    assert "You have this attempt open already" in browser.get(answer.headers["Location"]).text
    assert db.session.scalar(select(func.count(Attempt.id))) == 1


def test_while_an_exam_runs_home_leads_back_to_the_paper_and_nowhere_else(
    browser: Client, attempt: Attempt
) -> None:
    make_exam.certification("base")
    page = browser.get("/").text
    assert f'href="/attempts/{attempt.id}"' in page
    assert 'href="/exams/base"' not in page


def test_exams_that_can_be_begun_come_first_then_by_the_courses_they_stand_on(browser: Client) -> None:
    make_exam.world(courses=["refunds", "parcels"])
    make_exam.course("refunds")
    make_exam.course("parcels")
    make_exam.exam("after-sales", courses=["parcels"])
    make_exam.exam("open-to-all")
    page = browser.get("/exams").text
    places = [page.index(f'href="/exams/{slug}"') for slug in ("open-to-all", "base", "after-sales")]
    assert places == sorted(places)


def test_home_lists_the_courses_of_the_certification_that_comes_next(browser: Client) -> None:
    for slug in ("refunds", "parcels", "reviews"):
        make_exam.course(slug)
    make_exam.certification("base", courses=("parcels", "reviews"))
    page = browser.get("/").text
    assert 'href="/courses/parcels"' in page
    assert 'href="/courses/reviews"' in page
    assert 'class="bar-link" href="/courses/refunds"' not in page
    assert "All courses" in page


def test_a_refusal_to_start_says_when_to_come_back(browser: Client, attempt: Attempt) -> None:
    make_exam.handed_in(attempt)
    answer = browser.post("/exams/base/start")
    assert answer.status_code == 409
    assert "You can try again from 3 Mar 2026, 12:00." in answer.text
    assert "3 Mar 2026, 12:00" in browser.get("/exams/base").text


def test_the_exam_pages_say_what_awaits(browser: Client) -> None:
    make_exam.world()
    assert "6 questions, 60 minutes, pass at 80 %" in browser.get("/exams").text
    page = browser.get("/exams/base").text
    assert "16 of 20 points" in page
    assert "3 of 3 left" in page
    assert "Begin the exam" in page


@pytest.mark.parametrize(
    "address", ["/exams/none", "/attempts/99", "/attempts/99/result", "/attempts/99/submit"]
)
def test_what_does_not_exist_is_not_found(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_retired_exam_cannot_be_opened_or_begun(browser: Client) -> None:
    make_exam.world().state = "retired"
    db.session.commit()
    assert browser.get("/exams/base").status_code == 404
    assert browser.post("/exams/base/start").status_code == 404


# the paper


def test_the_paper_as_json_holds_exactly_what_is_promised(browser: Client, attempt: Attempt) -> None:
    put(browser, attempt, 1, "b", 3, flagged=True)
    paper = read(browser, attempt)
    assert set(paper) == {"id", "exam", "state", "deadline", "remaining_s", "language", "questions"}
    assert (paper["id"], paper["exam"], paper["state"]) == (attempt.id, "base", "open")
    assert (datetime.fromisoformat(paper["deadline"]), paper["remaining_s"]) == (DEADLINE, 3600)
    first = paper["questions"][0]
    assert set(first) == {
        "position", "section", "type", "points", "stem", "options", "chosen", "seq", "flagged",
    }  # fmt: skip
    assert (first["position"], first["section"], first["type"], first["points"]) == (1, 1, "single", 3)
    assert (first["chosen"], first["seq"], first["flagged"]) == (["b"], 3, True)
    assert {frozenset(option) for option in first["options"]} == {frozenset({"id", "text"})}
    assert [option["id"] for option in first["options"]] == attempt.items[0].option_order
    assert (paper["questions"][1]["chosen"], paper["questions"][1]["seq"]) == ([], 0)


def test_the_page_holds_the_whole_paper(browser: Client, attempt: Attempt) -> None:
    page = browser.get(f"/attempts/{attempt.id}").text
    for question in read(browser, attempt)["questions"]:
        assert question["stem"] in page
        assert f'name="chosen-{question["position"]}"' in page
    assert 'data-remaining="3600"' in page


def test_an_attempt_can_be_read_in_the_other_language_and_option_ids_stay(
    browser: Client, attempt: Attempt
) -> None:
    english = read(browser, attempt)
    browser.post("/preferences", data={"language": "zh"})
    chinese = read(browser, attempt)
    assert (english["language"], chinese["language"]) == ("en", "zh")
    for one, other in zip(english["questions"], chinese["questions"], strict=True):
        assert one["stem"] != other["stem"]
        assert [option["id"] for option in one["options"]] == [option["id"] for option in other["options"]]
    assert "选项" in browser.get(f"/attempts/{attempt.id}").text


def test_a_question_that_exists_in_one_language_only_is_shown_in_that_one(
    browser: Client, learner: Person
) -> None:
    make_exam.question(make_exam.bank(), languages=("zh",))
    exam = make_exam.exam(sections=[make_exam.section("single", 1, 1)])
    attempt = make_exam.started(exam, learner)
    assert read(browser, attempt)["questions"][0]["stem"].startswith("题目")


def test_nothing_sent_before_the_release_tells_a_key(browser: Client, attempt: Attempt) -> None:
    answers = [
        browser.get(f"/attempts/{attempt.id}"),
        browser.get(f"/attempts/{attempt.id}", headers=JSON),
        browser.get(f"/attempts/{attempt.id}/submit"),
        browser.get(f"/attempts/{attempt.id}/result", headers=JSON),
        put(browser, attempt, 1, "b"),
        browser.post(f"/attempts/{attempt.id}/submit", headers=JSON),
        browser.get(f"/attempts/{attempt.id}", headers=JSON),
        browser.get(f"/attempts/{attempt.id}/result"),
    ]
    for answer in answers:
        for secret in (make_exam.SECRET, "explanation", '"keys"', '"key"', '"correct"'):
            assert secret not in answer.text
            assert secret not in str(answer.headers)


def test_papers_that_differ_only_in_their_keys_are_sent_alike(browser: Client, learner: Person) -> None:
    make_exam.bank()
    question = make_exam.question(db.session.scalars(select(make_exam.Bank)).one())
    exam = make_exam.exam(sections=[make_exam.section("single", 1, 1)])
    attempt = make_exam.started(exam, learner)
    address = f"/attempts/{attempt.id}"
    before = browser.get(address, headers=JSON).data
    attempt.items[0].version = make_exam.version(question, "single", keys="d")
    db.session.commit()
    assert browser.get(address, headers=JSON).data == before


# saving


def test_a_save_answers_with_what_the_page_needs_to_go_on(
    browser: Client, attempt: Attempt, clock: Any
) -> None:
    clock.move_to(NOON + MINUTE)
    answer = put(browser, attempt, 1, "b")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "saved_at": (NOON + MINUTE).isoformat(),
        "seq": 1,
        "deadline": DEADLINE.isoformat(),
        "remaining_s": 59 * 60,
    }


def test_a_repeated_save_is_fine_and_an_older_one_gets_the_answer_that_stands(
    browser: Client, attempt: Attempt
) -> None:
    put(browser, attempt, 3, "ca", 7)
    assert put(browser, attempt, 3, "ac", 7).status_code == 200
    for chosen, seq in (("ab", 7), ("b", 6)):
        answer = put(browser, attempt, 3, chosen, seq)
        assert answer.status_code == 409
        assert answer.get_json()["current"] == {"chosen": ["a", "c"], "flagged": False, "seq": 7}
        assert answer.get_json()["error"]
    assert put(browser, attempt, 3, "", 8).status_code == 200
    assert read(browser, attempt)["questions"][2]["chosen"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"chosen": ["z"], "seq": 1},
        {"chosen": ["a", "b"], "seq": 1},
        {"chosen": "a", "seq": 1},
        {"chosen": [1], "seq": 1},
        {"chosen": ["a\x00"], "seq": 1},
        {"chosen": ["a"]},
        {"chosen": ["a"], "seq": -1},
        {"chosen": ["a"], "seq": True},
        {"chosen": ["a"], "seq": "1"},
        {"chosen": ["a"], "seq": 1.5},
        {"chosen": ["a"], "seq": MAX_SEQ + 1},
        {"chosen": ["a"], "seq": 1, "flagged": "no"},
        {"chosen": ["a"] * 1000, "seq": 1},
        ["a"],
        "a",
        None,
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_stored(
    browser: Client, attempt: Attempt, body: Any
) -> None:
    answer = browser.put(f"/attempts/{attempt.id}/answers/1", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["error"]
    assert db.session.scalar(select(func.count(Answer.id))) == 0


def test_a_number_as_large_as_browsers_count_is_kept(browser: Client, attempt: Attempt) -> None:
    assert put(browser, attempt, 1, "b", MAX_SEQ).status_code == 200
    assert read(browser, attempt)["questions"][0]["seq"] == MAX_SEQ


def test_json_without_its_content_type_is_read_all_the_same(browser: Client, attempt: Attempt) -> None:
    body = '{"chosen": ["b"], "seq": 1}'
    assert browser.put(f"/attempts/{attempt.id}/answers/1", data=body).status_code == 200


def test_a_body_that_is_not_json_is_refused_in_json(browser: Client, attempt: Attempt) -> None:
    answer = browser.put(f"/attempts/{attempt.id}/answers/1", data="{", content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["error"]


@pytest.mark.parametrize("position", [0, 7, 32767, 32768, 10**30])
def test_a_position_that_the_paper_has_not_is_not_found(
    browser: Client, attempt: Attempt, position: int
) -> None:
    assert put(browser, attempt, position, "a").status_code == 404


def test_a_late_save_is_gone_and_the_page_leads_to_the_result(
    browser: Client, attempt: Attempt, clock: Any
) -> None:
    clock.move_to(DEADLINE + 29 * SECOND)
    in_time = put(browser, attempt, 1, "b")
    assert (in_time.status_code, in_time.get_json()["remaining_s"]) == (200, 0)
    clock.move_to(DEADLINE + 30 * SECOND)
    late = put(browser, attempt, 1, "a", 2)
    assert (late.status_code, list(late.get_json())) == (410, ["error"])
    assert browser.get(f"/attempts/{attempt.id}").headers["Location"] == f"/attempts/{attempt.id}/result"


def test_an_edit_after_handing_in_gets_the_answer_that_stands(browser: Client, attempt: Attempt) -> None:
    put(browser, attempt, 1, "b")
    browser.post(f"/attempts/{attempt.id}/submit")
    answer = put(browser, attempt, 1, "c", 2)
    assert answer.status_code == 409
    assert answer.get_json()["current"] == {"chosen": ["b"], "flagged": False, "seq": 1}


def test_a_save_without_the_token_is_refused_in_json(browser: Client, attempt: Attempt) -> None:
    answer = browser.put(f"/attempts/{attempt.id}/answers/1", json={"chosen": [], "seq": 1}, csrf=False)
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_a_save_after_the_session_is_lost_asks_to_sign_in_in_json(client: Client, attempt: Attempt) -> None:
    answer = put(client, attempt, 1, "b")
    assert answer.status_code == 401
    assert answer.get_json()["error"]


def test_answers_survive_a_new_sign_in(
    browser: Client, attempt: Attempt, learner: Person, sign_in: Any
) -> None:
    put(browser, attempt, 1, "b")
    again = sign_in(learner, now=NOON)
    assert put(again, attempt, 2, "c").status_code == 200
    assert [question["chosen"] for question in read(again, attempt)["questions"]][:2] == [["b"], ["c"]]


def test_another_persons_attempt_is_not_found_by_any_verb(
    attempt: Attempt, sign_in: Any, app: Flask, clock: Any
) -> None:
    others = [make.person(), make.manager(make.team()), make.person(roles=("trainer",))]
    for other in others:
        stranger = sign_in(other, now=NOON)
        address = f"/attempts/{attempt.id}"
        for answer in (
            stranger.get(address),
            stranger.get(address, headers=JSON),
            stranger.post(address, data={"seq-1": "0", "chosen-1": "a"}),
            put(stranger, attempt, 1, "a"),
            stranger.get(f"{address}/submit"),
            stranger.post(f"{address}/submit"),
            stranger.get(f"{address}/result"),
            stranger.get(f"{address}/result", headers=JSON),
        ):
            assert answer.status_code == 404
    assert db.session.scalar(select(func.count(Answer.id))) == 0
    assert db.session.get_one(Attempt, attempt.id).submitted_at is None


# without scripts


def test_a_plain_form_saves_the_whole_paper(browser: Client, attempt: Attempt) -> None:
    form = {
        "seq-1": "0",
        "chosen-1": "b",
        "seq-3": "0",
        "chosen-3": ["a", "c"],
        "flag-3": "1",
        "then": "save",
    }
    answer = browser.post(f"/attempts/{attempt.id}", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/attempts/{attempt.id}")
    questions = read(browser, attempt)["questions"]
    assert [(q["chosen"], q["flagged"], q["seq"]) for q in questions][:3] == [
        (["b"], False, 1), ([], False, 0), (["a", "c"], True, 1),
    ]  # fmt: skip


def test_a_plain_form_from_an_older_page_keeps_newer_answers_and_says_so(
    browser: Client, attempt: Attempt
) -> None:
    put(browser, attempt, 1, "b", 4)
    answer = browser.post(f"/attempts/{attempt.id}", data={"seq-1": "1", "chosen-1": "c"})
    assert "Newer answers from another window were kept: 1." in browser.get(answer.headers["Location"]).text
    assert read(browser, attempt)["questions"][0]["chosen"] == ["b"]


def test_a_plain_form_clears_an_answer_and_goes_on_to_the_summary(browser: Client, attempt: Attempt) -> None:
    put(browser, attempt, 1, "b")
    browser.post(f"/attempts/{attempt.id}", data={"seq-1": "1", "chosen-1": "b", "clear": "1"})
    assert read(browser, attempt)["questions"][0]["chosen"] == []
    answer = browser.post(f"/attempts/{attempt.id}", data={"then": "review"})
    assert answer.headers["Location"] == f"/attempts/{attempt.id}/submit"


@pytest.mark.parametrize(
    "form", [{"seq-1": "x"}, {"seq-": "1"}, {"seq-1": "9" * 5000}, {"seq-99999999": "1"}]
)
def test_a_form_that_no_page_of_ours_made_changes_nothing(
    browser: Client, attempt: Attempt, form: Any
) -> None:
    assert browser.post(f"/attempts/{attempt.id}", data={**form, "chosen-1": "b"}).status_code == 303
    assert db.session.scalar(select(func.count(Answer.id))) == 0


def test_a_plain_form_after_the_time_is_up_is_gone(browser: Client, attempt: Attempt, clock: Any) -> None:
    clock.move_to(DEADLINE + MINUTE)
    assert browser.post(f"/attempts/{attempt.id}", data={"seq-1": "0", "chosen-1": "b"}).status_code == 410


# handing in


def test_the_summary_names_what_is_unanswered_and_flagged(browser: Client, attempt: Attempt) -> None:
    put(browser, attempt, 1, "b")
    put(browser, attempt, 2, "", flagged=True)
    page = browser.get(f"/attempts/{attempt.id}/submit").text
    assert "1 of 6" in page
    assert f'href="/attempts/{attempt.id}#q-2"' in page
    assert f'href="/attempts/{attempt.id}#q-1"' not in page
    assert "Flagged to come back to" in page


def test_handing_in_leads_to_the_result_and_doing_it_again_too(browser: Client, attempt: Attempt) -> None:
    for _ in range(2):
        answer = browser.post(f"/attempts/{attempt.id}/submit")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/attempts/{attempt.id}/result")
    one = browser.post(f"/attempts/{attempt.id}/submit", headers=JSON)
    two = browser.get(f"/attempts/{attempt.id}/result", headers=JSON)
    assert one.status_code == 200
    assert one.get_json() == two.get_json()
    assert browser.get(f"/attempts/{attempt.id}/submit").status_code == 303


def test_before_handing_in_there_is_no_result(browser: Client, attempt: Attempt) -> None:
    assert browser.get(f"/attempts/{attempt.id}/result").headers["Location"] == f"/attempts/{attempt.id}"
    result = browser.get(f"/attempts/{attempt.id}/result", headers=JSON).get_json()
    assert (result["state"], result["score"], result["passed"], result["sections"]) == (
        "open",
        None,
        None,
        [],
    )


def test_an_attempt_that_ran_out_while_the_server_was_down_is_graded_at_its_deadline(
    browser: Client, attempt: Attempt, clock: Any
) -> None:
    make_exam.answered(attempt)
    clock.move_to(DEADLINE + 5 * 60 * MINUTE)
    paper = read(browser, attempt)
    assert (paper["state"], paper["remaining_s"]) == ("submitted", 0)
    result = browser.get(f"/attempts/{attempt.id}/result", headers=JSON).get_json()
    assert (result["state"], result["score"], result["passed"]) == ("submitted", 20, True)
    assert datetime.fromisoformat(result["ended_at"]) == DEADLINE
    assert db.session.get_one(Attempt, attempt.id).submitted_at is None  # a GET changes nothing
    assert "20 of 20 points" in browser.get("/exams/base").text
    browser.post(f"/attempts/{attempt.id}/submit")
    assert db.session.get_one(Attempt, attempt.id).submitted_at == DEADLINE


# the result


def test_the_result_adds_up_by_section_and_topic(browser: Client, attempt: Attempt) -> None:
    make_exam.course()
    make_exam.handed_in(make_exam.answered(attempt, wrong=(1, 3)))
    result = browser.get(f"/attempts/{attempt.id}/result", headers=JSON).get_json()
    assert (result["score"], result["possible"], result["passed"], result["pass_mark"]) == (12, 20, False, 16)
    assert [(each["type"], each["score"], each["possible"]) for each in result["sections"]] == [
        ("single", 3, 6), ("multiple", 5, 10), ("true_false", 4, 4),
    ]  # fmt: skip
    assert sum(each["score"] for each in result["topics"]) == 12
    misses = [each for each in result["questions"] if not each["right"]]
    assert [each["position"] for each in misses] == [1, 3]
    assert {each["lesson"] for each in misses} == {"refunds/first-steps"}


def test_points_of_a_share_are_shown_to_the_hundredth(browser: Client, learner: Person) -> None:
    make_exam.question(make_exam.bank(), "multiple", keys="abc")
    section = make_exam.section("multiple", 1, 5, scoring="per_option")
    attempt = make_exam.started(make_exam.exam(sections=[section]), learner)
    put(browser, attempt, 1, "a")
    assert browser.post(f"/attempts/{attempt.id}/submit", headers=JSON).get_json()["score"] == 1.67
    assert "1.67" in browser.get(f"/attempts/{attempt.id}/result").text


@pytest.mark.parametrize(
    ("review", "questions", "keys"),
    [
        ("score_only", False, False),
        ("marks_and_lessons", True, False),
        ("keys_and_explanations", True, True),
    ],
)
def test_the_review_policy_decides_what_the_result_shows(
    browser: Client, learner: Person, review: str, questions: bool, keys: bool
) -> None:
    make_exam.course()
    attempt = make_exam.started(make_exam.world(review=review), learner)
    make_exam.handed_in(attempt)
    result = browser.get(f"/attempts/{attempt.id}/result", headers=JSON)
    page = browser.get(f"/attempts/{attempt.id}/result").text
    assert ("questions" in result.get_json(), "topics" in result.get_json()) == (questions, questions)
    assert ("keys" in result.text, make_exam.SECRET in result.text) == (keys, keys)
    assert ("/courses/refunds/first-steps" in page, "Lesson first-steps" in page) == (questions, questions)
    assert (make_exam.SECRET in page, ">Right answer<" in page) == (keys, keys)


# how much is asked of the database


def warm(client: Client, address: str) -> None:
    client.get(address)


@pytest.mark.parametrize("each", [2, 6])
def test_a_paper_takes_as_many_statements_however_long_it_is(
    browser: Client, learner: Person, each: int
) -> None:
    sections = [make_exam.section(kind, each, 1) for kind in make_exam.OPTIONS]
    attempt = make_exam.started(make_exam.world(sections=sections), learner)
    number, address = attempt.id, f"/attempts/{attempt.id}"
    browser.get(address)
    with counted_statements() as paper:
        browser.get(address)
    with counted_statements() as save:
        put(browser, number, 1, "b")
    with counted_statements() as again:
        put(browser, number, 1, "c", 2)
    make_exam.handed_in(attempt)
    with counted_statements() as result:
        browser.get(f"{address}/result")
    assert (len(paper), len(save), len(again), len(result)) == (6, 5, 5, 7)


def test_the_list_of_exams_takes_as_many_statements_however_many_there_are(browser: Client) -> None:
    make_exam.world()
    browser.get("/exams")
    with counted_statements() as one:
        browser.get("/exams")
    for number in range(4):
        make_exam.exam(f"exam-{number}")
        make_exam.certification(f"certification-{number}", exams=(f"exam-{number}",))
    with counted_statements() as many:
        browser.get("/exams")
    assert len(one) == len(many)
