"""The form that the style guide shows, with and without errors. Nothing is ever saved from it."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional


class SpecimenForm(FlaskForm):
    """One field of each kind the product uses."""

    name = StringField(validators=[InputRequired()])
    team = SelectField(validators=[InputRequired()])
    day = DateField(validators=[InputRequired()])
    rating = RadioField(
        choices=[SelectChoice(str(score), str(score)) for score in range(1, 6)], validators=[InputRequired()]
    )
    remark = TextAreaField(validators=[Optional()])
    agreed = BooleanField()


def specimens(chinese: bool) -> dict[str, Any]:
    """What `styleguide.html` needs: `form` as first shown, `refused` as it comes back with two errors."""
    words = CHINESE if chinese else ENGLISH
    form, refused = SpecimenForm(formdata=None), SpecimenForm(formdata=None, prefix="refused")
    for shown in (form, refused):
        for field in shown:
            field.label.text = words.get(field.short_name, field.label.text)
        shown.team.choices = [SelectChoice(name, words[f"{name}_team"]) for name in ("day", "night")]
    refused.name.errors = [words["no_name"]]
    refused.day.errors = [words["no_day"]]
    return {"form": form, "refused": refused}


ENGLISH = {
    "name": "Name",
    "team": "Team",
    "day": "First day",
    "rating": "Tone and wording",
    "remark": "Remark",
    "agreed": "The person has seen this",
    "day_team": "Day shift",
    "night_team": "Night shift",
    "no_name": "Enter the name as on the contract.",
    "no_day": "The first day cannot lie before the contract.",
}
CHINESE = {
    "name": "姓名",
    "team": "班组",
    "day": "入职日期",
    "rating": "语气与措辞",
    "remark": "备注",
    "agreed": "本人已阅",
    "day_team": "白班",
    "night_team": "晚班",
    "no_name": "请填写合同上的姓名。",
    "no_day": "入职日期不能早于合同日期。",
}
