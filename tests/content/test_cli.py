"""`lms check` and `lms load` on the command line: lines, JSON and exit codes."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.banks.models import Question
from lms.banks.operations import set_state
from lms.cli.content import check, load
from lms.db import db
from tests import make
from tests.conftest import NOON
from tests.content.tree import changed, write_tree

BANK = "question_banks/en/trade-flow.md"
NO_KEY = changed(BANK, "- [x] 1\n- [ ] 2\n\n> Because.", "- [ ] 1\n- [ ] 2\n\n> Because.")
ONE_KEY = changed(BANK, "tags: time-outs", "tags: time-outs\ntype: multiple")


def run_check(*arguments):
    """Runs outside any application: `check` needs neither one nor a database."""
    return CliRunner().invoke(check, [str(each) for each in arguments])


@pytest.fixture
def run_load(app):
    def run(*arguments):
        db.session.rollback()
        return app.test_cli_runner().invoke(load, [str(each) for each in arguments])

    return run


def test_good_content_is_counted_and_exits_with_0(tmp_path):
    result = run_check(write_tree(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == "no errors: 1 courses, 2 lessons, 1 banks, 3 questions, 1 exams\n"


def test_an_error_is_a_line_on_stderr_and_exits_with_1(tmp_path):
    result = run_check(write_tree(tmp_path, NO_KEY))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert (
        result.stderr == f"{tmp_path / BANK}:7: No option is marked as right. Mark the right ones with [x].\n"
    )


def test_problems_come_as_json(tmp_path):
    result = run_check(write_tree(tmp_path, NO_KEY), "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["line"], problem["warning"]) == (7, False)


def test_a_warning_alone_exits_with_0(tmp_path):
    tree = write_tree(
        tmp_path, {**ONE_KEY, "question_banks/zh/trade-flow.md": None, "question_banks/exams/base.toml": None}
    )
    result = run_check(tree / BANK)
    assert result.exit_code == 0
    assert "warning: A multiple choice question with one key" in result.stderr


def test_a_policy_is_checked_by_its_path(tmp_path):
    (tmp_path / "policy.toml").write_text("nonsense = 1\n")
    result = run_check(tmp_path / "policy.toml")
    assert result.exit_code == 1
    assert 'policy.toml:1: There is no setting "nonsense" here.' in result.stderr


def test_the_products_own_content_and_policy_pass(tmp_path):
    assert run_check().exit_code == 0


def test_a_load_prints_what_it_did_and_a_second_one_did_nothing(run_load, tmp_path):
    root = write_tree(tmp_path)
    assert run_load(root).stdout == "11 added, 0 changed, 0 unchanged, 0 retired, 0 conflicts\n"
    result = run_load(root)
    assert (result.exit_code, result.stdout) == (
        0,
        "0 added, 0 changed, 11 unchanged, 0 retired, 0 conflicts\n",
    )


def test_nothing_of_content_with_an_error_is_loaded(run_load, tmp_path):
    result = run_load(write_tree(tmp_path, NO_KEY))
    assert result.exit_code == 1
    assert ":7: No option is marked" in result.stderr
    assert db.session.scalar(select(Question.id)) is None


def test_a_conflict_is_told_and_exits_with_1(run_load, tmp_path):
    root = write_tree(tmp_path)
    run_load(root)
    question = db.session.scalar(select(Question).where(Question.slug == "exam-one"))
    set_state(question, "retired", actor=make.person(stage=None, roles=("trainer",)), now=NOON)
    db.session.commit()
    result = run_load(root)
    assert result.exit_code == 1
    assert result.stderr.startswith("conflict: question trade-flow/exam-one: it was retired in the browser.")
    result = run_load(root, "--json")
    assert json.loads(result.stdout)["conflicts"][0][0] == "question trade-flow/exam-one"
