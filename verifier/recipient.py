"""Step 15: is it this person?

Compares what the viewer typed with what the document says. The answer is yes, no, or cannot be told; it says
nothing else of the document and never changes the verdict (W9). An address of mail is compared with addresses
alone, anything else with names and with identifiers of people: the kinds must match. Identifiers may be
hashed: `alg$hex(alg(UTF-8(identifier + salt)))`, sha256 or md5 (Open Badges 3.0, section "Verify a
recipient"); of a hash every spelling is tried that people do not tell apart.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from verifier.json_types import as_list, as_object
from verifier.report import Check, failed, passed, skipped, unknown

_LONGEST = 500
_HASH = re.compile(r"(?i:(sha256)\$([0-9a-f]{64})|(md5)\$([0-9a-f]{32}))", re.ASCII)
_MAIL = "emailAddress"
_MAIL_SCHEME = "mailto:"
_IDN_LABEL = "xn--"
# what identityType may name besides people (Open Badges 3.0, IdentifierTypeEnum)
_OF_THINGS = frozenset(
    {"productId", "isbn", "issn", "ltiContextId", "ltiDeploymentId", "ltiToolId", "ltiPlatformId"}
)


def check_recipient(document: Mapping[str, Any], wanted: str | None) -> Check:
    """Compare a name, e-mail address or identifier with the recipient of a document."""
    typed = _visible(wanted or "").strip()[:_LONGEST]
    if not typed:
        return skipped("recipient", "not_asked")
    answers = set(_answers(as_object(document.get("credentialSubject")), typed))
    if True in answers:
        return passed("recipient", "recipient_fits")
    if False in answers:
        return failed("recipient", "recipient_differs")
    return unknown("recipient", "recipient_untold")


def _visible(text: str) -> str:
    """Leave out what nobody sees and what comes along when an address is copied: controls of direction,
    zero-width spaces. The joiners stay, for in some scripts they make another word.
    """
    return "".join(one for one in text if unicodedata.category(one) != "Cf" or one in "\u200c\u200d")


def _answers(subject: Mapping[str, Any], typed: str) -> Iterator[bool]:
    """Give one answer for each thing in the document that can be compared with what was typed."""
    is_mail = "@" in typed
    if subject.get("id") == typed:
        yield True
    if is_mail:
        typed = _without_scheme(typed)
        yield from (_same_mail(one, typed) for one in _addresses(subject))
    else:
        yield from (_same_text(name, typed) for name in _names(subject))
    for one in as_list(subject.get("identifier")):
        if isinstance(one, dict) and _is_of_kind(one, is_mail=is_mail):
            answer = _identifier_fits(one, typed, is_mail=is_mail)
            # a student number that differs is no "no" to someone who typed a name, nor the reverse
            if answer or (answer is False and one.get("identityType") in (_MAIL, "name")):
                yield answer


def _is_of_kind(identifier: Mapping[str, Any], *, is_mail: bool) -> bool:
    kind = identifier.get("identityType")
    return kind == _MAIL if is_mail else isinstance(kind, str) and kind not in {_MAIL, *_OF_THINGS}


def _addresses(subject: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(subject.get("email"), str):
        yield subject["email"]
    subject_id = subject.get("id")
    if isinstance(subject_id, str) and subject_id.lower().startswith(_MAIL_SCHEME):
        yield subject_id


def _names(subject: Mapping[str, Any]) -> Iterator[str]:
    parts = [subject.get(one) for one in ("givenName", "additionalName", "familyName")]
    given, middle, family = (one if isinstance(one, str) else "" for one in parts)
    if isinstance(subject.get("name"), str):
        yield subject["name"]
    if given and family:
        yield from (f"{given} {family}", f"{family} {given}")
    if given and middle and family:
        yield from (f"{given} {middle} {family}", f"{family} {middle} {given}")


def _identifier_fits(identifier: Mapping[str, Any], typed: str, *, is_mail: bool) -> bool | None:
    """Compare with one identifier; None where it is in a form that cannot be compared."""
    stated, salt, hashed = (identifier.get(one) for one in ("identityHash", "salt", "hashed"))
    if not isinstance(stated, str) or not isinstance(salt, str | None) or not isinstance(hashed, bool):
        return None
    if not hashed:
        return _same_mail(stated, typed) if is_mail else _same_text(stated, typed)
    match = _HASH.fullmatch(stated)
    if match is None:
        return None
    algorithm, digest = (match[1], match[2]) if match[1] else (match[3], match[4])
    spellings = _mail_spellings(typed) if is_mail else _spellings(typed)
    return any(
        hmac.compare_digest(_hashed(algorithm, one + (salt or "")), digest.lower()) for one in spellings
    )


def _hashed(algorithm: str, text: str) -> str:
    data = text.encode("utf-8", "replace")
    # md5 is what older badges hold; it hides nothing and only has to be compared
    used = hashlib.sha256(data) if algorithm.lower() == "sha256" else hashlib.md5(data, usedforsecurity=False)
    return used.hexdigest()


def _spellings(typed: str) -> set[str]:
    """Give the ways in which an identifier may have been written down before it was hashed."""
    composed = unicodedata.normalize("NFC", typed)
    single = " ".join(composed.split())
    return {typed, composed, unicodedata.normalize("NFD", typed), single, single.lower(), single.upper()}


def _mail_spellings(typed: str) -> set[str]:
    """Give the ways in which an address may have been written: case of the name, letters of the domain."""
    local, _, domain = unicodedata.normalize("NFC", typed).rpartition("@")
    locals_ = {local, local.lower()}
    domains = {domain, _unicode_domain(domain), _ascii_domain(domain)}
    return {typed, typed.lower()} | {f"{name}@{host}" for name in locals_ for host in domains}


def _same_mail(stated: str, typed: str) -> bool:
    """Compare addresses as people use them: case does not count, and a domain is one in both its spellings.

    Letters are lowered and not folded: ß and ss are two addresses.
    """
    if len(stated) > _LONGEST:  # longer than any address, and letters of a domain are costly to read
        return False
    return _plain_mail(_without_scheme(stated)) == _plain_mail(typed)


def _plain_mail(text: str) -> tuple[str, str]:
    local, _, domain = unicodedata.normalize("NFC", _visible(text).strip()).rpartition("@")
    return unicodedata.normalize("NFC", local.lower()), _unicode_domain(domain)


def _without_scheme(address: str) -> str:
    has_scheme = address.lower().startswith(_MAIL_SCHEME)
    return address[len(_MAIL_SCHEME) :] if has_scheme else address


def _unicode_domain(domain: str) -> str:
    """Write a domain in lower case with its own letters (RFC 5890, section 2.3.2.1: U-labels)."""
    return ".".join(_unicode_label(one) for one in domain.lower().removesuffix(".").split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith(_IDN_LABEL):
        return unicodedata.normalize("NFC", label)
    try:
        return unicodedata.normalize("NFC", label.removeprefix(_IDN_LABEL).encode("ascii").decode("punycode"))
    except (UnicodeError, ValueError, OverflowError):
        return label


def _ascii_domain(domain: str) -> str:
    """Write a domain with ASCII alone (A-labels). IDNA's own mapping is not asked: it makes ss of ß."""
    labels = _unicode_domain(domain).split(".")
    return ".".join(
        one if one.isascii() else _IDN_LABEL + one.encode("punycode").decode("ascii") for one in labels
    )


def _same_text(stated: str, typed: str) -> bool:
    return _plain(stated) == _plain(typed)


def _plain(text: str) -> str:
    """Fold what a person would not call a difference: composition, case, white space."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", _visible(text)).casefold())
    return " ".join(folded.split())
