"""The settings of an institution: what its certificates and pages say of it, and how it issues."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.colours import TEXT_CONTRAST, accent_of, least_contrast
from app.console.access import desk, needs
from app.console.office import Console
from app.console.proof_form_words import form_choices
from app.console.times import brief_day
from app.words import gettext as _
from issuer import InstitutionInput
from issuer.errors import Conflict, IssuerError
from issuer.institution_settings import (
    MOST_UNDO_HOURS,
    InstitutionSettings,
    change_institution,
    institution_settings,
)
from issuer.staff.roles import Act

LANGUAGES = ("en", "vi", "lo", "cs", "sk", "de", "fr")
_MOST_LOGO_BYTES = 100_000
_ONE_LINE = ("name", "url", "email", "official", "region", "locality", "initials")


def institution_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/institution`."""
    pages = Blueprint("staff_institution", __name__)

    @pages.route("/console/<slug>/institution", methods=["GET", "POST"])
    @needs(Act.MANAGE_INSTITUTION)
    def settings(slug: str) -> Response | tuple[str, int] | str:
        stored = institution_settings(desk())
        if request.method == "GET":
            return _page(console, slug, stored, stored)
        asked = stored
        try:
            asked = _asked(stored)
            check_accent(asked.given.accent)
            given = replace(asked.given, logo_svg=_logo(stored.given))
            change_institution(
                desk(),
                given,
                needs_approval=asked.needs_approval,
                undo_hours=asked.undo_hours,
                seen=request.form.get("seen", ""),
            )
        except IssuerError as refused:
            status = 409 if isinstance(refused, Conflict) else 422
            return _page(console, slug, asked, stored, refused=refused), status
        return redirect(f"/console/{slug}/institution?done=saved", code=303)

    return pages


def check_accent(accent: str) -> None:
    """Raise IssuerError, with the figure, for a colour that cannot be read on a page."""
    if accent_of(accent) is None:
        figure = least_contrast(accent)
        if figure is None:
            raise IssuerError("accent", _("Write the colour like #1f3f6b."))
        raise IssuerError(
            "accent",
            _(
                "The contrast of {accent} with the page is {figure}; it needs {needed} at least. "
                "Choose a darker one."
            ).format(accent=accent, figure=f"{figure:.1f}", needed=TEXT_CONTRAST),
        )


def typed_input(before: InstitutionInput, *, languages: Sequence[str] = LANGUAGES) -> InstitutionInput:
    """Read the description of an institution from the form; what the form does not hold stays."""
    typed = {name: request.form.get(name, "").strip() for name in _ONE_LINE}
    signatory = {part: request.form.get(f"signatory_{part}", "").strip() for part in ("name", "role")}
    names = {tag: text for tag, text in before.names.items() if tag not in languages}
    for tag in languages:
        if text := request.form.get(f"names.{tag}", "").strip():
            names[tag] = text
    return replace(
        before,
        name=typed["name"],
        url=typed["url"],
        initials=typed["initials"],
        email=typed["email"] or None,
        official=typed["official"] or None,
        region=typed["region"] or None,
        locality=typed["locality"] or None,
        names=names,
        country=request.form.get("country", before.country).strip().upper(),
        accent=request.form.get("accent", before.accent).strip().lower(),
        signatory=signatory if any(signatory.values()) else None,
        hashes_email="hashes_email" in request.form,
    )


def _asked(stored: InstitutionSettings) -> InstitutionSettings:
    hours = request.form.get("undo_hours", "").strip()
    return replace(
        stored,
        given=replace(
            typed_input(stored.given),
            proof_form=request.form.get("proof_form", stored.given.proof_form),
        ),
        needs_approval="needs_approval" in request.form,
        undo_hours=int(hours) if hours.isascii() and hours.isdecimal() and len(hours) < 6 else -1,
    )


def _logo(before: InstitutionInput) -> str | None:
    """Read an uploaded logo; without one the logo stays, unless it is to be taken away."""
    file = request.files.get("logo")
    data = file.read(_MOST_LOGO_BYTES + 1) if file else b""
    if not data:
        return None if "no_logo" in request.form else before.logo_svg
    if len(data) > _MOST_LOGO_BYTES:
        raise IssuerError("logo", _("The logo is larger than 100 kB. Simplify the drawing."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise IssuerError("logo", _("The logo is not an SVG drawing in UTF-8.")) from None


def _page(
    console: Console,
    slug: str,
    shown: InstitutionSettings,
    stored: InstitutionSettings,
    *,
    refused: IssuerError | None = None,
) -> str:
    zone = console.settings.zone
    kept = refused is not None and not isinstance(refused, Conflict)  # who was told may save over it
    return render_template(
        "console/institution.html",
        slug=slug,
        given=shown.given,
        shown=shown,
        undo_hours=request.form.get("undo_hours", str(stored.undo_hours)),
        stored=stored,
        seen=request.form.get("seen", "") if kept else stored.revision,
        fields=LANGUAGES,
        most_hours=MOST_UNDO_HOURS,
        forms=form_choices(stored.keys),
        keys=[
            (key, brief_day(key.created, zone), brief_day(key.retired, zone) if key.retired else "")
            for key in stored.keys
        ],
        contrast=least_contrast(stored.given.accent),
        refused_because=refused,
    )
