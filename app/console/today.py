"""Today: what a person sees first is what they have to do."""

from datetime import datetime, time
from typing import Any

from babel.dates import format_date
from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from app.console.access import actor, desk, needs_role, needs_sign_in, signed_in
from app.console.act_words import actor_words
from app.console.credential_words import title_in
from app.console.office import Console
from app.console.today_words import clock, docket_line, done_words, title_markup
from app.settings import Settings
from app.words import get_locale
from issuer.audit.entries import AuditEntry
from issuer.staff.roles import Act
from issuer.today.going_on import Running, just_done, running, this_term
from issuer.today.waiting import waiting


def today_pages(console: Console) -> Blueprint:
    """Make `/console`, which leads to one's institution, and `/console/<slug>`."""
    pages = Blueprint("staff_today", __name__)

    @pages.get("/console")
    @needs_sign_in
    def choose() -> Response | str:
        person = signed_in()
        theirs = person.institutions
        consortium = person.consortium_actor() is not None
        if len(theirs) == 1 and not consortium:
            return redirect(f"/console/{theirs[0][0]}", code=303)
        return render_template("console/choose.html", institutions=theirs, consortium=consortium)

    @pages.get("/console/<slug>")
    @needs_role
    def today(slug: str) -> str:
        return render_template("console/today.html", **_values(console, slug))

    return pages


def _values(console: Console, slug: str) -> dict[str, Any]:
    settings, now, office = console.settings, console.deployment.now(), desk()
    items = waiting(office, sends_mail=bool(settings.smtp_url))
    return {
        "slug": slug,
        "day": _long_day(now, settings),
        "count": len(items) + sum(item.others for item in items),
        "docket": [docket_line(item, f"/console/{slug}", now, settings.zone) for item in items],
        "running": [_running(each) for each in running(office)],
        "reads_audit": actor().may(Act.READ_AUDIT),
        "done": [_done(entry, slug, settings) for entry in just_done(office, _midnight(now, settings))],
        "term": [(line, *title_in(line.titles)) for line in this_term(office)],
    }


def _long_day(now: datetime, settings: Settings) -> str:
    locale = get_locale()
    pattern = "EEEE, d MMMM y" if str(locale).startswith("en") else "full"
    return format_date(now.astimezone(settings.zone), pattern, locale=locale)


def _midnight(now: datetime, settings: Settings) -> datetime:
    """Give when today began for those who read the page."""
    return datetime.combine(now.astimezone(settings.zone).date(), time(), tzinfo=settings.zone)


def _running(each: Running) -> dict[str, Any]:
    return {
        "batch": each.batch_id,
        "title": title_markup(each.titles, each.run),
        "total": each.total,
        "done": each.signed + each.failed,
        "signed": each.signed,
        "mailed": each.mailed,
        "failed": each.failed,
    }


def _done(entry: AuditEntry, slug: str, settings: Settings) -> dict[str, str]:
    return {
        "when": clock(entry.time, settings.zone),
        "who": actor_words(entry.actor_kind, entry.actor_name),
        "what": done_words(entry),
        "href": _subject_path(entry, slug),
    }


def _subject_path(entry: AuditEntry, slug: str) -> str:
    """Lead to what an act was done to, where it has a page."""
    base = f"/console/{slug}"
    if entry.subject.startswith("urn:uuid:"):
        return f"{base}/credentials/{entry.subject}"
    if entry.subject.startswith("bulk:"):
        return f"{base}/credentials/done/{entry.subject.removeprefix('bulk:')}"
    return f"{base}/batches/{entry.subject}" if entry.act.startswith("batch.") else ""
