"""The curriculum of the product: how much there is, what each lesson holds, that questions give nothing away."""

import csv
import re
from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest

from lms.content import Content, read_content
from lms.exams.drawing import Draw, draw_paper
from lms.exams.files import ExamFile
from lms.interchange.records import EXAM, LANGUAGES, MULTIPLE, SINGLE, TRUE_FALSE
from tests.content.giveaways import ALL_OF_THE_ABOVE, ROOT, asked, chance, guess, measure, twins, wordings
from tests.content.review import unread

BLUEPRINT = ROOT / "question_banks" / "blueprint.csv"
YEAR = re.compile(r"(19|20)\d\d")
SEEDS = range(1, 101)
ABOVE_CHANCE = Fraction(5, 100)
MORE_IN_FALSE = Fraction(10, 100)
UNSURE = {"en": "When unsure", "zh": "拿不准的时候"}


@pytest.fixture(scope="module")
def content() -> Content:
    found, problems = read_content([ROOT / "courses", ROOT / "question_banks"])
    assert problems == []
    return found


@pytest.fixture(scope="module")
def questions(content):
    return [question for bank in content.banks.values() for question in bank.questions]


@pytest.fixture(scope="module")
def lessons(content):
    return [lesson for course in content.courses.values() for lesson in course.lessons]


def test_the_curriculum_fills_a_new_hires_week(content, lessons, questions):
    types = Counter(question.type for question in questions)
    assert len(content.courses) >= 20
    assert len(lessons) >= 90
    assert types[SINGLE] >= 150
    assert types[MULTIPLE] >= 200
    assert types[TRUE_FALSE] >= 250
    assert len(content.terms) >= 150
    assert {course.area for course in content.courses.values()} == set(content.areas)
    assert len(content.plans) >= 5


def test_everything_is_there_in_both_languages(lessons, questions):
    assert [lesson.ref for lesson in lessons if set(lesson.texts) != set(LANGUAGES)] == []
    assert [question.id for question in questions if set(question.wordings) != set(LANGUAGES)] == []
    assert [q.id for q in questions for wording in q.wordings.values() if not wording.explanation] == []


def test_the_base_path_is_at_most_eight_hours(content):
    courses = content.certifications["base"].courses
    assert sum(lesson.minutes for slug in courses for lesson in content.courses[slug].lessons) <= 8 * 60


def test_every_lesson_teaches_by_chat_and_dilemma_and_says_whom_to_ask(lessons):
    for lesson in lessons:
        assert 4 <= lesson.minutes <= 10, lesson.ref
        assert lesson.check, lesson.ref
        for language, text in lesson.texts.items():
            assert 2 <= len(text.objectives) <= 4, lesson.ref
            assert "```chat" in text.body, lesson.ref
            assert re.search(r"^note \|", text.body, re.MULTILINE), lesson.ref
            assert "/// think |" in text.body, lesson.ref
            assert f"/// note | {UNSURE[language]}" in text.body, lesson.ref


def test_every_term_is_linked_from_a_lesson(content, lessons):
    for language in LANGUAGES:
        linked = {term for lesson in lessons for term in re.findall(r"\(term:([\w-]+)\)", lesson.texts[language].body)}
        assert set(content.terms) - linked == set()


def test_every_objective_has_two_questions_or_more(lessons, questions):
    asked_of = Counter((question.lesson, question.objective) for question in questions)
    wanted = {(lesson.ref, objective) for lesson in lessons for objective in lesson.texts["en"].objectives}
    assert {each for each in wanted if asked_of[each] < 2} == set()


def test_most_questions_are_cases_and_few_ask_for_a_number(questions):
    total = len(questions)
    assert sum("case" in question.tags for question in questions) >= Fraction(3, 5) * total
    numbers = [question for question in questions if "number" in question.tags]
    assert len(numbers) <= Fraction(15, 100) * total
    undated = [q.id for q in numbers for wording in q.wordings.values() if not YEAR.search(wording.stem)]
    assert undated == []


def test_the_blueprint_says_what_there_is(content):
    with BLUEPRINT.open(encoding="utf-8", newline="") as file:
        planned = {row["topic"]: [int(row[f"level_{level}"]) for level in (1, 2, 3)] for row in csv.DictReader(file)}
    held = {
        slug: [sum(question.level == level for question in bank.questions) for level in (1, 2, 3)]
        for slug, bank in content.banks.items()
    }
    assert held == planned


def test_every_text_was_read_as_it_stands_by_somebody_else(content):
    assert list(unread(content)) == []


# What gives a key away


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_tells_nothing_about_the_key(content, language):
    figures = measure(((question, wording) for _, question, wording in wordings(content, language)), language)
    assert figures.key_longest <= figures.key_longest_by_chance + ABOVE_CHANCE
    assert Fraction(45, 100) <= figures.true <= Fraction(55, 100)
    assert figures.absolute_in_false <= figures.absolute_in_true + MORE_IN_FALSE
    for type in (SINGLE, MULTIPLE, TRUE_FALSE):
        assert figures.guessed[type] <= figures.by_chance[type] + ABOVE_CHANCE, type


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_read_nothing_does_not_pass(content, language):
    found = [(q, w) for _, q, w in wordings(content, language) if q.use == EXAM]
    hits = {type: [guess(q, w, language) == q.keys for q, w in found if q.type == type] for type in
            (SINGLE, MULTIPLE, TRUE_FALSE)}  # fmt: skip
    points = {SINGLE: 6 * 3, MULTIPLE: 10 * 5, TRUE_FALSE: 16 * 2}
    blind = {type: sum(map(chance, [q for q, _ in found if q.type == type])) / len(hits[type]) for type in points}
    clever = sum(points[type] * Fraction(sum(hits[type]), len(hits[type])) for type in points)
    assert clever <= sum(points[type] * blind[type] for type in points) + 6  # of 100 points


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_questions_are_as_good_as_the_same(content, language):
    assert list(twins([(ref, asked(wording, q)) for ref, q, wording in wordings(content, language)])) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_asks_for_all_of_the_above(content, language):
    found = [ref for ref, q, wording in wordings(content, language) if ALL_OF_THE_ABOVE.search(asked(wording, q))]
    assert found == []


# How many different papers there are


def pools(content: Content, exam: ExamFile) -> list[list[Draw]]:
    """The draws of each section with the questions they may take."""
    return [
        [
            Draw(
                frozenset(
                    f"{slug}/{q.id}"
                    for slug in draw.banks
                    for q in content.banks[slug].questions
                    if draw.takes(section.type, q.type, q.level, q.tags, q.use)
                ),
                draw.count,
            )
            for draw in section.draws
        ]
        for section in exam.sections
    ]


@pytest.mark.parametrize(
    ("exam", "times", "shared"),
    [
        ("base", Fraction(9, 2), Fraction(1, 2)),
        ("product", Fraction(3), Fraction(2, 3)),
        ("after-sales", Fraction(3), Fraction(2, 3)),
        ("complaints", Fraction(3), Fraction(2, 3)),
        ("quarterly", Fraction(3), Fraction(2, 3)),
    ],
)
def test_two_papers_of_an_exam_differ(content, exam, times, shared):
    sections = pools(content, content.exams[exam])
    for section, draws in zip(content.exams[exam].sections, sections, strict=True):
        assert len(frozenset().union(*(draw.pool for draw in draws))) >= times * section.count
    papers = [frozenset().union(*draw_paper(sections, f"{seed}")) for seed in SEEDS]
    length = sum(section.count for section in content.exams[exam].sections)
    assert max(len(one & other) for one, other in combinations(papers, 2)) <= shared * length
