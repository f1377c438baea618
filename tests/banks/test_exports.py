"""A bank as a file: what the table shows, whole in each language, and the same again when it comes back."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from lms import media
from lms.banks import exports
from lms.banks.imports import plan_import, write_import
from lms.banks.loading import load_bank
from lms.banks.models import Bank
from lms.banks.operations import edit_question, set_state
from lms.banks.queries import Filters
from lms.content import check_paths
from lms.db import db
from lms.interchange import importing
from lms.interchange.changes import Changes
from lms.interchange.exporting import export
from lms.interchange.markdown import read_bank
from lms.interchange.records import Wording, merge, split
from lms.loading import Scope, load
from tests import make
from tests.banks import make_banks
from tests.conftest import NOON, counted_statements
from tests.three_courses import PROJECT

LIVE = Filters(state="live")
PNG = b"\x89PNG\r\n\x1a\n"
TYPES = {
    "single": {"id": "one"},
    "multiple": {"id": "many", "type": "multiple", "keys": ("a", "b")},
    "true_false": {
        "id": "judge",
        "type": "true_false",
        "keys": ("a",),
        "wordings": {"en": Wording("It closes.", ("True", "False")), "zh": Wording("会关闭。", ("是", "否"))},
    },
}
KEYLESS = {"id": "keyless", "keys": ()}


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(app):
    return make_banks.bank()


@pytest.fixture
def one_of_each(bank, trainer):
    for changes in TYPES.values():
        make_banks.question(bank, trainer, **changes)
    make_banks.question(bank, trainer, is_live=False, **KEYLESS)
    return bank


def ids(text):
    return [question.id for question in text.questions]


# What is in it


def test_every_bank_that_was_loaded_is_exported_as_its_file(app, content):
    tree, _problems = check_paths([content / "courses", content / "question_banks"])
    load(tree, Scope.of([content]), NOON)
    for bank in db.session.scalars(select(Bank)):
        exported = export(exports.bank_text(bank, LIVE, "en"), "markdown").data.decode()
        file = (content / "question_banks" / "en" / f"{bank.slug}.md").read_text("utf-8")
        assert exported == (file if bank.slug != "sprint" else file.replace("use: exam", "level: 1\nuse: exam"))


def test_an_export_that_comes_in_again_is_exported_the_same(app, content):
    tree, _problems = check_paths([content / "question_banks"])
    for slug, language in (("trade-flow", "zh"), ("sprint", "en")):
        load_bank(tree.banks[slug], Changes(), now=NOON)
        first = exports.bank_text(db.session.scalar(select(Bank).where(Bank.slug == slug)), LIVE, language)
        copy = Bank(slug=f"{slug}-copy", area=first.area, titles={language: first.title})
        db.session.add(copy)
        db.session.flush()
        reading = importing.read(export(first, "markdown").data, f"{slug}.md", language)
        write_import(copy, plan_import(copy, reading, language), only_good=False, actor=None, now=NOON)
        again = exports.bank_text(copy, LIVE, language)
        assert export(replace(again, bank=slug), "markdown").data == export(first, "markdown").data


def test_the_file_of_one_language_says_all_of_a_question(bank, trainer):
    made = make_banks.question(
        bank, trainer, tags=("a", "b"), lesson="refunds/first", objective="when", shuffle=False
    )
    text = exports.bank_text(bank, LIVE, "zh")
    (question,) = text.questions
    assert (text.title, text.area) == ("退款", "platform-rules")
    assert question.wording == Wording("平台什么时候介入？", ("马上", "72 小时后"), "因为。")
    said = (question.level, question.tags, question.lesson, question.objective, question.use, question.shuffle)
    assert said == (2, ("a", "b"), "refunds/first", "when", "exam", False)
    assert question.id == made.slug


def test_the_current_version_goes_out_in_the_order_of_coming_in(bank, trainer):
    for number, id in enumerate(["zebra", "ant", "mole"]):
        made = make_banks.question(bank, trainer, id=id, level=number % 3 + 1)
    edit_question(made, make_banks.content(id="mole", level=1), based_on=1, actor=trainer, now=NOON)
    db.session.commit()
    text = exports.bank_text(bank, LIVE, "en")
    assert [(question.id, question.level) for question in text.questions] == [("zebra", 1), ("ant", 2), ("mole", 1)]


def test_only_what_fits_the_filters_and_has_the_language_goes_out(one_of_each, trainer):
    bank = one_of_each
    english = {"en": Wording("Only English?", ("Yes, it is", "No"))}
    gone = make_banks.question(bank, trainer, id="english", wordings=english, keys=("a",), use="practice")
    assert ids(exports.bank_text(bank, LIVE, "zh")) == ["one", "many", "judge"]
    assert ids(exports.bank_text(bank, Filters(), "en")) == ["one", "many", "judge", "keyless", "english"]
    assert ids(exports.bank_text(bank, Filters(use="practice"), "en")) == ["english"]
    assert ids(exports.bank_text(bank, Filters(text="介入"), "en")) == ["one", "many", "keyless"]
    assert exports.counts_of(bank, LIVE) == {"en": 4, "zh": 3}
    set_state(gone, "retired", actor=trainer, now=NOON)
    db.session.commit()
    assert exports.counts_of(bank, LIVE) == {"en": 3, "zh": 3}


def test_an_export_costs_the_same_however_many_questions_there_are(bank, trainer):
    def cost():
        db.session.expire_all()
        _ = bank.titles
        with counted_statements() as seen:
            exports.bank_text(bank, LIVE, "en")
        return len(seen)

    make_banks.question(bank, trainer)
    few = cost()
    for number in range(5):
        make_banks.question(bank, trainer, id=f"more-{number}")
    assert cost() == few == 1


def test_the_project_s_own_banks_are_written_as_they_stand():
    files = sorted((PROJECT / "question_banks" / "en").glob("*.md"))
    assert files
    for file in files:
        said = file.read_text("utf-8")
        bank, _problems = read_bank(said, file.name, "en")
        assert bank is not None
        assert export(split(merge([bank]), "en"), "markdown").data.decode() == said


def test_pictures_go_along_where_the_format_takes_them(bank, trainer, tmp_path, monkeypatch):
    monkeypatch.setattr(media, "folder", lambda: tmp_path)
    name = "ab" * 32 + ".png"
    (tmp_path / name).write_bytes(PNG)
    make_banks.question(bank, trainer, wordings={"en": Wording(f"![A tag](media:{name})\n\nWhat is it?", ("A", "B"))})
    text = exports.bank_text(bank, LIVE, "en")
    assert exports.media_of(text) == {name: PNG}
    assert f"images/{name}" in ZipFile(BytesIO(export(text, "qti", exports.media_of(text)).data)).namelist()
    (tmp_path / name).unlink()
    assert exports.media_of(text) == {}
