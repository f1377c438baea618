"""Trial shifts in figures: attendance, credited hours and the service ratio.

Hours are integers in hundredths of an hour, ratios are exact fractions: nothing here is a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    """Policy section `[hours]`. Percentages are whole numbers, times are minutes unless named otherwise."""

    grace_minutes: int  # late is later than the start plus this
    late_applies_to: Literal["shift", "first_hour"]
    late_percent: int  # what a late shift (or its first hour) still counts
    absent_percent: int
    full_ratio_percent: int  # this service ratio or more counts full
    below_full_percent: int  # what counts below it
    low_ratio_percent: int  # below this ratio ...
    below_low_percent: int  # ... this counts
    ratio_over: Literal["shift", "presence"]  # shift time, or check-in to the shift's end
    shortest_shift_hours: int
    longest_shift_hours: int
    check_in_opens_minutes: int  # how long before the start one may check in
