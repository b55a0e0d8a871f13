"""The page that a holder shares, with the picture that social sites show beside its link."""

from typing import Any

from flask import Blueprint, Response, render_template

from app.dates import long_date
from app.headers import not_indexed, open_to_all
from app.limits import Limits
from app.pages.facts import other_titles, outcomes_of, title_of, worded, workload_line
from app.pages.office import Services
from app.pages.result import described_document, institution_head, report_sentence
from app.pages.visitors import is_visit, note_visit
from app.phrases import isolated, phrase, visible
from app.problems import problem_response
from app.settings import Settings
from app.words import gettext as _
from issuer.credentials import visits
from issuer.records import CredentialRecord, PageVisibility
from microcredential import Description
from verifier import Verdict, VerificationReport

_PICTURED = {Verdict.valid, Verdict.expired, Verdict.not_yet_valid}


def share_pages(services: Services, settings: Settings, limits: Limits) -> Blueprint:
    """Make the pages under `/s/`; a page that its holder switched off is not there."""
    pages = Blueprint("share", __name__)

    def verified(share_id: str) -> tuple[CredentialRecord, VerificationReport] | None:
        record = services.office.by_share_id(share_id)
        if record is None or record.visibility.page is PageVisibility.OFF:
            return None
        return record, services.own().verify(record.text.encode())

    @pages.get("/s/<share_id>")
    @limits.misses
    def page(share_id: str) -> Response:
        found = verified(share_id)
        if found is None:
            return problem_response(404, code="not_shared", detail=_("Nothing is shared at this address."))
        if is_visit():
            note_visit(services, visits.checked_where_shared, share_id)
        return _page(settings, *found)

    @pages.get("/s/<share_id>/card.png")
    @limits.misses
    def card(share_id: str) -> Response:
        found = verified(share_id)
        if found is None or found[1].verdict not in _PICTURED:
            return problem_response(404)
        return _picture(services.pictures.share_card(found[0]))

    return pages


def _page(settings: Settings, record: CredentialRecord, report: VerificationReport) -> Response:
    said = described_document(report)
    indexed = record.visibility.page is PageVisibility.PUBLIC
    link = settings.link(f"/s/{record.share_id}")
    body = render_template(
        "pages/share.html",
        record=record,
        head=institution_head(record.institution),
        said=report_sentence(report, said, record),
        link=link,
        card=f"{link}/card.png" if report.verdict in _PICTURED else "",
        indexed=indexed,
        accent_of=record.institution.slug,
        **(_told(record, said) if said else {"heading": _("Micro-credential")}),
    )
    return Response(body) if indexed else not_indexed(Response(body))


def _told(record: CredentialRecord, said: Description) -> dict[str, Any]:
    """Collect what the page repeats of the verified document."""
    awarded = said.awarded or said.valid_from
    title = said.title.text if said.title else ""
    levels = [each.text.text for each in said.levels[:1]]
    by = {"day": long_date(awarded) if awarded else "", "institution": record.institution.name}
    award = _("awarded on {day} by {institution}") if awarded else _("awarded by {institution}")
    told = " · ".join(part for part in [workload_line(said), *levels, award.format(**by)] if part)
    return {
        "heading": visible(f"{said.learner}: {title}"),
        "byline": phrase(_("Micro-credential of {name}"), {"name": isolated(said.learner)}),
        "title": title_of(said),
        "other_titles": other_titles(said),
        "summary_line": told,
        "summary": worded(said.summary) if said.summary else None,
        "outcomes": outcomes_of(said),
        "description": f"{_('Micro-credential')}: {told}",
    }


def _picture(data: bytes) -> Response:
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=300"  # soon gone once revoked or switched off
    return open_to_all(response)
