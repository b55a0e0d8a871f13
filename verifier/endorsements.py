"""Step 13: praise inside a badge counts only when each endorsement is verified with all rules (P10).

An endorsement that is false makes the badge false. One that has lapsed or was withdrawn no longer counts,
and the reader is told. One that cannot be checked, or is of a form that we do not read, leaves the question
open: it is never passed over in silence.

A statement counts for this badge where it speaks of the badge, of its learner, of its issuer, or of a course
that is the issuer's own. Else anybody's badge could name a good course of another and adorn itself with what
others have signed about that one: the reader is told.

One that is embedded is of the same edition of the data model as the badge, for JSON-LD has no meaning for one
edition inside the other; one that is a token (`endorsementJwt`) stands for itself and may be of either.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ob3 import Ob3Error
from ob3.jws import Jws, JwsInvalid, credential_of, read_jws
from ob3.written import lacks
from verifier.json_types import as_list, as_object, has_type, id_of, objects_within
from verifier.jws_proofs import unread
from verifier.report import Check, Endorsement, Outcome, failed, passed, skipped, unknown, warning
from verifier.shape import ENDORSEMENT
from verifier.speaking_for import speaks_for
from verifier.verdict import Verdict

Document = Mapping[str, Any]
Examine = Callable[[dict[str, Any], Jws | None], Endorsement]
_GONE = frozenset({Verdict.revoked, Verdict.suspended, Verdict.expired, Verdict.not_yet_valid})
_HOLDING = frozenset({"endorsement", "endorsementJwt", "verifiableCredential"})
_HOLDING_NAMES = tuple(f'"{name}"'.encode() for name in _HOLDING)


@dataclass(frozen=True)
class Endorsements:
    """The answer about all endorsements of a document, what came of each, and which object holds it.

    `holders` is empty where not all of them were judged.
    """

    check: Check
    found: tuple[Endorsement, ...] = ()
    holders: tuple[Document, ...] = ()


class _Unread(Exception):  # noqa: N818  (an answer, not a fault)
    def __init__(self, check: Check) -> None:
        super().__init__(check.code)
        self.check = check


def check_endorsements(document: Document, *, examine: Examine | None, most: int) -> Endorsements:
    """Judge all endorsements in a document.

    `examine` verifies one of them; None inside an endorsement, where nothing deeper is followed.
    """
    found = list(_endorsements(document))
    if not found:
        return Endorsements(skipped("endorsements", "no_endorsements"))
    if len(found) > most:
        return Endorsements(failed("endorsements", "limit_count", what=f"more than {most} endorsements"))
    if examine is None:
        return Endorsements(unknown("endorsements", "endorsement_not_read"))
    try:
        read = [(holder, *_read(name, one)) for holder, name, one in found]
    except _Unread as answer:
        return Endorsements(answer.check)
    return _judged(document, read, examine)


def _endorsements(document: Document) -> Iterator[tuple[Document, str, Any]]:
    """Give every outermost endorsement with the object that holds it and the member that it stands under.

    Those of the credentials inside a learner record are judged with these credentials.
    """
    if lacks(document, *_HOLDING_NAMES):
        return
    holders = [node for node in objects_within(document) if not _HOLDING.isdisjoint(node)]
    inner = {
        id(deeper)
        for node in holders
        for name in ("endorsement", "verifiableCredential")
        for one in as_list(node.get(name))
        for deeper in objects_within(one)
    }
    for node in holders:
        if id(node) in inner:
            continue
        for name in ("endorsement", "endorsementJwt"):
            yield from ((node, name, one) for one in as_list(node.get(name)))


def _read(name: str, one: Any) -> tuple[dict[str, Any], Jws | None]:
    """Give an endorsement with the token that it stands in. Raises _Unread."""
    if name == "endorsement" and isinstance(one, dict):
        return one, None
    if name != "endorsementJwt" or not isinstance(one, str):
        raise _Unread(unknown("endorsements", "endorsement_not_read"))
    try:
        jws = read_jws(one)
        return credential_of(jws), jws
    except JwsInvalid as error:
        check = unread(error, "endorsements")
        is_open = check.outcome is Outcome.unknown
        code = "endorsement_not_read" if is_open else "endorsement_false"
        raise _Unread((unknown if is_open else failed)("endorsements", code)) from error
    except Ob3Error as error:
        raise _Unread(failed("endorsements", "endorsement_false")) from error


def _judged(
    document: Document, read: list[tuple[Document, dict[str, Any], Jws | None]], examine: Examine
) -> Endorsements:
    if not all(has_type(one, ENDORSEMENT) for _, one, _ in read):
        return Endorsements(failed("endorsements", "endorsement_false"))
    made: list[Endorsement] = []
    for _, one, jws in read:
        made.append(examine(one, jws))
        if made[-1].verdict is Verdict.refused:  # poison is paid for once
            return Endorsements(failed("endorsements", "limit_work"), tuple(made))
    return answered(document, tuple(holder for holder, _, _ in read), tuple(made))


def answered(
    document: Document, holders: tuple[Document, ...], found: tuple[Endorsement, ...]
) -> Endorsements:
    """Give the answer about endorsements of a document, each of which was judged."""
    codes = [_not_counting(one, holder, document) for holder, one in zip(holders, found, strict=True)]
    told = tuple(replace(one, counts=not code) for code, one in zip(codes, found, strict=True))
    return Endorsements(_answer({one.verdict for one in found}, codes), told, holders)


def _answer(verdicts: set[Verdict], not_counting: list[str]) -> Check:
    if Verdict.invalid in verdicts:
        return failed("endorsements", "endorsement_false")
    if verdicts - _GONE - {Verdict.valid}:
        return unknown("endorsements", "endorsement_unclear")
    if _GONE & verdicts:
        return warning("endorsements", "endorsement_lapsed")
    if any(not_counting):
        return warning("endorsements", next(filter(None, not_counting)))
    return passed("endorsements", "endorsements_good", count=str(len(not_counting)))


def _not_counting(endorsement: Endorsement, holder: Document, document: Document) -> str:
    """Say why a good endorsement is no praise of this badge; empty where it is.

    The signature of the badge shows whose badge it is, and that this issuer knows the learner. That a course
    or a body which it names is its own, only the name of the issuer can show.
    """
    subject = as_object(document.get("credentialSubject"))
    issuer_id = id_of(document.get("issuer"))
    about = endorsement.about
    if about is not None and about in (document.get("id"), subject.get("id"), issuer_id):
        return ""
    named = [one.get("id") for one in (holder, *map(as_object, as_list(subject.get("achievement"))))]
    if about is None or about not in named:
        return "endorsement_elsewhere"
    return "" if issuer_id and speaks_for(issuer_id, about) else "endorsement_not_own"


def endorsement_of(document: Document, verdict: Verdict, *, proven: dict[str, Any] | None) -> Endorsement:
    """Say what came of one endorsement; `proven` is what its signature covers, if anything."""
    confirmed = verdict in _GONE | {Verdict.valid}
    return Endorsement(
        verdict=verdict,
        issuer_id=id_of(document.get("issuer")),
        about=id_of(document.get("credentialSubject")),
        credential=proven if confirmed else None,
    )
