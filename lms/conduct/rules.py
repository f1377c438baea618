"""The conduct ledger: what its entries do to a person's standing on a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Effect = Literal["record", "praise", "warning", "suspension", "revocation", "blacklist", "readmission"]


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """One kind of ledger entry. `warnings` is how many warnings it counts, 0 unless effect is "warning"."""

    effect: Effect
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class ConductPolicy:
    """Policy section `[conduct]`; `kinds` is the table `[conduct.kinds.<kind>]`."""

    warnings: int  # this many warnings ...
    warnings_within_months: int  # ... within so many months ...
    suspension_months: int  # ... suspend for so long
    suspensions: int  # this many suspensions ...
    suspensions_within_months: int  # ... within so many months revoke
    lapse_after_months: int  # without service
    reentry_months: int  # after a revocation
    blacklist_review_months: int
    kinds: Mapping[str, KindPolicy]
