"""What a mail is about: a credential with its learner, or a way in for a person of the staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import institution_record
from issuer.links import LinkSecret
from issuer.lookup import by_urn
from issuer.mailing.kinds import MailKind
from issuer.records import CredentialRecord, InstitutionRecord
from issuer.staff import tokens
from issuer.staff_tables import Person, StaffTokenRow
from issuer.tables import CredentialRow, Institution, OutboxMailRow
from microcredential import describe

SIGN_IN = "/staff/sign-in"


@dataclass(frozen=True)
class Matter:
    """What the words of a mail are made from; `link` is the one address of ours that stands in it.

    `urn` and `document` are the credential where it is about one, `date` the day of revocation or of the
    link's end.
    """

    kind: MailKind
    name: str
    language: str
    institution: InstitutionRecord | None
    link: str
    base_url: str
    service: str
    urn: str = ""
    document: dict[str, Any] | None = None
    reason: str | None = None
    date: datetime | None = None
    example_title: str = ""

    def title(self, language: str) -> str:
        """Give the title of the certificate in a language, empty where there is none."""
        if self.document is None:
            return self.example_title
        title = describe(self.document, language).title
        return title.text if title else ""

    def ects(self, language: str) -> str | None:
        """Give the ECTS credits of the certificate, None where it names none."""
        workload = describe(self.document, language).workload if self.document else None
        return workload.ects if workload else None

    def institution_name(self, language: str) -> str:
        """Name the institution in a language, or the service where none is concerned."""
        if self.institution is None:
            return self.service
        return self.institution.names.get(language, self.institution.name)


def matter_of(deployment: Deployment, links: LinkSecret, row: OutboxMailRow) -> Matter:
    """Gather what a mail is about; raises NotFound or IssuerError where that cannot be."""
    kind = MailKind(row.kind)
    if row.credential_id is not None:
        with deployment.reading() as session:
            urn = session.exec(select(CredentialRow.urn).where(CredentialRow.id == row.credential_id)).first()
        if urn is None:
            raise NotFound("unknown_credential", "The certificate of this mail is not there.")
        return _about_credential(deployment, links, kind, by_urn(deployment, urn))
    with deployment.reading() as session:
        return _about_person(session, deployment, kind, row)


def gone(session: Session, deployment: Deployment, row: OutboxMailRow) -> bool:
    """Tell whether a mail has lost its matter: revoked before it was told of, used, expired, closed."""
    if row.credential_id is not None:
        status = session.exec(
            select(CredentialRow.status).where(CredentialRow.id == row.credential_id)
        ).first()
        return row.kind == MailKind.AWARD and status == "revoked"
    found = session.exec(
        select(StaffTokenRow, Person)
        .where(StaffTokenRow.id == row.staff_token_id)
        .where(StaffTokenRow.person_id == Person.id)
    ).first()
    if found is None:
        return True
    token, person = found
    ended = token.used is not None or token.expires <= deployment.now()
    return person.state == "closed" or (ended and row.kind != MailKind.GRANTED)


def _about_credential(
    deployment: Deployment, links: LinkSecret, kind: MailKind, record: CredentialRecord
) -> Matter:
    revoked = kind is MailKind.REVOKED
    return Matter(
        kind=kind,
        name=record.learner_name,
        language=record.language,
        institution=record.institution,
        link=record.url if revoked else deployment.holder_url(links.token(record.urn)),
        base_url=deployment.base_url,
        service=deployment.host,
        urn=record.urn,
        document=record.document,
        reason=record.status_reason.value if record.status_reason else None,
        date=record.status_since,
    )


def _about_person(session: Session, deployment: Deployment, kind: MailKind, row: OutboxMailRow) -> Matter:
    found = session.exec(
        select(StaffTokenRow, Person)
        .where(StaffTokenRow.id == row.staff_token_id)
        .where(StaffTokenRow.person_id == Person.id)
    ).first()
    if found is None:
        raise IssuerError("unknown_token", "The invitation of this mail is not there.")
    token, person = found
    institution = session.get(Institution, row.institution_id) if row.institution_id is not None else None
    signing_in = kind is MailKind.GRANTED
    return Matter(
        kind=kind,
        name=person.name,
        language=person.language,
        institution=institution_record(institution) if institution else None,
        link=deployment.base_url + SIGN_IN if signing_in else tokens.link(deployment, token),
        base_url=deployment.base_url,
        service=deployment.host,
        date=token.expires,
    )
