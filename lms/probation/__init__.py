"""Training plans, mentors, trial shifts and the decision they lead to."""
