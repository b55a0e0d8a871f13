"""How much the fetcher takes: rules N4 and N5, each refused input beside an accepted twin."""

import threading

import httpx
import pytest
from fetch_world import World, failure, redirecting, refusal

from verifier.fetch import FetchSession, Limits


@pytest.mark.parametrize("stated", [True, False])
def test_a_body_up_to_the_limit_is_read_and_one_byte_more_refused(stated):
    def body(size):
        content = b"x" * size
        return lambda _: httpx.Response(200, content=content if stated else iter([content[:9], content[9:]]))

    limit = 512 * 1024
    assert len(World(body(limit)).fetcher.get("https://a.example/").body) == limit
    assert refusal(World(body(limit + 1)).fetcher, "https://a.example/") == "body_size"


def test_an_endless_body_is_cut():
    def endless():
        while True:
            yield b"x" * 1024

    assert (
        refusal(World(lambda _: httpx.Response(200, content=endless())).fetcher, "https://a.example/")
        == "body_size"
    )


@pytest.mark.parametrize("length", ["99999999999", "9" * 5000, "٩٩٩٩٩٩٩٩٩", "-1", "x"])
def test_a_stated_length_is_never_trusted(length):
    headers = {"content-length": length.encode()}
    world = World(lambda _: httpx.Response(200, headers=headers, content=iter([b"{}"])))
    if length.isascii() and length.isdecimal():
        assert refusal(world.fetcher, "https://a.example/") == "body_size"
    else:
        assert world.fetcher.get("https://a.example/").body == b"{}"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, identity", "x"])
def test_a_compressed_body_is_refused_unread(encoding):
    def answer(request):
        return httpx.Response(200, headers={"content-encoding": encoding}, content=iter([b"\x1f\x8b"]))

    assert refusal(World(answer).fetcher, "https://a.example/") == "content_encoding"
    plain = World(
        lambda _: httpx.Response(200, headers={"content-encoding": "identity"}, content=iter([b"{}"]))
    )
    assert plain.fetcher.get("https://a.example/").body == b"{}"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("pause", "good"), [(0.4, True), (0.6, False)])
def test_a_dripping_body_has_five_seconds_in_all(pause, good):
    clock = Clock()

    def drip():
        for _ in range(10):
            clock.now += pause
            yield b"x"

    world = World(lambda _: httpx.Response(200, content=drip()), monotonic=clock)
    if good:
        assert world.fetcher.get("https://a.example/").body == b"x" * 10
    else:
        assert failure(world.fetcher) == "timeout"


def test_redirects_share_the_five_seconds():
    clock = Clock()
    redirects = redirecting("/b", "/c")

    def answer(request):
        clock.now += 2
        return redirects(request)

    assert failure(World(answer, monotonic=clock).fetcher) == "timeout"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError("x"), "no_connection"),
        (httpx.ConnectTimeout("x"), "timeout"),
        (httpx.ReadTimeout("x"), "timeout"),
        (httpx.ReadError("x"), "broken_answer"),
        (httpx.RemoteProtocolError("x"), "broken_answer"),
        (OSError("x"), "broken_answer"),
    ],
)
def test_transport_errors_become_plain_failures(error, code):
    def answer(request):
        raise error

    assert failure(World(answer).fetcher) == code


def test_one_verification_fetches_twelve_times_and_no_more():
    world = World()
    session = world.fetcher.session()
    for number in range(12):
        session.get(f"https://h{number}.example/")
    assert refusal(session, "https://h12.example/") == "fetch_limit"
    assert len(world.requests) == 12
    assert world.fetcher.session().get("https://h12.example/").status == 200


def test_redirects_count_as_fetches():
    world = World(redirecting("/b"), limits=Limits(fetches=1))
    assert refusal(world.fetcher, "https://a.example/a") == "fetch_limit"
    assert len(world.requests) == 1


def test_one_verification_has_a_time_for_all_its_fetches():
    clock = Clock()
    session = World(monotonic=clock).fetcher.session()
    session.get("https://a.example/")
    clock.now += 8
    session.get("https://a.example/")
    clock.now += 2
    assert refusal(session, "https://a.example/") == "fetch_time"


def test_verifications_together_share_their_time_and_count_for_themselves():
    now = [0.0]
    world = World(monotonic=lambda: now[0])
    together = world.fetcher.together()
    for _ in range(2):
        session = together.session()
        for at in range(12):
            session.get(f"https://a.example/{at}")
        assert refusal(session, "https://a.example/more") == "fetch_limit"
    now[0] = 9.1
    assert refusal(together, "https://a.example/") == "fetch_time"
    assert world.fetcher.get("https://a.example/").status == 200


def test_a_session_serves_as_a_fetcher():
    session = World().fetcher.session()
    assert isinstance(session, FetchSession)
    assert session.session() is session


def test_one_host_is_asked_by_few_at_a_time_and_others_do_not_wait():
    entered = threading.Semaphore(0)
    release = threading.Event()

    def answer(request):
        if request.url.host == "slow.example":
            entered.release()
            release.wait(10)
        return httpx.Response(200)

    world = World(answer, limits=Limits(per_host=2, seconds=0.5))
    hold = Limits(per_host=2, seconds=5)
    world.fetcher._limits = hold
    threads = [threading.Thread(target=world.fetcher.get, args=("https://slow.example/",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert entered.acquire(timeout=5)
    world.fetcher._limits = Limits(per_host=2, seconds=0.1)
    try:
        assert refusal(world.fetcher, "https://slow.example/") == "host_busy"
        assert world.fetcher.get("https://quick.example/").status == 200
    finally:
        release.set()
        for thread in threads:
            thread.join()
    assert world.fetcher.get("https://slow.example/").status == 200
    assert world.fetcher._hosts._busy == {}
