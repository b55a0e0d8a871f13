"""Step 11: has the issuer withdrawn it? (S1 to S6)

Every entry of `credentialStatus` is read. A list counts only when its address is its id, its proof is
verified with all rules of the badge itself, its issuer is the badge's issuer, it is of the right type and
purpose, in its own period, and not older than one seen before. Whatever is missing leaves the question open:
never "good", never "revoked". A list's own status is not followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ob3 import Ob3Error, strict_json
from ob3.status_list import BitstringStatusList, parse_index
from verifier.canonical import check_canonical
from verifier.contexts import check_list_contexts
from verifier.dates import read_stamp
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list, as_object, has_type, id_of
from verifier.memory import Memory, Remembered, recall, remember
from verifier.policy import Policy
from verifier.proofs import check_proofs
from verifier.report import Check, Outcome, failed, passed, skipped, unknown, warning
from verifier.sources import Sources, Unreadable, host_of

ENTRY_TYPE = "BitstringStatusListEntry"
LIST_TYPE = "BitstringStatusListCredential"
_ACCEPT = "application/vc, application/vc+ld+json, application/ld+json, application/json"
_STATES = {"revocation": "revoked", "suspension": "suspended"}
_SILENT_PURPOSES = frozenset({"message", "refresh"})
_MAX_AGE = "max-age="


@dataclass(frozen=True)
class Entry:
    """One well-formed status entry: where to look."""

    url: str
    index: int
    purpose: str


@dataclass(frozen=True)
class _ReadList:
    """A list that was verified: its bits and its period."""

    bits: BitstringStatusList
    valid_from: datetime
    valid_until: datetime | None


class _OpenQuestion(Exception):  # noqa: N818  (an answer, not a fault)
    """Why a list cannot be used; the code of an `unknown` check."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class StatusCheck:
    """Read the status entries of one document."""

    sources: Sources
    keys: IssuerKeys
    memory: Memory | None
    now: datetime
    policy: Policy
    _lists: dict[str, _ReadList] = field(default_factory=dict)

    def check(self, document: Mapping[str, Any], issuer: str) -> Check:
        """Say whether the issuer has withdrawn the document; the worst known answer counts."""
        entries = as_list(document.get("credentialStatus"))
        if not entries:
            return skipped("status", "no_status")
        if len(entries) > self.policy.max_status_entries:
            return failed(
                "status", "limit_count", what=f"more than {self.policy.max_status_entries} status entries"
            )
        return min((self._answer(one, issuer) for one in entries), key=_gravity)

    def _answer(self, entry: Any, issuer: str) -> Check:
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str | list):
            return failed("status", "status_malformed")
        if not has_type(entry, ENTRY_TYPE):
            return unknown("status", "status_type_unknown", type=str(entry["type"])[:100])
        read = _entry(entry)
        if read is None:
            return failed("status", "status_malformed")
        detail = {"list": read.url[:500], "index": str(read.index), "purpose": read.purpose[:100]}
        if read.purpose in _SILENT_PURPOSES:
            return warning("status", "purpose_not_read", **detail)
        if read.purpose not in _STATES or entry.get("statusSize", 1) != 1:
            return unknown("status", "purpose_unknown", **detail)
        return self._from_list(read, issuer, {**detail, "host": host_of(read.url)})

    def _from_list(self, entry: Entry, issuer: str, detail: Mapping[str, str]) -> Check:
        try:
            read = self._verified_list(entry, issuer)
            withdrawn = read.bits.get(entry.index)
        except Unreadable as silence:
            code = "status_unreachable" if silence.code == "unreachable" else "status_forbidden"
            return unknown("status", code, **detail)
        except _OpenQuestion as question:
            return unknown("status", question.code, **detail)
        except Ob3Error:
            return unknown("status", "index_beyond_list", **detail)
        detail = {**detail, "valid_from": f"{read.valid_from:%Y-%m-%dT%H:%M:%SZ}"}
        if read.valid_until:
            detail["valid_until"] = f"{read.valid_until:%Y-%m-%dT%H:%M:%SZ}"
        if withdrawn:
            return failed("status", _STATES[entry.purpose], **detail)
        return passed("status", "not_withdrawn", **detail)

    def _verified_list(self, entry: Entry, issuer: str) -> _ReadList:
        known = f"{entry.purpose} {entry.url}"
        if known not in self._lists:
            self._lists[known] = self._read_list(entry, issuer)
        return self._lists[known]

    def _read_list(self, entry: Entry, issuer: str) -> _ReadList:
        kept = recall(self.memory, f"status:{entry.url}") if self.memory else None
        text, own, max_age = self._text(entry.url, kept)
        document = _parsed(text)
        _check_place(document, entry, issuer)
        canonical = check_canonical(document, extra_contexts={}, isolate=self.policy.isolate and not own)
        if canonical.outcome is not Outcome.passed:
            raise _OpenQuestion("list_not_proved")
        proven = check_proofs(
            document, issuer, self.keys, extra_contexts={}, max_proofs=self.policy.max_proofs
        )
        if not proven.confirmed or proven.document is None:
            raise _OpenQuestion("list_not_proved")
        read = _ReadList(_bits(proven.document), *self._period(proven.document))
        if kept and kept.valid_from and read.valid_from < kept.valid_from:
            raise _OpenQuestion("list_rolled_back")
        if self.memory is not None and max_age is not None:
            self._keep(entry.url, text, read, timedelta(0) if own else min(max_age, _ttl(proven.document)))
        return read

    def _text(self, url: str, kept: Remembered | None) -> tuple[str, bool, timedelta | None]:
        """Give the text of a list, whether it is our own, and for how long an answer may be kept.

        The last is None for a text from memory, which is not kept anew.
        """
        if kept and kept.fresh_until and kept.read_at <= self.now < kept.fresh_until:
            return kept.text, False, None
        source = self.sources.read(url, accept=_ACCEPT)
        try:
            text = source.body.decode()
        except UnicodeDecodeError as error:
            raise _OpenQuestion("list_malformed") from error
        return text, source.own, _max_age(source.headers)

    def _period(self, document: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
        start, end = read_stamp(document.get("validFrom")), read_stamp(document.get("validUntil"))
        if start is None or ("validUntil" in document and end is None):
            raise _OpenQuestion("list_malformed")
        if self.now + self.policy.skew < start.moment:
            raise _OpenQuestion("list_not_yet_valid")
        if end is not None and self.now - self.policy.skew > end.moment:
            raise _OpenQuestion("list_expired")
        return start.moment, end.moment if end else None

    def _keep(self, url: str, text: str, read: _ReadList, age: timedelta) -> None:
        if self.memory is None:
            return
        until = self.now + min(age, self.policy.max_list_age)
        if read.valid_until:
            until = min(until, read.valid_until)
        kept = Remembered(text=text, read_at=self.now, valid_from=read.valid_from, fresh_until=until)
        remember(self.memory, f"status:{url}", kept)


def _gravity(one: Check) -> int:
    """Order answers: malformed and revoked, suspended, open, warning, good."""
    if one.outcome is Outcome.failed:
        return {"revoked": 1, "suspended": 2}.get(one.code, 0)
    return {Outcome.unknown: 3, Outcome.warning: 4}.get(one.outcome, 5)


def _entry(entry: Mapping[str, Any]) -> Entry | None:
    url, purpose = entry.get("statusListCredential"), entry.get("statusPurpose")
    if not isinstance(url, str) or not isinstance(purpose, str) or "statusListIndex" not in entry:
        return None
    try:
        return Entry(url, parse_index(entry["statusListIndex"]), purpose)
    except Ob3Error:
        return None


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = strict_json.parse(text)
    except Ob3Error as error:
        raise _OpenQuestion("list_malformed") from error
    if not isinstance(document, dict):
        raise _OpenQuestion("list_malformed")
    return document


def _check_place(document: Mapping[str, Any], entry: Entry, issuer: str) -> None:
    """Refuse another list, another issuer's, or one for another purpose (S1)."""
    subject = as_object(document.get("credentialSubject"))
    if not has_type(document, "VerifiableCredential") or not has_type(document, LIST_TYPE):
        raise _OpenQuestion("list_of_another_kind")
    if not check_list_contexts(document) or not has_type(subject, "BitstringStatusList"):
        raise _OpenQuestion("list_of_another_kind")
    if document.get("id") != entry.url:
        raise _OpenQuestion("list_of_another_place")
    if id_of(document.get("issuer")) != issuer:
        raise _OpenQuestion("list_of_another_issuer")
    if entry.purpose not in as_list(subject.get("statusPurpose")):
        raise _OpenQuestion("list_of_another_purpose")


def _bits(document: Mapping[str, Any]) -> BitstringStatusList:
    encoded = as_object(document.get("credentialSubject")).get("encodedList")
    if not isinstance(encoded, str):
        raise _OpenQuestion("list_malformed")
    try:
        return BitstringStatusList.decode(encoded)
    except Ob3Error as error:
        raise _OpenQuestion("list_malformed") from error


def _ttl(document: Mapping[str, Any]) -> timedelta:
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
