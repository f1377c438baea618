"""Starting an attempt, saving answers, handing in, closing at the deadline."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from lms import clock
from lms.access import Permission, may
from lms.audit import record
from lms.banks.models import QuestionVersion
from lms.courses.queries import courses_done
from lms.db import db, lock
from lms.errors import N_, Reason, Refused
from lms.exams import papers, rules
from lms.exams.drawing import CannotFillError
from lms.exams.files import QUARTER
from lms.exams.models import Answer, Attempt, AttemptItem, Exam
from lms.exams.signals import attempt_graded, exams_wanted
from lms.outbox import schedule
from lms.people.models import Person

HAND, DEADLINE = "hand", "deadline"
QUARTER_AND_MORE = timedelta(days=100)  # from its first day surely into the next quarter, and not past it


class StaleAnswer(Refused):
    """A save that is not taken because the server has a newer answer, or the paper was handed in."""

    def __init__(self, reason: Reason, current: rules.Answer) -> None:
        super().__init__(reason, 409)
        self.current = current


@dataclass(frozen=True)
class Saved:
    """An answer as it is stored now."""

    seq: int
    saved_at: datetime


def attempts_of(person: Person, exams: Sequence[Exam]) -> list[Attempt]:
    """A person's attempts at these exams, oldest first."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.person_id == person.id, Attempt.exam_id.in_([exam.id for exam in exams]))
            .order_by(Attempt.id)
        )
    )


def bearings_on(exams: Sequence[Exam], person: Person, now: datetime) -> dict[str, list[rules.Bearing]]:
    """What other features have to say about sitting each of these exams, by slug."""
    slugs = tuple(exam.slug for exam in exams)
    answers = [said for _, said in exams_wanted.send(slugs, person=person, now=now) if said]
    answers.append({exam.slug: _of_this_quarter(now) for exam in exams if _has_quarters(exam)})
    return {slug: [said[slug] for said in answers if slug in said] for slug in slugs}


def _has_quarters(exam: Exam) -> bool:
    return exam.current is not None and exam.current.form == QUARTER


def _of_this_quarter(now: datetime) -> rules.Bearing:
    """Attempts at an exam of the quarter count afresh in the next one."""
    first = rules.first_of_quarter(clock.day_of(now))
    return rules.Bearing(counts_from=datetime.combine(first, time(), clock.zone()))


def why_not_sit(
    exam: Exam,
    person: Person,
    past: Sequence[Attempt],
    done: Collection[str],
    bearings: Sequence[rules.Bearing],
    now: datetime,
) -> Reason | None:
    """Why this person may not begin this exam now, or None if they may. `done`: slugs of finished courses."""
    if may(person, Permission.READ_KEYS):
        return Reason(N_("You can read this exam's keys, so you cannot sit it."))
    if left := [course for course in exam.courses if course not in done]:
        return Reason(N_("Finish the courses of this exam first. Still open: %(count)s."), count=len(left))
    if reason := next((bearing.reason for bearing in bearings if bearing.reason), None):
        return reason
    assert exam.current is not None
    counting = rules.that_count([papers.sitting_of(attempt) for attempt in past], bearings)
    if _has_quarters(exam) and any(each.passed and papers.sitting_of(each) in counting for each in past):
        again = rules.first_of_quarter(rules.first_of_quarter(clock.day_of(now)) + QUARTER_AND_MORE)
        return Reason(N_("You have passed the exam of this quarter. The next one begins on %(day)s."), day=again)
    return rules.why_not_start(papers.terms_of(exam.current), counting, now)


def start_attempt(
    exam: Exam, person: Person, *, language: str, actor: Person, now: datetime
) -> tuple[Attempt, bool]:
    """The open attempt at this exam and whether it is new, on a freshly drawn paper. Raises Refused."""
    lock(person)
    past = attempts_of(person, [exam])
    for attempt in past:
        close_attempt(attempt, now=now)
    if past and past[-1].submitted_at is None:
        return past[-1], False
    bearings = bearings_on([exam], person, now)[exam.slug]
    if reason := why_not_sit(exam, person, past, courses_done(person.id), bearings, now):
        raise Refused(reason)
    form_seed = None
    if _has_quarters(exam):
        counting = rules.that_count([papers.sitting_of(each) for each in past], bearings)
        form_seed = rules.form_seed(exam.slug, clock.day_of(now), len(counting))
    attempt = _new_attempt(exam, person, len(past) + 1, language, form_seed, now)
    record(actor, "attempt.start", attempt, now=now, exam=exam.slug, number=attempt.number)
    over = attempt.deadline + rules.GRACE
    schedule("attempt.close", str(attempt.id), over, attempt_id=attempt.id)
    db.session.flush()
    return attempt, True


def _new_attempt(
    exam: Exam, person: Person, number: int, language: str, form_seed: str | None, now: datetime
) -> Attempt:
    version = exam.current
    assert version is not None
    seed = secrets.token_hex(16)
    try:
        items = papers.draw_items(version, seed, form_seed)
    except CannotFillError as short:
        raise Refused(Reason(N_("This exam has too few questions at present. Tell your trainer."))) from short
    attempt = Attempt(
        person_id=person.id,
        exam=exam,
        version=version,
        number=number,
        seed=seed,
        language=language,
        started_at=now,
        deadline=now + timedelta(minutes=version.minutes),
        possible=papers.possible_points(version),
        items=items,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def hold_attempt(attempt_id: int, person_id: int) -> Attempt | None:
    """The person's attempt, locked against a hand-in or another save at the same moment; None: not theirs."""
    return db.session.scalar(
        select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person_id).with_for_update()
    )


def save_answer(attempt: Attempt, position: int, sent: rules.Answer, *, now: datetime) -> Saved | None:
    """Store one answer of a held attempt; None: it has no such position. Raises StaleAnswer and Refused."""
    found = db.session.execute(
        select(QuestionVersion.type, QuestionVersion.option_ids, Answer)
        .select_from(AttemptItem)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .outerjoin(Answer, (Answer.attempt_id == attempt.id) & (Answer.position == AttemptItem.position))
        .where(AttemptItem.attempt_id == attempt.id, AttemptItem.position == position)
    ).first()
    if found is None:
        return None
    kind, options, row = found
    _check_open(attempt, _stored(row), now)
    if reason := rules.why_not_choose(kind, options, sent.chosen):
        raise Refused(reason, 422)
    return _store(attempt, position, row, sent, now)


def _stored(row: Answer | None) -> rules.Answer:
    return rules.Answer(tuple(row.chosen), row.flagged, row.seq) if row else rules.Answer()


def _check_open(attempt: Attempt, stored: rules.Answer, now: datetime) -> None:
    if attempt.closed_by == HAND:
        raise StaleAnswer(Reason(N_("This paper was handed in; its answers stay as they are.")), stored)
    if attempt.closed_by == DEADLINE or not papers.sitting_of(attempt).is_open(now):
        raise Refused(Reason(N_("Time is up: what was saved by then counts. Go on to the result.")), 410)


def _store(attempt: Attempt, position: int, row: Answer | None, sent: rules.Answer, now: datetime) -> Saved:
    stored = _stored(row)
    verdict = rules.judge_save(stored, sent)
    if verdict is rules.Save.STALE:
        reason = Reason(N_("A newer answer to this question is saved already, from another window."))
        raise StaleAnswer(reason, stored)
    if verdict is rules.Save.REPEAT:
        return Saved(stored.seq, row.saved_at if row else attempt.started_at)
    if row is None:
        row = Answer(attempt_id=attempt.id, position=position)
        db.session.add(row)
    row.chosen, row.flagged, row.seq, row.saved_at = list(sent.chosen), sent.flagged, sent.seq, now
    db.session.flush()
    return Saved(sent.seq, now)


def save_paper(attempt: Attempt, sent: Mapping[int, rules.Answer], *, now: datetime) -> tuple[int, ...]:
    """Store the answers of a form whose `seq` say what it was based on; the positions where newer ones stay.

    Raises Refused when the attempt is closed, or an answer is none that the question has.
    """
    rows = {answer.position: answer for answer in attempt.answers}
    kept = []
    for item in papers.items_of(attempt):
        answer, row = sent.get(item.position), rows.get(item.position)
        stored = _stored(row)
        _check_open(attempt, stored, now)
        if answer is None or answer.says_the_same_as(stored):
            continue
        if reason := rules.why_not_choose(item.version.type, item.version.option_ids, answer.chosen):
            raise Refused(reason, 422)
        if answer.seq != stored.seq:
            kept.append(item.position)
            continue
        _store(attempt, item.position, row, rules.Answer(answer.chosen, answer.flagged, stored.seq + 1), now)
    return tuple(kept)


def submit_attempt(attempt: Attempt, *, actor: Person, now: datetime) -> None:
    """Hand in, and grade at once. Again, or after the deadline, it changes nothing that was decided."""
    lock(actor)
    lock(attempt)
    if attempt.submitted_at is not None:
        return
    if papers.sitting_of(attempt).is_open(now):
        _finish(attempt, at=now, by=HAND, actor=actor, now=now)
    else:
        _finish(attempt, at=attempt.deadline, by=DEADLINE, actor=None, now=now)


def close_attempt(attempt: Attempt, *, now: datetime) -> None:
    """Close and grade an attempt whose time is over; nothing if it is closed already or still open.

    The caller holds the person's row.
    """
    if attempt.submitted_at is None and not papers.sitting_of(attempt).is_open(now):
        lock(attempt)
        if attempt.submitted_at is None:
            _finish(attempt, at=attempt.deadline, by=DEADLINE, actor=None, now=now)


def _finish(attempt: Attempt, *, at: datetime, by: str, actor: Person | None, now: datetime) -> None:
    items = papers.items_of(attempt)
    outcome = papers.outcome_of(attempt, items)
    for item, mark in zip(items, outcome.marks, strict=True):
        item.earned = mark.earned
    attempt.submitted_at, attempt.closed_by = at, by
    attempt.earned, attempt.passed = outcome.earned, outcome.passed
    record(
        actor, "attempt.grade", attempt, now=now, closed_by=by, earned=outcome.earned, passed=outcome.passed
    )
    db.session.flush()
    attempt_graded.send(attempt, attempt=attempt, actor=actor, now=now)
