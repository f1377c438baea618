"""The words for kinds of entries, their effects and standings, in one place for every page."""

from lms.errors import N_, Reason

KINDS = {
    "leave-rule": N_("Leave rule broken"),
    "absence": N_("Absent without leave"),
    "complaint": N_("Justified complaint"),
    "serious-fault": N_("Serious service fault"),
    "resit-failed": N_("Quarterly resit failed"),
    "cheating": N_("Cheating or impersonation"),
    "faked-performance": N_("Faked performance"),
    "red-line": N_("Red line 1 to 5 broken"),
    "grave-fault": N_("Grave fault"),
    "red-line-data": N_("Red line 6 or 7 broken"),
    "readmission": N_("Readmission"),
    "house-rule": N_("House rule broken"),
    "commendation": N_("Commendation"),
    "error-found": N_("Found an error in our data"),
    "suggestion-adopted": N_("Suggestion adopted"),
    "contribution": N_("Contribution to the training"),
}

STATES = {
    "good": N_("In good standing"),
    "warned": N_("Warned"),
    "suspended": N_("Suspended from service"),
    "revoked": N_("Qualification revoked"),
    "blacklisted": N_("Blacklisted"),
}

MARKS = {"good": "good", "warned": "warning", "suspended": "bad", "revoked": "bad", "blacklisted": "bad"}

EFFECTS = {
    "record": N_("On record only"),
    "praise": N_("Counts towards promotion"),
    "suspension": N_("Suspension"),
    "revocation": N_("Revocation"),
    "blacklist": N_("Blacklisting"),
    "readmission": N_("Back to good standing"),
}


def kind_word(kind: str) -> str:
    """The message id for a kind; a kind that only the policy knows is shown as it is written there."""
    return KINDS.get(kind, kind)


def effect_words(effect: str, warnings: int) -> Reason:
    """What an entry does, in words."""
    if effect == "warning":
        return Reason(N_("Warnings: %(count)s"), count=warnings)
    return Reason(EFFECTS[effect])
