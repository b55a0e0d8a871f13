"""Step 12: has the issuer given out a newer version? (Open Badges 3.0, section 9.1, "Refresh")

A credential may name, under `1EdTechCredentialRefresh`, the address of its newest version. It is asked once,
and only of a credential whose proof is confirmed, so that nobody else can lead us there. What answers is
examined by every rule. It is judged in place of what was handed in only if it is the same credential (id and
issuer, after percent-decoding), proven to be the issuer's, later by its validFrom, and in force already. In
any other case what was handed in is judged, and the check says why: no answer about newer versions makes a
credential worse or better. A selection from a credential is never followed to the whole: its holder chose
what to show.

The endorsements inside a badge are refreshed in the same way (section 9.1, "Endorsement"), each once and by
its own issuer, after everything else was asked for, with the fetches that are left. What cannot be had leaves
the endorsement in the file, which the badge's issuer signed too, and the reader is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from verifier.containers import ContainerKind
from verifier.dates import Stamp, day_text, read_stamp
from verifier.endorsements import Endorsements, answered
from verifier.examination import Examined, endorsement_from
from verifier.json_types import as_object, has_type, id_of
from verifier.policy import Policy
from verifier.reading import Reading, read
from verifier.report import Check, Outcome, passed, unknown, warning
from verifier.shape import ENDORSEMENT
from verifier.sources import Sources, Unreadable, host_of

SERVICE = "1EdTechCredentialRefresh"
_SELECTIVE = frozenset({"ecdsa-sd-2023"})
_ACCEPT = "application/vc, application/vc+ld+json, application/ld+json, application/json, text/plain"
_TEXTS = frozenset({ContainerKind.JSON.value, ContainerKind.JWT.value})

Examine = Callable[[Reading], Examined]


def follow_refresh(examined: Examined, *, sources: Sources, examine: Examine, policy: Policy) -> Examined:
    """Give the examination to judge: of the newer version, or the given one with the check `refresh` made.

    `examine` makes steps 4 to 13 on what was read. Never raises for a bad answer.
    """
    proven = examined.proven
    if proven is None or proven.document is None or not proven.confirmed or not policy.follow_refresh:
        return examined
    url = _address(proven.document)
    if url is None or (proven.proof or {}).get("cryptosuite") in _SELECTIVE:
        return examined
    reading = _read(url, sources, policy)
    if reading is None:
        return _with(examined, unknown("refresh", "refresh_unread", host=host_of(url)))
    if _repeats(reading.document, proven.document):
        return _with(examined, passed("refresh", "refresh_same", host=host_of(url)))
    newer = examine(reading)
    check, follow = _compared(examined, newer, host_of(url))
    return _with(newer if follow else examined, check)


def refresh_endorsements(
    examined: Examined, *, sources: Sources, examine: Examine, policy: Policy
) -> Examined:
    """Judge the newer version of each endorsement in its place, where its issuer has one.

    `examine` makes steps 4 to 13 on what was read as an endorsement. Never raises for a bad answer.
    """
    given, document = examined.endorsements, _document(examined)
    if given is None or not given.holders or given.check.outcome is Outcome.failed:
        return examined
    if examined.proven is None or not examined.proven.confirmed:
        return examined

    def endorsement(reading: Reading) -> Examined:
        return examine(reading) if has_type(reading.document, ENDORSEMENT) else Examined()

    newest = [
        follow_refresh(one, sources=sources, examine=endorsement, policy=policy) for one in examined.endorsing
    ]
    found = [
        was if _document(one) == _document(before) else endorsement_from(one, _document(one))
        for was, before, one in zip(given.found, examined.endorsing, newest, strict=True)
    ]
    made = answered(document, given.holders, tuple(found))
    made = replace(made, check=_told(made, newest))
    return replace(_with(examined, made.check), endorsements=made, endorsing=tuple(newest))


def _told(made: Endorsements, newest: list[Examined]) -> Check:
    """Say beside a good answer that there were newer ones, or that it is not known whether there are."""
    if made.check.code != "endorsements_good":
        return made.check
    answers = [check for one in newest for check in one.checks if check.id == "refresh"]
    if any(one.outcome in (Outcome.unknown, Outcome.warning) for one in answers):
        return warning("endorsements", "endorsement_not_renewed")
    renewed = any(one.code == "refreshed" for one in answers)
    return passed("endorsements", "endorsements_renewed") if renewed else made.check


def _address(document: Mapping[str, Any]) -> str | None:
    """Give the address of the service, where it is of the type that we know; the schema allows one."""
    service = as_object(document.get("refreshService"))
    return id_of(service) if has_type(service, SERVICE) else None


def _read(url: str, sources: Sources, policy: Policy) -> Reading | None:
    try:
        body = sources.read(url, accept=_ACCEPT).body
    except Unreadable:
        return None
    reading = read(body, None, isolate=policy.isolate)
    return reading if reading.complete and reading.kind in _TEXTS else None


def _repeats(answer: object, document: Mapping[str, Any]) -> bool:
    """Tell whether an answer says what was handed in, word for word; then its proof need not be asked for."""
    return isinstance(answer, dict) and {k: v for k, v in answer.items() if k != "proof"} == document


def _compared(given: Examined, newer: Examined, host: str) -> tuple[Check, bool]:
    """Say what the answer is to what was handed in, and whether it takes its place."""
    if newer.proven is None or newer.proven.document is None or not newer.proven.confirmed:
        return warning("refresh", "refresh_not_proven", host=host), False
    first, second = _document(given), newer.proven.document
    if not _is_same(given, newer):
        return warning("refresh", "refresh_of_another", host=host), False
    since, until = _valid_from(first), _valid_from(second)
    if since is None or until is None or until.moment < since.moment:
        return warning("refresh", "refresh_older", host=host), False
    if until.moment == since.moment:
        return passed("refresh", "refresh_same", host=host), False
    day = day_text(until.moment)
    if any(one.code == "not_yet_valid" for one in newer.checks):
        return passed("refresh", "refresh_later", host=host, day=day), False
    return passed("refresh", "refreshed", host=host, day=day), True


def _document(examined: Examined) -> Mapping[str, Any]:
    found = examined.proven.document if examined.proven else None
    return found or {}


def _is_same(given: Examined, newer: Examined) -> bool:
    """Compare as Open Badges 3.0 does, section "Credential Equality and Similarity"."""
    ids = [_document(one).get("id") for one in (given, newer)]
    issuers = [one.issuer for one in (given, newer)]
    plain = [unquote(one) if isinstance(one, str) else None for one in (*ids, *issuers)]
    return None not in plain and plain[0] == plain[1] and plain[2] == plain[3]


def _valid_from(document: Mapping[str, Any]) -> Stamp | None:
    return read_stamp(document.get("validFrom", document.get("issuanceDate")))


def _with(examined: Examined, check: Check) -> Examined:
    others = [one for one in examined.checks if one.id != check.id]
    return replace(examined, checks=[*others, check])
