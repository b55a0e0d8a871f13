"""Everything that is drawn from a stored credential, on demand: certificate, badge, card. Never a source.

What a document says comes from the signed text; the registry adds only how the institution looks and its name
in further languages. The same record gives the same bytes.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from issuer import badge_image
from issuer.badge_image import BadgeInput
from issuer.badge_pictures import picture_of
from issuer.badge_upload import BadgePicture, picture_png, picture_svg
from issuer.certificate import CertificateInput, certificate_data, render_certificate, render_certificate_png
from issuer.certificate_words import certificate_language, words
from issuer.deployment import Deployment
from issuer.records import CredentialRecord, DefinitionVersion, InstitutionRecord
from microcredential import Description, describe
from microcredential.description import Assessment, Level, Quality

_MAX_KEPT_BYTES = 32 * 1024 * 1024


class Documents:
    """Draw documents and keep the last ones in memory, up to 32 MiB."""

    def __init__(self, deployment: Deployment, *, demonstration: bool = False) -> None:
        self._deployment = deployment
        self._demonstration = demonstration
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._lock = threading.Lock()

    def pdf(self, record: CredentialRecord) -> bytes:
        """Set the certificate as PDF/A-3 with the signed credential attached."""
        said = self._said(record)
        return self._once(
            "pdf", record.text, said, lambda: render_certificate(certificate_data(said), record.text)
        )

    def png(self, record: CredentialRecord) -> bytes:
        """Draw the certificate as a picture for the screen."""
        said = self._said(record)
        return self._once("png", record.text, said, lambda: render_certificate_png(certificate_data(said)))

    def baked_png(self, record: CredentialRecord) -> bytes:
        """Draw the badge as PNG with the credential in it."""
        badge = BadgeInput.of(self._said(record))

        def draw() -> bytes:
            picture = self._uploaded(record.definition)
            image = picture_png(picture) if picture else badge_image.badge_png(badge)
            return badge_image.baked(image, record.text)

        return self._once("baked.png", record.text, badge, draw)

    def baked_svg(self, record: CredentialRecord) -> bytes:
        """Draw the badge as SVG with the credential in it."""
        badge = BadgeInput.of(self._said(record))

        def draw() -> bytes:
            picture = self._uploaded(record.definition)
            image = picture_svg(picture) if picture else badge_image.badge_svg(badge)
            return badge_image.baked(image, record.text)

        return self._once("baked.svg", record.text, badge, draw)

    def share_card(self, record: CredentialRecord) -> bytes:
        """Draw the picture that goes with a shared link."""
        badge = BadgeInput.of(self._said(record))
        return self._once(
            "card",
            record.text,
            badge,
            lambda: badge_image.share_card_png(
                badge, holder_name=record.learner_name, holder_language=record.language
            ),
        )

    def badge_png(self, definition: DefinitionVersion) -> bytes:
        """Give the badge of a definition, without any credential: as uploaded, else drawn."""
        badge = self._badge(definition)

        def draw() -> bytes:
            picture = self._uploaded(definition)
            return picture_png(picture) if picture else badge_image.badge_png(badge)

        return self._once("badge.png", definition.text, badge, draw)

    def badge_svg(self, definition: DefinitionVersion) -> bytes:
        """Give the badge of a definition as SVG."""
        badge = self._badge(definition)

        def draw() -> bytes:
            picture = self._uploaded(definition)
            return picture_svg(picture) if picture else badge_image.badge_svg(badge)

        return self._once("badge.svg", definition.text, badge, draw)

    def _uploaded(self, definition: DefinitionVersion) -> BadgePicture | None:
        return picture_of(self._deployment, definition.achievement)

    def _said(self, record: CredentialRecord) -> CertificateInput:
        return certificate_input(record, self._deployment, demonstration=self._demonstration)

    def _badge(self, definition: DefinitionVersion) -> BadgeInput:
        return badge_input(definition, demonstration=self._demonstration)

    def _once(self, kind: str, text: str, said: object, draw: Callable[[], bytes]) -> bytes:
        key = hashlib.sha256(f"{kind}\0{text}\0{said!r}".encode()).hexdigest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = draw()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawn
                self._kept_bytes += len(drawn)
            while self._kept_bytes > _MAX_KEPT_BYTES:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return drawn


def badge_input(definition: DefinitionVersion, *, demonstration: bool = False) -> BadgeInput:
    """Say what the drawn badge of a definition says."""
    description = describe(
        {"credentialSubject": {"achievement": definition.achievement}}, definition.language
    )
    workload = description.workload
    return BadgeInput(
        language=definition.language,
        institution_names=_names(definition.institution),
        titles=_titles(description),
        accent=definition.institution.accent,
        ects=workload.ects if workload else None,
        hours=_hours(description),
        level=description.levels[0].text.text if description.levels else "",
        demonstration=demonstration,
    )


def certificate_input(
    record: CredentialRecord, deployment: Deployment, *, demonstration: bool = False
) -> CertificateInput:
    """Say what the certificate of a record says, from its signed text."""
    document = record.document
    definition, institution = record.definition, record.institution
    description = describe(document, definition.language)
    signatory = definition.signatory or institution.signatory or {}
    workload = description.workload
    return CertificateInput(
        language=definition.language,
        institution_names=_names(institution),
        titles=_titles(description),
        learner_name=description.learner,
        learner_language=record.language,
        student_number=description.student_number,
        locality=description.institution.locality,
        country=description.institution.country.text if description.institution.country else "",
        accent=institution.accent,
        initials=institution.initials,
        logo_svg=institution.logo_svg,
        awarded=(description.awarded or record.awarded).date(),
        issued=(description.valid_from or record.valid_from).date(),
        verify_url=record.url,
        shown_address=f"{deployment.base_url.partition('://')[2]}/c",
        short_code=record.shown_code,
        outcomes=tuple(outcome.text for outcome in description.outcomes),
        outcomes_language=description.outcomes[0].lang if description.outcomes else None,
        ects=workload.ects if workload else None,
        hours=_hours(description),
        levels=tuple(_level(level, definition.language) for level in description.levels),
        assessments=tuple(_assessment(each) for each in description.assessments),
        period_start=_day(description.started),
        period_end=_day(description.ended),
        participation=", ".join(mode.text for mode in description.participation),
        taught_in=description.language_of_instruction or None,
        certificate_number=description.certificate_number,
        quality=_quality(description.quality),
        signatory_name=signatory.get("name", ""),
        signatory_role=signatory.get("role", ""),
        demonstration=demonstration,
    )


def _names(institution: InstitutionRecord) -> Mapping[str, str]:
    return {"en": institution.name, **institution.names}


def _titles(description: Description) -> dict[str, str]:
    titles = (description.title, *description.other_titles)
    return {title.lang or description.language: title.text for title in titles if title is not None}


def _hours(description: Description) -> str | None:
    workload = description.workload
    return str(workload.hours) if workload and workload.hours is not None else None


def _level(level: Level, language: str) -> tuple[str, str]:
    """Say a level and its basis in the certificate's language, as far as its words reach."""
    language = certificate_language(language)
    said = words(language)
    basis = _basis(level, said["basis"])
    if level.text.lang == language or not level.framework_id or not level.code[:1].isdigit():
        return level.text.text, basis
    return said["level_in_framework"].format(framework=level.framework_id, code=level.code), basis


def _basis(level: Level, said: Mapping[str, str]) -> str:
    if level.not_referenced:
        return said["not_referenced"].format(framework=level.not_referenced)
    return said.get(level.basis or "") or (level.basis_text.text if level.basis_text else "")


def _assessment(one: Assessment) -> str:
    return one.name.text if one.weight is None else f"{one.name.text} {one.weight} %"


def _quality(found: tuple[Quality, ...]) -> tuple[str, ...]:
    """Give the weightiest kind of quality assurance in two lines: what it is, and who says so."""
    best = next((one for one in found if one.external), found[0] if found else None)
    if best is None:
        return ()
    what = best.title or best.kind_text
    return tuple(line for line in (what.text if what else "", best.agent) if line)


def _day(moment: datetime | None) -> Any:
    return moment.date() if moment else None
