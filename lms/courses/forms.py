"""What a reader sends: that a lesson was read, where they are, and the answers of its check."""

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from lms.i18n import lazy_gettext as _

NO_VERSION = 2**31  # stands for every number that is too large to be a version's id
MAX_OPTIONS = 50  # far above any question's: it only bounds what is looked at


class ReadForm(FlaskForm):
    """The end of a lesson. The tick is asked for only where the lesson wants one."""

    acknowledged = BooleanField(_("I have read this and will follow it"))


class CheckForm(FlaskForm):
    """The check of a lesson: the answers are read by `read_answers`, this carries the refusal."""


def read_answers(form: MultiDict[str, str]) -> dict[int, tuple[str, ...]]:
    """The options chosen by question version, from fields named `q-<version id>`; others are left out."""
    answers = {}
    for name in form:
        number = name.removeprefix("q-")
        if number != name and number.isascii() and number.isdigit():
            version = int(number) if len(number) < len(str(NO_VERSION)) else NO_VERSION
            answers[version] = tuple(form.getlist(name)[:MAX_OPTIONS])
    return answers
