"""What a draft would look like once it is published: a certificate for nobody, a badge, a public page.

Whatever is still missing is shown as missing; nothing here is stored, signed or given an address that works.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from issuer.badge_image import badge_png
from issuer.certificate import CertificateInput, certificate_data, render_certificate_png
from issuer.certificate_words import certificate_language, words
from issuer.deployment import Deployment
from issuer.documents import badge_input, certificate_input
from issuer.drafts.documents import readable
from issuer.drafts.rows import institution_of
from issuer.institutions import institution_record, issuer_profile
from issuer.records import CredentialRecord, DefinitionVersion, InstitutionRecord, Status, Visibility
from issuer.tables import Institution
from microcredential import Definition
from microcredential.binding import bind
from microcredential.shapes import language_map

_ELLIPSIS = "…"
_LEARNERS = {"vi": "Nguyễn Thị Mẫu", "lo": "ນາງ ຕົວຢ່າງ"}
_LEARNER = "Anna Example"
_NOTHING = Definition(_ELLIPSIS, _ELLIPSIS, "en", {"type": ["Achievement"]})


def sample_version(desk: Deployment, document: Mapping[str, Any]) -> DefinitionVersion:
    """Give the version that a draft's document would become, under an address that does not exist."""
    with desk.reading() as session:
        institution = institution_of(session, desk)
        record = institution_record(institution)
        profile = _profile(institution, record, desk)
    definition = readable(document).definition or Definition(
        _ELLIPSIS, _ELLIPSIS, "en", {"type": ["Achievement"]}
    )
    bound = _bound(desk, definition, profile)
    return DefinitionVersion(
        public_id="sample",
        achievement_id=desk.achievement_url("sample"),
        code=definition.code,
        version=definition.version,
        language=definition.language,
        suspension=definition.suspension,
        valid_for=definition.valid_for,
        signatory=definition.signatory,
        text=json.dumps(bound, ensure_ascii=False),
        achievement=bound,
        institution=record,
        created=desk.now(),
    )


def sample_certificate(
    desk: Deployment, version: DefinitionVersion, *, demonstration: bool = False, ppi: float = 80
) -> bytes:
    """Draw the certificate of an invented learner, with a large word that it is a sample, as PNG.

    Its QR code leads to the page for codes and names no credential. Raises IssuerError for what
    cannot be set.
    """
    record = _record(desk, version)
    said = certificate_input(record, desk, demonstration=demonstration)
    return render_certificate_png(certificate_data(_as_sample(said, desk)), ppi=ppi)


def sample_badge(version: DefinitionVersion, *, demonstration: bool = False) -> bytes:
    """Draw the badge from the institution's template and colours, as PNG."""
    return badge_png(badge_input(version, demonstration=demonstration))


def _as_sample(said: CertificateInput, desk: Deployment) -> CertificateInput:
    word = str(words(certificate_language(said.language))["sample"])
    return replace(said, sample=True, verify_url=f"{desk.base_url}/c", short_code=word)


def _bound(desk: Deployment, definition: Definition, profile: dict[str, Any]) -> dict[str, Any]:
    achievement = dict(definition.achievement)
    if not language_map(achievement.get("title")):
        achievement["title"] = {definition.language: _ELLIPSIS}
    achievement.setdefault("inLanguage", definition.language)
    return bind(
        replace(definition, achievement=achievement),
        achievement_id=desk.achievement_url("sample"),
        issuer_profile=profile,
        base_url=desk.base_url,
    )


def _profile(institution: Institution, record: InstitutionRecord, desk: Deployment) -> dict[str, Any]:
    if institution.did:
        return issuer_profile(institution)
    return {"id": desk.base_url, "type": ["Profile"], "name": record.name, **json.loads(institution.profile)}


def _record(desk: Deployment, version: DefinitionVersion) -> CredentialRecord:
    now = desk.now()
    language = certificate_language(version.language)
    learner = _LEARNERS.get(language, _LEARNER)
    credential = {
        "issuer": version.achievement["creator"],
        "validFrom": now.isoformat(),
        "awardedDate": now.isoformat(),
        "credentialSubject": {
            "name": learner,
            "activityStartDate": (now - timedelta(days=60)).isoformat(),
            "activityEndDate": now.isoformat(),
            "achievement": version.achievement,
        },
    }
    return CredentialRecord(
        urn="",
        text=json.dumps(credential),
        institution=version.institution,
        definition=version,
        learner_name=learner,
        student_number="",
        language=language,
        run="",
        awarded=now,
        valid_from=now,
        valid_until=None,
        issued_at=now,
        verification_method="",
        code="",
        short_code="",
        share_id="",
        url=desk.base_url,
        share_url="",
        status=Status.GOOD,
        status_since=None,
        status_reason=None,
        visibility=Visibility(),
    )
