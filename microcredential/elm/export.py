"""Write a badge of the profile as a document of the European Learning Model, and tell what that one lacks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from microcredential.elm.assessments import write_assessments
from microcredential.elm.display import write_display
from microcredential.elm.form import missing_members
from microcredential.elm.losses import Account, Loss, Part
from microcredential.elm.people import Organisations, write_learner
from microcredential.elm.reasons import export_reason
from microcredential.elm.specification import write_specification, write_title
from microcredential.elm.writer import Node, Writer, present, single
from microcredential.errors import MicroCredentialError
from microcredential.expansion import ECTS
from microcredential.shapes import language_map, mapping, text

CONTEXTS = (
    "https://www.w3.org/2018/credentials/v1",
    "http://data.europa.eu/snb/model/context/edc-ap",
)
SHAPES = "http://data.europa.eu/snb/model/ap/edc-generic-full"
GENERIC = "http://data.europa.eu/snb/credential/e34929035b"
_UUID = "urn:uuid:"


@dataclass(frozen=True)
class ElmExport:
    """Hold the document and the report on it.

    `losses` name everything of the badge that the document does not carry, or carries in another form;
    `missing` the places of members that the EDC application profile asks for and the badge does not say.
    """

    document: dict[str, Any]
    losses: tuple[Loss, ...]
    missing: tuple[str, ...]


def elm_document(credential: dict[str, Any], *, picture: bytes | None = None) -> ElmExport:
    """Write a credential, signed or not, as an unsealed European Digital Credential (ELM 3, EDC profile).

    Nothing is checked: what the credential says is said again, without its proof and its status. `picture` is
    a PNG or JPEG that viewers show in place of the credential. Raises MicroCredentialError (`no_achievement`,
    `too_deep`, `picture_kind`, `picture_too_large`).
    """
    subject = mapping(mapping(credential).get("credentialSubject"))
    if not mapping(subject.get("achievement")):
        raise MicroCredentialError(
            "no_achievement",
            "The document is no credential with one achievement.",
            path="credentialSubject.achievement",
            fix="Give an Open Badges 3.0 credential of the profile.",
        )
    account = Account(credential)
    document = _document(account.whole, picture)
    return ElmExport(document, account.losses(export_reason), missing_members(document))


def _document(badge: Part, picture: bytes | None) -> Node:
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    writer = Writer(language=_primary_language(achievement.value))
    organisations = Organisations(writer)
    issuer = organisations.write(badge["issuer"])
    title = write_title(achievement, writer)
    badge["name"].repeats(*title.values())
    badge.types("VerifiableCredential")
    display = write_display(title, language_map(achievement["summary"].value), picture, writer)
    claim = _claim(badge, title, issuer, organisations, writer)
    return present(
        {
            "@context": list(CONTEXTS),
            "id": _own_id(text(badge["id"].value)),
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "identifier": writer.identifier(badge["id"].words(), "Open Badges 3.0"),
            "credentialProfiles": writer.known_concept(GENERIC, {"en": "Generic"}),
            "credentialSchema": {"id": SHAPES, "type": "ShaclValidator2017"},
            "displayParameter": display,
            **_dates(badge),
            "issuer": issuer,
            "credentialSubject": write_learner(subject, writer) | {"hasClaim": claim},
        }
    )


def _claim(
    badge: Part, title: dict[str, str], issuer: Node | None, organisations: Organisations, writer: Writer
) -> Node:
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    awarded_by = _awarded_by(badge, issuer, organisations, writer)
    proven, described = write_assessments(subject, awarded_by, writer)
    number = subject["licenseNumber"].words()
    return present(
        {
            "id": writer.new_id("learningAchievement"),
            "type": "LearningAchievement",
            "identifier": writer.identifier(number, "licenseNumber") if number else None,
            "title": title,
            "description": language_map(achievement["summary"].value),
            "additionalNote": _narrative(subject["narrative"], writer),
            "supplementaryDocument": single(_evidence(badge, writer)),
            "awardedBy": awarded_by,
            "creditReceived": _credit_received(subject, writer),
            "provenBy": single(proven),
            "influencedBy": _activity(subject, title, awarded_by, writer),
            "specifiedBy": write_specification(achievement, described, organisations, writer),
        }
    )


def _primary_language(achievement: dict[str, Any]) -> str:
    """Choose the language of words without one: that of instruction if the title has it, else English."""
    titles = language_map(achievement.get("title"))
    spoken = text(achievement.get("inLanguage"))
    return next((tag for tag in (spoken, "en", *titles) if tag in titles), spoken or "en")


def _own_id(badge_id: str) -> str:
    """Give the id of the second document: always the same for one badge, and not the badge's own."""
    plain = badge_id.removeprefix(_UUID)
    try:
        known = uuid.UUID(plain) if plain != badge_id else uuid.uuid5(uuid.NAMESPACE_URL, badge_id)
    except ValueError:
        known = uuid.uuid5(uuid.NAMESPACE_URL, badge_id)
    return f"urn:credential:{known}"


def _dates(badge: Part) -> Node:
    starts, ends = badge["validFrom"].words(), badge["validUntil"].words()
    return {
        "issuanceDate": starts,
        "issued": starts,
        "validFrom": starts,
        "expirationDate": ends,
        "validUntil": ends,
    }


def _awarded_by(badge: Part, issuer: Node | None, organisations: Organisations, writer: Writer) -> Node:
    """Write who awarded: the bodies that the badge names, else the creator, else the issuer."""
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    named = [body for one in achievement.each("awardingBody") if (body := organisations.write(one))]
    for other in (achievement["creator"], subject["source"]):
        if named:
            organisations.repeat(other)
        elif body := organisations.write(other):
            named.append(body)
    return present(
        {
            "id": writer.new_id("awardingProcess"),
            "type": "AwardingProcess",
            "awardingBody": single(named) or issuer,
            "awardingDate": badge["awardedDate"].words(),
        }
    )


def _credit_received(subject: Part, writer: Writer) -> Node | None:
    """Write the credits earned in the system of the credits offered: ECTS, or the only one there is."""
    offered = [text(one["framework"].value) for one in subject["achievement"].each("creditPoint")]
    framework = ECTS if ECTS in offered else offered[0] if len(offered) == 1 else ""
    points = subject["creditsEarned"].number() if framework else ""
    if not points:
        return None
    return {
        "id": writer.new_id("creditPoint"),
        "type": "CreditPoint",
        "framework": writer.known_concept(framework),
        "point": points,
    }


def _activity(subject: Part, title: dict[str, str], awarded_by: Node, writer: Writer) -> Node | None:
    """Write when the learning took place, as an activity that led to the achievement."""
    starts, ends, term = (subject[name].words() for name in ("activityStartDate", "activityEndDate", "term"))
    if not (starts or ends or term):
        return None
    period = {
        "id": writer.new_id("periodOfTime"),
        "type": "PeriodOfTime",
        "prefLabel": writer.spoken(term) if term else None,
        "startDate": starts,
        "endDate": ends,
    }
    return present(
        {
            "id": writer.new_id("learningActivity"),
            "type": "LearningActivity",
            "title": title,
            "temporal": present(period),
            "awardedBy": awarded_by,
        }
    )


def _evidence(badge: Part, writer: Writer) -> list[Node]:
    """Write what the learner handed in as documents of the achievement."""
    nodes = []
    for one in badge.each("evidence"):
        url = one["id"].words()
        if url:
            one.types("Evidence")
            name = one["name"].words()
            nodes.append(writer.web_resource(url, writer.spoken(name) if name else None))
    return nodes


def _narrative(narrative: Part, writer: Writer) -> Node | None:
    words = narrative.words()
    return writer.note(writer.spoken(words)) if words else None
