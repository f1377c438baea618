"""Exams from their files into the database: what an attempt began on stays as it was."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import audit
from lms.db import db
from lms.exams.files import DrawFile, ExamFile
from lms.exams.models import Exam, ExamVersion
from lms.interchange.changes import Changes, content_hash

LIVE, RETIRED = "live", "retired"


def load_exams(
    exams: Sequence[ExamFile], courses: Mapping[str, Sequence[str]], changes: Changes, *, now: datetime
) -> None:
    """Bring exams up to date with the files. `courses` are, by exam, those to finish before it is sat."""
    known = {
        exam.slug: exam
        for exam in db.session.scalars(
            select(Exam).where(Exam.slug.in_([file.slug for file in exams])).options(joinedload(Exam.current))
        )
    }
    for file in exams:
        exam = known.get(file.slug)
        is_new = exam is None
        if exam is None:
            exam = Exam(slug=file.slug, state=LIVE, courses=[])
            db.session.add(exam)
        needs = list(courses.get(file.slug, ()))
        moved = (exam.state, exam.courses) != (LIVE, needs)
        exam.state, exam.courses = LIVE, needs
        rewritten = _add_version(exam, file, now)
        if is_new or moved or rewritten:
            audit.record(None, "exam.load", exam, now=now)
        changes.note(f"exam {file.slug}", is_new=is_new, has_changed=moved or rewritten)
    db.session.flush()


def _add_version(exam: Exam, file: ExamFile, now: datetime) -> bool:
    """A new version if the file says anything that the current one does not; whether it did."""
    values = _values(file)
    new = content_hash(values)
    current = exam.current
    if current is not None and current.content_hash == new:
        return False
    number = current.number + 1 if current else 1
    version = ExamVersion(exam=exam, number=number, content_hash=new, created_at=now, **values)
    db.session.add(version)
    db.session.flush()
    exam.current = version
    return True


def _values(file: ExamFile) -> dict[str, Any]:
    sections = [
        {
            "type": section.type,
            "count": section.count,
            "points": section.points,
            "scoring": section.scoring,
            "draw": [_draw(draw) for draw in section.draws],
            **({"must_pass": list(section.must_pass)} if section.must_pass else {}),
        }
        for section in file.sections
    ]
    return {
        "titles": dict(file.title),
        "minutes": file.minutes,
        "pass_percent": file.pass_percent,
        "attempts": file.attempts,
        "cooldown_hours": file.cooldown_hours,
        "review": file.review,
        "form": file.form,
        "sections": sections,
    }


def _draw(draw: DrawFile) -> dict[str, Any]:
    """What is kept of a draw: what it says, and not where it says it."""
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(draw).items() if value and name != "line"}  # fmt: skip


def retire_exams_but(slugs: Collection[str], changes: Changes, *, now: datetime) -> None:
    """Retire the exams that no file describes any more."""
    for exam in db.session.scalars(select(Exam).where(Exam.slug.not_in(slugs), Exam.state == LIVE)):
        exam.state = RETIRED
        audit.record(None, "exam.retire", exam, now=now)
        changes.retired.append(f"exam {exam.slug}")
