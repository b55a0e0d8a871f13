"""Headers: what every response tells the browser it may do, and how long a response may be kept."""

from collections.abc import Mapping

from flask import Flask, Response, request

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PICTURED_PAGE_POLICY = PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:")
IMAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a drawing that is opened by itself (U2)
)
_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # private links stand in addresses (T7)
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
YEAR = 31_536_000


def add_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers of this module on every response of an app, error pages and files included."""

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers[name] = value
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if request.endpoint == "static" and response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def open_to_all(response: Response) -> Response:
    """Let programs on other sites read a published document."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def not_indexed(response: Response) -> Response:
    """Keep a page about a person out of search engines (W7)."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
