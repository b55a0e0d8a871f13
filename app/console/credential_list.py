"""The list of credentials as its address asks for it: searched, filtered, sorted, paged, exported."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request

from app.console.credential_words import (
    State,
    mail_names,
    mail_word,
    status_names,
    status_state,
    title_in,
)
from app.console.listing import Listing, asked_listing
from issuer.audit.record import AuditedAct, record
from issuer.credentials.offers import Offer, offers
from issuer.credentials.rows import FoundCredential, MailOutcome
from issuer.credentials.search import Found, Order, Sought, find, runs_of
from issuer.deployment import Deployment
from issuer.institutions import institution_row
from issuer.records import Status
from issuer.staff.roles import Act

MOST_EXPORTED = 50_000  # rows: a spreadsheet that people open, not the register itself
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Line:
    """One credential of a list, in words."""

    found: FoundCredential
    title: str
    title_language: str | None
    state: State
    mail: str


@dataclass(frozen=True)
class Choices:
    """What the filters of a list offer: pairs of value and word."""

    definitions: list[tuple[str, str]]
    runs: list[str]
    statuses: list[tuple[str, str]]
    mails: list[tuple[str, str]]


class CredentialList:
    """The list for one person: it knows what they may see, and so what the filters may ask."""

    def __init__(self, desk: Deployment) -> None:
        self._desk = desk
        self._offers = offers(desk)
        self._of_version = {key: offer for offer in self._offers for key in offer.versions}

    def asked(self) -> Listing:
        """Read the list from the address of the request."""
        return asked_listing(
            sorts=[each.value for each in Order],
            filters={
                "definition": [offer.code for offer in self._offers],
                "run": self._runs(),
                "status": [each.value for each in Status],
                "mail": [each.value for each in MailOutcome],
            },
            default="-issued",
        )

    def _runs(self) -> list[str]:
        return runs_of(self._desk, chosen=request.args.get("run", "").replace("\0", ""))

    def choices(self) -> Choices:
        """Give what the filters offer."""
        return Choices(
            definitions=[
                (offer.code, f"{title_in(offer.titles)[0]} ({offer.code})") for offer in self._offers
            ],
            runs=self._runs(),
            statuses=list(status_names().items()),
            mails=list(mail_names().items()),
        )

    def found(self, listing: Listing) -> Found:
        """Find the page that is asked for."""
        return find(
            self._desk,
            self.sought(listing),
            order=Order(listing.sort),
            descending=listing.descending,
            offset=listing.offset,
            limit=listing.per_page,
        )

    def sought(self, listing: Listing, act: Act = Act.READ_CREDENTIALS) -> Sought:
        """Say what a list seeks."""
        asked = listing.filters
        versions = [tuple(offer.versions) for offer in self._offers if offer.code == asked.get("definition")]
        return Sought(
            text=listing.query,
            versions=versions[0] if versions else None,
            run=asked.get("run"),
            status=Status(asked["status"]) if "status" in asked else None,
            mail=MailOutcome(asked["mail"]) if "mail" in asked else None,
            act=act,
        )

    def lines(self, rows: Iterable[FoundCredential]) -> list[Line]:
        """Put rows in words."""
        return [self._line(each) for each in rows]

    def exported(self, listing: Listing) -> list[tuple[str, ...]]:
        """Give up to MOST_EXPORTED rows with a head, and enter the export into the audit."""
        rows: list[FoundCredential] = []
        page = replace(listing, per_page=_AT_ONCE, page=1)
        while len(rows) < MOST_EXPORTED:
            found = self.found(page)
            rows += found.rows
            if page.offset + len(found.rows) >= found.total:
                break
            page = replace(page, page=page.page + 1)
        self._note_export(len(rows))
        return [_EXPORT_HEAD, *(self._cells(line) for line in self.lines(rows))]

    def _note_export(self, count: int) -> None:
        slug = self._desk.actor.slug or ""
        with self._desk.writing() as session:
            act = AuditedAct("credential.export", slug, after={"rows": count})
            record(session, self._desk, act, institution=institution_row(session, slug))

    def _line(self, found: FoundCredential) -> Line:
        offer = self._of_version.get(found.version_id) or Offer("", {}, {})
        title, language = title_in(offer.titles)
        return Line(found, title or offer.code, language, status_state(found.status), mail_word(found))

    def _cells(self, line: Line) -> tuple[str, ...]:
        found = line.found
        offer = self._of_version.get(found.version_id)
        return (
            found.name,
            found.student_number,
            found.certificate_number or "",
            found.shown_code,
            offer.code if offer else "",
            offer.versions[found.version_id] if offer else "",
            found.run,
            found.awarded.date().isoformat(),
            found.issued_at.isoformat(),
            found.status.value,
            found.reason.value if found.reason else "",
            found.mail.value,
            found.opened.isoformat() if found.opened else "",
            found.downloaded.isoformat() if found.downloaded else "",
            found.urn,
        )


_EXPORT_HEAD = (
    "name",
    "student_number",
    "certificate_number",
    "code",
    "definition",
    "version",
    "run",
    "awarded",
    "issued",
    "status",
    "reason",
    "mail",
    "opened",
    "downloaded",
    "credential",
)
