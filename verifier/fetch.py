"""Fetch from the outside world under rules that protect this service and everyone else (threats N1 to N5).

This is the only network code of the product. Every fetch runs through the same steps:

1. the address is parsed strictly: https, a public host name, an allowed port, not one of our own hosts;
2. the name is resolved once; if any answer is not a public address, nothing is fetched;
3. the connection goes to the address that was checked, TLS and its certificate check to the name;
4. at most two redirects are followed, on the same host, and steps 1 and 3 are done again for each;
5. the body is read up to a limit, and all of it, from the first packet, has one deadline.
"""

import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import urljoin

import httpcore
import httpx

from verifier.addresses import public_addresses
from verifier.errors import FetchFailed, FetchRefused
from verifier.pinned import (
    Deadline,
    Endpoint,
    HostLimiter,
    PinnedBackend,
    resolve_host,
    resolve_within,
    too_slow,
)
from verifier.web_address import WebAddress, loopback_addresses, loopback_origin, parse_address

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSPORT_ERRORS = (
    httpx.HTTPError,
    httpx.StreamError,
    httpx.InvalidURL,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    OSError,
    ValueError,
)
_TIMEOUTS = (httpx.TimeoutException, httpcore.TimeoutException, TimeoutError)


@dataclass(frozen=True)
class Limits:
    """Bound what one fetch, and all fetches of one verification, may use; bytes and seconds."""

    ports: frozenset[int] = frozenset({443, 8443})
    body_bytes: int = 512 * 1024
    seconds: float = 5.0
    redirects: int = 2
    fetches: int = 12
    session_seconds: float = 9.0
    per_host: int = 4
    url_characters: int = 2048


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Fetched:
    """A complete answer with status 200; `url` is the address that gave it, `headers` ignore letter case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class PinnedTransport(httpx.BaseTransport):
    """Send a request to the addresses that the fetcher checked, and to no other.

    The request carries them in `extensions["addresses"]`, its `Deadline` in `extensions["deadline"]`; its URL
    keeps the name, which TLS asks for and checks. No proxy, no environment, no cookie, no kept connection.
    `route` sends a checked (address, port) elsewhere and is for tests.
    """

    def __init__(
        self, *, ssl_context: ssl.SSLContext | None = None, route: Mapping[Endpoint, Endpoint] | None = None
    ) -> None:
        self._ssl_context = ssl_context
        self._route = route
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer with its body still to be read; closing it closes the connection."""
        backend = PinnedBackend(
            request.extensions["addresses"], request.extensions["deadline"], route=self._route
        )
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        secure = request.url.scheme == "https"
        connection = httpcore.HTTPConnection(
            origin=url.origin, ssl_context=self._context() if secure else None, network_backend=backend
        )
        try:
            answer = connection.handle_request(
                httpcore.Request(method=request.method, url=url, headers=request.headers.raw)
            )
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_ConnectionBody(connection, answer), request=request
        )

    def _context(self) -> ssl.SSLContext:
        """Return the context with the bundled authorities, made at the first need; no environment."""
        with self._lock:
            if self._ssl_context is None:
                self._ssl_context = httpx.create_ssl_context(trust_env=False)
            return self._ssl_context


class _ConnectionBody(httpx.SyncByteStream):
    """Read a body and close its connection with it."""

    def __init__(self, connection: httpcore.HTTPConnection, answer: httpcore.Response) -> None:
        self._connection = connection
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


class Fetcher:
    """Fetch web addresses that anybody may have written.

    An injected `transport` sees requests for the named host, with the checked addresses in
    `extensions["addresses"]`. `own_hosts` are host names (or host:port) of this service.
    `allow_loopback_origin` is the one http(s) origin on this machine that may be asked, for a demonstration.
    Thread-safe.
    """

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        resolve: Callable[[str], list[str]] = resolve_host,
        own_hosts: Collection[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        allow_loopback_origin: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = PinnedTransport() if transport is None else transport
        self._resolve = resolve
        self._own_hosts = frozenset(host.lower().rstrip(".") for host in own_hosts)
        self._limits = limits
        self._loopback = loopback_origin(allow_loopback_origin) if allow_loopback_origin else None
        self._monotonic = monotonic
        self._hosts = HostLimiter(limits.per_host)

    def session(self) -> "FetchSession":
        """Return a fetcher for one verification, which counts its fetches and its time (N5)."""
        return FetchSession(self, self._limits, self._monotonic, self.end())

    def end(self) -> float:
        """Return when the time of a verification that begins now is over, on this fetcher's clock."""
        return self._monotonic() + self._limits.session_seconds

    def together(self) -> "FetchTogether":
        """Return a fetcher for several verifications that share the time of one: the files of an upload."""
        return FetchTogether(self, self._limits, self._monotonic)

    def get(self, url: str, *, accept: str = "application/json") -> Fetched:
        """Return what `url` answers with status 200.

        Raise FetchRefused for an address that may not be fetched or a limit that was met, FetchFailed where
        no usable answer came.
        """
        return self.session().get(url, accept=accept)

    def _fetch(self, url: str, accept: str, deadline: Deadline, spend: Callable[[], None]) -> Fetched:
        target = self._parse(url)
        with self._place(target.host, deadline):
            addresses = self._addresses(target, deadline)
            for _ in range(self._limits.redirects + 1):
                spend()
                answer = self._exchange(target, addresses, accept, deadline)
                if isinstance(answer, Fetched):
                    return answer
                target = self._redirected(target, answer)
        raise FetchRefused(
            "redirect_limit", f"{target.host} redirects more than {self._limits.redirects} times."
        )

    def _parse(self, url: str) -> WebAddress:
        return parse_address(
            url,
            ports=self._limits.ports,
            own_hosts=self._own_hosts,
            loopback_origin=self._loopback,
            max_characters=self._limits.url_characters,
        )

    def _redirected(self, target: WebAddress, location: str) -> WebAddress:
        """Return where a redirect leads: the same host only, under all rules again (N3)."""
        try:
            joined = urljoin(str(target), location)
        except ValueError:
            raise FetchFailed("broken_answer", f"{target.host} redirects to no proper address.") from None
        following = self._parse(joined)
        if following.host != target.host or following.loopback != target.loopback:
            raise FetchRefused(
                "redirect_host", f"{target.host} redirects to another host, which is not followed."
            )
        return following

    @contextmanager
    def _place(self, host: str, deadline: Deadline) -> Iterator[None]:
        if not self._hosts.enter(host, deadline.remaining()):
            raise FetchRefused(
                "host_busy", f"Too many checks are asking {host} at the moment; please try again."
            )
        try:
            yield
        finally:
            self._hosts.leave(host)

    def _addresses(self, target: WebAddress, deadline: Deadline) -> tuple[str, ...]:
        """Resolve once for this fetch and its redirects, so that a second answer cannot differ (N2)."""
        if target.loopback:
            return loopback_addresses(target.host)
        return public_addresses(target.host, resolve_within(self._resolve, target.host, deadline))

    def _exchange(
        self, target: WebAddress, addresses: tuple[str, ...], accept: str, deadline: Deadline
    ) -> Fetched | str:
        """Send one request; return the answer, or the Location of a redirect."""
        try:
            response = self._transport.handle_request(self._request(target, addresses, accept, deadline))
            try:
                deadline.remaining()
                return self._read(target, response, deadline)
            finally:
                response.close()
        except _TRANSPORT_ERRORS as error:
            raise _translated(target.host, error) from error

    def _request(
        self, target: WebAddress, addresses: tuple[str, ...], accept: str, deadline: Deadline
    ) -> httpx.Request:
        seconds = deadline.remaining()
        return httpx.Request(
            "GET",
            str(target),
            headers={
                "Accept": accept,
                "Accept-Encoding": "identity",
                "Connection": "close",
                "User-Agent": "Testamur",
            },
            extensions={
                "addresses": addresses,
                "deadline": deadline,
                "sni_hostname": target.host,
                "timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds),
            },
        )

    def _read(self, target: WebAddress, response: httpx.Response, deadline: Deadline) -> Fetched | str:
        if response.status_code in _REDIRECTS and "location" in response.headers:
            return response.headers["location"]
        if response.status_code != 200:
            raise FetchFailed(
                "http_status", f"{target.host} answered with HTTP status {response.status_code}."
            )
        # A compressed body can grow without bound when it is unpacked, and we asked for none (N4).
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise FetchRefused(
                "content_encoding", f"{target.host} sent a compressed answer, which is not unpacked."
            )
        body = self._body(target, response, deadline)
        return Fetched(str(target), response.status_code, response.headers, body)

    def _body(self, target: WebAddress, response: httpx.Response, deadline: Deadline) -> bytes:
        limit = self._limits.body_bytes
        declared = response.headers.get("content-length", "0")
        if declared.isascii() and declared.isdecimal() and int(declared[:20]) > limit:
            raise _too_large(target.host, limit)
        body = bytearray()
        for chunk in cast(httpx.SyncByteStream, response.stream):
            deadline.remaining()
            body += chunk
            if len(body) > limit:
                raise _too_large(target.host, limit)
        return bytes(body)


class FetchSession:
    """Fetch for one verification: `limits.fetches` requests, `limits.session_seconds`. Not thread-safe."""

    def __init__(self, fetcher: Fetcher, limits: Limits, monotonic: Callable[[], float], end: float) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._monotonic = monotonic
        self._end = end
        self._used = 0

    def session(self) -> "FetchSession":
        """Return itself, so that a verifier may be given a session in place of a fetcher."""
        return self

    def get(self, url: str, *, accept: str = "application/json") -> Fetched:
        """Fetch `url` as `Fetcher.get` does, within what this verification has left."""
        seconds = min(self._limits.seconds, self._end - self._monotonic())
        if seconds <= 0:
            raise FetchRefused("fetch_time", "The time for fetching that one verification may use is over.")
        return self._fetcher._fetch(url, accept, Deadline(seconds, self._monotonic), self._spend)

    def _spend(self) -> None:
        if self._used >= self._limits.fetches:
            raise FetchRefused(
                "fetch_limit", f"One verification fetches at most {self._limits.fetches} addresses."
            )
        self._used += 1


class FetchTogether:
    """Give each of several verifications its own count of fetches, and all of them the time of one."""

    def __init__(self, fetcher: Fetcher, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._monotonic = monotonic
        self._end = fetcher.end()

    def session(self) -> FetchSession:
        """Return the fetcher of the next verification."""
        return FetchSession(self._fetcher, self._limits, self._monotonic, self._end)

    def get(self, url: str, *, accept: str = "application/json") -> Fetched:
        """Fetch `url` as `Fetcher.get` does, within the time that is left."""
        return self.session().get(url, accept=accept)


def _too_large(host: str, limit: int) -> FetchRefused:
    return FetchRefused("body_size", f"{host} sent more than {limit // 1024} KiB, which is not read.")


def _translated(host: str, error: Exception) -> FetchFailed:
    """Return the plain error for what a transport raised."""
    if isinstance(error, _TIMEOUTS):
        return too_slow()
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return FetchFailed("tls", f"No secure connection to {host} could be made.")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, (httpcore.ConnectError, httpx.ConnectError)):
        return FetchFailed("no_connection", f"{host} could not be reached.")
    return FetchFailed("broken_answer", f"The answer of {host} broke off or was not proper HTTP.")
