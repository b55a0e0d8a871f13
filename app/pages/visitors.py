"""Tell a person who opens a page from a program that looks what stands behind a link."""

import re
from collections.abc import Callable

import structlog
from flask import request

from app.pages.office import Services
from issuer.deployment import Deployment
from issuer.errors import StorageFailed

_log = structlog.get_logger(__name__)

# Programs that fetch a link before anybody has followed it, to show a preview or to look for harm; most name
# themselves. One that hides as a browser counts as a visit.
_PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|preview|facebookexternalhit|whatsapp|slack|telegram|skype|teams|discord"
    r"|safelinks|proofpoint|mimecast|barracuda|urlscan|scanner|monitor|curl|wget|python|httpx|okhttp|java/"
    r"|go-http|libwww",
    re.IGNORECASE,
)


def is_visit() -> bool:
    """Say whether this request looks like a person's: no HEAD, no prefetch, no program that names itself."""
    agent = request.headers.get("User-Agent", "")
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    within = request.headers.get("Sec-Fetch-Dest", "document")  # a page fetched by a script is a preview too
    return (
        request.method == "GET"
        and bool(agent)
        and not _PROGRAMS.search(agent)
        and "prefetch" not in ahead
        and within in ("document", "empty")
    )


def note_visit(services: Services, note: Callable[[Deployment, str], None], named: str) -> None:
    """Note a visit, and fail no page for it: what somebody came for is more than our statistics."""
    if services.issuer is None:
        return
    try:
        note(services.issuer.deployment, named)
    except StorageFailed as failed:
        _log.warning("visit_not_noted", code=failed.code)
