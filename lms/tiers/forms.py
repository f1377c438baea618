"""The form that decides on a promotion."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length

from lms.i18n import lazy_gettext as _
from lms.tiers.ladder import TIERS


class PromotionForm(FlaskForm):
    verdict = RadioField(
        _("Decision"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice("promote", _("Promote")),
            SelectChoice("defer", _("Defer")),
            SelectChoice("refuse", _("Refuse")),
        ],
    )
    reason = TextAreaField(
        _("Reason"),
        [
            InputRequired(_("Give the reason; the person reads it.")),
            Length(min=3, max=2000, message=_("Between 3 and 2000 characters.")),
        ],
    )
    target = HiddenField(validators=[AnyOf(TIERS)])
    token = HiddenField(validators=[InputRequired(), Length(min=16, max=80)])
