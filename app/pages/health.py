"""Health: whether the process lives, whether it can do its work, and what waits in the office."""

import hmac

from flask import Blueprint, Response, request

from app.metrics import Metrics, metrics_response
from app.pages.office import Services
from app.problems import problem_response


def health_pages(services: Services, *, metrics: Metrics | None = None, token: str = "") -> Blueprint:
    """Make `/healthz` (the process answers), `/readyz` (the database answers too) and `/metrics`.

    `/metrics` is there only with a token, and for those alone who send it (`Authorization: Bearer`).
    """
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

    @pages.get("/metrics")
    def measured() -> Response:
        if metrics is None or not token or not _bears(token):
            return problem_response(404)
        return metrics_response(metrics)

    return pages


def _bears(token: str) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.casefold() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
