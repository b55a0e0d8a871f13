"""The trust list: which issuers this verifier knows, and by which name, never the badge's own (W10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from verifier.errors import VerifierError


@dataclass(frozen=True, kw_only=True)
class TrustEntry:
    """One issuer that is known.

    `issuer_id` is the DID or URL in credentials, `names` by BCP 47 language, `country` ISO 3166-1 alpha-2,
    `since` when it was listed, `until` the first day on which it no longer is, with the `reason`, `url` its
    own site, `keys` Multikeys that the list itself vouches for (needed only for issuers whose id is a web
    address without a DID document). `list_name` says which list it comes from, empty for this service's own.
    """

    issuer_id: str
    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    country: str | None = None
    since: date | None = None
    until: date | None = None
    reason: str | None = None
    url: str | None = None
    keys: tuple[str, ...] = ()
    list_name: str = ""

    def in_force(self, now: datetime) -> bool:
        """Tell whether the issuer is on its list at a moment; days are those of UTC."""
        today = now.astimezone(UTC).date()
        return (self.since is None or self.since <= today) and (self.until is None or today < self.until)


@runtime_checkable
class TrustList(Protocol):
    """Anything that can look an issuer up."""

    def find(self, issuer_id: str) -> TrustEntry | None:
        """Give the entry of this issuer, or None; one that is no longer in force may be given too."""


class _Entries:
    def __init__(self, entries: Iterable[str | TrustEntry]) -> None:
        listed = [TrustEntry(issuer_id=one) if isinstance(one, str) else one for one in entries]
        self._by_id = MappingProxyType({entry.issuer_id: entry for entry in reversed(listed)})

    def find(self, issuer_id: str) -> TrustEntry | None:
        return self._by_id.get(issuer_id)


class UnreadList:
    """Stand in for a list that could not be read: of these issuers it is open whether they are on it.

    No later list vouches for them either, since the one that was not read might have said no.
    """

    def __init__(self, issuer_ids: Iterable[str]) -> None:
        self._issuer_ids = frozenset(issuer_ids)

    def find(self, issuer_id: str) -> TrustEntry | None:
        """Find nobody."""
        return None

    def leaves_open(self, issuer_id: str) -> bool:
        """Tell whether the list would have something to say of an issuer."""
        return issuer_id in self._issuer_ids


class _Together:
    def __init__(self, lists: Iterable[TrustList]) -> None:
        self._lists = tuple(lists)

    def find(self, issuer_id: str) -> TrustEntry | None:
        for one in self._lists:
            found = one.find(issuer_id)
            if found is not None or leaves_open(one, issuer_id):
                return found
        return None

    def leaves_open(self, issuer_id: str) -> bool:
        return any(leaves_open(one, issuer_id) for one in self._lists)


def leaves_open(trust: TrustList, issuer_id: str) -> bool:
    """Tell whether it is open if an issuer is trusted, because a list could not be read."""
    return isinstance(trust, UnreadList | _Together) and trust.leaves_open(issuer_id)


Trusted = Iterable[str | TrustEntry] | TrustList


def trust_list(trust: Trusted) -> TrustList:
    """Make one kind of list out of issuer ids, entries, or a list that already is one.

    Of two entries for one issuer the first counts. Raises VerifierError `trust_is_text` for a single id that
    was not put in a list.
    """
    if isinstance(trust, str):
        raise VerifierError(
            "trust_is_text", "Give the trusted issuers as a list, also when there is only one."
        )
    return trust if isinstance(trust, TrustList) else _Entries(trust)


def trust_lists(lists: Iterable[Trusted]) -> TrustList:
    """Make one list out of several; the first that knows an issuer says what is known of it."""
    return _Together([trust_list(one) for one in lists])
