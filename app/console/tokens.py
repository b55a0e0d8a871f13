"""Tokens for programs: made once, shown once, withdrawn at once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import desk, needs
from app.console.field_faults import fault_of, filled
from app.console.listing import Listing, asked_listing, csv_response
from app.console.office import Console
from app.console.times import brief_day, brief_time
from app.words import gettext as _
from issuer.errors import IssuerError
from issuer.staff.api_tokens import ApiToken, api_tokens, create_token, revoke_token
from issuer.staff.roles import TOKEN_ACTS, Act

_SORTS = ("created", "name", "expires", "used")
_STATES = ("good", "expired", "revoked")
_USUAL = timedelta(days=90)


@dataclass(frozen=True)
class ShownToken:
    """One line of the table."""

    public_id: str
    name: str
    shown: str
    acts: str
    created: str
    expires: str
    last_used: str
    state: str


def act_name(act: Act) -> str:
    """Say what a program may be given to do."""
    return {
        Act.READ_DEFINITIONS: _("read micro-credentials"),
        Act.READ_BATCHES: _("read batches"),
        Act.PREPARE_BATCHES: _("bring class lists; a person approves them"),
        Act.READ_CREDENTIALS: _("read credentials, with the data of learners"),
        Act.CHANGE_STATUS: _("revoke, suspend and reinstate"),
        Act.READ_AUDIT: _("export the audit"),
    }[act]


def token_state(state: str) -> tuple[str, str, str]:
    """Say the state of a token: class, mark and word."""
    return {
        "good": ("is-good", "good", _("Good")),
        "expired": ("is-past", "time", _("Expired")),
        "revoked": ("is-bad", "revoked", _("Withdrawn")),
    }[state]


def token_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/tokens`."""
    pages = Blueprint("staff_tokens", __name__)
    pages.add_app_template_global(token_state, "token_state")

    @pages.route("/console/<slug>/tokens", methods=["GET", "POST"])
    @needs(Act.MANAGE_TOKENS)
    def listed(slug: str) -> AnyResponse | tuple[str, int] | str:
        if request.method == "GET":
            listing = asked_listing(sorts=_SORTS, filters={"state": _STATES}, default="-created")
            if request.args.get("format") == "csv":
                return csv_response(f"tokens-{slug}", _rows(_sought(console, listing)))
            return _page(console, slug, listing)
        try:
            acts = [act for act in sorted(TOKEN_ACTS) if act.value in request.form.getlist("act")]
            name = filled("name", _("Name of the program"))
            made, text = create_token(desk(), name=name, acts=acts, expires=_end_of(_typed_day(console)))
        except IssuerError as refused:
            listing = asked_listing(sorts=_SORTS, filters={"state": _STATES}, default="-created")
            return _page(console, slug, listing, refused=refused), 422
        shown = render_template("console/tokens_made.html", slug=slug, token=made, text=text)
        return Response(shown, headers={"Cache-Control": "no-store"})  # shown here and never again

    @pages.route("/console/<slug>/tokens/<token_id>/revoke", methods=["GET", "POST"])
    @needs(Act.MANAGE_TOKENS)
    def revoke(slug: str, token_id: str) -> AnyResponse | str:
        found = next((each for each in api_tokens(desk()) if each.public_id == token_id), None)
        if found is None:
            abort(404)
        if request.method == "GET":
            return render_template("console/tokens_revoke.html", slug=slug, token=found)
        revoke_token(desk(), token_id)
        return redirect(f"/console/{slug}/tokens", code=303)

    return pages


def _typed_day(console: Console) -> date:
    try:
        return date.fromisoformat(request.form.get("expires", ""))
    except ValueError:
        raise IssuerError("expires", _("Write the last day as 2027-06-30.")) from None


def _end_of(day: date) -> datetime:
    """Give the last second of a day, UTC."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def _page(console: Console, slug: str, listing: Listing, *, refused: IssuerError | None = None) -> str:
    found = _sought(console, listing)
    listing = listing.counted(len(found))
    return render_template(
        "console/tokens.html",
        slug=slug,
        listing=listing,
        tokens=found[listing.offset : listing.offset + listing.per_page],
        states=_STATES,
        acts=[(act.value, act_name(act)) for act in Act if act in TOKEN_ACTS],
        usual=(console.deployment.now() + _USUAL).date().isoformat(),
        longest=(console.deployment.now() + timedelta(days=365)).date().isoformat(),
        refused_because=fault_of(refused) if refused else None,
    )


def _sought(console: Console, listing: Listing) -> list[ShownToken]:
    now, words = console.deployment.now(), listing.query.casefold()
    found = [
        each
        for each in api_tokens(desk())
        if words in f"{each.name} {each.shown}".casefold()
        and each.state(now) == listing.filters.get("state", each.state(now))
    ]
    keys = {
        "created": lambda each: each.created.timestamp(),
        "name": lambda each: each.name.casefold(),
        "expires": lambda each: each.expires.timestamp(),
        "used": lambda each: each.last_used.timestamp() if each.last_used else 0.0,
    }
    found.sort(key=keys[listing.sort], reverse=listing.descending)
    return [_shown(console, each, now) for each in found]


def _shown(console: Console, each: ApiToken, now: datetime) -> ShownToken:
    zone = console.settings.zone
    return ShownToken(
        public_id=each.public_id,
        name=each.name,
        shown=each.shown,
        acts=", ".join(act_name(act) for act in each.acts),
        created=brief_day(each.created, zone),
        expires=brief_day(each.expires, zone),
        last_used=brief_time(each.last_used, zone) if each.last_used else "",
        state=each.state(now),
    )


def _rows(shown: list[ShownToken]) -> list[tuple[str, ...]]:
    names = ("name", "shown", "acts", "created", "expires", "last_used", "state")
    return [names, *(tuple(getattr(each, name) for name in names) for each in shown)]
