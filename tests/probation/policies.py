"""The policy figures that the tests of trial shifts are reckoned with, one per profile."""

from dataclasses import replace
from decimal import Decimal

from lms.probation.gates import GatesPolicy
from lms.probation.hours import HoursPolicy

EMPLOYEE_HOURS = HoursPolicy(
    grace_minutes=5,
    late_applies_to="shift",
    late_percent=90,
    absent_percent=0,
    full_ratio_percent=80,
    below_full_percent=75,
    low_ratio_percent=50,
    below_low_percent=50,
    ratio_over="presence",
    shortest_shift_hours=1,
    longest_shift_hours=12,
    check_in_opens_minutes=30,
    record_within_days=3,
)
CONTRACTOR_HOURS = replace(EMPLOYEE_HOURS, ratio_over="shift")

EMPLOYEE_GATES = GatesPolicy(
    certification="base",
    standings=("good",),
    shifts=10,
    credited_hours=60,
    mean_rubric=Decimal("3.5"),
    service_ratio_percent=80,
    inspected_chats=20,
    quality_mean=Decimal(80),
    chats_without_fatal_error=10,
    early_mean_rubric=Decimal("4.5"),
    early_needs_mentor=True,
    binding=("certification", "standing"),
    extension_days=14,
)
CONTRACTOR_GATES = replace(
    EMPLOYEE_GATES,
    shifts=4,
    credited_hours=8,
    inspected_chats=0,
    quality_mean=Decimal(0),
    chats_without_fatal_error=0,
)
