"""Loading: idempotent, versioned, and careful with what was edited in the browser."""

import time_machine
from sqlalchemy import func, select

from lms.banks.models import Bank, Question, QuestionVersion
from lms.banks.operations import edit_question, set_state
from lms.certification.models import Certification
from lms.content import check_paths
from lms.courses.models import Course, GlossaryTerm, Lesson, LessonVersion
from lms.db import db
from lms.exams.models import Exam, ExamVersion
from lms.interchange.changes import Changes
from lms.interchange.source import errors
from lms.loading import Scope, load
from lms.probation.models import TrainingPlan
from tests import make
from tests.banks import make_banks
from tests.conftest import NOON, counted_statements
from tests.content.tree import changed, write_tree

BANK = "question_banks/en/trade-flow.md"
ORDER = "courses/trade-flow/en/01-order.md"
EXAM = "question_banks/exams/base.toml"
PROGRAMME = "courses/programme.toml"
WITHOUT_EXAM_ONE = {
    **changed(BANK, "## exam-one\ntags: time-outs\nuse: exam\n\nTwo?\n\n- [x] 1\n- [ ] 2\n\n", ""),
    "question_banks/zh/trade-flow.md": None,
    EXAM: None,
    **changed(PROGRAMME, 'exams = ["base"]\nmonths', "exams = []\nmonths"),
}
WITHOUT_EXAM_ONE[PROGRAMME] = WITHOUT_EXAM_ONE[PROGRAMME].replace('exams = ["base"]', "exams = []")


def load_tree(root, *paths) -> Changes:
    named = [root / path for path in paths] or [root]
    content, problems = check_paths(named)
    assert errors(problems) == []
    db.session.rollback()
    return load(content, Scope.of(named), NOON)


def question(slug):
    return db.session.scalar(select(Question).where(Question.ref == f"trade-flow/{slug}"))


def one(model):
    return db.session.scalar(select(model).order_by(model.id).limit(1))


def trainer():
    return make.person(stage=None, roles=("trainer",))


def edited(tree_question, **changes):
    content = make_banks.content(id=tree_question.slug, **changes)
    number = tree_question.current.number
    edit_question(tree_question, content, based_on=number, actor=trainer(), now=NOON)
    db.session.commit()


def test_a_first_load_brings_in_everything(app, tmp_path):
    changes = load_tree(write_tree(tmp_path))
    assert set(changes.added) == {
        "course trade-flow",
        "lesson trade-flow/order",
        "lesson trade-flow/refund",
        "term escrow",
        "bank trade-flow",
        "question trade-flow/practice-one",
        "question trade-flow/exam-one",
        "question trade-flow/exam-two",
        "exam base",
        "certification base",
        "plan shop-month",
    }
    assert changes.counts() == {"added": 11, "changed": 0, "unchanged": 0, "retired": 0, "conflicts": 0}
    lesson = db.session.scalar(select(Lesson).where(Lesson.slug == "order"))
    english = next(text for text in lesson.current.texts if text.language == "en")
    assert '<a class="term" href="/glossary#escrow"' in english.html
    assert english.figures[0]["source_title"] == "Training notes"
    loaded = question("exam-one")
    assert (loaded.state, loaded.origin, loaded.loaded_id) == ("live", "file", loaded.current_id)
    assert {text.language: text.options[0]["text"] for text in loaded.current.texts} == {
        "en": "1",
        "zh": "一",
    }
    exam = one(Exam)
    assert exam.courses == ["trade-flow"]
    assert exam.current.sections[0]["draw"][1] == {"banks": ["trade-flow"], "count": 1, "tags": ["time-outs"]}
    assert one(TrainingPlan).phases[0]["activities"][0]["hours"] == 8
    assert one(Certification).exams == ["base"]


def test_a_second_load_changes_nothing(app, tmp_path):
    root = write_tree(tmp_path)
    load_tree(root)
    changes = load_tree(root)
    assert changes.counts() == {"added": 0, "changed": 0, "unchanged": 11, "retired": 0, "conflicts": 0}


def test_what_changed_becomes_a_new_version_and_the_old_one_stays(app, tmp_path):
    load_tree(write_tree(tmp_path))
    first = question("exam-one").current_id
    new = {**changed(BANK, "Two?", "Three?"), **changed(ORDER, "minutes = 6", "minutes = 7")}
    new |= changed(EXAM, "minutes = 60", "minutes = 45")
    changes = load_tree(write_tree(tmp_path, new))
    assert set(changes.changed) == {"question trade-flow/exam-one", "lesson trade-flow/order", "exam base"}
    assert question("exam-one").current.number == 2
    assert db.session.get(QuestionVersion, first).number == 1
    assert one(Exam).current.minutes == 45
    for model in (LessonVersion, ExamVersion):
        assert db.session.scalar(select(func.max(model.number))) == 2


def test_what_left_the_files_retires_and_comes_back_with_them(app, tmp_path):
    load_tree(write_tree(tmp_path))
    (tmp_path / "question_banks/zh/trade-flow.md").unlink()
    (tmp_path / EXAM).unlink()
    changes = load_tree(write_tree(tmp_path, WITHOUT_EXAM_ONE))
    assert set(changes.retired) == {"question trade-flow/exam-one", "exam base"}
    assert question("exam-one").state == "retired"
    assert one(Exam).state == "retired"
    changes = load_tree(write_tree(tmp_path))
    assert "question trade-flow/exam-one" in changes.changed
    assert question("exam-one").state == "live"
    assert question("exam-one").current.number == 1


def test_a_course_or_bank_whose_files_are_gone_retires_with_all_in_it(app, tmp_path):
    load_tree(write_tree(tmp_path / "one"))
    empty = tmp_path / "two"
    (empty / "courses").mkdir(parents=True)
    (empty / "question_banks").mkdir()
    changes = load_tree(empty)
    assert len(changes.retired) == 6
    assert {one(Course).state, one(Lesson).state, question("exam-one").state} == {"retired"}


def test_only_the_named_path_is_loaded(app, tmp_path):
    root = write_tree(tmp_path)
    load_tree(root)
    new = {**changed(BANK, "Two?", "Three?"), **changed(ORDER, "minutes = 6", "minutes = 7")}
    changes = load_tree(write_tree(root, new), BANK)
    assert changes.changed == ["question trade-flow/exam-one"]
    assert changes.retired == []
    assert load_tree(root, "courses").changed == ["lesson trade-flow/order"]


def test_a_question_edited_in_the_browser_is_a_conflict_and_left_alone(app, tmp_path):
    root = write_tree(tmp_path)
    load_tree(root)
    edited(question("exam-one"))
    for text in ("Two?", "Three?"):
        changes = load_tree(write_tree(root, changed(BANK, "Two?", text)))
        ((name, reason),) = changes.conflicts
        assert name == "question trade-flow/exam-one"
        assert "edited in the browser" in reason
        assert question("exam-one").current.number == 2


def test_a_conflict_ends_when_the_file_says_the_same(app, tmp_path):
    root = write_tree(tmp_path, {"question_banks/zh/trade-flow.md": None})
    load_tree(root)
    wording = {"en": make_banks.records.Wording("Twice?", ("1", "2"))}
    edited(question("exam-one"), wordings=wording, keys=("a",), level=1, tags=("time-outs",))
    changes = load_tree(write_tree(root, {**changed(BANK, "Two?", "Twice?")}), BANK)
    assert changes.conflicts != []
    (root / "question_banks/zh/trade-flow.md").unlink()
    changes = load_tree(root)
    assert changes.conflicts == []
    assert question("exam-one").loaded_id == question("exam-one").current_id


def test_an_edited_question_that_left_the_file_is_a_conflict(app, tmp_path):
    load_tree(write_tree(tmp_path))
    edited(question("exam-one"))
    (tmp_path / "question_banks/zh/trade-flow.md").unlink()
    (tmp_path / EXAM).unlink()
    changes = load_tree(write_tree(tmp_path, WITHOUT_EXAM_ONE))
    assert [name for name, _ in changes.conflicts] == ["question trade-flow/exam-one"]
    assert question("exam-one").state == "live"


def test_a_question_retired_in_the_browser_stays_retired(app, tmp_path):
    root = write_tree(tmp_path)
    load_tree(root)
    set_state(question("exam-one"), "retired", actor=trainer(), now=NOON)
    db.session.commit()
    changes = load_tree(root)
    assert "retired in the browser" in changes.conflicts[0][1]
    assert question("exam-one").state == "retired"


def test_a_question_written_in_the_browser_is_never_touched(app, tmp_path):
    bank = make_banks.bank("trade-flow")
    make_banks.question(bank, trainer(), id="exam-one")
    make_banks.question(bank, trainer(), id="own-one")
    changes = load_tree(write_tree(tmp_path))
    assert [name for name, _ in changes.conflicts] == ["question trade-flow/exam-one"]
    assert question("exam-one").origin == "browser"
    assert question("own-one").state == "live"


def test_a_term_that_left_the_glossary_is_gone(app, tmp_path):
    load_tree(write_tree(tmp_path))
    new = {
        **changed("courses/glossary.toml", "escrow", "escrow-account"),
        **changed(ORDER, "term:escrow", "term:escrow-account"),
        **changed("courses/trade-flow/zh/01-order.md", "term:escrow", "term:escrow-account"),
    }
    changes = load_tree(write_tree(tmp_path, new))
    assert changes.retired == ["term escrow"]
    assert db.session.scalars(select(GlossaryTerm.slug)).all() == ["escrow-account"]


def test_a_reload_runs_as_many_statements_for_a_large_bank_as_for_a_small_one(app, tmp_path):
    root = write_tree(tmp_path)

    def statements(count):
        more = "".join(f"\n## more-{n}\n\nMore {n}?\n\n- [x] 1\n- [ ] 2\n" for n in range(count))
        text = (root / BANK).read_text()
        (root / BANK).write_text(text + more)
        load_tree(root)
        (root / BANK).write_text(text + more)
        with counted_statements() as seen:
            load_tree(root)
        (root / BANK).write_text(text)
        return len(seen)

    assert statements(3) == statements(30)


@time_machine.travel(NOON, tick=False)
def test_a_load_is_audited_without_an_actor(app, tmp_path):
    from lms.audit import AuditRow

    load_tree(write_tree(tmp_path))
    acts = set(db.session.scalars(select(AuditRow.act).where(AuditRow.actor_id.is_(None))))
    assert {"course.load", "lesson.load", "question.load", "exam.load", "certification.load"} <= acts
    assert one(Bank).slug == "trade-flow"
