"""Step 15: is it this person?

Compares what the viewer typed with what the document says. The answer is yes, no, or cannot be told; it says
nothing else of the document and never changes the verdict (W9). Identifiers may be hashed:
`alg$hex(alg(UTF-8(identifier + salt)))`, sha256 or md5 (OPEN_BADGES_3, section (e)).
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from verifier.json_types import as_list, as_object
from verifier.report import Check, failed, passed, skipped, unknown

_LONGEST = 500
_HASHES = ("sha256", "md5")


def check_recipient(document: Mapping[str, Any], wanted: str | None) -> Check:
    """Compare a name, e-mail address or identifier with the recipient of a document."""
    typed = (wanted or "").strip()
    if not typed:
        return skipped("recipient", "not_asked")
    answers = set(_answers(as_object(document.get("credentialSubject")), typed[:_LONGEST]))
    if True in answers:
        return passed("recipient", "recipient_fits")
    if False in answers:
        return failed("recipient", "recipient_differs")
    return unknown("recipient", "recipient_untold")


def _answers(subject: Mapping[str, Any], typed: str) -> Iterator[bool]:
    """Give one answer for each thing in the document that can be compared with what was typed."""
    is_mail = "@" in typed
    if not is_mail:
        yield from (_same_text(name, typed) for name in _names(subject))
    if is_mail and isinstance(subject.get("email"), str):
        yield _same_text(subject["email"], typed)
    if subject.get("id") == typed:
        yield True
    for one in as_list(subject.get("identifier")):
        if isinstance(one, dict) and (one.get("identityType") == "emailAddress") == is_mail:
            answer = _identifier_fits(one, typed)
            # a student number that differs is no "no" to someone who typed a name, nor the reverse
            if answer or (answer is False and one.get("identityType") in ("emailAddress", "name")):
                yield answer


def _names(subject: Mapping[str, Any]) -> Iterator[str]:
    parts = [subject.get(one) for one in ("givenName", "additionalName", "familyName")]
    given, middle, family = (one if isinstance(one, str) else "" for one in parts)
    if isinstance(subject.get("name"), str):
        yield subject["name"]
    if given and family:
        yield from (f"{given} {family}", f"{family} {given}")
    if given and middle and family:
        yield from (f"{given} {middle} {family}", f"{family} {middle} {given}")


def _identifier_fits(identifier: Mapping[str, Any], typed: str) -> bool | None:
    stated, salt = identifier.get("identityHash"), identifier.get("salt", "")
    if not isinstance(stated, str) or not isinstance(salt, str):
        return None
    if identifier.get("hashed") is not True:
        return _same_text(stated, typed)
    algorithm, dollar, digest = stated.partition("$")
    if not dollar or algorithm.lower() not in _HASHES:
        return None
    spellings = {typed, unicodedata.normalize("NFC", typed), typed.lower()}
    return any(
        hmac.compare_digest(_hashed(algorithm, one + salt), digest.lower().encode()) for one in spellings
    )


def _hashed(algorithm: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    # md5 is what older badges hold; it hides nothing and only has to be compared
    used = hashlib.sha256(data) if algorithm.lower() == "sha256" else hashlib.md5(data, usedforsecurity=False)
    return used.hexdigest().encode()


def _same_text(stated: str, typed: str) -> bool:
    return _plain(stated) == _plain(typed)


def _plain(text: str) -> str:
    """Fold what a person would not call a difference: composition, case, white space."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())
