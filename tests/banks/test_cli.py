"""`lms bank` on the command line: lines, JSON, exit codes, and what is in the bank afterwards."""

import json

import pytest
from sqlalchemy import func, select

from lms.banks.models import Bank, Question
from lms.cli.bank import bank as group
from lms.db import db
from tests import make
from tests.banks import make_banks

GOOD = """## step-in
level: 2
use: exam

When?

- [ ] At once
- [x] After 72 hours

> Because.

## which

Which?

- [x] This
- [x] That
- [ ] None
"""
DRAFT = "\n## keyless\n\nWho knows?\n\n- [ ] You\n- [ ] I\n"
BROKEN = "\n## step-in\n\nAnother?\n\n- [x] One\n- [ ] Two\n"
HEAD = '+++\nbank = "refunds"\ntitle = "Refunds"\narea = "platform-rules"\n+++\n\n'


@pytest.fixture
def run(app):
    def invoke(*arguments, stdin=None):
        db.session.rollback()
        result = app.test_cli_runner().invoke(group, [str(each) for each in arguments], input=stdin)
        db.session.expire_all()
        return result

    return invoke


@pytest.fixture
def refunds(app):
    return make_banks.bank()


@pytest.fixture
def file(tmp_path):
    def write(text, name="questions.md"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def states():
    return dict(db.session.execute(select(Question.slug, Question.state)).all())


def import_to(run, file, *options, slug="refunds", **kwargs):
    return run("import", file, "--bank", slug, "--lang", "en", *options, **kwargs)


# In


def test_whole_questions_become_live_and_the_others_drafts(run, refunds, file):
    result = import_to(run, file(GOOD + DRAFT))
    assert result.exit_code == 0
    assert states() == {"step-in": "live", "which": "live", "keyless": "draft"}
    assert "1 single, 1 multiple, 0 true_false, 1 drafts" in result.stdout
    assert f"{file(GOOD + DRAFT)}:20: warning: No right answer was found. Mark it. [no-key]" in result.stderr


def test_a_dry_run_says_the_same_and_touches_nothing(run, refunds, file):
    path = file(GOOD + DRAFT)
    dry = import_to(run, path, "--dry-run", "--json")
    assert dry.exit_code == 0
    assert states() == {}
    assert dry.stdout == import_to(run, path, "--json").stdout
    said = json.loads(dry.stdout)
    assert set(said) == {"format", "questions", "drafts", "warnings", "errors", "items"}
    assert said["format"] == "markdown"
    assert said["questions"] == {"single": 1, "multiple": 1, "true_false": 0}
    assert (said["drafts"], said["errors"]) == (1, [])
    assert [(each["line"], each["code"]) for each in said["warnings"]] == [(20, "no-key")]
    assert said["items"][0] == {
        "id": "step-in", "type": "single", "stem": "When?", "options": ["At once", "After 72 hours"], "keys": ["b"],
        "explanation": "Because.", "line": 1, "draft": False,
    }  # fmt: skip


def test_with_an_error_nothing_is_written(run, refunds, file):
    path = file(GOOD + BROKEN)
    result = import_to(run, path)
    assert result.exit_code == 1
    assert states() == {}
    assert f"{path}:20: The id step-in stands in line 1 already." in result.stderr
    assert "[duplicate-id]" in result.stderr
    assert "nothing was written" in result.stdout


def test_a_partial_import_leaves_out_what_has_errors_and_still_exits_with_1(run, refunds, file):
    result = import_to(run, file(GOOD + DRAFT + BROKEN), "--partial")
    assert result.exit_code == 1
    assert states() == {"step-in": "live", "which": "live", "keyless": "draft"}


def test_what_the_bank_says_otherwise_is_an_error_already_in_a_dry_run(run, refunds, file):
    import_to(run, file(GOOD))
    again = import_to(run, file(GOOD), "--dry-run")
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "nothing was written; 2 stand in the bank already")
    other = file(GOOD.replace("72", "48"))
    result = import_to(run, other, "--dry-run", "--json")
    assert result.exit_code == 1
    assert [(each["line"], each["code"]) for each in json.loads(result.stdout)["errors"]] == [(1, "id-taken")]
    assert db.session.scalar(select(func.count(Question.id))) == 2


def test_what_is_given_for_use_counts_where_the_file_is_silent(run, refunds, file):
    import_to(run, file(GOOD.replace("use: exam\n", "use: practice\n")), "--use", "exam")
    uses = {each.slug: each.current.use for each in db.session.scalars(select(Question))}
    assert uses == {"step-in": "practice", "which": "exam"}


def test_a_file_comes_from_stdin_too(run, refunds):
    result = import_to(run, "-", stdin=GOOD + DRAFT)
    assert states().keys() == {"step-in", "which", "keyless"}
    assert result.stderr.startswith("<stdin>:20: warning: ")


def test_a_bank_that_is_not_there_is_refused_and_can_be_made(run, app, file):
    path = file(GOOD)
    refused = import_to(run, path, slug="fresh")
    assert refused.exit_code == 1
    assert "there is no bank fresh; make it with --create" in refused.stderr
    made = ("--create", "--area", "platform-rules", "--title", "Fresh")
    assert import_to(run, path, "--dry-run", *made, slug="fresh").exit_code == 0
    assert db.session.scalar(select(Bank)) is None
    assert import_to(run, path, *made, slug="fresh").exit_code == 0
    assert db.session.scalar(select(Bank)).titles == {"en": "Fresh"}
    assert states().keys() == {"step-in", "which"}


def test_wrong_usage_exits_with_2(run, refunds, file, tmp_path):
    for options in (("--lang", "fr"), ("--format", "word"), ("--create",), ("--map", "A=stem")):
        assert import_to(run, file(GOOD), *options).exit_code == 2
    assert import_to(run, tmp_path / "none.md").exit_code == 2


def test_garbage_is_an_error_with_a_line(run, refunds, tmp_path):
    path = tmp_path / "x.md"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    result = import_to(run, path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"]


SHEET = "Wording,Good,Bad,Which\nWhen?,Later,Now,A\n"
MAPPING = ("--map", "wording=stem", "--map", "B=option-a", "--map", "bad=option-b", "--map", "D=key")


def test_columns_nobody_knows_are_named_by_head_or_letter(run, refunds, file):
    path = file(SHEET, "sheet.csv")
    assert import_to(run, path, "--format", "csv", "--dry-run").exit_code == 1
    result = import_to(run, path, "--format", "csv", *MAPPING)
    assert result.exit_code == 0, result.stderr
    (question,) = db.session.scalars(select(Question))
    assert (question.state, question.current.keys) == ("live", ["a"])


def test_a_column_or_field_there_is_not_is_wrong_usage(run, refunds, file):
    for wrong in ("Z=stem", "nothing=stem", "wording=colour", "wording", "99=stem"):
        result = import_to(run, file(SHEET, "sheet.csv"), "--format", "csv", "--map", wrong)
        assert result.exit_code == 2


# Out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bank_goes_out_and_comes_back_the_same(run, refunds, file, tmp_path, language):
    make_banks.question(refunds, make.person(roles=("trainer",), stage=None), tags=("a", "b"), shuffle=False)
    first, again = tmp_path / "first.md", tmp_path / "again.md"
    assert run("export", "refunds", "--format", "markdown", "--lang", language, "-o", first).exit_code == 0
    made = ("--create", "--area", "platform-rules", "--title", {"en": "Refunds", "zh": "退款"}[language])
    run("import", first, "--bank", "copy", "--lang", language, *made)
    run("export", "copy", "--format", "markdown", "-o", again)
    assert again.read_text("utf-8").replace('bank = "copy"', 'bank = "refunds"') == first.read_text("utf-8")


def test_an_export_goes_to_stdout_by_state_and_names_what_is_left_out(run, refunds, file, tmp_path):
    import_to(run, file(GOOD + DRAFT))
    assert run("export", "refunds", "--format", "markdown").stdout == HEAD + GOOD.replace(
        "## which\n", "## which\nlevel: 1\nuse: practice\n"
    )
    assert "## keyless" in run("export", "refunds", "--format", "markdown", "--state", "draft").stdout
    aiken = run("export", "refunds", "--format", "aiken", "--state", "all")
    assert aiken.exit_code == 0
    assert [line.split(":")[0] for line in aiken.stderr.splitlines()] == ["refunds/which", "refunds/keyless"]
    out = tmp_path / "out.txt"
    said = run("export", "refunds", "--format", "aiken", "-o", out, "--json")
    assert json.loads(said.stdout)["left_out"][0]["id"] == "which"
    assert out.read_text("utf-8")


def test_an_export_of_no_bank_or_to_nowhere_is_refused(run, refunds, tmp_path):
    assert run("export", "none", "--format", "markdown").exit_code == 1
    assert run("export", "refunds", "--format", "markdown", "-o", tmp_path / "no" / "where").exit_code == 1
    assert run("export", "refunds", "--format", "markdown", "--json").exit_code == 2


def test_a_template_can_be_filled_in_and_imported(run, refunds, tmp_path):
    for format in ("xlsx", "csv"):
        path = tmp_path / f"template.{format}"
        assert run("template", "--format", format, "--lang", "en", "-o", path).exit_code == 0
        result = import_to(run, path, "--dry-run", "--json")
        assert json.loads(result.stdout)["format"] == format
