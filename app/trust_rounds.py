"""What the worker does for trust lists: publish our own before it runs out, read those of others.

It does so beside its other work, so that an address that is slow to answer keeps no revocation waiting.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import structlog

from app.rounds import rounds
from app.services import own_hosts
from app.settings import Settings
from app.trust_lists import TrustLists
from issuer import Issuer, IssuerError
from issuer.trust_files import TrustFiles
from ob3.trust_list import MAX_BYTES
from verifier.fetch import Fetcher, Limits
from verifier.sources import Fetches

_log = structlog.get_logger(__name__)


class TrustRounds:
    """Look after the trust lists of one data folder."""

    def __init__(
        self,
        settings: Settings,
        issuer: Issuer,
        *,
        clock: Callable[[], datetime],
        fetcher: Fetches | None = None,
    ) -> None:
        self._issuer = issuer
        self._name = settings.site_name
        self._files = TrustFiles(settings.dir)
        self._others = TrustLists(settings.dir, settings.trust_lists, settings.trust_publishers)
        self._clock = clock
        self._fetcher = fetcher or list_fetcher(settings)

    def once(self, *, only_due: bool = True) -> None:
        """Publish and read what is due; what fails is logged, and the next round tries again."""
        try:
            self._issuer.publish_trust_list(self._files, name=self._name)
        except (IssuerError, OSError) as fault:
            _log.warning("trust_list_not_published", code=getattr(fault, "code", "file"))
        try:
            looked = self._others.refresh(fetcher=self._fetcher, now=self._clock(), only_due=only_due)
        except OSError as fault:
            _log.warning("trust_lists_not_kept", error=type(fault).__name__)
            return
        for each in looked:
            if each.code:
                _log.warning(
                    "trust_list_refused", list=each.source, code=each.code, why=each.fault, in_use=each.in_use
                )

    def beside(self) -> AbstractContextManager[None]:
        """Go on for as long as the caller works; at the start at once, for the settings may be others."""
        return rounds(
            lambda first: self.once(only_due=not first), name="trust-lists", failed="trust_round_failed"
        )


def list_fetcher(settings: Settings) -> Fetcher:
    """Make the fetcher for lists, which may be larger than what a badge refers to."""
    limits = Limits(ports=frozenset(settings.fetch_ports), body_bytes=MAX_BYTES)
    return Fetcher(own_hosts=own_hosts(settings), limits=limits)
