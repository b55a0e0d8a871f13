"""Problems: every failure as a page for people or a problem document for programs (RFC 9457)."""

import json

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from app.request_log import request_id
from app.words import lazy_gettext as _

_WORDS: dict[int, tuple[object, object]] = {
    400: (_("Not understood"), _("This request could not be understood.")),
    401: (
        _("Not signed in"),
        _("Sign in first. What you typed was not lost: go back, sign in in another tab."),
    ),
    403: (_("Not allowed"), _("Your roles do not allow this. An administrator can give you one.")),
    404: (_("Not found"), _("There is nothing at this address.")),
    405: (_("Not possible"), _("This address cannot be used in that way.")),
    409: (_("Changed meanwhile"), _("Somebody else has changed this meanwhile. Look at it again.")),
    408: (_("Too slow"), _("This did not arrive in time. Try again with a better connection.")),
    413: (_("Too large"), _("This is more than we read at once: 6 MB in all, in 15 files.")),
    415: (_("Not understood"), _("This kind of content is not read here.")),
    429: (_("Too often"), _("Too many attempts came from your network. Try again in a few minutes.")),
    500: (_("Our fault"), _("Something went wrong here. It is our fault, and it has been written down.")),
    503: (_("Not ready"), _("The service is not ready. Try again in a minute.")),
}
_PROGRAM_PATHS = ("/status/", "/contexts/", "/schemas/", "/healthz", "/readyz", "/metrics", "/api/")


def add_problems(app: Flask) -> None:
    """Answer every HTTP error; Flask makes a 500 of an exception that nobody expected."""
    app.register_error_handler(HTTPException, _http_problem)


def problem_response(status: int, *, code: str = "", detail: str = "") -> Response:
    """Make the response of a problem.

    `code` is a machine word, `detail` a sentence that takes the place of the usual one.
    """
    title, usual = _WORDS.get(status) or (_WORDS[400] if status < 500 else _WORDS[500])
    sentence = detail or str(usual)
    if wants_page():
        body = render_template(
            "pages/problem.html",
            status=status,
            title=title,
            sentence=sentence,
            reference=request_id(),
        )
        response = Response(body, status, mimetype="text/html")
    else:
        response = Response(_document(status, code, str(title), sentence), status)
        response.headers["Content-Type"] = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept")
    return response


def wants_page() -> bool:
    """Tell a browser, which names HTML among what it accepts, from a program."""
    if request.path.startswith(_PROGRAM_PATHS) or request.path.endswith(".json"):
        return False
    accepted = request.accept_mimetypes
    named = any(kind in ("text/html", "application/xhtml+xml") for kind in accepted.values())
    return named and accepted.best_match(["text/html", "application/json"]) == "text/html"


def _document(status: int, code: str, title: str, detail: str) -> str:
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if code:
        document["code"] = code
    document["instance"] = f"urn:testamur:request:{request_id()}"
    return json.dumps(document, ensure_ascii=False)


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect that routing asked for
        return Response(status=status, headers=dict(error.get_headers(request.environ)))
    response = problem_response(status, code=str(getattr(error, "problem_code", "")))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response
