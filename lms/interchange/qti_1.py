"""Questions of QTI 1.2, as Canvas, Blackboard, Respondus, WebCT and Common Cartridges have it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from xml.etree.ElementTree import Element

from lms.errors import N_, Reason
from lms.interchange import qti_parts as parts
from lms.interchange.html_text import PART
from lms.interchange.qti_parts import as_id, attribute, below, kind, made_item, not_imported, place
from lms.interchange.qti_score import scoring
from lms.interchange.qti_text import Prose, Source, keys_among
from lms.interchange.reading import MAX_ITEMS, Item, note
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE
from lms.interchange.xml_safe import text_of

ROOTS = ("questestinterop", "assessment", "section", "objectbank", "item")
_RESPONSES = (
    "response_lid",
    "response_str",
    "response_num",
    "response_xy",
    "response_grp",
    "response_extension",
)
_TYPES = {
    "multiple_choice_question": SINGLE,
    "true_false_question": TRUE_FALSE,
    "multiple_answers_question": MULTIPLE,
    "multiple choice": SINGLE,
    "true/false": TRUE_FALSE,
    "either/or": SINGLE,
    "multiple answer": MULTIPLE,
    "cc.multiple_choice.v0p1": SINGLE,
    "cc.true_false.v0p1": TRUE_FALSE,
    "cc.multiple_response.v0p1": MULTIPLE,
}
_OTHER_TYPES = {
    "matching": parts.MATCHING,
    "ordering": parts.ORDERING,
    "categorization": parts.DRAGGING,
    "fill": parts.BLANKS,
    "short_answer": parts.BLANKS,
    "cc.fib": parts.BLANKS,
    "cc.pattern": parts.BLANKS,
    "jumbled": parts.DROPDOWN,
    "multiple_dropdowns": parts.DROPDOWN,
    "essay": parts.ESSAY,
    "short response": parts.ESSAY,
    "cc.essay": parts.ESSAY,
    "numeric": parts.NUMBER,
    "calculated": parts.TEMPLATE,
    "formula": parts.TEMPLATE,
    "hot": parts.HOTSPOT,
    "file": parts.UPLOAD,
    "quiz bowl": parts.BLANKS,
    "text_only": parts.TEXT_ONLY,
}
_FEEDBACK_FOR_ALL = re.compile(
    r"(?:general|item|question)?[ _-]?(?:fb|feedback|solution|explanation)|general", re.IGNORECASE
)
_BEFORE_ALL = ("presentation_material", "rubric", "objectives")
_STIMULUS = "parent_stimulus_item_ident"
_EITHER_OR = re.compile(r"(\w+)_(\w+)\.(true|false)\Z")
_SOUNDS = ("matapplet", "matapplication", "mataudio", "matvideo")
_NAMES = {SINGLE: N_("single choice"), MULTIPLE: N_("multiple choice"), TRUE_FALSE: N_("true or false")}


def items_of(root: Element, source: Source) -> Iterator[Item]:
    """The questions below a `questestinterop` element, in order. What is not taken is in the source's notes."""
    yield from _walk(root, source, (), _stimuli(root))


def _stimuli(root: Element) -> dict[str, Element]:
    """The texts of Canvas that questions belong to, by ident: items without a question."""
    if not any(text_of(label).strip() == _STIMULUS for label in below(root, "fieldlabel")):
        return {}
    fields = [(each, _fields(each)) for each in below(root, "item")]
    used = {said.get(_STIMULUS, "") for _item, said in fields}
    named = (
        (attribute(each, "ident"), each) for each, said in fields if _declared(said) == "text_only_question"
    )
    return {name: each for name, each in named if name in used}


def _walk(
    element: Element, source: Source, passages: tuple[Element, ...], stimuli: Mapping[str, Element]
) -> Iterator[Item]:
    if kind(element) == "section":
        passages += tuple(each for each in element if kind(each) == "presentation_material")
    for child in element:
        name = kind(child)
        if len(source.notes) > MAX_ITEMS:
            return
        if name == "item":
            if stimuli.get(attribute(child, "ident")) is child:
                continue
            if item := _item(child, source, passages, stimuli):
                yield item
        elif name in ("assessment", "section", "objectbank"):
            yield from _walk(child, source, passages, stimuli)
        elif name in _BEFORE_ALL and kind(element) == "assessment" and text_of(child).strip():
            source.notes.append(note(place(child, source.file), "not-kept", what=Reason(parts.BEFORE_ALL)))
        elif name in ("itemref", "sectionref", "sourcebank_ref"):
            source.notes.append(not_imported(place(child, source.file), parts.ELSEWHERE))


def _item(
    item: Element, source: Source, passages: Sequence[Element], stimuli: Mapping[str, Element]
) -> Item | None:
    line = place(item, source.file)
    responses, fields = below(item, *_RESPONSES), _fields(item)
    if other := _what_else(_declared(fields), responses):
        source.notes.append(not_imported(line, other))
        return None
    prose, response = Prose(source, line), responses[0]
    labels = below(response, "response_label")
    cardinality = _cardinality(_declared(fields), response, prose)
    stimulus = stimuli.get(fields.get(_STIMULUS, ""))
    shared = [*passages, *([stimulus] if stimulus is not None else [])]
    before = [prose.passage(each, partial(_material, prose=prose)) for each in shared]
    stem = [_material(each, prose) for each in below(item, "presentation")[:1]]
    tags = _tags(fields, prose)
    return made_item(
        Item(
            line=line,
            stem="\n\n".join(filter(None, before + stem)),
            options=tuple(_either_or(_material(each, prose)) for each in labels),
            keys=_keys(item, [attribute(each, "ident") for each in labels], cardinality, prose),
            explanation=_explanation(item, prose),
            id=as_id(attribute(item, "ident")),
            shuffle=_shuffle(response, labels, prose),
            notes=tuple(prose.notes),
        ),
        tags,
        cardinality,
    )


def _fields(item: Element) -> dict[str, str]:
    """What is written about an item, by name: fields of `qtimetadata`, and elements as Blackboard has them."""
    fields: dict[str, str] = {}
    for part in item:
        if kind(part) == "itemmetadata":
            fields |= {kind(each): text_of(each).strip() for each in part if not len(each)}
            for each in below(part, "qtimetadatafield"):
                label, entry = (
                    text_of(next(iter(below(each, name)), None)) for name in ("fieldlabel", "fieldentry")
                )
                fields[label.strip()] = entry.strip()
    return fields


def _declared(fields: Mapping[str, str]) -> str:
    named = (fields.get(name) for name in ("question_type", "bbmd_questiontype", "cc_profile"))
    return next((name.casefold() for name in named if name), "")


def _what_else(declared: str, responses: Sequence[Element]) -> str | None:
    """What an item is, if it is no question with options to choose from."""
    if declared not in _TYPES:
        for beginning, what in _OTHER_TYPES.items():
            if declared.startswith(beginning):
                return what
    if not responses:
        return parts.TEXT_ONLY
    if len(responses) > 1:
        return parts.SEVERAL
    response = responses[0]
    if kind(response) == "response_lid" and below(response, "render_choice"):
        return parts.ORDERING if attribute(response, "rcardinality").casefold() == "ordered" else None
    if below(response, "render_hotspot") or kind(response) == "response_xy":
        return parts.HOTSPOT
    if below(response, "render_slider"):
        return parts.SLIDER
    named = {"response_str": parts.BLANKS, "response_num": parts.NUMBER, "response_grp": parts.MATCHING}
    is_long = any(attribute(each, "prompt").casefold() == "box" for each in below(response, "render_fib"))
    return parts.ESSAY if is_long else named.get(kind(response), parts.UNKNOWN)


def _cardinality(name: str, response: Element, prose: Prose) -> str:
    said = {"single": SINGLE, "multiple": MULTIPLE}.get(attribute(response, "rcardinality").casefold())
    declared = _TYPES.get(name)
    if said and declared and (said == MULTIPLE) != (declared == MULTIPLE):
        prose.say("type-differs", said=Reason(_NAMES[declared]), read=Reason(_NAMES[said]))
        return said
    is_pair = len(below(response, "response_label")) == 2
    return declared if declared == TRUE_FALSE and is_pair else (said or declared or SINGLE)


def _keys(item: Element, idents: Sequence[str], cardinality: str, prose: Prose) -> tuple[str, ...]:
    found = scoring(item, idents, cardinality)
    if found.has_partial:
        prose.drop(parts.PARTIAL)
    if found.keys is None:
        prose.say("scoring-not-read")
        return ()
    return keys_among(found.keys, idents, prose)


def _shuffle(response: Element, labels: Sequence[Element], prose: Prose) -> bool | None:
    choice = below(response, "render_choice")[0]
    if attribute(choice, "shuffle").casefold() == "no":
        return False
    is_fixed = any(attribute(each, "rshuffle").casefold() == "no" for each in labels)
    if is_fixed and attribute(choice, "shuffle"):
        if not all(attribute(each, "rshuffle").casefold() == "no" for each in labels):
            prose.drop(parts.FIXED)
        return False
    return None


def _tags(fields: Mapping[str, str], prose: Prose) -> list[str]:
    if fields.get("qmd_levelofdifficulty", "School") != "School":  # what Blackboard writes on all
        prose.drop(parts.DIFFICULTY)
    return [tag.strip() for tag in fields.get("qmd_keywords", "").split(",") if tag.strip()]


def _either_or(text: str) -> str:
    """An option of Blackboard's Either/Or, `agree\\_disagree.true`, as the word it stands for."""
    match = _EITHER_OR.match(text.replace("\\", ""))
    return match.group(1 if match.group(3) == "true" else 2).capitalize() if match else text


def _explanation(item: Element, prose: Prose) -> str:
    """The feedback that is the same whatever was answered."""
    feedbacks = [each for each in item if kind(each) == "itemfeedback"]
    texts = {attribute(each, "ident"): _material(each, prose) for each in feedbacks}
    solutions = [each for each in feedbacks if below(each, "solution")]
    general = dict.fromkeys(attribute(each, "ident") for each in solutions) or dict.fromkeys(
        name for name in texts if _FEEDBACK_FOR_ALL.fullmatch(name)
    )
    said = {text for text in texts.values() if text}
    if not general and len(said) == 1 and len(texts) > 1 and all(texts.values()):
        return said.pop()
    if any(text for name, text in texts.items() if name not in general):
        prose.drop(parts.FEEDBACK)
    return "\n\n".join(texts[name] for name in general if texts[name])


def _material(element: Element, prose: Prose) -> str:
    """Markdown of all the material in an element, but for options and what is rendered."""
    found = []
    for child in element:
        name = kind(child)
        if name in ("mattext", "matemtext", "mat_formattedtext"):
            found.append(_text(child, prose))
        elif name == "matimage":
            found.append(_image(child, prose))
        elif name in _SOUNDS and (attribute(child, "uri") or text_of(child).strip()):
            prose.lose(PART)
        elif name == "matref":
            prose.lose(parts.PASSAGE)
        elif not name.startswith("render_") and name not in ("altmaterial", "hint"):
            found.append(_material(child, prose))
    return "\n\n".join(filter(None, found))


def _text(element: Element, prose: Prose) -> str:
    form = (attribute(element, "texttype") or attribute(element, "type", "text/plain")).casefold()
    if len(element):
        return prose.elements(element)
    if "html" in form:
        return prose.html(element.text or "")
    return prose.either(element.text or "") if form == "smart_text" else prose.plain(element.text or "")


def _image(element: Element, prose: Prose) -> str:
    source, form = attribute(element, "uri"), attribute(element, "imagtype", "image/png")
    if not source and attribute(element, "embedded", "base64") == "base64" and text_of(element).strip():
        source = f"data:{form};base64,{''.join(text_of(element).split())}"
    return prose.picture(source, attribute(element, "label")) if source else ""
