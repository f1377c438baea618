"""Writing QTI packages: what comes back, and what Canvas and the specifications want to find in them."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange import media, qti
from lms.interchange.exporting import export
from lms.interchange.items import question_of
from lms.interchange.plain import to_markdown
from lms.interchange.qti_html import xhtml
from lms.interchange.qti_write import VERSIONS, write
from lms.interchange.records import BankText, QuestionText, Wording, tidy
from tests.interchange.banks_to_write import banks, texts
from tests.interchange.qti_samples import picture

every_version = pytest.mark.parametrize("version", VERSIONS)

WHOLE = QuestionText(
    "step-in",
    "single",
    ("b",),
    Wording("When is 5*3 < 4 & so?", ("At once", "<b>After</b> 72 hours", "Never"), "Because.\n\nReally."),
    level=2,
    tags=("refunds", "escalation"),
    lesson="refunds/when-to-step-in",
    objective="window",
    use="exam",
    shuffle=False,
)


def bank(*questions, language="en", title="Refunds & more"):
    return BankText("refunds", language, title, "tools-process", questions)


def back(written):
    """The questions that a package gives back, and what is said about them."""
    reading = qti.read(written, "en")
    found = tuple(replace(question_of(item), line=0) for item in reading.items)
    return found, [note.code for note in reading.all_notes]


def files(written):
    with ZipFile(BytesIO(written)) as file:
        return {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}


@every_version
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"shuffle": None, "level": None, "tags": None, "lesson": None, "objective": None, "use": None},
        {"shuffle": True, "use": "practice", "level": 1},
        {"type": "multiple", "keys": ("a", "c")},
        {"wording": Wording("是吗？", ("对", "错")), "type": "true_false", "shuffle": None},
        {"wording": Wording("So?", ("√", "×")), "type": "true_false", "shuffle": None},
        {"wording": Wording("So?", ("True", "False")), "type": "true_false", "shuffle": None},
        {"wording": Wording("So?", ("Ja", "Nein")), "type": "true_false", "shuffle": None},
        {"wording": Wording("So?", ("True", "False")), "type": "single"},
        {
            "wording": Wording(
                "**Bold**\n\n- one\n- two\n\n1. first\n2. second", ("*so*", "`x < y`", "[a](https://e.com/b)")
            )
        },
        {"wording": Wording("| a | b |\n| --- | --- |\n| 1 | 2 |", ("One\n\nTwo", "Three"), "- x\n- y")},
        {"wording": Wording("What?", tuple(f"Option {n}" for n in range(10)))},
        {"id": "2-keys"},
    ],
)
def test_a_question_comes_back_as_it_was(changes, version):
    question = replace(WHOLE, **changes)
    assert back(write(bank(question), version=version)) == ((question,), [])


@every_version
def test_several_with_one_key_comes_back_as_that_and_is_warned_of(version):
    question = replace(WHOLE, type="multiple")
    assert back(write(bank(question), version=version)) == ((question,), ["one-key"])


def without_runs_of_spaces(text):
    """Texts that HTML shows as they are: it makes one space of several, and shows no letters without width."""
    lines = (re.sub("[ \t\xa0\xad\u200b\ufeff]+", " ", line).strip() for line in text.split("\n"))
    return to_markdown(tidy(re.sub("[\ue000\ue001\ufffe\uffff]", "", "\n".join(filter(None, lines)))))


shown = texts("<>&\"']]>{}").map(without_runs_of_spaces).filter(bool)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=12, deadline=None)
@given(written=banks(shown))
def test_any_bank_of_plain_texts_comes_back(version, written):
    questions = tuple(
        replace(each, type="multiple") if len(each.keys) > 1 else each for each in unlike(written.questions)
    )
    found, _codes = back(write(replace(written, questions=questions), version=version))
    assert found == questions


def unlike(questions):
    """Questions of different texts: a file that asks the same twice is another matter."""
    return {" ".join(each.wording.stem.casefold().split()): each for each in questions}.values()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_any_markdown_becomes_well_formed_xhtml(text):
    root = ElementTree.fromstring(f"<x>{xhtml(text, 'en', lambda _name: None)}</x>")
    assert "script" not in {each.tag for each in root.iter()}


def test_the_products_own_blocks_become_what_qti_has():
    chat = "```chat\ncustomer 20:14:05 | Is it?\nagent 20:14:11 | Yes.\n```"
    text = f"{chat}\n\n/// think | What first?\nAsk.\n///\n\n[x](lesson:a/b)"
    made = xhtml(text, "en", lambda _name: None)
    root = ElementTree.fromstring(f"<x>{made}</x>")
    assert {each.tag for each in root.iter()} <= {"x", "div", "p", "strong", "span", "a"}
    assert "href" not in made
    assert "Customer" in made


@every_version
def test_pictures_go_along_and_come_back(version):
    name, data = media.keep(picture())
    question = replace(
        WHOLE, wording=Wording(f"See ![a \\[box\\] & more](media:{name})", ("x", f"![](media:{name})", "z"))
    )
    written = write(bank(question), {name: data, "f" * 64 + ".png": b"of another bank"}, version=version)
    reading = qti.read(written, "en")
    assert (question_of(reading.items[0]).wording, reading.media) == (question.wording, {name: data})
    with ZipFile(BytesIO(written)) as file:
        assert sum(each.endswith(".png") for each in file.namelist()) == 1


@every_version
def test_a_picture_that_is_not_there_leaves_its_words(version):
    question = replace(WHOLE, wording=Wording(f"See ![a box](media:{'a' * 64}.png)", ("x", "y")))
    (found,), codes = back(write(bank(question), version=version))
    assert (found.wording.stem, codes) == ("See a box", [])


@every_version
def test_the_same_bank_gives_the_same_bytes(version):
    assert write(bank(WHOLE), version=version) == write(bank(WHOLE), version=version)


@every_version
def test_characters_that_no_xml_has_are_left_out(version):
    question = replace(WHOLE, wording=Wording("a\x01b\ufffec\ud800d", ("x\x00", "y\x1b"), "z\uffff"))
    (found,), _codes = back(write(bank(question, title="t\x02"), version=version))
    assert found.wording == Wording("abcd", ("x", "y"), "z")


@every_version
def test_nothing_in_a_text_gets_out_of_it(version):
    evil = '</p></mattext></item>]]>"\'<script>alert(1)</script><item x="&'
    question = replace(WHOLE, wording=Wording(to_markdown(evil), (to_markdown(evil), "y"), to_markdown(evil)))
    assert back(write(bank(question, title=evil), version=version)) == ((question,), [])


@every_version
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_bank_is_a_package_without_questions(language, version):
    assert back(write(bank(language=language, title=""), version=version)) == ((), ["no-questions"])


def test_canvas_finds_what_it_wants():
    several = replace(
        WHOLE, id="several", type="multiple", keys=("a", "c"), wording=Wording("Which?", ("x", "y", "z"))
    )
    fact = replace(WHOLE, id="fact", type="true_false", wording=Wording("So?", ("True", "False")))
    found = files(write(bank(WHOLE, several, fact), version="1.2"))
    quiz = found["bank-refunds-en/bank-refunds-en.xml"]
    entries = re.findall("<fieldlabel>question_type</fieldlabel><fieldentry>(.*?)</fieldentry>", quiz)
    assert entries == ["multiple_choice_question", "multiple_answers_question", "true_false_question"]
    assert quiz.count("<fieldlabel>points_possible</fieldlabel><fieldentry>1.0</fieldentry>") == 3
    assert (
        '<and><varequal respident="response1">several-a</varequal>'
        '<not><varequal respident="response1">several-b</varequal></not>'
        '<varequal respident="response1">several-c</varequal></and>'
    ) in quiz
    assert quiz.count('<setvar action="Set" varname="SCORE">100</setvar>') == 3
    assert 'type="imsqti_xmlv1p2"' in found["imsmanifest.xml"]
    assert "<title>Refunds &amp; more</title>" in found["bank-refunds-en/assessment_meta.xml"]


@pytest.mark.parametrize(
    ("version", "namespace", "kind", "tag"),
    [
        ("2.1", "imsqti_v2p1", "imsqti_item_xmlv2p1", "assessmentItem"),
        ("2.2", "imsqti_v2p2", "imsqti_item_xmlv2p2", "assessmentItem"),
        ("3.0", "imsqtiasi_v3p0", "imsqti_item_xmlv3p0", "qti-assessment-item"),
    ],
)
def test_items_are_in_the_namespace_and_spelling_of_their_version(version, namespace, kind, tag):
    found = files(write(bank(WHOLE), version=version))
    root = ElementTree.fromstring(found["items/step-in.xml"])
    assert root.tag == f"{{http://www.imsglobal.org/xsd/{namespace}}}{tag}"
    assert kind in found["imsmanifest.xml"]
    names = {each.tag.rpartition("}")[2] for each in root.iter()} - {"p", "strong"}
    keys = {key for each in root.iter() for key in each.attrib if not key.startswith("{")}
    if version == "3.0":
        assert all(name.startswith("qti-") and name.islower() for name in names)
        assert all(key.islower() for key in keys)
        assert root.find(".//{*}qti-modal-feedback/{*}qti-content-body/{*}p") is not None
    else:
        assert not any("-" in name for name in names | keys)
        assert {"choiceInteraction", "simpleChoice", "modalFeedback", "prompt"} <= names


@every_version
def test_the_exporter_knows_every_version(version):
    format = "qti" if version == "2.1" else f"qti-{version}"
    made = export(bank(WHOLE), format)
    assert back(made.data) == ((WHOLE,), [])


@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_a_package_of_as_many_questions_as_are_read_comes_back_whole(version):
    some = [replace(WHOLE, id=f"q-{at}", wording=replace(WHOLE.wording, stem=f"Which {at}?")) for at in range(2_500)]
    found = qti.read(write(bank(*some), version=version), "en")
    assert ([note.code for note in found.notes], len(found.items)) == ([], 2_500)
