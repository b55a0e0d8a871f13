"""The newest version of a credential, for programs that hold an older one (ADR 0019)."""

from flask import Blueprint, Response

from app.headers import not_indexed, open_to_all
from app.limits import Limits
from app.pages.office import Services
from app.problems import problem_response
from issuer.errors import NotFound
from issuer.refresh import newest_version
from issuer.shown_text import content_type


def refresh_pages(services: Services, limits: Limits) -> Blueprint:
    """Make the address that credentials name; every answer to an unknown one is the same 404."""
    pages = Blueprint("refresh", __name__)

    @pages.get("/refresh/<public_id>/<token>")
    @limits.misses
    def newest(public_id: str, token: str) -> Response:
        text = _newest(services, f"{public_id}/{token}")
        if text is None:
            return problem_response(404)
        return not_indexed(open_to_all(Response(text, content_type=content_type(text))))

    return pages


def _newest(services: Services, named: str) -> str | None:
    if services.issuer is None:
        return None
    try:
        return newest_version(services.issuer.deployment, named)
    except NotFound:
        return None
