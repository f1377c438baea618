"""The `## id` sections of a bank file: which line is a setting, text of the question, an option, the explanation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lms.errors import N_
from lms.interchange.attributes import ATTRIBUTES

OPTION = re.compile(r"- \[(.?)\](?: (.*)|)\Z")
_NEARLY_OPTION = re.compile(r"\s{0,3}[-*+] ?\[[ xX]?\]")
_SPECIAL = re.compile(r"\\*(?:## |##\Z|- \[.?\](?: |\Z)|\s{0,3}[-*+] ?\[[ xX]?\])")
_ATTRIBUTE = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)\Z")

# What may be wrong with a line, by the code that an importer tells it under.
MISTAKES = {
    "before-first": N_("This stands before the first question. A question begins with ## and its id."),
    "no-empty-line": N_("Put an empty line between the settings and the question text."),
    "unknown-setting": N_('There is no setting "%(name)s" here. Known: %(known)s.'),
    "setting-twice": N_('"%(name)s" is given twice. Leave one out.'),
    "bad-setting": N_('"%(name)s" must be %(wanted)s.'),
    "odd-option": N_("An option is written - [ ] or - [x], a space and its text."),
    "odd-mark": N_("Mark an option with [x] if it is right and with [ ] if it is wrong."),
    "not-indented": N_(
        "Indent this by two spaces if it belongs to the option; an explanation begins with >."
    ),
    "after-explanation": N_("This stands after the explanation. Put > in front, or move it up."),
}


class Report(Protocol):
    """Takes one of `MISTAKES`, its line and its values."""

    def __call__(self, line: int, code: str, **values: str) -> None: ...


@dataclass(slots=True)
class Section:
    """The lines of one question. An option is its line, its mark and its text."""

    id: str
    line: int
    attributes: dict[str, tuple[int, str]] = field(default_factory=dict)
    stem: list[str] = field(default_factory=list)
    options: list[tuple[int, str, list[str]]] = field(default_factory=list)
    explanation: list[str] | None = None


def cut(lines: Sequence[str], first_line: int, report: Report) -> list[Section]:
    """Cut the body of a bank file at its `## id` lines and sort each section's lines."""
    found: list[Section] = []
    step: Callable[[int, str], None] = _Before(report)
    for number, line in enumerate(lines, first_line):
        if is_heading(line):
            found.append(Section(line[2:].strip(), number))
            step = _Steps(report, found[-1])
        else:
            step(number, line.rstrip())
    return found


def is_heading(line: str) -> bool:
    """Whether a question begins with this line."""
    return line.startswith("## ") or line.rstrip() == "##"


def attributes_of(section: Section, report: Report) -> dict[str, object]:
    """The attributes of a section by name; None is what was given and cannot be."""
    found: dict[str, object] = {}
    for name, (line, value) in section.attributes.items():
        read, wanted = ATTRIBUTES[name]
        found[name] = read(value)
        if found[name] is None:
            report(line, "bad-setting", name=name, wanted=wanted)
    return found


def unescape(line: str) -> str:
    """A line of a stem without the backslash that kept it from being a heading or an option."""
    return line[1:] if line.startswith("\\") and _SPECIAL.match(line) else line


def escape(line: str) -> str:
    """A line of a stem, with a backslash if it would read as a heading or an option."""
    return "\\" + line if _SPECIAL.match(line) else line


class _Before:
    """Tells of what stands before the first question."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __call__(self, number: int, line: str) -> None:
        if line:
            self.report(number, "before-first")


class _Steps:
    """Sorts the lines of one section into attributes, stem, options and explanation."""

    def __init__(self, report: Report, section: Section) -> None:
        self.report = report
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
        elif match := OPTION.match(line):
            section.options.append((number, match.group(1) or "?", [match.group(2) or ""]))
            self.blanks = 0
        elif _NEARLY_OPTION.match(line) and not line.startswith("  "):
            self.report(number, "odd-option")
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
            self.report(number, "no-empty-line")
            self.at_top = False
            self.section.stem.append(line)
        elif match.group(1) not in ATTRIBUTES:
            self.report(number, "unknown-setting", name=match.group(1)[:80], known=", ".join(ATTRIBUTES))
        elif match.group(1) in self.section.attributes:
            self.report(number, "setting-twice", name=match.group(1))
        else:
            self.section.attributes[match.group(1)] = (number, match.group(2).strip())

    def _option_line(self, number: int, line: str) -> None:
        if line.startswith("  "):
            self.section.options[-1][2].extend([""] * self.blanks + [line[2:]])
        else:
            self.report(number, "not-indented")
        self.blanks = 0

    def _explanation_line(self, number: int, line: str) -> None:
        if line.startswith(">"):
            gap = [""] if self.blanks and self.section.explanation else []
            self.section.explanation = (self.section.explanation or []) + gap + [line[1:].removeprefix(" ")]
        else:
            self.report(number, "after-explanation")
        self.blanks = 0
