"""Talk to a served demonstration over a plain socket, byte for byte."""

import contextlib
import socket
import time
from dataclasses import dataclass

CLOSE = b"Connection: close\r\n"
HOST = b"Host: 127.0.0.1\r\n"


@dataclass(frozen=True)
class Reply:
    """What came back: the status (0 where the peer only closed), the raw text and the time it took."""

    status: int
    raw: bytes
    seconds: float


def connect(port: int, *, timeout: float = 10.0, receive_buffer: int | None = None) -> socket.socket:
    peer = socket.socket()
    if receive_buffer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    peer.settimeout(timeout)
    peer.connect(("127.0.0.1", port))
    return peer


def talk(port: int, request: bytes, *, timeout: float = 15.0) -> Reply:
    """Send bytes and read until the peer closes. Raises TimeoutError where it does not."""
    began = time.monotonic()
    answer = bytearray()
    with connect(port, timeout=timeout) as peer:
        with contextlib.suppress(ConnectionError):
            peer.sendall(request)
        with contextlib.suppress(ConnectionError):
            while chunk := peer.recv(65_536):
                answer += chunk
    first = bytes(answer).split(b"\r\n", 1)[0].split(b" ")
    status = int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
    return Reply(status, bytes(answer), time.monotonic() - began)


def get(port: int, path: bytes = b"/healthz", *, timeout: float = 15.0) -> Reply:
    return talk(port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n", timeout=timeout)


def upload(port: int, content: bytes, *, timeout: float = 60.0) -> Reply:
    """Hand a file in as the form of a browser does."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="badge"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    head = (
        b"POST /verify HTTP/1.1\r\n"
        + HOST
        + CLOSE
        + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    return talk(port, head + body, timeout=timeout)
