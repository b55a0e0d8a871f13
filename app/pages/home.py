"""The first page: what this is, how to check, who awards here and what can be earned."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from app.dates import country_name
from app.pages.achievements import described_achievement
from app.pages.facts import title_of, worded, workload_line
from app.pages.office import Services
from app.pages.result import institution_head
from app.pages.view import Value
from app.phrases import isolated
from issuer.records import DefinitionVersion
from issuer.trust_files import TrustFiles
from issuer.trust_publication import PATH


@dataclass(frozen=True)
class Entry:
    """One line of what can be earned."""

    path: str
    code: str
    title: Value
    summary: Value | None
    institution: Markup
    lines: tuple[str | Markup, ...]


def home_pages(services: Services, files: TrustFiles) -> Blueprint:
    """Make the first page and what crawlers ask for; `files` tell whether the institutions are published."""
    pages = Blueprint("home", __name__)

    @pages.get("/")
    def home() -> str:
        institutions = services.office.institutions()
        return render_template(
            "pages/home.html",
            institutions=[(institution_head(each), country_name(each.country)) for each in institutions],
            entries=[_entry(each) for each in services.office.definitions()],
            trust_list=PATH if files.are_published else None,
        )

    @pages.get("/robots.txt")
    def robots() -> Response:
        # Pages about persons carry `X-Robots-Tag: noindex`. Refused here, that would never be read, and
        # a link from elsewhere could still be listed.
        return Response("User-agent: *\nDisallow: /outbox\n", mimetype="text/plain")

    return pages


def _entry(version: DefinitionVersion) -> Entry:
    said = described_achievement(version)
    head = institution_head(version.institution)
    levels = [each.text.text for each in said.levels[:1]]
    return Entry(
        path=f"/achievements/{version.public_id}",
        code=version.code,
        title=title_of(said) or Value(version.code),
        summary=worded(said.summary) if said.summary else None,
        institution=isolated(head.name, head.language),
        lines=tuple(filter(None, [workload_line(said), *levels])),
    )
