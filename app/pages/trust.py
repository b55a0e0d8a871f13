"""What programs read of this deployment's word: its trust list, and the keys of who signs it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from app.headers import open_to_all
from app.problems import problem_response
from issuer import IssuerError
from issuer.trust_files import TrustFiles
from issuer.trust_publication import PATH

_FRESH_SECONDS = 300


def trust_pages(files: TrustFiles) -> Blueprint:
    """Make the addresses of the list and of the consortium's DID document; both are open to other sites."""
    pages = Blueprint("trust", __name__)

    @pages.get(PATH)
    def trust_list() -> Response:
        return _served(files.text, "application/json")

    @pages.get("/.well-known/did.json")
    def did_document() -> Response:
        return _served(lambda: _text(files.did_document()), "application/did+json")

    return pages


def _served(read: Callable[[], str | None], content_type: str) -> Response:
    """Answer with a text of the files; a damaged one is the operator's to mend, and nobody's to believe."""
    try:
        text = read()
    except IssuerError as damaged:
        return open_to_all(problem_response(503, code=damaged.code))
    if text is None:
        return open_to_all(problem_response(404))
    data = text.encode("utf-8")
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    response.make_conditional(request)
    return open_to_all(response)


def _text(document: dict[str, Any] | None) -> str | None:
    return None if document is None else json.dumps(document, ensure_ascii=False)
