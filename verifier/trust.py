"""The trust list: which issuers this verifier knows, and by which name, never the badge's own (W10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from verifier.errors import VerifierError


@dataclass(frozen=True, kw_only=True)
class TrustEntry:
    """One issuer that is known.

    `issuer_id` is the DID or URL in credentials, `names` by BCP 47 language, `country` ISO 3166-1 alpha-2,
    `since` when it was listed, `url` its own site, `keys` Multikeys that the list itself vouches for (needed
    only for issuers whose id is a web address without a DID document).
    """

    issuer_id: str
    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    country: str | None = None
    since: date | None = None
    url: str | None = None
    keys: tuple[str, ...] = ()


@runtime_checkable
class TrustList(Protocol):
    """Anything that can look an issuer up."""

    def find(self, issuer_id: str) -> TrustEntry | None:
        """Give the entry of this issuer, or None."""


class _Entries:
    def __init__(self, entries: Iterable[str | TrustEntry]) -> None:
        listed = (TrustEntry(issuer_id=one) if isinstance(one, str) else one for one in entries)
        self._by_id = MappingProxyType({entry.issuer_id: entry for entry in listed})

    def find(self, issuer_id: str) -> TrustEntry | None:
        return self._by_id.get(issuer_id)


Trusted = Iterable[str | TrustEntry] | TrustList


def trust_list(trust: Trusted) -> TrustList:
    """Make one kind of list out of issuer ids, entries, or a list that already is one.

    Raises VerifierError `trust_is_text` for a single id that was not put in a list.
    """
    if isinstance(trust, str):
        raise VerifierError(
            "trust_is_text", "Give the trusted issuers as a list, also when there is only one."
        )
    return trust if isinstance(trust, TrustList) else _Entries(trust)
