"""What programs read of this deployment's word: its trust list, and the keys of who signs it."""

import hashlib
import json

from flask import Blueprint, Response, request

from app.headers import open_to_all
from app.problems import problem_response
from issuer.trust_files import TrustFiles
from issuer.trust_publication import PATH

_FRESH_SECONDS = 300


def trust_pages(files: TrustFiles) -> Blueprint:
    """Make the addresses of the list and of the consortium's DID document; both are open to other sites."""
    pages = Blueprint("trust", __name__)

    @pages.get(PATH)
    def trust_list() -> Response:
        text = files.text()
        if text is None:
            return open_to_all(problem_response(404))
        return _kept_a_while(text, "application/json")

    @pages.get("/.well-known/did.json")
    def did_document() -> Response:
        document = files.did_document()
        if document is None:
            return open_to_all(problem_response(404))
        return _kept_a_while(json.dumps(document, ensure_ascii=False), "application/did+json")

    return pages


def _kept_a_while(text: str, content_type: str) -> Response:
    data = text.encode("utf-8")
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    response.make_conditional(request)
    return open_to_all(response)
