"""What a printed paper can be asked for. Sent by GET; a wrong value is told, and the usual one taken for it."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, NumberRange

from lms.banks.papers import FORMS
from lms.fields import NumberField
from lms.i18n import gettext
from lms.i18n import lazy_gettext as _
from lms.interchange.records import TYPES

LANGUAGE_NAMES = {"en": _("English"), "zh": _("Chinese")}
_RANGE = NumberRange(0, 100, _("Points are a number from 0 to 100, such as 2 or 0.5."))


class PaperForm(FlaskForm):
    """Language, title, order, points by type, and whether the keys come with it."""

    class Meta:
        csrf = False

    title = StringField(_("Title"), [Length(max=100, message=_("This is too long. Shorten it."))], default="")
    language = SelectField(_("Language"))
    form = SelectField(_("Order"), default="")
    single = NumberField(_("Points, single choice"), [_RANGE], default=Decimal(2), places=None)
    multiple = NumberField(_("Points, multiple choice"), [_RANGE], default=Decimal(3), places=None)
    true_false = NumberField(_("Points, true or false"), [_RANGE], default=Decimal(1), places=None)
    keys = BooleanField(_("With keys and explanations"), false_values=(False, "false", "", "0"))

    def offer(self, languages: Sequence[str], chosen: str) -> "PaperForm":
        """Offer the languages there are; fall back on the usual value wherever a wrong one was sent."""
        self.language.choices = [(code, LANGUAGE_NAMES[code]) for code in languages]
        self.language.data = chosen
        mixed = [(form, gettext("Form %(letter)s", letter=form)) for form in FORMS]
        self.form.choices = [("", gettext("As in the bank")), *mixed]
        self.validate()
        for field in self:
            if field.errors:
                field.data = field.default() if callable(field.default) else field.default
        return self

    @property
    def points(self) -> dict[str, int]:
        """Points of a question by type, in hundredths."""
        return {kind: int((self[kind].data * 100).to_integral_value(ROUND_HALF_UP)) for kind in TYPES}
