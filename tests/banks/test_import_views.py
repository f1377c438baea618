"""Importing in the browser: paste or choose a file, look, mend in place, import all or the good ones, undo."""

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from lms import clock, media, outbox
from lms.banks import import_forms, import_start_views, import_views, listeners
from lms.banks.import_models import BankImport, BankImportItem, BankImportMedia
from lms.banks.imports import render_plan
from lms.banks.models import Question, QuestionVersion
from lms.db import db
from lms.interchange import importing
from lms.interchange.reading import Columns, note, reading_of
from tests import make
from tests.banks import make_banks, make_imports
from tests.banks.make_imports import item, items
from tests.conftest import NOON, counted_statements

START = "/banks/refunds/import"
TEXT = """1. 买家什么时候可以申请平台介入？（B）
A. 马上
B. 卖家拒绝或 72 小时未处理
C. 订单关闭后
解析：卖家有 72 小时处理。

2. 退款原路退回。
A. 对
B. 错
"""


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(app):
    return make_banks.bank()


@pytest.fixture
def client(trainer, sign_in):
    return sign_in(trainer)


@pytest.fixture
def reads(monkeypatch):
    """`reads(*items, notes=(), columns=None)`: whatever is sent is read as these; what was asked is kept."""
    asked = []

    def say(*found, **more):
        def read(data, name, language, format="auto", *, mapping=None, progress=None):
            asked.append({"data": data, "name": name, "language": language, "format": format, "mapping": mapping})
            if progress:
                progress(1, 2)
            if mapping:
                return reading_of("csv", [item(id="mapped")])
            return reading_of("text", found, **more)

        monkeypatch.setattr(importing, "read", read)
        return asked

    return say


def form(**changes):
    return {"text": TEXT, "language": "zh", "use": "practice", "lesson": "", "format": "auto", **changes}


def made():
    db.session.rollback()
    return db.session.scalar(select(BankImport).order_by(BankImport.id.desc()).limit(1))


def rows():
    db.session.rollback()
    return list(db.session.scalars(select(BankImportItem).order_by(BankImportItem.position)))


def questions():
    db.session.rollback()
    return {each.slug: each for each in db.session.scalars(select(Question))}


def url(more=""):
    return f"{START}/{made().id}{more}"


# Bringing it


def test_a_pasted_text_is_read_at_once_and_shown_before_anything_is_in_the_bank(bank, client):
    answer = client.post(START, data=form())
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "买家什么时候可以申请平台介入？" in page
    assert "Right answer" in page
    assert "卖家有 72 小时处理" in page
    assert "No right answer was found" in page
    assert questions() == {}
    assert (made().name, made().format, made().language, made().state) == ("", "text", "zh", "preview")


def test_a_file_is_taken_by_its_name_without_its_folder_and_never_kept_longer_than_needed(bank, client, reads):
    asked = reads(*items(2))
    client.post(START, data=form(text="", file=(BytesIO(b"some bytes"), "exam/questions.docx")))
    assert (asked[0]["data"], asked[0]["name"]) == (b"some bytes", "questions.docx")
    assert (made().name, made().data) == ("questions.docx", None)


def test_language_format_use_and_lesson_are_as_chosen(bank, client, reads):
    asked = reads(item(id="step-in"))
    client.post(START, data=form(language="en", format="gift", use="exam"))
    assert (asked[0]["language"], asked[0]["format"]) == ("en", "gift")
    client.post(url("/write"), data={"what": "all"})
    assert questions()["step-in"].current.use == "exam"


@pytest.mark.parametrize(
    "changes", [{"text": ""}, {"text": " \n"}, {"text": "", "file": "empty.txt"}, {"language": "fr"},
                {"format": "exe"}, {"lesson": "no/such"}, {"use": ""}]
)  # fmt: skip
def test_a_form_that_says_nothing_or_nonsense_is_shown_again(bank, client, changes):
    if "file" in changes:
        changes = {**changes, "file": (BytesIO(b""), changes["file"])}
    answer = client.post(START, data=form(**changes))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert made() is None


def test_what_cannot_be_read_is_said_on_the_page_with_nothing_lost(bank, client, reads):
    reads(notes=[note(1, "not-text")])
    answer = client.post(START, data=form(text="%PDF"))
    assert answer.status_code == 422
    assert "This is not a text file" in answer.text
    assert "%PDF" in answer.text
    assert made() is None


def test_a_file_that_is_too_large_is_refused_on_the_page(bank, client, monkeypatch):
    monkeypatch.setattr(import_start_views.import_read, "lms_largest_file", 1000)
    answer = client.post(START, data=form(text="", file=(BytesIO(b"x" * 2000), "x.txt")))
    assert answer.status_code == 413
    assert "larger than 20 MB" in answer.text


def test_other_forms_are_sent_no_files_and_no_more_than_before(bank, client):
    answer = client.post("/banks/new", data={"slug": (BytesIO(b"x"), "x.txt")})
    assert answer.status_code == 400
    assert client.post("/banks/new", data={"slug": "x" * 9_000_000}).status_code == 413


def test_nuls_and_scripts_in_a_text_do_no_harm(bank, client):
    text = "1. What\0 <script>alert(1)</script>? (A)\nA. <img src=x onerror=alert(1)>\nB. [x](javascript:alert(1))\n"
    page = client.get(client.post(START, data=form(text=text)).location).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


# A large one is read by a job


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(import_forms, "SMALL_TEXT", 10)
    monkeypatch.setattr(listeners, "EVERY", listeners.EVERY * 0)


def test_a_large_file_is_read_by_a_job_that_says_how_far_it_is(bank, client, reads, large):
    asked = reads(*items(3))
    page = client.get(client.post(START, data=form()).location).text
    assert "Reading the file" in page
    assert "Look again" in page
    assert (made().state, made().data, asked) == ("reading", TEXT.encode(), [])
    outbox.run_due(clock.now())
    assert client.get(url("/progress")).json == {"state": "preview", "done": 1, "total": 2}
    assert (made().state, made().data, len(rows())) == ("preview", None, 3)
    assert "What is right in case 1?" in client.get(url()).text


def test_a_large_file_in_which_nothing_is_found_says_why(bank, client, reads, large):
    reads(notes=[note(1, "not-text")])
    client.post(START, data=form())
    outbox.run_due(clock.now())
    assert made().state == "failed"
    assert "This is not a text file" in client.get(url()).text


def test_a_reader_that_breaks_fails_the_import_instead_of_hanging_it(bank, client, monkeypatch, large, caplog):
    monkeypatch.setattr(importing, "read", lambda *args, **more: 1 / 0)
    client.post(START, data=form())
    outbox.run_due(clock.now())
    assert made().state == "failed"
    assert "ZeroDivisionError" in caplog.text
    assert "cannot be read" in client.get(url()).text


def test_an_import_can_be_cancelled_while_a_job_is_at_it(bank, client, monkeypatch, large):
    def cancelled_meanwhile(data, name, language, format, *, mapping, progress):
        assert client.post(url("/cancel")).status_code == 303
        progress(1, 2)
        pytest.fail("went on although nobody wanted it")

    monkeypatch.setattr(importing, "read", cancelled_meanwhile)
    client.post(START, data=form())
    outbox.run_due(clock.now())
    assert (made().state, made().data, rows()) == ("cancelled", None, [])
    assert "This import was cancelled" in client.get(url()).text


# Looking at it


def test_tabs_show_what_has_problems_and_what_is_good(bank, trainer, client):
    glued = item("Glued?", notes=(note(2, "key-glued", keys="B"),))
    make_imports.preview(bank, trainer, item("Fine?"), glued, item("Open?", keys=()), item("Bad?", id="Bad Id"))

    def shown(name):
        return re.findall(r'id="head-\d">Question (\d)', client.get(url(f"?show={name}")).text)

    assert shown("all") == ["1", "2", "3", "4"]
    assert shown("problems") == ["2", "3", "4"]
    assert shown("good") == ["1", "2"]
    assert shown("nonsense") == ["1", "2", "3", "4"]
    client.post(url("/items/4"), data={"act": "leave"})
    assert shown("left-out") == ["4"]


def test_twenty_questions_a_page_at_the_same_cost_however_many_there_are(bank, trainer, client):
    def cost():
        with counted_statements() as seen:
            client.get(url())
        return len(seen)

    make_imports.preview(bank, trainer, *items(2))
    few = cost()
    make_imports.preview(bank, trainer, *items(45))
    assert cost() == few
    page = client.get(url("?page=3")).text
    assert re.findall(r"case (\d+)\?</p>", page) == [str(n) for n in range(41, 46)]
    assert "case 41" in client.get(url("?page=99")).text


def mend(client, position=1, at="", **changes):
    values = {"act": "save", "stem": "When does the platform step in?", "option": ["At once", "After 72 hours"],
              "keys": ["b"], "type": "single", "explanation": "", "id": "", **changes}  # fmt: skip
    return client.post(url(f"/items/{position}{at}"), data=values)


def test_a_question_is_mended_in_place_and_judged_again(bank, trainer, client):
    make_imports.preview(bank, trainer, item("No key?", options=("One", ""), keys=()))
    assert rows()[0].flaw == "draft"
    answer = mend(client, at="?show=problems&page=1&at=1", option=["At once", "", "Later", "Never"], keys=["c", "d"],
                  type="multiple", explanation="So.", id="step-in")  # fmt: skip
    assert answer.location.endswith("?show=problems&page=1#q1")
    (row,) = rows()
    assert (row.flaw, row.slug, row.type) == ("none", "step-in", "multiple")
    assert (row.content["options"], row.content["keys"]) == (["At once", "Later", "Never"], ["b", "c"])
    client.post(url("/write"), data={"what": "all"})
    assert questions()["step-in"].state == "live"


def test_an_id_made_from_the_text_follows_it_and_one_that_was_given_stays(bank, trainer, client):
    make_imports.preview(bank, trainer, item("Before?"), item("Given?", id="given"))
    before, _given = [row.slug for row in rows()]
    mend(client, 1, stem="After?", id=before)
    mend(client, 2, stem="Else?", id="given")
    assert rows()[0].slug not in ("", before)
    assert rows()[1].slug == "given"


def test_marking_the_key_settles_what_was_said_of_it(bank, trainer, client):
    odd = item(keys=(), notes=(note(3, "key-not-understood", answer="E or F"), note(1, "not-kept", what="a score")))
    make_imports.preview(bank, trainer, odd)
    mend(client, keys=["a"])
    assert [said["code"] for said in rows()[0].notes] == ["not-kept"]


def test_two_questions_with_one_id_are_both_looked_at_when_one_is_mended(bank, trainer, client):
    make_imports.preview(bank, trainer, item("One?", id="same"), item("Two?", id="same"), item("Three?"))
    assert [row.flaw for row in rows()] == ["none", "error", "none"]
    mend(client, 1, stem="One?", id="other")
    assert [row.flaw for row in rows()] == ["none", "none", "none"]
    mend(client, 1, stem="One?", id="same")
    assert [row.flaw for row in rows()] == ["none", "error", "none"]
    client.post(url("/items/1"), data={"act": "leave"})
    assert [(row.flaw, row.left_out) for row in rows()][:2] == [("none", True), ("none", False)]
    client.post(url("/items/1"), data={"act": "take"})
    assert [row.flaw for row in rows()] == ["none", "error", "none"]


def test_a_question_mended_to_say_another_one_again_cannot_come_in_twice(bank, trainer, client):
    make_imports.preview(bank, trainer, item("One?"), item("Two?"))
    mend(client, 2, stem="One?")
    assert [row.flaw for row in rows()] == ["none", "error"]


def test_what_was_only_told_is_ticked_off_one_by_one_or_all_alike(bank, trainer, client):
    lossy = note(1, "lossy", what="a list")
    found = [item(f"Glued {n}?", notes=(note(n, "key-glued", keys="B"), lossy)) for n in (1, 2)]
    glued = [item(f"Told {n}?", notes=(note(n, "key-glued", keys="B"),)) for n in (3, 4)]
    make_imports.preview(bank, trainer, *found, *glued)
    client.post(url("/items/1"), data={"act": "tick:lossy"})
    assert [row.flaw for row in rows()] == ["warning", "draft", "warning", "warning"]
    client.post(url("/all"), data={"tick": "key-glued"})
    assert [row.flaw for row in rows()] == ["none", "draft", "none", "none"]
    assert client.post(url("/items/1"), data={"act": "explode"}).status_code == 400
    assert client.post(url("/items/9"), data={"act": "leave"}).status_code == 404


def test_what_keeps_a_question_from_being_asked_is_mended_not_ticked_off(bank, trainer, client):
    make_imports.preview(bank, trainer, item(notes=(note(1, "options-unclear"),)))
    client.post(url("/items/1"), data={"act": "tick:options-unclear"})
    assert rows()[0].flaw == "draft"


def test_use_level_lesson_and_tags_are_set_for_all(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="a", level=1), item("Other?", id="b"))
    values = {"use": "exam", "level": "3", "lesson": "", "tags": "tone, 催付"}
    assert client.post(url("/all"), data=values).status_code == 422
    assert client.post(url("/all"), data={**values, "tags": "tone, late"}).status_code == 303
    assert 'value="tone, late"' in client.get(url()).text
    client.post(url("/write"), data={"what": "all"})
    versions = [questions()[slug].current for slug in "ab"]
    tags = ["tone", "late"]
    assert [(v.use, v.level, v.tags) for v in versions] == [("exam", 1, tags), ("exam", 3, tags)]


# The columns of a sheet

COLUMNS = Columns(("甲", "乙"), (("What?", "A"), ("Who?", "B")), ("", ""))


def test_columns_that_nobody_knows_are_asked_for_and_the_file_read_again(bank, client, reads):
    asked = reads(columns=COLUMNS, notes=[note(1, "columns-unknown")])
    client.post(START, data=form(text="", file=(BytesIO(b"a sheet"), "q.csv")))
    page = client.get(url()).text
    assert "Which column is what?" in page
    assert "Who?" in page
    assert made().data == b"a sheet"
    client.post(url("/columns"), data={"column-0": "", "column-1": "key"})
    assert "Name the column that holds the questions." in client.get(url()).text
    assert asked[-1]["mapping"] is None
    client.post(url("/columns"), data={"column-0": "stem", "column-1": "nonsense"})
    assert asked[-1]["mapping"] == {0: "stem"}
    assert (rows()[0].slug, made().data, made().columns) == ("mapped", None, None)


# Importing


def test_all_is_imported_at_once_and_the_page_says_what_came_of_it(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="good"), item("Open?", id="open", keys=()))
    assert client.post(url("/write"), data={"what": "all"}).status_code == 303
    assert {slug: each.state for slug, each in questions().items()} == {"good": "live", "open": "draft"}
    page = client.get(url()).text
    assert "Mend the drafts" in page
    assert "Yes, undo it" in page
    assert (made().state, made().counts["live"], rows()) == ("done", 1, [])


def test_errors_keep_all_of_it_out_and_the_reason_is_on_the_page(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="good"), item("Bad?", id="Bad Id"))
    answer = client.post(url("/write"), data={"what": "all"})
    assert answer.status_code == 422
    assert "Nothing was imported" in answer.text
    assert questions() == {}
    client.post(url("/write"), data={"what": "good"})
    assert list(questions()) == ["good"]
    assert [row.position for row in rows()] == [2]
    assert "Not imported" in client.get(url()).text


def test_the_one_right_answer_is_marked_beside_the_problem(bank, trainer, client):
    make_imports.preview(
        bank, trainer, item(id="open", keys=()), item("Which?", id="two", keys=("a", "b"), type="single"),
        item("Which ones?", id="many", keys=(), type="multiple"),
    )  # fmt: skip
    assert re.findall(r'value="key:(\w)"', client.get(url()).text) == ["a", "b", "a", "b"]
    for position, letter in ((1, "b"), (2, "a"), (3, "j")):
        assert client.post(url(f"/items/{position}"), data={"act": f"key:{letter}"}).status_code == 303
    assert [(row.content["keys"], row.flaw) for row in rows()] == [(["b"], "none"), (["a"], "none"), ([], "draft")]
    assert "value=\"key:" not in client.get(url()).text


def test_all_is_offered_only_where_all_can_be_imported(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="good"), item("Open?", id="open", keys=()), item("Bad?", id="Bad Id"))
    page = client.get(url()).text
    assert "Look at what cannot be imported" in page
    assert "Only the 1 good ones" in page
    assert 'value="all"' not in page
    client.post(url("/items/3"), data={"act": "leave"})
    page = client.get(url()).text
    assert "Import all: 1 live, 1 drafts" in page
    assert "Look at what cannot be imported" not in page


def test_nothing_is_offered_to_import_where_the_bank_has_it_all(bank, trainer, client):
    make_imports.write(bank, trainer, item(id="there"))
    make_imports.preview(bank, trainer, item(id="there"))
    page = client.get(url()).text
    assert "Nothing of this file is new" in page
    assert url("/write") not in page


def test_what_clashes_by_the_time_it_is_written_goes_back_to_the_preview(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="step-in"))
    make_banks.question(bank, trainer)
    answer = client.post(url("/write"), data={"what": "all"})
    assert answer.status_code == 422
    assert "with other content" in answer.text
    assert (made().state, rows()[0].verdict) == ("preview", "clash")


def test_an_import_is_written_once(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="step-in"))
    client.post(url("/write"), data={"what": "all"})
    for more in ("/write", "/items/1", "/cancel", "/all"):
        answer = client.post(url(more), data={"what": "all", "act": "leave", "tick": "x"})
        assert (answer.status_code, answer.location) == (303, url())
        assert "You see how it stands now" in client.get(url()).text
    assert db.session.scalar(select(func.count(QuestionVersion.id))) == 1


def test_many_questions_are_written_by_a_job(bank, trainer, client, monkeypatch):
    monkeypatch.setattr(import_views, "WRITTEN_AT_ONCE", 2)
    make_imports.preview(bank, trainer, *items(3), item("Bad?", id="Bad Id"))
    assert client.post(url("/write"), data={"what": "all"}).status_code == 422
    client.post(url("/write"), data={"what": "good"})
    assert made().state == "writing"
    assert "Importing the questions" in client.get(url()).text
    assert questions() == {}
    outbox.run_due(clock.now())
    assert (made().state, len(questions())) == ("done", 3)
    assert {each.current.created_by_id for each in questions().values()} == {trainer.id}


def test_a_job_writes_in_the_name_of_who_asked_for_it(bank, trainer, sign_in, monkeypatch):
    monkeypatch.setattr(import_views, "WRITTEN_AT_ONCE", 0)
    make_imports.preview(bank, trainer, item(id="step-in"))
    other = make.person(stage=None, roles=("trainer",))
    sign_in(other).post(url("/write"), data={"what": "all"})
    outbox.run_due(clock.now())
    assert questions()["step-in"].current.created_by_id == other.id


def test_what_is_mended_while_it_is_rendered_is_not_lost(bank, trainer, client, monkeypatch):
    make_imports.preview(bank, trainer, item("One?"), item("Two?"))

    def mend_meanwhile(plan):
        render_plan(plan)
        monkeypatch.undo()
        mend(client, 2, stem="Better?")

    monkeypatch.setattr(import_views, "render_plan", mend_meanwhile)
    assert "gone on meanwhile" in client.post(url("/write"), data={"what": "all"}).text
    assert (made().state, questions()) == ("preview", {})
    client.post(url("/write"), data={"what": "all"})
    assert {each.current.texts[0].stem for each in questions().values()} == {"One?", "Better?"}


def test_what_did_not_get_in_is_shown_also_if_its_id_did(bank, trainer, client):
    make_imports.preview(bank, trainer, item("One?", id="same"), item("Two?", id="same"))
    client.post(url("/write"), data={"what": "good"})
    assert list(questions()) == ["same"]
    assert [(row.position, row.flaw) for row in rows()] == [(2, "error")]
    assert "Two?" in client.get(url()).text


def test_an_import_that_is_being_written_can_be_stopped_and_nothing_mended_is_lost(bank, trainer, client, monkeypatch):
    monkeypatch.setattr(import_views, "WRITTEN_AT_ONCE", 0)
    make_imports.preview(bank, trainer, *items(3))
    client.post(url("/write"), data={"what": "all"})
    assert client.post(url("/cancel")).location == url()
    outbox.run_due(clock.now())
    assert (made().state, len(rows()), questions()) == ("preview", 3, {})
    client.post(url("/write"), data={"what": "all"})
    outbox.run_due(clock.now())
    assert (made().state, len(questions())) == ("done", 3)


def test_a_job_that_finds_a_clash_goes_back_to_the_preview_and_says_so(bank, trainer, client, monkeypatch):
    monkeypatch.setattr(import_views, "WRITTEN_AT_ONCE", 0)
    make_imports.preview(bank, trainer, item(id="step-in"), item("Two?", id="two"))
    client.post(url("/write"), data={"what": "all"})
    make_banks.question(bank, trainer)
    outbox.run_due(clock.now())
    assert (made().state, list(questions())) == ("preview", ["step-in"])
    assert "keep this from being imported whole" in client.get(url()).text


PICTURE = "a" * 64 + ".png"


def test_a_picture_waits_with_its_import_and_goes_into_the_folder_with_its_question(
    bank, trainer, client, sign_in, monkeypatch, tmp_path
):
    monkeypatch.setattr(media, "folder", lambda: tmp_path / "media")
    make_imports.preview(bank, trainer, item(f"What is it? ![Parcel](media:{PICTURE})", id="shown", is_markdown=True))
    db.session.add(BankImportMedia(import_id=made().id, name=PICTURE, data=b"a picture"))
    db.session.commit()
    assert f'src="/media/{PICTURE}"' in client.get(url()).text
    assert client.get(f"/media/{PICTURE}").data == b"a picture"
    assert sign_in(make.person()).get(f"/media/{PICTURE}").status_code == 404
    client.post(url("/write"), data={"what": "all"})
    assert (tmp_path / "media" / PICTURE).read_bytes() == b"a picture"
    assert db.session.scalar(select(func.count(BankImportMedia.id))) == 0
    assert sign_in(make.person()).get(f"/media/{PICTURE}").data == b"a picture"


def test_a_cancelled_import_leaves_nothing_of_its_file(bank, trainer, client):
    make_imports.preview(bank, trainer, item(id="good"))
    db.session.add(BankImportMedia(import_id=made().id, name=PICTURE, data=b"x"))
    db.session.commit()
    client.post(url("/cancel"))
    assert (rows(), db.session.scalar(select(func.count(BankImportMedia.id)))) == ([], 0)
    assert "Nothing of it is in the bank" in client.get(url()).text


def test_the_whole_import_is_undone_from_its_page_and_from_the_list(bank, trainer, client):
    make_imports.preview(bank, trainer, *items(2))
    client.post(url("/write"), data={"what": "all"})
    page = client.get(START).text
    assert "questions.docx" in page
    assert f'action="{url("/undo")}"' in page
    client.post(url("/undo"))
    assert {each.state for each in questions().values()} == {"retired"}
    assert "This import was undone" in client.get(url()).text
    assert client.post(url("/undo")).location == url()


# Who may


@pytest.mark.parametrize("roles", [("manager",), ("mentor",), ("admin",), ("inspector",), ()])
def test_only_who_writes_questions_may_import(bank, trainer, sign_in, roles):
    make_imports.preview(bank, trainer, item())
    client = sign_in(make.person(team=make.team(), roles=roles))
    for path in (START, url(), url("/progress")):
        assert client.get(path).status_code == 403
    for more in ("", "/write", "/items/1", "/cancel", "/undo", "/all", "/columns"):
        path = url(more) if more else START
        assert client.post(path, data=form(act="leave")).status_code == 403
    assert made().state == "preview"


def test_an_import_of_another_bank_is_not_found(bank, trainer, client):
    make_imports.preview(make_banks.bank("other"), trainer, item())
    assert client.get(url()).status_code == 404
    assert client.post(url("/write"), data={"what": "all"}).status_code == 404
    assert client.get(f"{START}/999").status_code == 404
    assert client.get("/banks/no-such/import").status_code == 404


def test_the_list_of_imports_costs_the_same_however_many_there_are(bank, trainer, client):
    def cost():
        with counted_statements() as seen:
            client.get(START)
        return len(seen)

    make_imports.preview(bank, trainer, item())
    one = cost()
    for _time in range(3):
        make_imports.preview(bank, trainer, item())
    assert cost() == one


def test_imports_that_nobody_came_back_to_are_thrown_away_with_the_next(bank, trainer, client):
    old = make_imports.preview(bank, trainer, item())
    assert old.created_at == NOON
    client.post(START, data=form())
    db.session.rollback()
    assert db.session.get(BankImport, old.id).state == "cancelled"
