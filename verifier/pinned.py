"""Open one connection to an address that was checked before, and keep every step within one deadline."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, SimpleQueue

import httpcore

from verifier.errors import FetchFailed

Endpoint = tuple[str, int]
_CONNECT_SECONDS = 2.5  # for one address, so that a dead first address leaves time for the second
_RESOLVERS = threading.BoundedSemaphore(16)


class Deadline:
    """Hold the moment by which all of a fetch must be done."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, more than 0, or raise FetchFailed("timeout")."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise too_slow()
        return left


def too_slow() -> FetchFailed:
    """Return the error for an answer that did not come, or did not end, in time."""
    return FetchFailed("timeout", "The other side did not answer completely within the time we wait.")


def resolve_host(host: str) -> list[str]:
    """Return the addresses of `host` from the system's resolver; raise OSError if it has none.

    The closing dot makes the name absolute, so that no local search domain is tried.
    """
    found = socket.getaddrinfo(f"{host}.", None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def resolve_within(resolve: Callable[[str], list[str]], host: str, deadline: Deadline) -> list[str]:
    """Call `resolve` once, in a thread: the system resolver knows no time limit, but `deadline` holds."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(resolve(host) or ()))
        except Exception as error:  # noqa: BLE001 - carried over to the thread that asked
            answers.put(error)
        finally:
            _RESOLVERS.release()

    if not _RESOLVERS.acquire(timeout=deadline.remaining()):
        raise too_slow()
    threading.Thread(target=ask, name="testamur-resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.remaining())
    except Empty:
        raise too_slow() from None
    if isinstance(answer, Exception) and not isinstance(answer, (OSError, UnicodeError, LookupError)):
        raise answer
    if isinstance(answer, Exception) or not answer:
        raise FetchFailed("host_not_found", f"The host name {host} could not be found.")
    return answer


class PinnedBackend(httpcore.NetworkBackend):
    """Connect to the given addresses only, whatever name is asked for.

    `route` sends a checked (address, port) elsewhere; it stands in for the internet in tests.
    """

    def __init__(
        self, addresses: tuple[str, ...], deadline: Deadline, route: Mapping[Endpoint, Endpoint] | None = None
    ) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._route = route or {}

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first address that answers; the name `host` is not looked up."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            target, target_port = self._route.get((address, port), (address, port))
            seconds = min(_CONNECT_SECONDS, self._deadline.remaining())
            try:
                stream = httpcore.SyncBackend().connect_tcp(target, target_port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _DeadlineStream(stream, self._deadline)
        raise failure


class _DeadlineStream(httpcore.NetworkStream):
    """Give each step only the time that is left in all, so that a dripping peer gains nothing (N4)."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.remaining())
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class HostLimiter:
    """Let at most `limit` fetches at a time go to one host."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._busy: dict[str, int] = {}
        self._changed = threading.Condition()

    def enter(self, host: str, seconds: float) -> bool:
        """Take a place for `host`, waiting up to `seconds`; return False if none came free."""
        with self._changed:
            free = self._changed.wait_for(lambda: self._busy.get(host, 0) < self._limit, timeout=seconds)
            if free:
                self._busy[host] = self._busy.get(host, 0) + 1
            return free

    def leave(self, host: str) -> None:
        """Give the place back."""
        with self._changed:
            left = self._busy[host] - 1
            if left:
                self._busy[host] = left
            else:
                del self._busy[host]
            self._changed.notify_all()
