"""From measures to points, to a score, to the months that count."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.performance.rules import (
    MonthFigures,
    QualityMonth,
    bonus_preview,
    counts,
    daily_load,
    kpi_mean,
    last_counted,
    load_state,
    median,
    points_of,
    quality_mean,
    score_of,
    score_over_shops,
)
from lms.policy.schema import default_text, parse_policy

KPI = parse_policy(default_text()).kpi
PRE_SALE = KPI.schemes["pre-sale"]
MEASURES = {measure.id: measure for measure in PRE_SALE.measures}
JULY_15 = date(2026, 7, 15)


def month(number, score=80, *, inquiries=600, days=20, year=2026):
    return MonthFigures(date(year, number, 1), Decimal(score), inquiries, days)


def chats(number, *scores, year=2026):
    return QualityMonth(date(year, number, 1), tuple(Decimal(score) for score in scores))


@pytest.mark.parametrize(
    ("measure", "value", "points"),
    [
        ("conversion", "60", 100),
        ("conversion", "59.99", 90),
        ("conversion", "30", 40),
        ("conversion", "29.9", 0),
        ("first-reply", "10", 100),
        ("first-reply", "10.1", 90),
        ("first-reply", "60", 30),
        ("first-reply", "61", 0),
        ("items-a-customer", "1.8", 90),
        ("satisfaction", "0", 0),
    ],
)
def test_a_measure_gives_the_points_of_the_best_band_it_reaches(measure, value, points):
    assert points_of(Decimal(value), MEASURES[measure]) == points


def test_the_score_of_a_month_weighs_the_points_of_its_measures():
    values = {
        "conversion": 55,
        "first-reply": 12,
        "mean-reply": 25,
        "items-a-customer": 1,
        "satisfaction": 99,
    }
    score = score_of({name: Decimal(value) for name, value in values.items()}, PRE_SALE)
    assert score == Decimal("82.00")  # 90 x 50 + 90 x 10 + 100 x 10 + 40 x 20 + 100 x 10, over 100


@given(
    st.fixed_dictionaries({name: st.decimals(0, 200, places=1) for name in MEASURES}),
    st.sampled_from(sorted(MEASURES)),
    st.decimals(0, 50, places=1),
)
def test_a_better_measure_never_lowers_the_score(values, name, step):
    better = step if MEASURES[name].better == "higher" else -step
    score = score_of(values, PRE_SALE)
    assert 0 <= score <= 100
    assert score_of({**values, name: values[name] + better}, PRE_SALE) >= score


@pytest.mark.parametrize(
    ("score", "base", "bonus"),
    [
        ("90", "3000", "2700.00"),
        ("89", "2000", "1780.00"),
        ("89.99", "2000", "1799.80"),
        ("80", "2000", "1600.00"),
        ("79.99", "1000", "799.90"),
        ("0", "1000", "0.00"),
        ("100", "3000", "3000.00"),
    ],
)
def test_pay_follows_the_band_of_the_score(score, base, bonus):
    assert bonus_preview(Decimal(score), KPI.pay) == (Decimal(base), Decimal(bonus))


@pytest.mark.parametrize(
    ("parts", "score"),
    [
        ([(60, 80), (40, 80)], "80.00"),
        ([(60, 90), (40, 70)], "82.00"),
        ([(33, 80), (33, 81), (34, 82)], "81.01"),
    ],
)
def test_several_shops_make_one_weighted_score(parts, score):
    assert score_over_shops([(weight, Decimal(value)) for weight, value in parts]) == Decimal(score)


def test_shop_weights_that_do_not_sum_to_100_are_refused():
    with pytest.raises(ValueError, match="sum to 100"):
        score_over_shops([(60, Decimal(80)), (50, Decimal(80))])


@pytest.mark.parametrize(
    ("inquiries", "days", "counted"), [(500, 10, True), (499, 10, False), (500, 9, False), (0, 0, False)]
)
def test_a_month_counts_with_enough_inquiries_and_days(inquiries, days, counted):
    assert counts(month(6, inquiries=inquiries, days=days), KPI) is counted


def test_the_last_months_skip_those_that_do_not_count_but_reach_back_twice_as_far_only():
    figures = [month(6), month(5, days=3), month(4), month(3, inquiries=20), month(2), month(1)]
    assert [each.month.month for each in last_counted(figures, 2, KPI, JULY_15)] == [6, 4]
    assert [each.month.month for each in last_counted(figures, 3, KPI, JULY_15)] == [6, 4, 2]
    assert [each.month.month for each in last_counted(figures[1:], 2, KPI, JULY_15)] == [4]


def test_the_running_month_and_the_future_are_not_counted():
    assert last_counted([month(7), month(8)], 2, KPI, JULY_15) == ()


def test_months_are_counted_across_the_year():
    figures = [month(12, year=2025), month(11, year=2025)]
    assert len(last_counted(figures, 2, KPI, date(2026, 1, 1))) == 2
    assert len(last_counted(figures, 2, KPI, date(2026, 4, 30))) == 1


def test_a_mean_needs_all_its_months():
    assert kpi_mean([month(6)], 2, KPI, JULY_15) is None
    assert kpi_mean([month(6, 80), month(5, 81)], 2, KPI, JULY_15).shown == Decimal("80.5")


def test_a_mean_just_under_the_target_neither_reaches_it_nor_looks_as_if_it_did():
    mean = kpi_mean([month(6, 80), month(5, 80), month(4, "79.99")], 3, KPI, JULY_15)
    assert not mean.reaches(80)
    assert mean.shown == Decimal("79.99")
    assert mean.reaches(Decimal("79.99"))


def test_quality_is_the_mean_over_chats_not_over_months():
    inspected = [chats(6, *[90] * 15), chats(5, *[80] * 5)]
    mean = quality_mean(inspected, 2, KPI, JULY_15)
    assert (mean.shown, mean.count) == (Decimal("87.5"), 20)


def test_quality_needs_twenty_chats_and_reaches_back_for_them():
    assert quality_mean([chats(6, *[90] * 19)], 2, KPI, JULY_15) is None
    further = [chats(6, *[90] * 10), chats(5, *[90] * 5), chats(4, *[60] * 5), chats(2, *[0] * 50)]
    assert quality_mean(further, 2, KPI, JULY_15).shown == Decimal("82.5")
    assert quality_mean([chats(2, *[90] * 20)], 2, KPI, JULY_15) is None


def test_months_without_an_inspected_chat_do_not_use_up_the_window():
    assert quality_mean([chats(6), chats(5, *[88] * 20), chats(4, *[90] * 20)], 2, KPI, JULY_15).count == 40


@given(
    st.lists(st.integers(0, 10000), min_size=1, max_size=8),
    st.integers(0, 7),
    st.integers(0, 1000),
    st.integers(1, 4),
)
def test_a_better_month_never_lowers_the_mean(hundredths, at, more, months):
    figures = [month(12 - index, Decimal(value) / 100) for index, value in enumerate(hundredths)]
    on = date(2027, 1, 9)
    before = kpi_mean(figures, months, KPI, on)
    at %= len(figures)
    figures[at] = month(12 - at, min(Decimal(100), figures[at].score + Decimal(more) / 100))
    after = kpi_mean(figures, months, KPI, on)
    assert (before is None) == (after is None)
    assert before is None or after.exact >= before.exact


@pytest.mark.parametrize(
    ("inquiries", "days", "load", "state"),
    [
        (1600, 20, "80.0", "right"),
        (1599, 20, "79.9", "low"),
        (2400, 20, "120.0", "right"),
        (2401, 20, "120.0", "high"),
        (5, 0, None, None),
    ],
)
def test_the_daily_load_is_judged_exactly(inquiries, days, load, state):
    figures = month(6, inquiries=inquiries, days=days)
    assert daily_load(figures) == (None if load is None else Decimal(load))
    assert load_state(figures, KPI) == state


def test_a_median_is_shown_for_five_people_or_more():
    scores = [Decimal(score) for score in (90, 70, 80, 60)]
    assert median(scores, 5) is None
    assert median([*scores, Decimal(100)], 5) == 80
    assert median([*scores, Decimal(100), Decimal("81.5")], 5) == Decimal("80.75")
