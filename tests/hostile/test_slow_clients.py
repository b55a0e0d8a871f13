"""Those who send or read slowly hold nobody up: not the real server, and no thread of the gateway (U7)."""

import asyncio
import contextlib
import threading
import time

import pytest
from demonstration import serving
from event_loop import run_apart
from free_ports import free_port
from hostile_site import BROWSER
from hostile_wire import CLOSE, HOST, connect, get

from app.asgi import REFUSED, Gateway, Patience

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HEAD = b"POST /verify HTTP/1.1\r\n" + HOST + CLOSE + FORM + b"Content-Length: 1000\r\n\r\n"


@pytest.fixture(scope="module")
def port(demo):
    chosen = free_port()
    with serving(demo.folder, chosen, TESTAMUR_BASE_URL=demo.base_url):
        yield chosen


@contextlib.contextmanager
def connections(port, count, request, **options):
    peers = [connect(port, **options) for _ in range(count)]
    try:
        for peer in peers:
            peer.sendall(request)
        yield peers
    finally:
        for peer in peers:
            peer.close()


def slowest(port, times=5):
    """Give the time of the slowest of several pages, all of which must open."""
    began = [get(port, path) for path in (b"/healthz", b"/", b"/verify") for _ in range(times)]
    assert {reply.status for reply in began} == {200}
    return max(reply.seconds for reply in began)


def test_a_hundred_forms_that_never_end_hold_nobody_up(port):
    with connections(port, 100, HEAD + b"text=x"):
        time.sleep(0.3)
        assert slowest(port) < 3


def test_a_hundred_heads_that_never_end_hold_nobody_up(port):
    with connections(port, 100, b"GET /verify HTTP/1.1\r\n" + HOST):
        assert slowest(port) < 3


def test_readers_who_never_read_hold_nobody_up(port):
    wanted = (
        b"GET /static/testamur.css HTTP/1.1\r\n" + HOST + b"\r\n"
    )  # more than the system keeps for a peer
    with connections(port, 16, wanted * 60, receive_buffer=1024):
        time.sleep(3)  # as many answers as the system keeps are made first
        assert slowest(port) < 3


def scope(method="POST", headers=(), **members):
    return {
        "type": "http",
        "method": method,
        "http_version": "1.1",
        "scheme": "http",
        "raw_path": b"/verify",
        "query_string": b"",
        "server": ("127.0.0.1", 8080),
        "client": ("192.0.2.7", 1234),
        "headers": list(headers),
        **members,
    }


def echo(environ, start_response):
    """Answer with what a page would see."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Refused", str(environ.get(REFUSED)))])
    return [environ["wsgi.input"].read(), b"|", environ["CONTENT_LENGTH"].encode()]


async def ask(gateway, *pieces, pause=0.0, **members):
    """Send a request in pieces; give status, headers and body."""
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if waiting:
        waiting[-1]["more_body"] = False
    sent = []

    async def receive():
        await asyncio.sleep(pause)
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await gateway(scope(**members), receive, send)
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]


def gateway(application=echo, **patience):
    return Gateway(application, checks=2, pages=1, patience=Patience(**patience))


def test_a_body_in_pieces_arrives_whole():
    status, headers, body = run_apart(ask(gateway(), b"ab", b"", b"cd"))
    assert (status, headers[b"x-refused"], body) == (200, b"None", b"abcd|4")


@pytest.mark.parametrize(
    ("patience", "pause", "refused"),
    [({"body_bytes": 3}, 0.0, b"413"), ({"held_bytes": 3}, 0.0, b"503"), ({"seconds": 0.05}, 0.04, b"408")],
)
def test_what_is_too_much_or_too_slow_is_left_to_the_pages_to_refuse(patience, pause, refused):
    status, headers, body = run_apart(ask(gateway(**patience), b"ab", b"cd", pause=pause))
    assert (status, headers[b"x-refused"], body) == (200, refused, b"|0")


@pytest.mark.parametrize(
    ("status", "words"), [(408, "in time"), (413, "more than we read"), (503, "not ready")]
)
def test_the_pages_say_why(site, status, words):
    answer = site.web.post(
        "/verify", base_url=site.settings.base_url, headers=BROWSER, environ_overrides={REFUSED: status}
    )
    assert answer.status_code == status
    assert words in answer.text
    assert site.request("POST", "/verify", environ_overrides={}).status == 422


def test_what_was_held_is_given_back():
    async def many():
        asked = gateway(held_bytes=10)
        return [(await ask(asked, b"x" * 8))[1][b"x-refused"] for _ in range(5)]

    assert run_apart(many()) == [b"None"] * 5


def test_a_body_that_breaks_off_is_refused():
    assert run_apart(ask(gateway()))[1][b"x-refused"] == b"400"


def test_a_name_with_an_underscore_is_no_header_of_ours():
    def told(environ, start_response):
        start_response("200 OK", [])
        return [environ.get("HTTP_X_FORWARDED_FOR", "none").encode(), environ["HTTP_COOKIE"].encode()]

    headers = [(b"x_forwarded_for", b"1.2.3.4"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert run_apart(ask(gateway(told), b"", headers=headers))[2] == b"nonea=1; b=2"
    twin = run_apart(ask(gateway(told), b"", headers=[(b"x-forwarded-for", b"1.2.3.4"), *headers[1:]]))
    assert twin[2] == b"1.2.3.4a=1; b=2"


def test_pages_open_while_every_check_waits():
    free = threading.Event()

    def wait(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            assert free.wait(10)
        start_response("200 OK", [])
        return [environ["REQUEST_METHOD"].encode()]

    async def both():
        asked = gateway(wait)
        posts = [asyncio.create_task(ask(asked, b"")) for _ in range(5)]
        await asyncio.sleep(0.05)
        page = await asyncio.wait_for(ask(asked, b"", method="GET"), 5)
        free.set()
        return page, await asyncio.gather(*posts)

    page, posts = run_apart(both())
    assert page[2] == b"GET"
    assert [each[2] for each in posts] == [b"POST"] * 5
