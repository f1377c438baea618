"""Deciding on a promotion: one step, by a manager, on evidence that is frozen with it."""

from datetime import date, datetime
from typing import Any, Literal

from lms import clock
from lms.db import lock
from lms.errors import N_, Reason, Refused
from lms.people.models import Decision, Person
from lms.people.operations import decide, decided_already, set_tier
from lms.policy.queries import InForce, policy_in_force
from lms.tiers.ladder import Facts, next_tier
from lms.tiers.queries import facts_of
from lms.tiers.rules import evidence, missing_to_next, why_not_promote

Verdict = Literal["promote", "defer", "refuse"]


def decide_promotion(
    person: Person, target: str, verdict: Verdict, reason: str, *, token: str, actor: Person, now: datetime
) -> Decision:
    """Approve, defer or refuse a person's step to `target`. The same form sent twice has one effect.

    Raises Refused: 403 on oneself, 409 where the step is not possible or not everything asked is met.
    """
    lock(person)
    if made := decided_already(token):
        if made.person_id != person.id:
            raise Refused(Reason(N_("This form was used already. Load the page afresh.")))
        return made
    today = clock.day_of(now)
    policy = policy_in_force(today)
    facts = _facts_of_agent(person, today, policy)
    if why := _why_not(verdict, facts, target, today, policy):
        raise Refused(why)
    decision = decide(
        f"tier.{verdict}",
        person,
        reason=reason,
        evidence=_evidence(facts, target, today, policy),
        policy_version_id=policy.version_id,
        token=token,
        actor=actor,
        now=now,
    )
    if verdict == "promote":
        set_tier(person, target, today, actor=actor, now=now, decision=decision)
    return decision


def _facts_of_agent(person: Person, today: date, policy: InForce) -> Facts:
    facts = facts_of([person.id], today, policy.policy).get(person.id)
    if person.stage != "agent" or facts is None:
        raise Refused(Reason(N_("Only agents climb the ladder. Confirm the person first.")))
    return facts


def _why_not(verdict: Verdict, facts: Facts, target: str, today: date, policy: InForce) -> Reason | None:
    if verdict == "promote":
        return why_not_promote(facts, target, policy.policy.ladder, policy.policy.kpi, today)
    if target != next_tier(facts.tier):
        return Reason(N_("Tiers are climbed one at a time. Reload the page to see the person's tier now."))
    return None


def _evidence(facts: Facts, target: str, today: date, policy: InForce) -> dict[str, Any]:
    requirements = missing_to_next(facts, policy.policy.ladder, policy.policy.kpi, today)
    return {
        "from": facts.tier,
        "to": target,
        "on": today.isoformat(),
        "requirements": evidence(requirements),
        "months": [
            {
                "month": month.month.isoformat(),
                "score": str(month.score),
                "inquiries": month.inquiries,
                "days": month.days,
            }
            for month in facts.months
        ],
    }
