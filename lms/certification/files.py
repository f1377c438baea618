"""The certifications of a `programme.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.interchange.toml import Table


@dataclass(frozen=True, slots=True)
class CertificationFile:
    """One certification: what it asks for, for how many months, and how many days ahead it can be renewed.

    `quarterly` are the exams that its holders sit each quarter.
    """

    id: str
    title: Mapping[str, str]
    courses: tuple[str, ...]
    exams: tuple[str, ...]
    months: int
    renew_days: int
    quarterly: tuple[str, ...] = ()


def read_certification(table: Table) -> CertificationFile:
    """One `[[certification]]`."""
    certification = CertificationFile(
        id=table.slug("id"),
        title=table.both("title"),
        courses=table.texts("courses"),
        exams=table.texts("exams"),
        months=table.whole("months", 1, 120, 12),
        renew_days=table.whole("renew_days", 0, 366, 60),
        quarterly=table.texts("quarterly"),
    )
    table.unknown()
    if not certification.courses and not certification.exams:
        table.report("", "The certification asks for nothing. Name its courses or exams.")
    return certification
