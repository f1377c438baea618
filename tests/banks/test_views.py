"""Banks in the browser: trainers write, managers read, learners never see a key."""

import re

import pytest
from sqlalchemy import select

from lms.banks.models import Question
from lms.banks.operations import set_state
from lms.courses.models import Course, Lesson, LessonText, LessonVersion
from lms.db import db
from lms.exams.models import ExamVersion
from lms.exams.papers import draw_items
from tests import make
from tests.banks import make_banks
from tests.conftest import NOON, counted_statements

FORM = {
    "stem_en": "What comes first?",
    "stem_zh": "先做什么？",
    "options-0-en": "Greet",
    "options-0-zh": "问好",
    "options-1-en": "Sell",
    "options-1-zh": "推销",
    "options-2-en": "",
    "options-2-zh": "",
    "keys": ["a"],
    "explanation_en": "Always.",
    "explanation_zh": "总是。",
    "lesson": "",
    "level": "2",
    "tags": "tone, First-Reply",
    "use": "exam",
    "shuffle": "y",
    "version": "0",
    "slug": "greet-first",
    "act": "live",
}
NEW = "/banks/refunds/questions/new"


@pytest.fixture
def trainer(app):
    return make.person(stage=None, roles=("trainer",))


@pytest.fixture
def bank(app):
    return make_banks.bank()


def question(slug="greet-first"):
    return db.session.scalar(select(Question).where(Question.slug == slug))


def add_lesson(slug="tone"):
    course = Course(
        slug="talk",
        area="soft-skills",
        order=1,
        titles={"en": "Talking", "zh": "沟通"},
        summaries={"en": "x", "zh": "x"},
        content_hash="x",
    )
    lesson = Lesson(course=course, slug=slug, order=1)
    version = LessonVersion(
        lesson=lesson,
        number=1,
        edition=1,
        minutes=5,
        acknowledge=False,
        check=[],
        content_hash="x",
        created_at=NOON,
    )
    version.texts = [
        LessonText(language=code, title="Tone", objectives={"greet": "Greet"}, figures=[], source="", html="")
        for code in ("en", "zh")
    ]
    db.session.add(version)
    db.session.flush()
    lesson.current = version
    db.session.commit()


@pytest.mark.parametrize(
    ("kind", "changes", "keys"),
    [
        ("single", {}, ["a"]),
        ("multiple", {"keys": ["a", "b"]}, ["a", "b"]),
        (
            "true_false",
            {"options-0-en": "True", "options-1-en": "False", "options-0-zh": "是", "options-1-zh": "否"},
            ["a"],
        ),
    ],
)
def test_a_trainer_writes_a_question_of_each_type_and_the_next_paper_can_have_it(
    bank, trainer, sign_in, kind, changes, keys
):
    answer = sign_in(trainer).post(f"{NEW}?type={kind}", data={**FORM, **changes})
    assert answer.status_code == 303
    assert answer.location == "/banks/refunds/questions/greet-first"
    made = question()
    assert (made.state, made.current.type, made.current.keys) == ("live", kind, keys)
    assert made.current.tags == ["tone", "first-reply"]
    assert {text.language for text in made.current.texts} == {"en", "zh"}
    assert made.current.shuffle is (kind != "true_false")
    draw = {"bank": "refunds", "count": 1, "tags": ["tone"], "levels": [2]}
    section = {"type": kind, "count": 1, "points": 3, "scoring": "all_or_nothing", "draw": [draw]}
    assert [item.question_id for item in draw_items(ExamVersion(sections=[section]), "seed")] == [made.id]


def test_a_retired_question_is_in_no_new_paper(bank, trainer):
    made = make_banks.question(bank, trainer)
    set_state(made, "retired", actor=trainer, now=NOON)
    db.session.commit()
    section = {
        "type": "single",
        "count": 1,
        "points": 3,
        "scoring": "x",
        "draw": [{"bank": "refunds", "count": 1}],
    }
    with pytest.raises(Exception, match="short"):
        draw_items(ExamVersion(sections=[section]), "seed")


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("single", {"keys": []}, "exactly one right option"),
        ("single", {"keys": ["a", "b"]}, "exactly one right option"),
        ("multiple", {}, "two or more right options"),
        ("true_false", {"keys": []}, "two options, one of them right"),
        ("single", {"stem_en": "", "options-1-en": ""}, "Write the question text"),
        ("single", {"options-1-zh": ""}, "An option is empty"),
        ("single", {"slug": "Not An Id"}, "small letters"),
        ("single", {"tags": "ok, 不行"}, "A tag is small letters"),
        ("single", {"stem_en": "x" * 10_001}, "too long"),
        ("single", {"stem_zh": "[" * 600}, "too deeply nested"),
    ],
)
def test_a_bad_question_is_refused_with_nothing_lost(bank, trainer, sign_in, kind, changes, said):
    sent = {**FORM, **changes}
    answer = sign_in(trainer).post(f"{NEW}?type={kind}", data=sent)
    assert answer.status_code == 422
    assert question() is None
    assert 'role="alert"' in answer.text
    assert said in answer.text
    for name in ("explanation_en", "explanation_zh", "tags"):
        assert sent[name] in answer.text


def test_what_was_typed_is_never_run(bank, trainer, sign_in):
    attack = '"><script>alert(1)</script>'
    sent = {
        name: attack if name.startswith(("stem", "options", "tags", "slug")) else value
        for name, value in FORM.items()
    }
    page = sign_in(trainer).post(f"{NEW}?type=single", data=sent).text
    assert "<script>alert" not in page
    page = sign_in(trainer).post("/banks/refunds/preview?type=single", data=sent).text
    assert "<script>alert" not in page


def test_control_characters_are_dropped(bank, trainer, sign_in):
    sign_in(trainer).post(f"{NEW}?type=single", data={**FORM, "stem_en": "What\x0b now?\x07"})
    assert next(text for text in question().current.texts if text.language == "en").stem == "What now?"


def test_extra_fields_are_ignored(bank, trainer, sign_in):
    sign_in(trainer).post(
        f"{NEW}?type=single", data={**FORM, "origin": "file", "state": "retired", "id": "1"}
    )
    assert (question().origin, question().state) == ("browser", "live")


def test_a_draft_is_kept_incomplete_and_is_not_live(bank, trainer, sign_in):
    sign_in(trainer).post(f"{NEW}?type=single", data={**FORM, "keys": [], "act": "draft"})
    assert question().state == "draft"


def test_a_preview_shows_the_question_without_saving_it(bank, trainer, sign_in):
    answer = sign_in(trainer).post(f"{NEW}?type=single", data={**FORM, "act": "preview", "keys": []})
    assert answer.status_code == 200
    assert '<div class="stem"><p>What comes first?</p></div>' in answer.text
    assert '<div class="stem"><p>先做什么？</p></div>' in answer.text
    assert question() is None
    piece = sign_in(trainer).post("/banks/refunds/preview?type=single", data=FORM)
    assert '<div class="stem"><p>What comes first?</p></div>' in piece.text
    assert "<html" not in piece.text


def test_more_rows_come_without_a_script_up_to_ten(bank, trainer, sign_in):
    client = sign_in(trainer)
    assert client.get(NEW).text.count('class="key"') == 4
    sent = {**FORM, "act": "more", **{f"options-{n}-en": f"Option {n}" for n in range(9)}}
    page = client.post(f"{NEW}?type=single", data=sent).text
    assert page.count('class="key"') == 10
    assert "Option 8" in page


def test_an_edit_keeps_what_was_there_and_makes_a_version(bank, trainer, sign_in):
    add_lesson()
    made = make_banks.question(bank, trainer, lesson="talk/tone", objective="greet", shuffle=False)
    client = sign_in(trainer)
    page = client.get("/banks/refunds/questions/step-in/edit").text
    assert "When does the platform **step in**?" in page
    assert re.search(r'<option selected value="talk/tone#greet">', page)
    sent = {**FORM, "lesson": "talk/tone#greet", "version": "1", "act": "save"}
    assert client.post("/banks/refunds/questions/step-in/edit", data=sent).status_code == 303
    db.session.expire_all()
    assert (made.current.number, made.current.objective, made.slug) == (2, "greet", "step-in")


def test_an_edit_that_another_overtook_is_shown_again(bank, trainer, sign_in):
    made = make_banks.question(bank, trainer)
    client = sign_in(trainer)
    assert (
        client.post("/banks/refunds/questions/step-in/edit", data={**FORM, "version": "1"}).status_code == 303
    )
    answer = client.post("/banks/refunds/questions/step-in/edit", data={**FORM, "version": "1", "level": "3"})
    assert answer.status_code == 409
    assert "Somebody else has saved" in answer.text
    assert "What comes first?" in answer.text
    db.session.expire_all()
    assert made.current.number == 2


def test_a_state_is_changed_and_a_second_time_refused(bank, trainer, sign_in):
    make_banks.question(bank, trainer)
    client = sign_in(trainer)
    url = "/banks/refunds/questions/step-in/state"
    assert client.post(url, data={"state": "retired"}).status_code == 303
    assert client.post(url, data={"state": "retired"}).status_code == 409
    assert client.post(url, data={"state": "nonsense"}).status_code == 400
    assert client.post(url, data={"state": "live"}, csrf=False).status_code == 400
    assert question("step-in").state == "retired"


def test_the_page_of_a_question_shows_it_in_both_languages_with_its_versions(bank, trainer, sign_in):
    make_banks.question(bank, trainer)
    client = sign_in(trainer)
    client.post("/banks/refunds/questions/step-in/edit", data={**FORM, "version": "1"})
    url = "/banks/refunds/questions/step-in"
    assert "What comes first?" in client.get(url).text
    assert "先做什么？" in client.get(f"{url}?in=zh").text
    assert "When does the platform" in client.get(f"{url}?version=1").text
    assert client.get(f"{url}?version=3").status_code == 404
    assert client.get(f"{url}?in=nonsense&version=x").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/banks/no-such",
        "/banks/no-such/questions/new",
        "/banks/refunds/questions/no-such",
        "/banks/refunds/questions/no-such/edit",
        "/banks/refunds/questions/new?type=essay",
        "/banks/No%20Such",
    ],
)
def test_what_does_not_exist_is_404(bank, trainer, sign_in, path):
    assert sign_in(trainer).get(path).status_code == 404


READ = ["/banks", "/banks/refunds", "/banks/refunds/questions/step-in"]
WRITE = [NEW, "/banks/refunds/questions/step-in/edit"]
POSTED = [
    f"{NEW}?type=single",
    "/banks/refunds/questions/step-in/edit",
    "/banks/refunds/questions/step-in/state",
]


@pytest.mark.parametrize(
    ("roles", "reads", "writes"),
    [
        (("trainer",), 200, 200),
        (("manager",), 200, 403),
        (("mentor",), 403, 403),
        (("team_lead",), 403, 403),
        (("inspector",), 403, 403),
        (("admin",), 403, 403),
        ((), 403, 403),
    ],
)
def test_trainers_write_managers_read_and_nobody_else_gets_in(bank, trainer, sign_in, roles, reads, writes):
    make_banks.question(bank, trainer)
    client = sign_in(make.person(team=make.team(), roles=roles))
    assert [client.get(path).status_code for path in READ] == [reads] * len(READ)
    assert [client.get(path).status_code for path in WRITE] == [writes] * len(WRITE)
    if writes == 403:
        posted = [client.post(path, data={**FORM, "state": "retired"}).status_code for path in POSTED]
        assert posted == [403] * len(POSTED)
        assert client.post("/banks/refunds/preview?type=single", data=FORM).status_code == 403
        assert question("step-in").state == "live"
        assert question() is None
    if reads == 403:
        assert not any("After 72 hours" in client.get(path).text for path in READ)


def fill(bank, trainer, count):
    for number in range(count):
        kind = {"type": "multiple", "keys": ("a", "b")} if number % 2 else {}
        made = make_banks.content(id=f"made-{number:03}", use="practice" if number % 3 else "exam", **kind)
        from lms.banks.operations import create_question

        create_question(bank, made, is_live=number % 5 > 0, actor=trainer, now=NOON)
    db.session.commit()


def shown(page):
    return re.findall(r"/questions/(made-\d+)\"", page)


def test_a_banks_table_filters_sorts_and_pages_on_the_server(bank, trainer, sign_in):
    fill(bank, trainer, 60)
    client = sign_in(trainer)
    assert shown(client.get("/banks/refunds").text) == [f"made-{n:03}" for n in range(25)]
    assert shown(client.get("/banks/refunds?page=3").text) == [f"made-{n:03}" for n in range(50, 60)]
    assert shown(client.get("/banks/refunds?page=99").text)[0] == "made-050"
    assert shown(client.get("/banks/refunds?sort=-slug").text)[0] == "made-059"
    assert len(shown(client.get("/banks/refunds?type=multiple&page=2").text)) == 5
    assert len(shown(client.get("/banks/refunds?use=exam").text)) == 20
    assert len(shown(client.get("/banks/refunds?state=draft").text)) == 12
    assert shown(client.get("/banks/refunds?q=MADE-007").text) == ["made-007"]
    assert len(shown(client.get("/banks/refunds?q=介入&page=3").text)) == 10
    assert shown(client.get("/banks/refunds?q=%25").text) == []
    assert "No question fits" in client.get("/banks/refunds?q=nothing").text
    assert client.get("/banks/refunds?type=x&level=y&sort=z&page=w").status_code == 200
    assert client.get("/banks/refunds?level=1").status_code == 200


def test_a_banks_page_and_the_list_of_banks_cost_the_same_however_many_there_are(bank, trainer, sign_in):
    client = sign_in(trainer)

    def cost(path):
        with counted_statements() as seen:
            client.get(path)
        return len(seen)

    make_banks.question(bank, trainer)
    few = [cost(path) for path in READ]
    fill(bank, trainer, 40)
    make_banks.bank("second")
    make_banks.bank("third")
    assert [cost(path) for path in READ] == few


def test_no_banks_and_no_questions_say_what_to_do(app, trainer, sign_in):
    assert "No question banks yet" in sign_in(trainer).get("/banks").text
    make_banks.bank()
    page = sign_in(trainer).get("/banks/refunds").text
    assert "No questions yet" in page
    assert NEW in page


NEW_BANK = {"slug": "after-sales", "title_en": "After-sales", "title_zh": "售后", "area": "platform-rules"}


def test_a_trainer_makes_a_bank_and_goes_on_to_its_first_question(sign_in, trainer):
    client = sign_in(trainer)
    response = client.post("/banks/new", data=NEW_BANK)
    assert response.location == "/banks/after-sales"
    assert "After-sales" in client.get("/banks").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("slug", "refunds"), ("slug", "After sales"), ("slug", ""), ("title_zh", ""), ("area", "cooking")],
)
def test_a_bank_that_cannot_be_is_refused_and_what_was_typed_stays(sign_in, trainer, bank, field, value):
    response = sign_in(trainer).post("/banks/new", data={**NEW_BANK, field: value})
    assert response.status_code == 422
    assert 'value="After-sales"' in response.text


def test_a_manager_reads_banks_and_makes_none(sign_in):
    manager = make.manager(make.team())
    assert sign_in(manager).post("/banks/new", data=NEW_BANK).status_code == 403
