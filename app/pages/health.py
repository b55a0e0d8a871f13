"""Health: whether the process lives, and whether it can do its work."""

from flask import Blueprint, Response

from app.pages.office import Services
from app.problems import problem_response


def health_pages(services: Services) -> Blueprint:
    """Make `/healthz` (the process answers) and `/readyz` (the database answers too)."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def alive() -> Response:
        return Response('{"status":"ok"}', content_type="application/json")

    @pages.get("/readyz")
    def ready() -> Response:
        try:
            services.ready()
        except Exception:  # noqa: BLE001  (whatever keeps the database from answering, we are not ready)
            return problem_response(503, code="database")
        return Response('{"status":"ready"}', content_type="application/json")

    return pages
