"""Builders for courses: questions to check with, courses, lessons, and new editions of them."""

from itertools import count

from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.courses.models import Course, GlossaryTerm, Lesson, LessonText, LessonVersion
from lms.db import db
from tests.conftest import NOON

_numbers = count(1)
OPTIONS = {"single": "abcd", "multiple": "abcd", "true_false": "ab"}
KEYS = {"single": "b", "multiple": "ac", "true_false": "a"}
SECRET = "The reason is secret-explanation"  # what no page may say before a check is handed in
HTML = (
    '<p>Opening words with a <a href="/glossary#time-out" class="term">clock</a>.</p>'
    '<h2 id="part-1">First part</h2><p>Text.</p>'
    '<h2 id="part-2">Second &amp; <em>last</em> part</h2><p>Text.</p>'
)


def question(
    kind: str = "single",
    *,
    use: str = "practice",
    state: str = "live",
    shuffle: bool = True,
    languages: tuple[str, ...] = ("en", "zh"),
) -> Question:
    """A live question for checks, of the bank "checks"."""
    bank = db.session.query(Bank).filter_by(slug="checks").one_or_none()
    bank = bank or Bank(slug="checks", area="platform-rules", titles={"en": "Checks", "zh": "自测"})
    slug = f"q{next(_numbers)}"
    made = Question(bank=bank, slug=slug, ref=f"checks/{slug}", origin="file", state=state)
    db.session.add(made)
    db.session.flush()
    ids = OPTIONS[kind]
    version = QuestionVersion(
        question=made, number=1, type=kind, keys=list(KEYS[kind]), option_ids=list(ids), level=1, tags=[],
        use=use, shuffle=shuffle, content_hash="0" * 64, created_at=NOON,
        texts=[_question_text(slug, ids, language) for language in languages],
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    made.current_id = version.id
    db.session.commit()
    return made


def _question_text(slug: str, ids: str, language: str) -> QuestionText:
    options = [{"id": id, "text": f"Option {id}", "html": f"Option {id} of {slug}"} for id in ids]
    return QuestionText(
        language=language, stem=slug, stem_html=f"<p>Stem {slug} in {language}</p>", options=options,
        explanation=SECRET, explanation_html=f"<p>{SECRET}</p>",
    )  # fmt: skip


def course(slug: str = "refunds", *, order: int = 10, area: str = "platform-rules") -> Course:
    made = Course(
        slug=slug, area=area, order=order, titles={"en": slug.capitalize(), "zh": f"{slug}课"},
        summaries={"en": "What it is about.", "zh": "讲什么。"}, content_hash="0" * 64,
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def lesson(
    of: Course,
    slug: str = "first",
    *,
    check: list[Question] | None = None,
    acknowledge: bool = False,
    minutes: int = 6,
    languages: tuple[str, ...] = ("en", "zh"),
) -> Lesson:
    made = Lesson(course=of, slug=slug, order=len(of.lessons) + 1)
    db.session.add(made)
    db.session.flush()
    return edition(made, check=check, acknowledge=acknowledge, minutes=minutes, languages=languages)


def edition(
    of: Lesson,
    number: int = 1,
    *,
    check: list[Question] | None = None,
    acknowledge: bool = False,
    minutes: int = 6,
    changed: str | None = None,
    languages: tuple[str, ...] = ("en", "zh"),
) -> Lesson:
    """Another version of a lesson, of this edition; it becomes the current one."""
    versions = db.session.query(LessonVersion).filter_by(lesson_id=of.id).count()
    version = LessonVersion(
        lesson_id=of.id, number=versions + 1, edition=number, minutes=minutes, acknowledge=acknowledge,
        check=[question.ref for question in check or []], content_hash="0" * 64, created_at=NOON,
        texts=[_lesson_text(of.slug, language, changed) for language in languages],
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    of.current_id = version.id
    db.session.commit()
    return of


def _lesson_text(slug: str, language: str, changed: str | None) -> LessonText:
    source = {"source": "notes", "source_title": "Notes", "year": 2023}
    figure = {"text": "72 hours", "about": "time to pay", **source}
    return LessonText(
        language=language, title=f"{slug} {language}", changed=changed and f"{changed} {language}",
        objectives={"say": "Say when"}, figures=[figure], source="", html=HTML,
    )  # fmt: skip


def term(slug: str = "time-out", en: str = "time-out", zh: str = "超时") -> GlossaryTerm:
    means = {"en": "The end of a time.", "zh": "时间到了。"}
    made = GlossaryTerm(slug=slug, names={"en": en, "zh": zh}, meanings=means)
    db.session.add(made)
    db.session.commit()
    return made


def answers(*questions: Question, wrong: int = 0) -> dict[int, tuple[str, ...]]:
    """Right answers to these questions, but for so many wrong ones at the beginning."""
    chosen = {}
    for number, each in enumerate(questions):
        version = each.current
        assert version is not None
        bad = tuple(id for id in version.option_ids if id not in version.keys)
        chosen[version.id] = bad[:1] if number < wrong else tuple(version.keys)
    return chosen


def as_form(chosen: dict[int, tuple[str, ...]]) -> dict[str, list[str]]:
    """Answers as the page's form sends them."""
    return {f"q-{version}": list(options) for version, options in chosen.items()}
