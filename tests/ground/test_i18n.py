"""Dates, numbers and reasons as people say them, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask_babel import force_locale

from lms import clock, i18n
from lms.errors import N_, Reason
from tests.conftest import NOON

LATE = datetime(2026, 11, 30, 17, 14, tzinfo=UTC)  # 01:14 on the first of December in Shanghai


@pytest.fixture(params=["en", "zh"])
def language(request, sqlite_app):
    with sqlite_app.test_request_context("/"), force_locale(request.param):
        yield request.param


def test_a_moment_is_shown_in_the_sites_time_zone(language):
    assert i18n.moment(LATE) == {"en": "1 Dec 2026, 01:14", "zh": "2026年12月1日 01:14"}[language]
    assert i18n.clock_time(LATE) == "01:14"
    assert clock.day_of(LATE) == date(2026, 12, 1)


def test_a_day_and_a_month_are_the_calendars_own(language):
    assert i18n.day(date(2026, 11, 30)) == {"en": "30 Nov 2026", "zh": "2026年11月30日"}[language]
    assert i18n.month(date(2026, 11, 30)) == {"en": "Nov 2026", "zh": "2026年11月"}[language]


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [(0, "today, 2 Mar", "今天"), (1, "tomorrow, 3 Mar", "明天"), (-1, "yesterday, 1 Mar", "昨天"),
     (9, "in 9 days, 11 Mar", "9"), (-9, "9 days ago, 21 Feb", "9")],
)  # fmt: skip
def test_a_day_is_told_from_today(language, days, english, chinese):
    with time_machine.travel(NOON, tick=False):
        told = i18n.day_from_today(NOON.date() + timedelta(days=days))
    assert told == english if language == "en" else chinese in told


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (180, "1.8"), (135, "1.35"), (8240, "82.4"), (8000, "80"), (-5, "-0.05"), (100, "1")]
)
def test_hundredths_are_shown_without_needless_zeros(value, shown):
    assert i18n.hundredths(value) == shown


def test_a_reason_is_said_with_its_values_as_people_write_them(sqlite_app):
    inner = Reason(N_("Choose a team."))
    reason = Reason("Not before %(when)s, by %(day)s: %(why)s", when=LATE, day=date(2026, 1, 5), why=inner)
    with sqlite_app.test_request_context("/"), force_locale("en"):
        assert i18n.say(reason) == "Not before 1 Dec 2026, 01:14, by 5 Jan 2026: Choose a team."


def test_a_reason_without_values_may_hold_a_percent_sign(sqlite_app):
    with sqlite_app.test_request_context("/"), force_locale("en"):
        assert i18n.say(Reason("100 % of it")) == str(Reason("100 % of it")) == "100 % of it"


def test_a_text_is_given_in_the_other_language_where_only_that_exists(language):
    assert i18n.pick({"en": "Refunds", "zh": "退款"}) == {"en": "Refunds", "zh": "退款"}[language]
    assert i18n.pick({"zh": "退款"}) == i18n.pick({"en": "", "zh": "退款"}) == "退款"
    assert i18n.pick({}) == ""


def test_the_forms_own_errors_are_said_in_chinese_too(sqlite_app):
    from lms.people.forms import TeamForm

    with sqlite_app.test_request_context("/", method="POST", data={"name": "x", "parent": "9"}), force_locale("zh"):
        form = TeamForm(meta={"csrf": False}).offer([])
        assert not form.validate()
        assert "Not a valid choice" not in str(form.errors)
