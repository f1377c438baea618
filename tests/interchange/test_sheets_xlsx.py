"""Workbooks: what cells show, sheets and merged cells, files that lie, and every field there and back."""

import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from lms.interchange import xlsx
from lms.interchange.items import question_of
from lms.interchange.records import BankText, QuestionText, Wording
from lms.interchange.xlsx_numbers import format_code, shown
from tests.interchange.soundness import is_sound
from tests.interchange.strategies_for_sheets import banks
from tests.interchange.test_sheets import codes, said

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = ["题型", "题干", "选项A", "选项B", "答案"]


def relations(*pairs):
    rows = "".join(f'<Relationship Id="{id}" Type="{REL}/{kind}" Target="{to}"/>' for id, kind, to in pairs)
    return f'<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


def packed(sheets, **more):
    """A workbook of raw XML: sheet data by sheet name, and more parts by name with __ for / and _DOT_ for a point."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(names, 1)
    )
    links = [(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
    parts = {
        "_rels/.rels": relations(("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *links, ("s", "sharedStrings", "sharedStrings.xml"), ("t", "styles", "/xl/styles.xml")
        ),
        **{f"xl/worksheets/sheet{at}.xml": worksheet(data) for at, data in enumerate(sheets.values(), 1)},
        **{name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()},
    }
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return stream.getvalue()


def worksheet(data):
    return data if data.startswith("<?") else f'<worksheet xmlns="{MAIN}">{data}</worksheet>'


def cell(address, text):
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number, *cells):
    letters = "ABCDEFGHIJ"
    made = [
        text if text.startswith("<c") else cell(f"{letters[at]}{number}", text)
        for at, text in enumerate(cells)
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


def data(*rows, after=""):
    return f"<sheetData>{''.join(rows)}</sheetData>{after}"


def read(*rows, language="zh", after="", **more):
    return xlsx.read(packed({"题": data(row(1, *HEAD), *rows, after=after)}, **more), language)


def made(*rows, **sheets):
    book = Workbook()
    sheet = book.active
    for each in rows:
        sheet.append(each)
    for name, each in sheets.items():
        other = book.create_sheet(name)
        for values in each:
            other.append(values)
    return book


def saved(book):
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_is_read_with_rows_as_excel_numbers_them():
    reading = xlsx.read(
        saved(
            made(
                ["题库"],
                [],
                HEAD,
                ["单选", "哪个？", 30, 0.04, "A"],
                [],
                ["判断", "对吗？", "对", "错", True],
            )
        ),
        "zh",
    )
    first, second = reading.items
    assert (first.line, first.options, first.keys) == (4, ("30", "0.04"), ("a",))
    assert (second.line, second.keys) == (6, ("a",))
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("30", "General", "30"),
        ("30.0", "General", "30"),
        ("0.30000000000000004", "General", "0.3"),
        ("0.04", "General", "0.04"),
        ("-0", "General", "0"),
        ("13800138000", "General", "13800138000"),
        ("1E+25", "General", "1E+25"),
        ("0.8", "0%", "80%"),
        ("0.125", "0.00%", "12.50%"),
        ("30", "0.00", "30.00"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("199", '"¥"#,##0.00', "¥199.00"),
        ("199", "[$¥-804]#,##0", "¥199"),
        ("3", '0"分钟"', "3分钟"),
        ("7", "000", "007"),
        ("-5", "0;(0)", "(5)"),
        ("-5", "0.0", "-5.0"),
        ("0.5", "# ?/?", "0.5"),
        ("5", '[>3]"多";"少"', "5"),
        ("1500000", '0.0,,"M"', "1.5M"),
        ("5", "_ * #,##0_ ", "5"),
        ("nan", "0", "nan"),
        ("x", "0", "x"),
        ("1e999", "0", "1e999"),
        ("1e300", "0", "1E+300"),
        ("5", "G/通用格式", "5"),
    ],
)
def test_numbers_are_shown_as_their_cells_show_them(number, code, text):
    assert shown(number, code) == (text, False)


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("45659", 58, "1月2日"),
        ("45659", 14, "2025/1/2"),
        ("45659", "yyyy-mm-dd", "2025-01-02"),
        ("45659.5", 22, "2025/1/2 12:00"),
        ("45659", "d-mmm", "2-Jan"),
        ("0.75", "h:mm AM/PM", "6:00 PM"),
        ("0.0347222222", "[h]:mm", "0:50"),
        ("1.5", "[h]:mm:ss", "36:00:00"),
        ("59", "yyyy-m-d", "1900-2-28"),
        ("0.000694444", "mm:ss", "01:00"),
    ],
)
def test_dates_are_shown_and_told(number, code, text):
    code = format_code(code, {}, "zh") if isinstance(code, int) else code
    assert shown(number, code) == (text, True)


@pytest.mark.parametrize("number", ["-1", "99999999", "1e300"])
def test_a_date_that_cannot_be_one_is_a_number(number):
    assert not shown(number, "yyyy-mm-dd").is_date


_XFS = '<xf numFmtId="0"/><xf numFmtId="58"/><xf numFmtId="9"/>'
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs>{_XFS}</cellXfs></styleSheet>'


def test_an_option_that_became_a_date_is_told():
    reading = read(
        row(2, "单选", "几比几？", '<c r="C2" s="1"><v>45659</v></c>', "2-1", "B"), xl__styles_DOT_xml=STYLES
    )
    assert reading.items[0].options == ("1月2日", "2-1")
    assert codes(reading) == [(2, "date-in-cell")]
    assert "C2" in said(reading)[0]


def test_a_formula_shows_its_result_and_without_one_says_so():
    reading = read(
        row(2, "单选", "几成？", '<c r="C2" s="2"><f>8/10</f><v>0.8</v></c>', "90%", "A"),
        row(3, "单选", "几个？", '<c r="C3"><f>1+1</f></c>', "3", "B"),
        row(4, "单选", "谁？", '<c r="C4" t="e"><v>#REF!</v></c>', "我", "B"),
        row(
            5,
            "单选",
            "看图",
            '<c r="C5" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>',
            "乙",
            "B",
        ),
        xl__styles_DOT_xml=STYLES,
    )
    assert [item.options[:1] for item in reading.items] == [("80%",), ("",), ("#REF!",), ("",)]
    assert {(3, "formula-without-value"), (4, "cell-error"), (5, "picture-in-cell")} <= set(codes(reading))
    assert [item.is_draft for item in reading.items] == [False, True, True, True]


def test_a_picture_over_a_row_makes_its_question_a_draft():
    drawing = (
        '<xdr:wsDr xmlns:xdr="d"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>1</xdr:row></xdr:from>'
        "<xdr:to><xdr:col>2</xdr:col><xdr:row>2</xdr:row></xdr:to><xdr:pic/></xdr:twoCellAnchor></xdr:wsDr>"
    )
    reading = read(
        row(2, "单选", "图里是什么？", "甲", "乙", "A"),
        xl__worksheets___rels__sheet1_DOT_xml_DOT_rels=relations(
            ("d", "drawing", "../drawings/drawing1.xml")
        ),
        xl__drawings__drawing1_DOT_xml=drawing,
    )
    assert codes(reading) == [(2, "picture-in-cell")]
    assert reading.items[0].is_draft


def test_rich_text_readings_and_escapes_are_read_as_text():
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>哪</t></r><r><rPr><b/></rPr><t>个？</t></r>'
        '<rPh sb="0" eb="1"><t>ナ</t></rPh></si>'
        "<si><t>一_x000A_二_x005F_x0041__xD83D_</t></si></sst>"
    )
    cells = '<c r="B2" t="s"><v>0</v></c>', '<c r="C2" t="s"><v>1</v></c>', '<c r="D2" t="s"><v>99</v></c>'
    reading = read(row(2, "单选", *cells, "A"), xl__sharedStrings_DOT_xml=strings)
    assert reading.items[0].stem == "哪个？"
    assert reading.items[0].options == ("一\n二_x0041__xD83D_",)


def test_several_sheets_are_read_and_named_and_hidden_ones_told():
    more = [HEAD, ["判断", "对吗？", "", "", "对"], ["单选", "哪个？", "丙", "丁", "A"]]
    book = made(HEAD, ["单选", "哪个？", "甲", "乙", "C"], 判断=more, 名单=[["张三", "李四"]], 旧题=[HEAD])
    book["旧题"].sheet_state = "hidden"
    reading = xlsx.read(saved(book), "zh")
    assert [item.line for item in reading.items] == [2, 2, 3]
    assert sorted(codes(reading)) == [
        (1, "sheet-hidden"),
        (1, "sheet-left-out"),
        (2, "key-beyond-options"),
        (3, "same-stem"),
    ]
    words = "\n".join(said(reading))
    assert "Sheet “Sheet”: The answer names C" in words
    assert "Sheet “判断”: The text is the same as in line 2 of sheet “Sheet”" in words


def test_settings_in_merged_cells_stand_for_all_their_rows():
    book = made(
        ["难度", *HEAD],
        [3, "多选", "一？", "甲", "乙", "AB"],
        ["", "", "二？", "丙", "丁", "A"],
        ["", "", "三？", "戊", "己", "A"],
    )
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("B2:B3")
    reading = xlsx.read(saved(book), "zh")
    assert [(item.level, item.type) for item in reading.items] == [
        (3, "multiple"),
        (3, "multiple"),
        (None, "single"),
    ]


def test_other_namespaces_prefixes_and_missing_addresses_are_read():
    sheet = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
        + "".join(
            "<x:row>"
            + "".join(f'<x:c t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>' for text in texts)
            + "</x:row>"
            for texts in (HEAD, ["单选", "哪个？", "甲", "乙", "B"])
        )
        + "</x:sheetData></x:worksheet>"
    )
    assert xlsx.read(packed({"题": sheet}), "zh").items[0].keys == ("b",)


@pytest.mark.parametrize(
    ("bytes_", "code"),
    [
        (b"", "not-readable"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not-readable"),
        (b"PK\x03\x04" + b"\0" * 60, "not-readable"),
        (b"<html><table></table></html>", "not-readable"),
        (packed({"题": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "unsafe-file"),
        (packed({"题": "<sheetData><row>"}), "not-readable"),
        (packed({"题": "<a>" * 500 + "</a>" * 500}), "unsafe-file"),
        (packed({"题": f"<sheetData>{' ' * 10_000_000}</sheetData>"}), "unsafe-file"),
        (packed({}), "no-questions"),
        (packed({"题": data()}), "no-questions"),
    ],
)
def test_what_is_no_workbook_or_a_harmful_one_is_refused(bytes_, code):
    begun = time.process_time()
    reading = xlsx.read(bytes_, "zh")
    assert [note.code for note in reading.notes] == [code]
    assert time.process_time() - begun < 2


def test_a_sheet_that_lies_about_its_size_costs_nothing():
    sheet = '<dimension ref="A1:XFD1048576"/>' + data(
        row(1, *HEAD),
        row(2, "单选", "哪个？", "甲", "乙", "A", cell("XFD2", "远")),
        row(1_048_576, "单选", "末行？", "甲", "乙", "B"),
    )
    begun = time.process_time()
    reading = xlsx.read(packed({"题": sheet}), "zh")
    assert [item.line for item in reading.items] == [2, 1_048_576]
    assert time.process_time() - begun < 0.5


def test_sixteen_thousand_columns_and_many_empty_rows_are_passed_over():
    wide = "".join(f'<c r="{name}2" s="1"/>' for name in ("A", "XFD")) * 8_192
    empty = "".join(f'<row r="{number}" spans="1:1" outlineLevel="7"/>' for number in range(3, 20_000))
    reading = xlsx.read(
        packed(
            {
                "题": data(
                    row(1, *HEAD),
                    f'<row r="2">{wide}</row>',
                    empty,
                    row(70_000, "", "哪个？", "甲", "乙", "A"),
                )
            }
        ),
        "zh",
    )
    assert [item.line for item in reading.items] == [70_000]


def test_one_long_text_in_every_cell_is_cut_off(monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_CHARACTERS", 500_000)
    strings = f'<sst xmlns="{MAIN}"><si><t>{"长" * 32_000}</t></si></sst>'
    rows = [
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="s"><v>0</v></c>' for c in "BCDE") + "</row>"
        for n in range(2, 3000)
    ]
    begun = time.process_time()
    reading = read(*rows, xl__sharedStrings_DOT_xml=strings)
    assert "too-large" in [note.code for note in reading.notes]
    assert time.process_time() - begun < 2


def test_a_template_offers_lists_and_explains_every_column():
    for language in ("zh", "en"):
        book = load_workbook(BytesIO(xlsx.template(language)))
        questions, help_ = book.worksheets
        offered = {str(each.sqref): each.formula1 for each in questions.data_validations.dataValidation}
        assert set(offered) == {"B2:B1001", "L2:L1001", "P2:P1001", "Q2:Q1001"}
        assert offered["L2:L1001"] == '"1,2,3"'
        assert questions.freeze_panes == "A2"
        assert questions["A1"].font.b
        assert [questions.cell(number, 1).value for number in (2, 3, 4)] == [
            "（示例）" if language == "zh" else "(example)"
        ] * 3
        heads = [cell.value for cell in questions[1]]
        explained = [help_.cell(number, 1).value for number in range(2, help_.max_row + 1)]
        assert len(list(filter(None, explained))) == len(heads) - 5  # the six options once
        assert all(help_.cell(number, 2).value for number in range(2, len(heads) - 3))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_as_it_comes_has_no_question_and_its_help_is_not_missed(language):
    reading = xlsx.read(xlsx.template(language), language)
    assert [note.code for note in reading.all_notes] == ["no-questions", "example-left-out"]


def test_a_text_is_never_written_as_a_formula():
    texts = ("=1+1", "+86", "-5", "@x", "＝1", "#N/A", "'=x", "_x0041_")
    wording = Wording("=HYPERLINK(1)", texts, "=2")
    written = xlsx.write(
        BankText("b", "en", "=B/[]*:?" * 9, "area", (QuestionText("one", "multiple", ("a", "b"), wording),))
    )
    sheet = load_workbook(BytesIO(written)).worksheets[0]
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}
    assert sheet["C2"].quotePrefix
    assert question_of(xlsx.read(written, "en").items[0]).wording == wording


@given(banks())
@settings(max_examples=25)
def test_every_field_comes_back(bank):
    reading = xlsx.read(xlsx.write(bank), bank.language)
    assert tuple(map(question_of, reading.items)) == bank.questions


def test_progress_runs_to_the_end():
    told = []
    book = made(HEAD, *(["单选", f"第{n}问？", "甲", "乙", "A"] for n in range(500)))
    xlsx.read(saved(book), "zh", progress=lambda *done: told.append(done))
    assert told == sorted(told)
    assert told[-1][0] > 900
    assert {total for _, total in told} == {1000}


@given(st.data())
@settings(max_examples=50)
def test_no_damage_is_too_odd(data):
    whole = bytearray(SMALL)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=5)):
        whole[at] = data.draw(st.integers(0, 255))
    assert is_sound(xlsx.read(bytes(whole[: data.draw(st.integers(0, len(whole)))]), "zh"))


PIECES = [
    *(
        "<c>",
        "</c>",
        '<c r="A2" t="s">',
        '<c r="ZZZ9999999">',
        '<c t="b">',
        '<c s="9">',
        '<c t="d">',
        '<c t="e">',
    ),
    *(
        "<v>",
        "</v>",
        "<v>1</v>",
        "<v>-</v>",
        "<f/>",
        '<row r="0">',
        '<row r="x">',
        "<row>",
        "</row>",
        "&amp;",
        "答案",
    ),
    *("<is><t>题干</t></is>", "<rPh>", "</rPh>", '<mergeCell ref="A1:B2"/>', '<mergeCell ref="x"/>'),
]
SMALL = packed({"题": data(row(1, *HEAD), row(2, "单选", "哪个？", "甲", "乙", "A"))})


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=50)
def test_no_sheet_made_of_its_own_words_is_too_odd(pieces):
    assert is_sound(xlsx.read(packed({"题": data(row(1, *HEAD), "".join(pieces))}), "zh"))
    balanced = "".join(piece for piece in pieces if piece.endswith("/>") or "</" in piece[1:])
    assert is_sound(xlsx.read(packed({"题": data(row(1, *HEAD), f'<row r="2"><c>{balanced}</c></row>')}), "zh"))
