"""Today: what a person sees first is what they have to do."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from app.console.access import needs_role, needs_sign_in, signed_in
from app.console.office import Console


def today_pages(console: Console) -> Blueprint:
    """Make `/console`, which leads to one's institution, and `/console/<slug>`."""
    pages = Blueprint("staff_today", __name__)

    @pages.get("/console")
    @needs_sign_in
    def choose() -> Response | str:
        theirs = signed_in().institutions
        if len(theirs) == 1:
            return redirect(f"/console/{theirs[0][0]}", code=303)
        return render_template("console/choose.html", institutions=theirs)

    @pages.get("/console/<slug>")
    @needs_role
    def today(slug: str) -> str:
        return render_template("console/today.html", docket=[], now=console.deployment.now())

    return pages
