"""Two languages: which one a person sees, the catalogue, and how dates and numbers are said."""

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext, lazy_gettext
from flask_login import current_user

from lms import clock
from lms.errors import Reason

__all__ = ["gettext", "lazy_gettext"]

LANGUAGES = {"zh": "简体中文", "en": "English"}
HTML_LANG = {"zh": "zh-Hans", "en": "en"}
CATALOGUE = Path(__file__).with_name("translations") / "zh" / "LC_MESSAGES" / "messages.po"


@cache
def _chinese() -> NullTranslations:
    """The catalogue, compiled in memory: there is no .mo file to forget."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Domain(flask_babel.Domain):
    """Flask-Babel's domain, reading the .po file itself. English is the language of the messages."""

    def get_translations(self) -> NullTranslations:
        return _chinese() if language() == "zh" else NullTranslations()


def language() -> str:
    """The language in force: `en` or `zh`."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


def choose_language() -> str:
    """The cookie's choice (set at sign-in and by the switch), then the browser's, then Chinese."""
    if not has_request_context():
        return "en"
    if (chosen := session.get("language")) in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES), default="zh") or "zh"


def pick(texts: Mapping[str, str]) -> str:
    """The text in the language in force, or in the other one where only that exists."""
    return texts.get(language()) or next((text for text in texts.values() if text), "")


def say(reason: Reason) -> str:
    """A reason in the language in force: dates as people write them, nested reasons translated."""
    return gettext(reason.message, **{name: _shown(value) for name, value in reason.values.items()})


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return listed(value)
    return say(value) if isinstance(value, Reason) else value


def listed(values: Iterable[Any]) -> str:
    """Several things in a row: "1, 2, 3" or "1、2、3"."""
    return gettext(", ").join(str(value) for value in values)


def moment(value: datetime) -> str:
    """A moment in the site's time zone: "30 Nov 2026, 09:14" or "2026年11月30日 09:14"."""
    pattern = "y年M月d日 HH:mm" if language() == "zh" else "d MMM y, HH:mm"
    return format_datetime(value, pattern)


def clock_time(value: datetime) -> str:
    """The time of day in the site's time zone: "09:14"."""
    return format_datetime(value, "HH:mm")


def day(value: date) -> str:
    """A day: "30 Nov 2026" or "2026年11月30日"."""
    return format_date(value, "y年M月d日" if language() == "zh" else "d MMM y")


def day_from_today(value: date, today: date | None = None) -> str:
    """A day as people say it: "in 9 days, 30 Nov"."""
    today = today or clock.today()
    days = (value - today).days
    short = format_date(value, "M月d日" if language() == "zh" else "d MMM")
    if days == 0:
        return gettext("today, %(day)s", day=short)
    if days == 1:
        return gettext("tomorrow, %(day)s", day=short)
    if days == -1:
        return gettext("yesterday, %(day)s", day=short)
    if days > 0:
        return gettext("in %(days)d days, %(day)s", days=days, day=short)
    return gettext("%(days)d days ago, %(day)s", days=-days, day=short)


def month(value: date) -> str:
    """A month: "Nov 2026" or "2026年11月"."""
    return format_date(value, "y年M月" if language() == "zh" else "MMM y")


def hundredths(value: int, places: int = 2) -> str:
    """Hundredths as a decimal without needless zeros: 180 -> "1.8", 8240 -> "82.4", 8000 -> "80"."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    text = f"{value // 100}.{value % 100:02d}"[: None if places == 2 else -1]
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def set_up(app: Flask) -> None:
    """Flask-Babel on the site's time zone, and the filters templates use."""
    babel = Babel(
        app,
        locale_selector=choose_language,
        timezone_selector=lambda: app.extensions["lms_settings"].time_zone,
    )
    babel.domain_instance = Domain()
    app.jinja_env.filters.update(
        pick=pick,
        say=say,
        moment=moment,
        clock_time=clock_time,
        day=day,
        month=month,
        day_from_today=day_from_today,
        site_day=clock.day_of,
        hundredths=hundredths,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True

    @app.context_processor
    def _languages() -> dict[str, Any]:
        code = language()
        theme = (
            current_user.theme
            if current_user and current_user.is_authenticated
            else session.get("theme", "auto")
        )
        return {
            "language": code,
            "html_lang": HTML_LANG[code],
            "theme": theme,
            "languages": [{"code": c, "label": label, "active": c == code} for c, label in LANGUAGES.items()],
        }
