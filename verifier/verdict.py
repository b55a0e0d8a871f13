"""One verdict from many checks: a small pure function, so that its whole truth table can be tested.

The order of the rules, and why:

1. `invalid`: a check before or at the signature failed, or something signed inside the document is false.
   What is known to be false stays false whatever else could not be found out.
2. `refused`: a safety limit stopped us, so nothing at all is said about the document.
3. `unsupported`: the document says honestly that it uses a form we do not read; no signature was checked.
4. `undetermined` when the key or the signature is not confirmed: then nobody has said anything yet, and
   neither a date nor a status of the document may be reported as the issuer's word.
5. `revoked`, then `suspended`: the issuer's own list was read and verified, and says no. A known no beats
   every question that stayed open; a revocation is final and so comes before a suspension.
6. `not_yet_valid`: a fact of the document, which no answer to an open question could turn into a yes. It
   says nothing of any time at which the certificate was good.
7. `undetermined`: a question stayed open. It comes before `expired`, which also tells the reader that the
   certificate was good until that day: that is not known while the issuer's list cannot be read.
8. `expired`: a fact of the document too.
9. `valid` only when every required check was made and passed (or warned); a check that is missing is an open
   question, so that a fault of ours can never turn into a yes.

The profile, the recipient and the trust list never change the verdict: authenticity is another question.

A file may hold several credentials, in a learner record or a presentation. Each has its verdict, and that of
the file is the gravest (`GRAVITY`). There a known no of one comes before every open question about another,
since each was judged by itself: false, revoked, suspended, not yet valid. Then what was not read (refused,
unsupported) and what stayed open; and, as in rule 7, only after these the milder no: expired.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """The one answer to "is it good?"."""

    valid = "valid"
    invalid = "invalid"
    expired = "expired"
    not_yet_valid = "not_yet_valid"
    revoked = "revoked"
    suspended = "suspended"
    undetermined = "undetermined"
    unsupported = "unsupported"
    refused = "refused"


class Answer(Protocol):
    """What `decide` reads of a check."""

    @property
    def id(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def code(self) -> str: ...


REQUIRED = frozenset(
    {
        "kind",
        "container",
        "parse",
        "shape",
        "schema",
        "context",
        "canonical",
        "issuer_key",
        "signature",
        "dates",
    }
)
PRESENT = frozenset({"status", "endorsements"})  # each may be skipped where the document has none
NEVER_DECIDES = frozenset({"profile", "recipient", "trust", "refresh"})
STATE_CODES = frozenset({"revoked", "suspended", "not_yet_valid", "expired"})
_BEARS_THE_REST = frozenset({"issuer_key", "signature"})
_SETTLED = frozenset({"passed", "warning"})


def is_limit(code: str) -> bool:
    """Tell whether a code says that a safety limit stopped us."""
    return code.startswith("limit_")


def is_unsupported(code: str) -> bool:
    """Tell whether a code says that a form is one we do not read."""
    return code.startswith("unsupported_")


def decide(checks: Iterable[Answer]) -> Verdict:
    """Work out the verdict by the numbered rules of this module."""
    deciding = [one for one in checks if one.id not in NEVER_DECIDES]
    failures = {one.code for one in deciding if one.outcome == "failed"}
    unknowns = [one for one in deciding if one.outcome == "unknown"]

    if any(not is_limit(code) and code not in STATE_CODES for code in failures):  # 1
        return Verdict.invalid
    if any(is_limit(code) for code in failures):  # 2
        return Verdict.refused
    if any(is_unsupported(one.code) for one in unknowns):  # 3
        return Verdict.unsupported
    if any(one.id in _BEARS_THE_REST for one in unknowns):  # 4
        return Verdict.undetermined
    if not _all_made(deciding, failures):  # 9, before any word of the document counts
        return Verdict.undetermined
    return _in_force(failures, bool(unknowns))


def _all_made(deciding: list[Answer], failures: set[str]) -> bool:
    if not {one.id for one in deciding} >= PRESENT:
        return False
    settled = {one.id for one in deciding if one.outcome in _SETTLED or one.code in failures & STATE_CODES}
    return settled >= REQUIRED - {one.id for one in deciding if one.outcome == "unknown"}


def _in_force(failures: set[str], open_question: bool) -> Verdict:
    for verdict in (Verdict.revoked, Verdict.suspended, Verdict.not_yet_valid):  # 5, 6
        if verdict.value in failures:
            return verdict
    if open_question:  # 7
        return Verdict.undetermined
    return Verdict.expired if Verdict.expired.value in failures else Verdict.valid  # 8, 9


GRAVITY = (
    Verdict.invalid,
    Verdict.revoked,
    Verdict.suspended,
    Verdict.not_yet_valid,
    Verdict.refused,
    Verdict.unsupported,
    Verdict.undetermined,
    Verdict.expired,
    Verdict.valid,
)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the gravest of several verdicts; of none, that nothing could be determined."""
    return min(verdicts, key=GRAVITY.index, default=Verdict.undetermined)


def envelope_verdict(checks: Iterable[Answer]) -> Verdict:
    """Work out what a mere envelope adds: `valid` where nothing speaks against it, for it claims nothing."""
    made = list(checks)
    failures = {one.code for one in made if one.outcome == "failed"}
    unknowns = {one.code for one in made if one.outcome == "unknown"}
    if failures:
        return Verdict.refused if all(map(is_limit, failures)) else Verdict.invalid
    if any(map(is_unsupported, unknowns)):
        return Verdict.unsupported
    return Verdict.undetermined if unknowns else Verdict.valid
