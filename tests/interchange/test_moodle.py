"""Moodle XML: what Moodle writes is read without guessing; what we write, Moodle would take and we read back."""

import re
import time
from base64 import b64encode
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.interchange import media
from lms.interchange.items import question_of
from lms.interchange.moodle import read, write
from lms.interchange.reading import ERROR
from lms.interchange.records import BankText, QuestionText, Wording
from lms.interchange.xml_safe import parse
from tests.interchange.banks_to_write import banks, plain, texts
from tests.interchange.soundness import is_sound

EXPORT = Path(__file__).with_name("moodle_export.xml").read_bytes()
MARKS = "<>&\"'*_`[]()#!\\\n-|~$@:/{}"
# question/engine/bank.php: what an answer may earn
GRADES = [100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5,
          11.11111, 10, 5, 0]  # fmt: skip


def question(
    inside="", type="multichoice", text="<p>When?</p>", answers=("100 Now", "0 Later"), format="html"
):
    made = "".join(
        f'<answer fraction="{each.partition(" ")[0]}"><text>{escape(each.partition(" ")[2])}</text></answer>'
        for each in answers
    )
    return (
        f'<question type="{type}"><name><text>A name</text></name>'
        f'<questiontext format="{format}"><text>{escape(text)}</text></questiontext>{inside}{made}</question>'
    )


def quiz(*questions):
    return f"<quiz>{''.join(questions)}</quiz>".encode()


def one(*args, **options):
    """The only question of a file and the codes of what is said about it and the file."""
    reading = read(quiz(question(*args, **options)), "en")
    (item,) = reading.items
    return item, [each.code for each in reading.all_notes]


def picture(colour="red", format="PNG", size=(3, 2)):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, format)
    return out.getvalue()


# What Moodle writes


def test_an_export_of_moodle_is_read_whole():
    reading = read(EXPORT, "en")
    step_in, check, pays = reading.items
    ((name, drawn),) = reading.media.items()
    assert media.keep(drawn) == (name, drawn)
    assert (
        step_in.stem
        == f"When may a buyer ask the **platform** to step in?\n\n![The order page](media:{name})"
    )
    assert step_in.options == ("At once", "72 hours after applying", "Only after the order closes")
    assert (step_in.keys, step_in.type, step_in.id, step_in.line) == (("b",), "single", "step-in-window", 15)
    assert (step_in.level, step_in.tags, step_in.shuffle) == (2, ("refunds",), None)
    assert step_in.explanation == "The seller has 72 hours to answer."
    assert check.stem == "发货前要核对哪些信息？\n\n（多选）"
    assert (check.keys, check.type, check.shuffle) == (("a", "b", "c"), "multiple", False)
    assert check.id.startswith("q-")
    assert (pays.options, pays.keys, pays.type, pays.id) == (
        ("True", "False"),
        ("b",),
        "true_false",
        "pays-return",
    )


def test_what_of_it_is_not_taken_is_named_with_its_line():
    said = [(each.line, each.code, str(each.reason)) for each in read(EXPORT, "en").all_notes]
    assert [(line, code) for line, code, _ in said] == [
        (15, "not-kept"), (15, "not-kept"), (15, "not-kept"), (15, "value-ignored"), (77, "not-kept"),
        (77, "not-kept"), (77, "not-kept"), (77, "value-ignored"), (134, "not-imported"), (139, "not-imported"),
        (144, "not-imported"),
    ]  # fmt: skip
    for line, words in ((15, "feedback on single"), (15, "hints"), (15, "售后"), (77, "Q-0012"), (77, "minus marks"),
                        (134, "an essay"), (139, "words to drag"), (144, "“coderunner”")):  # fmt: skip
        assert any(each[0] == line and words in each[2] for each in said), words


def test_true_and_false_are_shown_in_the_language_of_the_bank():
    assert read(EXPORT, "zh").items[2].options == ("正确", "错误")


def test_an_old_true_false_question_keeps_the_words_it_was_shown_with():
    item, codes = one(type="truefalse", answers=("0 Verdadero", "100 Falso"))
    assert (item.options, item.keys, item.type, codes) == (("Verdadero", "Falso"), ("b",), "true_false", [])


# Right answers are never guessed


@pytest.mark.parametrize(
    ("single", "answers", "type", "keys", "codes"),
    [
        ("true", ("100 A", "0 B"), "single", ("a",), []),
        ("1", ("0 A", "100.0000000 B"), "single", ("b",), []),
        ("true", ("100 A", "50 B", "0 C"), "single", ("a",), ["not-kept"]),
        ("true", ("100 A", "100 B", "0 C"), "single", ("a", "b"), ["two-keys"]),
        ("true", ("50 A", "50 B", "0 C"), "single", ("a", "b"), ["two-keys"]),
        ("true", ("0 A", "0 B"), "single", (), ["no-key"]),
        ("true", ("100 是", "0 否"), "true_false", ("a",), []),
        ("false", ("50 A", "50 B", "-100 C"), "multiple", ("a", "b"), []),
        ("0", ("33,33333 A", "33,33333 B", "33,33333 C", "0 D"), "multiple", ("a", "b", "c"), []),
        ("false", ("70 A", "30 B", "0 C"), "multiple", ("a", "b"), ["not-kept"]),
        ("false", ("50 A", "50 B", "-20 C"), "multiple", ("a", "b"), ["not-kept"]),
        ("false", ("100 A", "0 B"), "multiple", ("a",), ["one-key"]),
        ("false", ("100 True", "-100 False"), "multiple", ("a",), ["one-key"]),
        ("true", ("lots A", "0 B"), "single", (), ["no-key", "value-ignored"]),
        ("true", ("99999999999999 A", "0 B"), "single", (), ["no-key", "value-ignored"]),
        ("true", ("nan A", "100 B"), "single", ("b",), ["value-ignored"]),
        ("true", ("100 A",), "single", ("a",), ["one-option"]),
        ("true", (), "single", (), ["no-key", "no-options"]),
        ("true", ("100 A", "0 A"), "single", ("a",), ["same-options"]),
        ("true", ("100 A", "0 <p>&nbsp;</p>"), "single", ("a",), ["empty-option"]),
        ("true", tuple(f"{100 * (n == 2)} {n}" for n in range(30)), "single", ("c",), ["too-many-options"]),
    ],
)
def test_shares_of_the_mark_say_what_is_right(single, answers, type, keys, codes):
    item, said = one(f"<single>{single}</single>", answers=answers)
    assert (item.type, item.keys, sorted(said)) == (type, keys, codes)


def test_all_or_nothing_is_taken_and_one_answer_is_the_default():
    assert one(type="multichoiceset", answers=("100 A", "100 B", "0 C"))[0].keys == ("a", "b")
    assert one(type="multichoiceset")[0].type == "multiple"
    assert one()[0].type == "single"


# Names


def test_an_id_comes_from_the_number_or_a_name_that_is_one_and_stands_once():
    named = (
        "<question type='truefalse'><name><text>{}</text></name>"
        "<questiontext><text>{}</text></questiontext></question>"
    )
    ids = [
        read(quiz(question("<idnumber> a-1 </idnumber>")), "en").items[0].id,
        read(quiz(named.format("step-in", "A?")), "en").items[0].id,
        *(item.id for item in read(quiz(named.format("q1", "A?"), named.format("q1", "B?")), "en").items),
    ]
    assert ids[:2] == ["a-1", "step-in"]
    assert all(id.startswith("q-") for id in ids[2:])


def test_two_questions_with_one_id_are_an_error_on_the_second():
    data = quiz(question("<idnumber>a</idnumber>"), question("<idnumber>a</idnumber>", text="Other"))
    assert [each.code for each in read(data, "en").all_notes if each.effect == ERROR] == ["duplicate-id"]


def test_tags_say_what_moodle_has_no_place_for():
    tags = [
        "level:3",
        "lesson:refunds/first-steps",
        "objective:window",
        "use:exam",
        "time-outs",
        "time-outs",
        "Two Words",
        "level:9",
        "",
    ]
    inside = "".join(f"<tag><text>{tag}</text></tag>" for tag in tags)
    item, codes = one(f"<tags>{inside}</tags><coursetags><tag><text>mine</text></tag></coursetags>")
    assert (item.level, item.lesson, item.objective, item.use) == (3, "refunds/first-steps", "window", "exam")
    assert item.tags == ("time-outs", "mine")
    assert codes == ["value-ignored", "value-ignored"]


# Texts


@pytest.mark.parametrize(
    ("format", "text", "stem"),
    [
        ("html", "<p>5*3 <b>is</b></p>\n", r"5\*3 **is**"),
        ("", "<i>a</i>", "*a*"),
        ("klingon", "<i>a</i>", "*a*"),
        ("markdown", "5*3 **is**\n\n- a\n- b", "5*3 **is**\n\n- a\n- b"),
        ("plain_text", "5*3 <b>\nis", "5*3 <b>\n\nis"),
        ("wiki_like", "a", "a"),
        ("moodle_auto_format", "5*3 <b>is</b>\nso", "5\\*3 **is**\n\nso"),
    ],
)
def test_a_text_is_read_by_its_format_and_answers_follow_it(format, text, stem):
    assert one(text=text, format=format)[0].stem == stem
    follows = one(text="x", format=format, answers=(f"100 {text}", "0 no"))[0]
    assert follows.options[0] == stem


def test_html_that_nobody_wrapped_up_is_read_too():
    text = "<questiontext><text><p>One</p><p>Two <b>b</b></p></text></questiontext>"
    data = quiz(f"<question type='truefalse'>{text}</question>")
    assert read(data, "en").items[0].stem == "One\n\nTwo **b**"
    assert read(data.replace(b"<text>", b"").replace(b"</text>", b""), "en").items[0].stem == ""


# Pictures


def with_picture(src, data, format="html", name="a b.png", path="/", alt="Plan"):
    text = f'<img src="{src}" alt="{alt}">' if format == "html" else f"![{alt}]({src})"
    file = f'<file name="{name}" path="{path}" encoding="base64">{data}</file>'
    return quiz(question(text=text, format=format).replace("</questiontext>", f"{file}</questiontext>"))


@pytest.mark.parametrize("format", ["html", "markdown"])
@pytest.mark.parametrize(("path", "src"), [("/", "a%20b.png"), ("/x/", "x/a%20b.png")])
def test_a_picture_beside_a_text_is_drawn_anew_and_shown(format, path, src):
    encoded = b64encode(picture()).decode()
    reading = read(
        with_picture(f"@@PLUGINFILE@@/{src}", f"\n{encoded[:20]}\n {encoded[20:]}\n", format, path=path), "en"
    )
    name, drawn = media.keep(picture())
    assert reading.items[0].stem == f"![Plan](media:{name})"
    assert reading.media == {name: drawn}
    assert reading.all_notes == []


@pytest.mark.parametrize("format", ["html", "markdown"])
@pytest.mark.parametrize(
    ("src", "data", "why"),
    [
        ("@@PLUGINFILE@@/other.png", "", "not in the file"),
        ("@@PLUGINFILE@@/a%20b.png", "", "not in the file"),
        ("@@PLUGINFILE@@/a%20b.png", "!!!!", "damaged"),
        ("@@PLUGINFILE@@/a%20b.png", "AAAA", "no PNG"),
        ("@@PLUGINFILE@@/a%20b.png", "QUJD" * 3_000_000, "larger than 5 MB"),
        ("@@PLUGINFILE@@/a%20b.png", b64encode(b"<svg onload='alert(1)'/>").decode(), "no PNG"),
        ("https://evil.example/x.png", "", "another site"),
        ("data:image/png;base64,AAAA", "", "written into"),
    ],
)
def test_a_picture_that_cannot_be_shown_makes_a_draft_that_says_why(format, src, data, why):
    reading = read(with_picture(src, data, format), "en")
    (item,) = reading.items
    assert item.is_draft
    assert any(each.code == "image-left-out" and why in str(each.reason) for each in item.notes)
    assert "evil" not in item.stem + item.options[0]
    assert reading.media == {}


def test_a_picture_of_moodle_1_stands_below_its_text():
    encoded = b64encode(picture()).decode()
    item, codes = one(f"<image>a.png</image><image_base64>{encoded}</image_base64>")
    assert item.stem == f"When?\n\n![](media:{media.keep(picture())[0]})"
    assert codes == []
    assert one("<image>https://a.example/x.png</image>")[1] == ["image-left-out"]


def test_a_picture_that_stands_often_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "lms.interchange.moodle_text.keep", lambda data: (drawn.append(1), media.keep(data))[1]
    )
    data = with_picture("@@PLUGINFILE@@/a b.png", b64encode(picture()).decode())
    read(data.replace(b"</quiz>", data[6:-7].replace(b"<img", b"X <img") + b"</quiz>"), "en")
    assert drawn == [1]


# What is no Moodle XML, or worse


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-readable"),
        (b"plain", "not-readable"),
        (b"<html/>", "not-readable"),
        (b"<quiz>\n<question>", "not-readable"),
        (b"\x89PNG", "not-readable"),
        (b"<quiz/>", "no-questions"),
        (b"<!DOCTYPE quiz [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><quiz>&x;</quiz>", "unsafe-file"),
        (b"<!DOCTYPE q [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><quiz>&b;</quiz>", "unsafe-file"),
        (b"<quiz>" + b"<a>" * 1_000, "unsafe-file"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(data, code):
    reading = read(data, "en")
    assert ([each.code for each in reading.notes], reading.items) == ([code], ())
    assert str(reading.notes[0].reason)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_other_encodings_and_line_ends_are_read(encoding):
    data = (
        EXPORT.decode().replace("\n", "\r\n").replace("UTF-8", encoding.replace("-sig", "")).encode(encoding)
    )
    assert [item.line for item in read(data, "en").items] == [15, 77, 110]
    assert read(data, "en").items[1].options[0] == "地址"


@pytest.mark.parametrize(
    "piece", ["<", "&lt;", "&lt;b", "![", "![a](", "](", "\\", "*", "&lt;p>", "&amp;#9", "a\n"]
)
@pytest.mark.parametrize("format", ["html", "markdown", "plain_text", "moodle_auto_format"])
def test_no_repetition_hangs(piece, format):
    text = (piece * 100_000)[:100_000]
    began = time.process_time()
    inside = f"<questiontext format='{format}'><text>{text}</text></questiontext>"
    read(quiz(f"<question type='truefalse'>{inside}</question>"), "en")
    assert time.process_time() - began < 2


def test_more_questions_than_fit_are_refused():
    data = quiz(*("<question type='truefalse'/>" for _ in range(10_001)))
    assert "too-many-questions" in {each.code for each in read(data, "en").notes}


TOKENS = [
    "<quiz>", "</quiz>", "<question type='multichoice'>", "<question type='truefalse'>", "<question>",
    "</question>", "<questiontext format='markdown'>", "<questiontext>", "</questiontext>", "<text>",
    "</text>", "<answer fraction='100'>", "<answer fraction='-1e9'>", "</answer>", "<tags>", "</tags>",
    "<tag>", "</tag>", "level:2", "lesson:", "<file name='a'>", "</file>", "<![CDATA[", "]]>",
    "&lt;img src='@@PLUGINFILE@@/a'>", "![](@@PLUGINFILE@@/a)", "<single>", "</single>", "x",
    "<image_base64>", "</image_base64>", "<idnumber>", "</idnumber>", "<generalfeedback>",
    "</generalfeedback>", "<hint/>",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(TOKENS), max_size=30).map("".join).map(str.encode))
def test_any_bytes_are_read_without_failing(data):
    assert is_sound(read(data, "zh"))
    assert is_sound(read(b"<quiz><question type='multichoice'>" + data + b"</question></quiz>", "en"))


def balanced(draw_from):
    return st.recursive(
        st.sampled_from(["x", "100", "level:2", "a/b", "&lt;b>", "AAAA", " "]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
            st.sampled_from(draw_from),
            st.lists(inner, max_size=4),
        ),
        max_leaves=12,
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        balanced(["question type='multichoice'", "questiontext", "text", "answer fraction='100'", "tags", "tag",
                  "file name='a'", "name", "idnumber", "single", "generalfeedback format='plain_text'", "image"]),
        max_size=4,
    )
)  # fmt: skip
def test_any_well_formed_file_is_read_without_failing(parts):
    reading = read(f"<quiz><question type='multichoice'>{''.join(parts)}</question></quiz>".encode(), "en")
    assert reading.items


# There and back


@settings(max_examples=30, deadline=None)
@given(banks(plain(MARKS)))
def test_plain_questions_are_read_back_as_they_were_written(bank):
    reading = read(write(bank), bank.language)
    assert tuple(map(question_of, reading.items)) == bank.questions
    assert {each.code for each in reading.all_notes} <= {"one-key"}


@settings(max_examples=30, deadline=None)
@given(banks(texts(MARKS), drafts=True))
def test_markdown_and_drafts_are_read_back_as_they_were_written(bank):
    assert tuple(map(question_of, read(write(bank), bank.language).items)) == bank.questions


CHAT = "Read:\n\n```chat\ncustomer 20:14 | M?\n```\n\n| a | b |\n| --- | --- |\n| 1 | **2** |"


def bank_of(*questions, language="en", title="Refunds"):
    return BankText("refunds", language, title, "platform-rules", questions)


def test_what_only_markdown_can_say_is_written_as_markdown_and_the_rest_as_html():
    asked = QuestionText("a", "single", ("a",), Wording(CHAT, ("5*3 <b>", "**no**"), "Because."))
    root = parse(write(bank_of(asked)))
    formats = {each.tag: each.get("format") for each in root.iter() if each.get("format")}
    assert formats == {"questiontext": "markdown", "answer": "markdown", "generalfeedback": "html"}
    assert root.findtext(".//answer/text") == "<p>5*3 &lt;b&gt;</p>"


def test_pictures_go_along_beside_their_texts_and_come_back():
    name, drawn = media.keep(picture(format="JPEG"))
    other = "b" * 64 + ".png"
    asked = QuestionText(
        "a", "single", ("a",),
        Wording(f"See ![the \\[plan\\]](media:{name})", (f"![](media:{name})", f"![](media:{other})")),
    )  # fmt: skip
    data = write(bank_of(asked), {name: drawn, "c" * 64 + ".png": b"not used"})
    reading = read(data, "en")
    assert question_of(reading.items[0]) == asked
    assert reading.media == {name: drawn}
    assert data.count(b"<file ") == 2


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "options",
    [
        ("True", "False"),
        ("False", "True"),
        ("正确", "错误"),
        ("是", "否"),
        ("√", "×"),
        ("It is", "It is not"),
    ],
)
def test_true_or_false_keeps_its_words(language, options):
    asked = QuestionText("a", "true_false", ("b",), Wording("So?", options))
    data = write(bank_of(asked, language=language))
    assert question_of(read(data, language).items[0]) == asked
    own = {"en": {"True", "False"}, "zh": {"正确", "错误"}}[language]
    assert (b'type="truefalse"' in data) == (set(options) == own)


def test_the_category_is_the_title_and_its_slashes_make_no_further_ones():
    assert "<category><text>$course$/top/A//B &amp; C</text>" in write(bank_of(title="A/B & C")).decode()


def test_a_name_is_the_text_in_short():
    long = QuestionText(
        "a", "single", ("a",), Wording("**When** [may](https://a.example) " + "退" * 200, ("x", "y"))
    )
    name = parse(write(bank_of(long))).findtext(".//name/text")
    assert name.startswith("When may 退")
    assert len(name) <= 100


def test_letters_that_xml_cannot_hold_are_left_out():
    asked = QuestionText("a", "single", ("a",), Wording("a\ufffe\ud800b", ("x", "y")))
    assert read(write(bank_of(asked)), "en").items[0].stem == "ab"


@settings(max_examples=30, deadline=None)
@given(banks(plain(MARKS)))
def test_moodle_would_take_every_question(bank):
    root = parse(write(bank))
    written = [each for each in root.findall("question") if each.get("type") != "category"]
    assert len(written) == len(bank.questions)
    for element, asked in zip(written, bank.questions, strict=True):
        assert element.findtext("name/text").strip()
        shares = [float(each.get("fraction")) for each in element.findall("answer")]
        assert all(abs(share) in GRADES for share in shares)
        earned = sum(share for share in shares if share > 0)
        if element.get("type") == "truefalse":
            assert sorted(each.findtext("text") for each in element.findall("answer")) == ["false", "true"]
            assert sorted(shares) == [0, 100]
        elif element.findtext("single") == "true":
            assert max(shares) == 100
        else:
            assert abs(earned - 100) < 0.01
            assert abs(sum(shares)) < 0.01 or len(asked.keys) == len(shares)
    assert not re.search(rb"<text>\s*<!", write(bank))
