"""What can be earned: the page and the document of each published wording, with its badge."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from app.dates import long_date
from app.headers import IMAGE_POLICY, YEAR, open_to_all
from app.pages.facts import achievement_facts, other_titles, outcomes_of, title_of, worded
from app.pages.office import Services
from app.pages.recognised import recognised_course
from app.pages.report_values import reader_language
from app.pages.result import institution_head
from app.pages.view import Value
from app.problems import problem_response
from app.settings import Settings
from app.words import page_language
from issuer import Issuer, NotFound
from issuer.badge_pictures import stored_picture
from issuer.badge_upload import BadgePicture
from issuer.records import DefinitionVersion
from issuer.register.programmes import ProgrammeStanding, programmes_of
from issuer.register.records import Entry, VersionState
from issuer.register.searching import entry_of, offered_instead
from microcredential import Description, describe
from microcredential.describing import in_language


def achievement_pages(services: Services, settings: Settings) -> Blueprint:
    """Make the pages under `/achievements/`: HTML for people, the signed wording as JSON for programs."""
    pages = Blueprint("achievements", __name__)

    @pages.get("/achievements/<public_id>")
    def achievement(public_id: str) -> Response:
        version = services.office.achievement(public_id)
        if version is None:
            return problem_response(404)
        if not _wants_html():
            response = open_to_all(Response(version.text, content_type="application/ld+json"))
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            words = achievement_words(version)
            stated = recognised_course(services, settings, public_id)
            entry = _entry(services, public_id)
            response = Response(
                render_template(
                    "pages/achievement.html",
                    **words,
                    recognised=stated,
                    entry=entry,
                    retired_on=_day_of(entry.retired, settings) if entry and entry.retired else "",
                    offered=_offered_instead(services, entry),
                    programmes=programmes_shown(services.issuer, public_id),
                )
            )
        response.vary.add("Accept")
        return response

    @pages.get("/achievements/<public_id>/<any('badge.png','badge.svg'):name>")
    def badge(public_id: str, name: str) -> Response:
        version = services.office.achievement(public_id)
        if version is None:
            return problem_response(404)
        if name == "badge.png":
            response = Response(services.pictures.badge_png(version), content_type="image/png")
        else:
            response = Response(services.pictures.badge_svg(version), content_type="image/svg+xml")
            response.headers["Content-Security-Policy"] = IMAGE_POLICY
        response.headers["Cache-Control"] = "public, max-age=86400"
        return open_to_all(response)

    @pages.get("/badges/<digest>.<any('png','svg'):kind>")
    def picture(digest: str, kind: str) -> Response:
        found = _picture(services, digest)
        if found is None or found.kind.value != kind:
            return problem_response(404)
        response = Response(found.data, content_type=found.media_type)
        response.headers["Content-Security-Policy"] = IMAGE_POLICY
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return open_to_all(response)

    @pages.get("/achievements/<public_id>/criteria")
    def criteria(public_id: str) -> Response:
        if services.office.achievement(public_id) is None:
            return problem_response(404)
        return Response(status=303, headers={"Location": f"/achievements/{public_id}#assessment"})

    return pages


def _picture(services: Services, digest: str) -> BadgePicture | None:
    if services.issuer is None:
        return None
    try:
        return stored_picture(services.issuer.deployment, digest[:64])
    except NotFound:
        return None


def programmes_shown(issuer: Issuer | None, public_id: str) -> list[tuple[ProgrammeStanding, Value]]:
    """Give the programmes that a version counts towards, each with its title as the page shows it."""
    try:
        found = programmes_of(issuer.deployment, public_id) if issuer is not None else ()
    except NotFound:
        return []
    titles = [in_language(each.title, reader_language()) for each in found]
    return [(each, worded(title)) for each, title in zip(found, titles, strict=True) if title is not None]


def _entry(services: Services, public_id: str) -> Entry | None:
    """Find what the register says of a version beside its wording."""
    if services.issuer is None:
        return None
    try:
        return entry_of(services.issuer.deployment, public_id)
    except NotFound:
        return None


def _offered_instead(services: Services, entry: Entry | None) -> DefinitionVersion | None:
    """Find what took the place of a version that is no longer offered."""
    if services.issuer is None or entry is None or entry.state is VersionState.PUBLISHED:
        return None
    return offered_instead(services.issuer.deployment, entry.version.public_id)


def _day_of(moment: datetime, settings: Settings) -> str:
    return long_date(moment.astimezone(settings.zone))


def described_achievement(version: DefinitionVersion) -> Description:
    """Describe a published wording, as a credential for nobody in particular."""
    achievement = dict(version.achievement)
    subject = {"achievement": achievement}
    return describe({"credentialSubject": subject, "issuer": achievement.get("creator")}, reader_language())


def achievement_words(version: DefinitionVersion) -> dict[str, Any]:
    """Give what the page of a wording says, as values for its template."""
    said = described_achievement(version)
    return {
        "version": version,
        "head": institution_head(version.institution),
        "title": title_of(said) or Value(version.code),
        "other_titles": other_titles(said),
        "summary": worded(said.summary) if said.summary else None,
        "facts": achievement_facts(said),
        "outcomes": outcomes_of(said),
        "criteria": Value(said.criteria, _other(said.language_of_instruction)) if said.criteria else None,
        "accent_of": version.institution.slug,
    }


def _other(language: str) -> str | None:
    return language if language and language != page_language() else None


def _wants_html() -> bool:
    accepted = request.accept_mimetypes
    best = accepted.best_match(["application/ld+json", "application/json", "text/html"])
    return best == "text/html" and accepted["text/html"] > 0
