"""What the ledger answers to the features below it."""

from datetime import date

from lms.certification.signals import suspensions_wanted
from lms.conduct.queries import standings_of


@suspensions_wanted.connect
def who_may_not_serve(people: tuple[int, ...], *, day: date) -> set[int]:
    """Whoever is suspended, revoked or blacklisted on a day holds no certification that counts."""
    return {person for person, standing in standings_of(people, day).items() if not standing.may_serve}
