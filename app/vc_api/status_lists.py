"""The status list of the VC-API: kept in memory, signed anew when it is asked for and has changed."""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.vc_api.issuers import EphemeralKeys
from app.vc_api.refusals import Refused
from ob3 import BitstringStatusList, add_proof
from ob3.status_list import status_list_credential
from ob3.strict_json import dump

ALGORITHM = "Ed25519"
_PURPOSE = "revocation"
_KEPT = timedelta(hours=1)  # a list is signed anew long before it runs out
_LONGEST = timedelta(days=7)
_MOST_ENTRIES = 100_000  # of 131,072: a free place is found by chance in a few tries


def stamp(moment: datetime) -> str:
    """Write a moment in whole seconds, as RFC 3339 in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class MemoryStatusList:
    """One status list with its places, of which each is given out once and at random."""

    def __init__(self, url: str, keys: EphemeralKeys, clock: Callable[[], datetime]) -> None:
        self.url = url
        self._keys = keys
        self._clock = clock
        self._statuses = BitstringStatusList()
        self._given: dict[int, str] = {}
        self._signed: tuple[datetime, str] | None = None
        self._lock = threading.Lock()

    def entry(self, credential_id: str) -> dict[str, Any]:
        """Give a new entry for a credential. Raises Refused (422) when the list is full."""
        with self._lock:
            if len(self._given) >= _MOST_ENTRIES:
                raise Refused(422, "status_list_full", "The status list is full; start the service anew.")
            index = secrets.randbelow(self._statuses.length)
            while index in self._given:
                index = secrets.randbelow(self._statuses.length)
            self._given[index] = credential_id
        return {
            "id": f"{self.url}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": _PURPOSE,
            "statusListIndex": str(index),
            "statusListCredential": self.url,
        }

    def set_status(self, credential_id: str, *, revoked: bool) -> bool:
        """Revoke the credentials with this id, or take that back; tell whether there is one."""
        with self._lock:
            places = [index for index, one in self._given.items() if one and one == credential_id]
            for index in places:
                self._statuses.set(index, revoked)
            self._signed = None
        return bool(places)

    def text(self) -> str:
        """Give the list as a signed credential."""
        now = self._clock()
        with self._lock:
            if self._signed is None or not self._signed[0] <= now < self._signed[0] + _KEPT:
                self._signed = (now, self._signed_at(now))
            return self._signed[1]

    def local(self, url: str) -> bytes | None:
        """Answer the address of the list without a fetch, and no other."""
        return self.text().encode() if url == self.url else None

    def _signed_at(self, now: datetime) -> str:
        unsigned = status_list_credential(
            url=self.url,
            issuer=self._keys.did(ALGORITHM),
            purpose=_PURPOSE,
            statuses=self._statuses,
            valid_from=stamp(now),
            valid_until=stamp(now + _LONGEST),
        )
        return dump(add_proof(unsigned, signer=self._keys.signer(ALGORITHM), created=stamp(now)))
