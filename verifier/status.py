"""Step 11: has the issuer withdrawn it? (S1 to S6, S9)

Every entry of `credentialStatus` is read, and the worst known answer counts. `verifier.status_lists` reads
lists of bits, `verifier.revocation_list` plain lists of ids. A list that cannot be had or used leaves the
question open: never "good", never "revoked". Entries for messages and for newer versions take nothing back:
what they say is a warning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ob3 import Ob3Error
from ob3.errors import StatusListInvalid
from ob3.status_entry import LARGEST_SIZE, StatusListEntry, read_status_entry
from verifier.dates import utc_text
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list, has_type
from verifier.memory import Memory
from verifier.policy import Policy
from verifier.report import Check, Outcome, failed, passed, skipped, unknown, warning
from verifier.revocation_list import is_listed_as_revoked
from verifier.sources import Sources, Unreadable, host_of
from verifier.status_lists import (
    BITSTRING,
    STATUS_LIST_2021,
    ListKind,
    OpenQuestion,
    ReadList,
    StatusLists,
)

PLAIN_LIST = "1EdTechRevocationList"
LISTS_OF_BITS: Mapping[str, ListKind] = {
    "BitstringStatusListEntry": BITSTRING,
    "StatusList2021Entry": STATUS_LIST_2021,
}
_STATES = {"revocation": "revoked", "suspension": "suspended"}
_LARGEST_SIZES = {"revocation": 1, "suspension": 1, "refresh": 1, "message": LARGEST_SIZE}
_NO_WORDS = "undefined"  # what an issuer writes for a value to which it will give a meaning later


@dataclass(frozen=True, kw_only=True)
class StatusCheck:
    """Read the status entries of one document."""

    sources: Sources
    keys: IssuerKeys
    memory: Memory | None
    now: datetime
    policy: Policy
    _lists: StatusLists = field(init=False)

    def __post_init__(self) -> None:
        lists = StatusLists(
            sources=self.sources, keys=self.keys, memory=self.memory, now=self.now, policy=self.policy
        )
        object.__setattr__(self, "_lists", lists)

    def check(self, document: Mapping[str, Any], issuer: str) -> Check:
        """Say whether the issuer has withdrawn the document; the worst known answer counts."""
        entries = as_list(document.get("credentialStatus"))
        if not entries:
            return skipped("status", "no_status")
        if len(entries) > self.policy.max_status_entries:
            return failed(
                "status", "limit_count", what=f"more than {self.policy.max_status_entries} status entries"
            )
        return _worst([answer for one in entries for answer in self._answers(one, document, issuer)])

    def _answers(self, entry: Any, document: Mapping[str, Any], issuer: str) -> Iterator[Check]:
        """Give an answer for each type that an entry has and we read."""
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str | list):
            yield failed("status", "status_malformed")
            return
        kinds = [kind for name, kind in LISTS_OF_BITS.items() if has_type(entry, name)]
        yield from (self._from_bits(entry, kind, issuer) for kind in kinds)
        if has_type(entry, PLAIN_LIST):
            yield self._from_plain_list(entry, document, issuer)
        elif not kinds:
            yield unknown("status", "status_type_unknown", type=str(entry["type"])[:100])

    def _from_plain_list(self, entry: Mapping[str, Any], document: Mapping[str, Any], issuer: str) -> Check:
        url = entry.get("id")
        if not isinstance(url, str) or not url:
            return failed("status", "status_malformed")
        detail = {"list": url[:500], "purpose": "revocation", "host": host_of(url)}
        try:
            revoked = is_listed_as_revoked(self.sources, url, issuer=issuer, credential_id=document.get("id"))
        except (Unreadable, OpenQuestion) as reason:
            return unknown("status", _code_of(reason), **detail)
        if revoked:
            return failed("status", _STATES["revocation"], **detail)
        return passed("status", "not_withdrawn", **detail)

    def _from_bits(self, stated: Mapping[str, Any], kind: ListKind, issuer: str) -> Check:
        try:
            entry = read_status_entry(stated)
        except Ob3Error:
            return failed("status", "status_malformed")
        detail = {"list": entry.url[:500], "index": str(entry.index), "purpose": entry.purpose[:100]}
        if entry.purpose not in _LARGEST_SIZES:
            return unknown("status", "purpose_unknown", **detail)
        if entry.size > _LARGEST_SIZES[entry.purpose]:
            return unknown("status", "status_size_unread", **detail, size=str(entry.size))
        detail["host"] = host_of(entry.url)
        try:
            read = self._lists.read(entry, kind, issuer)
            value = read.bits.value(entry.index, size=entry.size)
        except (Unreadable, OpenQuestion, StatusListInvalid) as reason:
            return unknown("status", _code_of(reason), **detail)
        return _meaning(entry, value, {**detail, **_period(read)})


def _code_of(reason: Exception) -> str:
    """Give the word for why a list says nothing."""
    if isinstance(reason, OpenQuestion):
        return reason.code
    if isinstance(reason, Unreadable):
        return "status_unreachable" if reason.code == "unreachable" else "status_forbidden"
    too_short = isinstance(reason, StatusListInvalid) and reason.code == "status_list_length"
    return "list_malformed" if too_short else "index_beyond_list"


def _period(read: ReadList) -> dict[str, str]:
    stamps = {"valid_from": read.valid_from, "valid_until": read.valid_until}
    return {name: utc_text(moment) for name, moment in stamps.items() if moment}


def _meaning(entry: StatusListEntry, value: int, detail: Mapping[str, str]) -> Check:
    """Say what a value in a list means for its purpose (Bitstring Status List v1.0, section 2.1)."""
    if entry.purpose in _STATES:
        if value:
            return failed("status", _STATES[entry.purpose], **detail)
        return passed("status", "not_withdrawn", **detail)
    if entry.purpose == "refresh":
        if value:
            return warning("status", "newer_version", **detail)
        return passed("status", "no_newer_version", **detail)
    return _message(entry, value, detail)


def _message(entry: StatusListEntry, value: int, detail: Mapping[str, str]) -> Check:
    if not entry.messages:
        if not value:
            return passed("status", "no_message", **detail)
        return warning("status", "status_message", **detail, message="set")
    words = entry.messages[value].strip()
    if words in ("", _NO_WORDS):
        return warning("status", "message_without_words", **detail, value=f"{value:#x}")
    return warning("status", "status_message", **detail, message=words[:200])


def _worst(answers: list[Check]) -> Check:
    """Give the answer that counts, and of several messages all."""
    worst = min(answers, key=_gravity)
    messages = [one for one in answers if one.code == "status_message"]
    if worst not in messages:
        return worst
    words = "; ".join(dict.fromkeys(one.detail["message"] for one in messages))
    # of the list of withdrawals, where it was read, a reader wants to know more than of the messages
    detail = next((one.detail for one in answers if one.code == "not_withdrawn"), worst.detail)
    return warning("status", "status_message", **{**detail, "message": words})


def _gravity(one: Check) -> int:
    """Order answers: malformed and revoked, suspended, open, warning, good."""
    if one.outcome is Outcome.failed:
        return {"revoked": 1, "suspended": 2}.get(one.code, 0)
    return {Outcome.unknown: 3, Outcome.warning: 4}.get(one.outcome, 5)
