"""The words of imports, for forms and tables."""

from lms.errors import N_

LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}
FORMATS = {
    "text": N_("Text or Word, as exams are written"),
    "xlsx": N_("Excel (.xlsx)"),
    "csv": N_("CSV"),
    "markdown": N_("Markdown, a bank's own file"),
    "gift": N_("GIFT (Moodle)"),
    "aiken": N_("Aiken"),
    "moodle-xml": N_("Moodle XML"),
    "qti": N_("QTI 1.2, 2.x, 3.0 (.xml or .zip)"),
}
STATES = {
    "reading": N_("Being read"),
    "preview": N_("Not imported yet"),
    "writing": N_("Being imported"),
    "done": N_("Imported"),
    "undone": N_("Undone"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Not readable"),
}
STATE_MARKS = {
    "reading": "active", "preview": "warning", "writing": "active", "done": "good", "undone": "neutral",
    "cancelled": "neutral", "failed": "bad",
}  # fmt: skip
TABS = {"all": N_("All"), "problems": N_("With problems"), "good": N_("Good"), "left-out": N_("Left out")}
VERDICTS = {
    "new": N_("New"),
    "back": N_("Comes back"),
    "translation": N_("Adds a translation"),
    "unchanged": N_("Already in the bank"),
    "clash": N_("Clashes with the bank"),
}
ENDINGS = ".txt,.md,.markdown,.docx,.xlsx,.csv,.tsv,.gift,.xml,.zip"
