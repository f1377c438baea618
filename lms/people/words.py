"""What the people feature's codes are called."""

from lms.errors import N_, Reason
from lms.people.models import Person

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
    "open": N_("In use"),
    "waiting": N_("Link not used yet"),
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


# What the audit trail calls its acts. Every act that the code records has its words here.
ACTS = {
    "sign-in": N_("Signed in"),
    "sign-out": N_("Signed out"),
    "password.set": N_("Set a password by link"),
    "password.change": N_("Changed the password"),
    "link.make": N_("Made a one-time link"),
    "person.create": N_("Account made"),
    "person.open": N_("Account opened again"),
    "person.close": N_("Account closed"),
    "person.stage": N_("Stage changed"),
    "person.tier": N_("Tier changed"),
    "person.team": N_("Team changed"),
    "role.grant": N_("Role given"),
    "role.end": N_("Role taken back"),
    "team.create": N_("Team made"),
    "policy.load": N_("Policy version loaded"),
    "lesson.read": N_("Lesson read"),
    "lesson.acknowledge": N_("Lesson acknowledged"),
    "check.sit": N_("Lesson check sat"),
    "course.complete": N_("Course completed"),
    "course.load": N_("Course loaded"),
    "course.retire": N_("Course retired"),
    "lesson.load": N_("Lesson loaded"),
    "lesson.retire": N_("Lesson retired"),
    "glossary.load": N_("Glossary loaded"),
    "bank.create": N_("Question bank made"),
    "bank.import": N_("Questions imported"),
    "bank.import_undo": N_("Import of questions undone"),
    "bank.import_cancel": N_("Import of questions cancelled"),
    "question.create": N_("Question written"),
    "question.edit": N_("Question edited"),
    "question.state": N_("Question's state changed"),
    "question.load": N_("Question loaded"),
    "question.retire": N_("Question retired"),
    "exam.load": N_("Exam loaded"),
    "exam.retire": N_("Exam retired"),
    "attempt.start": N_("Exam begun"),
    "attempt.close": N_("Exam handed in"),
    "attempt.grade": N_("Exam graded"),
    "certification.load": N_("Certification loaded"),
    "certification.retire": N_("Certification retired"),
    "award.make": N_("Certificate awarded"),
    "award.revoke": N_("Certificate revoked"),
    "conduct.record": N_("Conduct entry made"),
    "conduct.void": N_("Conduct entry voided"),
    "kpi.record": N_("Monthly figures recorded"),
    "kpi.correct": N_("Monthly figures corrected"),
    "plan.load": N_("Training plan loaded"),
    "plan.retire": N_("Training plan retired"),
    "probation.start": N_("Trial begun"),
    "mentor.assign": N_("Mentor assigned"),
    "activity.sign": N_("Activity signed"),
    "shift.plan": N_("Shift planned"),
    "shift.cancel": N_("Shift cancelled"),
    "shift.check_in": N_("Checked in for a shift"),
    "shift.attendance": N_("Attendance recorded"),
    "shift.close": N_("Shift closed"),
    "shift.score": N_("Shift scored"),
    "probation.confirm": N_("Confirmed after the trial"),
    "probation.confirm_early": N_("Confirmed early"),
    "probation.extend": N_("Trial extended"),
    "probation.end": N_("Trial ended"),
    "tier.promote": N_("Promoted"),
    "tier.defer": N_("Promotion deferred"),
    "tier.refuse": N_("Promotion refused"),
}
