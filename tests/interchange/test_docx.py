"""A Word document is read as it is shown, and never does anything."""

from io import BytesIO
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.interchange.docx import lines_of
from tests.interchange.make_docx import (
    BOLD,
    NAMES,
    RED,
    docx,
    level,
    numbering,
    p,
    picture,
    run,
    style,
    styles,
    table,
    text_box,
)

ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
QUESTIONS_AND_OPTIONS = numbering(
    {"0": level(0, "decimal", "%1、") + level(1, "upperLetter", "%2."), "1": level(0, "chineseCounting", "%1、")},
    {"1": ("0", ""), "2": ("1", ""), "3": ("0", ANEW)},
)  # fmt: skip


def texts(data: bytes) -> list[str]:
    return [line.text for line in lines_of(data)[0]]


def marked(data: bytes) -> list[str]:
    return [line.text[start:end] for line in lines_of(data)[0] for start, end in line.marked]


def codes(data: bytes) -> list[tuple[int, str]]:
    return [(note.line, note.code) for note in lines_of(data)[1]]


def red_dot() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return out.getvalue()


# What stands where


def test_lines_are_numbered_from_one_and_empty_ones_count():
    lines, notes, media = lines_of(docx(p("1、题目"), p(), p("A、一")))
    assert [(line.number, line.text) for line in lines] == [(1, "1、题目"), (2, ""), (3, "A、一")]
    assert not notes
    assert not media


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (p("A、一\nB、二"), ["A、一", "B、二"]),
        (p("<w:r><w:t>A</w:t><w:cr/><w:t>B</w:t></w:r>"), ["A", "B"]),
        (p('<w:r><w:t>A</w:t><w:br w:type="page"/><w:t>B</w:t></w:r>'), ["A", "B"]),
        (p("A、一\tB、二"), ["A、一\tB、二"]),
        (p("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>"), ["a-bc"]),
        (p("一\u200b二\ufeff三\u00ad"), ["一二三"]),
        (p("<w:r><w:t>  空格 </w:t></w:r>", "后"), ["空格后"]),
        (p(f"<w:hyperlink>{run('链接')}</w:hyperlink>", "后"), ["链接后"]),
        (p(f"<w:ins>{run('留下')}</w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"), ["留下"]),
        (p(f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>"), ["新"]),
        (p(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"), ["控件"]),
        (f"<w:sdt><w:sdtContent>{p('块')}{p('二')}</w:sdtContent></w:sdt>", ["块", "二"]),
        (f"<w:customXml><w:smartTag>{p('包')}</w:smartTag></w:customXml>", ["包"]),
        (p(f"<w:fldSimple>{run('域')}</w:fldSimple>"), ["域"]),
        (p("<w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r>", "3"), ["3"]),
        (p("<w:r><w:ruby><w:rt><w:r><w:t>kè</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>客</w:t></w:r></w:rubyBase>"
           "</w:ruby></w:r>"), ["客"]),
        (p("前", text_box(p("框一"), p("框二")), "后"), ["前后", "框一", "框二"]),
        (table(["外", table(["内一", "内二"]) + p("")]), ["外", "内一\t内二"]),
    ],
)  # fmt: skip
def test_what_word_shows_is_what_is_read(block, expected):
    assert [text for text in texts(docx(block)) if text] == expected


def test_a_paragraph_whose_mark_was_deleted_goes_on_in_the_next():
    open_end = p("前半", properties="<w:rPr><w:del/></w:rPr>")
    assert texts(docx(open_end, p("后半"), p("下一段"))) == ["前半后半", "下一段"]


@pytest.mark.parametrize(
    ("font", "char", "expected"),
    [("Wingdings", "F0FC", "√"), ("Wingdings", "FC", "√"), ("Wingdings 2", "F050", "√"), ("Wingdings", "F0FB", "×"),
     ("Wingdings 2", "F052", "☑"), ("Symbol", "F0D6", "√")],
)  # fmt: skip
def test_a_tick_out_of_a_picture_font_is_a_tick(font, char, expected):
    assert texts(docx(p(f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'))) == [expected]


def test_a_letter_in_a_picture_font_is_what_the_font_draws():
    assert texts(docx(p("B、二", run("ü", '<w:rFonts w:ascii="Wingdings"/>')))) == ["B、二√"]


def test_an_unknown_sign_is_told():
    assert codes(docx(p('<w:r><w:sym w:font="Wingdings" w:char="F021"/></w:r>'))) == [(1, "lossy")]


def test_check_boxes_are_shown_as_they_stand():
    control = '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="%s"/></w14:checkbox></w:sdtPr></w:sdt>'
    box = "<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>"
    form = f"<w:r><w:fldChar><w:ffData>{box}</w:ffData></w:fldChar></w:r>"
    assert texts(docx(p(control % 1, "对"), p(control % 0, "错"), p(form, "是"))) == ["☑对", "☐错", "☑是"]


@pytest.mark.parametrize(
    ("inside", "expected", "lossy"),
    [
        ("<m:r><m:t>x=1</m:t></m:r>", "x=1", False),
        (
            "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>a+b</m:t></m:r></m:den></m:f>",
            "1/(a+b)",
            True,
        ),
        (
            "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>",
            "x^2",
            True,
        ),
        ("<m:d><m:e><m:r><m:t>a+b</m:t></m:r></m:e></m:d>", "(a+b)", True),
        ("<m:nary><m:e><m:r><m:t>k</m:t></m:r></m:e></m:nary>", "k", True),
    ],
)
def test_a_formula_becomes_text_and_says_when_its_form_is_lost(inside, expected, lossy):
    document = docx(p("求", f"<m:oMath>{inside}</m:oMath>"))
    assert texts(document) == ["求" + expected]
    assert codes(document) == ([(1, "lossy")] if lossy else [])


# Automatic numbers


def test_automatic_numbers_are_text():
    blocks = [
        p("单选题", list="2"), p("第一题", list="1"), p("甲", list="1", level=1), p("乙", list="1", level=1),
        p("第二题", list="1"), p("丙", list="1", level=1), p("多选题", list="2"), p("又一题", list="3"),
    ]  # fmt: skip
    assert texts(docx(*blocks, numbering=QUESTIONS_AND_OPTIONS)) == [
        "一、 单选题", "1、 第一题", "A. 甲", "B. 乙", "2、 第二题", "A. 丙", "二、 多选题", "1、 又一题",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("format", "text", "expected"),
    [
        ("decimal", "%1", ["1.", "2.", "3."]),
        ("decimal", "第%1题", ["第1题", "第2题", "第3题"]),
        ("decimalZero", "%1.", ["01.", "02.", "03."]),
        ("upperLetter", "(%1)", ["(A)", "(B)", "(C)"]),
        ("lowerLetter", "%1)", ["a)", "b)", "c)"]),
        ("lowerRoman", "%1.", ["i.", "ii.", "iii."]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）", "（三）"]),
        ("japaneseCounting", "%1、", ["一、", "二、", "三、"]),
        ("chineseLegalSimplified", "%1、", ["壹、", "贰、", "叁、"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、", "丙、"]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "②", "③"]),
        ("decimalFullWidth", "%1．", ["１．", "２．", "３．"]),
        ("bullet", "●", ["", "", ""]),
        ("none", "", ["", "", ""]),
        ("aKindNobodyKnows", "%1.", ["1.", "2.", "3."]),
    ],
)
def test_the_formats_of_numbers(format, text, expected):
    lists = numbering({"0": level(0, format, text)}, {"1": ("0", "")})
    shown = texts(docx(*[p("题", list="1")] * 3, numbering=lists))
    assert [line.removesuffix("题").strip() for line in shown] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(10, "十、"), (11, "十一、"), (20, "二十、"), (21, "二十一、"), (101, "一百零一、")],
)
def test_chinese_numbers_go_on_beyond_ten(value, expected):
    lists = numbering(
        {"0": level(0, "chineseCounting", "%1、", f'<w:start w:val="{value}"/>')}, {"1": ("0", "")}
    )
    assert texts(docx(p("题", list="1"), numbering=lists)) == [f"{expected} 题"]


def test_a_style_may_carry_the_number():
    heading = style("H", more='<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>')
    document = docx(
        p("单选题", style="H"), p("多选题", style="K"),
        styles=styles(heading, style("K", based="H")), numbering=QUESTIONS_AND_OPTIONS,
    )  # fmt: skip
    assert texts(document) == ["一、 单选题", "二、 多选题"]


def test_a_list_with_number_zero_has_none():
    assert texts(docx(p("题", list="0"), numbering=QUESTIONS_AND_OPTIONS)) == ["题"]


def test_numbers_of_higher_levels_are_shown_in_lower_ones():
    levels = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    lists = numbering({"0": levels}, {"1": ("0", "")})
    blocks = [p("章", list="1"), p("节", list="1", level=1), p("节", list="1", level=1)]
    assert texts(docx(*blocks, numbering=lists)) == ["一、 章", "1.1 节", "1.2 节"]


# What stands out


def test_red_and_bold_letters_are_marked():
    blocks = [p("1、退款多久到账？"), p("A、一天"), p(run("B、三天", RED)), p("C、", run("五天", BOLD))]
    assert marked(docx(*blocks)) == ["B、三天", "五天"]


@pytest.mark.parametrize(
    "properties",
    ['<w:u w:val="single"/>', '<w:highlight w:val="yellow"/>', '<w:shd w:val="clear" w:fill="FFFF00"/>',
     '<w:color w:val="C00000"/>', '<w:color w:val="0070C0"/>'],
)  # fmt: skip
def test_other_ways_to_stand_out(properties):
    assert marked(docx(p("很长的一段普通文字"), p("A、一  ", run(" 二 ", properties)))) == ["二"]


@pytest.mark.parametrize(
    "properties",
    ['<w:u w:val="none"/>', '<w:highlight w:val="none"/>', '<w:shd w:val="clear" w:fill="auto"/>', '<w:b w:val="0"/>',
     '<w:color w:val="auto"/>', '<w:color w:val="333333"/>', '<w:color w:val="FFFFFF"/>', "<w:i/>"],
)  # fmt: skip
def test_what_does_not_stand_out(properties):
    assert marked(docx(p("普通文字"), p(run("二", properties)))) == []


def test_what_nearly_everything_looks_like_says_nothing():
    blocks = [p(run("一段又一段都是粗体的文字", BOLD)), p(run("B、二", BOLD + RED)), p("普通")]
    assert marked(docx(*blocks)) == ["B、二"]
    assert marked(docx(blocks[0], p(run("B、二", BOLD)))) == []


def test_styles_are_inherited_and_a_toggle_in_both_styles_switches_off():
    sheet = styles(
        style("Base", RED),
        style("Key", based="Base"),
        style("Strong", BOLD, kind="character"),
        style("Head", BOLD),
    )
    strong = '<w:rStyle w:val="Strong"/>'
    blocks = [
        p("普通的文字有很多很多很多"),
        p("红", style="Key"),
        p("粗", style="Head"),
        p(run("不", strong), style="Head"),
    ]
    assert marked(docx(*blocks, styles=sheet)) == ["红", "粗"]


def test_a_circle_of_styles_ends():
    assert texts(docx(p("题", style="A"), styles=styles(style("A", based="B"), style("B", based="A")))) == [
        "题"
    ]


def test_marks_count_from_the_beginning_of_the_line_with_its_number():
    document = docx(p("普通的文字有很多"), p(run("二", RED), list="1"), numbering=QUESTIONS_AND_OPTIONS)
    assert lines_of(document)[0][1].marked == ((3, 4),)


def test_links_do_not_stand_out():
    sheet = styles(style("Hyperlink", '<w:color w:val="0000FF"/><w:u w:val="single"/>', kind="character"))
    assert marked(docx(p("普通文字"), p(run("站", '<w:rStyle w:val="Hyperlink"/>')), styles=sheet)) == []


# What is left out is told


def test_hidden_text_is_left_out_and_told_once():
    document = docx(p("题", run("答案A", "<w:vanish/>")), p(run("全藏", "<w:vanish/>")), p("尾"))
    assert texts(document) == ["题", "尾"]
    assert codes(document) == [(1, "not-kept")]


def test_comments_and_tracked_changes_are_told_once_each():
    document = docx(
        p("题", "<w:r><w:commentReference/></w:r>"), p("<w:del><w:r><w:delText>去</w:delText></w:r></w:del>", "留"),
        p("二", "<w:r><w:footnoteReference/></w:r>"), p(run("划去", "<w:strike/>")),
    )  # fmt: skip
    assert texts(document) == ["题", "留", "二", "划去"]
    assert codes(document) == [(1, "not-kept"), (2, "not-kept"), (4, "not-kept")]


def test_hidden_paragraphs_do_not_count_in_a_list():
    blocks = [p("一", list="1"), p(run("藏", "<w:vanish/>"), list="1"), p("二", list="1")]
    assert texts(docx(*blocks, numbering=QUESTIONS_AND_OPTIONS)) == ["1、 一", "2、 二"]


# Tables


def test_a_row_is_a_line_with_tabs():
    assert texts(docx(table(["题号", "1", "2"], ["答案", "A", "B"]))) == ["题号\t1\t2", "答案\tA\tB"]


def test_a_cell_over_two_columns_keeps_the_columns_after_it_in_place():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("标题") + "</w:tc>"
    assert texts(docx(f"<w:tbl><w:tr>{wide}<w:tc>{p('后')}</w:tc></w:tr></w:tbl>")) == ["标题\t\t后"]


def test_a_table_that_lays_out_questions_is_taken_apart():
    left = p("1、题") + p("A、一") + p("B、二")
    assert texts(docx(table([left, p("2、题")]))) == ["1、题", "A、一", "B、二", "2、题"]


def test_a_table_of_whole_questions_keeps_number_and_answer_with_them():
    question = p("退款多久到账？") + p("A、一天") + p("B、三天")
    document = docx(table(["题号", "题目", "答案"], ["1", question, "B"], ["2", question, "A"]))
    assert texts(document) == [
        "1、退款多久到账？", "A、一天", "B、三天", "答案：B", "2、退款多久到账？", "A、一天", "B、三天", "答案：A",
    ]  # fmt: skip


def test_options_in_a_table_stand_on_the_lines_of_its_rows():
    assert texts(docx(p("1、题"), table(["A、一", "B、二"], ["C、三", "D、四"]))) == [
        "1、题",
        "A、一\tB、二",
        "C、三\tD、四",
    ]


# Pictures


def test_a_picture_is_kept_under_its_name():
    lines, notes, media = lines_of(docx(p("看图", picture("rId7")), images={"rId7": red_dot()}))
    assert lines[0].pictures == tuple(media)
    assert len(media) == 1
    assert not notes


@pytest.mark.parametrize(
    "document",
    [
        docx(p("图", picture("rId9"))),
        docx(p("图", picture("rId9")), images={"rId9": b"no image"}),
        docx(p("图", picture("rId9", "link")), outside={"rId9": "http://example.org/a.png"}),
        docx(p("图", picture("rId9")), outside={"rId9": "file:///etc/passwd"}),
    ],
)
def test_a_picture_that_cannot_be_kept_is_told(document):
    assert texts(document) == ["图"]
    assert codes(document) == [(1, "image-left-out")]


# What is no Word document, or means harm


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-word-file"),
        (b"{\\rtf1\\ansi", "old-word-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked-file"),
        (b"", "not-readable"),
        (b"PK\x03\x04", "not-readable"),
        (docx(document="<workbook/>"), "not-readable"),
        (docx(document=f"<w:document {NAMES}/>"), "not-readable"),
        (docx(document="<w:document"), "not-readable"),
        (docx(document='<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'), "unsafe-file"),
        (docx(p("题"), styles='<!DOCTYPE d SYSTEM "http://example.org/d.dtd"><d/>'), "unsafe-file"),
        (docx(p("题"), files={"../../evil": b"x"}), "unsafe-file"),
        (docx(document=f"<w:document {NAMES}><w:body>{'<w:sdt><w:sdtContent>' * 5000}"), "unsafe-file"),
    ],
)
def test_what_cannot_be_read_says_why(data, code):
    lines, notes, _media = lines_of(data)
    assert not lines
    assert [note.code for note in notes] == [code]


def test_a_document_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("lms.interchange.docx_body.MAX_LINES", 100)
    for document in (docx(*["题"] * 101), docx(*[p("a\n" * 50)] * 2), docx(table(*[["题"]] * 101))):
        assert codes(document) == [(1, "too-large")]
    assert len(texts(docx(*["题"] * 100))) == 100


def test_macros_are_not_looked_at():
    assert texts(docx(p("题"), files={"word/vbaProject.bin": b"Shell"})) == ["题"]


def test_the_strict_kind_of_the_format_is_read_too():
    usual = docx(p("1、题", run("红", RED)))
    strict = docx(
        document=f"<w:document {NAMES}><w:body>{p('1、题', run('红', RED))}</w:body></w:document>".replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"
        )
    )  # fmt: skip
    assert lines_of(strict) == lines_of(usual)


def test_two_hundred_questions_take_no_time():
    question = [
        p(run("哪一项正确？", BOLD), list="1"),
        *[p(run("一个选项", RED), list="1", level=1)] * 4,
        p("答案：A"),
    ]
    document = docx(*question * 200, numbering=QUESTIONS_AND_OPTIONS)
    begun = process_time()
    assert len(lines_of(document)[0]) == 1200
    assert process_time() - begun < 2


TOKENS = st.sampled_from(
    ["<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "题", "<w:tbl>", "<w:tr>", "<w:tc>", "</w:tc>", "</w:tr>",
     "</w:tbl>", "<w:sdt/>", "<w:br/>", '<w:numPr><w:numId w:val="9"/></w:numPr>', "<w:pPr/>", "<w:rPr/>", "<m:oMath/>",
     "<w:drawing><a:blip/></w:drawing>", "<mc:AlternateContent/>", "<w:sym/>", "<w:ruby/>"]
)  # fmt: skip


@given(st.lists(TOKENS, max_size=30).map("".join))
@settings(max_examples=80, deadline=None)
def test_any_mix_of_its_own_elements_is_read_or_refused(inside):
    lines, notes, _media = lines_of(docx(document=f"<w:document {NAMES}><w:body>{inside}</w:body></w:document>"))
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert all(note.line >= 1 for note in notes)


@given(st.binary(max_size=200), st.integers(0, 2000))
@settings(max_examples=80, deadline=None)
def test_damaged_files_are_read_or_refused(noise, place):
    whole = docx(p("1、题", list="1"), table(["a", "b"]), numbering=QUESTIONS_AND_OPTIONS)
    for damaged in (whole[:place] + noise + whole[place + len(noise) :], noise):
        lines, notes, _media = lines_of(damaged)
        assert lines or notes
