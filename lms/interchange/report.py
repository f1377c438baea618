"""A reading as JSON."""

from lms.interchange.reading import ERROR, Note, Reading
from lms.interchange.records import TYPES


def report(reading: Reading) -> dict[str, object]:
    """The reading as JSON, as `lms bank import --json` prints it.

    `questions` counts the complete ones by type; drafts, and what cannot be imported as it is, come on top.
    """
    whole = [item for item in reading.items if not (item.is_draft or item.has_error)]
    said = reading.all_notes
    return {
        "format": reading.format,
        "questions": {kind: sum(item.type == kind for item in whole) for kind in TYPES},
        "drafts": sum(item.is_draft and not item.has_error for item in reading.items),
        "warnings": [_said(each) for each in said if each.effect != ERROR],
        "errors": [_said(each) for each in said if each.effect == ERROR],
        "items": [
            {
                "id": item.id,
                "type": item.type,
                "stem": item.stem,
                "options": list(item.options),
                "keys": list(item.keys),
                "explanation": item.explanation,
                "line": item.line,
                "draft": item.is_draft,
            }
            for item in reading.items
        ],
    }


def _said(said: Note) -> dict[str, object]:
    return {"line": said.line, "code": said.code, "message": str(said.reason)}
