"""The content tree, `courses/` and `question_banks/`: read whole and checked across files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms import content_checks
from lms.certification.files import CertificationFile, read_certification
from lms.courses.files import (
    AreaFile,
    CourseFile,
    LessonFile,
    LessonText,
    SourceFile,
    TermFile,
    join_lesson,
    lesson_name,
    read_areas,
    read_course,
    read_glossary,
    read_lesson,
    read_sources,
    report_twice,
)
from lms.exams.files import ExamFile, read_exam
from lms.interchange.markdown import read_bank
from lms.interchange.records import LANGUAGES, Bank, BankText, merge
from lms.interchange.source import PICTURE, Problem, errors, is_slug, read_text
from lms.interchange.toml import Source, Table
from lms.probation.files import PlanFile, read_plan

COURSES, BANKS, MEDIA = "courses", "question_banks", "media"


@dataclass(slots=True)
class Content:
    """Everything that the files say. Mappings are by slug or id, in file order."""

    courses: dict[str, CourseFile] = field(default_factory=dict)
    terms: dict[str, TermFile] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    areas: dict[str, AreaFile] = field(default_factory=dict)
    certifications: dict[str, CertificationFile] = field(default_factory=dict)
    plans: dict[str, PlanFile] = field(default_factory=dict)
    programme: Table | None = None
    bank_texts: dict[str, dict[str, BankText]] = field(default_factory=dict)
    banks: dict[str, Bank] = field(default_factory=dict)
    exams: dict[str, ExamFile] = field(default_factory=dict)
    media: set[str] = field(default_factory=set)
    has_courses: bool = False
    has_banks: bool = False
    glossary_file: str = ""

    def summary(self) -> str:
        """How much there is, on one line."""
        lessons = sum(len(course.lessons) for course in self.courses.values())
        questions = sum(len(bank.questions) for bank in self.banks.values())
        return (
            f"no errors: {len(self.courses)} courses, {lessons} lessons, {len(self.banks)} banks,"
            f" {questions} questions, {len(self.exams)} exams"
        )

    def lesson(self, ref: str) -> LessonFile | None:
        """The lesson `course/slug`, if there is one."""
        course = self.courses.get(ref.partition("/")[0])
        found = (lesson for lesson in course.lessons if lesson.ref == ref) if course else iter(())
        return next(found, None)


def read_content(folders: Sequence[Path]) -> tuple[Content, list[Problem]]:
    """The content of the trees that hold these folders, and every problem in it, sorted by file and line."""
    reader = _Reader()
    for folder in folders:
        if folder.name == COURSES:
            reader.courses(folder)
        else:
            reader.banks(folder)
    content = reader.content
    content.banks = {slug: merge(list(texts.values())) for slug, texts in content.bank_texts.items()}
    problems = reader.problems + content_checks.check(content, errors(reader.problems))
    return content, sorted(set(problems))


class _Reader:
    """Reads files into a Content and collects their problems."""

    def __init__(self) -> None:
        self.content = Content()
        self.problems: list[Problem] = []

    def _text(self, path: Path) -> str | None:
        text, found = read_text(path, str(path))
        self.problems += found
        return None if found else text

    def _report(self, path: Path, message: str) -> None:
        self.problems.append(Problem(str(path), 1, message))

    def courses(self, folder: Path) -> None:
        content = self.content
        content.has_courses = True
        for path in _entries(folder):
            if path.is_dir() and is_slug(path.name):
                self._course(path)
            elif path.name not in ("glossary.toml", "sources.toml", "programme.toml"):
                self._report(path, "This is not a part of the courses. Remove it or rename it.")
        content.glossary_file = str(folder / "glossary.toml")
        if (text := self._optional(folder / "glossary.toml")) is not None:
            terms = read_glossary(text, str(folder / "glossary.toml"), self.problems)
            content.terms = {term.id: term for term in terms}
        if (text := self._optional(folder / "sources.toml")) is not None:
            sources = read_sources(text, str(folder / "sources.toml"), self.problems)
            content.sources = {source.id: source for source in sources}
        if (text := self._optional(folder / "programme.toml")) is not None:
            self._programme(text, str(folder / "programme.toml"))

    def _optional(self, path: Path) -> str | None:
        return self._text(path) if path.exists() else None

    def _programme(self, text: str, file: str) -> None:
        content = self.content
        if (table := Source(file, text, problems=self.problems).parse()) is None:
            return
        content.programme = table
        content.areas = {area.id: area for area in read_areas(table)}
        certifications = [read_certification(entry) for entry in table.tables("certification")]
        plans = [read_plan(entry) for entry in table.tables("plan")]
        report_twice([each.id for each in certifications], table, "certification")
        report_twice([each.id for each in plans], table, "plan")
        content.certifications = {each.id: each for each in certifications}
        content.plans = {each.id: each for each in plans}
        table.unknown()

    def _course(self, folder: Path) -> None:
        if not (folder / "course.toml").exists():
            self._report(folder / "course.toml", "The course has no course.toml. Write one.")
            return
        text = self._text(folder / "course.toml")
        if text is None:
            return
        course = read_course(text, str(folder / "course.toml"), folder.name, self.problems)
        if course is not None:
            self.content.courses[course.slug] = replace(course, lessons=self._lessons(folder))

    def _lessons(self, folder: Path) -> tuple[LessonFile, ...]:
        texts: dict[tuple[int, str], dict[str, LessonText]] = {}
        names: dict[tuple[str, str], Path] = {}
        for path in _entries(folder):
            if path.is_dir() and path.name in LANGUAGES:
                for file in _entries(path):
                    self._lesson(file, path.name, texts, names)
            elif path.name != "course.toml":
                self._report(path, "A course holds course.toml and the folders en and zh. Remove this.")
        by_slug: dict[str, int] = {}
        for order, slug in sorted(texts):
            if by_slug.setdefault(slug, order) != order:
                path = names[slug, next(iter(texts[order, slug]))]
                self._report(path, f"The lesson {slug} has another number elsewhere. Give both the same.")
        return tuple(
            join_lesson(folder.name, order, slug, texts[order, slug], self.problems)
            for order, slug in sorted(texts)
            if by_slug[slug] == order
        )

    def _lesson(
        self,
        path: Path,
        language: str,
        texts: dict[tuple[int, str], dict[str, LessonText]],
        names: dict[tuple[str, str], Path],
    ) -> None:
        name = lesson_name(path.name)
        if name is None:
            self._report(path, "A lesson's file is named NN-slug.md: two digits, a hyphen, small letters.")
        elif (name[1], language) in names:
            self._report(path, f"The lesson {name[1]} is already in {names[name[1], language].name}.")
        elif (text := self._text(path)) is not None:
            names[name[1], language] = path
            if (lesson := read_lesson(text, str(path), self.problems)) is not None:
                texts.setdefault(name, {})[language] = lesson

    def banks(self, folder: Path) -> None:
        self.content.has_banks = True
        for path in _entries(folder):
            if path.is_dir() and path.name in LANGUAGES:
                for file in _entries(path):
                    self._bank(file, path.name)
            elif path.is_dir() and path.name == "exams":
                for file in _entries(path):
                    self._exam(file)
            elif path.is_dir() and path.name == MEDIA:
                self._media(path)
            elif path.suffix != ".csv":  # lists that the authors keep beside their questions
                self._report(path, "Question banks are in the folders en, zh and exams. Move or remove this.")

    def _media(self, folder: Path) -> None:
        for path in _entries(folder):
            if re.fullmatch(PICTURE, path.name) and path.is_file():
                self.content.media.add(path.name)
            else:
                self._report(
                    path, "A picture is named by the SHA-256 of its bytes and .png or .jpg. Move this."
                )

    def _bank(self, path: Path, language: str) -> None:
        if path.suffix != ".md" or not is_slug(path.stem):
            self._report(path, "A bank's file is named after it: small letters, digits, hyphens and .md.")
        elif (text := self._text(path)) is not None:
            bank, found = read_bank(text, str(path), language)
            self.problems += found
            if bank is not None and bank.bank not in ("", path.stem):
                message = f'"bank" must be "{path.stem}", as the file is named.'
                self._report_line(path, text, "bank", message)
            elif bank is not None:
                self.content.bank_texts.setdefault(path.stem, {})[language] = bank

    def _report_line(self, path: Path, text: str, start: str, message: str) -> None:
        lines = text.split("\n")
        number = next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith(start)), 1)
        self.problems.append(Problem(str(path), number, message))

    def _exam(self, path: Path) -> None:
        if path.suffix != ".toml" or not is_slug(path.stem):
            self._report(path, "An exam's file is named after it: small letters, digits, hyphens and .toml.")
        elif (text := self._text(path)) is not None:
            exam = read_exam(text, str(path), path.stem, self.problems)
            if exam is not None:
                self.content.exams[exam.slug] = exam


def _entries(folder: Path) -> list[Path]:
    """What a folder holds, by name, without hidden files."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def check_paths(paths: Sequence[Path]) -> tuple[Content, list[Problem]]:
    """The content round some paths and its problems, only those within the paths.

    A path is a tree (a folder that holds `courses` or `question_banks`), one of those two, or anything in
    them; then its neighbours are read too, so that what it refers to is found. A bank file that lies in no
    tree is checked alone.
    """
    folders, alone, problems = _locate(paths)
    content, found = read_content(list(folders))
    wanted = [path.resolve() for path in paths]
    problems += [problem for problem in found if _is_within(Path(problem.file), wanted)]
    for path in alone:
        text, found = read_text(path, str(path))
        problems += found or read_bank(text, str(path), LANGUAGES[0])[1]
    return content, sorted(problems)


def _is_within(path: Path, wanted: Sequence[Path]) -> bool:
    resolved = path.resolve()
    return any(resolved == each or each in resolved.parents for each in wanted)


def _locate(paths: Sequence[Path]) -> tuple[dict[Path, None], list[Path], list[Problem]]:
    """The folders to read for some paths, the files that lie in no tree, and the paths that lead nowhere."""
    folders: dict[Path, None] = {}
    alone, problems = [], []
    for path in paths:
        if not path.exists():
            problems.append(Problem(str(path), 1, "There is no such file or folder."))
            continue
        roots = [path / name for name in (COURSES, BANKS) if (path / name).is_dir()] or _tree_of(path)
        if roots:
            folders.update(dict.fromkeys(roots))
        elif path.is_file() and path.suffix == ".md":
            alone.append(path)
        else:
            message = "This is no content. Name a folder with courses or question_banks, or what is in it."
            problems.append(Problem(str(path), 1, message))
    return folders, alone, problems


def _tree_of(path: Path) -> list[Path]:
    """`courses` and `question_banks` of the tree that a path lies in; nothing if it lies in none."""
    for top in (path, *path.parents, *path.resolve().parents):
        if top.name in (COURSES, BANKS) and top.is_dir():
            return [top.parent / name for name in (COURSES, BANKS) if (top.parent / name).is_dir()]
    return []


def default_paths() -> list[Path]:
    """What is meant when no path is named: both folders of the working folder, else of the project."""
    for root in (Path(), Path(__file__).parents[1]):
        if found := [root / name for name in (COURSES, BANKS) if (root / name).is_dir()]:
            return found
    return []
