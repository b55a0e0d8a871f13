"""The mails of an institution: what became of each, and what staff can do about those that did not arrive."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.field_faults import FieldFault, fault_of
from app.console.listing import Listing, asked_listing, csv_response
from app.console.mail_words import kind_words, state_words, try_words
from app.console.office import Console
from app.console.times import brief_time, zone_word
from app.words import gettext as _
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound, StorageFailed
from issuer.mailing.acts import correct_address, exported_mails, readable_words, try_again
from issuer.mailing.kinds import LEARNER_KINDS, MailKind
from issuer.mailing.search import SORTS, FoundMails, MailSearch, mail_record, search_mails
from issuer.records import MailState, OutboxMail
from issuer.staff.roles import Act

_DONE = ("again", "address")


def mail_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/mail`, the page of each mail, and the acts on it."""
    pages = Blueprint("staff_mail", __name__)

    @pages.get("/console/<slug>/mail")
    @needs(Act.READ_MAIL)
    def listed(slug: str) -> Response | str:
        kinds = _kinds()
        listing = asked_listing(
            sorts=SORTS, filters={"state": [*MailState], "kind": list(kinds)}, default="-created"
        )
        if request.args.get("format") == "csv":
            return csv_response(f"mail-{slug}", _exported(exported_mails(desk(), _asked(listing))))
        found = search_mails(desk(), _asked(listing))
        listing = listing.counted(found.total)
        if not found.mails and found.total:
            found = search_mails(desk(), _asked(listing))
        return render_template(
            "console/mail_list.html",
            listing=listing,
            mails=found.mails,
            kinds=kinds,
            states=state_words(),
            sends=bool(console.settings.smtp_url),
            **_times(console),
        )

    _add_one(pages, console)
    return pages


def _add_one(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/mail/<int:mail_id>")
    @needs(Act.READ_MAIL)
    def one(slug: str, mail_id: int) -> str:
        return _page(console, mail_id)

    @pages.post("/console/<slug>/mail/<int:mail_id>/again")
    @needs(Act.SEND_MAIL)
    def again(slug: str, mail_id: int) -> AnyResponse | tuple[str, int]:
        try:
            try_again(desk(), mail_id)
        except (IssuerError, OverflowError) as refused:
            return _refused(console, mail_id, refused)
        console.worker.deliver_mail()
        return redirect(f"/console/{slug}/mail/{mail_id}?done=again", code=303)

    @pages.post("/console/<slug>/mail/<int:mail_id>/address")
    @needs(Act.SEND_MAIL)
    def address(slug: str, mail_id: int) -> AnyResponse | tuple[str, int]:
        try:
            correct_address(desk(), mail_id, request.form.get("address", ""))
        except (IssuerError, OverflowError) as refused:
            return _refused(console, mail_id, refused)
        return redirect(f"/console/{slug}/mail/{mail_id}?done=address", code=303)


def _kinds() -> dict[str, str]:
    """Name the kinds that this person may see: mails to staff are for those who manage people."""
    shown = set(LEARNER_KINDS) if actor().may(Act.READ_CREDENTIALS) else set()
    if actor().may(Act.MANAGE_PEOPLE):
        shown |= set(MailKind) - LEARNER_KINDS
    return {kind: word for kind, word in kind_words().items() if kind in shown}


def _asked(listing: Listing) -> MailSearch:
    return MailSearch(
        text=listing.query,
        state=listing.filters.get("state", ""),
        kind=listing.filters.get("kind", ""),
        order=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )


def _exported(found: FoundMails) -> list[tuple[str, ...]]:
    head = ("id", "kind", "name", "student_number", "recipient", "state", "tries", "next_try", "last_answer")
    rows = [
        (
            str(mail.id),
            mail.kind.value,
            mail.name,
            mail.student_number,
            mail.masked,
            mail.state.value,
            str(mail.attempts),
            mail.next_attempt.isoformat() if mail.state is MailState.QUEUED else "",
            mail.shown_answer,
            mail.created.isoformat(),
            mail.sent.isoformat() if mail.sent else "",
        )
        for mail in found.mails
    ]
    return [(*head, "created", "sent"), *rows]


def _page(
    console: Console, mail_id: int, *, refused: FieldFault | None = None, typed: str | None = None
) -> str:
    try:
        mail = mail_record(desk(), mail_id)
    except (NotFound, OverflowError):  # a number beyond what databases keep names no mail either
        abort(404)
    failed = mail.line.state is MailState.FAILED
    may_send = actor().may(Act.SEND_MAIL) or actor().may(Act.MANAGE_PEOPLE)
    return render_template(
        "console/mail_page.html",
        mail=mail,
        kind=kind_words()[mail.line.kind],
        state=state_words()[mail.line.state],
        tries=try_words(),
        words=_words(console, mail_id),
        unread=console.links is None,
        may_try=failed and actor().may(Act.SEND_MAIL),
        may_correct=mail.learner_id is not None and actor().may(Act.SEND_MAIL),
        may_send=may_send,
        refusal=refused,
        address=typed if typed is not None else mail.line.recipient,
        done=_said(),
        **_times(console),
    )


def _words(console: Console, mail_id: int) -> OutboxMail | None:
    """Give the words where no server takes mails, so that somebody can hand the link on."""
    if console.links is None:
        return None
    try:
        return readable_words(desk(), console.links, mail_id)
    except StorageFailed:
        raise
    except IssuerError:
        return None


def _said() -> str:
    asked = request.args.get("done", "")
    if asked not in _DONE:
        return ""
    if asked == "again":
        return _("The mail waits again and goes out within a minute.")
    return _("The address was corrected, for all mails to this learner that were not sent yet.")


def _refused(console: Console, mail_id: int, refused: Exception) -> tuple[str, int]:
    """Answer an act that was not done: the page of the mail again, with what was typed."""
    if isinstance(refused, NotAllowed):
        abort(403)
    if not isinstance(refused, IssuerError) or isinstance(refused, NotFound):
        abort(404)
    status = 409 if isinstance(refused, Conflict) else 422
    return _page(console, mail_id, refused=fault_of(refused), typed=request.form.get("address")), status


def _times(console: Console) -> dict[str, object]:
    zone = console.settings.zone
    return {
        "time": lambda value: brief_time(value, zone),
        "zone": zone_word(console.deployment.now(), zone),
    }
