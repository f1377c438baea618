"""Forms of the conduct ledger."""

import secrets
from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from lms.conduct.words import kind_word
from lms.i18n import gettext
from lms.i18n import lazy_gettext as _

LONG_AGO = date(2000, 1, 1)


def new_token() -> str:
    """What tells one filled-in form from another: sent twice, it still has one effect."""
    return secrets.token_urlsafe(16)


class EntryForm(FlaskForm):
    kind = SelectField(_("What happened"), [InputRequired(_("Choose what happened."))])
    happened_on = DateField(_("Day"), [InputRequired(_("Choose the day."))])
    reason = TextAreaField(_("Reason"), [InputRequired(_("Say what happened.")), Length(max=2000)])
    token = HiddenField(default=new_token, validators=[InputRequired(), Length(max=80)])

    def offer(self, kinds: list[str]) -> "EntryForm":
        """Offer the kinds of the policy."""
        words = [("", gettext("Choose one")), *((kind, gettext(kind_word(kind))) for kind in kinds)]
        self.kind.choices = [SelectChoice(kind, word) for kind, word in words]
        return self

    def validate_happened_on(self, field: DateField) -> None:
        if field.data is not None and field.data < LONG_AGO:
            raise ValidationError(gettext("Choose a day from the year 2000 on."))


class VoidForm(FlaskForm):
    reason = TextAreaField(
        _("Why it is void"), [InputRequired(_("Say why the entry is void.")), Length(max=2000)]
    )
    token = HiddenField(default=new_token, validators=[InputRequired(), Length(max=80)])
