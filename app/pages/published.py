"""What programs read: status lists, DID documents and keys, our context and schema, institutions' accents."""

from flask import Blueprint, Response, request

from app.colours import accent_of, stylesheet
from app.headers import YEAR, open_to_all
from app.pages.office import Services
from app.problems import problem_response
from app.settings import Settings
from issuer.published_keys import KEY_SET_PATH
from microcredential import (
    CONTEXT_PATH,
    RECOGNITION_SCHEMA_PATH,
    SCHEMA_PATH,
    context_text,
    recognition_schema_text,
    schema_text,
)

LIST_TYPE = "application/vc+ld+json"


def published_pages(services: Services, settings: Settings) -> Blueprint:
    """Make the addresses that credentials name; all of them may be read from other sites."""
    pages = Blueprint("published", __name__)
    office = services.office

    @pages.get("/status/<path:public_id>")
    def status_list(public_id: str) -> Response:
        stored = office.status_list(public_id)
        if stored is None:
            return open_to_all(problem_response(404))
        response = Response(stored.text, content_type=LIST_TYPE)
        response.headers["Cache-Control"] = f"public, max-age={stored.max_age}"
        response.set_etag(stored.etag)
        response.last_modified = stored.valid_from
        return open_to_all(_conditional(response))

    @pages.get("/institutions/<slug>/did.json")
    def did_document(slug: str) -> Response:
        return _of_keys(office.did_document(slug), "application/did+json")

    @pages.get(KEY_SET_PATH)
    def key_set() -> Response:
        return _of_keys(office.key_set(), "application/jwk-set+json")

    @pages.get("/institutions/<slug>/keys/<thumbprint>.jwk")
    def key(slug: str, thumbprint: str) -> Response:
        return _of_keys(office.public_jwk(slug, f"{thumbprint}.jwk"), "application/jwk+json")

    @pages.get("/institutions/<slug>/accent.css")
    def accent(slug: str) -> Response:
        institution = office.institution(slug)
        if institution is None:
            return problem_response(404)
        colours = accent_of(institution.accent)
        response = Response(stylesheet(colours) if colours else "", content_type="text/css; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=300"
        return response

    @pages.get(CONTEXT_PATH)
    def context() -> Response:
        return _immutable(context_text(), "application/ld+json")

    @pages.get(SCHEMA_PATH)
    def schema() -> Response:
        return _immutable(schema_text(settings.base_url), "application/schema+json")

    @pages.get(RECOGNITION_SCHEMA_PATH)
    def recognition_schema() -> Response:
        return _immutable(recognition_schema_text(settings.base_url), "application/schema+json")

    return pages


def _of_keys(document: str | None, content_type: str) -> Response:
    if document is None:
        return open_to_all(problem_response(404))
    response = Response(document, content_type=content_type)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return open_to_all(_conditional(response))


def _immutable(data: bytes, content_type: str) -> Response:
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.add_etag()
    return open_to_all(_conditional(response))


def _conditional(response: Response) -> Response:
    response.make_conditional(request)
    return response
