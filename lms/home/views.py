"""The first page: the one next thing to do."""

from typing import Any

from flask import Blueprint, render_template

from lms.access import signed_in

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def home() -> Any:
    return render_template("home/home.html")
