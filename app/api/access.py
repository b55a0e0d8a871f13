"""Who may call what: each view names the act that it needs, and a token must carry it.

Cookies are not read here, so no other site can make a browser call anything: there is no CSRF token either.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, g, request

from app.problems import problem_response
from issuer.deployment import Deployment
from issuer.links import token_hash
from issuer.staff.api_tokens import find_token
from issuer.staff.roles import Act

View = TypeVar("View", bound=Callable[..., Any])
PREFIX = "/api/v1"


def token_may(act: Act) -> Callable[[View], View]:
    """Let a view under /api/v1/<slug> be called only with a token of that institution that may do `act`."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(slug: str, **values: Any) -> Any:
            actor = find_token(g.deployment, bearer_token())
            if actor is None:
                return unauthorized()
            if actor.slug != slug:
                return problem_response(404)  # another institution is not there for it
            if not actor.may(act):
                detail = f"This token may not do this: it lacks “{act.value}”."
                return problem_response(403, code="not_allowed", detail=detail)
            g.desk = g.deployment.acting(actor)
            return view(slug=slug, **values)

        guarded.api_act = act  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def refuse_unguarded_calls(app: Flask, *, open_paths: tuple[str, ...]) -> None:
    """Raise RuntimeError if some call forgot to say which act it needs."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith(PREFIX) and rule.rule not in open_paths and not hasattr(view, "api_act"):
            raise RuntimeError(f"{rule.rule} does not say which act it needs")


def desk() -> Deployment:
    """Give the office of the token's institution: every session is bound to it."""
    found: Deployment = g.desk
    return found


def bearer_token() -> str:
    """Give the token that a call carries, empty without one (RFC 6750, section 2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def caller() -> str:
    """Name who calls for counting: by the hash of the token, or the address of whoever has none."""
    token = bearer_token()
    return token_hash(token) if token else request.remote_addr or "nobody"


def unauthorized() -> Response:
    """Answer that a good token is missing, without saying why a given one is not good."""
    detail = "Send a token that is in force: Authorization: Bearer tmr_..."
    response = problem_response(401, code="token", detail=detail)
    response.headers["WWW-Authenticate"] = 'Bearer realm="testamur"'
    return response
