"""The words for tiers, figures and decisions, in one place for every page and command."""

from collections.abc import Mapping
from decimal import Decimal

from lms.certification.rules import State
from lms.errors import N_
from lms.i18n import gettext, pick, say
from lms.people.words import TIERS as TIER_WORDS
from lms.tiers.ladder import TIERS, Requirement, Unit

STATE_WORDS = {
    State.NOT_STARTED: N_("not started"),
    State.IN_PROGRESS: N_("in progress"),
    State.CERTIFIED: N_("held"),
    State.EXPIRING: N_("held, expiring"),
    State.EXPIRED: N_("expired"),
    State.SUSPENDED: N_("suspended"),
    State.REVOKED: N_("revoked"),
    "good": N_("good"),
    "warned": N_("warned"),
    "blacklisted": N_("blacklisted"),
}
DECISION_WORDS = {
    "tier.promote": N_("Promoted"),
    "tier.defer": N_("Deferred"),
    "tier.refuse": N_("Refused"),
}
DECIDED = {
    "tier.promote": N_("%(name)s is promoted. The evidence is kept with the decision."),
    "tier.defer": N_("The promotion of %(name)s is deferred. The evidence is kept with the decision."),
    "tier.refuse": N_("The promotion of %(name)s is refused. The evidence is kept with the decision."),
}

COMMON_CERTIFICATIONS = {
    "base": N_("Base certification"),
    "product": N_("Product certification"),
    "after-sales": N_("After-sales certification"),
    "complaints": N_("Complaints certification"),
}
"""What the ladder may ask for before the programme offers it."""

Titles = Mapping[str, Mapping[str, str]]


def tier_word(tier: str) -> str:
    """The tier's name in the language in force."""
    return gettext(TIER_WORDS[tier])


def tier_number(tier: str) -> int:
    """1 for regular to 5 for gold: how many strokes its mark has."""
    return TIERS.index(tier) + 1


def certification_word(slug: str, titles: Titles) -> str:
    """A certification by its title in the programme, by its common name, or as the policy writes it."""
    if slug in titles:
        return pick(titles[slug])
    return gettext(COMMON_CERTIFICATIONS[slug]) if slug in COMMON_CERTIFICATIONS else slug


def label_of(requirement: Requirement, titles: Titles) -> str:
    """What is asked, with the certification's title where it is one."""
    if requirement.subject:
        return certification_word(requirement.subject, titles)
    return say(requirement.label)


def shown(figure: Decimal | None) -> str:
    """A figure without needless zeros, a dash where there is none yet."""
    if figure is None:
        return "–"
    return f"{figure.normalize():f}"


def figure_of(requirement: Requirement) -> str:
    """Where the person stands: a number, or the word for a state."""
    if requirement.unit is Unit.STATE:
        return gettext(STATE_WORDS[requirement.state])
    return shown(requirement.figure)


def target_of(requirement: Requirement) -> str | None:
    """What is needed, None where only a state is asked."""
    return None if requirement.target is None else shown(requirement.target)
