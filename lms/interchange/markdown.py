"""Question banks in Markdown: a TOML header between `+++` lines, then one `## id` section a question.

A section is attribute lines, a blank line, the stem, options `- [ ]` and `- [x]` (more lines of an option are
indented by two spaces), and the explanation behind `>`. A stem line that would read as a heading or an option
carries one backslash in front. `write_bank(read_bank(text)) == text` for a file as `write_bank` writes it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lms.interchange.header import FENCE, read_header
from lms.interchange.records import (
    MAX_LEVEL,
    MAX_OPTIONS,
    MAX_TEXT,
    MIN_LEVEL,
    MIN_OPTIONS,
    MULTIPLE,
    SINGLE,
    TRUE_FALSE,
    TYPES,
    USES,
    BankText,
    QuestionText,
    Wording,
    infer_type,
    option_ids,
    tidy,
)
from lms.interchange.source import Problem, is_slug
from lms.interchange.toml import quote

_OPTION = re.compile(r"- \[(.?)\](?: (.*)|)\Z")
_NEARLY_OPTION = re.compile(r"\s{0,3}[-*+] ?\[[ xX]?\]")
_SPECIAL = re.compile(r"\\*(?:## |##\Z|- \[.?\](?: |\Z)|\s{0,3}[-*+] ?\[[ xX]?\])")
_ATTRIBUTE = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)\Z")


@dataclass(slots=True)
class _Section:
    """The lines of one question while they are read."""

    id: str
    line: int
    attributes: dict[str, tuple[int, str]] = field(default_factory=dict)
    stem: list[str] = field(default_factory=list)
    options: list[tuple[int, str, list[str]]] = field(default_factory=list)
    explanation: list[str] | None = None


def read_bank(text: str, file: str, language: str) -> tuple[BankText | None, list[Problem]]:
    """The questions of one bank file and every problem in it.

    With an error among the problems the bank holds only what could be read and must not be loaded.
    """
    header, problems = read_header(text, file)
    if header is None:
        return None, problems
    if (table := header.source.parse()) is None:
        return None, header.source.problems
    bank, title, area = table.slug("bank"), table.text("title"), table.slug("area")
    area_line = table.line("area")
    table.unknown()
    reader = _Reader(file, header.source.problems)
    sections = reader.sections(header.body, header.body_line)
    questions = [reader.question(section) for section in sections]
    if not sections:
        reader.report(header.body_line, "The bank has no question. Begin one with a line ## and its id.")
    read = BankText(bank, language, title, area, tuple(q for q in questions if q), file, area_line)
    return read, sorted(reader.problems)


class _Reader:
    """Collects the problems of one file while its sections are read."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def report(self, line: int, message: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.file, line, message, warning))

    def sections(self, lines: list[str], first_line: int) -> list[_Section]:
        """Cut the body at its `## id` lines and sort each section's lines."""
        found: list[_Section] = []
        seen: dict[str, int] = {}
        step: Callable[[int, str], None] = self._before
        for number, line in enumerate(lines, first_line):
            if line.startswith("## ") or line.rstrip() == "##":
                section = _Section(line[2:].strip(), number)
                self._check_id(section, seen)
                found.append(section)
                step = _Steps(self, section)
            else:
                step(number, line.rstrip())
        return found

    def _before(self, number: int, line: str) -> None:
        if line:
            self.report(
                number, "This stands before the first question. A question begins with ## and its id."
            )

    def _check_id(self, section: _Section, seen: dict[str, int]) -> None:
        if not is_slug(section.id):
            self.report(section.line, "An id is small letters, digits and hyphens: ## step-in-window.")
        elif section.id in seen:
            self.report(
                section.line,
                f"The id {section.id} is taken in line {seen[section.id]}. Choose another.",
            )
        seen.setdefault(section.id, section.line)

    def question(self, section: _Section) -> QuestionText | None:
        """The record of a section, or None if it has no usable stem, options or keys."""
        before = len(self.problems)
        stem = self._text(section.line, "\n".join(map(_unescape, section.stem)), "question text")
        options = tuple(self._text(line, "\n".join(lines), "option") for line, _, lines in section.options)
        ids = option_ids(len(options))
        keys = tuple(id for id, (_, mark, _) in zip(ids, section.options, strict=False) if mark in "xX")
        explanation = tidy("\n".join(section.explanation or []))
        if len(explanation) > MAX_TEXT:
            self.report(section.line, f"The explanation is longer than {MAX_TEXT} characters. Shorten it.")
        said = section.attributes.items()
        attributes: dict[str, Any] = {name: self._attribute(name, *value) for name, value in said}
        self._check_options(section, options)
        kind = self._type(section, attributes.pop("type", None), options, keys)
        if any(not problem.warning for problem in self.problems[before:]):
            return None
        wording = Wording(stem, options, explanation)
        return QuestionText(section.id, kind, keys, wording, line=section.line, **attributes)

    def _text(self, line: int, raw: str, what: str) -> str:
        text = tidy(raw)
        if not text:
            self.report(line, f"The {what} is empty. Write it.")
        elif len(text) > MAX_TEXT:
            self.report(line, f"The {what} is longer than {MAX_TEXT} characters. Shorten it.")
        return text

    def _check_options(self, section: _Section, options: tuple[str, ...]) -> None:
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            self.report(
                section.line,
                f"Give {MIN_OPTIONS} to {MAX_OPTIONS} options; there are {len(options)}.",
            )
        first: dict[str, int] = {}
        for (line, mark, _), option in zip(section.options, options, strict=True):
            if mark not in " xX":
                self.report(line, "Mark an option with [x] if it is right and with [ ] if it is wrong.")
            if option and option in first:
                self.report(line, f"This option is the same as the one in line {first[option]}. Change one.")
            first.setdefault(option, line)

    def _type(
        self, section: _Section, said: str | None, options: tuple[str, ...], keys: tuple[str, ...]
    ) -> str:
        kind = said or infer_type(options, keys)
        line = section.attributes["type"][0] if said else section.line
        if not keys:
            self.report(section.line, "No option is marked as right. Mark the right ones with [x].")
        elif kind != MULTIPLE and len(keys) > 1:
            self.report(line, f"A {kind} question has exactly one [x]; this one has {len(keys)}.")
        elif kind == TRUE_FALSE and len(options) != 2:
            self.report(line, f"A {kind} question has exactly two options; this one has {len(options)}.")
        elif said == MULTIPLE and len(keys) == 1:
            self.report(line, "A multiple choice question with one key: is that meant?", warning=True)
        return kind

    def _attribute(self, name: str, line: int, value: str) -> object:
        read, wanted = _ATTRIBUTES[name]
        if (found := read(value)) is None:
            self.report(line, f'"{name}" must be {wanted}.')
        return found


class _Steps:
    """Sorts the lines of one section into attributes, stem, options and explanation."""

    def __init__(self, reader: _Reader, section: _Section) -> None:
        self.reader = reader
        self.section = section
        self.at_top = True
        self.blanks = 0

    def __call__(self, number: int, line: str) -> None:
        section = self.section
        if self.at_top:
            self._attribute_line(number, line)
        elif not line:
            self.blanks += 1
        elif section.explanation is not None or (section.options and line.startswith(">")):
            self._explanation_line(number, line)
        elif match := _OPTION.match(line):
            section.options.append((number, match.group(1) or "?", [match.group(2) or ""]))
            self.blanks = 0
        elif _NEARLY_OPTION.match(line) and not line.startswith("  "):
            self.reader.report(number, "An option is written - [ ] or - [x], a space and its text.")
        elif section.options:
            self._option_line(number, line)
        else:
            section.stem += [""] * self.blanks + [line]
            self.blanks = 0

    def _attribute_line(self, number: int, line: str) -> None:
        if not line:
            self.at_top = False
            return
        match = _ATTRIBUTE.match(line)
        if match is None:
            self.reader.report(number, "Put an empty line between the settings and the question text.")
            self.at_top = False
            self.section.stem.append(line)
        elif match.group(1) not in _ATTRIBUTES:
            known = ", ".join(_ATTRIBUTES)
            self.reader.report(number, f'There is no setting "{match.group(1)}" here. Known: {known}.')
        elif match.group(1) in self.section.attributes:
            self.reader.report(number, f'"{match.group(1)}" is given twice. Leave one out.')
        else:
            self.section.attributes[match.group(1)] = (number, match.group(2).strip())

    def _option_line(self, number: int, line: str) -> None:
        if line.startswith("  "):
            self.section.options[-1][2].extend([""] * self.blanks + [line[2:]])
        else:
            self.reader.report(
                number,
                "Indent this by two spaces if it belongs to the option; an explanation begins with >.",
            )
        self.blanks = 0

    def _explanation_line(self, number: int, line: str) -> None:
        if line.startswith(">"):
            gap = [""] if self.blanks and self.section.explanation else []
            self.section.explanation = (self.section.explanation or []) + gap + [line[1:].removeprefix(" ")]
        else:
            self.reader.report(number, "This stands after the explanation. Put > in front, or move it up.")
        self.blanks = 0


def _slug_pair(value: str) -> str | None:
    parts = value.split("/")
    return value if len(parts) == 2 and all(map(is_slug, parts)) else None


def _tags(value: str) -> tuple[str, ...] | None:
    tags = tuple(tag.strip() for tag in value.split(","))
    return tags if all(map(is_slug, tags)) and len(set(tags)) == len(tags) else None


_LEVELS = {str(level): level for level in range(MIN_LEVEL, MAX_LEVEL + 1)}
_ATTRIBUTES: dict[str, tuple[Callable[[str], object], str]] = {
    "level": (_LEVELS.get, f"a whole number from {MIN_LEVEL} to {MAX_LEVEL}"),
    "tags": (_tags, "different names of small letters, digits and hyphens, with commas between them"),
    "lesson": (_slug_pair, "course/lesson, such as refunds/first-steps"),
    "objective": (lambda value: value if is_slug(value) else None, "the name of an objective of the lesson"),
    "use": ({use: use for use in USES}.get, "practice or exam"),
    "shuffle": ({"yes": True, "no": False}.get, "yes or no"),
    "type": ({kind: kind for kind in TYPES}.get, f"{SINGLE}, {MULTIPLE} or {TRUE_FALSE}"),
}


def _unescape(line: str) -> str:
    return line[1:] if line.startswith("\\") and _SPECIAL.match(line) else line


def _escape(line: str) -> str:
    return "\\" + line if _SPECIAL.match(line) else line


def write_bank(bank: BankText) -> str:
    """The file of a bank, in the one form that `read_bank` gives back unchanged. Texts must be tidy."""
    head = [
        FENCE,
        f"bank = {quote(bank.bank)}",
        f"title = {quote(bank.title)}",
        f"area = {quote(bank.area)}",
        FENCE,
    ]
    return "\n".join(head) + "\n" + "".join("\n" + _write_question(question) for question in bank.questions)


def _write_question(question: QuestionText) -> str:
    wording = question.wording
    lines = [f"## {question.id}", *_write_attributes(question), ""]
    lines += [*map(_escape, wording.stem.split("\n")), ""]
    for id, option in zip(option_ids(len(wording.options)), wording.options, strict=True):
        first, *rest = option.split("\n")
        lines.append(f"- [{'x' if id in question.keys else ' '}] {first}")
        lines += [f"  {line}" if line else "" for line in rest]
    if wording.explanation:
        lines += ["", *(f"> {line}" if line else ">" for line in wording.explanation.split("\n"))]
    return "\n".join(lines) + "\n"


def _write_attributes(question: QuestionText) -> list[str]:
    inferred = infer_type(question.wording.options, question.keys)
    said = {
        "level": question.level,
        "tags": None if question.tags is None else ", ".join(question.tags),
        "lesson": question.lesson,
        "objective": question.objective,
        "use": question.use,
        "shuffle": None if question.shuffle is None else ("yes" if question.shuffle else "no"),
        "type": None if question.type == inferred else question.type,
    }
    return [f"{name}: {value}" for name, value in said.items() if value is not None]
