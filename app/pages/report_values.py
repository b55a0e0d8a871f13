"""Values for the one sentence, taken from the report and from nothing else."""

import re
from datetime import UTC, date, datetime
from urllib.parse import unquote, urlsplit

from flask import request
from markupsafe import Markup

from app.clauses import REASONS, fault, limit, unanswered
from app.dates import long_date
from app.phrases import enclosed, isolated, phrase, visible
from app.words import page_language
from issuer.public_page import PageRecord
from issuer.records import CredentialRecord
from microcredential import Description
from microcredential.shapes import items
from verifier import IssuerTrust, Outcome, TrustEntry, Verdict, VerificationReport
from verifier.report import Endorsement

Stored = CredentialRecord | PageRecord
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # as documents use (RFC 5646)


def sentence_values(
    report: VerificationReport, said: Description | None, record: Stored | None = None
) -> dict[str, object]:
    """Collect what the sentence can say of a report.

    `said` describes the verified document, if there is one; `record` is the stored credential that was
    verified, for the day and the reason of a withdrawal: a status list tells neither.
    """
    known = report.issuer_trust is IssuerTrust.trusted
    institution = institution_name(report.trust_entry) if known else None
    values = {**_document_values(said), **_period(report, said), **_withdrawal(report, record)}
    if institution is not None:
        values["institution"] = institution
    if "EndorsementCredential" in items((report.credential or {}).get("type")):
        values["statement"] = True
    if host := issuer_host(report):
        values["host"] = enclosed('<span class="code">', host, "</span>")
    if report.verdict is Verdict.invalid:
        values["fault"] = fault(report, institution_name(report.trust_entry))
    elif report.verdict is Verdict.undetermined:
        values |= unanswered(report, institution)
    elif report.verdict is Verdict.refused:
        values["limit"] = limit(report)
    elif report.verdict is Verdict.unsupported:
        values |= _form(report)
    return values


def in_order(report: VerificationReport) -> bool:
    """Tell whether everything that could be checked has passed."""
    return all(check.outcome is not Outcome.failed for check in report.checks)


def institution_name(entry: TrustEntry | None) -> Markup | None:
    """Give the name of a known institution, from the trust list and never from the file (W10)."""
    if entry is None:
        return None
    name, language = known_name(entry)
    return isolated(name, language)


def known_name(entry: TrustEntry) -> tuple[str, str | None]:
    """Give a known institution's name in the page's language, or its own with the language of that."""
    page = page_language()
    if page in entry.names:
        return entry.names[page], None
    name = entry.name or next(iter(entry.names.values()), entry.issuer_id)
    return name, next((tag for tag, text in entry.names.items() if text == name and tag != page), None)


def issuer_host(report: VerificationReport | Endorsement) -> str | None:
    """Give the web address whose key signed, or None for a key that names no owner (did:key)."""
    issuer = report.issuer_id or ""
    if issuer.startswith("did:web:"):
        return ascii_host(unquote(issuer.split(":")[2])) or None
    try:
        host = urlsplit(issuer).hostname if issuer.startswith(("https://", "http://")) else None
    except ValueError:
        return None
    return ascii_host(host) if host else None


def ascii_host(host: str) -> str:
    """Write a host name in its ASCII form, so that look-alike letters show (`xn--...`)."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return visible(host)


def reader_language() -> str:
    """Give the language in which the words of a document are shown, if it or a vocabulary has them.

    It is what `?lang=` or the browser asks for first, whether or not the page itself can speak it.
    """
    asked = request.args.get("lang") or request.accept_languages.best or ""
    return asked if _TAG.fullmatch(asked) else page_language()


def _document_values(said: Description | None) -> dict[str, object]:
    if said is None:
        return {}
    days = {
        "awarded": said.awarded or said.valid_from,
        "until": said.valid_until,
        "from": said.valid_from or said.awarded,
    }
    values: dict[str, object] = {key: _whole_date(value) for key, value in days.items() if value}
    return values | {"name": isolated(said.learner)} if said.learner else values


def _period(report: VerificationReport, said: Description | None) -> dict[str, object]:
    """Give the days of the period that the check of the dates found, where they are not the document's own.

    A proof or a token can end earlier than the document, and a file of several has no days itself.
    """
    detail = next((check.detail for check in report.checks if check.id == "dates"), {})
    own = {"from": said.valid_from, "until": said.valid_until} if said else {}
    found = {"from": detail.get("valid_from"), "until": detail.get("valid_until")}
    moments = {key: datetime.fromisoformat(text) for key, text in found.items() if text}
    return {key: _whole_date(one) for key, one in moments.items() if not _is_same(own.get(key), one)}


def _is_same(own: date | datetime | None, moment: datetime) -> bool:
    if not isinstance(own, datetime):
        return False
    zoned = own if own.tzinfo else own.replace(tzinfo=UTC)
    return zoned.replace(microsecond=0) == moment


def _whole_date(value: date | datetime) -> Markup:
    """Write a day so that no line ends within it."""
    return enclosed('<span class="nw">', long_date(value), "</span>")


def _withdrawal(report: VerificationReport, record: Stored | None) -> dict[str, object]:
    if record is None or record.status.value != report.verdict.value:
        return {}
    values: dict[str, object] = {}
    if record.status_since:
        values["date"] = _whole_date(record.status_since)
    if record.status_reason and record.status_reason.value in REASONS:
        values["reason"] = phrase(REASONS[record.status_reason.value])
    return values


def _form(report: VerificationReport) -> dict[str, object]:
    """Say in which way an unsupported file is signed."""
    open_checks = [check for check in report.checks if check.outcome is Outcome.unknown]
    if any(check.code == "unsupported_version" for check in open_checks):
        return {"older": True}
    if any(check.code == "unsupported_kind" for check in open_checks):
        return {"suite": "SD-JWT"}
    suites = [check.detail["suite"] for check in open_checks if check.detail.get("suite")]
    return {"suite": isolated(suites[0])} if suites else {}
