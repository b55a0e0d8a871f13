"""What the EDC application profile asks of the objects that we write: the members of each class.

Source: SHACL shapes `edc-generic-no-cv`, application profile 1.1.0 (ELM 3), its facts and not its words:
`!` marks a member that must be there, `1` one that may stand once at most.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from microcredential.shapes import items, mapping

_ANYWHERE = frozenset({"id", "type"})
_CLASSES: Mapping[str, str] = {
    "EuropeanDigitalCredential": (
        "@context! identifier credentialProfiles! attachment displayParameter!1 issuer!1 credentialSubject!1"
        " issuanceDate1 issued!1 validFrom!1 expirationDate1 validUntil1 credentialSchema! evidence"
    ),
    "DisplayParameter": "title! description primaryLanguage!1 language! summaryDisplay1 individualDisplay!",
    "IndividualDisplay": "language!1 displayDetail!",
    "DisplayDetail": "image!1 page!1",
    "MediaObject": "title description contentType!1 contentEncoding!1 content!1 contentSize1 contentURL1",
    "Person": "identifier location1 fullName1 givenName1 familyName1 hasClaim! contactPoint",
    "Organisation": (
        "identifier altLabel dcType homepage additionalNote location! accreditation eIDASIdentifier1"
        " registration1 legalName! logo1 subOrganizationOf1 contactPoint"
    ),
    "Location": "identifier description address! geographicName spatialCode",
    "Address": "identifier fullAddress1 countryCode!1",
    "ContactPoint": "additionalNote description address phone emailAddress contactForm",
    "Mailbox": "",
    "Phone": "phoneNumber1 countryDialing1 areaDialingCode1 dialNumber1",
    "Identifier": "notation!1 schemeAgency1 creator1 dateIssued1 dcType schemeName1 schemeVersion1 schemeId1",
    "LegalIdentifier": "notation!1 schemeAgency1 creator1 dateIssued1 dcType schemeName1 schemeId1 spatial!1",
    "LearningAchievement": (
        "title! description identifier dcType additionalNote supplementaryDocument creditReceived provenBy"
        " influencedBy awardedBy!1 specifiedBy1"
    ),
    "AwardingProcess": "title description identifier additionalNote awardingBody! awardingDate1 location",
    "LearningActivity": "title! description identifier temporal location awardedBy!1 specifiedBy1",
    "PeriodOfTime": "prefLabel startDate1 endDate1",
    "LearningAssessment": (
        "title! description identifier dcType additionalNote dateIssued1 location1 grade!1 gradeStatus1"
        " idVerification1 assessedBy awardedBy!1 specifiedBy1"
    ),
    "LearningAssessmentSpecification": (
        "identifier title! description additionalNote supplementaryDocument homepage altLabel category"
        " dcType1 language mode gradingScheme1"
    ),
    "GradingScheme": "identifier title! description supplementaryDocument",
    "Qualification": (
        "identifier title! description additionalNote supplementaryDocument homepage altLabel category dcType"
        " language volumeOfLearning1 mode learningOutcomeSummary1 thematicArea educationSubject creditPoint"
        " educationLevel learningSetting1 maximumDuration1 targetGroup entryRequirement1 learningOutcome"
        " influencedBy provenBy isPartOf isPartialQualification1 eqfLevel1 nqfLevel accreditation"
        " qualificationCode"
    ),
    "LearningOutcome": (
        "identifier title! dcType1 additionalNote reusabilityLevel1 relatedSkill relatedESCOSkill"
    ),
    "CreditPoint": "framework!1 point!1",
    "Accreditation": (
        "identifier dcType!1 title! description homepage dateIssued1 additionalNote supplementaryDocument"
        " decision1 report1 organisation accreditingAgent!1 reviewDate1 expiryDate1 landingPage"
    ),
    "Note": "noteLiteral! subject1 noteFormat1",
    "WebResource": "title language1 contentURL!1",
    "Concept": "prefLabel notation1 inScheme definition",
    "ConceptScheme": "",
    "ShaclValidator2017": "",
}


def missing_members(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the places of members that the application profile asks for and the document lacks.

    Objects of classes that we never write are not judged.
    """
    found = [
        f"{path}.{term}".removeprefix(".")
        for path, node, kind in _nodes(document)
        for term in sorted(_marked(kind, "!") - node.keys())
    ]
    issuer = mapping(document.get("issuer"))
    if issuer and "eIDASIdentifier" not in issuer:  # the shape IssuerNodeShape
        found.append("issuer.eIDASIdentifier")
    return tuple(dict.fromkeys(found))


def faults(document: Mapping[str, Any]) -> list[str]:
    """Give what contradicts the application profile: unknown classes, foreign members, too many values."""
    found = []
    for path, node, kind in _nodes(document):
        if kind not in _CLASSES:
            found.append(f"{path}: no class {kind}")
            continue
        known = {word.rstrip("!1") for word in _CLASSES[kind].split()} | _ANYWHERE
        found += [f"{path}.{term}: not of {kind}" for term in node if term not in known]
        found += [f"{path}.{term}: twice" for term in _marked(kind, "1") if len(items(node.get(term))) > 1]
    return found


def _marked(kind: str, mark: str) -> set[str]:
    words = _CLASSES.get(kind, "").split()
    return {word.rstrip("!1") for word in words if mark in word[len(word.rstrip("!1")) :]}


def _nodes(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Give each object that has a type with its place and its class, the last of its types."""
    waiting: deque[tuple[str, Any]] = deque([("", document)])
    while waiting:
        path, value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend((f"{path}[{step}]", one) for step, one in enumerate(value))
        elif isinstance(value, dict):
            if kinds := items(value.get("type")):
                yield path, value, str(kinds[-1])
            waiting.extend((f"{path}.{term}".removeprefix("."), one) for term, one in value.items())
