"""A policy document is taken as a whole or refused with every line to change."""

from decimal import Decimal

import pytest

from lms.policy.schema import PolicyError, default_text, parse_policy

TEXT = default_text()


def line_of(text, needle):
    return next(number for number, line in enumerate(text.splitlines(), 1) if needle in line)


def problems(text):
    with pytest.raises(PolicyError) as refused:
        parse_policy(text)
    return refused.value.lines


def test_the_document_a_site_starts_with_is_sound():
    policy = parse_policy(TEXT)
    assert policy.profile == "employee"
    assert (policy.gates.shifts, policy.gates.credited_hours, policy.gates.inspected_chats) == (10, 60, 20)
    assert policy.hours.ratio_over == "presence"
    assert policy.conduct.kinds["absence"].warnings == 2
    assert policy.kpi.schemes["pre-sale"].measures[3].bands[1].at == Decimal("1.8")
    assert list(policy.ladder.steps) == ["senior", "elite", "expert", "gold"]


def test_the_other_profile_brings_its_own_hours_and_gates():
    policy = parse_policy(TEXT.replace('profile = "employee"', 'profile = "contractor"'))
    assert (policy.gates.shifts, policy.gates.credited_hours, policy.gates.inspected_chats) == (4, 8, 0)
    assert policy.gates.mean_rubric == Decimal("3.5")
    assert policy.hours.ratio_over == "shift"


@pytest.mark.parametrize(
    ("old", "new", "needle", "words"),
    [
        ("min_days = 10", "min_day = 10", "min_day =", 'no setting "min_day"'),
        ("min_days = 10", "", "[kpi]", '"min_days" is missing'),
        ("grace_minutes = 5", 'grace_minutes = "5"', "grace_minutes", "must be a whole number"),
        ("grace_minutes = 5", "grace_minutes = true", "grace_minutes", "must be a whole number"),
        ("grace_minutes = 5", "grace_minutes = -1", "grace_minutes", "from 0"),
        ("late_percent = 90", "late_percent = 101", "late_percent", "from 0 to 100"),
        ("mean_rubric = 3.5", "mean_rubric = 5.5", "mean_rubric", "from 0 to 5"),
        ("mean_rubric = 3.5", "mean_rubric = nan", "mean_rubric", "from 0 to 5"),
        ("early_mean_rubric = 4.5", "early_mean_rubric = 3", "early_mean_rubric", "lower than"),
        (
            'late_applies_to = "shift"',
            'late_applies_to = "day"',
            "late_applies_to",
            "one of shift, first_hour",
        ),
        ("{ at = 55, points = 90 }", "{ at = 65, points = 90 }", "bands = [", "out of order"),
        ("{ at = 55, points = 90 }", "{ at = 55, points = 100 }", "bands = [", "out of order"),
        ("{ at = 15, points = 90 }", "{ at = 9, points = 90 }", None, "out of order"),
        ("score = 80\n", "score = 95\n", "score = 95", "from the highest score down"),
        ("score = 0\n", "score = 10\n", "score = 10", "every score has one"),
        ("load_low = 80", "load_low = 130", "load_low", "above"),
        ("[tiers.gold]", "[tiers.diamond]", "[tiers.diamond]", 'no setting "diamond"'),
        ("kpi = 85\n", "kpi = 79\n", "kpi = 79", "lower than that of elite"),
        ("quality = 90\n", "quality = 101\n", "quality = 101", "from 0 to 100"),
        ('profile = "employee"', 'profile = "franchise"', "franchise", "one of employee, contractor"),
        ('effect = "readmission"', 'effect = "dismissal"', "dismissal", "one of record"),
        (
            'absence = { effect = "warning", warnings = 2 }',
            'absence = { effect = "warning" }',
            "absence",
            "1 or more",
        ),
        ('binding = ["certification", "standing"]', 'binding = "certification"', "binding", "must be a list"),
        ("early_needs_mentor = true", "early_needs_mentor = 1", "early_needs_mentor", "true or false"),
        ("early_needs_mentor = true\n", "", "[gates.employee]", '"early_needs_mentor" is missing'),
        ("[hours.contractor]", "[hours.freelance]", "[hours.freelance]", 'no setting "freelance"'),
        (
            "[gates.contractor]\nshifts = 4",
            "[gates.contractor]\nshift = 4",
            "shift = 4",
            'no setting "shift"',
        ),
        (
            'standings = ["good"]\nno_warning',
            'standings = ["fine"]\nno_warning',
            "fine",
            "must name one or more",
        ),
        ("[service]", "[services]", "[services]", 'no setting "services"'),
    ],
)
def test_a_document_that_cannot_be_in_force_is_refused_with_its_line(old, new, needle, words):
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = problems(text)
    assert any(words in message for _, message in found), found
    if needle:
        assert line_of(text, needle) in [line for line, message in found if words in message]


def test_tiers_out_of_order_are_refused():
    start, end = TEXT.index("[tiers.senior]"), TEXT.index("[tiers.elite]")
    expert = TEXT.index("[tiers.expert]")
    text = TEXT[:start] + TEXT[end:expert] + TEXT[start:end] + TEXT[expert:]
    message = "[tiers.senior] is out of order: it comes before [tiers.elite]."
    assert (line_of(text, "[tiers.senior]"), message) in problems(text)


def test_weights_that_do_not_sum_are_refused_at_the_last_weight_of_the_scheme():
    text = TEXT.replace("weight = 50", "weight = 45")
    last = max(n for n, line in enumerate(text.splitlines(), 1) if line.startswith("weight ="))
    assert problems(text) == [(last, "The weights of pre-sale sum to 95. They must sum to 100.")]


def test_everything_wrong_is_reported_at_once_in_the_order_of_the_lines():
    text = TEXT.replace("check_pass_percent = 80", "check_pass_percent = 0").replace(
        "min_days = 10", "min_days = 32"
    )
    text = text.replace("commendations = 1", "commendation = 1")
    found = problems(text)
    assert len(found) == 4  # an unknown key is a missing one too
    assert [line for line, _ in found] == sorted(line for line, _ in found)


def test_a_text_that_is_no_toml_is_refused_with_its_line():
    ((line, message),) = problems(TEXT.replace("min_days = 10", "min_days = = 10"))
    assert line == line_of(TEXT, "min_days")
    assert "not valid TOML" in message


@pytest.mark.parametrize("text", ["", "profile = 'employee'", "kpi = 3\ntiers = []\n"])
def test_a_document_without_its_tables_names_each_of_them(text):
    messages = " ".join(message for _, message in problems(text))
    for table in ("lessons", "hours", "gates", "conduct", "kpi", "tiers", "service"):
        assert table in messages
