"""Reads request bodies outside the worker threads, with a deadline, so that slow senders cannot hold them.

Under a WSGI server a view's thread waits for the body, and as many half-sent forms as there are threads stop
the whole service. Here the event loop waits, up to a size and a time; a thread gets only whole requests.

    application = Bodies(create_app(settings), max_bytes=MAX_CONTENT_BYTES)
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _TooLarge(Exception):  # noqa: N818  (an outcome of reading, answered by the application)
    """The body has more bytes than the application reads."""


@dataclass
class _Answer:
    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


class Bodies:
    """Turn a WSGI application into an ASGI one that is given whole bodies only.

    `max_bytes` is the longest body, `seconds` the time for all of it, `threads` how many requests are worked
    on, `waiting` how many bodies are read at once; all further ones wait their turn.
    """

    def __init__(
        self, wsgi: Wsgi, *, max_bytes: int, seconds: float = 20, threads: int = 4, waiting: int = 64
    ) -> None:
        self._wsgi = wsgi
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._waiting = asyncio.Semaphore(waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            body, length = await self._body(scope, receive), None
        except TimeoutError:
            await _send(send, _Answer(408, [(b"content-length", b"0"), (b"connection", b"close")]))
            return
        except _TooLarge:
            body, length = (
                b"",
                self._max_bytes + 1,
            )  # the application says what is too large, in its own words
        environ = _environ(scope, body, len(body) if length is None else length)
        answer = await asyncio.get_running_loop().run_in_executor(self._pool, _run, self._wsgi, environ)
        await _send(send, answer)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        headers = dict(scope["headers"])
        if not headers.keys() & {b"content-length", b"transfer-encoding"}:
            return b""
        async with self._waiting, asyncio.timeout(self._seconds):
            return await self._whole(receive)

    async def _whole(self, receive: Receive) -> bytes:
        chunks, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise TimeoutError
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._max_bytes:
                raise _TooLarge
            if not message.get("more_body", False):
                return b"".join(chunks)


def _environ(scope: Scope, body: bytes, length: int) -> dict[str, Any]:
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ.pop("HTTP_TRANSFER_ENCODING", None)  # the body is whole by now
    return environ | {"CONTENT_LENGTH": str(length), "HTTP_CONTENT_LENGTH": str(length)}


def _run(wsgi: Wsgi, environ: dict[str, Any]) -> _Answer:
    answer = _Answer()

    def start(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    parts = wsgi(environ, start)
    try:
        answer.body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    return answer


async def _send(send: Send, answer: _Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
