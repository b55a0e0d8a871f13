"""The page of one credential: what it is, what the public sees, its history, and what may be done."""

from typing import Any

from app.console.access import actor, desk
from app.console.credential_words import (
    event_words,
    public_sentence,
    reason_choices,
    refusal_words,
    status_state,
    who_words,
)
from app.console.office import Console
from app.console.times import brief_time, zone_word
from app.dates import long_date, time_of_day
from app.pages.facts import own_results
from app.settings import Settings
from app.words import page_language
from issuer.credentials.history import CredentialFile, What
from issuer.records import RevocationReason, Status
from issuer.staff.roles import Act
from issuer.status import LONGEST_NOTE, StatusAct
from microcredential import Description, describe


def credential_values(
    console: Console, slug: str, file: CredentialFile, asked: StatusAct | None
) -> dict[str, Any]:
    """Collect what the page says; `asked` is the act whose question stands open on it."""
    record, now, settings = file.record, console.deployment.now(), console.settings
    said = describe(record.document, page_language())
    expired = record.valid_until is not None and record.valid_until <= now
    may_change = actor().may(Act.CHANGE_STATUS)
    return {
        "slug": slug,
        "file": file,
        "record": record,
        "name_language": _language(record.language),
        "title": said.title,
        "state_now": status_state(record.status, expired=expired),
        "since": long_date(record.status_since) if record.status_since else "",
        "lists": _lists(file, settings),
        "events": _events(file, settings),
        "zone": zone_word(now, settings.zone),
        "result": own_results(said).grade if said else "",
        "detail": _detail(file, said),
        "acts": [act for act in StatusAct if may_change and act not in file.refused],
        "why_no_suspension": _why_no_suspension(file) if may_change else "",
        "may_mail": actor().may(Act.SEND_MAIL) and record.status is not Status.REVOKED,
        "asked": asked if may_change and asked not in file.refused else None,
        "asked_refusal": refusal_words(file.refused[asked].code) if asked in file.refused else "",
        "reasons": reason_choices(),
        "sentences": sentences(file.record.institution, asked),
        "longest_note": LONGEST_NOTE,
        "told_by_mail": any(event.what is What.MAIL_TAKEN for event in file.events),
    }


def sentences(institution: Any, asked: StatusAct | None) -> list[tuple[str, Any]]:
    """Give what the public page will say, for each reason that may be chosen."""
    if asked is StatusAct.REVOKE:
        return [
            (reason.value, public_sentence(desk(), institution, asked, reason)) for reason in RevocationReason
        ]
    if asked is StatusAct.SUSPEND:
        return [("", public_sentence(desk(), institution, asked, None))]
    return []


def _why_no_suspension(file: CredentialFile) -> str:
    refusal = file.refused.get(StatusAct.SUSPEND)
    return refusal_words(refusal.code) if refusal and refusal.code == "no_suspension" else ""


def _language(tag: str) -> str | None:
    return None if tag == page_language() else tag


def _lists(file: CredentialFile, settings: Settings) -> list[dict[str, Any]]:
    return [
        {
            "path": f"/status/{place.list_id}",
            "index": place.index,
            "published": place.published,
            "signed": time_of_day(place.signed, settings.zone) if place.signed else "",
        }
        for place in file.places
    ]


def _events(file: CredentialFile, settings: Settings) -> list[dict[str, Any]]:
    return [
        {
            "when": brief_time(event.at, settings.zone),
            "who": who_words(event),
            "what": event_words(event),
            "note": event.note if event.what in (What.REVOKED, What.SUSPENDED, What.REINSTATED) else "",
            "batch": event.link if event.what in (What.UPLOADED, What.APPROVED) else "",
        }
        for event in file.events
    ]


def _detail(file: CredentialFile, said: Description | None) -> dict[str, Any]:
    record = file.record
    return {
        "awarded": long_date(record.awarded),
        "until": long_date(record.valid_until) if record.valid_until else "",
        "grade_shown": record.visibility.grade,
        "page": record.visibility.page.value,
    }
