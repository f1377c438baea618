"""What a learner sees of an attempt that is over, as far as its review policy allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from lms.courses.models import Course, Lesson, LessonText
from lms.db import db
from lms.exams import papers
from lms.exams.grading import Mark, Tally, pass_mark, tally
from lms.exams.models import Attempt, AttemptItem
from lms.exams.queries import ShownOption, options_of, texts_of
from lms.exams.rules import Review


@dataclass(frozen=True)
class LessonLink:
    """A lesson to read again: `course/slug` and its title."""

    ref: str
    title: str


@dataclass(frozen=True)
class ReviewedQuestion:
    """One question after grading; points in hundredths. Keys and explanation only where released."""

    mark: Mark
    type: str
    stem: str
    stem_html: str
    options: tuple[ShownOption, ...]
    chosen: tuple[str, ...]
    lesson: LessonLink | None
    keys: tuple[str, ...] | None
    explanation: str | None
    explanation_html: str | None


@dataclass(frozen=True)
class SectionResult:
    """What one section came to."""

    type: str
    tally: Tally


@dataclass(frozen=True)
class TopicResult:
    """What the questions of one bank came to; titles by language."""

    titles: dict[str, str]
    tally: Tally


@dataclass(frozen=True)
class Result:
    """A graded attempt; points in hundredths. No topics and questions unless marks are released."""

    attempt: Attempt
    ended_at: datetime
    earned: int
    possible: int
    pass_mark: int
    missed_musts: int
    passed: bool
    review: Review
    sections: tuple[SectionResult, ...]
    topics: tuple[TopicResult, ...]
    questions: tuple[ReviewedQuestion, ...]

    @property
    def misses(self) -> tuple[ReviewedQuestion, ...]:
        """The questions that did not earn full points."""
        return tuple(question for question in self.questions if not question.mark.is_right)


def result_of(attempt: Attempt, language: str) -> Result:
    """The result of an attempt that is over. The number of statements does not depend on the paper."""
    review = Review(attempt.version.review)
    items = papers.items_of(attempt)
    outcome = papers.outcome_of(attempt, items)
    return Result(
        attempt=attempt,
        ended_at=papers.sitting_of(attempt).ended_at,
        earned=outcome.earned,
        possible=outcome.possible,
        pass_mark=pass_mark(outcome.possible, attempt.version.pass_percent),
        missed_musts=outcome.missed_musts,
        passed=outcome.passed,
        review=review,
        sections=tuple(
            SectionResult(attempt.version.sections[int(each.name)]["type"], each)
            for each in tally(outcome.marks, by=lambda mark: str(mark.section))
        ),
        topics=_topics(items, outcome.marks) if review.shows_marks else (),
        questions=_questions(attempt, items, outcome.marks, review, language) if review.shows_marks else (),
    )


def _topics(items: Sequence[AttemptItem], marks: Sequence[Mark]) -> tuple[TopicResult, ...]:
    banks = {item.version.question.bank.slug: item.version.question.bank for item in items}
    return tuple(
        TopicResult(banks[each.name].titles, each) for each in tally(marks, by=lambda mark: mark.topic)
    )


def _questions(
    attempt: Attempt, items: Sequence[AttemptItem], marks: Sequence[Mark], review: Review, language: str
) -> tuple[ReviewedQuestion, ...]:
    texts = texts_of(items, language)
    lessons = _lessons({item.version.lesson for item in items if item.version.lesson}, language)
    chosen = {answer.position: tuple(answer.chosen) for answer in attempt.answers}
    shown = []
    for item, mark in zip(items, marks, strict=True):
        text, asked = texts[item.question_version_id], item.version
        shown.append(
            ReviewedQuestion(
                mark=mark,
                type=asked.type,
                stem=text.stem,
                stem_html=text.stem_html,
                options=options_of(item, text),
                chosen=chosen.get(item.position, ()),
                lesson=lessons.get(asked.lesson or ""),
                keys=tuple(asked.keys) if review.shows_keys else None,
                explanation=text.explanation if review.shows_keys else None,
                explanation_html=text.explanation_html if review.shows_keys else None,
            )
        )
    return tuple(shown)


def _lessons(refs: set[str], language: str) -> dict[str, LessonLink]:
    """The live lessons behind these references, titled in this language where they can be. One statement."""
    if not refs:
        return {}
    found = db.session.execute(
        select(Course.slug, Lesson.slug, LessonText.title, LessonText.language)
        .join(Lesson, Lesson.course_id == Course.id)
        .join(LessonText, LessonText.version_id == Lesson.current_id)
        .where(Lesson.state == "live", Course.state == "live")
        .where(
            or_(*((Course.slug == ref.split("/")[0]) & (Lesson.slug == ref.split("/")[1]) for ref in refs))
        )
    )
    return {
        f"{course}/{slug}": LessonLink(f"{course}/{slug}", title)
        for course, slug, title, code in sorted(found, key=lambda row: row[3] == language)
    }
