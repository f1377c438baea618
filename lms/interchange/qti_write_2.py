"""Items, test and manifest of QTI 2.1, 2.2 and 3.0: one file an item. 3.0 spells 2.2 with hyphens and `qti-`."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from lms.interchange.attributes import as_tags
from lms.interchange.qti_html import attributes, legal, one_line, xhtml
from lms.interchange.qti_package import MANIFEST
from lms.interchange.qti_parts import cardinality_of, read_type, shuffles
from lms.interchange.records import MULTIPLE, BankText, QuestionText
from lms.interchange.source import is_slug
from lms.markup import plain

PICTURES = "images"
_TEST = "assessment.xml"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_LANGUAGES = {"en": "en", "zh": "zh-Hans"}
_TITLE = 80


class _Version(NamedTuple):
    """Namespaces and names of a version."""

    items: str
    schema: str
    package: str
    package_schema: str
    package_name: str
    package_version: str
    template: str
    suffix: str


_PURL = "https://purl.imsglobal.org/spec/qti/v3p0"
_VERSIONS = {
    "2.1": _Version(
        "http://www.imsglobal.org/xsd/imsqti_v2p1",
        "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
        "QTIv2.1 Package",
        "1.0.0",
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
        "v2p1",
    ),
    "2.2": _Version(
        "http://www.imsglobal.org/xsd/imsqti_v2p2",
        "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
        "QTIv2.2 Package",
        "1.0.0",
        "http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct",
        "v2p2",
    ),
    "3.0": _Version(
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        f"{_PURL}/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        f"{_PURL}/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
        "QTI Package",
        "3.0.0",
        f"{_PURL}/rptemplates/match_correct",
        "v3p0",
    ),
}


def files(bank: BankText, pictures: Collection[str], version: str) -> dict[str, bytes]:
    """The XML files of a package by name. `pictures` are those that it will hold."""
    names = _VERSIONS[version]
    spell = _hyphened if version == "3.0" else str
    texts = {_file(each): spell(_item(bank, each, names, pictures, version)) for each in bank.questions}
    texts[_TEST] = spell(_test(bank, names))
    texts[MANIFEST] = _manifest(bank, names, pictures)
    return {
        name: f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode() for name, text in texts.items()
    }


def _file(question: QuestionText) -> str:
    return f"items/{question.id}.xml"


def identifier(id: str) -> str:
    """The id as an identifier of QTI, which must not begin with a digit."""
    return f"_{id}" if is_slug(id) and id[0].isdigit() else id


def _root(tag: str, names: _Version, **more: str) -> str:
    schema = attributes(xsi__schemaLocation=f"{names.items} {names.schema}")
    return f'<{tag} xmlns="{names.items}" xmlns:xsi="{_XSI}"{schema}{attributes(**more)}'


def _item(
    bank: BankText, question: QuestionText, names: _Version, pictures: Collection[str], version: str
) -> str:
    wording, is_multiple = question.wording, question.type == MULTIPLE

    def show(text: str) -> str:
        return xhtml(text, bank.language, lambda name: f"../{PICTURES}/{name}" if name in pictures else None)

    keys = "".join(f"<value>{key.upper()}</value>" for key in question.keys)
    choices = "".join(
        f'<simpleChoice identifier="{letter}">{_inline(option, show(option))}</simpleChoice>'
        for letter, option in zip("ABCDEFGHIJ", wording.options, strict=False)
    )
    prompt = one_line(wording.stem)
    before = "" if prompt else show(wording.stem)
    prompt = f"<prompt>{escape(prompt)}</prompt>" if prompt else ""
    shuffle = "true" if shuffles(question) else "false"
    most, cardinality = ("0", "multiple") if is_multiple else ("1", "single")
    feedback, outcome = _feedback(show(wording.explanation), version)
    title = plain(show(wording.stem), _TITLE)
    opening = _root("assessmentItem", names, identifier=identifier(question.id), title=title or question.id)
    return (
        f'{opening} adaptive="false" timeDependent="false" xml:lang="{_LANGUAGES[bank.language]}">'
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">'
        f"<correctResponse>{keys}</correctResponse></responseDeclaration>"
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">'
        f"<defaultValue><value>0</value></defaultValue></outcomeDeclaration>{outcome}"
        f'<itemBody>{before}<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}"'
        f' maxChoices="{most}">{prompt}{choices}</choiceInteraction></itemBody>'
        f'<responseProcessing template="{names.template}"/>{feedback}</assessmentItem>'
    )


def _inline(text: str, shown: str) -> str:
    line = one_line(text)
    return shown if line is None else escape(line)


def _feedback(shown: str, version: str) -> tuple[str, str]:
    """An explanation, shown after any answer because its outcome is set from the beginning."""
    if not shown:
        return "", ""
    body = f"<contentBody>{shown}</contentBody>" if version == "3.0" else shown
    return (
        f'<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="general">{body}</modalFeedback>',
        '<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier">'
        "<defaultValue><value>general</value></defaultValue></outcomeDeclaration>",
    )


def _test(bank: BankText, names: _Version) -> str:
    title = bank.title or bank.bank
    references = "".join(
        f'<assessmentItemRef identifier="{identifier(each.id)}" href="{_file(each)}"/>'
        for each in bank.questions
    )
    return (
        f"{_root('assessmentTest', names, identifier=_test_id(bank), title=title)}>"
        '<testPart identifier="part" navigationMode="nonlinear" submissionMode="simultaneous">'
        f'<assessmentSection identifier="section"{attributes(title=title)} visible="true">{references}'
        "</assessmentSection></testPart></assessmentTest>"
    )


def _test_id(bank: BankText) -> str:
    return f"bank-{bank.bank}-{bank.language}"


def _manifest(bank: BankText, names: _Version, pictures: Collection[str]) -> str:
    kinds = names.suffix
    items = "".join(
        f'<resource identifier="item-{each.id}" type="imsqti_item_xml{kinds}" href="{_file(each)}">'
        f"{_keywords(bank, each)}{_files([_file(each), *_own(each, pictures)])}</resource>"
        for each in bank.questions
    )
    depends = "".join(f'<dependency identifierref="item-{each.id}"/>' for each in bank.questions)
    return (
        f'<manifest xmlns="{names.package}" xmlns:lom="{_LOM}" xmlns:xsi="{_XSI}"'
        f"{attributes(xsi__schemaLocation=f'{names.package} {names.package_schema}')}"
        f' identifier="manifest-{_test_id(bank)}"><metadata><schema>{names.package_name}</schema>'
        f"<schemaversion>{names.package_version}</schemaversion></metadata><organizations/><resources>"
        f'<resource identifier="{_test_id(bank)}" type="imsqti_test_xml{kinds}" href="{_TEST}">'
        f"{_files([_TEST])}{depends}</resource>{items}</resources></manifest>"
    )


def _files(names: Sequence[str]) -> str:
    return "".join(f'<file href="{name}"/>' for name in names)


def _own(question: QuestionText, pictures: Collection[str]) -> list[str]:
    wording = question.wording
    texts = "".join((wording.stem, *wording.options, wording.explanation))
    return [f"{PICTURES}/{name}" for name in pictures if name in texts]


def _keywords(bank: BankText, question: QuestionText) -> str:
    words = as_tags(question, read_type(question.wording.options, cardinality_of(question.type)))
    language = f'language="{_LANGUAGES[bank.language]}"'
    said = "".join(
        f"<lom:keyword><lom:string {language}>{escape(legal(word))}</lom:string></lom:keyword>"
        for word in words
    )
    return f"<metadata><lom:lom><lom:general>{said}</lom:general></lom:lom></metadata>" if said else ""


# Names of QTI and the attributes on them; everything else in an item is XHTML, which 3.0 leaves as it is.
_OWN = re.compile(
    r"<(/?)((?:assessment|response|outcome|correct|default|item|choice|simple|modal|content|test)[A-Z]\w*|value|prompt)\b"
    r"([^>]*)>"
)
_NAME = re.compile(r'([\w:]+)(="[^"]*"|=\'[^\']*\')')


def _hyphened(text: str) -> str:
    """An item or a test of 2.2 as 3.0 spells it."""

    def tag(match: re.Match[str]) -> str:
        slash, name, rest = match.groups()
        return f"<{slash}qti-{_hyphens(name)}{_NAME.sub(lambda each: _attribute(*each.groups()), rest)}>"

    return _OWN.sub(tag, text)


def _attribute(name: str, value: str) -> str:
    return (name if ":" in name or name == "xmlns" else _hyphens(name)) + value


def _hyphens(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "-" + letter.group().lower(), name)
