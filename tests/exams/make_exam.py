"""Builders for exams: questions of each type, an exam that draws from them, courses, a certification."""

from datetime import datetime
from itertools import count
from typing import Any

from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.certification.models import Certification
from lms.courses.models import Course, Lesson, LessonProgress, LessonText, LessonVersion
from lms.db import db
from lms.exams import operations
from lms.exams.models import Attempt, Exam, ExamVersion
from lms.people.models import Person
from tests.conftest import NOON

_numbers = count(1)
OPTIONS = {"single": "abcd", "multiple": "abcde", "true_false": "ab"}
KEYS = {"single": "b", "multiple": "ac", "true_false": "a"}
SECRET = "The reason is secret-explanation"  # what no page may say before it is released


def bank(slug: str = "refunds") -> Bank:
    made = Bank(slug=slug, area="platform-rules", titles={"en": slug.capitalize(), "zh": f"{slug}题库"})
    db.session.add(made)
    db.session.commit()
    return made


def question(
    of: Bank,
    kind: str = "single",
    *,
    slug: str | None = None,
    keys: str | None = None,
    lesson: str | None = None,
    tags: tuple[str, ...] = (),
    level: int = 1,
    languages: tuple[str, ...] = ("en", "zh"),
    use: str = "exam",
    state: str = "live",
) -> Question:
    slug = slug or f"q{next(_numbers)}"
    made = Question(bank=of, slug=slug, ref=f"{of.slug}/{slug}", origin="file", state=state)
    db.session.add(made)
    db.session.flush()
    version(made, kind, keys=keys, lesson=lesson, tags=tags, level=level, languages=languages, use=use)
    db.session.commit()
    return made


def version(of: Question, kind: str, *, keys: str | None = None, **about: Any) -> QuestionVersion:
    """Another version of a question; it becomes the current one."""
    languages = about.pop("languages", ("en", "zh"))
    ids = OPTIONS[kind]
    made = QuestionVersion(
        question=of,
        number=len(of.versions) + 1,
        type=kind,
        keys=list(keys or KEYS[kind]),
        option_ids=list(ids),
        level=about.get("level", 1),
        tags=list(about.get("tags", ())),
        lesson=about.get("lesson"),
        use=about.get("use", "exam"),
        shuffle=True,
        content_hash="0" * 64,
        created_at=NOON,
        texts=[_text(of, ids, language) for language in languages],
    )
    db.session.add(made)
    db.session.flush()
    of.current_id = made.id
    db.session.flush()
    return made


def _text(of: Question, ids: str, language: str) -> QuestionText:
    word = {"en": "Option", "zh": "选项"}[language]
    stem = f"{ {'en': 'Question', 'zh': '题目'}[language] } {of.slug}"
    return QuestionText(
        language=language,
        stem=stem,
        stem_html=f"<p>{stem}</p>",
        options=[{"id": id, "text": f"{word} {id}", "html": f"{word} {id}"} for id in ids],
        explanation=f"{SECRET} {of.slug}",
        explanation_html=f"<p>{SECRET} {of.slug}</p>",
    )


def section(kind: str, number: int, points: int, banks: str = "refunds", **more: Any) -> dict[str, Any]:
    scoring = more.pop("scoring", "all_or_nothing")
    draw = [{"bank": banks, "count": number, **more}]
    return {"type": kind, "count": number, "points": points, "scoring": scoring, "draw": draw}


SECTIONS = [section("single", 2, 3), section("multiple", 2, 5), section("true_false", 2, 2)]
TERMS = {
    "minutes": 60,
    "pass_percent": 80,
    "attempts": 3,
    "cooldown_hours": 24,
    "review": "marks_and_lessons",
}


def exam(slug: str = "base", *, sections: list[dict[str, Any]] | None = None, **terms: Any) -> Exam:
    """An exam of two questions of each type, 20 points in all; its bank must exist."""
    made = Exam(slug=slug, courses=terms.pop("courses", []))
    db.session.add(made)
    db.session.flush()
    now = ExamVersion(
        exam_id=made.id,
        number=1,
        titles={"en": "Base exam", "zh": "基础考试"},
        sections=sections or SECTIONS,
        content_hash="0" * 64,
        created_at=NOON,
        **{**TERMS, **terms},
    )
    db.session.add(now)
    db.session.flush()
    made.current_id = now.id
    db.session.commit()
    return made


def world(**terms: Any) -> Exam:
    """A bank with six exam questions of each type, one practice question, and an exam that draws from it."""
    made = bank()
    for kind in OPTIONS:
        for _ in range(6):
            question(made, kind, lesson="refunds/first-steps")
    question(made, "single", use="practice", slug="practice-only")
    question(made, "single", state="retired", slug="retired-one")
    return exam(**terms)


def course(slug: str = "refunds", lessons: tuple[str, ...] = ("first-steps",)) -> Course:
    """A course with its lessons, live and in both languages."""
    made = Course(
        slug=slug,
        area="platform-rules",
        order=10,
        titles={"en": slug.capitalize(), "zh": f"{slug}课程"},
        summaries={"en": "", "zh": ""},
        content_hash="0" * 64,
    )
    db.session.add(made)
    db.session.flush()
    for order, name in enumerate(lessons):
        lesson = Lesson(course=made, slug=name, order=order)
        db.session.add(lesson)
        db.session.flush()
        edition(lesson)
    db.session.commit()
    return made


def edition(lesson: Lesson, number: int = 1) -> LessonVersion:
    """The current version of a lesson, as this edition."""
    made = LessonVersion(
        lesson_id=lesson.id,
        number=number,
        edition=number,
        minutes=5,
        acknowledge=False,
        check=[],
        content_hash="0" * 64,
        created_at=NOON,
        texts=[
            LessonText(language=code, title=title, objectives={}, figures=[], source="", html="")
            for code, title in (("en", f"Lesson {lesson.slug}"), ("zh", f"课文 {lesson.slug}"))
        ],
    )
    db.session.add(made)
    db.session.flush()
    lesson.current_id = made.id
    db.session.flush()
    return made


def finish(person: Person, of: Course, now: datetime = NOON) -> None:
    """Every lesson of the course done by the person, at its current edition."""
    for lesson in of.lessons:
        assert lesson.current is not None
        db.session.add(
            LessonProgress(
                person_id=person.id,
                lesson_id=lesson.id,
                edition=lesson.current.edition,
                opened_at=now,
                last_at=now,
                read_at=now,
                done_at=now,
            )
        )
    db.session.commit()


def certification(
    slug: str = "base", *, exams: tuple[str, ...] = ("base",), courses: tuple[str, ...] = ()
) -> Certification:
    made = Certification(
        slug=slug,
        order=next(_numbers),
        titles={"en": f"{slug.capitalize()} certification", "zh": f"{slug}认证"},
        courses=list(courses),
        exams=list(exams),
        months=12,
        renew_days=60,
    )
    db.session.add(made)
    db.session.commit()
    return made


def started(exam: Exam, person: Person, now: datetime = NOON) -> Attempt:
    """An attempt begun at `now`."""
    attempt, _ = operations.start_attempt(exam, person, language="en", actor=person, now=now)
    db.session.commit()
    return attempt


def right_answers(attempt: Attempt) -> dict[int, list[str]]:
    """The keys of the paper, by position."""
    return {item.position: list(item.version.keys) for item in attempt.items}


def answered(attempt: Attempt, now: datetime = NOON, *, wrong: tuple[int, ...] = ()) -> Attempt:
    """Everything answered right, but for the positions in `wrong`, which are left empty."""
    from lms.exams.rules import Answer

    for position, keys in right_answers(attempt).items():
        if position not in wrong:
            operations.save_answer(attempt, position, Answer(tuple(sorted(keys)), seq=1), now=now)
    db.session.commit()
    return attempt


def handed_in(attempt: Attempt, now: datetime = NOON) -> Attempt:
    operations.submit_attempt(attempt, actor=attempt.person, now=now)
    db.session.commit()
    return attempt
