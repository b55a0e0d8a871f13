"""Issued credentials in words for staff: their states, what became of them, and what the public reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from app.clauses import REASONS
from app.console.act_words import act_words
from app.dates import long_date
from app.pages.report_values import known_name
from app.phrases import isolated, phrase
from app.sentences import sentence
from app.words import gettext as _
from app.words import page_language
from issuer.credentials.history import Event, What, Who
from issuer.credentials.owed_mail import LearnerMail
from issuer.credentials.rows import FoundCredential, MailOutcome
from issuer.deployment import Deployment
from issuer.records import InstitutionRecord, RevocationReason, Status
from issuer.status import StatusAct
from verifier import IssuerTrust, TrustEntry, Verdict


@dataclass(frozen=True)
class State:
    """A state as it is shown: class, mark and word."""

    css_class: str
    mark: str
    word: str


def status_state(status: Status, *, expired: bool = False) -> State:
    """Show what the issuer says of a credential; what has run out is no longer good."""
    if status is Status.REVOKED:
        return State("is-bad", "revoked", _("Revoked"))
    if status is Status.SUSPENDED:
        return State("is-bad", "suspended", _("Suspended"))
    return State("is-past", "time", _("Expired")) if expired else State("is-good", "good", _("Good"))


def status_names() -> dict[str, str]:
    """Name the states for a filter."""
    return {
        Status.GOOD.value: _("good"),
        Status.SUSPENDED.value: _("suspended"),
        Status.REVOKED.value: _("revoked"),
    }


def mail_names() -> dict[str, str]:
    """Name how far mails have come, for a filter and a column."""
    return {
        MailOutcome.SENT.value: _("sent"),
        MailOutcome.QUEUED.value: _("waits"),
        MailOutcome.FAILED.value: _("failed"),
        MailOutcome.WITHDRAWN.value: _("withdrawn"),
        MailOutcome.NONE.value: _("none"),
    }


def mail_word(found: FoundCredential) -> str:
    """Say how far the mail has come, and whether the learner has followed it."""
    if found.downloaded:
        return _("downloaded")
    return _("opened") if found.opened else mail_names()[found.mail.value]


def reason_choices() -> dict[RevocationReason, str]:
    """Name the reasons for revoking, as staff choose one of them."""
    return {
        RevocationReason.REPLACED: _("A mistake in name or grade; a corrected certificate replaces it"),
        RevocationReason.ERROR: _("Issued in error; the conditions were not met"),
        RevocationReason.BOARD: _("Decision of the examination board"),
        RevocationReason.WISH: _("At the learner’s own wish"),
        RevocationReason.KEY: _("The key that signed it is no longer safe"),
    }


def refusal_words(code: str) -> str:
    """Say why an act on a credential is not possible."""
    return {
        "already_revoked": _("It is revoked, and that is final."),
        "already_suspended": _("It is suspended already."),
        "not_suspended": _("It is not suspended."),
        "no_suspension": _(
            "It cannot be suspended: its micro-credential was published without that choice, and a "
            "certificate has a place in the list of suspensions from its signature on or never."
        ),
        "not_allowed": _("It belongs to a faculty in which your roles do not allow this."),
    }.get(code, code)


def public_sentence(
    desk: Deployment, institution: InstitutionRecord, act: StatusAct, reason: RevocationReason | None
) -> Markup | None:
    """Say today what the public page will say after an act, in the very words; None for a reinstatement."""
    if act is StatusAct.REINSTATE:
        return None
    entry = TrustEntry(issuer_id=institution.did or "", name=institution.name, names=institution.names)
    name, language = known_name(entry)
    values: dict[str, object] = {
        "institution": isolated(name, language),
        "date": Markup('<span class="nw">{}</span>').format(long_date(desk.now())),
    }
    if reason is not None:
        values["reason"] = phrase(REASONS[reason.value])
    verdict = Verdict.revoked if act is StatusAct.REVOKE else Verdict.suspended
    return sentence(verdict, IssuerTrust.trusted, values).text


def title_in(titles: Mapping[str, str]) -> tuple[str, str | None]:
    """Choose a title in the page's language, else English, else any; with its language if another."""
    page = page_language()
    for tag in (page, page.split("-")[0], "en", *titles):
        if tag in titles:
            return titles[tag], None if tag == page else tag
    return "", None


def who_words(event: Event) -> str:
    """Name who did what is told."""
    if event.who is Who.PERSON:
        return event.name
    return {
        Who.LEARNER: _("Learner"),
        Who.MAIL_SERVER: _("Mail server"),
        Who.SERVICE: _("Service"),
    }[event.who]


def event_words(event: Event) -> Markup:
    """Tell what happened."""
    values: dict[str, object] = {
        "detail": Markup('<span class="code">{}</span>').format(event.detail),
        "number": event.number if event.number is not None else "",
        "reason": reason_choices()[event.reason] if event.reason else "",
        "mail": _mail_name(event.link),
        "error": event.note,
    }
    return phrase(_sentence(event), values)


def _sentence(event: Event) -> str:
    if event.what is What.UPLOADED:
        return _uploaded(event)
    if event.what is What.MAIL_OWED:
        return _owed(event)
    if event.what is What.OTHER:
        return act_words(event.detail)
    return {
        What.SENT_FOR_APPROVAL: _("Sent the batch for approval"),
        What.APPROVED: _("Approved the batch"),
        What.SIGNED: _("Signed with key {detail}, status index {number}"),
        What.MAIL_TAKEN: _("Accepted {mail} to {detail}"),
        What.MAIL_REFUSED: _("Did not take {mail} to {detail}: {error}")
        if event.note
        else _("Did not take {mail} to {detail}"),
        What.MAIL_WITHDRAWN: _("Withdrew {mail} to {detail} before it was sent"),
        What.OPENED: _("Opened the page for the first time"),
        What.DOWNLOADED: _("Took the first file"),
        What.REVOKED: _("Revoked. Reason: {reason}"),
        What.SUSPENDED: _("Suspended"),
        What.REINSTATED: _("Lifted the suspension"),
    }[event.what]


def _uploaded(event: Event) -> str:
    if event.detail and event.number is not None:
        return _("Uploaded {detail}, line {number}")
    return (
        _("Uploaded a class list, line {number}") if event.number is not None else _("Uploaded a class list")
    )


def _owed(event: Event) -> str:
    if not event.number:
        return _("Entered {mail} to {detail}; it has not been tried yet")
    return (
        _("Tried {mail} to {detail}; it will be tried again: {error}")
        if event.note
        else _("Tried {mail} to {detail}; it will be tried again")
    )


def _mail_name(kind: str) -> str:
    if kind == LearnerMail.REVOKED.value:
        return _("the mail about the revocation")
    return _("the mail")
