"""What others state about the course of a certificate: beside its authenticity, and never part of it."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.dates import time_of_day
from app.pages.office import Services
from app.pages.view import Recognition
from app.phrases import isolated, phrase, visible
from app.settings import Settings
from app.words import gettext as _
from app.words import page_language
from issuer.errors import NotFound
from issuer.public_page import PageRecord
from issuer.recognition.mentioned import something_is_stated
from issuer.recognition.published import public_statements, statements_about
from issuer.recognition.records import PublicStatement
from microcredential.recognition import Kind
from microcredential.shapes import concept_id, language_map, mapping, objects, text
from microcredential.vocabulary import Vocabulary, concepts, label
from ob3.strict_json import parse
from verifier import IssuerTrust, Verdict, VerificationReport

_MOST = 20
_LONGEST_COMMENT = 600


def recognised(
    services: Services, settings: Settings, report: VerificationReport, record: PageRecord | None = None
) -> tuple[Recognition, ...]:
    """Say what stands about the course of a valid certificate of a trusted issuer; nothing of any other.

    What our rows say of the course of `record` counts only where the verified document names the same one.
    """
    if services.issuer is None or report.verdict is not Verdict.valid or report.credential is None:
        return ()
    achievement = mapping(mapping(report.credential.get("credentialSubject")).get("achievement"))
    about = text(achievement.get("id"))
    if report.issuer_trust is not IssuerTrust.trusted or not report.issuer_id or not about:
        return ()
    deployment = services.issuer.deployment
    if record is not None and (record.course, record.issuer_id) == (about, report.issuer_id):
        is_stated = record.something_stated
    else:
        is_stated = something_is_stated(deployment, about, report.issuer_id)
    if not is_stated:
        return ()
    found = statements_about(deployment, about, report.issuer_id)
    return recognition_lines(found, settings)


def recognised_course(services: Services, settings: Settings, public_id: str) -> tuple[Recognition, ...]:
    """Say what stands about a published course, for its own page."""
    if services.issuer is None:
        return ()
    try:
        found = public_statements(services.issuer.deployment, public_id)
    except NotFound:
        return ()
    return recognition_lines(found, settings)


def recognition_lines(found: list[PublicStatement], settings: Settings) -> tuple[Recognition, ...]:
    """Say statements in the page's language."""
    return tuple(_line(one, settings) for one in found[:_MOST])


def _line(one: PublicStatement, settings: Settings) -> Recognition:
    document: dict[str, Any] = parse(one.text)
    subject = mapping(document.get("credentialSubject"))
    said = visible(text(subject.get("endorsementComment"))[:_LONGEST_COMMENT])
    return Recognition(_sentence(one, subject), _known(one, settings), isolated(said) if said else "")


def _sentence(one: PublicStatement, subject: Mapping[str, Any]) -> Markup:
    values: dict[str, object] = {"who": isolated(one.who)}
    if one.kind is Kind.TRUST:
        return phrase(_("**{who}** stands for the institution."), values)
    if one.kind is Kind.QUALITY:
        return phrase(_("**{who}** has reviewed the quality of this course."), values)
    values["what"] = isolated(", ".join(_what(subject)))
    return phrase(_("Recognised by **{who}**: {what}."), values)


def _what(subject: Mapping[str, Any]) -> list[str]:
    """Name credits, purpose and what it counts towards."""
    language = page_language()
    said = [recognised_credits(one) for _place, one in objects(subject.get("creditRecognised"))]
    said.append(label(concept_id(subject.get("recognitionPurpose")), language))
    for _place, one in objects(subject.get("recognisedTowards")):
        title = language_map(one.get("title"))
        said.append(title.get(language) or title.get("en") or next(iter(title.values()), ""))
    return [visible(word) for word in said if word]


def recognised_credits(point: Mapping[str, Any]) -> str:
    """Write credits with the short name of their system, `3 ECTS`."""
    system = text(point.get("framework"))
    code: str = concepts(Vocabulary.CREDIT_SYSTEM).get(system, {}).get("code", "")
    return f"{text(point.get('point'))} {code if code.isupper() else label(system, page_language())}"


def _known(one: PublicStatement, settings: Settings) -> str:
    if one.checked is None:
        return _("Signed on this service, and not withdrawn.")
    when = time_of_day(one.checked, settings.zone)
    return _("The signature is verified, and it is not withdrawn. Last checked: {when}.").format(when=when)
