"""Forms of trials and shifts. They check shape; operations check truth."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lms import clock
from lms.conduct.forms import new_token
from lms.fields import WholeField
from lms.i18n import gettext, pick
from lms.i18n import lazy_gettext as _
from lms.people.models import Person
from lms.probation.gates import CRITERIA, HIGHEST, LOWEST
from lms.probation.hours import Slot
from lms.probation.models import TrainingPlan
from lms.probation.words import CRITERIA_WORDS, DECISION_WORDS

YEARS = range(2000, 2101)
DAY_MINUTES = 24 * 60
MOST_CHATS = 9999
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def local(moment: datetime | None) -> datetime | None:
    """A moment as the site's local time, to the minute, as a date and time field shows it."""
    return moment.astimezone(clock.zone()).replace(tzinfo=None, second=0, microsecond=0) if moment else None


def moment_of(value: datetime | None) -> datetime | None:
    """What was typed as the site's local time, as a moment."""
    return value.replace(tzinfo=clock.zone()) if value else None


def sensible_year(_form: FlaskForm, field: Any) -> None:
    """A typing slip in the year is not a date somebody meant."""
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(gettext("Check the year."))


class TimeField(DateTimeLocalField):
    """A date and time of the site's calendar; what cannot be read is refused in plain words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a date and a time.")) from None


class ShiftForm(FlaskForm):
    starts_at = TimeField(
        _("Starts at"), [InputRequired(_("Say when it starts.")), sensible_year], format=FORMATS
    )
    ends_at = TimeField(_("Ends at"), [InputRequired(_("Say when it ends.")), sensible_year], format=FORMATS)

    @property
    def slot(self) -> Slot:
        """What was entered, as a slot."""
        zone = clock.zone()
        return Slot(self.starts_at.data.replace(tzinfo=zone), self.ends_at.data.replace(tzinfo=zone))


class AttendanceForm(FlaskForm):
    came_at = TimeField(_("Came at"), [Optional(), sensible_year], format=FORMATS)


def _minutes(label: Any, *, required: bool) -> WholeField:
    first = InputRequired(_("Enter the minutes, 0 if there were none.")) if required else Optional()
    limit = NumberRange(0, DAY_MINUTES, _("Enter whole minutes of one day."))
    return WholeField(label, [first, limit])


class CloseForm(FlaskForm):
    serving_minutes = _minutes(_("Minutes serving customers"), required=True)
    waiting_minutes = _minutes(_("Minutes ready and waiting"), required=True)
    overrun_minutes = _minutes(_("Minutes past the end"), required=False)
    chats = WholeField(_("Chats"), [Optional(), NumberRange(0, MOST_CHATS, _("Enter how many chats."))])

    @property
    def figures(self) -> dict[str, Any]:
        """What was entered, by the names of `close_shift`."""
        return {field.name: field.data for field in self if isinstance(field, WholeField)}


def _score(value: Any) -> int:
    """The score chosen; 0, which is none, for what is not a number."""
    return int(value) if isinstance(value, int) or (str(value).isascii() and str(value).isdigit()) else 0


def _criterion(name: str) -> RadioField:
    return RadioField(
        _(CRITERIA_WORDS[name]),
        [
            InputRequired(_("Choose a score.")),
            NumberRange(LOWEST, HIGHEST, _("A score is a number from %(min)s to %(max)s.")),
        ],
        choices=[SelectChoice(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)],
        coerce=_score,
        validate_choice=False,
    )


class RubricForm(FlaskForm):
    product = _criterion("product")
    rules = _criterion("rules")
    tone = _criterion("tone")
    speed = _criterion("speed")
    tools = _criterion("tools")
    teamwork = _criterion("teamwork")
    comment = TextAreaField(
        _("Comment"), [InputRequired(_("Say what to keep and what to change.")), Length(max=2000)]
    )
    recommends = BooleanField(_("I recommend confirming early"))

    @property
    def scores(self) -> dict[str, int]:
        """The score of every criterion."""
        return {criterion: self[criterion].data for criterion in CRITERIA}


class StartForm(FlaskForm):
    plan = SelectField(_("Training plan"), coerce=int)
    mentor = SelectField(_("Mentor"), coerce=int)

    def offer(self, plans: Iterable[TrainingPlan], mentors: Iterable[Person]) -> "StartForm":
        """Offer these plans and mentors."""
        self.plan.choices = [SelectChoice(str(plan.id), pick(plan.titles)) for plan in plans]
        self.mentor.choices = [SelectChoice(str(mentor.id), mentor.name) for mentor in mentors]
        return self


class DecisionForm(FlaskForm):
    decision = RadioField(
        _("Decision"),
        [InputRequired(_("Choose a decision."))],
        choices=[SelectChoice(name, _(word)) for name, word in DECISION_WORDS.items() if name != "not_yet"],
    )
    reason = TextAreaField(_("Reason"), [InputRequired(_("Give the reason.")), Length(max=2000)])
    token = HiddenField(default=new_token, validators=[InputRequired(), Length(max=80)])
