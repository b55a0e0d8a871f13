"""Problems: every failure as a page for people or a problem document for programs (RFC 9457)."""

import json
from urllib.parse import quote

from flask import Flask, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

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
_STAFF_WORDS: dict[int, tuple[object, object]] = {  # where staff, and their programs, need other ones
    413: (
        _("Too large"),
        _("This is more than we read at once: a class list may have 6 MB. Split it, or save it as CSV."),
    ),
}
_STAFF_PATHS = ("/console", "/staff", "/consortium", "/api")
_PROGRAM_PATHS = ("/status/", "/contexts/", "/schemas/", "/healthz", "/readyz", "/metrics", "/api/")


def add_problems(app: Flask) -> None:
    """Answer every HTTP error; Flask makes a 500 of an exception that nobody expected."""
    app.register_error_handler(HTTPException, _http_problem)


def problem_response(status: int, *, code: str = "", detail: str = "") -> Response:
    """Make the response of a problem.

    `code` is a machine word, `detail` a sentence that takes the place of the usual one.
    """
    staff = _is_staff_path(request.path)
    known = _WORDS | _STAFF_WORDS if staff else _WORDS
    title, usual = known.get(status) or (_WORDS[400] if status < 500 else _WORDS[500])
    sentence = detail or str(usual)
    if wants_page():
        body = render_template(
            "pages/problem.html",
            status=status,
            title=title,
            sentence=sentence,
            reference=request_id(),
            staff=staff,
            form=request.path if staff and status == 413 and _leads_somewhere(request.path) else "",
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


def _is_staff_path(path: str) -> bool:
    """Tell an address of the staff or of their programs; what asks there knows the institution's words."""
    return any(path == start or path.startswith(f"{start}/") for start in _STAFF_PATHS)


def _leads_somewhere(path: str) -> bool:
    """Tell whether a page can be opened at this path: a form that was sent is mostly read there too."""
    routes = current_app.create_url_adapter(request)
    return routes is not None and routes.test(path, method="GET")


def _without_slash() -> AnyResponse | None:
    """Lead from an address of the staff with a slash at its end to the page, if there is one without it."""
    path = request.path.rstrip("/")
    if request.method not in ("GET", "HEAD") or path == request.path or not _is_staff_path(path):
        return None
    if not _leads_somewhere(path):
        return None
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{quote(path)}?{query}" if query else quote(path), code=308)


def _document(status: int, code: str, title: str, detail: str) -> str:
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if code:
        document["code"] = code
    document["instance"] = f"urn:testamur:request:{request_id()}"
    return json.dumps(document, ensure_ascii=False)


def _http_problem(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if isinstance(error, NotFound) and request.routing_exception is error:
        found = _without_slash()
        if found is not None:
            return found
    if status < 400:  # a redirect that routing asked for
        return Response(status=status, headers=dict(error.get_headers(request.environ)))
    response = problem_response(status, code=str(getattr(error, "problem_code", "")))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response
