"""Every route there is, as everybody there is, with addresses and forms that no page of ours would send."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms import clock
from lms.access import Permission, access_of
from lms.db import db
from lms.exams.models import Attempt
from lms.probation.models import Shift
from tests.faults.company import address, person, routes, who_holds_what, window_of

EVERYBODY = ["", "newhire", "candidate", "trainee", "agent", "mentor", "lead", "trainer", "manager", "admin"]
FOR_ALL = {Permission.LEARN, Permission.SIT_EXAMS}
WRONG = {"int": ["999999", str(2**63)], "text": ["%F0%9F%8E%93%FF"]}
QUERY = (
    "?page=99999999999999999999&sort=-none&team=99999999999999999999&month=2026-13&stage=none&certification=none"
    "&state=none&q=%25_%5C%27&type=none&level=%EF%BC%91&version=99999999999999999999&in=none&act=%27&role=none"
    "&before=99999999999999999999&person=%F0%9F%98%80&next=//evil.example/&conversion=sNaN&first-reply=1e-999999"
    "&mean-reply=1e30&items-a-customer=%EF%BC%91&satisfaction=Infinity"
)


def is_for_all(app, rule):
    """Whether everybody with an account may use a route: one of them tries the wrong addresses for all."""
    declared = access_of(app, rule.endpoint)
    return isinstance(declared, str) or bool(FOR_ALL & set(declared))


def is_closed(answer):
    """Whether a route is not for this person at all, whatever is sent to it."""
    return answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith("/login")


def known(app):
    """A value for each argument of an address that leads somewhere."""
    db.session.rollback()
    trainee = person("trainee").id
    shift = select(Shift.id).where(Shift.person_id == trainee).order_by(Shift.id.desc()).limit(1)
    attempt = select(Attempt.id).where(Attempt.person_id == person("agent").id).limit(1)
    return {
        "person_id": trainee, "grant_id": 1, "attempt_id": db.session.scalar(attempt), "position": 1, "slug": "sprint",
        "bank": "sprint", "code": "AAAA-BBBB", "course": "trade-flow", "lesson": "time-outs", "sitting_id": 1,
        "activity": "stock-count", "entry_id": 1, "shift_id": db.session.scalar(shift), "token": "spent",
        "month": "2026-01", "number": waiting_import(app), "name": f"{'0' * 64}.png",
    }  # fmt: skip


def waiting_import(app):
    """The number of an import that waits to be looked at."""
    text = "1、One?\nA、yes\nB、no\n答案：A"
    form = {"text": text, "language": "zh", "use": "practice", "format": "text"}
    answer = window_of(app, "trainer").post("/banks/sprint/import", data=form)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def addresses(rule, good):
    """The address that leads somewhere, with a strange query too, and those with one argument wrong."""
    if rule.endpoint.startswith("banks.") and "questions" in str(rule):
        good = {**good, "slug": "single-1"}
    yield address(rule, good)
    yield address(rule, good) + QUERY
    for name in rule.arguments:
        for value in WRONG["int" if isinstance(good[name], int) else "text"]:
            yield address(rule, {**good, name: value})


def test_no_address_breaks_anything_for_anybody(company):
    good, broken = known(company), []
    on_postgresql = db.engine.dialect.name == "postgresql"  # half of them there, the other half on SQLite
    for number, username in enumerate(EVERYBODY[on_postgresql::2]):
        client = window_of(company, username, ("en", "zh")[number % 2])
        for rule in routes(company, "GET"):
            for path in addresses(rule, good):
                answer = client.get(path)
                if answer.status_code not in (200, 303, 400, 403, 404, 410):
                    broken.append((username, path, answer.status_code))
                if is_closed(answer) or (is_for_all(company, rule) and username != "agent"):
                    break
    assert broken == []


# Forms


def fields():
    """The name of every field of every form, and of what no form has."""
    waiting, names = [FlaskForm], set()
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        names |= {name for name in dir(form) if hasattr(getattr(form, name), "field_class")}
    rows = {f"options-{row}-{language}" for row in (0, 1, 99999) for language in ("en", "zh")}
    papers = {"q-1", "q-99999999999999", "seq-1", "chosen-1", "flag-1", "clear", "then", "act", "place", "theme"}
    return sorted(names | rows | papers | set(STRANGERS))


STRANGERS = {
    "role": "admin", "roles": "admin", "score": "10000", "earned": "10000", "passed": "1", "is_active": "0",
    "person_id": "1", "id": "1", "tier": "gold", "stage": "agent", "team_id": "1", "credited": "99900",
    "password_hash": "x", "actor": "1", "decided_by_id": "1",
}  # fmt: skip
STORABLE = ["1", "\u202e\u200b", "😀" * 40, "a" * 79, "x" * 3000, "9" * 30]
GARBAGE = [
    "", "-1", "sNaN", "1e30", "9" * 5000, "１２", "<script>%s %(name)s {0} '\"`;--", "2026-02-30", "9999-12-31",
    "0001-01-01T00:00",
]  # fmt: skip
ANSWERS = {200, 201, 204, 303, 400, 401, 403, 404, 405, 409, 410, 413, 422, 429}
TAKES_FILES = {"banks.import_read"}
WOULD_END_THE_SESSION = {"people.logout", "people.change_password"}


def bodies():
    """Forms with the same in every field, and one with what no form has. What fits no form meets no database."""
    values = STORABLE if db.engine.dialect.name == "postgresql" else STORABLE + GARBAGE
    for value in values:
        yield MultiDict([(name, value) for name in fields()])
    yield MultiDict([(name, value) for name in fields() for value in ("1", "a")])
    yield MultiDict(STRANGERS)


def target(rule, good):
    """Where a form is sent to."""
    if rule.endpoint.startswith("banks."):
        return address(rule, {**good, "slug": "single-1"}) + "?type=single"
    return address(rule, good)


def throw_everything(app, username):
    """Send all of it as one person to every route; the answers that should not be."""
    client, good = window_of(app, username), known(app) | {"person_id": person("lu.han").id}
    for rule in routes(app, "POST", "PUT"):
        if rule.endpoint in WOULD_END_THE_SESSION or (is_for_all(app, rule) and username not in ("", "agent")):
            continue
        method = "POST" if "POST" in rule.methods else "PUT"
        for body in bodies():
            answer = client.open(target(rule, good), method=method, data=body)
            if answer.status_code not in ANSWERS:
                yield username, str(rule), next(iter(body.values()))[:40], answer.status_code
            if is_closed(answer):
                break


@pytest.mark.parametrize("username", ["", "agent", "mentor", "lead", "trainer"])
def test_no_form_breaks_anything_and_nobody_rises_by_one(company, username):
    before = who_holds_what()
    assert list(throw_everything(company, username)) == []
    assert who_holds_what() == before


@pytest.mark.parametrize(("username", "not_theirs"), [("manager", "role_grant"), ("admin", "decision")])
def test_no_form_of_those_in_charge_breaks_anything(company, username, not_theirs):
    before = who_holds_what()[not_theirs]
    assert list(throw_everything(company, username)) == []
    assert who_holds_what()[not_theirs] == before


@pytest.mark.parametrize("username", ["", "agent", "trainer", "manager", "admin"])
def test_a_file_in_the_place_of_a_text_is_refused(company, username):
    client, good = window_of(company, username), known(company)
    for rule in routes(company, "POST"):
        files = {name: (BytesIO(b"text"), "text.txt") for name in fields()}
        answer = client.post(target(rule, good), data=files, content_type="multipart/form-data")
        assert answer.status_code == 400 or (rule.endpoint in TAKES_FILES and answer.status_code in ANSWERS), rule


PLACES = ["[" * 100_000, '{"place": "\\ud800"}', '{"place": "\\u0000"}', "[]", '{"place": {}}', ""]


@pytest.mark.parametrize("body", PLACES, ids=lambda body: body[:20])
def test_a_place_that_is_none_is_refused(company, body):
    client = window_of(company, "agent")
    answer = client.put("/courses/trade-flow/time-outs/place", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["error"]


def test_fields_that_a_form_does_not_have_are_ignored(company):
    mentor, trainee = window_of(company, "mentor"), person("trainee").id
    agent, before = window_of(company, "agent"), who_holds_what()
    day = clock.today() + timedelta(days=3)
    times = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T13:00", "state": "closed"}
    assert mentor.post(f"/mentees/{trainee}/shifts", data={**STRANGERS, **times}).status_code == 303
    assert agent.post("/preferences", data={**STRANGERS, "theme": "dark"}).status_code == 303
    assert person("agent").theme == "dark"
    last = db.session.scalars(select(Shift).order_by(Shift.id.desc())).first()
    assert (last.person_id, last.state, last.credited) == (trainee, "planned", None)
    assert who_holds_what() == before
