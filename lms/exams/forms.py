"""What clients send: an answer as JSON, or a whole paper as a form. Only shape is checked here."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.errors import N_, Reason, Refused
from lms.exams.rules import MAX_SEQ, Answer

MAX_OPTIONS = 50  # far above any question's: it only bounds what is looked at


def read_answer(body: Any) -> Answer:
    """The answer in a JSON body: `{"chosen": [...], "flagged": false, "seq": 7}`. Raises Refused (422)."""
    if not isinstance(body, dict):
        raise _unreadable()
    chosen, flagged, seq = body.get("chosen"), body.get("flagged", False), body.get("seq")
    if not isinstance(chosen, list) or len(chosen) > MAX_OPTIONS:
        raise _unreadable()
    if not all(isinstance(option, str) for option in chosen) or not isinstance(flagged, bool):
        raise _unreadable()
    if type(seq) is not int or not 0 <= seq <= MAX_SEQ:
        raise _unreadable()
    return Answer(chosen=tuple(sorted(chosen)), flagged=flagged, seq=seq)


def _unreadable() -> Refused:
    reason = N_(
        "An answer needs a list of options, a flag and a whole number that counts up. Reload the page."
    )
    return Refused(Reason(reason), 422)


@dataclass(frozen=True)
class PaperForm:
    """A paper sent as a form, by a browser without scripts; each `seq` is what was shown."""

    answers: dict[int, Answer]
    then_review: bool


def read_paper(form: MultiDict[str, str]) -> PaperForm:
    """The answers of a form; positions whose number is missing or unreadable are left out."""
    answers = {}
    for name in form:
        position, seq = name.removeprefix("seq-"), form[name]
        if position == name or not (position.isascii() and position.isdigit() and len(position) < 6):
            continue
        if not (seq.isascii() and seq.isdigit() and len(seq) < len(str(MAX_SEQ))):
            continue
        chosen = form.getlist(f"chosen-{position}")[:MAX_OPTIONS]
        if form.get("clear") == position:
            chosen = []
        answers[int(position)] = Answer(tuple(sorted(chosen)), f"flag-{position}" in form, int(seq))
    return PaperForm(answers, then_review=form.get("then") == "review")
