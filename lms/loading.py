"""Content from its files into the database, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lms.banks.loading import load_bank, retire_banks_but
from lms.certification.loading import load_certifications
from lms.content import BANKS, COURSES, Content
from lms.courses.loading import load_courses, load_glossary, retire_courses_but
from lms.db import lock_name, writes
from lms.exams.loading import load_exams, retire_exams_but
from lms.interchange.changes import Changes
from lms.probation.loading import load_plans


@dataclass(frozen=True, slots=True)
class Scope:
    """Which files a load is about: those within some paths."""

    paths: tuple[Path, ...]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> "Scope":
        """The scope of the paths as they were named."""
        return cls(tuple(path.resolve() for path in paths))

    def has(self, *files: str) -> bool:
        """Whether one of the files is within."""
        return any(self._has(Path(file).resolve()) for file in files)

    def has_folder(self, name: str) -> bool:
        """Whether a whole `courses` or `question_banks` is within, so that what it lacks is gone."""
        return any(path.name == name or (path / name).is_dir() for path in self.paths)

    def _has(self, file: Path) -> bool:
        return any(file == path or path in file.parents for path in self.paths)


@writes
def load(content: Content, scope: Scope, now: datetime) -> Changes:
    """Bring the content within the scope into the database. The content must have no errors."""
    lock_name("load")
    changes = Changes()
    _load_courses(content, scope, changes, now)
    for bank in content.banks.values():
        if scope.has(*bank.files):
            load_bank(bank, changes, now=now)
    exams = [exam for exam in content.exams.values() if scope.has(exam.file)]
    load_exams(exams, needed_courses(content), changes, now=now)
    if scope.has_folder(BANKS):
        retire_banks_but(content.banks, changes, now=now)
        retire_exams_but(content.exams, changes, now=now)
    if content.programme is not None and scope.has(content.programme.source.file):
        load_certifications(list(content.certifications.values()), changes, now=now)
        load_plans(list(content.plans.values()), changes, now=now)
    return changes


def _load_courses(content: Content, scope: Scope, changes: Changes, now: datetime) -> None:
    courses = [
        course
        for course in content.courses.values()
        if scope.has(course.file, *(text.file for lesson in course.lessons for text in lesson.texts.values()))
    ]
    load_courses(courses, content.sources, changes, now=now)
    if scope.has_folder(COURSES):
        retire_courses_but(content.courses, changes, now=now)
    if content.has_courses and scope.has(content.glossary_file):
        load_glossary(list(content.terms.values()), changes, now=now)


def needed_courses(content: Content) -> dict[str, Sequence[str]]:
    """By exam, the courses of every certification that asks for it, each once, in the programme's order."""
    needed: dict[str, dict[str, None]] = {}
    for certification in content.certifications.values():
        for exam in certification.exams:
            needed.setdefault(exam, {}).update(dict.fromkeys(certification.courses))
    return {exam: list(courses) for exam, courses in needed.items()}
