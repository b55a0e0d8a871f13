"""The holder's own pages, reached by the private link alone: certificate, files, and what others see."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from app.headers import not_indexed
from app.limits import Limits
from app.pages.elm_file import ELM_FILE, ELM_TYPE, elm_file
from app.pages.facts import own_results, title_of
from app.pages.office import Pictures, Services
from app.pages.result import described_document, institution_head, report_sentence
from app.pages.view import Value
from app.pages.visitors import is_visit, note_visit
from app.phrases import isolated, phrase, visible
from app.problems import problem_response
from app.settings import Settings
from app.words import gettext as _
from issuer.credentials import visits
from issuer.records import CredentialRecord, PageVisibility, Visibility
from issuer.shown_text import JSON_TYPE, TOKEN_TYPE, file_ending
from microcredential import Description

CREDENTIAL_TYPE = JSON_TYPE
OWN_COPY = "own-copy.json"  # of which the holder shows parts
_SHOWN = "certificate.png"  # the picture on the page itself: nobody has asked for it as a file
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Download:
    """One line of the table of files."""

    path: str
    title: str
    purpose: str
    size: str


def holder_pages(services: Services, settings: Settings, limits: Limits) -> Blueprint:
    """Make the pages under `/h/`; every answer to an unknown link is the same 404."""
    pages = Blueprint("holder", __name__)

    def found(token: str) -> CredentialRecord | None:
        return services.office.by_holder_token(token)

    @pages.get("/h/<token>")
    @limits.misses
    def page(token: str) -> Response:
        record = found(token)
        if record is None:
            return problem_response(404)
        if is_visit():
            note_visit(services, visits.opened, token)
        return _page(services, settings, record, token)

    @pages.post("/h/<token>")
    @limits.misses
    def save(token: str) -> Response:
        record = found(token)
        if record is None:
            return problem_response(404)
        services.office.set_visibility(token, _chosen())
        return not_indexed(Response(status=303, headers={"Location": f"/h/{token}?saved=1#public"}))

    @pages.get(f"/h/<token>/<any({_quoted(_TYPES)}):name>")
    @limits.misses
    def file(token: str, name: str) -> Response:
        record = found(token)
        if record is None or name not in _files_of(record):
            return problem_response(404)
        answer = _file(services.pictures, record, name)
        if name != _SHOWN and is_visit():
            note_visit(services, visits.downloaded, token)
        return answer

    return pages


def _page(services: Services, settings: Settings, record: CredentialRecord, token: str) -> Response:
    report = services.own().verify(record.text.encode())
    said = described_document(report)
    title = title_of(said) if said else None
    results = own_results(said) if said else None
    shared = record.visibility.page is not PageVisibility.OFF
    body = render_template(
        "pages/holder.html",
        record=record,
        head=institution_head(record.institution),
        said=report_sentence(report, said, record),
        holder=isolated(said.learner) if said else "",
        heading=_heading(said.title.text if said and said.title else None),
        heading_markup=_heading_markup(title),
        picture_text=_picture_text(record, said),
        downloads=_downloads(services.pictures, record) if said else (),
        token=token,
        saved=request.args.get("saved") == "1",
        grade=results.grade if results else "",
        parts=results.parts if results else "",
        evidence=results.evidence if results else "",
        page_choices=_page_choices(),
        share_path=f"/s/{record.share_id}",
        share_link=settings.link(f"/s/{record.share_id}") if shared else "",
        linkedin=linkedin_link(settings, record, said) if said else "",
        office=record.institution.email,
        accent_of=record.institution.slug,
    )
    return not_indexed(Response(body))


def _heading(title: str | None) -> str:
    return visible(_("Your certificate in {title}").format(title=title)) if title else _("Your certificate")


def _heading_markup(title: Value | None) -> Markup:
    if title is None:
        return phrase(_("Your certificate"))
    shown = (
        Markup('<span lang="{}">{}</span>').format(title.language, title.text)
        if title.language
        else title.text
    )
    return phrase(_("Your certificate in {title}"), {"title": shown})


def _picture_text(record: CredentialRecord, said: Description | None) -> str:
    title = said.title.text if said and said.title else ""
    name = said.learner if said else ""
    words = _("Certificate: {institution} awards {name} the micro-credential {title}")
    return visible(words.format(institution=record.institution.name, name=name, title=title))


def _page_choices() -> list[tuple[str, str]]:
    return [
        ("link", _("for those who have the link")),
        ("public", _("for everyone, search engines included")),
        ("off", _("off; the code on paper still works")),
    ]


def _chosen() -> Visibility:
    shown = set(request.form.getlist("show"))
    page = request.form.get("page", "")
    known = page in {each.value for each in PageVisibility}
    return Visibility(
        grade="grade" in shown,
        parts="parts" in shown,
        evidence="evidence" in shown,
        page=PageVisibility(page) if known else PageVisibility.OFF,  # in doubt, show less
    )


def _downloads(pictures: Pictures, record: CredentialRecord) -> tuple[Download, ...]:
    texts = {
        "certificate.pdf": (
            _("Certificate (PDF)"),
            _("printing, applications; holds the signed credential inside"),
        ),
        "badge.png": (_("Badge (PNG)"), _("badge platforms and backpacks")),
        "badge.svg": (_("Badge (SVG)"), _("websites, any size")),
        "credential.json": (
            _("Signed credential (JSON)"),
            _("wallets, other verifiers, keeping for life"),
        ),
        "credential.jwt": (
            _("Signed credential (token)"),
            _("wallets, other verifiers, keeping for life"),
        ),
        ELM_FILE: (
            _("European Learning Model (JSON-LD)"),
            _("European portals; without a signature, so keep the signed credential too"),
        ),
        OWN_COPY: (
            _("Your own copy, for choosing what to show"),
            _("keeping to yourself: whoever has it can show everything in it"),
        ),
    }
    names = [name for name in _files_of(record) if name in texts]
    sizes = {name: len(_content(pictures, record, name)) for name in names}
    return tuple(Download(name, *texts[name], _kilobytes(sizes[name])) for name in names)


def _files_of(record: CredentialRecord) -> tuple[str, ...]:
    """Name the files that there are of a certificate: a token is no JSON, and few have parts to choose."""
    signed = f"credential.{file_ending(record.text)}"
    drawn = ("certificate.pdf", "badge.png", "badge.svg", _SHOWN)
    files = (*drawn, signed, ELM_FILE)
    return files if record.own_copy is None else (*files, OWN_COPY)


def _content(pictures: Pictures, record: CredentialRecord, name: str) -> bytes:
    makers = {
        "certificate.pdf": pictures.pdf,
        "certificate.png": pictures.png,
        "badge.png": pictures.baked_png,
        "badge.svg": pictures.baked_svg,
    }
    if name == ELM_FILE:
        return elm_file(pictures, record)
    if name == OWN_COPY:
        return (record.own_copy or "").encode()
    return makers[name](record) if name in makers else record.text.encode()


def _quoted(names: Iterable[str]) -> str:
    return ",".join(f"'{name}'" for name in names)


_TYPES = {
    "certificate.pdf": "application/pdf",
    "certificate.png": "image/png",
    "badge.png": "image/png",
    "badge.svg": "image/svg+xml",
    "credential.json": CREDENTIAL_TYPE,
    "credential.jwt": TOKEN_TYPE,
    ELM_FILE: ELM_TYPE,
    OWN_COPY: CREDENTIAL_TYPE,
}


def _file(pictures: Pictures, record: CredentialRecord, name: str) -> Response:
    response = Response(_content(pictures, record, name), content_type=_TYPES[name])
    place = "inline" if name == "certificate.png" else "attachment"
    stem, _dot, ending = name.rpartition(".")
    response.headers["Content-Disposition"] = f'{place}; filename="{stem}-{record.short_code}.{ending}"'
    response.add_etag()
    response.make_conditional(request)
    return not_indexed(response)


def _kilobytes(size: int) -> str:
    return f"{max(1, round(size / 1000))} kB"


def linkedin_link(settings: Settings, record: CredentialRecord, said: Description) -> str:
    """Write the address that adds a certificate to a LinkedIn profile, with every parameter it knows."""
    awarded = said.awarded or said.valid_from or record.awarded
    public = record.visibility.page is not PageVisibility.OFF
    values = {
        "startTask": "CERTIFICATION_NAME",
        "name": said.title.text if said.title else "",
        "organizationName": record.institution.name,
        "issueYear": awarded.year,
        "issueMonth": awarded.month,
        "expirationYear": said.valid_until.year if said.valid_until else "",
        "expirationMonth": said.valid_until.month if said.valid_until else "",
        "certUrl": settings.link(f"/s/{record.share_id}" if public else f"/c/{record.code}"),
        "certId": record.shown_code,
    }
    told = {key: value for key, value in values.items() if value != ""}
    return "https://www.linkedin.com/profile/add?" + urlencode(told)
