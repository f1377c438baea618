"""Exam files: `question_banks/exams/<exam>.toml` to one frozen record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lms.interchange.records import EXAM, MAX_LEVEL, MIN_LEVEL, TYPES
from lms.interchange.source import Problem
from lms.interchange.toml import Source, Table

SCORINGS = ("all_or_nothing", "half_if_incomplete", "per_option")
REVIEWS = ("score_only", "marks_and_lessons", "keys_and_explanations")
OWN, QUARTER = FORMS = ("own", "quarter")
"""Whose the choice of questions is: each person's own, or one for everybody in a quarter of the year."""
MAX_QUESTIONS = 500


@dataclass(frozen=True, slots=True)
class DrawFile:
    """`count` questions of some banks: with tags, those that bear at least one; with levels, those of one."""

    banks: tuple[str, ...]
    count: int
    tags: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    line: int = 0

    def takes(self, section_type: str, type: str, level: int, tags: Collection[str], use: str) -> bool:
        """Whether a question of the bank may be drawn here."""
        return (
            use == EXAM
            and type == section_type
            and (not self.levels or level in self.levels)
            and (not self.tags or any(tag in tags for tag in self.tags))
        )


@dataclass(frozen=True, slots=True)
class SectionFile:
    """One section of the paper: so many questions of a type, at so many points each.

    `must_pass` are tags: who gets a question wrong that bears one does not pass, whatever the score.
    """

    type: str
    count: int
    points: int
    scoring: str
    draws: tuple[DrawFile, ...]
    must_pass: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class ExamFile:
    """One exam as its file has it."""

    slug: str
    title: Mapping[str, str]
    minutes: int
    pass_percent: int
    attempts: int
    cooldown_hours: int
    review: str
    sections: tuple[SectionFile, ...]
    form: str = OWN
    file: str = ""


def read_exam(text: str, file: str, slug: str, problems: list[Problem]) -> ExamFile | None:
    """The exam of a file, or None if it is not TOML. Whether its draws can be filled is checked elsewhere."""
    if (table := Source(file, text, problems=problems).parse()) is None:
        return None
    exam = ExamFile(
        slug=slug,
        title=table.both("title"),
        minutes=table.whole("minutes", 1, 600),
        pass_percent=table.whole("pass_percent", 1, 100),
        attempts=table.whole("attempts", 1, 100),
        cooldown_hours=table.whole("cooldown_hours", 0, 24 * 366),
        review=table.choice("review", REVIEWS, "marks_and_lessons"),
        sections=tuple(_section(entry) for entry in table.tables("section")),
        form=table.choice("form", FORMS, OWN),
        file=file,
    )
    table.unknown()
    if not exam.sections and not table.has("section"):
        table.report("", "The exam has no section. Add one with [[section]].")
    if sum(section.count for section in exam.sections) > MAX_QUESTIONS:
        table.report("", f"The exam has more than {MAX_QUESTIONS} questions. Make its sections smaller.")
    return exam


def _section(table: Table) -> SectionFile:
    draws = [_draw(entry) for entry in table.tables("draw")]
    section = SectionFile(
        type=table.choice("type", TYPES),
        count=table.whole("count", 1, MAX_QUESTIONS),
        points=table.whole("points", 1, 100),
        scoring=table.choice("scoring", SCORINGS, SCORINGS[0]),
        draws=tuple(draws),
        must_pass=table.texts("must_pass"),
        line=table.line(),
    )
    table.unknown()
    if not table.has("draw"):
        table.report("", '"draw" is missing. It says which banks the questions come from.')
    elif (total := sum(draw.count for draw in draws)) != section.count and table.has("count"):
        table.report("count", f'"count" is {section.count}, the draws add up to {total}. Make them equal.')
    return section


def _draw(table: Table) -> DrawFile:
    draw = DrawFile(
        banks=_banks(table),
        count=table.whole("count", 1, MAX_QUESTIONS),
        tags=table.texts("tags"),
        levels=table.numbers("levels", MIN_LEVEL, MAX_LEVEL),
        line=table.line(),
    )
    table.unknown()
    return draw


def _banks(table: Table) -> tuple[str, ...]:
    """`bank` names one, `banks` several."""
    if not table.has("banks"):
        return (table.slug("bank"),)
    if table.has("bank"):
        table.report("bank", 'Name the banks with "bank" or with "banks", not with both.')
        table.slug("bank")
    banks = table.texts("banks")
    if not banks:
        table.report("banks", '"banks" is empty. Name at least one bank.')
    return banks
