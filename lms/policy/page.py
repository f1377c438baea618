"""The ladder and the words of a policy, as its page shows them in the language in force."""

from collections.abc import Callable
from decimal import Decimal

from lms.conduct.rules import KindPolicy
from lms.conduct.words import STATES, effect_words
from lms.errors import N_, Reason
from lms.i18n import gettext, say
from lms.tiers.ladder import EVERY_CERTIFICATION, Ladder, Step
from lms.tiers.words import Titles, certification_word


def standings(states: tuple[str, ...]) -> str:
    """Standings by name: "In good standing / Warned"."""
    return " / ".join(gettext(STATES[state]) for state in states)


def effect_word(kind: KindPolicy) -> str:
    """What an entry of a kind does."""
    return say(effect_words(kind.effect, kind.warnings))


def ladder_rows(ladder: Ladder, titles: Titles) -> list[tuple[str, list[str]]]:
    """One row a requirement with one cell a tier, lowest first; a dash where nothing is asked."""
    cells: list[tuple[str, Callable[[Step], str]]] = [
        (N_("Months in the present tier"), lambda step: _number(step.months_in_tier)),
        (N_("Certifications"), lambda step: _certifications(step, titles)),
        (N_("KPI, mean"), _kpi),
        (N_("Quality, mean of the inspected chats"), lambda step: _number(step.quality)),
        (N_("Standing"), lambda step: standings(step.standings)),
        (N_("No warning or suspension in"), lambda step: _months(step.no_warning_months)),
        (
            N_("Mentees brought to a decision, or training contributions"),
            lambda step: _number(step.mentoring),
        ),
        (N_("Commendations"), lambda step: _number(step.commendations)),
    ]
    return [(gettext(label), [cell(step) for step in ladder.steps.values()]) for label, cell in cells]


def _number(value: int | Decimal) -> str:
    return str(value) if value else "–"


def _months(months: int) -> str:
    return say(Reason(N_("%(months)s months"), months=months)) if months else "–"


def _kpi(step: Step) -> str:
    if not step.kpi_months:
        return "–"
    return say(Reason(N_("%(points)s over %(months)s months"), points=step.kpi, months=step.kpi_months))


def _certifications(step: Step, titles: Titles) -> str:
    if EVERY_CERTIFICATION in step.certifications:
        return gettext("all, none expired")
    return " + ".join(certification_word(slug, titles) for slug in step.certifications)
