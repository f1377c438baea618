"""Writing questions: every change of content is a new version, and the old ones stay as they were."""

from collections.abc import Sequence
from datetime import datetime
from string import ascii_lowercase
from typing import Any

from sqlalchemy import select

from lms import audit
from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.banks.rules import (
    DRAFT,
    LIVE,
    Flaw,
    flaws_of,
    flaws_of_draft,
    has_one_key,
    hash_of,
    why_not_state,
)
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


def create_bank(slug: str, area: str, titles: dict[str, str], *, actor: Person | None, now: datetime) -> Bank:
    """A new, empty bank. Raises Refused (422) on an id that is no id, or that is taken."""
    if not is_slug(slug):
        raise Refused(Reason(N_("An id is small letters, digits and hyphens, such as step-in-window.")), 422)
    lock_name(f"bank {slug}")
    if db.session.scalar(select(Bank.id).where(Bank.slug == slug)) is not None:
        raise Refused(Reason(N_("There is a bank with the id %(id)s already. Choose another."), id=slug), 422)
    bank = Bank(slug=slug, area=area, titles=titles)
    db.session.add(bank)
    audit.record(actor, "bank.create", bank, now=now, slug=slug)
    db.session.flush()
    return bank


def check_content(content: records.Question, *, is_live: bool, one_key_is_meant: bool) -> None:
    """Raise FlawedError if the question cannot be asked as it is; a draft needs little more than a text."""
    flaws = flaws_of(content) if is_live else flaws_of_draft(content)
    if is_live and not flaws and has_one_key(content) and not one_key_is_meant:
        reason = Reason(N_("Multiple choice has two or more right options. Tick below if one is meant."))
        flaws = [Flaw("keys", None, reason)]
    if flaws:
        raise FlawedError(flaws)


def create_question(
    bank: Bank,
    content: records.Question,
    *,
    is_live: bool,
    one_key_is_meant: bool = False,
    actor: Person,
    now: datetime,
) -> Question:
    """A new question of a bank, written in the browser. Without an id it gets one from its text.

    Raises FlawedError, also where the id is taken.
    """
    check_content(content, is_live=is_live, one_key_is_meant=one_key_is_meant)
    slug = content.id or records.stem_id(next(iter(content.wordings.values())).stem)
    if not is_slug(slug):
        reason = Reason(N_("An id is small letters, digits and hyphens, such as step-in-window."))
        raise FlawedError([Flaw("slug", None, reason)])
    lock_name(f"bank {bank.slug}")
    ref = f"{bank.slug}/{slug}"
    if db.session.scalar(select(Question.id).where(Question.ref == ref)) is not None:
        raise FlawedError([_taken(content)])
    state = LIVE if is_live else DRAFT
    question = Question(bank=bank, slug=slug, ref=ref, origin="browser", state=state)
    db.session.add(question)
    add_version(question, content, actor=actor, now=now)
    audit.record(actor, "question.create", question, now=now, ref=ref, state=state)
    db.session.flush()
    return question


def _taken(content: records.Question) -> Flaw:
    if content.id:
        return Flaw("slug", None, Reason(N_("This id is taken in this bank. Choose another.")))
    language = next(iter(content.wordings))
    return Flaw("stem", language, Reason(N_("This bank has a question with the same text already.")))


def edit_question(
    question: Question,
    content: records.Question,
    *,
    based_on: int,
    one_key_is_meant: bool = False,
    actor: Person,
    now: datetime,
) -> bool:
    """A new version of a question, unless nothing was changed; whether there is one.

    `based_on` is the number of the version that the editor saw. Raises Refused if there is a newer one, and
    FlawedError.
    """
    lock(question)
    current = question.current
    if current is not None and current.number != based_on:
        raise Refused(Reason(N_("Somebody else has saved this question meanwhile. Open it again to look.")))
    check_content(content, is_live=question.state == LIVE, one_key_is_meant=one_key_is_meant)
    if current is not None and current.content_hash == hash_of(content):
        return False
    version = add_version(question, content, actor=actor, now=now)
    audit.record(actor, "question.edit", question, now=now, ref=question.ref, version=version.number)
    db.session.flush()
    return True


def set_state(
    question: Question, state: str, *, one_key_is_meant: bool = False, actor: Person, now: datetime
) -> None:
    """Publish, retire or bring back a question. Papers already drawn are not touched. Raises Refused."""
    lock(question)
    if reason := why_not_state(question.state, state):
        raise Refused(reason)
    if state == LIVE and (question.current is None or flaws_of(content_of(question.current))):
        raise Refused(Reason(N_("The question is not complete. Edit it first, then publish it.")))
    if state == LIVE and needs_word_on_one_key(question) and not one_key_is_meant:
        raise Refused(Reason(N_("Multiple choice has two or more right options. Tick that one is meant, or edit it.")))
    audit.record(actor, "question.state", question, now=now, ref=question.ref, old=question.state, new=state)
    question.state = state
    db.session.flush()


def needs_word_on_one_key(question: Question) -> bool:
    """Whether publishing this question takes somebody's word that its one key is meant: not for one live before."""
    return (
        question.state == DRAFT and question.current is not None and has_one_key(content_of(question.current))
    )


def content_of(version: QuestionVersion, only: Sequence[QuestionText] | None = None) -> records.Question:
    """A version as a record, in every language or with these texts only: what forms and files are filled with."""
    texts = version.texts if only is None else only
    texts = sorted(texts, key=lambda text: records.LANGUAGES.index(text.language))
    return records.Question(
        id=version.question.slug,
        type=version.type,
        keys=tuple(version.keys),
        wordings={
            text.language: records.Wording(
                text.stem, tuple(option["text"] for option in text.options), text.explanation
            )
            for text in texts
        },
        level=version.level,
        tags=tuple(version.tags),
        lesson=version.lesson or "",
        objective=version.objective or "",
        use=version.use,
        shuffle=version.shuffle,
    )


def add_version(
    question: Question, content: records.Question, *, actor: Person | None, now: datetime
) -> QuestionVersion:
    """The next version of a question, made current. Its HTML is rendered here, once."""
    version = new_version(question, content, actor=actor, now=now)
    db.session.flush()
    question.current = version
    return version


def new_version(
    question: Question, content: records.Question, *, actor: Person | None, now: datetime
) -> QuestionVersion:
    """The next version of a question, neither flushed nor current yet."""
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
    return version


def option_ids_of(content: records.Question) -> tuple[str, ...]:
    """The ids of a question's options in file order."""
    return _any_ids(len(next(iter(content.wordings.values())).options))


def _any_ids(count: int) -> tuple[str, ...]:
    """The ids of so many options: an imported draft may have more than can be asked."""
    return tuple(ascii_lowercase[at] if at < len(ascii_lowercase) else f"z{at}" for at in range(count))


def text_of(wording: records.Wording, language: str) -> QuestionText:
    """A wording as a row, with its HTML."""
    return QuestionText(**text_values(wording, language))


def text_values(wording: records.Wording, language: str) -> dict[str, Any]:
    """The columns of a wording's row, with its HTML: what takes long when there are thousands."""
    return {
        "language": language,
        "stem": wording.stem,
        "stem_html": str(render(wording.stem, language)),
        "options": [
            {"id": id, "text": text, "html": str(render_line(text, language))}
            for id, text in zip(_any_ids(len(wording.options)), wording.options, strict=True)
        ],
        "explanation": wording.explanation,
        "explanation_html": str(render(wording.explanation, language)) if wording.explanation else "",
    }
