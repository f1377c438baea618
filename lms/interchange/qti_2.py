"""Questions of QTI 2.0, 2.1, 2.2 and 3.0: one item a file, with one choice interaction."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from xml.etree.ElementTree import Element

from lms.interchange import qti_parts as parts
from lms.interchange.qti_parts import as_id, attribute, below, kind, made_item, not_imported, number, place
from lms.interchange.qti_text import Prose, Source, keys_among
from lms.interchange.reading import Item
from lms.interchange.records import MULTIPLE, SINGLE
from lms.interchange.xml_safe import text_of

_INTERACTIONS = {
    "textentry": parts.BLANKS,
    "extendedtext": parts.ESSAY,
    "match": parts.MATCHING,
    "associate": parts.MATCHING,
    "order": parts.ORDERING,
    "gapmatch": parts.DRAGGING,
    "inlinechoice": parts.DROPDOWN,
    "hottext": parts.DROPDOWN,
    "hotspot": parts.HOTSPOT,
    "selectpoint": parts.HOTSPOT,
    "positionobject": parts.HOTSPOT,
    "graphicorder": parts.HOTSPOT,
    "graphicassociate": parts.HOTSPOT,
    "graphicgapmatch": parts.DRAGGING,
    "drawing": parts.HOTSPOT,
    "slider": parts.SLIDER,
    "upload": parts.UPLOAD,
    "media": parts.MEDIA,
}
_GENERAL = {"general", "generalfeedback", "generalfb", "solution", "explanation", "rationale"}

# Finds the body of a shared text by the path that an item gives: its element and the file it stands in.
Stimulus = Callable[[str], tuple[Element, str] | None]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an item declares about the answer: its cardinality, the right identifiers, and points by identifier."""

    cardinality: str = ""
    right: tuple[str, ...] = ()
    points: tuple[tuple[str, float], ...] = ()


def item_of(root: Element, source: Source, tags: Iterable[str], stimulus: Stimulus) -> Item | None:
    """The question of an `assessmentItem` element; None, with a note in the source, if it is of another kind.

    `tags` are what the package says about it.
    """
    line = place(root, source.file)
    interactions = [each for each in root.iter() if kind(each).endswith("interaction")]
    answer = _answer(root, attribute(interactions[0], "responseidentifier")) if interactions else _Answer()
    if other := _what_else(root, interactions, answer):
        source.notes.append(not_imported(line, other))
        return None
    prose, choice = Prose(source, line), interactions[0]
    options = [each for each in choice if kind(each) == "simplechoice"]
    cardinality = _cardinality(choice, answer)
    item = Item(
        line=line,
        stem=_stem(root, choice, prose, stimulus),
        options=tuple(prose.elements(each) for each in options),
        keys=_keys(root, answer, [attribute(each, "identifier") for each in options], cardinality, prose),
        explanation=_explanation(root, prose),
        id=as_id(attribute(root, "identifier")),
        shuffle=_shuffle(choice, options, prose),
    )
    _tell_limit(choice, item, prose)
    return made_item(replace(item, notes=tuple(prose.notes)), tags, cardinality)


def _what_else(root: Element, interactions: Sequence[Element], answer: _Answer) -> str | None:
    """What an item is, if it is no question with options to choose from."""
    if below(root, "templatedeclaration"):
        return parts.TEMPLATE
    if attribute(root, "adaptive") == "true":
        return parts.ADAPTIVE
    if not interactions:
        return parts.TEXT_ONLY
    if len(interactions) > 1:
        return parts.SEVERAL
    name = kind(interactions[0]).removesuffix("interaction")
    if name != "choice":
        return _INTERACTIONS.get(name, parts.UNKNOWN)
    if answer.cardinality == "ordered":
        return parts.ORDERING
    return parts.UNKNOWN if answer.cardinality == "record" else None


def _answer(root: Element, identifier: str) -> _Answer:
    for each in root:
        if kind(each) == "responsedeclaration" and attribute(each, "identifier") == identifier:
            correct = [
                value for part in each if kind(part) == "correctresponse" for value in below(part, "value")
            ]
            entries = [entry for part in each if kind(part) == "mapping" for entry in below(part, "mapentry")]
            points = [
                (attribute(entry, "mapkey"), number(attribute(entry, "mappedvalue"))) for entry in entries
            ]
            return _Answer(
                attribute(each, "cardinality", "single").casefold(),
                tuple(dict.fromkeys(text_of(value).strip() for value in correct)),
                tuple((key, value) for key, value in points if value is not None),
            )
    return _Answer()


def _cardinality(choice: Element, answer: _Answer) -> str:
    is_one = attribute(choice, "maxchoices", "1" if answer.cardinality != "multiple" else "0") == "1"
    return SINGLE if answer.cardinality == "single" or is_one else MULTIPLE


def _keys(
    root: Element, answer: _Answer, idents: Sequence[str], cardinality: str, prose: Prose
) -> tuple[str, ...]:
    worth = {key: points for key, points in answer.points if points > 0}
    right: Iterable[str] = answer.right
    if not right and cardinality == SINGLE:
        right = [key for key, points in worth.items() if points == max(worth.values())]
    elif not right:
        right = worth
    if set(worth) - set(right) or any(points < 0 for _key, points in answer.points):
        prose.drop(parts.PARTIAL)
    if not right and below(root, "responsecondition"):
        prose.say("scoring-not-read")
    return keys_among(right, idents, prose)


def _stem(root: Element, choice: Element, prose: Prose, stimulus: Stimulus) -> str:
    """What stands around the options, and before all the text that belongs to the question."""
    texts = []
    for each in below(root, "assessmentstimulusref"):
        if found := stimulus(attribute(each, "href")):
            body, file = found
            texts.append(prose.passage(body, partial(prose.elements, file=file)))
        else:
            prose.lose(parts.PASSAGE)
    for body in below(root, "itembody")[:1]:
        for each in below(body, "rubricblock"):
            views = attribute(each, "view").split()
            if not views or "candidate" in views:
                texts.append(prose.elements(*each))
            else:
                prose.drop(parts.GRADING)
        texts.append(prose.elements(body, without=[each for each in choice if kind(each) == "simplechoice"]))
    return "\n\n".join(filter(None, texts))


def _shuffle(choice: Element, options: Sequence[Element], prose: Prose) -> bool | None:
    """False if the options keep their order: QTI says so unless it says `shuffle`."""
    fixed = [attribute(each, "fixed") == "true" for each in options]
    if attribute(choice, "shuffle") != "true":
        return False
    if any(fixed) and not all(fixed):
        prose.drop(parts.FIXED)
    return False if any(fixed) else None


def _explanation(root: Element, prose: Prose) -> str:
    """The feedback that is the same whatever was answered."""
    always = _always_set(root)
    texts, is_general = [], []
    for each in root:
        if kind(each) == "modalfeedback":
            texts.append(prose.elements(each))
            is_general.append(_is_general(each, always))
    if len(texts) > 1 and len(set(texts)) == 1:
        return texts[0]
    if not all(is_general) or below(root, "feedbackinline", "feedbackblock"):
        prose.drop(parts.FEEDBACK)
    return "\n\n".join(text for text, general in zip(texts, is_general, strict=True) if text and general)


def _always_set(root: Element) -> set[tuple[str, str]]:
    """Outcomes and the values that they have from the beginning and whatever is answered."""
    changed = {attribute(each, "identifier") for each in below(root, "setoutcomevalue")}
    return {
        (name, text_of(value).strip())
        for each in below(root, "outcomedeclaration")
        if (name := attribute(each, "identifier")) not in changed
        for value in below(each, "value")
    }


def _is_general(feedback: Element, always: Collection[tuple[str, str]]) -> bool:
    """Whether it is shown after any answer: by its name, always, or unless nothing was answered."""
    name, outcome = attribute(feedback, "identifier"), attribute(feedback, "outcomeidentifier")
    if {name.casefold(), outcome.casefold()} & _GENERAL:
        return True
    if attribute(feedback, "showhide") == "hide":
        return name == "not_attempted"  # as Moodle writes it
    return (outcome, name) in always


def _tell_limit(choice: Element, item: Item, prose: Prose) -> None:
    most = attribute(choice, "maxchoices", "0")
    if re.fullmatch("[0-9]{1,3}", most) and 1 < int(most) < len(item.options) and int(most) != len(item.keys):
        prose.drop(parts.LIMIT)
