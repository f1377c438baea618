"""Certifications from the programme file into the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms import audit
from lms.certification.files import CertificationFile
from lms.certification.models import Certification
from lms.db import db
from lms.interchange.changes import Changes

LIVE, RETIRED = "live", "retired"


def load_certifications(files: Sequence[CertificationFile], changes: Changes, *, now: datetime) -> None:
    """Make the certifications those of the file, in its order; what it no longer has retires."""
    known = {each.slug: each for each in db.session.scalars(select(Certification))}
    for order, file in enumerate(files):
        certification = known.pop(file.id, None)
        values = {
            "order": order,
            "titles": dict(file.title),
            "courses": list(file.courses),
            "exams": list(file.exams),
            "quarterly": list(file.quarterly),
            "months": file.months,
            "renew_days": file.renew_days,
            "state": LIVE,
        }
        is_new = certification is None
        if certification is None:
            certification = Certification(slug=file.id)
            db.session.add(certification)
        changed = {name for name, value in values.items() if getattr(certification, name) != value}
        for name in changed:
            setattr(certification, name, values[name])
        if changed:
            audit.record(None, "certification.load", certification, now=now, changed=sorted(changed))
        changes.note(f"certification {file.id}", is_new=is_new, has_changed=bool(changed))
    for certification in known.values():
        if certification.state == LIVE:
            certification.state = RETIRED
            audit.record(None, "certification.retire", certification, now=now)
            changes.retired.append(f"certification {certification.slug}")
    db.session.flush()
