"""What the people feature's codes are called."""

from lms.errors import N_, Reason

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

# The demo company's doors, in the order a visitor would try them: user name and what is to be seen there.
DEMO_PEOPLE = [
    ("newhire", Reason(N_("New hire, first day"))),
    ("candidate", Reason(N_("Courses done, may sit the exam"))),
    ("trainee", Reason(N_("On trial shifts"))),
    ("agent", Reason(N_("One requirement short of senior"))),
    ("mentor", Reason(N_("Mentor of two newcomers"))),
    ("trainer", Reason(N_("Writes courses and questions"))),
    ("manager", Reason(N_("Decides for two teams"))),
    ("admin", Reason(N_("Accounts and policy"))),
]
ACCOUNTS = {
    "open": N_("Open"),
    "waiting": N_("Waiting for the set-up link to be used"),
    "closed": N_("Closed"),
}
KINDS_OF_CHANGE = {
    "stage": N_("Stage"),
    "tier": N_("Tier"),
    "team": N_("Team"),
    "role": N_("Role"),
}


def account_state(person: Person) -> str:
    """What an account is: open, closed, or waiting for its set-up link to be used."""
    if not person.is_active:
        return "closed"
    return "open" if person.password_hash else "waiting"
