"""The conduct ledger and the standing that follows from it."""
