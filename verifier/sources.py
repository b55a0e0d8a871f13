"""Reads what a document refers to: our own addresses from stored bytes, all others through the one fetcher.

One `Sources` lives for one verification: it counts the fetches (N5) and asks no address twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from verifier.errors import FetchFailed, FetchRefused
from verifier.fetch import Fetcher, FetchTogether
from verifier.work import Work


class Answered(Protocol):
    """What the fetcher gives back."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Fetches(Protocol):
    """The one thing that the verifier needs of a fetcher."""

    def get(self, url: str, *, accept: str) -> Answered:
        """Give the answer of an address, or raise FetchRefused or FetchFailed."""


# what the fetcher refuses for a reason that lies not in the address
_REFUSALS = {
    "body_size": "too_large",
    "fetch_limit": "too_many",
    "fetch_time": "unreachable",
    "host_busy": "unreachable",
}
Local = Callable[[str], bytes | None]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Bytes with where they came from: `own` means from this deployment's store, without a fetch.

    `url` is the address that gave them, which a redirect may have named.
    """

    url: str
    body: bytes
    own: bool
    headers: Mapping[str, str]


class Unreadable(Exception):  # noqa: N818  (not a fault: an answer that becomes the outcome `unknown`)
    """An address that gave no usable answer: `unreachable`, `forbidden`, `too_large` or `too_many`."""

    def __init__(self, code: str, url: str) -> None:
        super().__init__(code, url)
        self.code = code
        self.host = host_of(url)


class Sources:
    """Read addresses for one verification."""

    def __init__(
        self, *, fetcher: Fetches | None, local: Local | None, max_fetches: int, work: Work | None = None
    ) -> None:
        # a session of the fetcher also counts redirects and the time of the whole verification (N5)
        self._fetcher = fetcher.session() if isinstance(fetcher, Fetcher | FetchTogether) else fetcher
        self._local = local
        self._left = max_fetches
        self._work = work
        self._read: dict[str, Source | Unreadable] = {}

    def read(self, url: str, *, accept: str) -> Source:
        """Give the bytes at an address, asked once. Raises Unreadable."""
        if url not in self._read:
            self._read[url] = self._attempt(url, accept)
        answer = self._read[url]
        if isinstance(answer, Unreadable):
            raise answer
        return answer

    def _attempt(self, url: str, accept: str) -> Source | Unreadable:
        if self._work is not None and self._work.used_up:
            return Unreadable("too_many", url)
        own = self._local(url) if self._local else None
        if own is not None:
            return Source(url=url, body=own, own=True, headers={})
        if self._fetcher is None:
            return Unreadable("unreachable", url)
        if self._left <= 0:
            return Unreadable("too_many", url)
        self._left -= 1
        try:
            answer = self._fetcher.get(url, accept=accept)
        except FetchRefused as error:
            return Unreadable(_REFUSALS.get(error.code, "forbidden"), url)
        except FetchFailed:
            return Unreadable("unreachable", url)
        if answer.status != 200:
            return Unreadable("unreachable", url)
        return Source(url=answer.url, body=answer.body, own=False, headers=answer.headers)


def host_of(url: str) -> str:
    """Give the host of an address for a reader, or the address itself where it has none."""
    try:
        return urlsplit(url).hostname or url[:200]
    except ValueError:
        return url[:200]
