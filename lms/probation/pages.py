"""The pages of trials that more than one view shows: fresh, or again with what was typed and refused."""

from typing import Any

from flask import render_template
from flask_login import current_user

from lms import clock
from lms.access import Permission
from lms.conduct.queries import reaches
from lms.people.models import Person
from lms.policy.queries import policy_in_force
from lms.probation import queries, words
from lms.probation.figures import case_of
from lms.probation.forms import (
    AttendanceForm,
    CloseForm,
    DecisionForm,
    RubricForm,
    ShiftForm,
    StartForm,
    local,
)
from lms.probation.models import Shift
from lms.probation.plans import day_and_length, plan_view


def mentee_page(person: Person, form: ShiftForm | None) -> str:
    """A mentee's page; `form` carries back what could not be planned."""
    today = clock.today()
    found = case_of(person, today)
    probation = found.probation
    return render_template(
        "probation/mentee.html",
        person=person,
        case=found,
        phases=plan_view(probation, today) if probation else [],
        day=day_and_length(probation, today) if probation else None,
        form=form or ShiftForm(formdata=None),
        may_sign=reaches(Permission.SCORE_SHIFTS, person, current_user),
        may_sign_all=reaches(Permission.DECIDE, person, current_user),
        now=clock.now(),
        words=words,
    )


def shift_page(
    found: Shift,
    *,
    attendance: AttendanceForm | None = None,
    close: CloseForm | None = None,
    rubric: RubricForm | None = None,
) -> str:
    """A shift's page: attendance, then closing, then the rubric. A form given carries back its input."""
    came = local(found.checked_in_at or found.starts_at)
    return render_template(
        "probation/shift.html",
        shift=found,
        person=found.person,
        attendance=attendance or AttendanceForm(formdata=None, data={"came_at": came}),
        close=close or CloseForm(formdata=None),
        rubric=rubric or RubricForm(formdata=None),
        may_score=reaches(Permission.SCORE_SHIFTS, found.person, current_user),
        policy=policy_in_force(clock.today()).policy.hours,
        now=clock.now(),
        words=words,
    )


def case_page(person: Person, form: DecisionForm | None) -> str:
    """The page a trial is decided on."""
    today = clock.today()
    found = case_of(person, today)
    return render_template(
        "probation/case.html",
        person=person,
        case=found,
        past=queries.latest_probation(person) if found.probation is None else None,
        mentor=queries.mentors_of([person.id]).get(person.id),
        options=queries.decision_options(found, current_user, today),
        form=form or DecisionForm(formdata=None),
        may_decide=reaches(Permission.DECIDE, person, current_user),
        profile=policy_in_force(today).policy.profile,
        today=today,
        words=words,
    )


def start_form(person: Person) -> tuple[StartForm, list[Any], list[Person]]:
    """The form with what can be chosen: the live plans, and the mentors of the actor's teams."""
    plans, mentors = queries.live_plans(), queries.possible_mentors(person, current_user)
    return StartForm().offer(plans, mentors), plans, mentors


def start_page(person: Person, form: StartForm | None) -> str:
    """The page on which a trial begins."""
    offered, plans, mentors = start_form(person)
    return render_template(
        "probation/start.html", person=person, form=form or offered, plans=plans, mentors=mentors
    )
