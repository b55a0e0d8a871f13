"""The request log: one line a request, by route and never by address, for those hold codes and links."""

import secrets
import sys
import time
import traceback
from pathlib import Path

import structlog
from flask import Flask, Response, g, got_request_exception, request

_log = structlog.get_logger("testamur.web")


def write_log_to_stderr() -> None:
    """Write one JSON object a line to standard error; standard output belongs to what a command prints."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


def add_request_log(app: Flask) -> None:
    """Give each request an id, tell it in `X-Request-Id`, and log method, route, status and time in ms."""
    got_request_exception.connect(_log_exception, app)

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(4).upper()
        g.began = time.monotonic()

    @app.after_request
    def told(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        _log.info(
            "request",
            id=request_id(),
            method=request.method if request.method in _METHODS else "other",
            route=str(request.url_rule) if request.url_rule else "none",
            status=response.status_code,
            ms=round((time.monotonic() - g.get("began", time.monotonic())) * 1000),
        )
        return response


def _log_exception(_app: Flask, exception: BaseException, **_extra: object) -> None:
    """Log where it happened and what kind it was; messages of exceptions may hold personal data."""
    frames = traceback.extract_tb(exception.__traceback__)[-12:]
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error("exception", id=request_id(), kind=type(exception).__name__, where=where)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")


def request_id() -> str:
    """Give the id of the present request."""
    return str(g.get("request_id", "00000000"))
