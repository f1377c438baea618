"""Pictures of questions: where they lie, and their addresses `/media/<sha256>.<ending>`.

The name is the content, so a browser may keep what it got. Parts of the product that hold pictures elsewhere, such as
those of an import that waits to be confirmed, are asked after the folder (`also_from`).
"""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from lms.access import signed_in
from lms.content import BANKS, MEDIA, default_paths
from lms.interchange.media import NAME, TYPES

Source = Callable[[str], bytes | None]

blueprint = Blueprint("media", __name__)
_sources: list[Source] = []


def folder() -> Path:
    """Where pictures are kept: `media` among the question banks of the working folder, else of the project."""
    banks = (path for path in default_paths() if path.name == BANKS)
    return next(banks, Path(BANKS)) / MEDIA


def also_from(source: Source) -> Source:
    """Ask this function too for the bytes of a picture, by its name. It decides who may see it."""
    _sources.append(source)
    return source


def find(name: str) -> bytes | None:
    """The bytes of a picture, wherever it lies."""
    if not NAME.fullmatch(name):
        return None
    path = folder() / name
    if path.is_file():
        return path.read_bytes()
    return next((data for source in _sources if (data := source(name)) is not None), None)


@blueprint.get("/media/<name>")
@signed_in
def show(name: str) -> Response:
    if (data := find(name)) is None:
        raise NotFound
    answer = Response(data, mimetype=TYPES[name.rpartition(".")[2]])
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
