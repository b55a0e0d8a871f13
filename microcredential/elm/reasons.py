"""Say why something is not carried over: by the names on the way to it, the longest that fits."""

from __future__ import annotations

from collections.abc import Mapping

_NO_PLACE = "The European Learning Model has no member for it."
_EXPORT: Mapping[str, str] = {
    "@context": "The other document names the contexts of its own model.",
    "type": "The other model has classes of its own; this type has none there.",
    "proof": "The proof covers the badge, not another document; only a seal makes an export verifiable.",
    "credentialStatus": (
        "Readers of the model do not ask Bitstring Status Lists: only the badge tells whether the award still"
        " stands."
    ),
    "credentialSchema": "The other document names the shapes of its own model.",
    "refreshService": "Readers of the model do not look for newer versions; the badge does.",
    "relatedResource": "It names the files of the badge's own form.",
    "termsOfUse": "They were agreed for the badge; the application profile takes an address alone.",
    "endorsement": "Endorsements are credentials of their own about the badge; show them with it.",
    "image": "The model takes pictures only as data inside the document, and the badge has an address.",
    "name": "It says something else than the title.",
    "description": "It says something else than the summary.",
    "issuer.name": "Another profile of the same organisation, further up, has another name.",
    "creditsAvailable": "A number without a system of credits; the credit points say it with theirs.",
    "creditsEarned": "The badge does not say in which system of credits it counts.",
    "additionalName": "The model has given and family names alone.",
    "identifier": "A hashed identity proves nothing to a reader of the model.",
    "tag": "The model has no free keywords.",
    "related": "The model does not link editions of a qualification.",
    "inLanguage": "Our copy of the list of languages has no concept for exactly this.",
    "addressCountryCode": "It is no country of the list.",
    "supervision": "The model tells it of an assessment that was taken, not of its description.",
    "rubricCriterionLevel": "The model has no levels within a grading scheme.",
    "assessmentType": "The model has one type for each description of an assessment.",
    "result": "The result belongs to no description in the badge, or has no value.",
    "accreditingAgent": "In a note an organisation is only named.",
    "alignment.targetUrl": "The level is not claimed for programs: its basis does not bear that.",
    "alignment.targetType": "The level is not claimed for programs: its basis does not bear that.",
    "resultDescription.alignment": "The model links an assessment to the whole, not to one outcome.",
    "alignment": "The model has members for levels, fields and skills alone.",
}
_NO_PART = "A definition has no place for it."
_IMPORT: Mapping[str, str] = {
    "@context": "A definition has no context; the badge gets its own.",
    "id": "A definition gets its addresses when it is published.",
    "type": "It is no class that the import knows.",
    "additionalNote": "A level in words is no level: state it with its basis.",
    "additionalNote.subject": "A note of a definition has no subject.",
    "gradingScheme": "The scale is told in words that cannot be read as numbers; state it.",
    "eqfLevel": "The level is in none of the frameworks that we know.",
    "nqfLevel": "The level is in none of the frameworks that we know.",
    "educationLevel": "The level is in none of the frameworks that we know.",
    "dcType": "It is no concept of the list that the profile takes.",
    "mode": "It is no concept of the list that the profile takes.",
    "thematicArea": "It is no concept of the list that the profile takes.",
    "learningSetting": "It is no concept of the list that the profile takes.",
    "idVerification": "It is no concept of the list that the profile takes.",
    "framework": "It is no system of credits that the profile knows.",
    "prefLabel": "Names of concepts come from our lists, or are given in one language.",
    "language": "A definition has one language of instruction, of those in our list.",
    "legalName": "A definition names the body in one language.",
    "location": "A definition gives only the name and the page of who accredited.",
    "homepage": "The page stands under an address of another deployment.",
    "maximumDuration": "The profile has no longest time for a course.",
    "isPartOf.id": "Only an https address of its own names a programme.",
    "supplementaryDocument": "A definition has no documents beside it.",
}


def export_reason(names: tuple[str, ...]) -> str:
    """Give the reason for a member of a badge that the European Learning Model does not carry."""
    return _reason(names, _EXPORT) or _NO_PLACE


def import_reason(names: tuple[str, ...]) -> str:
    """Give the reason for a member of the European Learning Model that a definition does not carry."""
    return _reason(names, _IMPORT) or _NO_PART


def _reason(names: tuple[str, ...], reasons: Mapping[str, str]) -> str:
    """Look for the longest run of names, and among equals for the last."""
    for length in (2, 1):
        for end in range(len(names), length - 1, -1):
            found = reasons.get(".".join(names[end - length : end]))
            if found:
                return found
    return ""
