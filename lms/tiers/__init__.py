"""Tiers: the ladder, what is missing to the next step, promotions."""
