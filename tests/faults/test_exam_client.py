"""Sitting an exam with a client that knows the addresses and their JSON, and has never seen our scripts."""

import re
from datetime import datetime, timedelta
from itertools import product

import pytest

from tests.faults.client import HttpClient, answer
from tests.faults.server import number_in
from tests.three_courses import KEYS, POINTS, POSSIBLE, SECRET

JSON = "application/json"
NOT_THERE = 10**6
QUESTIONS = 6


class Sitting:
    """An open attempt and the client that sits it."""

    def __init__(self, client: HttpClient, url: str) -> None:
        self.client, self.url, self.id = client, url, number_in(url)

    def paper(self):
        return self.client.get(self.url).json

    def questions(self, kind):
        return [question for question in self.paper()["questions"] if question["type"] == kind]

    def save(self, position, *args, **kwargs):
        return self.client.put(f"{self.url}/answers/{position}", answer(*args, **kwargs))

    def send(self, body, position=1, **headers):
        return self.client.put(f"{self.url}/answers/{position}", body, **headers)

    def answer_all(self, choose):
        for question in self.paper()["questions"]:
            assert self.save(question["position"], choose(question), question["seq"] + 1).status == 200

    def result(self):
        return self.client.get(f"{self.url}/result").json

    def submit(self, accept="text/html"):
        return self.client.post(f"{self.url}/submit", accept=accept)


def begin(client, exam="sprint"):
    """Start an attempt, or go on with the one that is open."""
    client.page(f"/exams/{exam}")
    reply = client.post(f"/exams/{exam}/start")
    assert reply.status == 303, reply.text[:500]
    return Sitting(client, reply.location)


@pytest.fixture
def sitting(come):
    """A fresh attempt of somebody's."""
    sitting = begin(come("newhire"))
    yield sitting
    sitting.submit()


@pytest.fixture(scope="module")
def untouched(come):
    """An attempt at which nothing is ever saved: what tests send to it is all refused."""
    sitting = begin(come("mentor"))
    yield sitting
    sitting.submit()


def right(question):
    return KEYS[question["type"]]


def stored(sitting, position=1):
    """What a question holds, as the paper says it."""
    question = sitting.paper()["questions"][position - 1]
    return question["chosen"], question["seq"], question["flagged"]


# Signing in and starting


def test_signing_in_takes_a_name_a_password_and_the_token_of_the_page(visitor):
    visitor.page("/login")
    assert visitor.post("/login", username="agent", password="wrong").status == 422
    token, visitor.token = visitor.token, ""
    assert visitor.post("/login", username="agent", password="demo").status == 400
    visitor.token = token
    assert visitor.post("/login", username="agent", password="demo").location == "/"
    assert visitor.get("/me").status == 200


def test_the_token_from_before_the_sign_in_is_worth_nothing_after_it(visitor):
    visitor.page("/login")
    before = visitor.token
    visitor.sign_in("agent")
    assert visitor.token != before
    visitor.token = before
    assert visitor.post("/exams/sprint/start").status == 400


def test_starting_leads_to_the_attempt_and_starting_again_to_the_same_one(sitting):
    assert re.fullmatch(r"/attempts/\d+", sitting.url)
    for accept in ("text/html", JSON):
        again = sitting.client.post("/exams/sprint/start", accept=accept)
        assert (again.status, again.location) == (303, sitting.url)


def test_an_exam_that_is_not_there_cannot_be_started(come):
    reply = come("newhire").post("/exams/nothing/start", accept=JSON)
    assert (reply.status, list(reply.json)) == (404, ["error"])


def test_who_may_read_the_keys_cannot_start(come):
    reply = come("trainer").post("/exams/sprint/start", accept=JSON)
    assert (reply.status, list(reply.json)) == (409, ["error"])


def test_the_paper_has_what_the_interface_says_and_nothing_else(sitting):
    paper = sitting.paper()
    assert paper.keys() == {"id", "exam", "state", "deadline", "remaining_s", "language", "questions"}
    assert (paper["id"], paper["exam"], paper["state"], paper["language"]) == (sitting.id, "sprint", "open", "en")
    assert [question["position"] for question in paper["questions"]] == list(range(1, QUESTIONS + 1))
    for question in paper["questions"]:
        assert question.keys() == {
            "position", "section", "type", "points", "stem", "options", "chosen", "seq", "flagged",
        }  # fmt: skip
        assert question["points"] == POINTS[question["type"]]
        assert (question["chosen"], question["seq"], question["flagged"]) == ([], 0, False)
        assert all(option.keys() == {"id", "text"} for option in question["options"])
        assert {option["id"] for option in question["options"]} > set(right(question))


def test_the_hour_runs_on_the_servers_clock(sitting):
    paper, saved = sitting.paper(), sitting.save(1, [], 1).json
    assert saved["deadline"] == paper["deadline"]
    left = datetime.fromisoformat(saved["deadline"]) - datetime.fromisoformat(saved["saved_at"])
    assert timedelta(0) <= left - timedelta(seconds=saved["remaining_s"]) < timedelta(seconds=1)
    assert 0 < paper["remaining_s"] <= 3600


def test_the_same_paper_comes_in_the_other_language_with_the_same_ids(sitting, come):
    chinese = Sitting(come("newhire", "zh"), sitting.url)
    chinese.client.post("/preferences", language="zh")
    mine, theirs = sitting.paper(), chinese.paper()
    assert theirs["language"] == "zh"
    ids = [[[option["id"] for option in each["options"]] for each in paper["questions"]] for paper in (mine, theirs)]
    assert ids[0] == ids[1]
    assert mine["questions"][0]["stem"] != theirs["questions"][0]["stem"]
    chinese.client.post("/preferences", language="en")


# Saving


def test_a_save_says_when_it_was_saved_and_how_long_there_is(sitting):
    first = sitting.questions("single")[0]
    reply = sitting.save(first["position"], ["b"], 1, flagged=True)
    assert reply.status == 200
    assert reply.json.keys() == {"saved_at", "seq", "deadline", "remaining_s"}
    assert reply.json["seq"] == 1
    assert stored(sitting, first["position"]) == (["b"], 1, True)


def test_a_number_sent_again_is_fine_with_the_same_content_only(sitting):
    saved = sitting.save(1, ["b"], 1)
    again = sitting.save(1, ["b"], 1)
    assert (again.status, again.json["saved_at"]) == (200, saved.json["saved_at"])
    for other in (sitting.save(1, ["a"], 1), sitting.save(1, ["b"], 1, flagged=True), sitting.save(1, [], 1)):
        assert other.status == 409
        assert other.json.keys() == {"error", "current"}
        assert other.json["current"] == answer(["b"], 1)
    assert stored(sitting) == (["b"], 1, False)


def test_an_older_number_never_overwrites_a_newer_answer(sitting):
    assert sitting.save(1, ["b"], 7).status == 200
    for seq in (0, 1, 6):
        late = sitting.save(1, ["a"], seq)
        assert (late.status, late.json["current"]) == (409, answer(["b"], 7))
    assert stored(sitting) == (["b"], 7, False)


def test_numbers_count_for_each_position_from_nought(sitting):
    assert sitting.save(1, [], 0).status == 200  # what stands there before the first save
    assert sitting.save(1, ["a"], 0).status == 409
    assert sitting.save(1, ["a"], 1).status == 200
    assert sitting.save(2, ["a"], 1).status == 200
    assert sitting.save(2, ["b"], 2**53 - 1).status == 200


def test_an_empty_choice_clears(sitting):
    sitting.save(1, ["b"], 1)
    assert sitting.save(1, [], 2).status == 200
    assert stored(sitting) == ([], 2, False)


def test_several_options_are_for_multiple_choice_only(sitting):
    for kind, status in (("single", 422), ("true_false", 422), ("multiple", 200)):
        question = sitting.questions(kind)[0]
        reply = sitting.save(question["position"], ["a", "b"], 1)
        assert reply.status == status
        assert ("error" in reply.json) == (status == 422)
        assert stored(sitting, question["position"])[0] == (["a", "b"] if status == 200 else [])


@pytest.mark.parametrize("option", ["z", "", "A", "a ", "e", "\u0000", "\ud800", "а", "__proto__"])
def test_an_option_that_the_question_lacks_is_refused(untouched, option):
    reply = untouched.save(1, [option], 1)
    assert (reply.status, list(reply.json)) == (422, ["error"])
    assert stored(untouched) == ([], 0, False)


BODIES = {
    "nothing": "",
    "words": "not JSON",
    "a list": "[]",
    "null": "null",
    "a text": '"chosen"',
    "a number": "7",
    "half of it": '{"chosen": ["a"], "seq"',
    "other bytes": b'{"chosen": ["\xff\xfe"], "seq": 1}',
    "a form": "chosen=a&seq=1",
    "no choice": '{"seq": 1}',
    "no number": '{"chosen": ["a"]}',
    "a huge number": f'{{"chosen": ["a"], "seq": {2**53}}}',
    "a number of 5000 digits": '{"chosen": ["a"], "seq": ' + "9" * 5000 + "}",
    "infinity": '{"chosen": ["a"], "seq": 1e400}',
    "no number at all": '{"chosen": ["a"], "seq": NaN}',
    "a negative number": '{"chosen": ["a"], "seq": -1}',
    "a fraction": '{"chosen": ["a"], "seq": 1.0}',
    "true as number": '{"chosen": ["a"], "seq": true}',
    "a text as number": '{"chosen": ["a"], "seq": "1"}',
    "null as number": '{"chosen": ["a"], "seq": null}',
    "a text as choice": '{"chosen": "a", "seq": 1}',
    "an object as choice": '{"chosen": {"a": true}, "seq": 1}',
    "null as choice": '{"chosen": null, "seq": 1}',
    "numbers as choice": '{"chosen": [1], "seq": 1}',
    "lists as choice": '{"chosen": [["a"]], "seq": 1}',
    "a text as flag": '{"chosen": ["a"], "seq": 1, "flagged": "yes"}',
    "null as flag": '{"chosen": ["a"], "seq": 1, "flagged": null}',
    "a thousand options": '{"chosen": [' + ",".join(['"a"'] * 1000) + '], "seq": 1}',
    "a megabyte": '{"chosen": ["' + "a" * 1_000_000 + '"], "seq": 1}',
    "a megabyte of brackets": "[" * 1_000_000,
    "deep objects": '{"chosen":' * 50_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_answer_is_refused_in_words_and_changes_nothing(untouched, body):
    reply = untouched.send(body)
    assert (reply.status, list(reply.json)) == (422, ["error"])
    assert reply.json["error"]
    assert stored(untouched) == ([], 0, False)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; charset=utf-8", None])
def test_json_is_read_whatever_it_is_called(sitting, content_type):
    assert sitting.send(answer(["a"], 1), content_type=content_type).status == 200
    assert stored(sitting) == (["a"], 1, False)


@pytest.mark.parametrize("position", ["0", "7", "33", "abc", "-1", "1.0", "32768", str(2**63), "1%2F2"])
def test_a_position_that_the_paper_lacks_is_not_there(untouched, position):
    reply = untouched.save(position, ["a"], 1)
    assert (reply.status, list(reply.json)) == (404, ["error"])


@pytest.mark.parametrize("token", [None, "", "forged", "x" * 5000])
def test_a_save_without_the_token_is_refused(untouched, token):
    reply = untouched.send(answer(["a"], 1), x_csrftoken=token)
    assert (reply.status, list(reply.json)) == (400, ["error"])
    assert stored(untouched) == ([], 0, False)


def test_a_token_of_somebody_else_is_refused(untouched, come):
    assert untouched.send(answer(["a"], 1), x_csrftoken=come("agent").token).status == 400


# Submitting, and the result


def test_an_attempt_is_graded_by_the_keys_at_once(sitting):
    sitting.answer_all(right)
    reply = sitting.submit()
    assert (reply.status, reply.location) == (303, f"{sitting.url}/result")
    result = sitting.result()
    assert result.keys() >= {"state", "score", "possible", "passed", "sections"}
    assert [result[name] for name in ("state", "score", "possible", "passed")] == [
        "submitted", POSSIBLE, POSSIBLE, True,
    ]  # fmt: skip
    assert [section["score"] for section in result["sections"]] == [2 * points for points in POINTS.values()]


def test_wrong_and_missing_answers_earn_nothing(sitting):
    sitting.answer_all(lambda question: ["b"] if question["type"] == "single" else [])
    sitting.submit()
    result = sitting.result()
    assert (result["score"], result["possible"], result["passed"]) == (2 * POINTS["single"], POSSIBLE, False)


def test_submitting_twice_changes_nothing(sitting):
    sitting.answer_all(right)
    first = sitting.submit(JSON)
    assert (first.status, first.json["score"]) == (200, POSSIBLE)
    assert sitting.submit().status == 303
    assert sitting.submit(JSON).json == first.json == sitting.result()


def test_a_save_after_the_submission_is_too_late_and_told_what_holds(sitting):
    sitting.save(1, ["b"], 3)
    sitting.submit()
    for reply in (sitting.save(1, ["a"], 4), sitting.save(1, ["z"], 4), sitting.save(1, ["b"], 3)):
        assert reply.status == 409
        assert reply.json["current"] == answer(["b"], 3)
    assert stored(sitting) == (["b"], 3, False)


def test_before_it_is_over_there_is_no_score(sitting):
    result = sitting.result()
    assert (result["state"], result["score"], result["passed"], result["sections"]) == ("open", None, None, [])
    page = sitting.client.page(f"{sitting.url}/result")
    assert (page.status, page.location) == (303, sitting.url)


# What is not told


def everything_sent(client, url):
    """All that a browser could get hold of of an attempt: pages, JSON, headers."""
    asked = [client.page(url), client.get(url), client.page(f"{url}/submit"), client.get(f"{url}/result")]
    asked += [client.put(f"{url}/answers/1", answer(["b"], 1)), client.put(f"{url}/answers/1", answer(["a"], 1))]
    asked += [client.page("/exams/sprint"), client.page("/exams"), client.page("/")]
    return "\n".join(f"{reply.headers}\n{reply.text}" for reply in asked)


def test_nothing_tells_the_keys_before_they_are_released(sitting):
    sent = everything_sent(sitting.client, sitting.url)
    assert SECRET not in sent
    assert not re.search(r'"(keys?|correct|right|explanation|is_right)"|data-(key|right|correct)', sent)


def test_the_keys_come_with_the_result_where_the_policy_releases_them(sitting):
    sitting.submit()
    shown = sitting.result()["questions"]
    assert [question["keys"] for question in shown] == [right(question) for question in shown]
    assert {question["explanation"] for question in shown} == {SECRET}
    assert SECRET in sitting.client.page(f"{sitting.url}/result").text


def test_a_policy_that_shows_the_score_only_never_tells_the_rest(come):
    sitting = begin(come("newhire"), "silent")
    sitting.answer_all(right)
    sitting.submit()
    result = sitting.result()
    assert result["score"] == POSSIBLE
    assert not result.keys() & {"questions", "topics", "keys"}
    page = sitting.client.page(f"{sitting.url}/result").text
    for text in (page, str(result), sitting.client.get(sitting.url).text):
        assert SECRET not in text


# Deadline and grace


def test_what_was_in_flight_at_the_deadline_is_still_saved(sitting, server):
    server.age(sitting.id, 60.2)
    reply = sitting.save(1, ["a"], 1)
    assert (reply.status, reply.json["remaining_s"]) == (200, 0)
    assert sitting.paper()["remaining_s"] == 0


def test_after_the_grace_it_counts_as_submitted_at_its_deadline_before_any_job_has_run(sitting, server):
    sitting.answer_all(right)
    server.age(sitting.id, 61)
    late = sitting.save(1, [], 2)
    assert (late.status, list(late.json)) == (410, ["error"])
    paper = sitting.paper()
    assert (paper["state"], paper["remaining_s"]) == ("submitted", 0)
    result = sitting.result()
    assert (result["state"], result["score"], result["ended_at"]) == ("submitted", POSSIBLE, paper["deadline"])
    assert sitting.client.page(sitting.url).location == f"{sitting.url}/result"
    assert sitting.submit().status == 303
    assert sitting.result() == result
    assert sitting.save(1, [], 2).status == 410


def test_after_the_deadline_another_attempt_can_begin(sitting, server):
    server.age(sitting.id, 61)
    assert begin(sitting.client).id > sitting.id


# Somebody else's


ADDRESSES = ("", "/answers/1", "/submit", "/result")


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SENT = ('{"chosen": ["a"], "seq": 1}', "{}")


@pytest.mark.parametrize("who", ["agent", "manager", "trainer", "admin"])
def test_another_persons_attempt_is_not_there(untouched, come, who):
    client = come(who)
    for method, address, body in product(METHODS, ADDRESSES, SENT):
        theirs, nobodys = (
            client.send(method, f"/attempts/{id}{address}", body, accept=JSON, content_type=JSON,
                        x_csrftoken=client.token)
            for id in (untouched.id, NOT_THERE)
        )  # fmt: skip
        assert theirs.status in (404, 405)
        assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text)
    assert stored(untouched) == ([], 0, False)
    assert untouched.paper()["state"] == "open"


def test_a_visitor_is_asked_to_sign_in(untouched, visitor):
    visitor.page("/login")
    page = visitor.page(untouched.url)
    assert (page.status, page.location.split("?")[0]) == (303, "/login")
    for reply in (visitor.get(untouched.url), visitor.put(f"{untouched.url}/answers/1", answer(["a"], 1))):
        assert (reply.status, list(reply.json)) == (401, ["error"])


def test_a_session_lost_in_the_middle_is_taken_up_again(sitting):
    sitting.save(1, ["b"], 1)
    client, old = sitting.client, sitting.client.token
    client.cookies.clear()
    lost = sitting.save(1, ["a"], 2)
    assert (lost.status, list(lost.json)) == (401, ["error"])
    client.sign_in("newhire")
    assert sitting.send(answer(["a"], 2), x_csrftoken=old).status == 400
    assert stored(sitting) == (["b"], 1, False)
    assert sitting.save(1, ["a"], 2).status == 200


def test_a_cookie_from_before_the_sign_out_opens_nothing(come):
    client = come("lead", afresh=True)
    kept = client.copy()
    assert kept.get("/me").status == 200
    client.post("/logout")
    assert kept.get("/me").status == 401
    assert kept.put("/attempts/1/answers/1", answer(["a"], 1)).status == 401


# The certificate


def test_anybody_can_check_a_certificate_by_its_code(visitor, come):
    code = re.search(r'"/certificates/([\w-]+)"', come("agent").page("/certificates").text)[1]
    for written in (code, code.lower()):
        facts = visitor.get(f"/certificates/{written}").json
        assert facts.keys() == {"code", "name", "certification", "valid_from", "valid_to", "state", "valid"}
        assert (facts["code"], facts["valid"]) == (code, True)
    assert visitor.page(f"/certificates/{code}").status == 200


@pytest.mark.parametrize("code", ["AAAA-BBBB", "x" * 3000, "%E8%AF%81%E4%B9%A6", "%F0%9F%8E%93", "'", "%25"])
def test_a_code_that_nobody_holds_is_not_there(visitor, code):
    reply = visitor.get(f"/certificates/{code}")
    assert (reply.status, list(reply.json)) == (404, ["error"])
    assert visitor.page(f"/certificates/{code}").status == 404
