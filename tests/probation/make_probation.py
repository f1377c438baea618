"""Builders for trials: a plan, a team with a manager, a mentor and a newcomer, shifts and rubrics."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.db import db
from lms.people.models import Person, Team
from lms.probation import operations, shifts
from lms.probation.gates import CRITERIA
from lms.probation.hours import Slot
from lms.probation.models import Probation, Shift, TrainingPlan
from tests import make
from tests.conftest import NOON
from tests.exams import make_exam

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE = NOON - 3 * HOUR  # 09:00 in Shanghai
FOURS = dict.fromkeys(CRITERIA, 4)
FIVES = dict.fromkeys(CRITERIA, 5)

PHASES = [
    {
        "title": {"en": "Warehouse", "zh": "仓库"},
        "days": 2,
        "courses": [],
        "activities": [
            {"id": "count", "title": {"en": "Count stock", "zh": "盘点"}, "hours": 8, "signed_by": "mentor"}
        ],
        "gate": {"exams": [], "lessons_done": True},
    },
    {
        "title": {"en": "Supervised chat", "zh": "带教上机"},
        "days": 3,
        "courses": [],
        "activities": [
            {"id": "review", "title": {"en": "Review", "zh": "复盘"}, "hours": 1, "signed_by": "manager"}
        ],
        "gate": {"exams": ["base"], "lessons_done": True},
    },
]


def plan(slug: str = "week") -> TrainingPlan:
    made = TrainingPlan(slug=slug, order=1, titles={"en": "A week", "zh": "一周"}, phases=PHASES)
    db.session.add(made)
    db.session.commit()
    return made


@dataclass
class World:
    """A team with its manager, a mentor and a newcomer on trial since the first day."""

    team: Team
    manager: Person
    mentor: Person
    person: Person
    probation: Probation


def world(began: datetime = NOON) -> World:
    """Somebody put on trial: by default at noon, three hours after a shift could have begun."""
    team = make.team()
    manager, mentor = make.manager(team, "Manager"), make.person("Mentor", team=team, roles=("mentor",))
    person = make.person("Lin Yue", stage="trainee", team=team)
    probation = operations.start_probation(person, plan(), mentor, actor=manager, now=began)
    db.session.commit()
    return World(team, manager, mentor, person, probation)


def planned(of: World, start: datetime = NINE, hours: int = 2, now: datetime = NOON) -> Shift:
    shift = shifts.schedule_shift(of.person, Slot(start, start + hours * HOUR), actor=of.mentor, now=now)
    db.session.commit()
    return shift


def closed(
    of: World, start: datetime = NINE, hours: int = 2, *, late: int | None = 0, served: int | None = None
) -> Shift:
    """A shift that was worked, `late` minutes late (None: absent), and closed at its end."""
    shift = planned(of, start, hours, now=start)
    end = start + hours * HOUR
    if late is not None:
        came = start + late * MINUTE
        shifts.record_attendance(shift, came, actor=of.mentor, now=end)
    present = 0 if late is None else hours * 60 - late
    minutes = present if served is None else served
    shifts.close_shift(shift, serving_minutes=minutes, waiting_minutes=0, actor=of.mentor, now=end)
    db.session.commit()
    return shift


def scored(of: World, shift: Shift, scores: dict[str, int] = FOURS, recommends: bool = False) -> Shift:
    shifts.score_shift(shift, scores, "Good", recommends, actor=of.mentor, now=shift.ends_at)
    db.session.commit()
    return shift


def certified(person: Person, now: datetime = NOON) -> None:
    """Give somebody the base certification, the way it is earned."""
    exam = make_exam.world()
    make_exam.certification("base")
    make_exam.handed_in(make_exam.answered(make_exam.started(exam, person, now), now), now)


def inspected(of: World, chats: int = 20, score: int = 90_00, fatal: int = 0) -> None:
    """A month with so many inspected chats, the last `fatal` of them with a fatal error."""
    from lms.performance.models import KpiMonth

    month = of.probation.starts_on.replace(day=1)
    rows = [{"score": score, "fatal": number >= chats - fatal} for number in range(chats)]
    db.session.add(
        KpiMonth(person_id=of.person.id, month=month, kpi=90_00, inquiries=600, days=12, inspected=rows,
                 recorded_at=NOON, recorded_by_id=of.manager.id, token=f"kpi-{of.person.id}")
    )  # fmt: skip
    db.session.commit()


def ready(scores: dict[str, int] = FOURS, recommends: bool = False) -> World:
    """Somebody who meets every gate of the employee profile: ten shifts of six hours in ten days."""
    of = world(NOON - timedelta(days=13))
    for day in range(10):
        scored(of, closed(of, NINE - timedelta(days=12 - day), 6), scores, recommends)
    certified(of.person)
    inspected(of)
    return of


def decision(kind: str, **more: object) -> dict[str, object]:
    """A filled-in decision form."""
    return {"decision": kind, "reason": "Ready for the work", "token": "form-1"} | more
