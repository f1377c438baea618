"""Packages of QTI: their order, keywords, pictures and shared texts, and packages that mean harm."""

import base64
import re
import time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.interchange import qti, qti_text
from tests.interchange.qti_samples import (
    canvas,
    choice,
    declared,
    item,
    item_3,
    package,
    picture,
    quiz,
    zipped,
)
from tests.interchange.soundness import is_sound

LOM = "http://ltsc.ieee.org/xsd/LOM"


def manifest(*resources):
    spaces = f'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:lom="{LOM}"'
    return f"<manifest {spaces}><resources>{''.join(resources)}</resources></manifest>"


def resource(href, kind="imsqti_item_xmlv2p1", inside=""):
    return f'<resource identifier="r" type="{kind}" href="{href}">{inside}<file href="{href}"/></resource>'


def keywords(*words, more=""):
    said = "".join(f"<lom:keyword><lom:string>{word}</lom:string></lom:keyword>" for word in words)
    return f"<metadata><lom:lom><lom:general>{said}</lom:general>{more}</lom:lom></metadata>"


def read(data):
    return qti.read(data, "en")


def numbered(number):
    return item(choice(f"Number {number}?"), identifier=f"n{number}")


def stems(reading):
    return [each.stem for each in reading.items]


def test_items_come_in_the_order_of_the_manifest_and_the_rest_by_name():
    files = {f"items/{number}.xml": numbered(number) for number in (1, 2, 3, 4)}
    files["imsmanifest.xml"] = manifest(resource("items/3.xml"), resource("items/1.xml"))
    assert stems(read(zipped(files))) == ["Number 3?", "Number 1?", "Number 2?", "Number 4?"]


def test_a_test_orders_its_items_and_is_none():
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"><testPart><assessmentSection>'
        '<assessmentItemRef identifier="b" href="../items/2.xml"/>'
        '<assessmentItemRef identifier="a" href="../items/1.xml"/>'
        '<assessmentItemRef identifier="c" href="../items/9.xml"/></assessmentSection></testPart></assessmentTest>'
    )
    files = {f"items/{number}.xml": numbered(number) for number in (1, 2, 3)} | {"tests/test.xml": test}
    reading = read(zipped(files))
    assert (stems(reading), reading.notes) == (["Number 2?", "Number 1?", "Number 3?"], ())


def test_a_text_before_a_section_of_a_test_is_told():
    test = (
        "<assessmentTest><testPart><assessmentSection><rubricBlock view='candidate'><p>Read!</p></rubricBlock>"
        "<assessmentItemRef href='a.xml'/></assessmentSection></testPart></assessmentTest>"
    )
    reading = read(package(a_xml=numbered(1), test_xml=test))
    assert [(note.code, str(note.reason)[:9]) for note in reading.notes] == [("not-kept", "test.xml:")]


def test_a_package_in_a_folder_and_the_leftovers_of_a_mac_do_no_harm():
    files = {
        "refunds/imsmanifest.xml": manifest(resource("a.xml")),
        "refunds/a.xml": numbered(1),
        "__MACOSX/refunds/._a.xml": b"\x00\x05",
        "refunds/._b.xml": b"\x00\x05",
    }
    reading = read(zipped(files))
    assert (stems(reading), reading.notes) == (["Number 1?"], ())


def test_files_without_any_manifest_are_read_all_the_same():
    assert stems(read(package(b_xml=numbered(2), a_xml=numbered(1)))) == ["Number 1?", "Number 2?"]
    assert stems(read(zipped({"res00001.dat": quiz(canvas())}))) == ["Which?"]


def test_keywords_in_the_manifest_are_our_own_fields():
    words = keywords(
        "level:3",
        "refunds",
        "use:exam",
        "lesson:refunds/first-steps",
        more="<lom:educational><lom:difficulty/></lom:educational>",
    )
    files = {"a.xml": numbered(1), "imsmanifest.xml": manifest(resource("a.xml", inside=words))}
    reading = read(zipped(files))
    (found,) = reading.items
    assert (found.level, found.tags, found.use, found.lesson) == (
        3,
        ("refunds",),
        "exam",
        "refunds/first-steps",
    )
    assert [(note.code, str(note.reason)[:22]) for note in reading.notes] == [
        ("not-kept", "a.xml: Left out, becau")
    ]


def test_notes_name_the_file_and_the_line_in_it():
    bad = item("<p><textEntryInteraction responseIdentifier='RESPONSE'/></p>")
    reading = read(package(items__b_xml=bad, items__a_xml=item(response=declared())))
    (note,) = reading.notes
    assert (note.line, note.code) == (2, "not-imported")
    assert str(note.reason).startswith("items/b.xml: Not imported: filling in blanks.")
    (found,) = reading.items
    assert (found.line, type(found.line), type(found.notes[0].line)) == (2, int, int)
    assert str(found.notes[0].reason) == "items/a.xml: No right answer was found. Mark it."


def test_a_question_that_stands_in_two_files_names_the_other():
    reading = read(package(a_xml=item(), b_xml=item()))
    assert len(reading.items) == 1
    assert (
        str(reading.notes[0].reason) == "b.xml: The same question stands in line a.xml:2. It is taken once."
    )


def test_canvas_cartridges_hold_a_quiz_twice_and_it_is_read_once():
    files = {
        "i5/assessment_qti.xml": quiz(canvas(ident="cc")),
        "non_cc_assessments/i5.xml.qti": quiz(canvas()),
    }
    assert [each.id for each in read(zipped(files)).items] == ["i201ce"]


# Pictures


def shown(source, text="Look:"):
    return item(f'<p>{text} <img src="{source}" alt="A box"/></p>{choice()}', identifier="_")


@pytest.mark.parametrize(
    "source",
    [
        "../images/red%20box.png",
        "../images/red box.png",
        "../images/red box.png?x=1",
        "../items/../images/red box.png",
    ],
)
def test_a_picture_beside_its_item_is_kept_by_what_it_is(source):
    reading = read(zipped({"items/a.xml": shown(source), "images/red box.png": picture()}))
    ((name, data),) = reading.media.items()
    assert re.fullmatch(r"[0-9a-f]{64}\.png", name)
    assert Image.open(BytesIO(data)).size == (4, 3)
    (found,) = reading.items
    assert (found.stem, found.notes) == (f"Look: ![A box](media:{name})\n\nWhich?", ())


def test_a_picture_shown_twice_is_kept_once():
    shown = '<img src="p.png" alt="P"/>'
    body = f"<p>{shown} {shown.replace('p.png', './p.png')}</p>{choice(options=(shown, 'x'))}"
    reading = read(zipped({"a.xml": item(body, declared("A")), "p.png": picture()}))
    assert len(reading.media) == 1
    assert not reading.items[0].notes


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("images/none.png", "it is not in the file"),
        ("http://evil.example/x.png", "another site"),
        ("//evil.example/x.png", "another site"),
        ("file:///etc/passwd", "another site"),
        ("../../../etc/passwd", "it is not in the file"),
        ("/etc/passwd", "it is not in the file"),
        ("text.png", "it is no PNG"),
        ("", "it is not in the file"),
        ("data:image/png;base64,AAAA", "it is no PNG"),
    ],
)
def test_a_picture_that_cannot_be_kept_makes_a_draft_that_says_why(source, why):
    reading = read(zipped({"a.xml": shown(source), "text.png": b"no picture"}))
    (found,) = reading.items
    assert ([note.code for note in found.notes], found.is_draft) == (["image-left-out"], True)
    assert why in str(found.notes[0].reason)
    assert not reading.media


def test_a_picture_written_into_the_text_is_kept_too():
    source = "data:image/png;base64," + base64.b64encode(picture()).decode()
    reading = read(shown(source))
    assert len(reading.media) == 1
    assert not reading.items[0].notes


@pytest.mark.parametrize("place", ["web_resources/Uploaded Media/p.png", "Uploaded Media/p.png"])
def test_canvas_names_the_folder_of_its_files_in_its_own_way(place):
    stem = '&lt;p&gt;&lt;img src="%24IMS-CC-FILEBASE%24/Uploaded%20Media/p.png?canvas_download=1" alt="P"&gt;&lt;/p&gt;'
    reading = read(zipped({"q/q.xml": quiz(canvas(stem=stem)), place: picture()}))
    assert len(reading.media) == 1
    assert not reading.items[0].notes


def test_pictures_that_are_objects_or_material_are_kept():
    body = f'<object data="p.png" type="image/png">A box</object>{choice()}'
    reading = read(zipped({"a.xml": item(body), "p.png": picture()}))
    assert reading.items[0].stem.startswith("![A box](media:")
    text = canvas().replace(
        "</material>", '</material><material><matimage uri="p.png" label="Box"/></material>', 1
    )
    reading = read(zipped({"a.xml": quiz(text), "p.png": picture()}))
    assert "![Box](media:" in reading.items[0].stem


def test_there_is_an_end_to_pictures(monkeypatch):
    monkeypatch.setattr(qti_text, "MAX_PICTURES", 2)
    files = {f"{n}.png": picture((n, n, n)) for n in range(3)} | {
        f"{n}.xml": shown(f"{n}.png", f"See {n}:") for n in range(3)
    }
    reading = read(zipped(files))
    assert len(reading.media) == 2
    assert "too many pictures" in str(reading.items[2].notes[0].reason)


# Shared texts


def stimulus(body):
    body = f"<qti-stimulus-body>{body}</qti-stimulus-body>"
    opening = '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="S">'
    return f"{opening}{body}</qti-assessment-stimulus>"


def reference(href):
    return f'<qti-assessment-stimulus-ref identifier="S" href="{href}"/>'


def test_a_shared_text_stands_before_the_questions_on_it():
    files = {
        "items/a.xml": item_3("a", reference("../passages/case.xml")),
        "passages/case.xml": stimulus('<p>The case: <img src="p.png" alt="p"/></p>'),
        "passages/p.png": picture(),
    }
    reading = read(zipped(files))
    (found,) = reading.items
    assert re.fullmatch(r"The case: !\[p\]\(media:\w+\.png\)\n\nWhich return an order\?", found.stem)
    assert (found.notes, reading.notes) == ((), ())


@pytest.mark.parametrize(
    "href", ["../passages/none.xml", "../../out.xml", "b.xml", "", "http://evil.example/x.xml"]
)
def test_a_shared_text_that_is_not_there_is_lost_aloud(href):
    reading = read(zipped({"items/a.xml": item_3("a", reference(href)), "items/b.xml": b"<other/>"}))
    (found,) = reading.items
    assert ([note.code for note in found.notes], found.is_draft) == (["lossy"], True)


# Harm


def test_a_document_type_in_an_item_is_refused_and_the_others_are_read():
    evil = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + item(choice("&e;")).decode().split("\n", 1)[1]
    )
    reading = read(zipped({"a.xml": evil, "b.xml": numbered(1)}))
    assert stems(reading) == ["Number 1?"]
    (note,) = reading.notes
    assert (note.code, note.effect) == ("unsafe-file", "error")
    assert str(note.reason).startswith("a.xml: ")
    assert [note.code for note in read(evil.encode()).notes] == ["unsafe-file"]


def test_broken_xml_is_told_with_its_line_and_the_others_are_read():
    reading = read(zipped({"a.xml": b"<assessmentItem>\n<p>", "b.xml": numbered(1)}))
    (note,) = reading.notes
    assert (note.code, note.effect, note.line, stems(reading)) == ("not-readable", "error", 2, ["Number 1?"])


@pytest.mark.parametrize("name", ["../up.xml", "/etc/x.xml", "C:\\x.xml"])
def test_a_zip_that_leads_out_of_itself_is_refused_whole(name):
    reading = read(zipped({name: numbered(1), "b.xml": numbered(2)}))
    assert (reading.items, [note.code for note in reading.notes]) == ((), ["unsafe-file"])


def test_a_zip_of_zips_is_not_opened():
    reading = read(zipped({"inner.zip": zipped({"a.xml": numbered(1)})}))
    assert [note.code for note in reading.notes] == ["no-questions"]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(500)])
def test_a_damaged_zip_is_told(data):
    assert {note.code for note in read(data).notes} <= {"not-readable", "no-questions"}
    assert read(data).notes


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("../../etc/passwd", "outside of the package"),
        ("/etc/passwd", "outside"),
        ("none.xml", "is not in the package"),
    ],
)
def test_a_manifest_that_points_elsewhere_is_told(href, why):
    reading = read(zipped({"imsmanifest.xml": manifest(resource(href)), "a.xml": numbered(1)}))
    assert stems(reading) == ["Number 1?"]
    assert [note.code for note in reading.notes] == ["not-imported"]
    assert why in str(reading.notes[0].reason)


def test_a_manifest_of_thousands_of_files_that_are_not_there_is_told_briefly():
    reading = read(zipped({"imsmanifest.xml": manifest(*(resource(f"{n}.xml") for n in range(5000)))}))
    assert len(reading.notes) < 30


def test_there_is_an_end_to_xml(monkeypatch):
    monkeypatch.setattr(qti, "MAX_XML", len(numbered(1)) * 2 + 5)
    reading = read(zipped({f"{n}.xml": numbered(n) for n in (1, 2, 3)}))
    assert (len(reading.items), [note.code for note in reading.notes]) == (2, ["unsafe-file"])


@pytest.mark.parametrize(
    "tag", ["section", "item", "presentation", "flow", "material", "and", "not", "or", "div", "p"]
)
def test_deep_nesting_is_told_or_read(tag):
    deep = f"<questestinterop>{f'<{tag}>' * 140}{f'</{tag}>' * 140}</questestinterop>"
    assert read(deep.encode()).notes
    assert [note.code for note in read(deep.replace(f"<{tag}>", f"<{tag}>" * 400).encode()).notes] != []


def test_as_many_items_as_one_likes_take_no_time():
    data = b"<questestinterop>" + b"<item/>" * 30_000 + b"</questestinterop>"
    began = time.process_time()
    assert len(read(data).notes) < 10_010
    assert time.process_time() - began < 3


def test_as_many_options_and_feedbacks_as_one_likes_take_no_time():
    many = 3_000
    options = "".join(f'<simpleChoice identifier="x{n}">{n}</simpleChoice>' for n in range(many))
    feedbacks = "".join(
        f'<modalFeedback identifier="x{n}" outcomeIdentifier="F">{n}</modalFeedback>' for n in range(many)
    )
    keys = declared(*(f"x{n}" for n in range(many)), cardinality="multiple")
    began = time.process_time()
    (found,) = read(item(choice(most="0", more=options), keys, feedbacks)).items
    assert time.process_time() - began < 3
    assert found.is_draft


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.builds(lambda data: b"PK\x03\x04" + data, st.binary(max_size=200)))
def test_no_bytes_raise(data):
    assert read(data).notes


TOKENS = [
    "<item>", "</item>", '<item ident="a">', "<presentation>", "</presentation>", "<section>", "</section>",
    '<response_lid ident="r" rcardinality="Multiple">', "</response_lid>", "<render_choice>", "</render_choice>",
    '<response_label ident="a">', "</response_label>", "<material>", "</material>", "<mattext>", "</mattext>", "a",
    "<resprocessing>", "</resprocessing>", "<respcondition>", "</respcondition>", "<conditionvar>", "</conditionvar>",
    '<varequal respident="r">', "</varequal>", "<and>", "</and>", "<not>", "</not>", "<or>", "</or>", "<other/>",
    '<setvar action="Add">', "</setvar>", "1", "-", "<itemfeedback ident='general_fb'>", "</itemfeedback>", "&amp;",
    "<itembody>", "</itembody>", '<choiceInteraction responseIdentifier="R">', "</choiceInteraction>", "<prompt/>",
    '<simpleChoice identifier="A">', "</simpleChoice>", '<responseDeclaration identifier="R">', "<correctResponse>",
    "</responseDeclaration>", "</correctResponse>", "<value>", "</value>", "<mapping>", "</mapping>", '<img src="x"/>',
]  # fmt: skip


@st.composite
def trees(draw, depth=3):
    """XML made of the format's own elements, closed as it should be."""
    token = draw(st.sampled_from([token for token in TOKENS if not token.startswith("</")]))
    if not token.startswith("<") or token.endswith("/>"):
        return token
    inner = "".join(draw(st.lists(trees(depth - 1), max_size=3))) if depth else ""
    name = re.match(r"<(\w+)", token).group(1)
    return f"{token}{inner}</{name}>"


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["questestinterop", "assessmentItem", "qti-assessment-item", "manifest", "item"]),
    st.lists(trees(), max_size=5),
)
def test_no_arrangement_of_its_elements_raises(root, inner):
    data = f"<{root}>{''.join(inner)}</{root}>".encode()
    assert is_sound(read(data))
    assert is_sound(read(zipped({"imsmanifest.xml": data, "a.xml": data})))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_no_text_of_its_own_marks_raises(tokens):
    assert is_sound(read("<questestinterop>{}</questestinterop>".format("".join(tokens)).encode()))
