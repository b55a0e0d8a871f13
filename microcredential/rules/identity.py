"""M1 learner, M3 country, M4 awarding body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from microcredential.findings import Finding, block, warn
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import concept_id, items, mapping, objects, text
from microcredential.vocabulary import countries

_HASH = re.compile(r"sha256\$[0-9a-fA-F]{64}", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]*", re.ASCII)
_SALT_CHARACTERS, _SALT_DIGITS = 22, 32  # 128 bits in base64url, and in hex


@rule("M1", Scope.CREDENTIAL)
def learner_is_named(matter: Matter) -> Iterator[Finding]:
    """Ask for a name, or an identifier that is one."""
    subject = matter.subject
    named = text(subject.get("name")) or (text(subject.get("familyName")) and text(subject.get("givenName")))
    by_identifier = any(
        one.get("identityType") == "name" and text(one.get("identityHash"))
        for _, one in objects(subject.get("identifier"))
    )
    if not named and not by_identifier:
        yield block(
            "credentialSubject.name",
            "no_name",
            "The learner has no name.",
            "Give the name as on the diploma.",
        )


@rule("M1", Scope.CREDENTIAL)
def learner_is_identified(matter: Matter) -> Iterator[Finding]:
    """Ask for an identifier, as a rule the institution's student number."""
    identifiers = [
        one for _, one in objects(matter.subject.get("identifier")) if text(one.get("identityHash"))
    ]
    if not identifiers:
        yield block(
            "credentialSubject.identifier",
            "no_identifier",
            "The learner has no identifier.",
            "Give the institution's student number.",
        )


@rule("M1", Scope.CREDENTIAL)
def email_is_hashed(matter: Matter) -> Iterator[Finding]:
    """Refuse an e-mail address in clear, or hashed with a short salt."""
    for place, one in objects(matter.subject.get("identifier")):
        if one.get("identityType") != "emailAddress":
            continue
        path = f"credentialSubject.identifier[{place}]"
        if one.get("hashed") is not True or not _HASH.fullmatch(text(one.get("identityHash"))):
            yield block(
                path,
                "email_in_clear",
                "The e-mail address is not hashed.",
                "Leave it out, or hash it with SHA-256.",
            )
        elif not _long_enough(text(one.get("salt"))):
            yield block(
                path,
                "short_salt",
                "The salt has less than 128 bits.",
                "Draw 16 random bytes for each learner.",
            )


def _long_enough(salt: str) -> bool:
    return len(salt) >= (_SALT_DIGITS if _HEX.fullmatch(salt) else _SALT_CHARACTERS)


@rule("M1", Scope.CREDENTIAL)
def nothing_private(matter: Matter) -> Iterator[Finding]:
    """Warn of personal data that nobody needs here."""
    subject = matter.subject
    if "dateOfBirth" in subject:
        yield warn(
            "credentialSubject.dateOfBirth",
            "birth_date",
            "A birth date stands in the credential.",
            "Leave it out.",
        )
    for place, one in objects(subject.get("identifier")):
        if one.get("identityType") == "nationalIdentityNumber":
            yield warn(
                f"credentialSubject.identifier[{place}]",
                "national_id",
                "A national identity number stands in the credential.",
                "Use the student number.",
            )


@rule("M3")
def country_is_known(matter: Matter) -> Iterator[Finding]:
    """Ask for the issuer's country, from ISO 3166-1, and the one that the registry has."""
    if not matter.has_issuer:
        return
    path = "^issuer.address.addressCountryCode"
    if matter.country not in countries():
        yield block(
            path,
            "unknown_country",
            "The country of the issuer is missing or not in the list.",
            "Write the two letters of ISO 3166-1, such as VN or CZ.",
        )
    elif matter.institution_country is not None and matter.country != matter.institution_country:
        name = countries()[matter.country].labels["en"]
        yield block(
            path,
            "other_country",
            f"{matter.country} is {name}; the institution is registered in another country.",
            f"Write {matter.institution_country}.",
        )


@rule("M4")
def issuer_is_described(matter: Matter) -> Iterator[Finding]:
    """Ask for id, name and address of the issuer's site."""
    if not matter.has_issuer:
        return
    for term, word in (("id", "identifier"), ("name", "name"), ("url", "web address")):
        if not text(matter.issuer.get(term)):
            yield block(
                f"^issuer.{term}", f"no_issuer_{term}", f"The issuer has no {word}.", "Complete its entry."
            )


@rule("M4")
def other_creator_is_named(matter: Matter) -> Iterator[Finding]:
    """Ask an issuer that is not the creator to name who awards."""
    creator, issuer = concept_id(matter.achievement.get("creator")), text(matter.issuer.get("id"))
    if creator and issuer and creator != issuer and "awardingBody" not in matter.achievement:
        yield block(
            "awardingBody",
            "no_awarding_body",
            "Somebody else than the issuer made this micro-credential, and no awarding body is named.",
            "Name every awarding body.",
        )


@rule("M4")
def joint_award_names_bodies(matter: Matter) -> Iterator[Finding]:
    """Ask a joint award for two bodies at least, each with id and name."""
    if "awardingBody" not in matter.achievement:
        return
    bodies = [mapping(one) for one in items(matter.achievement["awardingBody"])]
    for place, body in enumerate(bodies):
        if not text(body.get("id")) or (not text(body.get("name")) and body.get("id") != "issuer"):
            yield block(
                f"awardingBody[{place}]",
                "body_incomplete",
                "An awarding body has no id or no name.",
                "Give both.",
            )
    ids = {text(body.get("id")) for body in bodies}
    own = {text(matter.issuer.get("id")), "issuer"} & ids
    if not ids - {""} or (own and len(ids) < 2):
        yield block(
            "awardingBody",
            "joint_award_of_one",
            "A joint award names at least two different bodies.",
            "Name every awarding body, or leave the field out when the issuer awards alone.",
        )
