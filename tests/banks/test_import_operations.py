"""Importing questions: all or nothing, nothing overwritten, twice is once, and all of it can be undone."""

import pytest
from sqlalchemy import func, select

from lms import outbox
from lms.audit import AuditRow
from lms.banks import import_preview, import_rows, imports, listeners
from lms.banks.import_models import BankImport, BankImportMedia
from lms.banks.import_undo import undo_import
from lms.banks.models import Question, QuestionText, QuestionVersion
from lms.banks.operations import content_of, edit_question, set_state
from lms.db import db
from lms.errors import N_, Reason, Refused
from lms.interchange.reading import ERROR, Note, note
from lms.interchange.records import Wording
from lms.interchange.report import report
from tests import make
from tests.banks import make_banks, make_imports
from tests.banks.make_imports import ITEM, item, items, plan, write
from tests.conftest import NOON, counted_statements


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(app):
    return make_banks.bank()


def question(slug):
    db.session.rollback()
    return db.session.scalar(select(Question).where(Question.slug == slug))


def last_import():
    return db.session.scalar(select(BankImport).order_by(BankImport.id.desc()))


def verdicts(made):
    return [(each.verdict, each.flaw) for each in made.planned]


def undo(trainer):
    result = undo_import(last_import(), actor=trainer, now=NOON)
    db.session.commit()
    return result


# What comes in


def test_good_questions_become_live_and_the_rest_drafts(bank, trainer):
    done = write(bank, trainer, item(id="good"), item("No key?", id="open", keys=()))
    assert (done.live, done.drafts) == (("good",), ("open",))
    good, draft = question("good"), question("open")
    assert (good.state, good.origin, good.ref) == ("live", "import", "refunds/good")
    assert (draft.state, draft.current.keys) == ("draft", [])
    assert (good.current.number, good.current.keys, good.current.created_by_id) == (1, ["b"], trainer.id)
    (text,) = good.current.texts
    assert (text.language, text.stem_html) == ("en", "<p>When does the platform step in?</p>")
    assert text.options[1] == {"id": "b", "text": "After 72 hours", "html": "After 72 hours"}


def test_plain_text_is_kept_as_it_stands_and_ids_are_made_from_it(bank, trainer):
    done = write(bank, trainer, item("Is 5*3 = *15*?\nSay <b>why</b>.", options=("_A_", "B")))
    made = question(done.live[0])
    assert made.slug.startswith("q-")
    assert "<p>Is 5*3 = *15*?</p>" in made.current.texts[0].stem_html
    assert "&lt;b&gt;why" in made.current.texts[0].stem_html
    assert made.current.texts[0].options[0]["html"] == "_A_"


def test_what_is_set_for_all_holds_where_the_file_says_nothing(bank, trainer):
    said = item("Says it", id="said", use="practice", level=3, tags=("own",), lesson="a/b")
    write(bank, trainer, said, item(id="silent"), use="exam", level=2, tags=("new",), lesson="c/d")
    versions = [question(slug).current for slug in ("said", "silent")]
    assert [(v.use, v.level, v.tags, v.lesson) for v in versions] == [
        ("practice", 3, ["own", "new"], "a/b"),
        ("exam", 2, ["new"], "c/d"),
    ]


def test_what_is_set_for_all_can_hold_whatever_the_file_says(bank, trainer):
    said = item(id="said", use="practice", level=3, lesson="a/b", objective="x")
    write(bank, trainer, said, use="exam", level=2, lesson="c/d", over=True)
    version = question("said").current
    assert (version.use, version.level, version.lesson, version.objective) == ("exam", 2, "c/d", None)


def test_a_draft_may_have_more_options_than_can_be_asked_and_its_form_opens(bank, trainer, sign_in):
    many = tuple(f"Option {number}" for number in range(12))
    write(bank, trainer, item(id="many", options=many))
    assert question("many").state == "draft"
    page = sign_in(trainer).get("/banks/refunds/questions/many/edit")
    assert page.status_code == 200
    assert "Option 11" in page.text
    assert verdicts(plan(bank, item(options=tuple(map(str, range(27)))))) == [("new", "error")]


def test_a_text_that_cannot_be_shown_well_makes_a_draft(bank, trainer):
    assert verdicts(plan(bank, item("[" * 500, is_markdown=True))) == [("new", "draft")]


def test_broken_characters_and_attributes_that_no_question_has_do_not_stop_the_rest(bank, trainer):
    odd = item("Lone \ud800 half", id="odd", level=9, use="both", tags=("no tag", "fine"), lesson="no/such/lesson")
    write(bank, trainer, odd)
    version = question("odd").current
    assert (version.level, version.use, version.tags, version.lesson) == (1, "practice", ["fine"], None)
    assert version.texts[0].stem == "Lone ? half"


def test_a_lesson_that_there_is_not_is_told(bank):
    (planned,) = plan(bank, item(lesson="no/lesson")).planned
    assert [said.code for said in planned.item.notes] == ["no-such-lesson"]
    assert planned.is_good


# All or nothing


def test_one_error_keeps_all_of_it_out_and_the_good_ones_can_be_had_alone(bank, trainer):
    found = [item(id="good"), item("Other?", id="Bad Id"), item("No key?", id="open", keys=())]
    with pytest.raises(Refused, match="imported whole: 1"):
        write(bank, trainer, *found)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Question.id))) == 0
    done = write(bank, trainer, *found, only_good=True)
    assert (done.live, done.drafts, done.left) == (("good",), (), 2)


def test_an_error_of_the_file_keeps_all_of_it_out(bank, trainer):
    made = plan(bank, ITEM)
    made.notes = (Note(1, "too-many-questions", Reason(N_("Split it.")), ERROR),)
    with pytest.raises(Refused):
        imports.write_import(bank, made, only_good=False, actor=trainer, now=NOON)


def test_a_crash_while_writing_leaves_nothing(bank, trainer, monkeypatch):
    monkeypatch.setattr(import_rows, "_add_texts", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(bank, trainer, *items(3))
    db.session.rollback()
    for model in (Question, QuestionVersion, QuestionText, BankImport, AuditRow):
        audited = select(func.count(model.id))
        if model is AuditRow:
            audited = audited.where(AuditRow.act.startswith("bank.import"))
        assert db.session.scalar(audited) == 0


def test_the_bank_is_looked_at_again_before_it_is_written(bank, trainer):
    made = plan(bank, item(id="step-in"))
    make_banks.question(bank, trainer)
    with pytest.raises(Refused):
        imports.write_import(bank, made, only_good=False, actor=trainer, now=NOON)


def test_hundreds_of_questions_take_as_many_statements_as_a_few(bank, trainer):
    def cost(count, start):
        made = plan(bank, *(item(f"Case {start + number}?") for number in range(count)))
        imports.render_plan(made)
        with counted_statements() as seen:
            imports.write_import(bank, made, only_good=False, actor=trainer, now=NOON)
        return len(seen)

    assert cost(300, 1000) <= cost(2, 0) + 2


# The same again


def test_the_same_file_again_changes_nothing(bank, trainer):
    found = [*items(3), item("No key?", keys=())]
    write(bank, trainer, *found)
    again = plan(bank, *found)
    assert [verdict for verdict, _flaw in verdicts(again)] == ["unchanged"] * 4
    done = write(bank, trainer, *found)
    assert done.counts() == {"live": 0, "drafts": 0, "translated": 0, "unchanged": 4, "left": 0}
    assert db.session.scalar(select(func.count(QuestionVersion.id))) == 4
    assert db.session.scalar(select(func.count(BankImport.id))) == 1


def test_attributes_that_the_file_leaves_out_make_no_difference_and_those_it_gives_do(bank, trainer):
    write(bank, trainer, item(id="step-in"), use="exam", level=2)
    assert verdicts(plan(bank, item(id="step-in")))[0][0] == "unchanged"
    assert verdicts(plan(bank, item(id="step-in", level=2)))[0][0] == "unchanged"
    assert verdicts(plan(bank, item(id="step-in", level=3)))[0] == ("clash", "error")


@pytest.mark.parametrize(
    "changes", [{"stem": "Else?"}, {"keys": ("a",)}, {"options": ("At once", "Later")}, {"explanation": "So."}]
)
def test_the_same_id_with_other_content_is_an_error_on_that_question(bank, trainer, changes):
    write(bank, trainer, item(id="step-in"))
    made = plan(bank, item(**{"id": "step-in", **changes}))
    assert verdicts(made) == [("clash", "error")]
    assert [each["code"] for each in report(made.reading)["errors"]] == ["id-taken"]


def test_what_was_retired_by_hand_is_told_and_stays_so(bank, trainer):
    write(bank, trainer, item(id="step-in"))
    set_state(question("step-in"), "retired", actor=trainer, now=NOON)
    db.session.commit()
    made = plan(bank, item(id="step-in"))
    assert verdicts(made) == [("unchanged", "warning")]
    write(bank, trainer, item(id="step-in"))
    assert question("step-in").state == "retired"


# Translations

CHINESE = {"stem": "平台什么时候介入？", "options": ("马上", "72 小时后"), "id": "step-in", "language": "zh"}


def chinese(**changes):
    values = {**CHINESE, **changes}
    values.pop("language")
    return item(**values)


def test_the_other_language_is_added_as_a_new_version(bank, trainer):
    write(bank, trainer, item(id="step-in", level=2))
    done = write(bank, trainer, chinese(), language="zh")
    assert done.translated == ("step-in",)
    made = question("step-in")
    assert (made.current.number, made.state, made.current.level) == (2, "live", 2)
    content = content_of(made.current)
    assert content.wordings["zh"] == Wording("平台什么时候介入？", ("马上", "72 小时后"))
    assert content.wordings["en"].stem == ITEM.stem
    assert verdicts(plan(bank, chinese(), language="zh")) == [("unchanged", "none")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"options": ("马上", "72 小时后", "从不")}, "translation-differs"),
        ({"keys": ("a",)}, "translation-differs"),
        ({"options": ("对", "错")}, "translation-differs"),
        ({"level": 3}, "translation-differs"),
        ({"keys": ()}, "translation-draft"),
    ],
)
def test_a_translation_that_does_not_agree_is_an_error(bank, trainer, changes, code):
    write(bank, trainer, item(id="step-in"))
    made = plan(bank, chinese(**changes), language="zh")
    assert verdicts(made) == [("clash", "error")]
    assert [said.code for said in made.planned[0].item.notes if said.effect == ERROR] == [code]


def test_a_question_of_a_content_file_is_translated_in_the_file(bank, trainer):
    write(bank, trainer, item(id="step-in"))
    question("step-in").origin = "file"
    db.session.commit()
    made = plan(bank, chinese(), language="zh")
    assert [said.code for said in made.planned[0].item.notes] == ["from-a-file"]


# Undoing


def test_undoing_retires_what_was_added_and_leaves_what_was_edited(bank, trainer):
    write(bank, trainer, item(id="kept-as-it-was"), item("Edited?", id="edited"), item("Open?", id="open", keys=()))
    edited = question("edited")
    content = make_banks.content(id="edited")
    edit_question(edited, content, based_on=1, actor=trainer, now=NOON)
    db.session.commit()
    assert undo(trainer) == (2, 1)
    assert [question(slug).state for slug in ("kept-as-it-was", "open", "edited")] == ["retired", "retired", "live"]
    assert (last_import().state, last_import().counts["edited"]) == ("undone", 1)
    with pytest.raises(Refused, match="not there to be undone"):
        undo(trainer)


def test_undoing_takes_a_translation_back_by_a_new_version(bank, trainer):
    write(bank, trainer, item(id="step-in"))
    write(bank, trainer, chinese(), language="zh")
    assert undo(trainer) == (1, 0)
    made = question("step-in")
    assert (made.state, made.current.number, list(content_of(made.current).wordings)) == ("live", 3, ["en"])
    assert made.current.texts[0].stem_html == "<p>When does the platform step in?</p>"


def test_what_an_undone_import_had_added_comes_back_with_the_next_also_mended(bank, trainer):
    write(bank, trainer, item(id="same"), item("Wrong?", id="mended"))
    undo(trainer)
    found = [item(id="same"), item("Wrong?", id="mended", keys=("a",))]
    assert [verdict for verdict, _flaw in verdicts(plan(bank, *found))] == ["back", "back"]
    write(bank, trainer, *found)
    assert [(question(slug).state, question(slug).current.keys) for slug in ("same", "mended")] == [
        ("live", ["b"]),
        ("live", ["a"]),
    ]
    set_state(question("same"), "retired", actor=trainer, now=NOON)
    db.session.commit()
    assert verdicts(plan(bank, item(id="same"))) == [("unchanged", "warning")]


def test_imports_undone_from_the_last_to_the_first_leave_nothing_live(bank, trainer):
    write(bank, trainer, item(id="step-in"))
    first = last_import().id
    write(bank, trainer, chinese(), language="zh")
    undo(trainer)
    assert undo_import(db.session.get(BankImport, first), actor=trainer, now=NOON) == (1, 0)
    db.session.commit()
    assert question("step-in").state == "retired"
    assert verdicts(plan(bank, item(id="step-in"))) == [("back", "none")]


def test_imports_and_their_undoing_are_audited(bank, trainer):
    write(bank, trainer, *items(2))
    undo(trainer)
    rows = db.session.scalars(select(AuditRow).where(AuditRow.actor_id == trainer.id).order_by(AuditRow.id))
    acts = [row.act for row in rows]
    assert sorted(acts) == [
        "bank.import", "bank.import_undo", "question.import", "question.import", "question.retire", "question.retire",
    ]  # fmt: skip


def test_the_command_line_imports_without_a_person(bank):
    write(bank, None, *items(2))
    assert (last_import().person_id, last_import().name, last_import().state) == (None, "questions.docx", "done")


def test_pictures_are_kept_when_a_question_shows_them(bank, trainer, tmp_path):
    shown, other = ("a" * 64 + ".png", "b" * 64 + ".png")
    made = plan(bank, item(f"![Parcel](media:{shown})", is_markdown=True))
    made.media = {shown: b"picture", other: b"nowhere"}
    imports.write_import(bank, made, only_good=False, actor=trainer, now=NOON, media_folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [shown]


def test_where_pictures_cannot_be_kept_nothing_is_written_also_by_a_job(bank, trainer, tmp_path, monkeypatch):
    shown = "a" * 64 + ".png"
    (tmp_path / "media").write_text("no folder")
    monkeypatch.setattr(listeners.media, "folder", lambda: tmp_path / "media")
    made = make_imports.preview(bank, trainer, item(f"![Parcel](media:{shown})", is_markdown=True))
    db.session.add(BankImportMedia(import_id=made.id, name=shown, data=b"picture"))
    import_preview.write_later(made, only_good=False, actor=trainer, now=NOON)
    db.session.commit()
    outbox.run_due(NOON)
    assert (last_import().state, db.session.scalar(select(func.count(Question.id)))) == ("preview", 0)
    assert "pictures cannot be kept" in str(last_import().counts["refused"])


def test_notes_of_the_reader_are_reported_with_those_of_the_bank(bank, trainer):
    write(bank, trainer, item(id="step-in"))
    glued = item("Else?", id="step-in", notes=(note(3, "key-glued", keys="B"),))
    said = report(plan(bank, glued).reading)
    assert [each["code"] for each in said["warnings"]] == ["key-glued"]
    assert [each["code"] for each in said["errors"]] == ["id-taken"]
