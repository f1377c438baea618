"""Imports that meet: the same file twice, one import written or undone twice, an edit under way. On both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from lms.banks.import_models import BankImport
from lms.banks.import_preview import plan_of, write_preview
from lms.banks.import_undo import undo_import
from lms.banks.imports import render_plan
from lms.banks.models import Question, QuestionVersion
from lms.banks.operations import content_of, edit_question
from lms.db import db, writes
from lms.errors import Refused
from lms.people.models import Person
from tests import make
from tests.banks import make_banks, make_imports
from tests.banks.make_imports import item, items
from tests.conftest import NOON
from tests.ground.together import at_once


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(app):
    return make_banks.bank()


def writer(import_id, folder):
    """A body that writes an import as its page does; what came of it."""

    def body():
        plan = plan_of(db.session.get_one(BankImport, import_id))
        render_plan(plan)

        @writes
        def write():
            made = db.session.get_one(BankImport, import_id)
            return write_preview(made, plan, only_good=False, actor=None, now=NOON, media_folder=folder).counts()

        return write()

    return body


def undoer(import_id):
    @writes
    def body():
        return undo_import(db.session.get_one(BankImport, import_id), actor=None, now=NOON)

    return body


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count(model.id)))


def test_the_same_file_imported_twice_at_once_comes_in_once(app, bank, trainer, tmp_path):
    made = [make_imports.preview(bank, trainer, *items(20)).id for _ in range(3)]
    counts = at_once(app, *(writer(each, tmp_path) for each in made))
    assert sorted(each["live"] for each in counts) == [0, 0, 20]
    assert sorted(each["unchanged"] for each in counts) == [0, 20, 20]
    assert (count(Question), count(QuestionVersion)) == (20, 20)


def test_two_files_that_disagree_at_once_are_not_mixed(app, bank, trainer, tmp_path):
    one = make_imports.preview(bank, trainer, item("One?", id="same"), item("Only here?", id="one")).id
    two = make_imports.preview(bank, trainer, item("Two?", id="same"), item("Only there?", id="two")).id
    results = at_once(app, writer(one, tmp_path), writer(two, tmp_path))
    assert sorted(type(each) for each in results if isinstance(each, Refused)) == [Refused]
    assert count(Question) == 2


def test_an_import_written_or_undone_twice_at_once_is_so_once(app, bank, trainer, tmp_path):
    made = make_imports.preview(bank, trainer, *items(5)).id
    results = at_once(app, *[writer(made, tmp_path)] * 3)
    assert [isinstance(each, Refused) for each in results].count(True) == 2
    results = at_once(app, *[undoer(made)] * 3)
    assert [each for each in results if not isinstance(each, Refused)] == [(5, 0)]
    assert set(db.session.scalars(select(Question.state))) == {"retired"}


def test_writing_and_undoing_one_import_at_once_end_in_a_legal_order(app, bank, trainer, tmp_path):
    made = make_imports.preview(bank, trainer, *items(5)).id
    written, undone = at_once(app, writer(made, tmp_path), undoer(made))
    assert written["live"] == 5
    states = set(db.session.scalars(select(Question.state)))
    assert states == ({"live"} if isinstance(undone, Refused) else {"retired"})


def test_an_edit_and_the_undoing_of_its_import_at_once_lose_no_edit(app, bank, trainer, tmp_path):
    made = make_imports.preview(bank, trainer, item(id="step-in"), item("Other?", id="other")).id
    writer(made, tmp_path)()
    person, where = trainer.id, select(Question).where(Question.slug == "step-in")

    @writes
    def edit():
        question = db.session.scalars(where).one()
        content = content_of(question.current)
        wording = content.wordings["en"]
        changed = replace(content, wordings={"en": replace(wording, stem="Edited?")})
        actor = db.session.get_one(Person, person)
        return edit_question(question, changed, based_on=1, actor=actor, now=NOON)

    results = at_once(app, edit, undoer(made))
    db.session.rollback()
    question = db.session.scalars(where).one()
    assert not [each for each in results if isinstance(each, Exception)]
    assert (question.current.number, question.current.texts[0].stem) == (2, "Edited?")
    assert db.session.scalars(select(Question).where(Question.slug == "other")).one().state == "retired"
