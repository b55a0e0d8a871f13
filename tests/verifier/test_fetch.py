"""Where the fetcher goes: rules N1 to N3, each with an input that is refused and a twin that is accepted."""

import threading

import httpx
import pytest
from fetch_world import PUBLIC, World, failure, redirecting, refusal
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import FetchRefused, VerifierError
from verifier.fetch import Fetcher, Limits


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://a.example/did.json", "https://a.example/did.json"),
        ("HTTPS://A.Example/did.json#key-1", "https://a.example/did.json"),
        ("https://a.example:443/x?y=1", "https://a.example/x?y=1"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example?q=%20a", "https://a.example/?q=%20a"),
        ("https://université.example/é", "https://xn--universit-j4a.example/%C3%A9"),
        ("https://ours.example.edu/status/1", "https://ours.example.edu/status/1"),
    ],
)
def test_a_public_https_address_is_fetched(url, asked):
    world = World(own_hosts=("ours.example",))
    fetched = world.fetcher.get(url, accept="application/json")
    assert (fetched.url, fetched.status, fetched.body) == (asked, 200, b"{}")
    [request] = world.requests
    assert str(request.url) == asked
    assert request.headers["host"] == request.url.netloc.decode()
    assert request.headers["accept"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert request.extensions["addresses"] == (PUBLIC,)
    assert "cookie" not in request.headers
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://a.example/", "https_only"),
        ("ftp://a.example/", "https_only"),
        ("file:///etc/passwd", "url_form"),
        ("gopher://a.example/", "https_only"),
        ("//a.example/", "url_form"),
        ("a.example/did.json", "url_form"),
        ("https:/a.example/", "url_form"),
        ("https:///a.example/", "url_form"),
        ("", "url_form"),
        ("https://a.example:80/", "port"),
        ("https://a.example:22/", "port"),
        ("https://a.example:0/", "port"),
        ("https://a.example:99999/", "port"),
        ("https://a.example:/", "url_form"),
        ("https://a.example:4 43/", "url_form"),
        ("https://a.example:+443/", "url_form"),
        ("https://a.example:٤٤٣/", "url_form"),
        ("https://user@a.example/", "userinfo"),
        ("https://user:secret@a.example/", "userinfo"),
        ("https://a.example@b.example/", "userinfo"),
        ("https://127.0.0.1/", "ip_literal"),
        ("https://93.184.216.34/", "ip_literal"),
        ("https://2130706433/", "ip_literal"),
        ("https://0x7f.1/", "ip_literal"),
        ("https://[::1]/", "ip_literal"),
        ("https://[2606:2800:220:1:248:1893:25c8:1946]/", "ip_literal"),
        ("https://[::ffff:127.0.0.1]/", "ip_literal"),
        ("https://[fe80::1%25eth0]/", "url_form"),
        ("https://localhost/", "host_special"),
        ("https://intranet/", "host_special"),
        ("https://db.internal/", "host_special"),
        ("https://printer.local/", "host_special"),
        ("https://a.example./", "host_form"),
        ("https://a.example%2f.b.example/", "host_form"),
        ("https://ours.example/status/1", "own_host"),
        ("https://OURS.example:8443/status/1", "own_host"),
        ("https://a.example\\@ours.example/", "url_form"),
        ("https://a.example/a b", "url_form"),
        ("https://a.example/\r\nHost: b", "url_form"),
        (" https://a.example/", "url_form"),
        ("https://a.example/\ud800", "url_form"),
        ("https://a.example/" + "a" * 2048, "url_length"),
    ],
)
def test_any_other_address_is_refused_before_anything_is_asked(url, code):
    world = World(own_hosts=("ours.example",))
    assert refusal(world.fetcher, url) == code
    assert world.requests == []
    assert world.lookups == []


def test_another_port_is_a_setting():
    assert World(limits=Limits(ports=frozenset({9443}))).fetcher.get("https://a.example:9443/").status == 200
    assert refusal(World(limits=Limits(ports=frozenset({9443}))).fetcher, "https://a.example/") == "port"


@given(st.text(max_size=60) | st.text(max_size=30).map("https://{}".format))
def test_any_text_is_fetched_from_a_public_name_or_refused(url):
    world = World()
    try:
        world.fetcher.get(url)
    except FetchRefused:
        assert world.requests == []
        return
    assert world.requests[0].url.scheme == "https"
    assert "." in world.requests[0].url.host


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.0.0.1",),
        ("::1",),
        ("64:ff9b::7f00:1",),
        ("169.254.169.254",),
        ("nonsense",),
        (PUBLIC, "127.0.0.1"),
        ("127.0.0.1", PUBLIC),
        (PUBLIC, "::ffff:10.0.0.1"),
    ],
)
def test_a_name_with_any_private_answer_is_refused(addresses):
    world = World(addresses=addresses)
    assert refusal(world.fetcher, "https://a.example/") == "address_not_public"
    assert world.requests == []


def test_a_name_with_several_public_answers_is_fetched_from_them():
    world = World(addresses=(PUBLIC, "2606:2800:220:1:248:1893:25c8:1946"))
    world.fetcher.get("https://a.example/")
    assert world.requests[0].extensions["addresses"] == (PUBLIC, "2606:2800:220:1:248:1893:25c8:1946")


def test_a_name_is_looked_up_once_even_over_redirects():
    def answer(request):
        return (
            httpx.Response(302, headers={"location": "/b"})
            if request.url.path == "/a"
            else httpx.Response(200)
        )

    world = World(answer)
    world.fetcher.get("https://a.example/a")
    assert world.lookups == ["a.example"]
    assert {request.extensions["addresses"] for request in world.requests} == {(PUBLIC,)}


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label"), LookupError("unknown")])
def test_a_name_without_answer_failed(error):
    def resolve(host):
        raise error

    assert (
        failure(Fetcher(transport=httpx.MockTransport(lambda _: None), resolve=resolve)) == "host_not_found"
    )
    assert failure(World(addresses=()).fetcher) == "host_not_found"


def test_a_resolver_that_hangs_costs_no_more_than_the_deadline():
    release = threading.Event()

    def resolve(host):
        release.wait(10)
        return [PUBLIC]

    fetcher = Fetcher(
        transport=httpx.MockTransport(lambda _: None), resolve=resolve, limits=Limits(seconds=0.1)
    )
    try:
        assert failure(fetcher) == "timeout"
    finally:
        release.set()


@pytest.mark.parametrize(
    "locations", [("/b",), ("https://a.example/b", "c"), ("https://a.example:8443/b",), ("//A.example/b#x",)]
)
def test_two_redirects_on_the_same_host_are_followed(locations):
    world = World(redirecting(*locations))
    assert world.fetcher.get("https://a.example/a").status == 200
    assert len(world.requests) == len(locations) + 1


@pytest.mark.parametrize(
    ("locations", "code"),
    [
        (("/b", "/c", "/d"), "redirect_limit"),
        (("https://b.example/",), "redirect_host"),
        (("/b", "https://b.example/"), "redirect_host"),
        (("http://a.example/b",), "https_only"),
        (("https://a.example:22/b",), "port"),
        (("https://127.0.0.1/",), "ip_literal"),
        (("https://u@a.example/",), "userinfo"),
        (("https://localhost/",), "host_special"),
        (("file:///etc/passwd",), "url_form"),
        (("https://ours.example/",), "own_host"),
    ],
)
def test_other_redirects_are_refused(locations, code):
    world = World(redirecting(*locations), own_hosts=("ours.example",))
    assert refusal(world.fetcher, "https://a.example/a") == code
    assert all(request.url.host == "a.example" for request in world.requests)
    assert len(world.requests) <= 3


def test_a_redirect_without_proper_place_failed():
    assert failure(World(lambda _: httpx.Response(302)).fetcher) == "http_status"
    broken = World(lambda _: httpx.Response(302, headers={"location": "https://[a.example/"}))
    assert failure(broken.fetcher) == "broken_answer"


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 404, 410, 500, 503])
def test_only_status_200_is_an_answer(status):
    assert failure(World(lambda _: httpx.Response(status)).fetcher) == "http_status"


def test_a_fault_of_our_own_in_looking_up_a_name_is_not_said_to_be_the_hosts():
    def resolve(host):
        raise ZeroDivisionError if host == "a.example" else LookupError

    fetcher = Fetcher(transport=httpx.MockTransport(lambda _: None), resolve=resolve)
    with pytest.raises(ZeroDivisionError):
        fetcher.get("https://a.example/")
    with pytest.raises(VerifierError) as unknown:
        fetcher.get("https://b.example/")
    assert unknown.value.code == "host_not_found"


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "http://localhost:8000", "https://[::1]:9000", "http://127.0.0.1"]
)
def test_one_loopback_origin_may_be_allowed(origin):
    world = World(allow_loopback_origin=origin)
    assert world.fetcher.get(f"{origin}/status/1").url == f"{origin}/status/1"
    assert world.lookups == []
    for other in (
        "http://127.0.0.1:8001/",
        "http://127.0.0.2:8000/",
        "http://localhost:8001/",
        "http://a.example/",
    ):
        assert refusal(world.fetcher, other) == "https_only"
    assert refusal(World().fetcher, f"{origin}/status/1") in ("https_only", "ip_literal")


@pytest.mark.parametrize(
    "origin", ["http://10.0.0.1:8000", "https://a.example", "ftp://127.0.0.1", "http://u@[::1]"]
)
def test_no_other_origin_can_be_allowed(origin):
    with pytest.raises(VerifierError):
        Fetcher(allow_loopback_origin=origin)


def test_the_loopback_origin_may_not_send_elsewhere():
    redirects = redirecting("https://a.example/")
    assert (
        refusal(World(redirects, allow_loopback_origin="http://[::1]:80").fetcher, "http://[::1]/")
        == "redirect_host"
    )
    to_loopback = World(redirecting("http://127.0.0.1:8000/"), allow_loopback_origin="http://127.0.0.1:8000")
    assert refusal(to_loopback.fetcher, "https://a.example/") == "redirect_host"


def test_headers_ignore_letter_case():
    world = World(lambda _: httpx.Response(200, headers={"Cache-Control": "max-age=60"}))
    assert world.fetcher.get("https://a.example/").headers["cache-control"] == "max-age=60"
    assert world.fetcher.get("https://a.example/").headers["CACHE-CONTROL"] == "max-age=60"
