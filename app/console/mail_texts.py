"""The words of an institution's mails: written with a preview beside them, or set back to ours."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import desk, needs
from app.console.mail_words import kind_words, language_word
from app.console.office import Console
from app.console.times import brief_time, zone_word
from app.words import gettext as _
from issuer.errors import Conflict, NotFound
from issuer.mailing.filling import MailText
from issuer.mailing.kinds import placeholders
from issuer.mailing.text_checks import LONGEST
from issuer.mailing.texts import (
    MailTextRefused,
    StandingText,
    change_text,
    findings_of,
    preview,
    reset_text,
    standing_text,
    standing_texts,
)
from issuer.staff.roles import Act

_PATH = "/console/<slug>/mail-texts/<kind>/<language>"
_LANGUAGE_LETTERS = 3


@dataclass(frozen=True)
class Typed:
    """What a form holds; `findings` is a sentence for each field that must be mended."""

    text: MailText
    revision: str
    findings: dict[str, str]
    refused: str = ""


def mail_text_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/mail-texts` and the form of each."""
    pages = Blueprint("staff_mail_texts", __name__)

    @pages.get("/console/<slug>/mail-texts")
    @needs(Act.WRITE_MAIL_TEXTS)
    def listed(slug: str) -> Response | str:
        if request.args.get("language"):
            return _to_language(slug)
        zone = console.settings.zone
        return render_template(
            "console/mail_texts.html",
            texts=standing_texts(desk()),
            kinds=kind_words(),
            language_word=language_word,
            time=lambda value: brief_time(value, zone),
            zone=zone_word(console.deployment.now(), zone),
        )

    _add_form(pages)
    return pages


def _add_form(pages: Blueprint) -> None:
    @pages.get(_PATH)
    @needs(Act.WRITE_MAIL_TEXTS)
    def one(slug: str, kind: str, language: str) -> str:
        standing = _standing(kind, language)
        return _form(standing, Typed(standing.text, standing.revision, {}))

    @pages.post(_PATH)
    @needs(Act.WRITE_MAIL_TEXTS)
    def save(slug: str, kind: str, language: str) -> Response | tuple[str, int]:
        standing = _standing(kind, language)
        text, revision = _text(), request.form.get("revision", "")
        try:
            change_text(desk(), kind, language, text, revision=revision)
        except MailTextRefused as refused:
            return _form(standing, Typed(text, revision, refused.findings, refused.message)), 422
        except Conflict as refused:  # what was typed stays, on top of what is there now
            return _form(standing, Typed(text, standing.revision, {}, refused.message)), 409
        return redirect(f"/console/{slug}/mail-texts/{kind}/{language}?done=saved", code=303)

    @pages.post(_PATH + "/reset")
    @needs(Act.WRITE_MAIL_TEXTS)
    def reset(slug: str, kind: str, language: str) -> Response | tuple[str, int]:
        standing = _standing(kind, language)
        try:
            reset_text(desk(), kind, language, revision=request.form.get("revision", ""))
        except Conflict as refused:
            return _form(standing, Typed(standing.text, standing.revision, {}, refused.message)), 409
        return redirect(f"/console/{slug}/mail-texts/{kind}/{language}?done=reset", code=303)

    @pages.post(_PATH + "/preview")
    @needs(Act.WRITE_MAIL_TEXTS)
    def previewed(slug: str, kind: str, language: str) -> str:
        standing = _standing(kind, language)
        text = _text()
        findings = findings_of(desk(), kind, language, text)
        if request.headers.get("HX-Request"):
            return render_template("console/mail_preview.html", **_shown(standing, text, findings))
        return _form(standing, Typed(text, request.form.get("revision", ""), findings))


def _to_language(slug: str) -> Response:
    """Go on to the words in a language that the list does not have yet."""
    language = request.args["language"].strip().lower()[:_LANGUAGE_LETTERS]
    kind = request.args.get("kind", "award")
    _standing(kind, language)
    return redirect(f"/console/{slug}/mail-texts/{kind}/{language}", code=303)


def _standing(kind: str, language: str) -> StandingText:
    try:
        return standing_text(desk(), kind, language)
    except NotFound:
        abort(404)


def _text() -> MailText:
    return MailText(*(request.form.get(name, "") for name in ("subject", "opening", "closing")))


def _form(standing: StandingText, typed: Typed) -> str:
    return render_template(
        "console/mail_text.html",
        typed=typed,
        longest=LONGEST,
        placeholders=[f"{{{name}}}" for name in placeholders(standing.kind)],
        done=_said(),
        **_shown(standing, typed.text, typed.findings),
    )


def _shown(standing: StandingText, text: MailText, findings: dict[str, str]) -> dict[str, object]:
    return {
        "standing": standing,
        "kind": kind_words()[standing.kind],
        "language": language_word(standing.language),
        "parts": preview(desk(), standing.kind, standing.language, text),
        "findings": findings,
    }


def _said() -> str:
    done = request.args.get("done", "")
    said = {
        "saved": _("Saved. Mails that go out from now on have these words."),
        "reset": _("Our own words are in force again."),
    }
    return said.get(done, "")
