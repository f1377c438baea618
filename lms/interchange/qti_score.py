"""Which answers are right, as the response processing of QTI 1.2 has it.

Canvas asks for all the right ones and none of the others in one condition; Respondus and WebCT add points for each
right one; Blackboard sets the score to `SCORE.max`. A condition that fits none of these ways is not guessed at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from lms.interchange.qti_parts import attribute, below, kind, number
from lms.interchange.records import MULTIPLE
from lms.interchange.xml_safe import text_of

HIGHEST = 1e9
_SCORES = {"", "score"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a condition asks to be chosen and not to be chosen, by option idents."""

    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()

    def both(self, other: "Chosen") -> "Chosen":
        """What the two ask together."""
        return Chosen(self.right | other.right, self.wrong | other.wrong)

    @property
    def contradicts(self) -> bool:
        """Whether nothing can fulfil it."""
        return bool(self.right & self.wrong)


@dataclass(frozen=True, slots=True)
class Grade:
    """Points given where a condition holds. `chosen` None: the condition is not understood."""

    chosen: Chosen | None
    points: float
    adds: bool


@dataclass(frozen=True, slots=True)
class Scoring:
    """The idents of the right answers, in no order; None if the scoring is not understood."""

    keys: frozenset[str] | None
    has_partial: bool = False


def scoring(item: Element, options: Sequence[str], cardinality: str) -> Scoring:
    """What an `item` element holds for right. `options` are the idents of its options."""
    grades = [grade for grade in _grades(item, frozenset(options), cardinality) if grade.points > 0]
    if any(grade.chosen is None or grade.chosen.contradicts for grade in grades):
        return Scoring(None)
    asking = [(grade, grade.chosen) for grade in grades if grade.chosen and grade.chosen.right]
    if cardinality != MULTIPLE:
        return _best(asking)
    wholes = [
        (grade, chosen) for grade, chosen in asking if not grade.adds or len(chosen.right | chosen.wrong) > 1
    ]
    if wholes:
        best, most = _best(wholes), max(grade.points for grade, _chosen in wholes)
        top = {chosen.right for grade, chosen in wholes if grade.points == most}
        return Scoring(best.keys if len(top) == 1 else None, best.has_partial or len(asking) > len(wholes))
    keys = frozenset().union(*(chosen.right for _grade, chosen in asking))
    refused = frozenset().union(*(grade.chosen.wrong for grade in grades if grade.chosen))
    return Scoring(None if keys & refused else keys, len(keys) > 1)


def _best(asking: Sequence[tuple[Grade, Chosen]]) -> Scoring:
    """The answers of the most points. Fewer points for others are points for a part."""
    most = max((grade.points for grade, _chosen in asking), default=0)
    keys = frozenset().union(*(chosen.right for grade, chosen in asking if grade.points == most))
    return Scoring(keys, any(grade.points < most for grade, _chosen in asking))


def _grades(item: Element, options: frozenset[str], cardinality: str) -> Iterable[Grade]:
    names = _SCORES | {attribute(each, "varname").casefold() for each in below(item, "decvar")}
    for each in below(item, "respcondition"):
        points, adds = _points(each, names)
        condition = next((part for part in each if kind(part) == "conditionvar"), None)
        if points is None or condition is None or _is_about_feedback(condition, options):
            continue
        yield Grade(_chosen(condition, cardinality), points, adds)


def _points(condition: Element, names: set[str]) -> tuple[float | None, bool]:
    found: float | None = None
    adds = False
    settings = [each for each in condition if kind(each) == "setvar"]
    for each in settings:
        name = attribute(each, "varname") or attribute(each, "variablename")
        said = text_of(each).strip()
        points = HIGHEST if said.casefold() == "score.max" else number(said)
        if name.casefold() in names and points is not None:
            action = attribute(each, "action", "Set").casefold()
            found = -points if action == "subtract" else points
            adds = action in ("add", "subtract")
    if not settings and attribute(condition, "title").casefold() in ("correct", "correctresponse"):
        return HIGHEST, False
    return found, adds


def _is_about_feedback(condition: Element, options: frozenset[str]) -> bool:
    """Blackboard scores each option again, in a condition that names the option where the question belongs."""
    parts = list(condition)
    return len(parts) == 1 and kind(parts[0]) == "varequal" and attribute(parts[0], "respident") in options


def _chosen(element: Element, cardinality: str, is_negated: bool = False) -> Chosen | None:
    """What a condition asks for, or None. The parts of `conditionvar` and `and` hold together."""
    name = kind(element)
    if name == "varequal":
        return Chosen(right=frozenset([text_of(element).strip()]))
    if name in ("other", "unanswered"):
        return Chosen()
    if name not in ("conditionvar", "and", "or", "not"):
        return None
    parts = [_chosen(each, cardinality, name == "not") for each in element]
    whole = Chosen()
    for part in parts:
        if part is None:
            return None
        whole = whole.both(part)
    if name == "not":  # of one thing, or of any of several
        is_simple = len(parts) == 1 and not whole.wrong and (len(whole.right) < 2 or kind(element[0]) == "or")
        return Chosen(wrong=whole.right) if is_simple else None
    if name == "or" and not is_negated and cardinality == MULTIPLE and len(set(parts)) > 1:
        return None
    return whole
