"""What only the whole content can tell: that references meet, translations agree and exams can be filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from lms.courses.files import LessonFile, LessonText
from lms.exams.drawing import Draw, shortages
from lms.exams.files import QUARTER, DrawFile, ExamFile, SectionFile
from lms.interchange.prose import Reference, check_links, read_prose
from lms.interchange.records import EXAM, LANGUAGES, BankText, Question, QuestionText, check_translation
from lms.interchange.source import Problem
from lms.interchange.toml import Path, Source

if TYPE_CHECKING:
    from lms.content import Content


def check(content: Content, errors: Sequence[Problem]) -> list[Problem]:
    """Every problem between files. What refers to a file that has an error of its own is not reported."""
    checks = _Checks(content, {_broken(problem.file) for problem in errors})
    return [*checks.courses(), *checks.banks(), *checks.exams(), *checks.programme()]


def _broken(file: str) -> tuple[str, str]:
    """What an error in a file makes unsure: a course, bank or exam by its slug, or a file by its name."""
    path = PurePath(file)
    folders = path.parts[:-1]
    if "exams" in folders[-1:]:
        return "exam", path.stem
    if path.suffix == ".md" and folders[-1:] and folders[-1] in LANGUAGES and len(folders) > 1:
        is_bank = folders[-2] == "question_banks"
        return ("bank", path.stem) if is_bank else ("course", folders[-2])
    return ("course", folders[-1]) if path.name == "course.toml" and folders else ("file", path.name)


class _Checks:
    def __init__(self, content: Content, broken: set[tuple[str, str]]) -> None:
        self.content = content
        self.broken = broken
        self.questions = {
            f"{bank.slug}/{question.id}": question
            for bank in content.banks.values()
            for question in bank.questions
        }

    def _has_course(self, slug: str) -> bool:
        known = slug in self.content.courses or ("course", slug) in self.broken
        return known or not self.content.has_courses

    def _has_exam(self, slug: str) -> bool:
        known = slug in self.content.exams or ("exam", slug) in self.broken
        return known or not self.content.has_banks

    def _has_lesson(self, ref: str) -> bool:
        is_unsure = not self.content.has_courses or ("course", ref.partition("/")[0]) in self.broken
        return is_unsure or self.content.lesson(ref) is not None

    def _has_term(self, term: str) -> bool:
        is_unsure = not self.content.has_courses or ("file", "glossary.toml") in self.broken
        return is_unsure or term in self.content.terms

    def _has_media(self, name: str) -> bool:
        return name in self.content.media or not self.content.has_banks

    def _links(self, references: Sequence[Reference], file: str) -> list[Problem]:
        return check_links(list(references), file, self._has_lesson, self._has_term, self._has_media)

    def _area(self, area: str, file: str, line: int) -> Iterator[Problem]:
        is_unsure = not self.content.has_courses or ("file", "programme.toml") in self.broken
        if area and not is_unsure and area not in self.content.areas:
            known = ", ".join(self.content.areas) or "none"
            yield Problem(file, line, f"courses/programme.toml has no area {area}. It has: {known}.")

    # Courses

    def courses(self) -> Iterator[Problem]:
        """What is wrong between a course and the rest."""
        for course in self.content.courses.values():
            yield from self._area(course.area, course.file, course.area_line)
            if not course.lessons and ("course", course.slug) not in self.broken:
                yield Problem(course.file, 1, "The course has no lesson. Put one in its folders en and zh.")
            for lesson in course.lessons:
                yield from self._lesson(lesson)

    def _lesson(self, lesson: LessonFile) -> Iterator[Problem]:
        for language in LANGUAGES:
            if language not in lesson.texts and ("course", lesson.course) not in self.broken:
                file = next(iter(lesson.texts.values())).file
                yield Problem(file, 1, f"The lesson has no file in {language}. Write it.")
        for text in lesson.texts.values():
            yield from self._links(text.references, text.file)
            yield from self._figures(text)
            for ref in text.check or ():
                yield from self._check_question(ref, text)

    def _figures(self, text: LessonText) -> Iterator[Problem]:
        if ("file", "sources.toml") in self.broken:
            return
        for figure in text.figures:
            if figure.source and figure.source not in self.content.sources:
                message = f"courses/sources.toml has no source {figure.source}. Add it."
                yield Problem(text.file, figure.line, message)

    def _check_question(self, ref: str, text: LessonText) -> Iterator[Problem]:
        line = text.places["check"]
        if not self.content.has_banks or ("bank", ref.partition("/")[0]) in self.broken:
            return
        if (question := self.questions.get(ref)) is None:
            message = f"There is no question {ref}. A check names questions as bank/id."
            yield Problem(text.file, line, message)
        elif question.use == EXAM:
            message = f"The question {ref} is kept for exams. Choose one with use: practice."
            yield Problem(text.file, line, message)

    # Question banks

    def banks(self) -> Iterator[Problem]:
        """What is wrong between a bank, its translation and the lessons it names."""
        for slug, texts in self.content.bank_texts.items():
            for text in texts.values():
                yield from self._area(text.area, text.file, text.area_line)
                for each in text.questions:
                    yield from self._question_links(each, text)
            if len(texts) == len(LANGUAGES):
                yield from self._translation(*(texts[language] for language in LANGUAGES))
            for question in self.content.banks[slug].questions:
                yield from self._objective(question)

    def _translation(self, base: BankText, other: BankText) -> Iterator[Problem]:
        if base.area != other.area:
            yield Problem(other.file, other.area_line, f'"area" differs from {base.file}. Make it equal.')
        known = {question.id: question for question in base.questions}
        for question in other.questions:
            if question.id in known:
                for message in check_translation(known[question.id], question):
                    yield Problem(other.file, question.line, message)

    def _question_links(self, question: QuestionText, bank: BankText) -> Iterator[Problem]:
        wording = question.wording
        for text in (wording.stem, *wording.options, wording.explanation):
            prose = read_prose(text, bank.file)
            found = prose.problems + self._links(prose.references, bank.file)
            yield from (Problem(bank.file, question.line, each.message, each.warning) for each in found)

    def _objective(self, question: Question) -> Iterator[Problem]:
        file, line = question.file, question.line
        if question.objective and not question.lesson:
            yield Problem(file, line, '"objective" needs "lesson": name the lesson it belongs to.')
        if not question.lesson:
            return
        lesson = self.content.lesson(question.lesson)
        if lesson is None:
            if not self._has_lesson(question.lesson):
                yield Problem(file, line, f"There is no lesson {question.lesson}.")
        elif question.objective and question.objective not in lesson.objectives:
            known = ", ".join(lesson.objectives) or "none"
            message = f"The lesson {question.lesson} has no objective {question.objective}. It has: {known}."
            yield Problem(file, line, message)

    # Exams

    def exams(self) -> Iterator[Problem]:
        """Which draws of which exams cannot be filled."""
        for exam in self.content.exams.values():
            draws = [draw for section in exam.sections for draw in section.draws]
            named = {bank for draw in draws for bank in draw.banks}
            missing = {bank for bank in named if bank not in self.content.banks}
            unsure = {bank for bank in named if ("bank", bank) in self.broken}
            for draw in draws:
                for bank in draw.banks:
                    if bank in missing - unsure:
                        yield Problem(exam.file, draw.line, f"There is no question bank {bank}.")
            if not missing and not unsure and ("exam", exam.slug) not in self.broken:
                yield from self._fill(exam)

    def _fill(self, exam: ExamFile) -> Iterator[Problem]:
        sections = [
            [Draw(self._pool(section, draw), draw.count) for draw in section.draws]
            for section in exam.sections
        ]
        for shortage in shortages(sections):
            section = exam.sections[shortage.section]
            draw = section.draws[shortage.draw]
            pool = len(sections[shortage.section][shortage.draw].pool)
            banks = ", ".join(draw.banks)
            if pool < draw.count:
                message = (
                    f"This draw asks for {draw.count} {section.type} questions of {banks};"
                    f" {pool} with use: exam fit. Write more or ask for fewer."
                )
            else:
                message = (
                    f"{shortage.missing} more {section.type} questions of {banks} are needed: {pool} fit,"
                    " but other draws of this exam use them too, and none may come twice."
                )
            yield Problem(exam.file, draw.line, message)

    def _pool(self, section: SectionFile, draw: DrawFile) -> frozenset[str]:
        return frozenset(
            f"{bank}/{question.id}"
            for bank in draw.banks
            for question in self.content.banks[bank].questions
            if draw.takes(section.type, question.type, question.level, question.tags, question.use)
        )

    # Programme

    def programme(self) -> Iterator[Problem]:
        """What certifications and plans name that does not exist."""
        if self.content.programme is None:
            return
        source = self.content.programme.source
        for at, certification in enumerate(self.content.certifications.values()):
            place: Path = ("certification", at)
            yield from self._courses_named(certification.courses, source, (*place, "courses"))
            yield from self._exams_named(certification.exams, source, (*place, "exams"))
            yield from self._exams_named(certification.quarterly, source, (*place, "quarterly"))
            yield from self._with_forms(certification.quarterly, source, (*place, "quarterly"))
        for at, plan in enumerate(self.content.plans.values()):
            for number, phase in enumerate(plan.phases):
                place = ("plan", at, "phase", number)
                yield from self._courses_named(phase.courses, source, (*place, "courses"))
                yield from self._exams_named(phase.gate_exams, source, (*place, "gate", "exams"))

    def _with_forms(self, names: Iterable[str], source: Source, place: Path) -> Iterator[Problem]:
        for name in names:
            if (exam := self.content.exams.get(name)) is not None and exam.form != QUARTER:
                message = f'The exam {name} has no form for everybody. Write form = "{QUARTER}" in its file.'
                yield Problem(source.file, source.line(place), message)

    def _courses_named(self, names: Iterable[str], source: Source, place: Path) -> Iterator[Problem]:
        for name in names:
            if not self._has_course(name):
                yield Problem(source.file, source.line(place), f"There is no course {name}.")

    def _exams_named(self, names: Iterable[str], source: Source, place: Path) -> Iterator[Problem]:
        for name in names:
            if not self._has_exam(name):
                yield Problem(source.file, source.line(place), f"There is no exam {name}.")
