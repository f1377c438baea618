"""Question banks in Markdown: a TOML header between `+++` lines, then one `## id` section a question.

A section is attribute lines, a blank line, the stem, options `- [ ]` and `- [x]` (more lines of an option are
indented by two spaces), and the explanation behind `>`. A stem line that would read as a heading or an option
carries one backslash in front. `write_bank(read_bank(text)) == text` for a file as `write_bank` writes it.
"""

from string import ascii_lowercase
from typing import Any

from lms.interchange.attributes import written
from lms.interchange.bank_sections import MISTAKES, Section, attributes_of, cut, escape, unescape
from lms.interchange.header import FENCE, read_header
from lms.interchange.records import (
    MAX_OPTIONS,
    MAX_TEXT,
    MIN_OPTIONS,
    MULTIPLE,
    TRUE_FALSE,
    BankText,
    QuestionText,
    Wording,
    infer_type,
    option_ids,
    tidy,
)
from lms.interchange.source import Problem, is_slug
from lms.interchange.toml import quote


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

    def mistake(self, line: int, code: str, **values: str) -> None:
        """Report what is wrong with a line, in the words of `MISTAKES`."""
        self.report(line, MISTAKES[code] % values)

    def sections(self, lines: list[str], first_line: int) -> list[Section]:
        """The sections of the body, their ids checked."""
        found = cut(lines, first_line, self.mistake)
        seen: dict[str, int] = {}
        for section in found:
            self._check_id(section, seen)
        return found

    def _check_id(self, section: Section, seen: dict[str, int]) -> None:
        if not is_slug(section.id):
            self.report(section.line, "An id is small letters, digits and hyphens: ## step-in-window.")
        elif section.id in seen:
            self.report(
                section.line,
                f"The id {section.id} is taken in line {seen[section.id]}. Choose another.",
            )
        seen.setdefault(section.id, section.line)

    def question(self, section: Section) -> QuestionText | None:
        """The record of a section, or None if it has no usable stem, options or keys."""
        before = len(self.problems)
        stem = self._text(section.line, "\n".join(map(unescape, section.stem)), "question text")
        options = tuple(self._text(line, "\n".join(lines), "option") for line, _, lines in section.options)
        ids = option_ids(len(options))
        keys = tuple(id for id, (_, mark, _) in zip(ids, section.options, strict=False) if mark in "xX")
        explanation = tidy("\n".join(section.explanation or []))
        if len(explanation) > MAX_TEXT:
            self.report(section.line, f"The explanation is longer than {MAX_TEXT} characters. Shorten it.")
        attributes: dict[str, Any] = attributes_of(section, self.mistake)
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

    def _check_options(self, section: Section, options: tuple[str, ...]) -> None:
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            self.report(
                section.line,
                f"Give {MIN_OPTIONS} to {MAX_OPTIONS} options; there are {len(options)}.",
            )
        first: dict[str, int] = {}
        for (line, mark, _), option in zip(section.options, options, strict=True):
            if mark not in " xX":
                self.mistake(line, "odd-mark")
            if option and option in first:
                self.report(line, f"This option is the same as the one in line {first[option]}. Change one.")
            first.setdefault(option, line)

    def _type(
        self, section: Section, said: str | None, options: tuple[str, ...], keys: tuple[str, ...]
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


def write_bank(bank: BankText) -> str:
    """The file of a bank, in the one form that `read_bank` gives back unchanged. Texts must be tidy.

    Drafts are written as far as they go: `bank_file.read` takes them, `read_bank` says what they lack.
    """
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
    lines = [f"## {question.id}", *(f"{name}: {value}" for name, value in written(question).items()), ""]
    lines += [*map(escape, wording.stem.split("\n")), ""]
    for number, option in enumerate(wording.options):
        first, *rest = option.split("\n")
        is_key = ascii_lowercase[number : number + 1] in question.keys  # a draft may have more than ten
        lines.append(f"- [{'x' if is_key else ' '}] {first}".rstrip())
        lines += [f"  {line}" if line else "" for line in rest]
    if wording.explanation:
        lines += [] if wording.options else ["- [ ]"]  # or it would read as a part of the question
        lines += ["", *(f"> {line}" if line else ">" for line in wording.explanation.split("\n"))]
    return "\n".join(lines) + "\n"
