"""What the ledger answers to the features below it."""

from datetime import date

from lms.certification.rules import Conduct
from lms.certification.signals import conduct_wanted
from lms.conduct.queries import ledgers_of
from lms.conduct.rules import standing_of
from lms.policy.queries import policy_in_force


@conduct_wanted.connect
def bearing_on_certifications(people: tuple[int, ...], *, day: date) -> dict[int, Conduct]:
    """Whoever is suspended, revoked or blacklisted may not serve; a revocation takes what was held by then."""
    policy = policy_in_force(day).policy.conduct
    return {
        person: Conduct(
            is_barred=not standing_of(ledger, day, policy).may_serve,
            revoked_on=max((each.start for each in ledger.exclusions if each.start <= day), default=None),
        )
        for person, ledger in ledgers_of(people, policy).items()
    }
