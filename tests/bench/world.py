"""Learners in the middle of an exam, made straight in a demo's database, and the requests that they will send."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from lms import clock
from lms.db import db, writes
from lms.demo.days import study_for
from lms.exams.models import Attempt, Exam
from lms.exams.operations import save_answer, start_attempt
from lms.exams.rules import Answer
from lms.people import operations
from lms.people.models import Person
from lms.people.signin import open_sign_in

CSRF = "c" * 40


@dataclass(frozen=True)
class Sitter:
    """Somebody signed in with an attempt open: its number, and one option of each question."""

    headers: dict[str, str]
    attempt_id: int
    options: dict[int, str]

    def saves(self, positions: range) -> list[dict[str, Any]]:
        """One request a position that changes its answer; `{seq}` is filled in as it is sent."""
        body = '{"chosen": ["%s"], "flagged": false, "seq": {seq}}'
        return [
            {
                "method": "PUT",
                "path": f"/attempts/{self.attempt_id}/answers/{position}",
                "headers": self.headers | {"Content-Type": "application/json", "Accept": "application/json"},
                "body": body % self.options[position],
            }
            for position in positions
        ]

    def submit(self) -> dict[str, Any]:
        """The request that hands the paper in."""
        path = f"/attempts/{self.attempt_id}/submit"
        return {"method": "POST", "path": path, "headers": self.headers}


def headers_of(app: Flask, person: Person) -> dict[str, str]:
    """What the browser of somebody signed in sends along. Adds the sign-in; the caller commits."""
    token = open_sign_in(person, [], person.username, "bench", now=clock.now())
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signed is not None
    cookie = signed.dumps({"_user_id": token, "_fresh": True, "language": "en", "csrf_token": CSRF})
    csrf = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(CSRF)
    return {"Cookie": f"lms={cookie}", "X-CSRFToken": csrf, "Accept": "text/html"}


@writes
def sign_in(app: Flask, username: str) -> dict[str, str]:
    """The headers of one of the demo's people."""
    return headers_of(app, db.session.scalars(select(Person).where(Person.username == username)).one())


@writes
def sitter(app: Flask, number: int, *, answered: bool) -> Sitter:
    """One more learner with the base exam open; `answered`: each question has an answer already."""
    now = clock.now()
    name = f"sitter{number}"
    person = operations.create_person(name, name, actor=None, now=now)
    operations.set_stage(person, "trainee", clock.day_of(now), actor=None, now=now)
    study_for(person, "base", now - timedelta(days=2))
    exam = db.session.scalars(select(Exam).where(Exam.slug == "base")).one()
    attempt, _ = start_attempt(exam, person, language="en", actor=person, now=now)
    options = options_of(attempt)
    if answered:
        for position, option in options.items():
            save_answer(attempt, position, Answer((option,), False, 1), now=now)
    return Sitter(headers_of(app, person), attempt.id, options)


def options_of(attempt: Attempt) -> dict[int, str]:
    """The first option of each question as shown."""
    return {item.position: item.option_order[0] for item in attempt.items}
