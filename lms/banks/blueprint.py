"""The blueprint that all pages of question banks are routed on; their modules are `views` and `*_views`."""

from typing import Any

from flask import Blueprint

from lms.banks import words
from lms.courses.words import AREAS

blueprint = Blueprint("banks", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "areas": AREAS}
