"""What makes a question whole, who may change its state to what, and what a version's content is. Pure."""

from dataclasses import dataclass

from lms.errors import N_, Reason
from lms.interchange.changes import content_hash
from lms.interchange.records import (
    LANGUAGES,
    MAX_OPTIONS,
    MIN_OPTIONS,
    MULTIPLE,
    SINGLE,
    TRUE_FALSE,
    Question,
    Wording,
    option_ids,
)
from lms.markup import why_not_render

DRAFT, IN_REVIEW, LIVE, RETIRED = "draft", "in_review", "live", "retired"
NEXT_STATES = {DRAFT: (LIVE, RETIRED), IN_REVIEW: (LIVE, DRAFT), LIVE: (RETIRED,), RETIRED: (LIVE,)}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to change in a question: the field (`stem`, `options`, `keys`...), the language, and why."""

    field: str
    language: str | None
    reason: Reason


def flaws_of_draft(question: Question) -> list[Flaw]:
    """What keeps a question from being kept even as a draft."""
    if not question.wordings:
        return [Flaw("stem", LANGUAGES[0], Reason(N_("Write the question in at least one language.")))]
    if len({len(wording.options) for wording in question.wordings.values()}) > 1:
        reason = Reason(N_("Both languages need the same number of options, in the same order."))
        return [Flaw("options", None, reason)]
    return []


def flaws_of(question: Question) -> list[Flaw]:
    """What keeps a question from being asked, in the order of the form."""
    found = flaws_of_draft(question)
    if not question.wordings:
        return found
    counts = {len(wording.options) for wording in question.wordings.values()}
    for language, wording in question.wordings.items():
        found += [Flaw(name, language, reason) for name, reason in _wording_flaws(wording)]
    return found + [Flaw("keys", None, reason) for reason in _key_flaws(question, max(counts))]


def _wording_flaws(wording: Wording) -> list[tuple[str, Reason]]:
    found = []
    if not wording.stem:
        found.append(("stem", Reason(N_("Write the question text."))))
    if not MIN_OPTIONS <= len(wording.options) <= MAX_OPTIONS:
        reason = Reason(N_("Give %(least)s to %(most)s options."), least=MIN_OPTIONS, most=MAX_OPTIONS)
        found.append(("options", reason))
    elif not all(wording.options):
        found.append(("options", Reason(N_("An option is empty. Write it, or empty the ones after it too."))))
    elif len(set(wording.options)) < len(wording.options):
        found.append(("options", Reason(N_("Two options say the same. Change one."))))
    options = "\n\n".join(wording.options)
    for name, text in (("stem", wording.stem), ("options", options), ("explanation", wording.explanation)):
        if why_not_render(text):
            found.append((name, Reason(N_("This text is too long or too deeply nested. Simplify it."))))
    return found


def _key_flaws(question: Question, options: int) -> list[Reason]:
    keys = question.keys
    if any(key not in option_ids(options) for key in keys):
        return [Reason(N_("An option marked as right is empty. Write it or mark another."))]
    if question.type == SINGLE and len(keys) != 1:
        return [Reason(N_("A single choice question has exactly one right option. Mark one."))]
    if question.type == TRUE_FALSE and (len(keys) != 1 or options != 2):
        return [Reason(N_("A true or false question has two options, one of them right."))]
    if question.type == MULTIPLE and not keys:
        return [Reason(N_("Mark the right options."))]
    return []


def has_one_key(question: Question) -> bool:
    """Whether this is a multiple choice question with one key, which its author should confirm."""
    return question.type == MULTIPLE and len(question.keys) == 1


def why_not_state(old: str, new: str) -> Reason | None:
    """Why a question may not go from one state to the other, or None if it may."""
    if new in NEXT_STATES.get(old, ()):
        return None
    return Reason(N_("The question has another state by now. Reload the page and look again."))


def hash_of(question: Question) -> str:
    """The same for two questions with the same content, whatever their id, file and order of languages."""
    return content_hash(
        {
            "type": question.type,
            "keys": list(question.keys),
            "level": question.level,
            "tags": list(question.tags),
            "lesson": question.lesson,
            "objective": question.objective,
            "use": question.use,
            "shuffle": question.shuffle,
            "wordings": {
                language: [wording.stem, list(wording.options), wording.explanation]
                for language, wording in question.wordings.items()
            },
        }
    )
