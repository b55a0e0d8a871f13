"""Clauses: the closed lists of reasons, faults and limits that are set into the one sentence."""

from collections.abc import Mapping

from markupsafe import Markup

from app.phrases import phrase
from app.words import lazy_gettext as _
from verifier import Check, Outcome, VerificationReport

REASONS: Mapping[str, object] = {
    "replaced": _("a mistake was found in the name or the grade and a corrected certificate has replaced it"),
    "error": _("it was issued in error"),
    "board": _("the examination board has decided so"),
    "wish": _("the holder has asked for it"),
    "key": _("the key that signed it is no longer safe; the holder has been offered a new certificate"),
}

_FAULTS: Mapping[str, object] = {
    "signature": _("what it says does not fit its signature"),
    "key": _("the key that signed it is not one of {institution}’s"),
    "key_unknown": _("the key that signed it is not one of its issuer’s"),
    "words": _("it uses words without an agreed meaning"),
    "contradiction": _("its parts contradict each other"),
    "empty": _("no signed certificate was found in it"),
    "unreadable": _("it cannot be read without error"),
    "lacking": _("it lacks what a certificate must say"),
}
_FAULT_OF_CODE: Mapping[str, str] = {
    "no_credential": "empty",
    "not_an_object": "empty",
    "not_a_badge": "empty",
    "no_proof": "empty",
    "within_nothing": "empty",
    "container_broken": "unreadable",
    "json_malformed": "unreadable",
    "parts_differ": "contradiction",
    "date_malformed": "lacking",
    "date_missing": "lacking",
    "status_malformed": "lacking",
    "method_malformed": "key",
}
_FAULT_OF_CHECK: Mapping[str, str] = {
    "kind": "empty",
    "container": "empty",
    "parse": "unreadable",
    "shape": "lacking",
    "schema": "lacking",
    "context": "words",
    "canonical": "words",
    "issuer_key": "key",
    "signature": "signature",
}

_WHAT: Mapping[str, object] = {
    "status": _("the list that says whether {institution} has withdrawn it"),
    "issuer_key": _("the place where {institution} publishes its keys"),
}
_WHAT_UNKNOWN: Mapping[str, object] = {
    "status": _("the list that says whether its issuer has withdrawn it"),
    "issuer_key": _("the place where its issuer publishes its keys"),
}
_THE_ADDRESS = _("the web address")
_UNTOLD: Mapping[str, object] = {
    "status": _("we could not tell whether {institution} has withdrawn it"),
    "issuer_key": _("we could not tell whether the key belongs to {institution}"),
    "endorsements": _("we could not check what others have signed inside it"),
    "container": _("it could not be read safely at the moment"),
    "other": _("one of the checks could not be made"),
}
_UNTOLD_UNKNOWN: Mapping[str, object] = {
    "status": _("we could not tell whether its issuer has withdrawn it"),
    "issuer_key": _("we could not tell whether the key belongs to its issuer"),
}

_LIMITS: Mapping[str, object] = {
    "limit_size": _("it is larger than we read"),
    "limit_depth": _("its parts stand too deep inside each other"),
    "limit_count": _("it has more parts than we read"),
    "limit_work": _("reading it takes more work than we allow"),
    "limit_address": _("its web address is one that we may not open"),
}
_LIMIT_OTHER = _("it goes beyond a limit that keeps this service safe")


def first(report: VerificationReport, outcome: Outcome) -> Check | None:
    """Give the first check of a report that ended so."""
    return next((check for check in report.checks if check.outcome is outcome), None)


def fault(report: VerificationReport, institution: Markup | None) -> Markup:
    """Name what is wrong with an invalid file, in the words of the closed list."""
    check = first(report, Outcome.failed)
    word = _fault_word(check)
    if word == "key" and institution is None:
        word = "key_unknown"
    return phrase(_FAULTS[word], {"institution": institution})


def _fault_word(check: Check | None) -> str:
    if check is None:
        return "contradiction"
    return _FAULT_OF_CODE.get(check.code) or _FAULT_OF_CHECK.get(check.id, "contradiction")


def unanswered(report: VerificationReport, institution: Markup | None) -> dict[str, Markup]:
    """Say what did not answer (`what`) or what could not be told (`untold`) in an undetermined report."""
    check = first(report, Outcome.unknown)
    key = check.id if check else "other"
    values = {"institution": institution}
    if check and check.code == "address_no_answer":
        return {"what": phrase(_THE_ADDRESS)}
    if check and check.code.endswith("_unreachable") and key in _WHAT:
        return {"what": phrase((_WHAT if institution else _WHAT_UNKNOWN)[key], values)}
    known = _UNTOLD if institution else {**_UNTOLD, **_UNTOLD_UNKNOWN}
    return {"untold": phrase(known.get(key, _UNTOLD["other"]), values)}


def limit(report: VerificationReport) -> Markup:
    """Name the limit that stopped a refused file."""
    codes = (check.code for check in report.checks if check.outcome is Outcome.failed)
    return phrase(next((_LIMITS[code] for code in codes if code in _LIMITS), _LIMIT_OTHER))
