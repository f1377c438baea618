"""Writing questions: new versions, no lost edits, and papers that keep what they were drawn with."""

import pytest
from sqlalchemy import select

from lms.audit import AuditRow
from lms.banks.models import QuestionVersion
from lms.banks.operations import FlawedError, content_of, create_question, edit_question, set_state
from lms.db import db
from lms.errors import Refused
from lms.interchange.records import Wording
from tests import make
from tests.banks import make_banks
from tests.conftest import NOON


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(app):
    return make_banks.bank()


def edit(question, trainer, *, based_on=None, **changes):
    content = make_banks.content(id=question.slug, **changes)
    number = question.current.number if based_on is None else based_on
    return edit_question(question, content, based_on=number, actor=trainer, now=NOON)


def test_a_question_is_kept_with_its_html_and_read_back_as_it_was(bank, trainer):
    question = make_banks.question(bank, trainer)
    assert (question.ref, question.origin, question.state) == ("refunds/step-in", "browser", "live")
    assert content_of(question.current) == make_banks.SINGLE
    english = next(text for text in question.current.texts if text.language == "en")
    assert english.stem_html == "<p>When does the platform <strong>step in</strong>?</p>"
    assert english.options[1] == {"id": "b", "text": "After 72 hours", "html": "After 72 hours"}


def test_an_edit_is_a_new_version_and_the_old_one_stays(bank, trainer):
    question = make_banks.question(bank, trainer)
    old = question.current_id
    assert edit(question, trainer, keys=("a",)) is True
    assert (question.current.number, question.current.keys) == (2, ["a"])
    assert db.session.get(QuestionVersion, old).keys == ["b"]
    assert edit(question, trainer, keys=("a",)) is False
    assert question.current.number == 2


def test_an_edit_of_an_older_version_is_refused(bank, trainer):
    question = make_banks.question(bank, trainer)
    edit(question, trainer, keys=("a",))
    with pytest.raises(Refused, match="Somebody else has saved"):
        edit(question, trainer, level=3, based_on=1)
    assert question.current.level == 2


def test_an_id_is_used_once_and_made_from_the_text_if_none_is_given(bank, trainer):
    make_banks.question(bank, trainer)
    with pytest.raises(FlawedError) as refused:
        make_banks.question(bank, trainer)
    assert [flaw.field for flaw in refused.value.flaws] == ["slug"]
    made = make_banks.question(bank, trainer, id="")
    assert made.slug.startswith("q-")
    assert len(made.slug) == 10
    with pytest.raises(FlawedError) as refused:
        make_banks.question(bank, trainer, id="")
    assert [flaw.field for flaw in refused.value.flaws] == ["stem"]


def test_a_live_question_must_be_whole_and_a_draft_need_not(bank, trainer):
    with pytest.raises(FlawedError):
        make_banks.question(bank, trainer, keys=())
    draft = make_banks.question(bank, trainer, keys=(), is_live=False)
    assert draft.state == "draft"
    with pytest.raises(Refused, match="not complete"):
        set_state(draft, "live", actor=trainer, now=NOON)
    edit(draft, trainer)
    set_state(draft, "live", actor=trainer, now=NOON)
    assert draft.state == "live"
    with pytest.raises(FlawedError):
        edit(draft, trainer, keys=())


def test_a_multiple_choice_with_one_key_must_be_meant(bank, trainer):
    content = make_banks.content(type="multiple")
    with pytest.raises(FlawedError):
        create_question(bank, content, is_live=True, actor=trainer, now=NOON)
    made = create_question(bank, content, is_live=True, one_key_is_meant=True, actor=trainer, now=NOON)
    assert made.current.type == "multiple"


def test_a_draft_with_one_key_is_published_on_somebodys_word_and_brought_back_without(bank, trainer):
    draft = create_question(bank, make_banks.content(type="multiple"), is_live=False, actor=trainer, now=NOON)
    with pytest.raises(Refused, match="one is meant"):
        set_state(draft, "live", actor=trainer, now=NOON)
    assert draft.state == "draft"
    set_state(draft, "live", one_key_is_meant=True, actor=trainer, now=NOON)
    set_state(draft, "retired", actor=trainer, now=NOON)
    set_state(draft, "live", actor=trainer, now=NOON)
    assert draft.state == "live"


def test_every_act_is_audited(bank, trainer):
    question = make_banks.question(bank, trainer)
    edit(question, trainer, level=1)
    set_state(question, "retired", actor=trainer, now=NOON)
    rows = db.session.scalars(select(AuditRow).where(AuditRow.subject == "question").order_by(AuditRow.id))
    assert [(row.act, row.actor_id) for row in rows] == [
        ("question.create", trainer.id),
        ("question.edit", trainer.id),
        ("question.state", trainer.id),
    ]


def test_attacks_in_a_question_are_kept_as_typed_and_shown_as_text(bank, trainer):
    stem = "Which? <script>alert(1)</script>"
    question = make_banks.question(
        bank, trainer, wordings={"en": Wording(stem, ("<b>x", "[y](javascript:z)"))}
    )
    (text,) = question.current.texts
    assert text.stem == stem
    assert text.stem_html == "<p>Which? &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert [option["html"] for option in text.options] == ["&lt;b&gt;x", "<span>y</span>"]
