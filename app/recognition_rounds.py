"""What the worker does for recognition: verify again what is listed, fetch what trusted others state.

A deployment is trusted here when its trust list is read (TESTAMUR_TRUST_LISTS). Its feed of statements is
asked for once an hour; what in it is about our courses goes the same way as what is handed in: verified by
our own verifier before it is listed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog

from app.pages.recognition import FEED_PATH
from app.rounds import rounds
from app.services import own_hosts, own_verifier
from app.settings import Settings
from app.trust_in_force import TrustInForce
from app.trust_lists import TrustLists
from issuer import Issuer, IssuerError
from issuer.recognition.receiving import ReceptionRefused, check_again, receive_about
from issuer.trust_files import TrustFiles
from ob3.errors import JsonRefused
from ob3.strict_json import dump, parse
from verifier import Policy
from verifier.errors import FetchFailed, FetchRefused
from verifier.fetch import Fetcher, Limits
from verifier.memory import InMemory
from verifier.sources import Fetches

EVERY = timedelta(hours=1)
FEED_BYTES = 2 * 1024 * 1024
_MOST = 200  # statements of one feed
_log = structlog.get_logger(__name__)


class RecognitionRounds:
    """Look after the statements that one deployment lists and did not make."""

    def __init__(
        self,
        settings: Settings,
        issuer: Issuer,
        *,
        clock: Callable[[], datetime],
        fetcher: Fetches | None = None,
    ) -> None:
        self._issuer = issuer
        self._settings = settings
        self._clock = clock
        self._fetcher = fetcher or feed_fetcher(settings)
        self._memory = InMemory()
        others = TrustLists(settings.dir, settings.trust_lists, settings.trust_publishers)
        self._trust = TrustInForce(issuer.deployment, TrustFiles(settings.dir), others, clock)
        self._asked: dict[str, datetime] = {}

    def once(self) -> int:
        """Verify again what is due, and ask each feed that is due; give how many statements came in."""
        verify = own_verifier(
            self._issuer, self._fetcher, self._clock, self._memory, Policy(isolate=True), self._trust()
        ).verify
        check_again(self._issuer.deployment, verify=verify)
        return sum(self._from_feed(feed, verify) for feed in self._due())

    def _due(self) -> list[str]:
        now = self._clock()
        feeds = [one for one in map(feed_of, self._settings.trust_lists) if one is not None]
        due = [one for one in feeds if one not in self._asked or now - self._asked[one] >= EVERY]
        self._asked.update(dict.fromkeys(due, now))
        return due

    def _from_feed(self, feed: str, verify: Any) -> int:
        try:
            answer = parse(self._fetcher.get(feed, accept="application/json").body)
        except (FetchFailed, FetchRefused, JsonRefused) as fault:
            _log.warning("recognition_feed_not_read", feed=feed, code=fault.code)
            return 0
        entries = answer.get("endorsements") if isinstance(answer, dict) else None
        given = [one.get("credential") for one in entries or [] if isinstance(one, dict)][:_MOST]
        return sum(self._received(one, feed, verify) for one in given if isinstance(one, dict))

    def _received(self, document: dict[str, Any], feed: str, verify: Any) -> int:
        try:
            made = receive_about(
                self._issuer.deployment, document, dump(document).encode(), verify=verify, source=feed
            )
        except ReceptionRefused as refused:
            _log.info("recognition_not_listed", feed=feed, code=refused.code)
            return 0
        return int(made is not None)

    def beside(self) -> AbstractContextManager[None]:
        """Go on for as long as the caller works."""
        return rounds(self._round, name="recognition", failed="recognition_round_failed")

    def _round(self, _first: bool) -> None:
        try:
            self.once()
        except IssuerError as refused:
            _log.warning("recognition_round_refused", code=refused.code)


def feed_of(trust_list: str) -> str | None:
    """Give the address of the feed beside a trust list, None where the list is a file."""
    parts = urlsplit(trust_list)
    return f"{parts.scheme}://{parts.netloc}{FEED_PATH}" if parts.scheme == "https" and parts.netloc else None


def feed_fetcher(settings: Settings) -> Fetcher:
    """Make the fetcher for feeds, which are larger than what a badge refers to."""
    limits = Limits(ports=frozenset(settings.fetch_ports), body_bytes=FEED_BYTES)
    return Fetcher(own_hosts=own_hosts(settings), limits=limits)
