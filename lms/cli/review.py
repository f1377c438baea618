"""`lms review`: who qualifies and who falls below. `lms explain PERSON`: where somebody stands, and why."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from lms import clock
from lms.certification.queries import holdings_of
from lms.certification.rules import add_months
from lms.conduct.queries import standing_of
from lms.db import db
from lms.errors import Reason
from lms.i18n import say
from lms.people.models import Person
from lms.people.rules import name_key
from lms.performance.forms import parse_month
from lms.policy.queries import InForce, policy_in_force
from lms.probation.figures import case_of
from lms.probation.words import GateLine, gate_lines
from lms.tiers import words
from lms.tiers.ladder import Requirement
from lms.tiers.queries import Way, all_agents, certification_titles, ways_of


@click.command()
@click.option("--month", "month_text", help="The month to look back on, YYYY-MM; the last one if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def review(month_text: str | None, as_json: bool) -> None:
    """List who qualifies for the next tier at the end of a month, and who falls below the keep-line."""
    on = _first_day_after(month_text)
    ways = ways_of(all_agents(), on, policy_in_force(on))
    titles = certification_titles()
    result = {
        "month": add_months(on.replace(day=1), -1).strftime("%Y-%m"),
        "on": on.isoformat(),
        "qualify": [_row(way, titles) for way in ways if way.climb and way.climb.qualifies],
        "below": [_below(way) for way in ways if way.below],
        "others": [_row(way, titles) for way in ways if way.climb and not way.climb.qualifies],
    }
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else _review_text(result))


def _first_day_after(month_text: str | None) -> date:
    """The day a review of this month is made on; today for the last month."""
    today = clock.today()
    if month_text is None:
        return today
    month = parse_month(month_text)
    if month is None or month >= today.replace(day=1):
        raise click.UsageError("--month is a month that is over, written like 2026-02")
    return min(add_months(month, 1), today)


def _row(way: Way, titles: words.Titles) -> dict[str, Any]:
    assert way.climb is not None
    return {
        "person": way.person.username,
        "name": way.person.name,
        "tier": way.facts.tier,
        "next": way.climb.target,
        "met": way.climb.met,
        "of": len(way.climb.requirements),
        "missing": [_sentence(each, titles) for each in way.climb.requirements if not each.met],
        "earliest": way.climb.earliest.isoformat() if way.climb.earliest else None,
    }


def _below(way: Way) -> dict[str, Any]:
    months = [{"month": month.month.strftime("%Y-%m"), "kpi": str(month.score)} for month in way.below]
    return {"person": way.person.username, "name": way.person.name, "tier": way.facts.tier, "months": months}


def _sentence(requirement: Requirement, titles: words.Titles) -> str:
    target = words.target_of(requirement)
    figure = words.figure_of(requirement) + (f" / {target}" if target is not None else "")
    missing = say(requirement.missing) if requirement.missing else ""
    return f"{words.label_of(requirement, titles)}: {figure}. {missing}".rstrip()


def _review_text(result: dict[str, Any]) -> str:
    lines = [f"Review of {result['month']}, as of {result['on']}", "", "Qualify:"]
    for row in result["qualify"]:
        lines.append(f"  {row['name']} ({row['person']}): {row['tier']} -> {row['next']}")
    lines += ["Below the keep-line:"]
    for row in result["below"]:
        months = ", ".join(f"{month['month']} {month['kpi']}" for month in row["months"])
        lines.append(f"  {row['name']} ({row['person']}), {row['tier']}: {months}")
    lines += ["On the way:"]
    for row in result["others"]:
        lines.append(f"  {row['name']} ({row['person']}): {row['met']} of {row['of']} for {row['next']}")
        lines += [f"    {missing}" for missing in row["missing"]]
    return "\n".join(lines)


@click.command()
@click.argument("person")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def explain(person: str, as_json: bool) -> None:
    """Show where PERSON (a user name) stands: certifications, gates, standing, next tier, with figures."""
    found = db.session.scalar(select(Person).where(Person.username_key == name_key(person)))
    if found is None:
        raise click.ClickException(f"nobody has the user name {person}")
    today = clock.today()
    result = _explanation(found, today, policy_in_force(today))
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else _explain_text(result))


def _explanation(person: Person, today: date, policy: InForce) -> dict[str, Any]:
    standing = standing_of(person, today)
    return {
        "person": person.username,
        "name": person.name,
        "stage": person.stage,
        "tier": person.tier,
        "on": today.isoformat(),
        "policy": policy.number,
        "certifications": [
            {
                "id": each.certification.slug,
                "state": each.state.value,
                "until": each.term.last_day.isoformat() if each.term else None,
            }
            for each in holdings_of([person.id], today)[person.id]
        ],
        "standing": {"state": standing.state, "reasons": [say(each) for each in standing.reasons]},
        "gates": [_gate(line) for line in _gates(person, today, policy)],
        "requirements": [
            _requirement(each)
            for way in ways_of([person], today, policy)
            if way.climb
            for each in way.climb.requirements
        ],
    }


def _gates(person: Person, today: date, policy: InForce) -> Iterable[GateLine]:
    return gate_lines(case_of(person, today, policy).gates) if person.stage in ("trainee", "on_trial") else ()


def _gate(line: GateLine) -> dict[str, Any]:
    return {"id": line.id, "figure": _said(line.figure), "target": _said(line.target), "met": line.met}


def _said(figure: str | Reason) -> str:
    return say(figure) if isinstance(figure, Reason) else figure


def _requirement(each: Requirement) -> dict[str, Any]:
    return {
        "id": each.id,
        "subject": each.subject,
        "figure": words.figure_of(each),
        "target": words.target_of(each),
        "met": each.met,
        "missing": say(each.missing) if each.missing else None,
        "earliest": each.earliest.isoformat() if each.earliest else None,
    }


def _explain_text(result: dict[str, Any]) -> str:
    stage, tier = result["stage"] or "no stage", result["tier"] or "no tier"
    lines = [
        f"{result['name']} ({result['person']}), {stage}, {tier}",
        f"On {result['on']}, by version {result['policy']} of the policy",
        f"Standing: {' '.join([result['standing']['state'], *result['standing']['reasons']])}",
    ]
    for each in result["certifications"]:
        until = f" until {each['until']}" if each["until"] else ""
        lines.append(f"Certification {each['id']}: {each['state']}{until}")
    for heading, rows in (("Gate", result["gates"]), ("Next tier", result["requirements"])):
        for row in rows:
            name = " ".join(part for part in (row["id"], row.get("subject")) if part)
            target = f" / {row['target']}" if row["target"] else ""
            missing = f" {row['missing']}" if row.get("missing") else ""
            verdict = "met" if row["met"] else "not met"
            lines.append(f"{heading}, {name}: {row['figure']}{target}, {verdict}.{missing}")
    return "\n".join(lines)


def register(group: click.Group) -> None:
    """Add this file's commands."""
    group.add_command(review)
    group.add_command(explain)
