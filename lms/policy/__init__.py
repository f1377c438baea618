"""The policy of the house: one document of numbers, checked as a whole, kept in versions."""
