"""The cookie of a session: new at every sign-in, which ends what the browser had before."""

from flask import current_app, request, session
from werkzeug.wrappers import Response

from issuer.deployment import Deployment
from issuer.staff.sessions import close_session


def session_token() -> str:
    """Give the token that the browser sent, empty where it sent none."""
    return request.cookies.get(_name(), "")


def let_in(response: Response, token: str, deployment: Deployment) -> Response:
    """Give the browser a new session in place of the one before, which ends (W3)."""
    before = session_token()
    if before:
        close_session(deployment, before)
    response.set_cookie(_name(), token, path="/", secure=_secure(), httponly=True, samesite="Lax")
    return response


def let_out(response: Response, deployment: Deployment) -> Response:
    """End the browser's session here and take its cookie back."""
    close_session(deployment, session_token())
    session.clear()
    response.delete_cookie(_name(), path="/", secure=_secure(), httponly=True, samesite="Lax")
    return response


def begin_anew() -> None:
    """Forget what the browser's own session holds, the token of its forms among it."""
    session.clear()


def _name() -> str:
    name: str = current_app.config["STAFF_COOKIE"]
    return name


def _secure() -> bool:
    return _name().startswith("__Host-")
