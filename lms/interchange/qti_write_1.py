"""A quiz and its manifest in QTI 1.2, as Canvas imports it: its metadata, points, and way to score several answers."""

from collections.abc import Collection
from xml.sax.saxutils import escape

from lms.interchange.attributes import as_tags
from lms.interchange.qti_html import attributes, legal, one_line, xhtml
from lms.interchange.qti_package import MANIFEST
from lms.interchange.qti_parts import cardinality_of, read_type, shuffles
from lms.interchange.records import MULTIPLE, BankText, QuestionText
from lms.markup import plain

PICTURES = "images"
_ADDRESS = "%24IMS-CC-FILEBASE%24/images/"  # as Canvas names the files of a package
_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_CARTRIDGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TRUE_FALSE = ["true", "false"]
_TITLE = 80


def files(bank: BankText, pictures: Collection[str], version: str) -> dict[str, bytes]:  # noqa: ARG001
    """The XML files of a package by name. `pictures` are those that it will hold."""
    quiz = f"bank-{bank.bank}-{bank.language}"
    texts = {
        f"{quiz}/{quiz}.xml": _quiz(bank, quiz, pictures),
        f"{quiz}/assessment_meta.xml": _settings(bank, quiz),
        MANIFEST: _manifest(quiz, pictures),
    }
    return {
        name: f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode() for name, text in texts.items()
    }


def _quiz(bank: BankText, quiz: str, pictures: Collection[str]) -> str:
    items = "\n".join(_item(bank, question, pictures) for question in bank.questions)
    schema = f"{_QTI} http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd"
    return (
        f'<questestinterop xmlns="{_QTI}" xmlns:xsi="{_XSI}"{attributes(xsi__schemaLocation=schema)}>'
        f'<assessment ident="{quiz}"{attributes(title=bank.title or bank.bank)}>'
        f'<qtimetadata>{_field("cc_maxattempts", "1")}</qtimetadata><section ident="root_section">\n{items}\n'
        "</section></assessment></questestinterop>"
    )


def _field(label: str, entry: str) -> str:
    return (
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel>"
        f"<fieldentry>{escape(legal(entry))}</fieldentry></qtimetadatafield>"
    )


def _item(bank: BankText, question: QuestionText, pictures: Collection[str]) -> str:
    wording = question.wording

    def show(text: str) -> str:
        return xhtml(text, bank.language, lambda name: _ADDRESS + name if name in pictures else None)

    idents = [f"{question.id}-{letter}" for letter in "abcdefghij"[: len(wording.options)]]
    labels = "".join(
        f'<response_label ident="{ident}">{_material(option, show(option))}</response_label>'
        for ident, option in zip(idents, wording.options, strict=True)
    )
    cardinality = "Multiple" if question.type == MULTIPLE else "Single"
    shuffle = "Yes" if shuffles(question) else "No"
    title = plain(show(wording.stem), _TITLE)
    return (
        f'<item ident="{question.id}"{attributes(title=title or question.id)}>'
        f"<itemmetadata><qtimetadata>{_metadata(question, idents)}</qtimetadata></itemmetadata>"
        f"<presentation>{_html(show(wording.stem))}"
        f'<response_lid ident="response1" rcardinality="{cardinality}">'
        f'<render_choice shuffle="{shuffle}">{labels}</render_choice></response_lid></presentation>'
        f"{_processing(question, idents)}{_feedback(show(wording.explanation))}</item>"
    )


def _material(text: str, shown: str) -> str:
    line = one_line(text)
    if line is None:
        return _html(shown)
    return f'<material><mattext texttype="text/plain">{escape(line)}</mattext></material>'


def _html(shown: str) -> str:
    return f'<material><mattext texttype="text/html">{escape(shown)}</mattext></material>'


def _metadata(question: QuestionText, idents: list[str]) -> str:
    options = [option.casefold() for option in question.wording.options]
    kind = "multiple_choice_question"
    if question.type == MULTIPLE:
        kind = "multiple_answers_question"
    elif options == _TRUE_FALSE:
        kind = "true_false_question"
    words = as_tags(question, read_type(question.wording.options, cardinality_of(question.type)))
    return (
        _field("question_type", kind)
        + _field("points_possible", "1.0")
        + _field("original_answer_ids", ",".join(idents))
        + _field("assessment_question_identifierref", f"{question.id}-question")
        + (_field("qmd_keywords", ", ".join(words)) if words else "")
    )


def _processing(question: QuestionText, idents: list[str]) -> str:
    """All the right answers and none of the others are worth 100; an explanation is shown whatever was answered."""
    chosen = [
        (f'<varequal respident="response1">{ident}</varequal>', ident[-1] in question.keys)
        for ident in idents
    ]
    if question.type == MULTIPLE:
        parts = (condition if is_right else f"<not>{condition}</not>" for condition, is_right in chosen)
        right = f"<and>{''.join(parts)}</and>"
    else:
        right = "".join(condition for condition, is_right in chosen if is_right)
    explained = (
        '<respcondition continue="Yes"><conditionvar><other/></conditionvar>'
        '<displayfeedback feedbacktype="Response" linkrefid="general_fb"/></respcondition>'
    )
    return (
        '<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
        f"{explained if question.wording.explanation else ''}"
        f'<respcondition continue="No"><conditionvar>{right}</conditionvar>'
        '<setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing>'
    )


def _feedback(shown: str) -> str:
    return (
        f'<itemfeedback ident="general_fb"><flow_mat>{_html(shown)}</flow_mat></itemfeedback>'
        if shown
        else ""
    )


def _settings(bank: BankText, quiz: str) -> str:
    schema = f"{_CANVAS} https://canvas.instructure.com/xsd/cccv1p0.xsd"
    return (
        f'<quiz identifier="{quiz}" xmlns="{_CANVAS}" xmlns:xsi="{_XSI}"{attributes(xsi__schemaLocation=schema)}>'
        f"<title>{escape(legal(bank.title or bank.bank))}</title><description></description>"
        "<shuffle_answers>true</shuffle_answers><scoring_policy>keep_highest</scoring_policy>"
        f"<quiz_type>practice_quiz</quiz_type><points_possible>{len(bank.questions)}.0</points_possible>"
        "<allowed_attempts>1</allowed_attempts></quiz>"
    )


def _manifest(quiz: str, pictures: Collection[str]) -> str:
    schema = f"{_CARTRIDGE} http://www.imsglobal.org/xsd/imscp_v1p1.xsd"
    shown = "".join(
        f'<resource identifier="picture-{number}" type="webcontent" href="{PICTURES}/{name}">'
        f'<file href="{PICTURES}/{name}"/></resource>'
        for number, name in enumerate(pictures, 1)
    )
    return (
        f'<manifest identifier="manifest-{quiz}" xmlns="{_CARTRIDGE}" xmlns:xsi="{_XSI}"'
        f"{attributes(xsi__schemaLocation=schema)}>"
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>"
        f'<organizations/><resources><resource identifier="{quiz}" type="imsqti_xmlv1p2">'
        f'<file href="{quiz}/{quiz}.xml"/><dependency identifierref="{quiz}-settings"/></resource>'
        f'<resource identifier="{quiz}-settings" type="associatedcontent/imscc_xmlv1p1/learning-application-resource"'
        f' href="{quiz}/assessment_meta.xml"><file href="{quiz}/assessment_meta.xml"/></resource>{shown}'
        "</resources></manifest>"
    )
