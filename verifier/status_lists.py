"""Reads a status list and confirms that it is the issuer's own, whole, in force and no older one (S1 to S5).

A list counts only when its address is its id, its proof passes all rules of the badge itself, its issuer is
the badge's issuer, it is of the right type and purpose, in force, and not older than one seen before. For
whatever is missing an `OpenQuestion` says why: neither "good" nor "revoked". A list's own status is not
followed (S6).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ob3 import Ob3Error, strict_json
from ob3.contexts import OB3, OB3_EXTENSIONS, VC1, VC2
from ob3.jws import Jws, credential_of, enveloped_token, read_jws
from ob3.status_entry import StatusListEntry
from ob3.status_list import BitstringStatusList
from verifier.canonical import check_canonical
from verifier.dates import read_stamp
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list, as_object, has_type, id_of, objects_within
from verifier.jws_proofs import check_jws
from verifier.memory import Memory, Remembered, recall, remember
from verifier.policy import Policy
from verifier.proofs import ProvenDocument, check_proofs
from verifier.report import Outcome
from verifier.sources import Sources
from verifier.status_proven import AskedKeys, ProvenList, ProvenLists
from verifier.text_forms import token_in

_ACCEPT = (
    "application/vc, application/vc+ld+json, application/ld+json, application/json, "
    "application/vc+jwt, application/jwt, text/plain"
)
_MAX_AGE = "max-age="
# the first context of a list says how its dates are called; behind it stand only contexts that we carry
_DATES = {VC2: ("validFrom", "validUntil"), VC1: ("issuanceDate", "expirationDate")}
_FURTHER_CONTEXTS = frozenset(
    {
        OB3,
        OB3_EXTENSIONS,
        "https://www.w3.org/ns/credentials/status/v1",
        "https://w3id.org/vc/status-list/2021/v1",
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/suites/ed25519-2020/v1",
    }
)
_PROVEN = ProvenLists()

Document = Mapping[str, Any]


class OpenQuestion(Exception):  # noqa: N818  (an answer, not a fault)
    """Why a list cannot be used; the code of an `unknown` check."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ListKind:
    """One form of status list: the types of its credential and subject, and how its bits are packed."""

    credential_type: str
    subject_type: str
    decode: Callable[[str], BitstringStatusList]


BITSTRING = ListKind("BitstringStatusListCredential", "BitstringStatusList", BitstringStatusList.decode)
STATUS_LIST_2021 = ListKind("StatusList2021Credential", "StatusList2021", BitstringStatusList.decode_2021)


@dataclass(frozen=True)
class ReadList:
    """A list that was verified: its bits and its period."""

    bits: BitstringStatusList
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True)
class _Text:
    """The text of a list: `keep_for` is None for one from memory, which is not kept anew."""

    text: str
    own: bool
    keep_for: timedelta | None


@dataclass(frozen=True, kw_only=True)
class StatusLists:
    """Read status lists, each once in one verification."""

    sources: Sources
    keys: IssuerKeys
    memory: Memory | None
    now: datetime
    policy: Policy
    _lists: dict[tuple[ListKind, str, str], ReadList] = field(default_factory=dict)

    def read(self, entry: StatusListEntry, kind: ListKind, issuer: str) -> ReadList:
        """Give the verified list that an entry names. Raises OpenQuestion, and Unreadable."""
        known = (kind, entry.purpose, entry.url)
        if known not in self._lists:
            self._lists[known] = self._verified(entry, kind, issuer)
        return self._lists[known]

    def _verified(self, entry: StatusListEntry, kind: ListKind, issuer: str) -> ReadList:
        kept = recall(self.memory, f"status:{entry.url}") if self.memory else None
        found = self._text(entry.url, kept)
        proven = self._proven(found, entry, kind, issuer)
        read = ReadList(proven.bits, *self._period(proven))
        if kept and kept.valid_from and read.valid_from < kept.valid_from:
            raise OpenQuestion("list_rolled_back")  # S2
        if self.memory is not None and found.keep_for is not None:
            self._keep(entry.url, found, read, _ttl(proven.document))
        return read

    def _text(self, url: str, kept: Remembered | None) -> _Text:
        if kept and kept.fresh_until and kept.read_at <= self.now < kept.fresh_until:
            return _Text(kept.text, own=False, keep_for=None)
        source = self.sources.read(url, accept=_ACCEPT)
        try:
            text = source.body.decode()
        except UnicodeDecodeError as error:
            raise OpenQuestion("list_malformed") from error
        return _Text(text, source.own, timedelta(0) if source.own else _max_age(source.headers))

    def _proven(self, found: _Text, entry: StatusListEntry, kind: ListKind, issuer: str) -> ProvenList:
        """Give the list that a text holds, proven by its issuer, for what is asked of it."""
        asked_for = (found.text, entry.url, entry.purpose, kind, issuer, self.policy.max_proofs)
        known = _PROVEN.get(asked_for, self.keys)
        if known is not None:
            return known
        document, jws = _parsed(found.text)
        _check_place(document, entry, kind, issuer)
        keys = AskedKeys.of(self.keys)
        confirmed, proof = self._confirmed(document, jws, issuer, keys, own=found.own)
        proven = ProvenList(confirmed, proof, _bits(confirmed, kind))
        _PROVEN.put(asked_for, found.text, proven, keys)
        return proven

    def _confirmed(
        self, document: Document, jws: Jws | None, issuer: str, keys: IssuerKeys, *, own: bool
    ) -> tuple[Document, Document]:
        if jws is not None:  # all of it is signed as it stands, whatever its words mean
            return _fitting(check_jws(jws, document, issuer, keys))
        isolate = self.policy.isolate and not own
        if check_canonical(document, extra_contexts={}, isolate=isolate).outcome is not Outcome.passed:
            raise OpenQuestion("list_not_proved")
        return _fitting(
            check_proofs(document, issuer, keys, extra_contexts={}, max_proofs=self.policy.max_proofs)
        )

    def _period(self, proven: ProvenList) -> tuple[datetime, datetime | None]:
        """Read from when to when a list counts; one without a day could be replayed for ever (S2)."""
        first, last = _DATES[as_list(proven.document["@context"])[0]]
        if first not in proven.document:
            raise OpenQuestion("list_undated")
        start = read_stamp(proven.document[first])
        stated = [
            owner[name]
            for owner, name in ((proven.document, last), (proven.proof, "expires"))
            if name in owner
        ]
        ends = [read_stamp(one) for one in stated]
        if start is None or None in ends:
            raise OpenQuestion("list_malformed")
        end = min((one.moment for one in ends if one), default=None)
        if self.now + self.policy.skew < start.moment:
            raise OpenQuestion("list_not_yet_valid")
        if end is not None and self.now - self.policy.skew > end:
            raise OpenQuestion("list_expired")
        return start.moment, end

    def _keep(self, url: str, found: _Text, read: ReadList, ttl: timedelta) -> None:
        if self.memory is None or found.keep_for is None:
            return
        until = self.now + min(found.keep_for, ttl, self.policy.max_list_age)
        if read.valid_until:
            until = min(until, read.valid_until)
        kept = Remembered(text=found.text, read_at=self.now, valid_from=read.valid_from, fresh_until=until)
        remember(self.memory, f"status:{url}", kept)


def _parsed(text: str) -> tuple[dict[str, Any], Jws | None]:
    """Read a list from JSON, or from a signed token, bare or in an envelope, which is given beside it."""
    try:
        token = token_in(text.encode())
        document = strict_json.parse(text) if token is None else None
        token = enveloped_token(document) if isinstance(document, dict) else token
        if token is not None:
            jws = read_jws(token)
            return credential_of(jws), jws
    except Ob3Error as error:
        raise OpenQuestion("list_malformed") from error
    if not isinstance(document, dict):
        raise OpenQuestion("list_malformed")
    return document, None


def _fitting(proven: ProvenDocument) -> tuple[Document, Document]:
    """Give the credential around a list as it was proven, and the proof, which may end it too."""
    if not proven.confirmed or proven.document is None:
        raise OpenQuestion("list_not_proved")
    return proven.document, proven.proof or {}


def _check_place(document: Document, entry: StatusListEntry, kind: ListKind, issuer: str) -> None:
    """Refuse another list, another issuer's, or one for another purpose (S1)."""
    subject = as_object(document.get("credentialSubject"))
    if not has_type(document, "VerifiableCredential") or not has_type(document, kind.credential_type):
        raise OpenQuestion("list_of_another_kind")
    if not has_type(subject, kind.subject_type) or not _has_known_contexts(document):
        raise OpenQuestion("list_of_another_kind")
    if document.get("id") != entry.url:
        raise OpenQuestion("list_of_another_place")
    if id_of(document.get("issuer")) != issuer:
        raise OpenQuestion("list_of_another_issuer")
    if entry.purpose not in as_list(subject.get("statusPurpose")):
        raise OpenQuestion("list_of_another_purpose")


def _has_known_contexts(document: Document) -> bool:
    """Tell whether a list's words come from pinned contexts alone, named once at its top (J3, J4).

    Suites that sign the JSON itself repeat the list's own `@context` inside the proof.
    """
    sequence = as_list(document.get("@context"))
    if not sequence or not all(isinstance(one, str) for one in sequence):
        return False
    if sequence[0] not in _DATES or not set(sequence[1:]) <= _FURTHER_CONTEXTS:
        return False
    keywords = [
        key != "@context" or node[key] != document["@context"]
        for node in objects_within(document)
        for key in node
        if key.startswith("@")
    ]
    return len(set(sequence)) == len(sequence) and not any(keywords)


def _bits(document: Document, kind: ListKind) -> BitstringStatusList:
    encoded: Any = as_object(document.get("credentialSubject")).get("encodedList")
    try:
        return kind.decode(encoded)
    except Ob3Error as error:
        raise OpenQuestion("list_malformed") from error


def _ttl(document: Document) -> timedelta:
    """Read the list's own `ttl`, in milliseconds; without one it sets no bound here."""
    ttl = as_object(document.get("credentialSubject")).get("ttl")
    if isinstance(ttl, int) and not isinstance(ttl, bool) and 0 <= ttl < 10**9:
        return timedelta(milliseconds=ttl)
    return timedelta(days=1)


def _max_age(headers: Mapping[str, str]) -> timedelta:
    """Read for how long an answer may be kept (RFC 9111, section 5.2.2); nothing said sets no bound here."""
    lowered = {name.lower(): value for name, value in headers.items()}
    directives = [one.strip().lower() for one in lowered.get("cache-control", "").split(",")]
    if {"no-store", "no-cache"} & set(directives):
        return timedelta(0)
    for one in directives:
        seconds = one.removeprefix(_MAX_AGE)
        if one.startswith(_MAX_AGE) and seconds.isascii() and seconds.isdigit():
            return timedelta(seconds=min(int(seconds[:9]), 86_400))
    return timedelta(days=1)
