"""Own certifications, and the public page that proves one."""

from typing import Any

import segno
from flask import Blueprint, jsonify, make_response, render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from lms import clock
from lms.access import Permission, public, requires, wants_json
from lms.certification import queries
from lms.certification.queries import Holding
from lms.i18n import gettext

blueprint = Blueprint("certification", __name__)


@blueprint.get("/certificates")
@requires(Permission.LEARN)
def own() -> Any:
    found = queries.own_certifications(current_user.id, clock.today())
    return render_template("certification/own.html", certifications=found)


@blueprint.get("/certificates/<code>")
@public
def check(code: str) -> Any:
    """Whether a certificate holds, for anybody who has its code. Says nothing else about the person."""
    holding = queries.certificate_of(code.strip().upper(), clock.today())
    if holding is None:
        return _unknown(code)
    if wants_json():
        return jsonify(_facts(holding))
    assert holding.award is not None
    address = url_for(".check", code=holding.award.code, _external=True)
    return render_template("certification/check.html", holding=holding, address=address, qr=qr_code(address))


def _unknown(code: str) -> Any:
    if wants_json():
        return jsonify(error=gettext("There is no certificate with this code.")), 404
    return make_response(render_template("certification/unknown.html", code=code), 404)


def _facts(holding: Holding) -> dict[str, Any]:
    award = holding.award
    assert award is not None
    return {
        "code": award.code,
        "name": award.person.name,
        "certification": {"id": holding.certification.slug, "title": holding.certification.titles},
        "valid_from": award.starts_on.isoformat(),
        "valid_to": award.ends_on.isoformat(),
        "state": str(holding.state),
        "valid": holding.state.is_held,
    }


def qr_code(address: str) -> Markup:
    """The address as a QR code: SVG without styles, which the content security policy lets stand."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2, light="#fff"))  # noqa: S704
