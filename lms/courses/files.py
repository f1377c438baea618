"""Course files: `course.toml`, lessons in both languages, the glossary, the sources, the programme's areas.

Readers are pure. Each returns a frozen record, or None if the file cannot be used, and adds what is wrong to
the problems it was given. References to other files are checked in `lms.content`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from lms.interchange.header import read_header
from lms.interchange.prose import Reference, read_prose
from lms.interchange.source import Problem, is_slug
from lms.interchange.toml import LANGUAGES, Source, Table

LESSON_FILE = re.compile(r"(\d\d)-(.+)\.md\Z")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number the lesson gives, what it is, and the source (an id of the sources) it is from."""

    text: str
    about: str
    source: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class LessonText:
    """One lesson in one language, as its file has it. What the file leaves out is None."""

    title: str
    body: str
    body_line: int
    objectives: Mapping[str, str]
    figures: tuple[Figure, ...]
    changed: str
    minutes: int | None
    edition: int | None
    acknowledge: bool | None
    check: tuple[str, ...] | None
    references: tuple[Reference, ...]
    file: str
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LessonFile:
    """One lesson: `course/slug`, its place in the course, and its text by language."""

    course: str
    slug: str
    order: int
    minutes: int
    edition: int
    acknowledge: bool
    check: tuple[str, ...]
    objectives: tuple[str, ...]
    texts: Mapping[str, LessonText]

    @property
    def ref(self) -> str:
        """How other files name it."""
        return f"{self.course}/{self.slug}"


@dataclass(frozen=True, slots=True)
class CourseFile:
    """One course with its lessons in order. Titles and summaries are by language."""

    slug: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    area: str
    order: int
    lessons: tuple[LessonFile, ...]
    file: str = ""
    area_line: int = 1


@dataclass(frozen=True, slots=True)
class TermFile:
    """One glossary entry by language."""

    id: str
    names: Mapping[str, str]
    means: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One document that figures come from."""

    id: str
    title: Mapping[str, str]
    year: int


@dataclass(frozen=True, slots=True)
class AreaFile:
    """One area of the programme, in the order of the file."""

    id: str
    title: Mapping[str, str]


def read_course(text: str, file: str, slug: str, problems: list[Problem]) -> CourseFile | None:
    """The course of a `course.toml`, without its lessons yet."""
    source = Source(file, text, problems=problems)
    if (table := source.parse()) is None:
        return None
    course = CourseFile(
        slug=slug,
        title=table.both("title"),
        summary=table.both("summary"),
        area=table.slug("area"),
        order=table.whole("order", 0, 10_000),
        lessons=(),
        file=file,
        area_line=table.line("area"),
    )
    table.unknown()
    return course


def lesson_name(file: str) -> tuple[int, str] | None:
    """The order and slug that `NN-slug.md` gives a lesson, or None if the name has another form."""
    match = LESSON_FILE.match(PurePath(file).name)
    return (int(match.group(1)), match.group(2)) if match and is_slug(match.group(2)) else None


def read_lesson(text: str, file: str, problems: list[Problem]) -> LessonText | None:
    """One lesson file. None if its header or its body cannot be used."""
    header, found = read_header(text, file)
    problems += found
    if header is None:
        return None
    header.source.problems = problems
    if (table := header.source.parse()) is None:
        return None
    body = "\n".join(header.body)
    prose = read_prose(body, file, header.body_line)
    problems += prose.problems
    changed, edition = table.text("changed", ""), _whole_or_none(table, "edition", 1, 1000)
    if (edition or 1) > 1 and not changed and not table.has("changed"):
        table.report("edition", 'From edition 2 on, say in "changed" what is new.')
    lesson = LessonText(
        title=table.text("title"),
        body=body,
        body_line=header.body_line,
        objectives=_objectives(table),
        figures=_figures(table, body),
        changed=changed,
        minutes=_whole_or_none(table, "minutes", 1, 240),
        edition=edition,
        acknowledge=table.flag("acknowledge") if table.has("acknowledge") else None,
        check=table.texts("check") if table.has("check") else None,
        references=tuple(prose.references),
        file=file,
        places={key: table.line(key) for key in ("minutes", "edition", "acknowledge", "check", "objectives")},
    )
    table.known |= {"acknowledge", "check"}
    table.unknown()
    if not body.strip():
        problems.append(Problem(file, header.body_line, "The lesson has no text yet. Write it."))
    return lesson


def _whole_or_none(table: Table, key: str, least: int, most: int) -> int | None:
    table.known.add(key)
    return table.whole(key, least, most) if table.has(key) else None


def _objectives(table: Table) -> dict[str, str]:
    objectives = table.table("objectives")
    if objectives is None:
        return {}
    for key in objectives.values:
        if not is_slug(key):
            objectives.report(key, f'Name the objective "{key}" with small letters, digits and hyphens.', key)
    return {key: objectives.text(key) for key in objectives.values}


def _figures(table: Table, body: str) -> tuple[Figure, ...]:
    figures = []
    for entry in table.tables("figures"):
        line = entry.line("text")
        figure = Figure(entry.text("text"), entry.text("about"), entry.slug("source"), line)
        entry.unknown()
        if figure.text and _solid(figure.text) not in _solid(body):
            entry.report("text", f'The figure "{figure.text}" does not stand in the lesson. Write it there.')
        figures.append(figure)
    return tuple(figures)


def _solid(text: str) -> str:
    """The text without white space, so that a figure may run over a line end."""
    return "".join(text.split())


def join_lesson(
    course: str, order: int, slug: str, texts: Mapping[str, LessonText], problems: list[Problem]
) -> LessonFile:
    """One lesson from its files. English holds what both share; Chinese repeats it or leaves it out."""
    first = next(texts[language] for language in LANGUAGES if language in texts)
    for text in texts.values():
        if text is not first:
            _compare(first, text, problems)
    if first.minutes is None:
        problems.append(Problem(first.file, 2, '"minutes" is missing. It is the reading time in minutes.'))
    return LessonFile(
        course=course,
        slug=slug,
        order=order,
        minutes=first.minutes or 1,
        edition=first.edition or 1,
        acknowledge=bool(first.acknowledge),
        check=first.check or (),
        objectives=tuple(first.objectives),
        texts=texts,
    )


def _compare(first: LessonText, other: LessonText, problems: list[Problem]) -> None:
    shared: list[tuple[str, object, object]] = [
        ("minutes", first.minutes, other.minutes),
        ("edition", first.edition or 1, other.edition),
        ("acknowledge", bool(first.acknowledge), other.acknowledge),
        ("check", first.check or (), other.check),
    ]
    for key, meant, said in shared:
        if said is not None and said != meant:
            message = f'"{key}" differs from {first.file}. Make it equal or leave it out here.'
            problems.append(Problem(other.file, other.places[key], message))
    if other.edition is None and (first.edition or 1) > 1 and not other.changed:
        problems.append(Problem(other.file, 2, f'Say in "changed" what edition {first.edition} brings.'))
    if set(first.objectives) != set(other.objectives):
        names = ", ".join(sorted(set(first.objectives) ^ set(other.objectives)))
        message = f"The objectives differ from {first.file}: {names}. Give both files the same names."
        problems.append(Problem(other.file, other.places["objectives"], message))


def read_glossary(text: str, file: str, problems: list[Problem]) -> tuple[TermFile, ...]:
    """The entries of `glossary.toml`."""
    if (table := Source(file, text, problems=problems).parse()) is None:
        return ()
    terms = []
    for entry in table.tables("term"):
        names = {language: entry.text(language) for language in LANGUAGES}
        terms.append(TermFile(entry.slug("id"), names, entry.both("means")))
        entry.unknown()
    table.unknown()
    report_twice([term.id for term in terms], table, "term")
    return tuple(terms)


def read_sources(text: str, file: str, problems: list[Problem]) -> tuple[SourceFile, ...]:
    """The documents of `sources.toml`: one table each, named by its id, with `title` and `year`."""
    if (table := Source(file, text, problems=problems).parse()) is None:
        return ()
    sources = []
    for id in table.values:
        if not is_slug(id):
            table.report(id, f'Name the source "{id}" with small letters, digits and hyphens.', id)
        elif (entry := table.table(id)) is not None:
            sources.append(SourceFile(id, entry.both("title"), entry.whole("year", 1900, 2200)))
            entry.unknown()
    return tuple(sources)


def read_areas(table: Table) -> tuple[AreaFile, ...]:
    """The areas of a `programme.toml`."""
    areas = []
    for entry in table.tables("area"):
        areas.append(AreaFile(entry.slug("id"), entry.both("title")))
        entry.unknown()
    report_twice([area.id for area in areas], table, "area")
    return tuple(areas)


def report_twice(ids: Sequence[str], table: Table, key: str) -> None:
    """Report each entry of an array of tables whose id an earlier one has."""
    entries = table.tables(key)
    for at, id in enumerate(ids):
        if id and id in ids[:at]:
            entries[at].report("id", f'The {key} "{id}" is already given above. Choose another id.')
