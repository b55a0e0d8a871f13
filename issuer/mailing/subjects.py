"""What the audit calls the matter of a mail: a credential or a person, never an address."""

from sqlmodel import Session, select

from issuer.staff_tables import Person, StaffTokenRow
from issuer.tables import CredentialRow, OutboxMailRow


def audit_subject(session: Session, row: OutboxMailRow) -> str:
    """Give the id of the credential or of the person whom a mail is about."""
    if row.credential_id is not None:
        return session.exec(select(CredentialRow.urn).where(CredentialRow.id == row.credential_id)).one()
    return session.exec(
        select(Person.public_id)
        .where(StaffTokenRow.id == row.staff_token_id)
        .where(StaffTokenRow.person_id == Person.id)
    ).one()
