"""The words of question banks, for forms and tables."""

from lms.errors import N_

TYPES = {
    "single": N_("Single choice"),
    "multiple": N_("Multiple choice"),
    "true_false": N_("True or false"),
}
STATES = {
    "draft": N_("Draft"),
    "in_review": N_("In review"),
    "live": N_("Live"),
    "retired": N_("Retired"),
}
STATE_MARKS = {"draft": "neutral", "in_review": "warning", "live": "good", "retired": "bad"}
USES = {"practice": N_("Practice and lesson checks"), "exam": N_("Exams only")}
SHORT_USES = {"practice": N_("Practice"), "exam": N_("Exam")}
LEVELS = {1: N_("1: to know"), 2: N_("2: to apply"), 3: N_("3: to judge")}
ORIGINS = {"file": N_("Content file"), "import": N_("Import"), "browser": N_("Written here")}
FROM_A_FILE = N_("Once it is edited here, loading the file again leaves it alone and reports it.")
