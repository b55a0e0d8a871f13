"""The faculties of an institution: adding one, and calling one by another name."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import desk, needs
from app.console.field_faults import fault_of
from app.console.office import Console
from issuer.errors import IssuerError
from issuer.staff.faculties import create_faculty, faculties, rename_faculty
from issuer.staff.roles import Act


def faculty_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/faculties`."""
    pages = Blueprint("staff_faculties", __name__)

    @pages.route("/console/<slug>/faculties", methods=["GET", "POST"])
    @needs(Act.MANAGE_PEOPLE)
    def listed(slug: str) -> Response | tuple[str, int] | str:
        if request.method == "GET":
            return render_template("console/faculties.html", slug=slug, faculties=faculties(desk()))
        try:
            create_faculty(desk(), code=request.form.get("code", ""), name=request.form.get("name", ""))
        except IssuerError as refused:
            page = render_template(
                "console/faculties.html",
                slug=slug,
                faculties=faculties(desk()),
                refused_because=fault_of(refused),
            )
            return page, 422
        return redirect(f"/console/{slug}/faculties", code=303)

    @pages.route("/console/<slug>/faculties/<code>", methods=["GET", "POST"])
    @needs(Act.MANAGE_PEOPLE)
    def one(slug: str, code: str) -> Response | tuple[str, int] | str:
        faculty = next((each for each in faculties(desk()) if each.code == code), None)
        if faculty is None:
            abort(404)
        if request.method == "POST":
            try:
                rename_faculty(desk(), code, name=request.form.get("name", ""))
            except IssuerError as refused:
                page = render_template(
                    "console/faculties_one.html",
                    slug=slug,
                    faculty=faculty,
                    refused_because=fault_of(refused),
                )
                return page, 422
            return redirect(f"/console/{slug}/faculties", code=303)
        return render_template("console/faculties_one.html", slug=slug, faculty=faculty)

    return pages
