"""Who may open which page of the console: each view names the act it needs, and one without is refused.

A person who is not signed in is sent to the sign-in page, an institution in which they have no role does not
exist for them, and an act that their roles do not allow is refused (THREATS W1). Every query of a view goes
through `desk()`, which is bound to the institution.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, abort, g, redirect, request
from werkzeug.wrappers import Response

from app.problems import problem_response
from app.words import gettext as _
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound, StorageFailed
from issuer.staff.actor import Actor
from issuer.staff.roles import Act
from issuer.staff.sessions import SignedIn, find_session

View = TypeVar("View", bound=Callable[..., Any])
SIGN_IN = "/staff/sign-in"
SECOND_FACTOR = "/staff/second-factor"
_WHOLE = frozenset(  # what no role within a faculty reaches
    {
        Act.RECOGNISE,
        Act.WRITE_MAIL_TEXTS,
        Act.READ_AUDIT,
        Act.READ_REPORTS,
        Act.MANAGE_PEOPLE,
        Act.MANAGE_TOKENS,
        Act.MANAGE_INSTITUTION,
    }
)
_STAFF_PREFIXES = ("/console", "/staff", "/consortium")


def needs(act: Act) -> Callable[[View], View]:
    """Let a view under /console/<slug> be opened only by those who may do `act` there."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(slug: str, **values: Any) -> Any:
            signed_in = _signed_in()
            actor = signed_in.actor_for(slug)
            if actor is None:
                abort(404)
            if not actor.may(act):
                abort(403)
            if act in _WHOLE and actor.faculties(act) is not None:
                raise NotAllowed("of_a_faculty", _whole_only())
            g.actor = actor
            return view(slug=slug, **values)

        guarded.console_act = act  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def _whole_only() -> str:
    return _(
        "This is for the institution as a whole, and your role is for a faculty. "
        "Ask the administrator for the role in the whole institution."
    )


def needs_role(view: View) -> View:
    """Let a view under /console/<slug> be opened by whoever has some role there."""

    @wraps(view)
    def guarded(slug: str, **values: Any) -> Any:
        found = _signed_in().actor_for(slug)
        if found is None:
            abort(404)
        g.actor = found
        return view(slug=slug, **values)

    guarded.console_act = "any_role"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def needs_consortium(act: Act) -> Callable[[View], View]:
    """Let a view under /consortium be opened only by those who may do `act` for the consortium."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            actor = _signed_in().consortium_actor()
            if actor is None or not actor.may(act):
                abort(403)
            g.actor = actor
            return view(**values)

        guarded.console_act = act  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def needs_sign_in(view: View) -> View:
    """Let a view be opened by whoever is signed in, whatever their roles."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        _signed_in()
        return view(**values)

    guarded.console_act = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def open_to_anyone(view: View) -> View:
    """Let a page for staff be opened without signing in, such as the sign-in page itself."""
    view.console_act = "anyone"  # type: ignore[attr-defined]
    return view


def add_access(app: Flask, deployment: Deployment, *, cookie: str) -> None:
    """Read the session of each request for staff, and refuse to start with a view that names no act."""
    app.config["STAFF_COOKIE"] = cookie

    for fault, status in ((NotAllowed, 403), (NotFound, 404), (Conflict, 409), (StorageFailed, 503)):
        app.register_error_handler(fault, _answer(status))

    @app.before_request
    def read_session() -> None:
        g.signed_in = None
        if request.path.startswith(_STAFF_PREFIXES):
            token = request.cookies.get(cookie, "")
            g.signed_in = find_session(deployment, token) if token else None
            g.deployment = deployment


def _answer(status: int) -> Callable[[IssuerError], Response]:
    """Answer what a service refuses and a view does not put into words of its own."""
    return lambda refused: problem_response(status, code=refused.code, detail=refused.message)


def refuse_unguarded(app: Flask) -> None:
    """Raise RuntimeError if some page for staff forgot to say who may open it."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith(_STAFF_PREFIXES) and not hasattr(view, "console_act"):
            raise RuntimeError(f"{rule.rule} does not say who may open it")


def signed_in() -> SignedIn:
    """Give the person of this request; only in guarded views."""
    return _signed_in()


def actor() -> Actor:
    """Give the person of this request as they act for the institution of the address."""
    found: Actor = g.actor
    return found


def desk() -> Deployment:
    """Give the office of the address's institution, as this person uses it: every session is bound to it."""
    deployment: Deployment = g.deployment
    return deployment.acting(actor())


def _signed_in() -> SignedIn:
    found: SignedIn | None = g.get("signed_in")
    if found is None:
        abort(_to(SIGN_IN) if request.method in ("GET", "HEAD") else 401)
    if found.lacks_second_factor and not request.path.startswith("/staff/"):
        abort(_to(SECOND_FACTOR))
    return found


def _to(path: str) -> Response:
    """Send to a page for signing in, which leads back here."""
    back = request.full_path.rstrip("?")
    response = redirect(f"{path}?{urlencode({'next': back})}", code=303)
    response.headers["Cache-Control"] = "no-store"
    return response
