"""Which issuers the pages trust at this moment: our own institutions, and the lists of others.

A note of who was withdrawn that cannot be read leaves it open of each institution of ours whether it is still
vouched for; certificates are checked nevertheless, and the operator reads of it in the log.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from app.trust_lists import TrustLists
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.institutions import trust_entries
from issuer.trust_files import TrustFiles
from issuer.trust_publication import own_entries
from verifier.trust import TrustEntry, TrustList, UnreadList, trust_list, trust_lists

_TOLD_EVERY = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


class TrustInForce:
    """Give the trust list of a moment; safe to ask from several threads."""

    def __init__(
        self,
        deployment: Deployment,
        files: TrustFiles,
        others: TrustLists,
        clock: Callable[[], datetime],
    ) -> None:
        self._deployment = deployment
        self._files = files
        self._others = others
        self._clock = clock
        self._told: datetime | None = None
        self._made: tuple[tuple[TrustEntry, ...], TrustList] | None = None
        self._lock = threading.Lock()

    def __call__(self) -> TrustList:
        """Read both anew."""
        now = self._clock()
        return trust_lists([self._own(now), *self._others.in_force(now)])

    def _own(self, now: datetime) -> TrustList:
        try:
            entries = own_entries(self._deployment, self._files)
            made = self._made
            if made is None or made[0] is not entries:
                made = self._made = entries, trust_list(entries)
            return made[1]
        except IssuerError as damaged:
            self._tell(damaged, now)
            return UnreadList(one.issuer_id for one in trust_entries(self._deployment))

    def _tell(self, damaged: IssuerError, now: datetime) -> None:
        """Write a line for the operator, though not one for each visitor."""
        with self._lock:
            if self._told is not None and timedelta() <= now - self._told < _TOLD_EVERY:
                return
            self._told = now
        _log.error("own_trust_list_unread", code=damaged.code, why=damaged.message)
