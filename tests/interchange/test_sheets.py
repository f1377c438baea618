"""Tables of questions: heads wherever they stand, options and answers in any spelling, and what is told of the rest."""

import pytest

from lms.interchange import csv_file, sheet
from lms.interchange import reading as reading_module
from lms.interchange.reading import DRAFT, ERROR
from lms.interchange.report import report
from lms.interchange.sheet import FIELD_WORDS, FIELDS
from lms.interchange.sheet_answers import key_of, split_options
from lms.interchange.sheet_heads import OPTIONS, field_of
from lms.interchange.sheet_values import level_of, section_of, type_of

HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析"]
ROW = ["单选", "买家多久可以申请退款？", "1天", "3天", "7天", "10天", "C", "见规则"]


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"'


def read(*rows, language="zh", **options):
    text = "\n".join(",".join(map(quoted, row)) for row in rows)
    return csv_file.read(text.encode(), language, **options)


def one(*rows, **options):
    (item,) = read(*rows, **options).items
    return item


def codes(reading):
    return [(note.line, note.code) for note in reading.all_notes]


def said(reading):
    return [str(note.reason) for note in reading.all_notes]


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("题干", "stem"),
        ("*题目（必填）", "stem"),
        (" 试题 内容： ", "stem"),
        ("Question Text", "stem"),
        ("题干/Stem", "stem"),
        ("题目\nQuestion", "stem"),
        ("题目类型", "type"),
        ("【题型】", "type"),
        ("选项", "options"),
        ("选项(A)", "option-a"),
        ("Ａ", "option-a"),
        ("b选项", "option-b"),
        ("Option C", "option-c"),
        ("option_d", "option-d"),
        ("选项 5", "option-e"),
        ("选项六", "option-f"),
        ("answer1", "option-a"),
        ("选项K", "beyond"),
        ("正确答案（多选用逗号隔开）", "key"),
        ("Correct Answer(s)", "key"),
        ("参考答案", "key"),
        ("答案解析", "explanation"),
        ("试题难度", "level"),
        ("所属知识点", "tags"),
        ("题目编号", "id"),
        ("题目ID", "sure-id"),
        ("序号", "ignore"),
        ("#", "ignore"),
        ("No.", "ignore"),
        ("分值", ""),
        ("1", ""),
        ("", ""),
        ("题型/难度", ""),
        ("题" * 61, ""),
    ],
)
def test_a_head_is_known_in_both_languages_and_in_any_spelling(head, field):
    assert field_of(head) == field


def test_every_field_has_words():
    assert set(FIELD_WORDS) == set(FIELDS)


def test_a_row_is_read_with_its_type_options_key_and_explanation():
    reading = read(HEAD, ROW)
    (item,) = reading.items
    assert (item.type, item.stem, item.options, item.keys, item.explanation, item.line) == (
        "single",
        "买家多久可以申请退款？",
        ("1天", "3天", "7天", "10天"),
        ("c",),
        "见规则",
        2,
    )
    assert codes(reading) == []
    assert reading.columns.heads == tuple(HEAD)
    assert reading.columns.fields == ("type", "stem", *OPTIONS[:4], "key", "explanation")
    assert reading.columns.samples == (tuple(ROW),)


def test_heads_are_found_below_titles_and_notes_in_any_order():
    reading = read(
        ["客服转正考试题库"],
        [],
        ["注：答案请填字母"],
        ["答案", "B", "A", "题目"],
        ["B", "错的", "对的", "哪个？"],
        ["合计：1 题"],
    )
    (item,) = reading.items
    assert (item.line, item.options, item.keys) == (5, ("对的", "错的"), ("b",))
    assert codes(reading) == [(6, "row-left-out")]


def test_a_list_of_titles_and_types_is_no_table_of_questions():
    assert codes(read(["日期", "类型", "内容"], ["1 日", "新增", "加了题"])) == [(1, "columns-unknown")]


@pytest.mark.parametrize("stem", ["说明书丢了怎么办？", "共有几个仓库？", "注意事项有哪些？"])
def test_a_bare_question_that_begins_like_a_remark_is_a_draft_and_not_lost(stem):
    assert read(HEAD, ["", stem]).items[0].is_draft


def test_heads_may_take_two_rows():
    reading = read(
        ["序号", "题干", "选项", "", "", "答案"],
        ["", "", "A", "B", "C", ""],
        ["1", "哪个？", "甲", "乙", "丙", "C"],
    )
    assert reading.items[0].options == ("甲", "乙", "丙")
    assert reading.items[0].line == 3


def test_one_head_may_reach_over_all_options():
    item = one(["题干", "选项", "", "", "答案"], ["哪个？", "甲", "乙", "丙", "B"])
    assert (item.options, item.keys) == (("甲", "乙", "丙"), ("b",))


def test_sections_with_titles_and_heads_of_their_own_are_read_on():
    reading = read(
        ["一、单选题（每题 2 分）"],
        ["题目", "选项", "答案"],
        ["哪个？", "甲|乙", "A"],
        ["二、判断题"],
        ["答案", "题目"],
        ["对", "天是蓝的"],
        ["三、简答题（共 2 题）"],
        ["略", "谈谈看法"],
    )
    assert [(item.type, item.stem, item.keys) for item in reading.items] == [
        ("single", "哪个？", ("a",)),
        ("true_false", "天是蓝的", ("a",)),
    ]
    assert codes(reading) == [(8, "not-imported")]


@pytest.mark.parametrize("row", [["", "", "", "", "", "", "", ""], ["", " ", "\u3000"]])
def test_rows_without_text_are_passed_over(row):
    assert codes(read(HEAD, row, ROW)) == []


def test_rows_that_only_count_or_only_choose_a_type_are_no_questions():
    reading = read(["序号", *HEAD], ["1", *ROW], ["2"], ["3", "单选"], ["4", "判断"])
    assert len(reading.items) == 1
    assert codes(reading) == [(4, "rows-left-out")]
    assert "left out: 2" in said(reading)[0]


def test_a_row_with_something_but_no_stem_is_a_draft():
    reading = read(HEAD, ["单选", "", "甲", "乙", "", "", "A"])
    assert codes(reading) == [(2, "no-stem")]
    assert reading.items[0].is_draft


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("甲\n乙\n丙", ["甲", "乙", "丙"]),
        ("甲|乙", ["甲", "乙"]),
        ("甲；乙；丙；", ["甲", "乙", "丙"]),
        ("甲;乙", ["甲", "乙"]),
        ("A.一天 B.三天", ["一天", "三天"]),
        ("A、一天；B、三天；C、七天", ["一天", "三天", "七天"]),
        ("A.一天;再等等 B.三天;不等", ["一天;再等等", "三天;不等"]),
        ("A.一天B.三天C.七天", ["一天", "三天", "七天"]),
        ("(A) 一天\n(B) 三天", ["一天", "三天"]),
        ("A-一天|B-三天", ["一天", "三天"]),
        ("A：0.5\nB：0.7", ["0.5", "0.7"]),
        ("1. 是这样\n2. 不是", ["是这样", "不是"]),
        ("①甲\n②乙", ["甲", "乙"]),
        ("1.5 元\n2.5 元", ["1.5 元", "2.5 元"]),
        ("对/错", ["对", "错"]),
        ("A型血|B型血", ["A型血", "B型血"]),
        ("A.选A.B都行B.不行", ["A.选A.B都行B.不行"]),
        ("甲||丙", ["甲", "丙"]),
        ("甲|乙||", ["甲", "乙"]),
        ("只有一个", ["只有一个"]),
        ("", []),
    ],
)
def test_options_in_one_cell_are_split_where_that_is_clear(cell, options):
    assert split_options(cell) == options


def test_letters_in_front_of_options_are_taken_off_if_every_option_has_its_own():
    assert one(HEAD, ["单选", "哪个？", "A.甲", "B、乙", "C 丙", "", "A"]).options == (
        "A.甲",
        "B、乙",
        "C 丙",
    )
    assert one(HEAD, ["单选", "哪个？", "A.甲", "B、乙", "", "", "A"]).options == ("甲", "乙")


def test_a_gap_between_options_and_options_after_the_tenth_make_a_draft():
    gap = read(HEAD, ["单选", "哪个？", "甲", "", "丙", "", "C"])
    assert codes(gap) == [(2, "empty-option")]
    names = [chr(ord("A") + at) for at in range(11)]
    many = read(
        ["题干", *(f"选项{name}" for name in names), "答案"], ["哪个？", *map(str, range(1, 12)), "A"]
    )
    assert codes(many) == [(2, "lossy")]
    assert many.items[0].is_draft


FOUR = ("1天", "3天", "7天", "10天")


@pytest.mark.parametrize(
    ("cell", "options", "keys"),
    [
        ("B", FOUR, ("b",)),
        ("b", FOUR, ("b",)),
        ("Ｂ", FOUR, ("b",)),
        ("ACD", FOUR, ("a", "c", "d")),
        ("acd", FOUR, ("a", "c", "d")),
        ("A,C", FOUR, ("a", "c")),
        ("A、C和D", FOUR, ("a", "c", "d")),
        ("A/C", FOUR, ("a", "c")),
        ("A-C", FOUR, ("a", "b", "c")),
        ("A～C", FOUR, ("a", "b", "c")),
        ("答案：B", FOUR, ("b",)),
        ("【B】", FOUR, ("b",)),
        ("7天", FOUR, ("c",)),
        ("C. 7天", FOUR, ("c",)),
        ("1天、7天", FOUR, ("a", "c")),
        ("2", FOUR, ("b",)),
        ("1,3", FOUR, ("a", "c")),
        ("①③", FOUR, ("a", "c")),
        ("E", FOUR, ("e",)),
        ("3", ("1", "2", "4", "3"), ("d",)),
        ("对", ("对", "错"), ("a",)),
        ("×", ("是", "否"), ("b",)),
        ("FALSE", ("False", "True"), ("a",)),
        ("F", ("对", "错"), ("b",)),
        ("", FOUR, ()),
        ("13", FOUR, None),
        ("C. 3天", FOUR, None),
        ("D-A", FOUR, None),
        ("AA", FOUR, None),
        ("bad", FOUR, None),
        ("A", ("B", "A"), None),
        ("略", FOUR, None),
        ("√", FOUR, None),
        ("99999999999", FOUR, None),
    ],
)
def test_answers_are_understood_in_every_spelling_that_means_one_thing(cell, options, keys):
    assert key_of(cell, options) == keys


@pytest.mark.parametrize(
    ("key", "language", "options", "keys"),
    [
        ("√", "zh", ("对", "错"), ("a",)),
        ("错", "zh", ("对", "错"), ("b",)),
        ("TRUE", "en", ("True", "False"), ("a",)),
        ("0", "en", ("True", "False"), ("b",)),
    ],
)
def test_true_or_false_needs_no_options(key, language, options, keys):
    item = one(["题型", "题干", "答案"], ["判断", "地球是圆的", key], language=language)
    assert (item.type, item.options, item.keys, item.is_draft) == ("true_false", options, keys, False)


def test_letters_name_nothing_where_there_are_no_options():
    reading = read(["题型", "题干", "答案"], ["判断题", "地球是圆的", "A"])
    assert codes(reading) == [(2, "key-not-understood")]


def test_two_columns_of_answers_must_agree():
    head = ["题干", "A", "B", "答案", "正确答案"]
    assert one(head, ["哪个？", "甲", "乙", "A", "甲"]).keys == ("a",)
    assert codes(read(head, ["哪个？", "甲", "乙", "A", "B"])) == [(2, "keys-disagree")]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("单选题", "single"),
        ("单项选择题（2分）", "single"),
        ("不定项", "multiple"),
        ("多项选择", "multiple"),
        ("是非题", "true_false"),
        ("T/F", "true_false"),
        ("True-False", "true_false"),
        ("选择题", "infer"),
        ("Multiple choice", "infer"),
        ("填空题", None),
        ("essay", None),
    ],
)
def test_words_for_types(word, kind):
    assert type_of(word) == kind


def test_a_type_that_there_is_not_is_named_and_not_imported():
    reading = read(HEAD, ["填空题", "退款要____天", "", "", "", "", "7"], ROW)
    assert codes(reading) == [(2, "not-imported")]
    assert "填空题" in said(reading)[0]
    assert len(reading.items) == 1


@pytest.mark.parametrize(
    "text", ["注意：不定项选择题要选全，多选、少选、错选都不得分。", "单选还是多选？", "题目"]
)
def test_a_sentence_is_no_title_of_a_section(text):
    assert section_of(text) is None


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("易", 1),
        ("简单", 1),
        ("中等", 2),
        ("较难", 3),
        ("Hard", 3),
        ("2", 2),
        ("★★☆", 2),
        ("3星", 3),
        ("0.6", None),
        ("?", None),
    ],
)
def test_words_for_levels(word, level):
    assert level_of(word) == level


def test_a_scale_of_five_is_told_and_not_squeezed_into_three():
    reading = read(["题干", "选项", "答案", "难度"], ["一？", "甲|乙", "A", "3"], ["二？", "甲|乙", "A", "5"])
    assert [item.level for item in reading.items] == [None, None]
    assert codes(reading) == [(1, "level-scale")]


def test_settings_are_read_and_what_cannot_be_kept_is_told_once():
    head = ["题目ID", "题干", "选项", "答案", "标签", "课程", "目标", "用途", "乱序", "分值"]
    reading = read(
        head,
        [
            "Step-1",
            "一？",
            "甲|乙",
            "A",
            "refunds，Evidence",
            "refunds/first-steps",
            "aim",
            "考试",
            "否",
            "2",
        ],
        ["", "二？", "甲|乙", "A", "退款", "退款课", "", "练习", "是", "2"],
        ["", "三？", "甲|乙", "A", "退款", "", "", "也许", "", "2"],
    )
    first, second, _ = reading.items
    assert (first.id, first.tags, first.lesson) == ("step-1", ("refunds", "evidence"), "refunds/first-steps")
    assert (first.objective, first.use, first.shuffle) == ("aim", "exam", False)
    assert (second.tags, second.lesson, second.use, second.shuffle) == (None, None, "practice", True)
    assert codes(reading) == [
        (1, "not-kept"),
        (3, "value-ignored"),
        (3, "value-ignored"),
        (4, "value-ignored"),
    ]
    assert "分值" in said(reading)[0]


def test_a_number_that_counts_the_rows_is_no_id():
    reading = read(["编号", "题干", "选项", "答案"], ["1", "一？", "甲|乙", "A"], ["2", "二？", "甲|乙", "A"])
    assert all(item.id.startswith("q-") for item in reading.items)
    assert codes(reading) == [(1, "ids-left-out")]
    assert one(["题目ID", "题干", "选项", "答案"], ["1", "一？", "甲|乙", "A"]).id == "1"


def test_numbers_that_begin_anew_in_each_section_are_no_ids_either():
    head = ["编号", "题目", "选项", "答案"]
    reading = read(
        ["单选题"], head, ["1", "一？", "甲|乙", "A"], ["多选题"], head, ["1", "二？", "甲|乙", "AB"]
    )
    assert [item.type for item in reading.items] == ["single", "multiple"]
    assert codes(reading) == [(2, "ids-left-out")]


def test_a_column_of_ids_goes_before_one_of_numbers():
    rows = (["编号", "题目ID", "题目", "选项", "答案"], ["1", "2", "一？", "甲|乙", "A"])
    assert one(*rows).id == "2"
    shown = dict(enumerate(read(*rows).columns.fields))
    assert one(*rows, mapping=shown).id == "2"


def test_unknown_heads_are_shown_so_that_they_can_be_named():
    rows = (["甲方", "乙方", "丙方"], ["哪个？", "对|错", "A"])
    reading = read(*rows)
    assert [(note.code, note.effect) for note in reading.notes] == [("columns-unknown", ERROR)]
    assert reading.columns.heads == ("甲方", "乙方", "丙方")
    assert reading.columns.samples == (("哪个？", "对|错", "A"),)
    assert reading.columns.fields == ("", "", "")
    mapped = read(*rows, mapping={0: "stem", 1: "options", 2: "key"})
    assert (mapped.items[0].stem, mapped.items[0].keys, mapped.columns.fields) == (
        "哪个？",
        ("a",),
        ("stem", "options", "key"),
    )


def test_a_mapping_overrides_what_the_heads_say():
    rows = (["题目", "备注", "选项", "答案"], ["标题", "哪个？", "甲|乙", "A"])
    reading = read(*rows, mapping={0: "ignore", 1: "stem", 77: "key", 2: "nonsense"})
    assert reading.items[0].stem == "哪个？"
    assert reading.columns.fields == ("ignore", "stem", "options", "key")
    assert codes(read(*rows, mapping={0: "ignore"})) == [(1, "columns-unknown")]


def test_a_table_without_heads_loses_no_question_when_its_columns_are_named():
    reading = read(
        ["哪个？", "甲", "乙", "B"],
        ["谁？", "丙", "丁", "A"],
        mapping={0: "stem", 1: "option-a", 2: "option-b", 3: "key"},
    )
    assert [(item.line, item.keys) for item in reading.items] == [(1, ("b",)), (2, ("a",))]


def test_examples_of_the_template_are_left_out_and_told():
    for language in ("zh", "en"):
        reading = csv_file.read(csv_file.template(language), language)
        assert [note.code for note in reading.all_notes] == ["no-questions", "example-left-out"]
        kept = csv_file.read(
            csv_file.template(language).replace("（示例）".encode(), b"").replace(b"(example)", b""), language
        )
        assert codes(kept) == []
        assert report(kept)["questions"] == {"single": 1, "multiple": 1, "true_false": 1}


def test_there_is_an_end_to_the_questions_of_a_table(monkeypatch):
    for module in (sheet, reading_module):
        monkeypatch.setattr(module, "MAX_ITEMS", 20)
    reading = read(["题干", "选项", "答案"], *([f"第{number}问？", "甲|乙", "A"] for number in range(30)))
    assert codes(reading) == [(22, "too-many-questions")]
    assert len(reading.items) == 20


def test_there_is_an_end_to_the_rows_of_a_table(monkeypatch):
    monkeypatch.setattr(csv_file, "MAX_ROWS", 5)
    assert codes(read(HEAD, *([f"第{number}问？"] for number in range(30))))[-1] == (6, "too-many-questions")


def test_progress_is_told():
    told = []
    read(
        ["题干", "选项", "答案"],
        *([f"第{n}问？", "甲|乙", "A"] for n in range(600)),
        progress=lambda *done: told.append(done),
    )
    assert told[-1] == (500, 601)  # rows, the heads among them


def test_an_answer_beyond_the_options_is_a_draft():
    reading = read(HEAD, [*ROW[:6], "E", ""])
    assert [(note.code, note.effect) for note in reading.all_notes] == [("key-beyond-options", DRAFT)]
