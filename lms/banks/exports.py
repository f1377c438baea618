"""A bank's questions on their way out: as a file of one language holds them, and as a paper prints them."""

from sqlalchemy import func

from lms import media
from lms.banks.models import Bank, Question, QuestionText, QuestionVersion
from lms.banks.operations import content_of
from lms.banks.queries import Filters, fitting
from lms.db import db
from lms.interchange import records
from lms.interchange.exporting import pictures_in

Row = tuple[Question, QuestionVersion, QuestionText]


def bank_text(bank: Bank, filters: Filters, language: str) -> records.BankText:
    """The questions of a bank that fit the filters, as its file of one language holds them. One statement.

    In the order in which they came into the bank, each in its current version and with all its attributes, so
    that the file says everything also where the other language's is missing.
    """
    contents = [content_of(version, [text]) for _question, version, text in rows_of(bank, filters, language)]
    title = bank.titles.get(language) or next(iter(bank.titles.values()), bank.slug)
    whole = records.Bank(bank.slug, {language: title}, bank.area, tuple(contents))
    return records.split(whole, language)


def media_of(text: records.BankText) -> dict[str, bytes]:
    """The pictures that the texts of a bank show, as far as they are there."""
    paths = [media.folder() / name for name in sorted(pictures_in(text))]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def rows_of(bank: Bank, filters: Filters, language: str) -> list[Row]:
    """The questions that fit and have the language, with current version and text. One statement."""
    has_language = (QuestionText.version_id == QuestionVersion.id) & (QuestionText.language == language)
    found = db.session.execute(
        fitting(bank, filters, Question, QuestionVersion, QuestionText)
        .join(QuestionText, has_language)
        .order_by(Question.id)
    )
    return [(question, version, text) for question, version, text in found]


def counts_of(bank: Bank, filters: Filters) -> dict[str, int]:
    """How many of the questions that fit there are in each language that has one. One statement."""
    found = db.session.execute(
        fitting(bank, filters, QuestionText.language, func.count(Question.id))
        .join(QuestionText, QuestionText.version_id == QuestionVersion.id)
        .group_by(QuestionText.language)
    )
    counts = {name: count for name, count in found}  # noqa: C416 - rows are no pairs to mypy
    return {language: counts[language] for language in records.LANGUAGES if language in counts}
