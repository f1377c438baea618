"""Forms of sign-in, passwords and accounts. They check shape; operations check truth."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.access import GRANTS
from lms.i18n import LANGUAGES, gettext
from lms.i18n import lazy_gettext as _
from lms.people.models import ROLES
from lms.people.words import ROLES as ROLE_WORDS

# Everybody is a learner, and a role that allows nothing is not handed out.
GIVEN = [SelectChoice(role, _(ROLE_WORDS[role])) for role in ROLES if role != "learner" and GRANTS[role]]


class SignInForm(FlaskForm):
    username = StringField(_("User name"), [InputRequired(_("Enter your user name.")), Length(max=100)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])


class NewPasswordForm(FlaskForm):
    password = PasswordField(_("New password"), [InputRequired(_("Enter a password.")), Length(max=500)])
    again = PasswordField(
        _("The same once more"), [InputRequired(_("Enter it once more.")), EqualTo("password", _("The two differ."))]
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_("Present password"), [InputRequired(_("Enter your password.")), Length(max=500)])


class FirstAdminForm(NewPasswordForm):
    username = StringField(_("User name"), [InputRequired(_("Enter a user name.")), Length(max=100)])
    name = StringField(_("Name"), [InputRequired(_("Enter a name.")), Length(max=100)])


def _choices(teams: list[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice(team_id, name) for team_id, name in teams]


class RoleGroup(SelectMultipleField):
    """Roles as a group of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(FlaskForm):
    name = StringField(_("Name"), [InputRequired(_("Enter a name.")), Length(max=100)])
    username = StringField(_("User name"), [InputRequired(_("Enter a user name.")), Length(max=100)])
    language = RadioField(
        _("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()], default="zh"
    )
    team = SelectField(_("Team"), coerce=int, default=0)
    stage = RadioField(
        _("Begins as"),
        choices=[
            SelectChoice("trainee", _("Trainee")),
            SelectChoice("agent", _("Agent")),
            SelectChoice("staff", _("Staff, not an agent")),
        ],
        default="trainee",
    )
    roles = RoleGroup(_("Roles"), [Optional()], choices=GIVEN)

    def offer(self, teams: list[tuple[int, str]]) -> "PersonForm":
        """Offer the teams there are, or none."""
        self.team.choices = [SelectChoice(0, gettext("none")), *_choices(teams)]
        return self


class TeamForm(FlaskForm):
    name = StringField(_("Name of the team"), [InputRequired(_("Enter a name.")), Length(max=100)])
    parent = SelectField(_("Part of"), coerce=int, default=0)

    def offer(self, teams: list[tuple[int, str]]) -> "TeamForm":
        """Offer the teams there are, or the top."""
        self.parent.choices = [SelectChoice(0, gettext("nothing: at the top")), *_choices(teams)]
        return self


class MoveForm(FlaskForm):
    team = SelectField(_("New team"), [InputRequired(_("Choose a team."))], coerce=int)

    def offer(self, teams: list[tuple[int, str]]) -> "MoveForm":
        """Offer the teams there are."""
        self.team.choices = _choices(teams)
        return self


class RoleForm(FlaskForm):
    role = SelectField(_("Role"), choices=GIVEN)
    of_team = SelectField(_("Of team"), [Optional()], coerce=int, default=0,
                          description=_("For team leads and managers only."))

    def offer(self, teams: list[tuple[int, str]]) -> "RoleForm":
        """Offer the teams there are, or none."""
        self.of_team.choices = [SelectChoice(0, gettext("none")), *_choices(teams)]
        return self
