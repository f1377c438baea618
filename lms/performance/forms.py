"""The form of a month, and the one that lets anybody work out a score."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.errors import Reason
from lms.fields import NumberField, WholeField
from lms.i18n import gettext, pick, say
from lms.i18n import lazy_gettext as _
from lms.performance.chats import Chat, parse_chats
from lms.performance.rules import Scheme

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z")


def parse_month(text: str | None) -> date | None:
    """The first day of a month written like 2026-03, or None."""
    match = _MONTH.match(text or "")
    return date(int(match[1]), int(match[2]), 1) if match else None


class MonthForm(FlaskForm):
    kpi = NumberField(
        _("KPI, 0 to 100"),
        [
            InputRequired(_("Enter the KPI of the month.")),
            NumberRange(0, 100, _("The KPI lies between 0 and 100.")),
        ],
        places=2,
    )
    inquiries = WholeField(
        _("Customers who inquired"),
        [
            InputRequired(_("Enter a whole number, 0 if there were none.")),
            NumberRange(0, 1_000_000, _("Enter a whole number, 0 if there were none.")),
        ],
    )
    days = WholeField(
        _("Days worked"),
        [
            InputRequired(_("Enter the days worked, 0 to 31.")),
            NumberRange(0, 31, _("Enter the days worked, 0 to 31.")),
        ],
    )
    chats = TextAreaField(_("Scores of the inspected chats"), [Optional(), Length(max=5000)])
    token = HiddenField(validators=[InputRequired(), Length(min=16, max=80)])

    inspected: tuple[Chat, ...] = ()

    def validate_kpi(self, field: NumberField) -> None:
        if not field.errors and field.data != field.data.quantize(Decimal("0.01")):
            raise ValidationError(gettext("Two decimals are enough."))

    def validate_chats(self, field: TextAreaField) -> None:
        found = parse_chats(field.data or "")
        if isinstance(found, Reason):
            raise ValidationError(say(found))
        self.inspected = found


def reckoning_form(scheme: Scheme) -> Any:
    """A form with one number for each measure of a scheme; it is sent by GET and changes nothing."""
    fields = {
        measure.id: NumberField(
            pick(measure.title),
            [InputRequired(), NumberRange(0, 1_000_000, _("Enter a number, 0 or more."))],
            places=None,
        )
        for measure in scheme.measures
    }

    class Meta:
        csrf = False

    return type("ReckoningForm", (FlaskForm,), {**fields, "Meta": Meta})
