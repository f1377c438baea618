"""The one next thing to do: every role's candidates, the most pressing first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from lms import clock
from lms.access import Permission, may
from lms.banks.models import Question
from lms.certification.queries import OwnCertification, titles_of_certifications
from lms.certification.rules import State
from lms.courses.queries import next_lesson
from lms.db import db
from lms.errors import N_, Reason
from lms.exams.models import Attempt
from lms.i18n import day_from_today, gettext, pick, say
from lms.people.models import Person, RoleGrant, Team
from lms.probation.queries import NextStep, OwnPage, next_for_learner, next_for_mentor
from lms.reports import words
from lms.reports.queries import calls_of, team_rows
from lms.tiers.queries import Way


@dataclass(frozen=True)
class Step:
    """Something to do, in the person's language: what, why, and where the button leads."""

    kicker: str
    title: str
    url: str
    label: str
    text: str | None = None
    minutes: int | None = None
    post: bool = False


def open_exam(person: Person, now: datetime) -> Step | None:
    """An exam that is running: nothing comes before it."""
    attempt = db.session.scalar(
        select(Attempt)
        .where(Attempt.person_id == person.id, Attempt.submitted_at.is_(None), Attempt.deadline > now)
        .options(joinedload(Attempt.version))
        .order_by(Attempt.deadline)
        .limit(1)
    )
    if attempt is None:
        return None
    return Step(
        gettext("Your exam is running"),
        pick(attempt.version.titles),
        url_for("exams.sit", attempt_id=attempt.id),
        gettext("Back to the paper"),
        minutes=int((attempt.deadline - now).total_seconds() // 60),
    )


def from_trial(kicker: Reason, step: NextStep | None) -> Step | None:
    """A step that the trial asks for."""
    if step is None:
        return None
    return Step(
        say(kicker), say(step.title), url_for(step.endpoint, **step.values), gettext(step.label),
        text=say(step.text) if step.text else None, post=step.post,
    )  # fmt: skip


def towards_certificate(person: Person, own: OwnCertification) -> Step | None:
    """The next lesson or exam on the way to a certification, or its renewal."""
    title = pick(own.holding.certification.titles)
    missing = own.next_step
    if own.holding.state is State.EXPIRING and own.holding.award is not None:
        ends = day_from_today(own.holding.award.ends_on, clock.today())
        kicker = gettext("%(title)s ends %(day)s", title=title, day=ends)
    else:
        kicker = title
    if missing is None:
        return None
    if missing.kind == "exam":
        text = gettext("All lessons are done. The exam is what remains.")
        url = url_for("exams.show", slug=missing.slug)
        return Step(kicker, pick(missing.titles), url, gettext("To the exam"), text=text)
    return lesson_step(person, kicker)


def lesson_step(person: Person, kicker: str) -> Step | None:
    """The lesson to go on with."""
    lesson = next_lesson(person.id)
    if lesson is None:
        return None
    return Step(
        kicker,
        pick(lesson.titles),
        url_for("courses.lesson", course=lesson.course, lesson=lesson.slug),
        gettext("Read it again") if lesson.is_changed else gettext("Continue"),
        text=pick(lesson.course_titles),
        minutes=lesson.minutes,
    )


def climbing(way: Way | None) -> Step | None:
    """What an agent's climb says."""
    if way is None or way.climb is None:
        return None
    climb = way.climb
    met = gettext("%(met)d of %(total)d requirements met", met=climb.met, total=len(climb.requirements))
    title = (
        gettext("You have all that the next tier asks")
        if climb.qualifies
        else gettext("See what is missing to the next tier")
    )
    return Step(gettext("My climb"), title, url_for("tiers.climb"), gettext("Open"), text=met)


def authoring() -> Step:
    """What a trainer finds: drafts to finish, else a bank to add to."""
    drafts = db.session.scalar(select(func.count(Question.id)).where(Question.state == "draft")) or 0
    live = db.session.scalar(select(func.count(Question.id)).where(Question.state == "live")) or 0
    title = gettext("Finish %(count)d drafts", count=drafts) if drafts else gettext("Write the next question")
    text = gettext("%(count)d questions are live.", count=live)
    return Step(gettext("Question banks"), title, url_for("banks.index"), gettext("To the banks"), text=text)


def administering() -> Step:
    """What an admin finds: a company to set up, else accounts whose owners have not come in yet."""
    if first := _setting_up():
        return first
    waiting = db.session.scalar(
        select(func.count(Person.id)).where(Person.password_hash.is_(None), Person.is_active)
    )
    if waiting:
        title = gettext("%(count)d people have not used their link yet", count=waiting)
    else:
        title = gettext("Everybody has come in")
    return Step(gettext("Accounts"), title, url_for("admin.people"), gettext("To the people"))


def _setting_up() -> Step | None:
    """What a new site lacks before anybody can work with it: a team, its people, a manager."""
    has_team, has_people, has_manager = db.session.execute(
        select(
            exists(select(Team.id)),
            exists(select(Person.id).where(~Person.grants.any(RoleGrant.role == "admin"))),
            exists(select(RoleGrant.id).where(RoleGrant.role == "manager", RoleGrant.ends_on.is_(None))),
        )
    ).one()
    kicker = gettext("Set-up")
    if not has_team:
        text = gettext("Begin with the one at the top, such as customer service as a whole.")
        return Step(
            kicker, gettext("Make the first team"), url_for("admin.teams"), gettext("To the teams"), text=text
        )
    if not has_people:
        text = gettext("Each person gets a one-time link from you and chooses a password with it.")
        url = url_for("admin.new_person")
        return Step(kicker, gettext("Open the first account"), url, gettext("New person"), text=text)
    if not has_manager:
        text = gettext("Managers start trials, record figures and decide. Give the role for the team at the top.")
        title = gettext("Nobody is a manager yet")
        return Step(kicker, title, url_for("admin.people"), gettext("To the people"), text=text)
    return None


def calls(person: Person, now: datetime) -> list[Step]:
    """What waits for whoever leads a team."""
    called = calls_of(team_rows(person, now))
    titles = titles_of_certifications()
    decides, records = may(person, Permission.DECIDE), may(person, Permission.RECORD_KPI)
    steps = []
    for call in called:
        url, label = words.call_link(call, decides, records)
        steps.append(Step(words.calls_heading(len(called)), words.call_text(call, titles), url, label))
    return steps


def steps_of(
    person: Person,
    certifications: list[OwnCertification],
    way: Way | None,
    trial: OwnPage | None,
    now: datetime,
) -> Iterator[Step]:
    """All that waits for a person, the most pressing first."""
    running = open_exam(person, now)
    yield from filter(None, [running])
    if may(person, Permission.READ_KPI):
        yield from calls(person, now)
    elif may(person, Permission.SCORE_SHIFTS):
        yield from filter(None, [from_trial(Reason(N_("Your mentees")), next_for_mentor(person, now))])
    if trial is not None and trial.case.probation is not None:
        kicker = Reason(N_("Day %(day)d of %(length)d"), day=trial.day, length=trial.length)
        yield from filter(None, [from_trial(kicker, next_for_learner(person, now))])
    if person.stage in ("trainee", "on_trial", "agent") and not running:
        yield from filter(None, [_learning(person, certifications)])
    if person.stage == "agent":
        yield from filter(None, [climbing(way)])
    if may(person, Permission.AUTHOR):
        yield authoring()
    if may(person, Permission.ADMINISTER):
        yield administering()


def _learning(person: Person, certifications: list[OwnCertification]) -> Step | None:
    """The way to the first certification that is not held, or that runs out."""
    pressing = {State.NOT_STARTED, State.IN_PROGRESS, State.EXPIRING, State.EXPIRED}
    for own in certifications:
        if own.holding.state in pressing and (step := towards_certificate(person, own)):
            return step
    return lesson_step(person, gettext("Courses"))
