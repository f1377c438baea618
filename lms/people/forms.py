"""Forms of sign-in, passwords and accounts. They check shape; operations check truth."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from lms.i18n import lazy_gettext as _
from lms.people.models import ROLES


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


class PersonForm(FlaskForm):
    username = StringField(_("User name"), [InputRequired(_("Enter a user name.")), Length(max=100)])
    name = StringField(_("Name"), [InputRequired(_("Enter a name.")), Length(max=100)])
    language = RadioField(_("Language"), choices=[("zh", "简体中文"), ("en", "English")], default="zh")
    team = SelectField(_("Team"), coerce=int)
    stage = SelectField(
        _("Stage"),
        choices=[("trainee", _("Trainee")), ("agent", _("Agent")), ("", _("Staff, not an agent"))],
        default="trainee",
    )


class TeamForm(FlaskForm):
    name = StringField(_("Name of the team"), [InputRequired(_("Enter a name.")), Length(max=100)])
    parent = SelectField(_("Part of"), coerce=int)


class RoleForm(FlaskForm):
    role = SelectField(_("Role"), choices=[(role, role) for role in ROLES if role != "learner"])
    team = SelectField(_("Of team"), coerce=int, validators=[Optional()])
