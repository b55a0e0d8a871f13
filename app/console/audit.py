"""The audit of an institution: who did what, searched, checked and exported by its auditors."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request

from app.console.access import desk, needs
from app.console.act_words import act_words, actor_words
from app.console.listing import Listing, asked_listing, csv_response
from app.console.office import Console
from app.dates import time_of_day
from app.settings import Settings
from issuer.audit.entries import AuditEntry, export
from issuer.audit.search import AuditSearch, acts_of, search
from issuer.audit.verify import verify_audit
from issuer.deployment import Deployment
from issuer.staff.roles import Act

_SORTS = ("number", "act", "who")
_MOST_EXPORTED = 50_000  # rows of the CSV, held in memory at once; the JSON Lines hold the whole chain


@dataclass(frozen=True)
class ShownEntry:
    """An entry in the words of a page; `changes` are name, value before and value after."""

    number: int
    when: str
    who: str
    what: str
    act: str
    subject: str
    changes: tuple[tuple[str, str, str], ...]
    hash: str


def audit_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/audit`, its check and its exports."""
    pages = Blueprint("staff_audit", __name__)

    @pages.get("/console/<slug>/audit")
    @needs(Act.READ_AUDIT)
    def listed(slug: str) -> Response | str:
        office = desk()
        acts = acts_of(office)
        listing = asked_listing(sorts=_SORTS, filters={"act": acts}, default="-number")
        if request.args.get("format") == "csv":
            return csv_response(f"audit-{slug}", _rows(office, listing))
        found = search(office, _search(listing))
        listing = listing.counted(found.total)
        if not found.entries and found.total:
            found = search(office, _search(listing))
        return render_template(
            "console/audit.html",
            listing=listing,
            entries=[_shown(entry, console.settings) for entry in found.entries],
            acts=[(act, act_words(act)) for act in acts],
        )

    @pages.post("/console/<slug>/audit/check")
    @needs(Act.READ_AUDIT)
    def check(slug: str) -> str:
        reports = list(verify_audit(desk()))
        checked = time_of_day(console.deployment.now(), console.settings.zone)
        return render_template("console/audit_check.html", reports=reports, checked=checked)

    @pages.get("/console/<slug>/audit.jsonl")
    @needs(Act.READ_AUDIT)
    def exported(slug: str) -> Response:
        text = "".join(line + "\n" for line in export(desk()))
        response = Response(text, content_type="application/jsonl; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="audit-{slug}.jsonl"'
        return response

    return pages


def _search(listing: Listing, *, exported: bool = False) -> AuditSearch:
    return AuditSearch(
        text=listing.query,
        act=listing.filters.get("act", ""),
        order=listing.sort,
        descending=listing.descending,
        offset=0 if exported else listing.offset,
        limit=_MOST_EXPORTED if exported else listing.per_page,
    )


def _rows(office: Deployment, listing: Listing) -> list[tuple[str, ...]]:
    names = ("number", "at", "actor_kind", "actor", "actor_name", "act", "subject", "before", "after", "hash")
    found = search(office, _search(listing, exported=True))
    rows = [tuple(str(getattr(entry, name) or "") for name in names) for entry in found.entries]
    return [names, *rows]


def _shown(entry: AuditEntry, settings: Settings) -> ShownEntry:
    return ShownEntry(
        number=entry.number,
        when=time_of_day(entry.time, settings.zone),
        who=actor_words(entry.actor_kind, entry.actor_name),
        what=act_words(entry.act),
        act=entry.act,
        subject=entry.subject,
        changes=_changes(_loaded(entry.before), _loaded(entry.after)),
        hash=entry.hash,
    )


def _changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """List what is not the same before and after."""
    names = sorted({*before, *after})
    return tuple(
        (name, _text(before.get(name)), _text(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    )


def _loaded(text: str | None) -> dict[str, Any]:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {"": value}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
