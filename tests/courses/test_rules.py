"""Where a reader stands, what comes next, and how a check is marked."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses.rules import (
    CheckItem,
    Heading,
    Progress,
    State,
    glossary_order,
    headings_of,
    is_done,
    mark,
    needed,
    next_of,
    terms_of,
    why_not_marked,
)
from tests.conftest import NOON

HOUR = timedelta(hours=1)
SINGLE = CheckItem(1, "single", frozenset("abcd"), frozenset("b"))
MULTIPLE = CheckItem(2, "multiple", frozenset("abcd"), frozenset("ac"))
TRUE_FALSE = CheckItem(3, "true_false", frozenset("ab"), frozenset("a"))
ITEMS = [SINGLE, MULTIPLE, TRUE_FALSE]
RIGHT = {1: "b", 2: "ac", 3: "a"}


@pytest.mark.parametrize(
    ("progress", "state"),
    [
        (Progress(), State.NEW),
        (Progress(last_at=NOON), State.BEGUN),
        (Progress(last_at=NOON, read_at=NOON), State.CHECK),
        (Progress(last_at=NOON, read_at=NOON, done_at=NOON), State.DONE),
        (Progress(earlier=1), State.CHANGED),
        (Progress(earlier=1, last_at=NOON), State.CHANGED),
        (Progress(earlier=1, last_at=NOON, read_at=NOON), State.CHECK),
    ],
)
def test_where_a_reader_stands(progress, state):
    assert progress.state is state


@pytest.mark.parametrize(
    ("read", "acknowledged", "passed", "acknowledge", "has_check", "done"),
    [
        (True, False, False, False, False, True),
        (False, False, True, False, True, False),
        (True, False, False, False, True, False),
        (True, False, True, False, True, True),
        (True, False, True, True, True, False),
        (True, True, True, True, True, True),
        (True, True, False, True, False, True),
    ],
)
def test_a_lesson_is_done_when_read_and_promised_and_checked(
    read, acknowledged, passed, acknowledge, has_check, done
):
    so_far = Progress(
        read_at=NOON if read else None,
        acknowledged_at=NOON if acknowledged else None,
        passed_at=NOON if passed else None,
    )
    assert is_done(so_far, acknowledge=acknowledge, has_check=has_check) is done


DONE, OLD, LATE, NEW = (
    Progress(done_at=NOON, read_at=NOON, last_at=NOON + 9 * HOUR),
    Progress(last_at=NOON),
    Progress(last_at=NOON + HOUR),
    Progress(),
)


@pytest.mark.parametrize(
    ("lessons", "at"),
    [
        ([], None),
        ([DONE, DONE], None),
        ([NEW, NEW], 0),
        ([DONE, NEW, NEW], 1),
        ([NEW, OLD, NEW], 1),
        ([OLD, NEW, LATE], 2),
        ([NEW, OLD, OLD], 1),
        ([DONE, Progress(earlier=1), NEW], 1),
    ],
)
def test_one_goes_on_with_what_was_left_open_last_and_else_in_order(lessons, at):
    assert next_of(lessons) == at


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (RIGHT, None),
        ({**RIGHT, 2: "b"}, None),
        ({**RIGHT, 4: "a"}, "has changed"),
        ({**RIGHT, 1: "x"}, "not one of the answers"),
        ({**RIGHT, 1: "ab"}, "one answer only"),
        ({**RIGHT, 3: "ab"}, "one answer only"),
        ({1: "b"}, "question 2, 3"),
        ({**RIGHT, 2: ""}, "question 2"),
        ({}, "question 1, 2, 3"),
    ],
)
def test_a_check_is_marked_only_when_all_of_it_is_answered_and_nothing_else(answers, says):
    reason = why_not_marked(ITEMS, answers)
    assert (reason is None) if says is None else (says in str(reason))


def test_a_lesson_without_questions_has_no_check_to_hand_in():
    assert why_not_marked([], {}) is not None


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        (RIGHT, (True, True, True)),
        ({**RIGHT, 2: "a"}, (True, False, True)),
        ({**RIGHT, 2: "acd"}, (True, False, True)),
        ({**RIGHT, 2: "ca"}, (True, True, True)),
        ({1: "a", 2: "b", 3: "b"}, (False, False, False)),
    ],
)
def test_a_question_is_right_with_exactly_its_keys(answers, right):
    assert mark(ITEMS, answers, 80).right == right


@pytest.mark.parametrize(("wrong", "passed"), [(0, True), (1, True), (2, False)])
def test_a_check_is_passed_from_the_percentage_on(wrong, passed):
    items = [CheckItem(number, "single", frozenset("ab"), frozenset("a")) for number in range(5)]
    answers = {number: "b" if number < wrong else "a" for number in range(5)}
    assert mark(items, answers, 80).passed is passed


@given(st.integers(1, 50), st.integers(1, 100))
def test_what_is_said_to_be_needed_is_just_what_passes(asked, percent):
    items = [CheckItem(number, "single", frozenset("ab"), frozenset("a")) for number in range(asked)]

    def passes(right: int) -> bool:
        return mark(items, {n: "a" if n < right else "b" for n in range(asked)}, percent).passed

    enough = needed(asked, percent)
    assert passes(enough)
    assert not passes(enough - 1)


def test_the_parts_of_a_lesson_are_read_from_its_html():
    html = '<h2 id="part-1">One</h2><p>x</p><h3 id="part-2">Two &amp; <em>more</em></h3><h2>No anchor</h2>'
    assert headings_of(html) == (Heading("part-1", "One", 2), Heading("part-2", "Two & more", 3))


def test_the_terms_of_a_lesson_come_once_each_in_order():
    targets = ("/glossary#b", "/glossary#a", "/glossary#b", "/x#c")
    html = "".join(f'<a href="{target}">x</a>' for target in targets)
    assert terms_of(html) == ("b", "a")


def test_the_glossary_is_sorted_as_people_look_things_up():
    assert glossary_order([("x", "refund"), ("y", "Escalation"), ("z", "remark")]) == ["y", "x", "z"]
    assert glossary_order([("x", "退款"), ("y", "超时"), ("z", "备注")]) == ["z", "y", "x"]  # bei, chao, tui
