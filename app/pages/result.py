"""Result pages: from a verification report to what the page says, and from nothing but the report (P11)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response, render_template
from markupsafe import Markup

from app.check_words import answers
from app.dates import time_of_day
from app.headers import PICTURED_PAGE_POLICY, not_indexed
from app.pages.badge_picture import badge_picture
from app.pages.facts import Shown, facts_of, institution_facts, outcomes_of, results_of
from app.pages.inside import endorsement_lines, inside_of, tells_the_verdict
from app.pages.report_values import Stored, in_order, reader_language, sentence_values
from app.pages.statement_facts import statement_facts
from app.pages.view import Address, Head, Inside, Recognition, ResultPage
from app.phrases import enclosed, isolated, phrase, visible
from app.sentences import Sentence, sentence, sentence_of_several
from app.settings import Settings
from app.words import gettext as _
from app.words import page_language
from issuer.public_page import PageInstitution
from issuer.records import CredentialRecord, InstitutionRecord
from microcredential import Description, describe
from verifier import IssuerTrust, TrustEntry, Verdict, VerificationReport

_SAYS_NOTHING = {Verdict.invalid, Verdict.refused, Verdict.unsupported}  # no document stands on these pages
_EVERYTHING = Shown(grade=True, parts=True, evidence=True)


def report_sentence(
    report: VerificationReport, said: Description | None, record: Stored | None = None
) -> Sentence:
    """Say a report in one sentence; `said` is what `described_document` gave for it."""
    values = sentence_values(report, said, record)
    listed = inside_of(report)
    if tells_the_verdict(report, listed):
        return sentence_of_several(report.verdict, report.issuer_trust, count=len(listed))
    nothing_read = report.issuer_id is None and report.verdict is Verdict.undetermined
    trust = IssuerTrust.trusted if nothing_read else report.issuer_trust  # no issuer, so none to be unknown
    return sentence(report.verdict, trust, values, in_order=in_order(report))


def described_document(report: VerificationReport) -> Description | None:
    """Describe what a page may show: the verified document, and nothing of a file that is no good.

    Of a file with several certificates each is described by itself.
    """
    if report.verdict in _SAYS_NOTHING or report.credential is None or inside_of(report):
        return None
    return describe(dict(report.credential), reader_language())


def result_page(
    report: VerificationReport,
    settings: Settings,
    *,
    record: Stored | None = None,
    status: CredentialRecord | None = None,
    institution: InstitutionRecord | PageInstitution | None = None,
    pictured: bool = False,
    recognised: tuple[Recognition, ...] = (),
) -> ResultPage:
    """Make the result page of a report.

    `record` is given for a page of this service (`/c/...`): its holder's choices decide what is shown beyond
    the usual. `status` is the same for a file that came back to us: it tells only when and why it was
    withdrawn. `institution` is this deployment's record of the issuer, when it is one of ours and trusted.
    `pictured`: show the badge's picture, as a page does that is about one certificate alone. `recognised` is
    what others state about its course, which has no part in whether it is genuine.
    """
    known = report.issuer_trust is IssuerTrust.trusted
    said = described_document(report)
    first = report_sentence(report, said, record or status)
    return ResultPage(
        title=_title(first, visible(said.learner) if known and said else ""),
        sentence=first,
        answers=answers(report.checks, known=known),
        checked=time_of_day(report.checked_at, settings.zone),
        checked_iso=report.checked_at.isoformat(timespec="seconds"),
        head=_entry_head(report.trust_entry) if known and report.trust_entry else None,
        accent=institution.slug if institution and known else None,
        office=institution.email
        if institution and report.verdict in (Verdict.revoked, Verdict.suspended)
        else None,
        again=f"/c/{record.code}" if record and report.verdict is Verdict.undetermined else None,
        address=_address(settings, record) if record else None,
        endorsements=endorsement_lines(report),
        recognised=recognised,
        within=tuple(_inside(one, at, settings) for at, one in enumerate(inside_of(report), 1)),
        picture=badge_picture(report, said, settings) if said and pictured else None,
        **_said_by(report, said, record),
    )


def result_response(page: ResultPage) -> Response:
    """Render a result page; the policy lets in a picture that the page itself holds, and no other."""
    response = Response(render_template("pages/result.html", result=page, accent_of=page.accent))
    if page.picture and page.picture.is_inside:
        response.headers["Content-Security-Policy"] = PICTURED_PAGE_POLICY
    return not_indexed(response)


def _inside(report: VerificationReport, number: int, settings: Settings) -> Inside:
    said = described_document(report)
    title = said.title if said else None
    numbered = _("Certificate {number}").format(number=number)
    name = isolated(title.text, title.lang) if title and title.text else numbered
    return Inside(name, result_page(report, settings))


def _said_by(report: VerificationReport, said: Description | None, record: Stored | None) -> dict[str, Any]:
    """Collect the parts of the page that repeat the verified document."""
    if said is None:
        return {}
    known = report.issuer_trust is IssuerTrust.trusted
    choice = record.visibility if record else None
    shown = Shown(choice.grade, choice.parts, choice.evidence) if choice else _EVERYTHING
    return {
        "facts_head": _facts_head(report.verdict, known),
        "facts": statement_facts(report.credential or {}) or facts_of(report, said),
        "outcomes": outcomes_of(said),
        "results": results_of(said, shown),
        "institution": institution_facts(report, said) if known else (),
        "signature": _signature(report),
    }


def _facts_head(verdict: Verdict, known: bool) -> str:
    if not known:
        return _("What the file says")
    return _("What it said") if verdict is Verdict.revoked else _("What it says")


def _title(first: Sentence, name: str) -> str:
    word = str(first.look.word)
    return _("{word}: micro-credential of {name}").format(word=word, name=name) if name else word


def _entry_head(entry: TrustEntry) -> Head:
    return _in_page_language(entry.name or entry.issuer_id, entry.names)


def institution_head(institution: InstitutionRecord) -> Head:
    """Give the name of one of this deployment's institutions for the head of its pages."""
    return _in_page_language(institution.name, institution.names)


def _in_page_language(name: str, names: Mapping[str, str]) -> Head:
    """Choose the name in the page's language for the head; the others follow it."""
    page = page_language()
    chosen = names.get(page, name)
    tags = {text: tag for tag, text in names.items()}
    language = tags.get(chosen)
    others = tuple((text, tag) for tag, text in names.items() if text != chosen)
    return Head(chosen, language if language != page else None, others[:2])


def _address(settings: Settings, record: Stored) -> Address:
    parts = urlsplit(settings.base_url)
    return Address(f"{parts.scheme}://", parts.netloc, f"/c/{record.code}")


def _signature(report: VerificationReport) -> str | Markup:
    details = {key: text for check in report.checks for key, text in check.detail.items()}
    suite, method = details.get("suite"), details.get("verification_method")
    if not suite or not method:
        return ""
    values = {"suite": enclosed("<code>", suite, "</code>"), "method": _code(method)}
    return phrase(_("Signature {suite}, key {method}"), values)


def _code(text: str) -> Markup:
    return enclosed('<bdi class="code">', text, "</bdi>")
