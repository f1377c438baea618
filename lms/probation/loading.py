"""Training plans from the programme file into the database. A probation under way keeps a copy of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms import audit
from lms.db import db
from lms.interchange.changes import Changes
from lms.probation.files import PhaseFile, PlanFile
from lms.probation.models import TrainingPlan


def load_plans(files: Sequence[PlanFile], changes: Changes, *, now: datetime) -> None:
    """Make the training plans those of the file, in its order; what it no longer has is no longer live."""
    known = {plan.slug: plan for plan in db.session.scalars(select(TrainingPlan))}
    for order, file in enumerate(files):
        plan = known.pop(file.id, None)
        values: dict[str, Any] = {
            "order": order,
            "titles": dict(file.title),
            "phases": [_phase(phase) for phase in file.phases],
            "is_live": True,
        }
        is_new = plan is None
        if plan is None:
            plan = TrainingPlan(slug=file.id)
            db.session.add(plan)
        changed = {name for name, value in values.items() if getattr(plan, name) != value}
        for name in changed:
            setattr(plan, name, values[name])
        if changed:
            audit.record(None, "plan.load", plan, now=now, changed=sorted(changed))
        changes.note(f"plan {file.id}", is_new=is_new, has_changed=bool(changed))
    for plan in known.values():
        if plan.is_live:
            plan.is_live = False
            audit.record(None, "plan.retire", plan, now=now)
            changes.retired.append(f"plan {plan.slug}")
    db.session.flush()


def _phase(phase: PhaseFile) -> dict[str, Any]:
    """A phase as the programme file has it."""
    return {
        "title": dict(phase.title),
        "days": phase.days,
        "courses": list(phase.courses),
        "activities": [
            {
                "id": activity.id,
                "title": dict(activity.title),
                "hours": activity.hours,
                "signed_by": activity.signed_by,
            }
            for activity in phase.activities
        ],
        "gate": {"exams": list(phase.gate_exams), "lessons_done": phase.gate_lessons_done},
    }
