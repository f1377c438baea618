"""What a person on trial has to show, where they stand, and the decision that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class GatesPolicy:
    """Policy section `[gates.employee]` or `[gates.contractor]`. A gate with target 0 or "" is not asked."""

    certification: str  # slug of the certification that must be held
    standings: tuple[str, ...]  # any of these standings will do
    shifts: int
    credited_hours: int  # hours
    mean_rubric: Decimal  # 1 to 5
    service_ratio_percent: int
    inspected_chats: int
    quality_mean: Decimal  # 0 to 100, over the inspected chats
    chats_without_fatal_error: int  # the last so many inspected chats
    early_mean_rubric: Decimal  # 1 to 5
    early_needs_mentor: bool  # early confirmation needs the mentor's recommendation
    binding: tuple[str, ...]  # gates that no manager can waive
    extensions: int
    extension_days: int  # calendar days
