"""Writing Aiken that Moodle imports: a line for the stem, a line for each option, one answer."""

from lms.errors import N_, Reason
from lms.interchange.aiken_marks import ANSWER, EXPLANATION, OPTION
from lms.interchange.items import plain_wording
from lms.interchange.reading import WARNING, Note
from lms.interchange.records import MAX_OPTIONS, MIN_OPTIONS, MULTIPLE, BankText, QuestionText

_SEVERAL_KEYS = N_("Aiken knows one right answer only; this is multiple choice.")
_NOT_WHOLE = N_("Aiken needs a text, two options or more and one right answer.")
_NOT_PLAIN = N_("Aiken has plain text only; this has a list, a link, a picture, a chat or the like.")
_MISREAD = N_("Its text would be read as an option or an answer. Begin it with another word.")
_NOT_IN_FILE = N_("The question %(id)s is not in the file: %(why)s")


def why_not(question: QuestionText) -> Reason | None:
    """Why Aiken cannot hold a question, or None if it can."""
    wording = plain_wording(question.wording)
    if question.type == MULTIPLE:
        return Reason(_SEVERAL_KEYS)
    if wording is None:
        return Reason(_NOT_PLAIN)
    is_whole = MIN_OPTIONS <= len(wording.options) <= MAX_OPTIONS and all(wording.options)
    if not (wording.stem and is_whole and len(question.keys) == 1):
        return Reason(_NOT_WHOLE)
    is_mark = any(mark.match(wording.stem) for mark in (OPTION, ANSWER, EXPLANATION))
    if is_mark or len(wording.stem.encode()) < 2:  # Moodle passes over lines of one letter
        return Reason(_MISREAD)
    return None


def left_out(bank: BankText) -> list[Note]:
    """The questions of a bank that `write` leaves out, each with its reason."""
    reasons = ((question, why_not(question)) for question in bank.questions)
    return [
        Note(question.line, "left-out", Reason(_NOT_IN_FILE, id=question.id, why=why), WARNING)
        for question, why in reasons
        if why
    ]


def write(bank: BankText) -> bytes:
    """The questions that Aiken can hold. Explanations are not written; lines of a text become one."""
    return "\n".join(_question(question) for question in bank.questions if not why_not(question)).encode()


def _question(question: QuestionText) -> str:
    wording = plain_wording(question.wording)
    assert wording is not None
    ids = "abcdefghij"
    options = [f"{id.upper()}. {_line(text)}" for id, text in zip(ids, wording.options, strict=False)]
    return "\n".join([_line(wording.stem), *options, f"ANSWER: {question.keys[0].upper()}"]) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split("\n"))
