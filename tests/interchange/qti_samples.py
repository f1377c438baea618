"""QTI files as the systems in use write them, small: their shapes are real, their questions are ours."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image


def package(**files):
    """A zip of files by name; `__` in a name is `/`, `_xml` at its end `.xml`, `_png` `.png`."""
    return zipped(
        {
            name.replace("__", "/").replace("_xml", ".xml").replace("_png", ".png"): files[name]
            for name in files
        }
    )


def zipped(files):
    """A zip of files by name."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return stream.getvalue()


def picture(colour=(200, 30, 30), size=(4, 3)):
    """A small PNG."""
    stream = BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


# QTI 1.2


def quiz(*items, attributes="", before=""):
    """A `questestinterop` as Canvas writes it, items on lines of their own from line 3."""
    body = "\n".join(items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment ident="i1" title="Quiz"><section ident="root_section"{attributes}>{before}\n{body}\n'
        "</section></assessment></questestinterop>"
    ).encode()


def meta(**fields):
    """`itemmetadata` of fields."""
    rows = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for name, value in fields.items()
    )
    return f"<itemmetadata><qtimetadata>{rows}</qtimetadata></itemmetadata>" if rows else ""


def canvas(
    *,
    ident="i201ce",
    stem="&lt;div&gt;&lt;p&gt;Which?&lt;/p&gt;&lt;/div&gt;",
    options=("One", "Two", "Three"),
    cardinality="Single",
    scoring='<respcondition continue="No"><conditionvar><varequal respident="response1">4245</varequal></conditionvar>'
    '<setvar action="Set" varname="SCORE">100</setvar></respcondition>',
    feedback="",
    **fields,
):
    """An item as Canvas writes it: options 4155, 4245, 6991, 1939 in a `response_lid`."""
    fields = {"question_type": "multiple_choice_question", "points_possible": "1.0"} | fields
    labels = "".join(
        f'<response_label ident="{ident}"><material><mattext texttype="text/plain">{text}</mattext></material>'
        "</response_label>"
        for ident, text in zip(("4155", "4245", "6991", "1939"), options, strict=False)
    )
    return (
        f'<item ident="{ident}" title="Question">{meta(**fields)}<presentation><material>'
        f'<mattext texttype="text/html">{stem}</mattext></material>'
        f'<response_lid ident="response1" rcardinality="{cardinality}"><render_choice>{labels}</render_choice>'
        '</response_lid></presentation><resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE"'
        f' vartype="Decimal"/></outcomes>{scoring}</resprocessing>{feedback}</item>'
    )


CANVAS_SEVERAL = (
    '<respcondition continue="No"><conditionvar><and><varequal respident="response1">4155</varequal>'
    '<not><varequal respident="response1">4245</varequal></not><varequal respident="response1">6991</varequal></and>'
    '</conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition>'
)


def respondus(points, cardinality="Multiple"):
    """Conditions as Respondus and WebCT write them: points added for each option."""
    return "".join(
        f'<respcondition><conditionvar><varequal respident="response1">{ident}</varequal></conditionvar>'
        f'<setvar varname="SCORE" action="Add">{value}</setvar></respcondition>'
        for ident, value in points.items()
    )


def feedback(**texts):
    """`itemfeedback` of texts by ident."""
    return "".join(
        f'<itemfeedback ident="{name}"><flow_mat><material><mattext texttype="text/html">&lt;p&gt;{text}&lt;/p&gt;'
        "</mattext></material></flow_mat></itemfeedback>"
        for name, text in texts.items()
    )


BLACKBOARD = b"""<?xml version="1.0" encoding="UTF-8"?>
<questestinterop><assessment title="Pool"><section><sectionmetadata/>
<item maxattempts="0"><itemmetadata><bbmd_asi_object_id>E03EE003</bbmd_asi_object_id>
<bbmd_questiontype>Multiple Answer</bbmd_questiontype><qmd_levelofdifficulty>School</qmd_levelofdifficulty>
</itemmetadata><presentation><flow class="Block"><flow class="QUESTION_BLOCK"><flow class="FORMATTED_TEXT_BLOCK">
<material><mat_extension>
<mat_formattedtext type="HTML">&lt;span style="font-size:12pt"&gt;Which are
&lt;b&gt;returns&lt;/b&gt;?&lt;/span&gt;</mat_formattedtext>
</mat_extension></material></flow>
<flow class="FILE_BLOCK"><material/></flow><flow class="LINK_BLOCK"><material>
<mattext charset="us-ascii" texttype="text/plain" uri="" xml:space="default"/></material></flow></flow>
<flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="Multiple" rtiming="No">
<render_choice maxnumber="0" minnumber="0" shuffle="No">
<flow_label class="Block"><response_label ident="AAA" rarea="Ellipse" rrange="Exact" shuffle="Yes">
<flow_mat class="FORMATTED_TEXT_BLOCK"><material><mat_extension>
<mat_formattedtext type="SMART_TEXT">Damaged 5*3</mat_formattedtext></mat_extension></material></flow_mat>
</response_label></flow_label>
<flow_label class="Block"><response_label ident="BBB" rarea="Ellipse" rrange="Exact" shuffle="Yes">
<flow_mat class="FORMATTED_TEXT_BLOCK"><material><mat_extension>
<mat_formattedtext type="SMART_TEXT">Sold out</mat_formattedtext></mat_extension></material></flow_mat>
</response_label></flow_label>
<flow_label class="Block"><response_label ident="CCC" rarea="Ellipse" rrange="Exact" shuffle="Yes">
<flow_mat class="FORMATTED_TEXT_BLOCK"><material><mat_extension>
<mat_formattedtext type="HTML">&lt;p&gt;Wrong size&lt;/p&gt;</mat_formattedtext></mat_extension></material>
</flow_mat></response_label></flow_label>
</render_choice></response_lid></flow></flow></presentation>
<resprocessing scoremodel="SumOfScores"><outcomes>
<decvar defaultval="0.0" maxvalue="1.0" minvalue="0.0" varname="SCORE" vartype="Decimal"/></outcomes>
<respcondition title="correct"><conditionvar><and><varequal case="No" respident="response">AAA</varequal><not>
<varequal case="No" respident="response">BBB</varequal></not>
<varequal case="No" respident="response">CCC</varequal></and></conditionvar>
<setvar action="Set" variablename="SCORE">SCORE.max</setvar>
<displayfeedback feedbacktype="Response" linkrefid="correct"/></respcondition>
<respcondition title="incorrect"><conditionvar><other/></conditionvar>
<setvar action="Set" variablename="SCORE">0.0</setvar>
<displayfeedback feedbacktype="Response" linkrefid="incorrect"/></respcondition>
<respcondition><conditionvar><varequal respident="AAA" case="No"/></conditionvar>
<setvar variablename="SCORE" action="Set">100</setvar></respcondition>
<respcondition><conditionvar><varequal respident="BBB" case="No"/></conditionvar>
<setvar variablename="SCORE" action="Set">0</setvar></respcondition>
</resprocessing>
<itemfeedback ident="correct" view="All"><flow_mat class="Block"><material><mat_extension>
<mat_formattedtext type="HTML">Size and damage count.</mat_formattedtext></mat_extension></material></flow_mat>
</itemfeedback>
<itemfeedback ident="incorrect" view="All"><flow_mat class="Block"><material><mat_extension>
<mat_formattedtext type="HTML">Size and damage count.</mat_formattedtext></mat_extension></material></flow_mat>
</itemfeedback>
</item></section></assessment></questestinterop>"""


# QTI 2.x and 3.0

NAMESPACES = {
    "2.0": "http://www.imsglobal.org/xsd/imsqti_v2p0",
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
}


def choice(prompt="Which?", options=("One", "Two", "Three"), most="1", shuffle="true", more=""):
    """A choice interaction of options A, B, C..."""
    choices = "".join(
        f'<simpleChoice identifier="{letter}">{text}</simpleChoice>'
        for letter, text in zip("ABCDEFGH", options, strict=False)
    )
    return (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{most}">'
        f"<prompt>{prompt}</prompt>{choices}{more}</choiceInteraction>"
    )


def declared(*keys, cardinality="single", mapping=""):
    """A response declaration with right answers."""
    values = "".join(f"<value>{key}</value>" for key in keys)
    correct = f"<correctResponse>{values}</correctResponse>" if keys else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">{correct}'
        f"{mapping}</responseDeclaration>"
    )


def item(body="", response=None, after="", version="2.1", identifier="step-in", attributes="", before=""):
    """An `assessmentItem`."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<assessmentItem xmlns="{NAMESPACES[version]}" identifier="{identifier}" title="T" adaptive="false"'
        f' timeDependent="false"{attributes}>{declared("B") if response is None else response}'
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"{before}<itemBody>{body or choice()}</itemBody>"
        '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
        f"{after}</assessmentItem>"
    ).encode()


def item_3(identifier="step-in", stimulus="", body="", feedback=""):
    """A `qti-assessment-item`."""
    body = body or (
        '<qti-choice-interaction response-identifier="RESPONSE" min-choices="1" max-choices="6">'
        "<qti-prompt>Which return an order?</qti-prompt>"
        '<qti-simple-choice identifier="H">Damage</qti-simple-choice>'
        '<qti-simple-choice identifier="He">Colour</qti-simple-choice>'
        '<qti-simple-choice identifier="O">Size</qti-simple-choice></qti-choice-interaction>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" time-dependent="false"'
        f' identifier="{identifier}" title="T" xml:lang="en-US">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">'
        "<qti-correct-response><qti-value>H</qti-value><qti-value>O</qti-value></qti-correct-response>"
        "</qti-response-declaration>"
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        f"{stimulus}<qti-item-body>{body}</qti-item-body><qti-response-processing"
        ' template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>'
        f"{feedback}</qti-assessment-item>"
    ).encode()
