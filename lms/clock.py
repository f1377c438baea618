"""The only place that reads the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This moment, in UTC and aware."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """The site's time zone: a shift, a day or a month belongs to its calendar."""
    return current_app.extensions["lms_settings"].zone


def day_of(moment: datetime) -> date:
    """The day of the site's calendar that a moment falls on."""
    return moment.astimezone(zone()).date()


def today() -> date:
    """The current day of the site's calendar."""
    return day_of(now())
