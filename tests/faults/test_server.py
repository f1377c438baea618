"""A real server that is killed, locked out, starved of disk and crowded: nothing is lost, and nothing is claimed."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import Barrier

import pytest

from tests.faults.client import answer
from tests.faults.server import number_in, wait_for
from tests.three_courses import KEYS, POSSIBLE

JSON = "application/json"
CROWD = 20


@pytest.fixture
def client(come):
    """Somebody with an attempt open at `url`."""
    client = come("newhire", afresh=True)
    client.url = client.post("/exams/sprint/start").location
    yield client
    client.post(f"{client.url}/submit")


def save(client, position, *args):
    return client.put(f"{client.url}/answers/{position}", answer(*args))


def rows(server, url):
    """(position, seq, chosen) of every answer that the database holds, as it writes them."""
    found = server.query(
        "SELECT position, seq, chosen FROM answer WHERE attempt_id = ? ORDER BY position", number_in(url)
    )
    return [tuple(row) for row in found]


def at_once(count, act):
    """What each of so many threads gets back, all begun together."""
    start = Barrier(count)

    def run(number):
        start.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# Killed, and started again


def test_an_answer_whose_acknowledgement_died_with_the_server_is_there_once(server, client):
    def committed():
        return rows(server, client.url) == [(1, 1, '["b"]')]

    with ThreadPoolExecutor(1) as pool:
        unheard = pool.submit(save, client, 1, ["b"], 1)
        wait_for(committed, "the commit")
        server.kill()
        unheard.exception()
    server.start()
    again = save(client, 1, ["b"], 1)
    assert (again.status, again.json["seq"]) == (200, 1)
    assert committed()


def test_whatever_was_acknowledged_before_a_kill_is_there_after_it(server, client):
    acknowledged = []

    def go_on_saving():
        for seq in range(1, 10_000):
            if save(client, 1 + seq % 6, [], seq).status == 200:
                acknowledged.append((1 + seq % 6, seq))

    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(go_on_saving)
        wait_for(lambda: len(acknowledged) > 10, "a few answers")
        server.kill()
        assert isinstance(saving.exception(), (OSError, HTTPException))
    server.start()
    newest = {position: seq for position, seq, _ in rows(server, client.url)}
    for position, seq in dict(acknowledged).items():
        assert newest[position] in (seq, seq + 6)  # the one in flight may have been committed, unheard
    assert server.query("PRAGMA integrity_check")[0][0] == "ok"


def test_a_server_down_across_the_deadline_closes_the_attempt_at_its_deadline(server, client):
    paper = client.get(client.url).json
    for question in paper["questions"]:
        save(client, question["position"], KEYS[question["type"]], 1)
    server.kill()
    server.age(number_in(client.url), minutes=90)
    server.start()
    result = client.get(f"{client.url}/result").json
    deadline = client.get(client.url).json["deadline"]
    assert (result["state"], result["score"], result["ended_at"]) == ("submitted", POSSIBLE, deadline)
    assert save(client, 1, [], 9).status == 410

    def closed():
        return server.query(
            "SELECT submitted_at = deadline, closed_by, earned, passed FROM attempt "
            "WHERE id = ? AND submitted_at IS NOT NULL", number_in(client.url),
        )  # fmt: skip

    assert [tuple(row) for row in wait_for(closed, "the worker")] == [(1, "deadline", POSSIBLE * 100, 1)]
    assert client.get(f"{client.url}/result").json == result


def test_no_part_of_a_server_outlives_it(server):
    server.process.kill()  # the first process alone, as an impatient supervisor does it
    server.process.wait()
    wait_for(lambda: not server.answers(), "the last part to end")
    server.start()


def test_a_worker_that_is_killed_comes_back(server):
    killed = wait_for(lambda: server.worker_pid, "a worker")
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: server.worker_pid not in (0, killed), "another worker")


def test_no_connection_to_the_database_is_carried_over_a_fork(server):
    server.answers()
    assert "lms.db" not in server.open_files(server.process.pid)
    assert server.open_files(server.serving_pid).count("lms.db-shm") == 1


def test_a_second_server_on_the_same_port_is_refused(server):
    second = server.launch()
    assert second.wait(60) == 1
    assert "choose another with --port" in server.log.read_text().splitlines()[-1]
    assert server.answers()


# A database that cannot be written


def refusals(client):
    """What every kind of writing request answers."""
    yield save(client, 1, ["a"], 5)
    yield client.post(client.url, accept=JSON, **{"seq-1": "0", "chosen-1": "a"})
    yield client.post(f"{client.url}/submit", accept=JSON)
    yield client.post("/exams/silent/start", accept=JSON)
    yield client.post("/login", accept=JSON, username="agent", password="demo")


def test_a_locked_database_is_said_to_be_and_waited_for_no_longer_than_needed(server, client):
    save(client, 2, ["a"], 1)
    with server.locked():
        replies = at_once(5, lambda number: save(client, number, ["a"], 5) if number else client.get(client.url))
    assert [reply.status for reply in replies] == [200, 503, 503, 503, 503]
    assert all(reply.json["error"] for reply in replies[1:])
    assert rows(server, client.url) == [(2, 1, '["a"]')]
    assert save(client, 1, ["a"], 5).status == 200


def test_on_a_full_disk_nothing_is_called_saved(server, client):
    save(client, 2, ["a"], 1)
    before = client.get(client.url).json
    with server.full_disk():
        for reply in refusals(client):
            assert (reply.status, list(reply.json)) == (503, ["error"])
        page = client.post(f"{client.url}/submit")
        assert page.status == 503
        assert "nothing was saved" in page.text
        assert client.get(client.url).json["questions"] == before["questions"]
    assert rows(server, client.url) == [(2, 1, '["a"]')]
    assert save(client, 1, ["a"], 5).status == 200
    assert client.post(f"{client.url}/submit", accept=JSON).json["state"] == "submitted"


# Many at once


def test_any_number_of_starts_at_once_begin_one_attempt(server, come):
    client = come("trainee", afresh=True)
    replies = at_once(CROWD, lambda _: client.copy().post("/exams/sprint/start"))
    assert {reply.status for reply in replies} == {303}
    assert len({reply.location for reply in replies}) == 1
    begun = "SELECT COUNT(*) FROM attempt JOIN person ON person.id = person_id JOIN exam ON exam.id = exam_id "
    assert server.query(f"{begun} WHERE username = 'trainee' AND slug = 'sprint'")[0][0] == 1


def test_any_number_of_submits_and_saves_at_once_give_one_grade(server, client):
    save(client, 1, ["b"], 1)

    def act(number):
        if number % 2:
            return client.copy().post(f"{client.url}/submit", accept=JSON)
        return client.copy().put(f"{client.url}/answers/2", answer(["a"], number + 1))

    replies = at_once(CROWD, act)
    results = [reply.json for reply in replies[1::2]]
    assert all(result == results[0] for result in results)
    assert {reply.status for reply in replies[::2]} <= {200, 409}
    graded = "SELECT COUNT(*) FROM audit_row WHERE act = 'attempt.grade' AND subject_id = ?"
    assert server.query(graded, number_in(client.url))[0][0] == 1
    assert client.get(f"{client.url}/result").json == results[0]


def test_of_many_saves_at_once_the_greatest_number_stays(server, client):
    options = [["a"], ["b"]]
    at_once(CROWD, lambda number: client.copy().put(f"{client.url}/answers/1", answer(options[number % 2], number)))
    assert rows(server, client.url) == [(1, CROWD - 1, '["b"]')]
