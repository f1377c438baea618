"""What the people feature's codes are called."""

from lms.errors import N_

STAGES = {
    "applicant": N_("Applicant"),
    "trainee": N_("Trainee"),
    "on_trial": N_("On trial"),
    "agent": N_("Agent"),
    "ended": N_("Ended"),
    "left": N_("Left"),
}
TIERS = {
    "regular": N_("Regular"),
    "senior": N_("Senior"),
    "elite": N_("Elite"),
    "expert": N_("Expert"),
    "gold": N_("Gold"),
}
ROLES = {
    "learner": N_("Learner"),
    "mentor": N_("Mentor"),
    "trainer": N_("Trainer"),
    "inspector": N_("Inspector"),
    "team_lead": N_("Team lead"),
    "manager": N_("Manager"),
    "admin": N_("Admin"),
}
