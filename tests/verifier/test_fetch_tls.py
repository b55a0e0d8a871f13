"""The pinned connection, shown with real TLS servers on loopback.

`route` plays the internet: it leads one checked public address to the test's server. Whatever else the
fetcher would connect to meets the socket guard or a server that notes the visit.
"""

import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives import serialization
from tls_world import certificate

from verifier.errors import FetchFailed, FetchRefused
from verifier.fetch import Fetcher, Limits, PinnedTransport

PUBLIC = "93.184.216.34"
OTHER_PUBLIC = "93.184.216.35"


@pytest.fixture(scope="module")
def authority():
    return certificate("Test authority")


@pytest.fixture(scope="module")
def server_context(authority, tmp_path_factory):
    """Serve a certificate for a.example; write down the name that each client asked for."""
    certificate_, key = certificate("a.example", issuer=authority[0], issuer_key=authority[1])
    folder = tmp_path_factory.mktemp("tls")
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "cert.pem").write_bytes(certificate_.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.asked = []
    context.sni_callback = lambda _, name, context: context.asked.append(name)
    return context


@pytest.fixture
def client_context(authority):
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=authority[0].public_bytes(serialization.Encoding.PEM).decode())
    return context


@contextmanager
def serving(handle, context=None):
    """Run `handle(connection)` for each connection to a port on loopback; give the port and the visits."""
    listener = socket.create_server(("127.0.0.1", 0))
    visits = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            visits.append(connection)
            connection.settimeout(5)
            try:
                with context.wrap_socket(connection, server_side=True) if context else connection as stream:
                    handle(stream)
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], visits
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        assert not thread.is_alive()


def answering(body, asked):
    def handle(stream):
        asked.append(stream.recv(65536))
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return handle


def fetcher(port, client_context=None, *, resolve=lambda host: [PUBLIC], addresses=(PUBLIC,), **options):
    route = {(address, 443): ("127.0.0.1", port) for address in addresses}
    return Fetcher(
        transport=PinnedTransport(ssl_context=client_context, route=route), resolve=resolve, **options
    )


def test_the_connection_goes_to_the_checked_address_with_the_name_in_tls_and_host(
    server_context, client_context
):
    asked = []
    server_context.asked.clear()
    with serving(answering(b'{"id":1}', asked), server_context) as (port, _):
        fetched = fetcher(port, client_context).get("https://a.example/did.json", accept="application/json")
    assert fetched.body == b'{"id":1}'
    assert server_context.asked == ["a.example"]
    head = asked[0].decode().lower()
    assert head.startswith("get /did.json http/1.1\r\n")
    assert "\r\nhost: a.example\r\n" in head
    assert "\r\naccept-encoding: identity\r\n" in head


def test_a_second_answer_of_the_resolver_is_never_used(server_context, client_context):
    answers = [[PUBLIC], ["127.0.0.1"]]
    lookups = []

    def resolve(host):
        lookups.append(host)
        return answers[len(lookups) - 1]

    def redirect_once(stream):
        first = b"GET /a " in stream.recv(65536)
        stream.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
            if first
            else b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        )

    with serving(redirect_once, server_context) as (port, visits):
        assert fetcher(port, client_context, resolve=resolve).get("https://a.example/a").body == b"{}"
        assert len(visits) == 2
    assert lookups == ["a.example"]


def test_without_a_route_the_checked_address_itself_is_dialled(monkeypatch):
    dialled = []

    def create_connection(address, *_, **__):
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    assert failed(Fetcher(resolve=lambda host: [PUBLIC, OTHER_PUBLIC])) == "no_connection"
    assert dialled == [(PUBLIC, 443), (OTHER_PUBLIC, 443)]


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_a_name_that_leads_to_loopback_is_never_dialled(address):
    with serving(lambda stream: None) as (port, visits):
        ports = Limits(ports=frozenset({port}))
        with pytest.raises(FetchRefused):
            Fetcher(resolve=lambda host: [address], limits=ports).get(f"https://a.example:{port}/")
        time.sleep(0.05)
        assert visits == []


def test_a_second_checked_address_is_tried_where_the_first_is_dead(server_context, client_context):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = closed.getsockname()[1]
    with serving(answering(b"{}", []), server_context) as (port, _):
        route = {(PUBLIC, 443): ("127.0.0.1", dead), (OTHER_PUBLIC, 443): ("127.0.0.1", port)}
        two = Fetcher(
            transport=PinnedTransport(ssl_context=client_context, route=route),
            resolve=lambda host: [PUBLIC, OTHER_PUBLIC],
        )
        assert two.get("https://a.example/").body == b"{}"


def failed(fetcher_, url="https://a.example/"):
    with pytest.raises(FetchFailed) as failure:
        fetcher_.get(url)
    return failure.value.code


def test_the_certificate_must_be_for_the_name(server_context, client_context):
    with serving(answering(b"{}", []), server_context) as (port, _):
        assert failed(fetcher(port, client_context), "https://b.example/") == "tls"
        assert fetcher(port, client_context).get("https://a.example/").status == 200


def test_the_certificate_must_come_from_a_known_authority(
    server_context, client_context, monkeypatch, tmp_path
):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with serving(answering(b"{}", []), server_context) as (port, _):
        assert failed(fetcher(port)) == "tls"
        assert fetcher(port, client_context).get("https://a.example/").status == 200


def test_proxies_in_the_environment_are_ignored(server_context, client_context, monkeypatch):
    with serving(lambda stream: None) as (proxy, visits):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        with serving(answering(b"{}", []), server_context) as (port, _):
            assert fetcher(port, client_context).get("https://a.example/").body == b"{}"
        assert visits == []


def dripping(data, pause, first=b""):
    def handle(stream):
        stream.recv(65536)
        stream.sendall(first)
        for byte in data:
            stream.sendall(bytes([byte]))
            time.sleep(pause)

    return handle


@pytest.mark.parametrize(
    "handle",
    [
        dripping(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500, 0.05),
        dripping(b"x" * 500, 0.05, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 20, 0.02),
    ],
    ids=["head", "body", "interim"],
)
def test_a_dripping_answer_is_cut_at_the_deadline(handle, server_context, client_context):
    with serving(handle, server_context) as (port, _):
        started = time.monotonic()
        assert failed(fetcher(port, client_context, limits=Limits(seconds=0.5))) == "timeout"
        assert time.monotonic() - started < 1.5


def test_a_quick_drip_within_the_deadline_is_read(server_context, client_context):
    handle = dripping(b"x" * 20, 0.005, b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
    with serving(handle, server_context) as (port, _):
        assert fetcher(port, client_context).get("https://a.example/").body == b"x" * 20


def test_a_silent_peer_before_tls_is_cut_at_the_deadline(client_context):
    with serving(lambda stream: time.sleep(0.8)) as (port, _):
        started = time.monotonic()
        assert failed(fetcher(port, client_context, limits=Limits(seconds=0.3))) == "timeout"
        assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
    ],
    ids=["empty", "nonsense", "short", "two lengths", "bad chunk", "huge head"],
)
def test_a_broken_answer_failed(answer, server_context, client_context):
    def handle(stream):
        stream.recv(65536)
        stream.sendall(answer)

    with serving(handle, server_context) as (port, _):
        assert failed(fetcher(port, client_context)) == "broken_answer"


def test_a_closed_port_failed(client_context):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = closed.getsockname()[1]
    assert failed(fetcher(dead, client_context)) == "no_connection"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_allowed_loopback_origin_is_asked_over_plain_http(host):
    asked = []
    with serving(answering(b"{}", asked)) as (port, visits):
        demo = Fetcher(allow_loopback_origin=f"http://{host}:{port}")
        assert demo.get(f"http://{host}:{port}/status/1").body == b"{}"
        assert f"host: {host}:{port}".encode() in asked[0].lower()
        with pytest.raises(FetchRefused):
            Fetcher().get(f"http://{host}:{port}/status/1")
        assert len(visits) == 1
