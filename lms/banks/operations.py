"""Writing questions: every change of content is a new version, and the old ones stay as they were."""

from datetime import datetime

from lms import audit
from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.banks.rules import DRAFT, LIVE, Flaw, flaws_of, has_one_key, hash_of, why_not_state
from lms.db import db, lock, lock_name
from lms.errors import N_, Reason, Refused
from lms.interchange import records
from lms.interchange.source import is_slug
from lms.markup import render, render_line
from lms.people.models import Person


class FlawedError(Refused):
    """A question is not whole. `flaws` says where and why."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__(Reason(N_("The question is not saved yet. Please look at the marked places.")), 422)
        self.flaws = flaws


def check_content(content: records.Question, *, one_key_is_meant: bool) -> None:
    """Raise FlawedError if the question cannot be asked as it is."""
    flaws = flaws_of(content)
    if not flaws and has_one_key(content) and not one_key_is_meant:
        reason = Reason(N_("Multiple choice has two or more right options. Tick below if one is meant."))
        flaws = [Flaw("keys", None, reason)]
    if flaws:
        raise FlawedError(flaws)


def create_question(
    bank: Bank, content: records.Question, *, is_live: bool, actor: Person, now: datetime
) -> Question:
    """A new question of a bank, written in the browser. Raises Refused if its id is taken."""
    if not is_slug(content.id):
        reason = Reason(N_("An id is small letters, digits and hyphens, such as step-in-window."))
        raise FlawedError([Flaw("slug", None, reason)])
    lock_name(f"bank {bank.slug}")
    ref = f"{bank.slug}/{content.id}"
    if db.session.query(Question.id).filter_by(ref=ref).first() is not None:
        raise FlawedError([Flaw("slug", None, Reason(N_("This id is taken in this bank. Choose another.")))])
    state = LIVE if is_live else DRAFT
    question = Question(bank=bank, slug=content.id, ref=ref, origin="browser", state=state)
    db.session.add(question)
    add_version(question, content, actor=actor, now=now)
    audit.record(actor, "question.create", question, now=now, ref=ref, state=state)
    db.session.flush()
    return question


def edit_question(
    question: Question, content: records.Question, *, based_on: int, actor: Person, now: datetime
) -> bool:
    """A new version of a question, unless nothing was changed; whether there is one.

    `based_on` is the number of the version that the editor saw. Raises Refused if there is a newer one.
    """
    lock(question)
    current = question.current
    if current is not None and current.number != based_on:
        raise Refused(Reason(N_("Somebody else has saved this question meanwhile. Open it again to look.")))
    if current is not None and current.content_hash == hash_of(content):
        return False
    version = add_version(question, content, actor=actor, now=now)
    audit.record(actor, "question.edit", question, now=now, ref=question.ref, version=version.number)
    db.session.flush()
    return True


def set_state(question: Question, state: str, *, actor: Person, now: datetime) -> None:
    """Publish, retire or bring back a question. Papers already drawn are not touched. Raises Refused."""
    lock(question)
    if reason := why_not_state(question.state, state):
        raise Refused(reason)
    audit.record(actor, "question.state", question, now=now, ref=question.ref, old=question.state, new=state)
    question.state = state
    db.session.flush()


def add_version(
    question: Question, content: records.Question, *, actor: Person | None, now: datetime
) -> QuestionVersion:
    """The next version of a question, made current. Its HTML is rendered here, once."""
    version = QuestionVersion(
        question=question,
        number=question.current.number + 1 if question.current else 1,
        type=content.type,
        keys=list(content.keys),
        option_ids=list(option_ids_of(content)),
        level=content.level,
        tags=list(content.tags),
        lesson=content.lesson or None,
        objective=content.objective or None,
        use=content.use,
        shuffle=content.shuffle,
        content_hash=hash_of(content),
        created_at=now,
        created_by_id=actor.id if actor else None,
        texts=[text_of(wording, language) for language, wording in content.wordings.items()],
    )
    db.session.add(version)
    db.session.flush()
    question.current = version
    return version


def option_ids_of(content: records.Question) -> tuple[str, ...]:
    """The ids of a question's options in file order."""
    return records.option_ids(len(next(iter(content.wordings.values())).options))


def text_of(wording: records.Wording, language: str) -> QuestionText:
    """A wording as a row, with its HTML."""
    ids = records.option_ids(len(wording.options))
    return QuestionText(
        language=language,
        stem=wording.stem,
        stem_html=str(render(wording.stem, language)),
        options=[
            {"id": id, "text": text, "html": str(render_line(text, language))}
            for id, text in zip(ids, wording.options, strict=True)
        ],
        explanation=wording.explanation,
        explanation_html=str(render(wording.explanation, language)) if wording.explanation else "",
    )
