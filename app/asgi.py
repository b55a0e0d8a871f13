"""Between server and pages: a request is read whole, and in time, before a thread is spent on it (U7).

Under WSGI a thread waits while a request trickles in and while its answer trickles out, so a dozen idle
connections would stop the service. Here the event loop does the waiting: it reads the body within a size and
a time, one of a few threads makes the whole answer, and the server sends it at the reader's pace.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote_to_bytes

LARGE_BYTES = 256 * 1024  # twice what our own files have at most; ordinary ones of others are far below
REFUSED = "testamur.refused"  # in the environ: the HTTP status with which the pages shall answer
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


@dataclass(frozen=True)
class Patience:
    """How much is read of a request: bytes of one, seconds for one, bytes of all that are under way."""

    body_bytes: int = 6 * 1024 * 1024
    seconds: float = 20.0
    held_bytes: int = 96 * 1024 * 1024


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Gateway:
    """An ASGI application around a WSGI one.

        application = Gateway(create_app(settings), checks=8, large=2, pages=4)

    `checks` threads answer what is handed in, which may wait for other hosts; `large` ones take of that what
    has more than LARGE_BYTES, so that files made to cost much, which need the room, wait for each other and
    not an ordinary one for them (promise V7). `pages` threads answer all else.
    """

    def __init__(
        self,
        application: Application,
        *,
        checks: int,
        pages: int,
        large: int = 1,
        patience: Patience | None = None,
    ) -> None:
        self._application = application
        self._checks = ThreadPoolExecutor(checks, thread_name_prefix="checks")
        self._large = ThreadPoolExecutor(large, thread_name_prefix="large")
        self._pages = ThreadPoolExecutor(pages, thread_name_prefix="pages")
        self._patience = patience or Patience()
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = bytearray()
        try:
            refused = await self._read(receive, body)
            environ = _environ(scope, bytes(body), refused)
            threads = self._threads(scope["method"], len(body))
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(threads, _answer, self._application, environ)
        finally:
            self._held -= len(body)
        await _tell(send, answer)

    def _threads(self, method: str, size: int) -> ThreadPoolExecutor:
        if method != "POST":
            return self._pages
        return self._large if size > LARGE_BYTES else self._checks

    async def _read(self, receive: Receive, body: bytearray) -> int | None:
        """Read a body into `body`; give the status with which to refuse what is too much or too slow."""
        try:
            async with asyncio.timeout(self._patience.seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":  # they left, or what they sent is no HTTP
                        return 400
                    piece = message.get("body", b"")
                    body += piece
                    self._held += len(piece)
                    if len(body) > self._patience.body_bytes:
                        return 413
                    if self._held > self._patience.held_bytes:
                        return 503
                    if not message.get("more_body"):
                        return None
        except TimeoutError:
            return 408


def _environ(scope: Scope, body: bytes, refused: int | None) -> Environ:
    """Describe a request as WSGI does (PEP 3333): texts hold bytes as Latin-1."""
    host, port = scope.get("server") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(b"" if refused else body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope["headers"])
    environ["CONTENT_LENGTH"] = "0" if refused else str(len(body))
    if refused:
        environ[REFUSED] = refused
    return environ


def _path(scope: Scope) -> bytes:
    raw: bytes | None = scope.get("raw_path")  # optional in ASGI; the other has lost what is no UTF-8
    return unquote_to_bytes(raw) if raw else str(scope["path"]).encode("utf-8", "replace")


def _add_headers(environ: Environ, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add the headers; `X_Host` would pass for `X-Host`, and the body is no longer in chunks."""
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if "_" in name or name == "transfer-encoding":
            continue
        key = _PLAIN.get(name) or "HTTP_" + name.replace("-", "_").upper()
        between = "; " if name == "cookie" else ","
        environ[key] = environ[key] + between + value if key in environ else value


def _answer(application: Application, environ: Environ) -> _Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        started[:] = [(status, headers)]
        return lambda _piece: None  # the imperative way of PEP 3333, which Flask does not use

    pieces = application(environ, start_response)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            cast(Callable[[], None], close)()
    status, headers = started[0]
    return _Answer(int(status[:3]), headers, body)


async def _tell(send: Send, answer: _Answer) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
