"""Builders for banks: records as a file or a form gives them, and rows."""

from dataclasses import replace
from typing import Any

from lms.banks.models import Bank, Question
from lms.banks.operations import create_question
from lms.db import db
from lms.interchange import records
from lms.people.models import Person
from tests.conftest import NOON

SINGLE = records.Question(
    id="step-in",
    type="single",
    keys=("b",),
    wordings={
        "en": records.Wording(
            "When does the platform **step in**?", ("At once", "After 72 hours"), "Because."
        ),
        "zh": records.Wording("平台什么时候介入？", ("马上", "72 小时后"), "因为。"),
    },
    level=2,
    tags=("refunds",),
    use="exam",
)


def content(**changes: Any) -> records.Question:
    return replace(SINGLE, **changes)


def bank(slug: str = "refunds", area: str = "platform-rules") -> Bank:
    made = Bank(slug=slug, area=area, titles={"en": "Refunds", "zh": "退款"})
    db.session.add(made)
    db.session.commit()
    return made


def question(of: Bank, actor: Person, *, is_live: bool = True, **changes: Any) -> Question:
    made = create_question(of, content(**changes), is_live=is_live, actor=actor, now=NOON)
    db.session.commit()
    return made
