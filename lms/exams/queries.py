"""What the exam pages show. Each page takes the same number of statements however much there is to show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.banks.models import QuestionText
from lms.courses.models import Course
from lms.courses.queries import courses_done
from lms.db import db
from lms.errors import Reason
from lms.exams import papers, rules
from lms.exams.grading import pass_mark
from lms.exams.models import Attempt, AttemptItem, Exam, ExamVersion
from lms.exams.operations import attempts_of, bearings_on, why_not_sit
from lms.people.models import Person


@dataclass(frozen=True)
class ExamCard:
    """An exam as one person finds it: what it asks, and whether they may begin. Points in hundredths."""

    exam: Exam
    version: ExamVersion
    questions: int
    possible: int
    pass_mark: int
    attempts: tuple["PastAttempt", ...]
    attempts_left: int
    open_attempt: Attempt | None
    why_not: Reason | None

    @property
    def has_passed(self) -> bool:
        """Whether any attempt reached the pass mark."""
        return any(attempt.passed for attempt in self.attempts)


@dataclass(frozen=True)
class PastAttempt:
    """An attempt that is over; points in hundredths."""

    id: int
    number: int
    ended_at: datetime
    earned: int
    possible: int
    passed: bool


@dataclass(frozen=True)
class CourseToDo:
    """A course that an exam asks for."""

    slug: str
    titles: dict[str, str]
    is_done: bool


def live_exam(slug: str) -> Exam | None:
    """The exam, with its current version, if it can be sat."""
    return db.session.scalar(_live().where(Exam.slug == slug))


def _live() -> Select[Exam]:
    return (
        select(Exam)
        .where(Exam.state == "live", Exam.current_id.is_not(None))
        .options(joinedload(Exam.current))
        .order_by(Exam.slug)
    )


def exam_cards(person: Person, now: datetime) -> list[ExamCard]:
    """Every exam that can be sat, as this person finds it: what can be begun first, then by courses it stands on."""
    cards = _cards(list(db.session.scalars(_live())), person, now)
    return sorted(cards, key=lambda card: (bool(card.why_not), -len(card.exam.courses)))


def exam_card(exam: Exam, person: Person, now: datetime) -> ExamCard:
    """One exam as this person finds it."""
    return _cards([exam], person, now)[0]


def _cards(exams: list[Exam], person: Person, now: datetime) -> list[ExamCard]:
    past = attempts_of(person, exams)
    done = courses_done(person.id)
    bearings = bearings_on(exams, person, now)
    over = _past(past, now)
    return [
        _card(
            exam,
            person,
            [attempt for attempt in past if attempt.exam_id == exam.id],
            over,
            done,
            bearings,
            now,
        )
        for exam in exams
    ]


def _card(
    exam: Exam,
    person: Person,
    past: Sequence[Attempt],
    over: dict[int, PastAttempt],
    done: Collection[str],
    bearings: dict[str, list[rules.Bearing]],
    now: datetime,
) -> ExamCard:
    version = exam.current
    assert version is not None
    counting = rules.that_count([papers.sitting_of(attempt) for attempt in past], bearings[exam.slug])
    running = next((attempt for attempt in past if papers.state_of(attempt, now) == "open"), None)
    possible = papers.possible_points(version)
    return ExamCard(
        exam=exam,
        version=version,
        questions=sum(section["count"] for section in version.sections),
        possible=possible,
        pass_mark=pass_mark(possible, version.pass_percent),
        attempts=tuple(over[attempt.id] for attempt in past if attempt.id in over),
        attempts_left=max(0, version.attempts - len(counting)),
        open_attempt=running,
        why_not=None if running else why_not_sit(exam, person, past, done, bearings[exam.slug], now),
    )


def _past(attempts: Sequence[Attempt], now: datetime) -> dict[int, PastAttempt]:
    """The attempts that are over, by id; those that no job has graded yet are graded here, in passing."""
    over = {}
    for attempt in attempts:
        if papers.state_of(attempt, now) == "open":
            continue
        earned, passed = attempt.earned, attempt.passed
        if earned is None or passed is None:
            outcome = papers.outcome_of(attempt, papers.items_of(attempt))
            earned, passed = outcome.earned, outcome.passed
        ended_at = papers.sitting_of(attempt).ended_at
        over[attempt.id] = PastAttempt(attempt.id, attempt.number, ended_at, earned, attempt.possible, passed)
    return over


def courses_to_do(exam: Exam, person: Person) -> list[CourseToDo]:
    """The courses that the exam asks for, in catalogue order."""
    courses = db.session.scalars(
        select(Course).where(Course.slug.in_(exam.courses)).order_by(Course.order)
    ).all()
    done = courses_done(person.id)
    return [CourseToDo(course.slug, course.titles, course.slug in done) for course in courses]


def own_attempt(attempt_id: int, person: Person) -> Attempt | None:
    """The attempt with its exam, version and answers, if it is this person's. Two statements."""
    return db.session.scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.person_id == person.id)
        .options(joinedload(Attempt.version), joinedload(Attempt.exam))
    )


@dataclass(frozen=True)
class ShownOption:
    """One option as it is shown: its id, its letter by place, its text as written and as safe HTML."""

    id: str
    letter: str
    text: str
    html: str


@dataclass(frozen=True)
class ShownQuestion:
    """A question on somebody's paper, without anything that tells its key. Points are whole."""

    position: int
    section: int
    type: str
    points: int
    stem: str
    stem_html: str
    options: tuple[ShownOption, ...]
    answer: rules.Answer
    saved_at: datetime | None


def paper_of(attempt: Attempt, language: str) -> list[ShownQuestion]:
    """What the attempt asks and what is answered so far. Three statements."""
    items = papers.items_of(attempt)
    texts = texts_of(items, language)
    answers = {answer.position: answer for answer in attempt.answers}
    shown = []
    for item in items:
        text, answer = texts[item.question_version_id], answers.get(item.position)
        shown.append(
            ShownQuestion(
                position=item.position,
                section=item.section,
                type=item.version.type,
                points=item.points,
                stem=text.stem,
                stem_html=text.stem_html,
                options=options_of(item, text),
                answer=rules.Answer(tuple(answer.chosen), answer.flagged, answer.seq)
                if answer
                else rules.Answer(),
                saved_at=answer.saved_at if answer else None,
            )
        )
    return shown


def texts_of(items: Sequence[AttemptItem], language: str) -> dict[int, QuestionText]:
    """The texts of the items by version id: in this language, or in the only one there is. One statement."""
    found = db.session.scalars(
        select(QuestionText).where(QuestionText.version_id.in_([item.question_version_id for item in items]))
    )
    return {text.version_id: text for text in sorted(found, key=lambda text: text.language == language)}


def options_of(item: AttemptItem, text: QuestionText) -> tuple[ShownOption, ...]:
    """The options in the order in which this person sees them."""
    by_id = {option["id"]: option for option in text.options}
    return tuple(
        ShownOption(option, chr(ord("A") + place), by_id[option]["text"], by_id[option]["html"])
        for place, option in enumerate(item.option_order)
    )
