"""Recognition in the console: what the institution has stated, making a statement, deciding about a badge."""

import json
from base64 import b64decode, b64encode

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import desk, needs
from app.console.field_faults import FieldFault, fault_of
from app.console.office import Console
from app.console.recognition_certificate import handed_in
from app.console.recognition_form import (
    choices,
    day,
    decision_of,
    end_of,
    ratings_of,
    refusal_of,
    statement_of,
)
from app.console.recognition_words import facts_in_words
from app.words import page_language
from issuer.errors import IssuerError, NotFound
from issuer.recognition.deciding import Preparation, prepare_decision, write_refusal
from issuer.recognition.hours import state_hours, stated_hours
from issuer.recognition.making import Order, country_of, make_statement
from issuer.recognition.records import StatementRecord
from issuer.recognition.standing import statement, statements, withdraw
from issuer.staff.roles import Act
from microcredential.expansion import ECTS
from microcredential.recognition import Advice, Indicator, Kind, Purpose, Strength, guidance
from microcredential.shapes import mapping
from microcredential.vocabulary import Vocabulary, concepts

_MOST_FILE = 350_000  # of the file: it comes back in the form, which may hold half a megabyte of text
_MOST_TEXT = 500_000
_URN = "urn:uuid:"


def recognition_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/recognition`."""
    pages = Blueprint("staff_recognition", __name__)
    _add_statements(pages, console)
    _add_making(pages, console)
    _add_deciding(pages, console)
    _add_refusing(pages)
    return pages


def _add_statements(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/recognition")
    @needs(Act.RECOGNISE)
    def listed(slug: str) -> str:
        return _list(slug)

    @pages.post("/console/<slug>/recognition/hours")
    @needs(Act.RECOGNISE)
    def hours(slug: str) -> AnyResponse | tuple[str, int]:
        form = request.form
        try:
            state_hours(
                desk(), form.get("system", ""), form.get("hours", "").replace(",", "."), form.get("rule", "")
            )
        except IssuerError as refused:
            return _list(slug, fault_of(refused, {"no_reference": "rule", "hours_per_credit": "hours"})), 422
        return redirect(f"/console/{slug}/recognition", code=303)

    @pages.get("/console/<slug>/recognition/<statement_id>")
    @needs(Act.RECOGNISE)
    def one(slug: str, statement_id: str) -> str:
        return _one(slug, statement(desk(), _URN + statement_id))

    @pages.get("/console/<slug>/recognition/<statement_id>/statement.json")
    @needs(Act.RECOGNISE)
    def file(slug: str, statement_id: str) -> Response:
        found = statement(desk(), _URN + statement_id)
        if found.text is None:
            raise NotFound("not_signed", "It is not signed yet.")
        response = Response(found.text, content_type="application/vc+ld+json")
        response.headers["Content-Disposition"] = f'attachment; filename="recognition-{statement_id}.json"'
        return response

    @pages.post("/console/<slug>/recognition/<statement_id>/withdraw")
    @needs(Act.RECOGNISE)
    def taken_back(slug: str, statement_id: str) -> AnyResponse | tuple[str, int]:
        try:
            withdraw(desk(), _URN + statement_id, reason=request.form.get("reason", ""))
        except IssuerError as refused:
            found = statement(desk(), _URN + statement_id)
            return _one(slug, found, fault_of(refused)), 422
        console.worker.sign_status_lists()
        return redirect(f"/console/{slug}/recognition/{statement_id}", code=303)


def _add_making(pages: Blueprint, console: Console) -> None:
    @pages.route("/console/<slug>/recognition/new", methods=["GET", "POST"])
    @needs(Act.RECOGNISE)
    def new(slug: str) -> AnyResponse | tuple[str, int] | str:
        kind = _kind(request.values.get("kind", ""))
        if request.method == "GET":
            return _form(slug, kind)
        form = request.form
        try:
            order = Order(
                content=statement_of(kind, form),
                decided=day(form, "decided") or desk().now().date(),
                valid_until=end_of(form),
            )
            made = make_statement(desk(), order)
        except IssuerError as refused:
            return _form(slug, kind, fault_of(refused)), 422
        console.worker.look_around()
        return redirect(f"/console/{slug}/recognition/{made.urn.removeprefix(_URN)}", code=303)


def _add_deciding(pages: Blueprint, console: Console) -> None:
    @pages.route("/console/<slug>/recognition/decide", methods=["GET", "POST"])
    @needs(Act.RECOGNISE)
    def decide(slug: str) -> AnyResponse | tuple[str, int] | str:
        data = _handed_in()
        if request.method == "GET" or not data:
            status = 200 if request.method == "GET" else 422
            return _decision(slug, None, b"", None), status
        found = _prepared(console, data)
        if "outcome" not in request.form or found.badge is None or not found.may_be_decided:
            return _decision(slug, found, data, None)
        try:
            content = decision_of(request.form, str(found.badge.get("id", "")))
            decided = day(request.form, "decided") or desk().now().date()
            made = make_statement(desk(), Order(content=content, decided=decided, badge=found.badge))
        except IssuerError as refused:
            return _decision(slug, found, data, fault_of(refused)), 422
        console.worker.look_around()
        return redirect(f"/console/{slug}/recognition/{made.urn.removeprefix(_URN)}", code=303)


def _add_refusing(pages: Blueprint) -> None:
    @pages.route("/console/<slug>/recognition/refuse", methods=["GET", "POST"])
    @needs(Act.RECOGNISE)
    def refuse(slug: str) -> Response | tuple[str, int] | str:
        if request.method == "GET":
            return _refusal(slug)
        try:
            refusal = refusal_of(request.form, office=_name_of(slug), today=desk().now().date())
            letter = write_refusal(desk(), refusal, country=request.form.get("country", ""))
        except IssuerError as refused:
            return _refusal(slug, fault_of(refused)), 422
        response = Response(letter, content_type="text/plain; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="decision.txt"'
        return response


def _name_of(slug: str) -> str:
    names: dict[str, str] = dict(g.signed_in.institutions)
    return names.get(slug, slug)


def _refusal(slug: str, fault: FieldFault | None = None) -> str:
    words = choices(page_language())
    return render_template("console/recognition_refuse.html", slug=slug, choices=words, refused_because=fault)


def _handed_in() -> bytes:
    """Give the badge: a file the first time, and the same bytes when the form comes back."""
    file = request.files.get("file")
    if file is not None and file.filename:
        data: bytes = file.read(_MOST_FILE)
        return data
    try:
        return b64decode(request.form.get("badge", "")[:_MOST_TEXT], validate=True)
    except ValueError:
        return b""


def _prepared(console: Console, data: bytes) -> Preparation:
    system = request.form.get("system", "")
    return prepare_decision(
        desk(),
        data,
        verify=console.checker().verify,
        applicant=request.form.get("applicant", "").strip()[:320] or None,
        purpose=_purpose(),
        system=system if system in concepts(Vocabulary.CREDIT_SYSTEM) else ECTS,
    )


def _kind(code: str) -> Kind:
    return Kind(code) if code in (Kind.TRUST, Kind.QUALITY) else Kind.STANDING


def _list(slug: str, fault: FieldFault | None = None) -> str:
    return render_template(
        "console/recognition.html",
        slug=slug,
        statements=statements(desk()),
        hours=stated_hours(desk()),
        choices=choices(page_language()),
        refused_because=fault,
    )


def _one(slug: str, found: StatementRecord, fault: FieldFault | None = None) -> str:
    subject = json.loads(found.text)["credentialSubject"] if found.text else {}
    return render_template(
        "console/recognition_one.html",
        slug=slug,
        statement=found,
        statement_id=found.urn.removeprefix(_URN),
        comment=subject.get("endorsementComment", ""),
        refused_because=fault,
    )


def _form(slug: str, kind: Kind, fault: FieldFault | None = None) -> str:
    return render_template(
        "console/recognition_new.html",
        slug=slug,
        kind=kind.value,
        choices=choices(page_language()),
        refused_because=fault,
    )


def _decision(slug: str, found: Preparation | None, data: bytes, fault: FieldFault | None) -> str:
    return render_template(
        "console/recognition_decide.html",
        slug=slug,
        found=found,
        awarded_in=country_of(mapping(found.badge).get("issuer")) if found else "",
        badge=b64encode(data).decode() if found and found.may_be_decided else "",
        certificate=handed_in(found.report) if found else None,
        advice=_advice(found) if found else (),
        language=page_language(),
        facts={one.criterion: facts_in_words(one, page_language()) for one in found.ratings} if found else {},
        choices=choices(page_language()),
        refused_because=fault,
    )


def _purpose() -> Purpose:
    code = request.form.get("purpose", "")
    return Purpose(code) if code in set(Purpose) else Purpose.CREDIT_TRANSFER


def _advice(found: Preparation) -> tuple[Advice, ...]:
    return guidance(_purpose(), _rated(found), on_site=found.on_site, halts=found.halts)


def _rated(found: Preparation) -> dict[Indicator, Strength]:
    """Give the ratings that the page shows: the officer's where the form came back, else the proposals."""
    proposed = {one.criterion: one.proposed for one in found.ratings if one.proposed}
    if "outcome" not in request.form:
        return proposed
    try:
        return {one.indicator: one.strength for one in ratings_of(request.form)}
    except IssuerError:  # a word that is no rating is told above the form
        return proposed
