"""Bodies are read whole before a thread is given away: slow, endless and broken ones stop nobody else."""

import asyncio
import threading
import time

import pytest
from app_fakes import CODE, World, multipart
from event_loop import run_apart

from app.asgi import LARGE_BYTES, Gateway, Patience


def scope(path="/", method="GET", host="badges.example.edu", **headers):
    given = {"host": host, "accept": "text/html", **headers}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
        "client": ("198.51.100.7", 4000),
        "server": ("127.0.0.1", 8080),
    }


def ask(application, asked, *messages, stalls=False):
    """Send messages as a server would; give status, headers and body."""
    sent = []

    async def run():
        waiting = list(messages)

        async def receive():
            if waiting:
                return waiting.pop(0)
            if stalls:
                await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await application(asked, receive, send)

    run_apart(run())
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def part(body: bytes, *, more: bool) -> dict:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.fixture
def application(world):
    return Gateway(world.app, checks=2, pages=2, patience=Patience(seconds=0.2))


def test_a_page_is_given_as_before(application):
    status, headers, body = ask(application, scope(f"/c/{CODE}"), part(b"", more=False))
    assert status == 200
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert b"This certificate is" in body


def test_a_form_in_pieces_arrives_whole(application, world):
    form = multipart(text="{}")
    data = form["data"]
    asked = scope("/verify", "POST", content_type=form["content_type"], content_length=str(len(data)))
    status, _headers, _body = ask(application, asked, part(data[:50], more=True), part(data[50:], more=False))
    assert status == 200
    assert world.outside.asked == [(b"{}", None)]


def test_a_body_without_a_length_arrives_too(application, world):
    form = multipart(text="{}")
    asked = scope("/verify", "POST", content_type=form["content_type"], transfer_encoding="chunked")
    assert ask(application, asked, part(form["data"], more=False))[0] == 200
    assert world.outside.asked == [(b"{}", None)]


def test_a_sender_that_stalls_is_let_go(application, world):
    asked = scope("/verify", "POST", content_type="application/x-www-form-urlencoded", content_length="2000")
    began = time.monotonic()
    assert ask(application, asked, part(b"text={", more=True), stalls=True)[0] == 408
    assert time.monotonic() - began < 30  # half as long as it would stall
    assert world.outside.asked == []


def test_a_sender_that_leaves_is_let_go(application, world):
    asked = scope("/verify", "POST", content_type="application/x-www-form-urlencoded", content_length="2000")
    assert ask(application, asked, part(b"text={", more=True))[0] == 400
    assert world.outside.asked == []


def test_an_endless_body_is_refused_in_our_words(application):
    asked = scope(
        "/verify", "POST", content_type="multipart/form-data; boundary=x", transfer_encoding="chunked"
    )
    status, _headers, body = ask(application, asked, *[part(b"a" * 1024 * 1024, more=True)] * 7)
    assert status == 413
    assert b"more than we read" in body


def test_slow_senders_hold_nobody_up(tmp_path, credential):
    application = Gateway(World(tmp_path, credential).app, checks=1, pages=1, patience=Patience(seconds=1))

    async def run():
        async def stall():
            await asyncio.sleep(60)
            return {}

        async def nothing():
            return part(b"", more=False)

        answers = []

        async def keep(message):
            answers.append(message)

        slow = scope("/verify", "POST", content_type="text/plain", content_length="10")
        stalled = [asyncio.create_task(application(slow, stall, keep)) for _ in range(8)]
        await asyncio.sleep(0.05)
        await application(scope("/healthz"), nothing, keep)
        assert answers[0]["status"] == 200  # before any of them was let go
        await asyncio.gather(*stalled)
        assert [each["status"] for each in answers if "status" in each].count(408) == 8

    run_apart(run())


def test_two_hosts_are_no_host(application):
    asked = scope("/")
    asked["headers"].append((b"host", b"evil.example"))
    assert ask(application, asked, part(b"", more=False))[0] == 400
    assert ask(application, scope("/", host="evil.example"), part(b"", more=False))[0] == 400


@pytest.mark.parametrize(
    ("held_up", "free"), [(LARGE_BYTES + 1, LARGE_BYTES), (LARGE_BYTES, LARGE_BYTES + 1)]
)
def test_large_files_wait_for_each_other_alone(held_up, free):
    """One thread for each kind: while the one is busy, what is of the other kind is answered all the same."""
    go_on, began = threading.Event(), threading.Event()

    def application(environ, start_response):
        if environ["PATH_INFO"] == "/busy":
            began.set()
            assert go_on.wait(20)
        start_response("200 OK", [])
        return [b"done"]

    gateway = Gateway(application, checks=1, large=1, pages=1)

    async def run():
        answers = []

        def asked(path, size):
            async def receive():
                return part(b"a" * size, more=False)

            async def keep(message):
                if "status" in message:
                    answers.append(path)

            return gateway(scope(path, "POST", content_type="text/plain"), receive, keep)

        busy = asyncio.create_task(asked("/busy", held_up))
        while not began.is_set():
            await asyncio.sleep(0.01)
        behind = asyncio.create_task(asked("/behind", held_up))
        await asyncio.wait_for(asked("/free", free), 20)
        assert answers == ["/free"]
        go_on.set()
        await asyncio.gather(busy, behind)
        assert answers == ["/free", "/busy", "/behind"]

    run_apart(run())
