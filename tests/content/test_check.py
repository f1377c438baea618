"""The whole content is checked at once: a mistake anywhere is told with its file and line."""

from pathlib import Path

import pytest

from lms.content import check_paths
from lms.interchange.source import errors
from tests.content.tree import FILES, changed, write_tree

PROGRAMME = "courses/programme.toml"
COURSE = "courses/trade-flow/course.toml"
ORDER, ORDER_ZH = "courses/trade-flow/en/01-order.md", "courses/trade-flow/zh/01-order.md"
REFUND = "courses/trade-flow/en/02-refund.md"
BANK, BANK_ZH = "question_banks/en/trade-flow.md", "question_banks/zh/trade-flow.md"
EXAM = "question_banks/exams/base.toml"
PICTURE = "0123456789abcdef" * 4 + ".png"


def found(root, *paths):
    problems = check_paths([root / path for path in paths] or [root])[1]
    return [(problem.file.removeprefix(f"{root}/"), problem.line, problem.message) for problem in problems]


def test_a_whole_tree_has_no_problem(tmp_path):
    content, problems = check_paths([write_tree(tmp_path)])
    assert problems == []
    lesson = content.lesson("trade-flow/order")
    assert (lesson.order, lesson.minutes, lesson.edition, lesson.check) == (
        1,
        6,
        1,
        ("trade-flow/practice-one",),
    )
    assert content.banks["trade-flow"].questions[1].wordings["zh"].options == ("一", "二")
    assert content.exams["base"].review == "marks_and_lessons"
    assert content.plans["shop-month"].phases[0].activities[0].hours == 8
    assert content.certifications["base"].renew_days == 60


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        (COURSE, "order = 10", "ordre = 10", 4, 'no setting "ordre"'),
        (COURSE, "platform-rules", "rules", 3, "no area rules"),
        (COURSE, ', zh = "交易流程"', "", 1, "both languages"),
        (ORDER, "minutes = 6", 'minutes = "6"', 3, '"minutes" must be a whole number'),
        (ORDER, "minutes = 6\n", "", 2, '"minutes" is missing'),
        (ORDER, "minutes = 6", "minutes = 6\nedition = 2", 4, 'in "changed" what is new'),
        (ORDER, "practice-one", "no-such", 4, "no question trade-flow/no-such"),
        (ORDER, "practice-one", "exam-one", 4, "kept for exams"),
        (ORDER, '"training-notes"', '"hearsay"', 8, "no source hearsay"),
        (ORDER, 'text = "72 hours"', 'text = "73 hours"', 8, "does not stand in the lesson"),
        (ORDER, "term:escrow", "term:escrw", 14, "no term escrw"),
        (ORDER, "lesson:trade-flow/refund", "lesson:trade-flow/refnd", 14, "no lesson trade-flow/refnd"),
        (ORDER, "lesson:trade-flow/refund", "refund.md", 14, "leads nowhere"),
        (ORDER, "See [escrow]", "![x](https://a.example/b.png) [escrow]", 14, "picture is not shown"),
        (ORDER, "See [escrow]", f"![x](media:{PICTURE}) [escrow]", 14, f"no picture {PICTURE}"),
        (BANK, "> Because.", f"> ![x](media:{PICTURE})", 7, f"no picture {PICTURE}"),
        (ORDER, "See", "\n```chat\nbuyer | Hi\n```\nSee", 16, "A line of a chat is"),
        (ORDER, "See", "\n/// tip\nx\n///\n\nSee", 15, 'no block "tip"'),
        (ORDER, "See", "\n/// note\nx\n\nSee", 15, "not closed"),
        (ORDER, "See", "\n```\nSee", 15, "not closed"),
        (ORDER, "See", "\n///\n\nSee", 15, "No block is open"),
        (ORDER_ZH, "[objectives]", "minutes = 7\n[objectives]", 3, '"minutes" differs'),
        (ORDER_ZH, "states =", "stats =", 3, "The objectives differ"),
        (ORDER_ZH, "未付款的订单会关闭，见[担保交易](term:escrow)。", "", 6, "no text yet"),
        (BANK, "objective: states", "objective: statements", 7, "no objective statements"),
        (BANK, "lesson: trade-flow/order\n", "", 7, '"objective" needs "lesson"'),
        (BANK, "lesson: trade-flow/order", "lesson: trade-flow/odrer", 7, "no lesson trade-flow/odrer"),
        (BANK, "> Because.", "> See [it](term:nothing).", 7, "no term nothing"),
        (BANK, 'bank = "trade-flow"', 'bank = "other"', 2, 'must be "trade-flow"'),
        (BANK, "platform-rules", "rules", 4, "no area rules"),
        (BANK_ZH, "- [ ] 一\n- [x] 二", "- [x] 一\n- [ ] 二", 14, "marks a as right"),
        (BANK_ZH, "- [ ] 一\n- [x] 二", "- [ ] 一\n- [x] 二\n- [ ] 三", 14, "has 3 options"),
        (EXAM, "pass_percent = 80", "pass_percent = 101", 3, "from 1 to 100"),
        (EXAM, 'type = "single"', 'type = "essay"', 7, "one of single, multiple, true_false"),
        (EXAM, "count = 2\n", "count = 3\n", 8, "the draws add up to 2"),
        (EXAM, 'bank = "trade-flow", count', 'bank = "flow", count', 11, "no question bank flow"),
        (EXAM, "count = 1 },\n]", "cuont = 1 },\n]", 12, '"cuont"'),
        (PROGRAMME, 'courses = ["trade-flow"]\nexams', 'courses = ["flow"]\nexams', 9, "no course flow"),
        (PROGRAMME, 'exams = ["base"]\nmonths', 'exams = ["basic"]\nmonths', 10, "no exam basic"),
        (
            PROGRAMME,
            'courses = ["trade-flow"]\nactivities',
            'courses = ["flow"]\nactivities',
            20,
            "no course flow",
        ),
        (PROGRAMME, 'exams = ["base"]\nlessons', 'exams = ["basic"]\nlessons', 25, "no exam basic"),
        (PROGRAMME, "hours = 8,", "hours = 0.5,", 22, '"hours" must be'),
        (PROGRAMME, "days = 5", "days = 0", 19, '"days" must be'),
        (PROGRAMME, "renew_days", "renewal_days", 12, '"renewal_days"'),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, name, old, new, line, words):
    problems = found(write_tree(tmp_path, changed(name, old, new)))
    assert any(f == name and at == line and words in message for f, at, message in problems), problems


def test_pictures_lie_in_a_folder_of_their_own(tmp_path):
    files = changed(BANK, "> Because.", f"> ![x](media:{PICTURE})")
    root = write_tree(tmp_path, files | {f"question_banks/media/{PICTURE}": ""})
    assert found(root) == []
    (root / "question_banks" / "media" / "plan.png").write_bytes(b"")
    ((file, _line, message),) = found(root)
    assert (file, "named by the SHA-256" in message) == ("question_banks/media/plan.png", True)


def test_a_mistake_in_one_file_is_not_blamed_on_those_that_refer_to_it(tmp_path):
    problems = found(
        write_tree(tmp_path, changed(BANK, "- [x] 1\n- [ ] 2\n\n> Because.", "- [ ] 1\n- [ ] 2"))
    )
    assert problems == [(BANK, 7, "No option is marked as right. Mark the right ones with [x].")]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("courses/trade-flow/en/3-more.md", "x", "is named NN-slug.md"),
        (
            "courses/trade-flow/en/03-order.md",
            '+++\ntitle = "x"\nminutes = 1\n+++\nx',
            "already in 01-order.md",
        ),
        ("courses/trade-flow/notes.txt", "x", "A course holds"),
        ("courses/notes.txt", "x", "not a part of the courses"),
        ("courses/empty/readme.md", "x", "has no course.toml"),
        ("courses/trade-flow/en/03-new.md", '+++\ntitle = "x"\nminutes = 1\n+++\nx', "no file in zh"),
        ("question_banks/en/Bank.md", "x", "A bank's file is named"),
        ("question_banks/exams/base.yaml", "x", "An exam's file is named"),
        ("question_banks/fr/bank.md", "x", "in the folders en, zh and exams"),
        (BANK, "坏".encode("gb18030"), "not UTF-8"),
        (ORDER, "no header", "Begin the file with a line +++"),
    ],
)
def test_a_file_out_of_place_is_told(tmp_path, name, text, words):
    assert any(words in message for _, _, message in found(write_tree(tmp_path, {name: text})))


def test_ids_used_twice_are_told_with_the_second_line(tmp_path):
    twice = {name: FILES[name] + FILES[name] for name in ("courses/glossary.toml",)}
    twice[PROGRAMME] = (
        FILES[PROGRAMME] + '\n[[area]]\nid = "platform-rules"\ntitle = { en = "x", zh = "y" }\n'
    )
    problems = found(write_tree(tmp_path, twice))
    assert [(name, line) for name, line, _ in problems] == [("courses/glossary.toml", 9), (PROGRAMME, 29)]


def test_a_section_that_cannot_be_filled_is_told_with_what_there_is(tmp_path):
    problems = found(write_tree(tmp_path, changed(BANK, "level: 2\nuse: exam", "level: 2\nuse: practice")))
    assert [(name, line) for name, line, _ in problems] == [(EXAM, 12)] or problems[0][1] in (11, 12)
    assert "none may come twice" in problems[0][2]
    wider = changed(EXAM, 'tags = ["time-outs"], count = 1', 'tags = ["nothing"], count = 1')
    ((_, line, message),) = found(write_tree(tmp_path / "2", wider))
    assert line == 12
    assert "asks for 1 single questions of trade-flow; 0 with use: exam fit" in message


def test_only_the_named_paths_are_reported_though_all_is_read(tmp_path):
    broken = {**changed(COURSE, "order = 10", "ordre = 10"), **changed(EXAM, "minutes = 60", "minutes = 0")}
    root = write_tree(tmp_path, broken)
    assert {name for name, _, _ in found(root)} == {COURSE, EXAM}
    assert {name for name, _, _ in found(root, "question_banks")} == {EXAM}
    assert {name for name, _, _ in found(root, COURSE)} == {COURSE}
    assert found(root, BANK) == []


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        ('{ banks = ["trade-flow", "nowhere"], count = 1 }', "There is no question bank nowhere."),
        ('{ bank = "trade-flow", banks = ["trade-flow"], count = 1 }', "not with both"),
        ("{ banks = [], count = 1 }", '"banks" is empty'),
    ],
)
def test_the_banks_of_a_draw_are_checked(tmp_path, draw, said):
    old = next(line for line in FILES[EXAM].split("\n") if "count = 1" in line and "bank" in line)
    root = write_tree(tmp_path, changed(EXAM, old, f"draw = [ {draw} ]" if old.startswith("draw") else f"  {draw},"))
    assert any(said in message for _, _, message in found(root))


def test_an_exam_of_the_quarter_says_so_itself(tmp_path):
    asks = changed(PROGRAMME, "renew_days = 60", 'renew_days = 60\nquarterly = ["base"]')
    assert any("no form for everybody" in message for _, _, message in found(write_tree(tmp_path, asks)))
    form = changed(EXAM, "minutes = 60", 'minutes = 60\nform = "quarter"')
    assert found(write_tree(tmp_path / "right", {**asks, **form})) == []


def test_a_bank_file_outside_a_tree_is_checked_alone(tmp_path):
    (tmp_path / "bank.md").write_text(FILES[BANK])
    assert found(tmp_path, "bank.md") == []
    (tmp_path / "bank.md").write_text(FILES[BANK].replace("[x]", "[ ]"))
    assert [line for _, line, _ in found(tmp_path, "bank.md")] == [7, 18, 27]


def test_banks_without_courses_are_checked_without_them(tmp_path):
    changes = {name: None for name in FILES if name.startswith("courses/")}
    assert found(write_tree(tmp_path, changes)) == []


@pytest.mark.parametrize("path", ["nothing-here", "empty"])
def test_a_path_that_is_no_content_is_told(tmp_path, path):
    (tmp_path / "empty").mkdir()
    assert len(found(tmp_path, path)) == 1


def test_the_products_own_content_has_no_error():
    _, problems = check_paths([Path(__file__).parents[2]])
    assert errors(problems) == []
