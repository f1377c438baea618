"""Needs, stages and states in words, in one place for the pages and the export."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for

from lms.certification.rules import State
from lms.errors import N_
from lms.i18n import day, day_from_today, gettext, month, pick, say
from lms.people.words import STAGES
from lms.probation.words import DECISION_WORDS as TRIAL_WORDS
from lms.reports.queries import Call
from lms.reports.rules import Kind, Need
from lms.tiers.words import DECISION_WORDS as TIER_DECISIONS
from lms.tiers.words import tier_word

CERTIFICATES = {
    State.NOT_STARTED: N_("Not started"),
    State.IN_PROGRESS: N_("In progress"),
    State.CERTIFIED: N_("Certified"),
    State.EXPIRING: N_("Expiring"),
    State.EXPIRED: N_("Expired"),
    State.SUSPENDED: N_("Suspended"),
    State.REVOKED: N_("Revoked"),
}

Titles = Mapping[str, Mapping[str, str]]


def stage_word(stage: str | None) -> str:
    """The stage's name in the language in force, a dash for somebody who has none."""
    return gettext(STAGES[stage]) if stage else "–"


def certificate_word(state: str) -> str:
    """A certification's state by its name; what is no state is shown as it came."""
    return gettext(CERTIFICATES[State(state)]) if state in list(State) else state


def decision_word(kind: str) -> str:
    """What was decided, "tier.promote" or "probation.confirm", in words."""
    feature, _, verdict = kind.partition(".")
    if feature == "probation" and verdict in TRIAL_WORDS:
        return gettext(TRIAL_WORDS[verdict])
    return gettext(TIER_DECISIONS[kind]) if kind in TIER_DECISIONS else kind


def span_text(starts_on: date, ends_on: date | None) -> str:
    """From when to when something held."""
    if ends_on is None:
        return gettext("since %(day)s", day=day(starts_on))
    return gettext("%(first)s to %(last)s", first=day(starts_on), last=day(ends_on))


def need_text(need: Need, titles: Titles) -> str:
    """A need in a few words, for a row about the person."""
    when = need.day or date.max
    says: dict[Kind, Any] = {
        Kind.PROBATION: lambda: gettext(
            "Trial decision, due %(day)s: %(met)s of %(total)s gates",
            day=day_from_today(when), met=need.met, total=need.total,
        ),
        Kind.PROMOTION: lambda: gettext("Qualifies for %(tier)s", tier=tier_word(need.subject)),
        Kind.READY: lambda: gettext("Certified: the trial can begin"),
        Kind.EXPIRED: lambda: gettext("%(title)s expired", title=_title(need, titles)),
        Kind.LAPSING: lambda: gettext(
            "%(title)s lapses %(day)s", title=_title(need, titles), day=day_from_today(when)
        ),
        Kind.KEEP_LINE: lambda: gettext("Below the keep-line: a talk is due"),
        Kind.FIGURES: lambda: gettext("Figures of %(month)s are missing", month=month(when)),
        Kind.STUCK: lambda: say(need.why) if need.why else "",
        Kind.IDLE: lambda: gettext("No progress since %(day)s", day=day(when)),
    }  # fmt: skip
    return says[need.kind]()


def call_text(call: Call, titles: Titles) -> str:
    """A call in one sentence: about one person by name, about several by number."""
    need, number, when = call.need, len(call.rows), call.need.day or date.max
    if number == 1:
        return gettext("%(name)s: %(need)s", name=call.rows[0].person.name, need=need_text(need, titles))
    says: dict[Kind, Any] = {
        Kind.EXPIRED: lambda: gettext(
            "%(title)s expired: %(count)s people", title=_title(need, titles), count=number
        ),
        Kind.LAPSING: lambda: gettext(
            "%(title)s lapses, the first one %(day)s: %(count)s people",
            title=_title(need, titles), day=day_from_today(when), count=number,
        ),
        Kind.FIGURES: lambda: gettext(
            "Figures of %(month)s are missing: %(count)s people", month=month(when), count=number
        ),
        Kind.IDLE: lambda: gettext("%(count)s trainees without progress", count=number),
    }  # fmt: skip
    return says[need.kind]()


def _title(need: Need, titles: Titles) -> str:
    return pick(titles.get(need.subject, {"en": need.subject}))


def calls_heading(number: int) -> str:
    """What stands above the calls: "3 need you"."""
    return gettext("One needs you") if number == 1 else gettext("%(count)s need you", count=number)


def call_link(call: Call, may_decide: bool, may_record: bool) -> tuple[str, str]:
    """Where a call is answered, and the label of the button."""
    person = call.rows[0].person.id
    kind = call.need.kind
    if kind is Kind.PROBATION and may_decide:
        return url_for("probation.case", person_id=person), gettext("Decide")
    if kind is Kind.PROMOTION and may_decide:
        return url_for("tiers.promotion", person_id=person), gettext("Decide")
    if kind is Kind.READY and may_decide:
        return url_for("probation.confirm_start", person_id=person), gettext("Start the trial")
    if kind is Kind.FIGURES and may_record and call.need.day:
        return url_for("performance.team", month=call.need.day.strftime("%Y-%m")), gettext("Record")
    if kind in (Kind.EXPIRED, Kind.LAPSING):
        state = State.EXPIRED if kind is Kind.EXPIRED else State.EXPIRING
        return (
            url_for("reports.certifications", certification=call.need.subject, state=state.value),
            gettext("See who"),
        )
    if kind is Kind.IDLE and len(call.rows) > 1:
        return url_for("reports.team", stage="trainee"), gettext("See who")
    return url_for("reports.person", person_id=person), gettext("Open")
