"""The consortium: which institutions there are, registering one, and who looks after all this.

Whoever acts for the consortium sees no learner, batch, credential or mail: their office is bound to rows of
no institution. Only the counts here are taken across institutions.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, func, select

from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.inputs import InstitutionInput, one_line
from issuer.institutions import register_institution
from issuer.records import InstitutionRecord
from issuer.staff.accounts import folded_address
from issuer.staff.roles import Act, Role
from issuer.staff.tokens import invite_administrator
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import CredentialRow, DefinitionVersionRow, Institution


@dataclass(frozen=True)
class InstitutionNumbers:
    """An institution with how much there is of it; no names of anybody."""

    slug: str
    name: str
    country: str
    has_key: bool
    people: int
    definitions: int
    issued: int
    created: datetime


@dataclass(frozen=True)
class ConsortiumAdministrator:
    """Somebody who looks after the consortium."""

    public_id: str
    name: str
    email: str
    state: str
    second_factor: bool
    last_sign_in: datetime | None


def institution_numbers(desk: Deployment) -> list[InstitutionNumbers]:
    """List the institutions by name, with counts. Raises NotAllowed."""
    desk.actor.must(Act.MANAGE_CONSORTIUM)
    counting = replace(desk, tenant=None)  # counts alone leave it
    with counting.reading() as session:
        people = dict(
            session.exec(
                select(
                    RoleGrantRow.institution_id, func.count(func.distinct(RoleGrantRow.person_id))
                ).group_by(col(RoleGrantRow.institution_id))
            ).all()
        )
        definitions = dict(
            session.exec(
                select(
                    DefinitionVersionRow.institution_id,
                    func.count(func.distinct(DefinitionVersionRow.definition_id)),
                ).group_by(col(DefinitionVersionRow.institution_id))
            ).all()
        )
        issued = dict(
            session.exec(
                select(CredentialRow.institution_id, func.count(col(CredentialRow.id)))
                .where(CredentialRow.state == "issued")
                .group_by(col(CredentialRow.institution_id))
            ).all()
        )
        return [
            InstitutionNumbers(
                slug=row.slug,
                name=row.name,
                country=row.country,
                has_key=row.did is not None,
                people=people.get(row.id, 0),
                definitions=definitions.get(row.id or 0, 0),
                issued=issued.get(row.id or 0, 0),
                created=row.created,
            )
            for row in session.exec(select(Institution).order_by(Institution.name, Institution.slug))
        ]


def register_member(desk: Deployment, given: InstitutionInput, *, email: str, name: str) -> InstitutionRecord:
    """Register an institution and invite its first administrator; the worker makes its key.

    Raises IssuerError for a description, a name or an address that may not stand, and NotAllowed.
    """
    desk.actor.must(Act.MANAGE_CONSORTIUM)
    try:
        folded_address(email)
    except IssuerError as refused:
        raise IssuerError("admin_email", refused.message) from refused
    one_line("admin_name", name)
    registered = register_institution(desk, given)
    invite_administrator(desk, slug=registered.slug, email=email, name=name)
    return registered


def administrators(desk: Deployment) -> list[ConsortiumAdministrator]:
    """List who looks after the consortium, by name. Raises NotAllowed."""
    desk.actor.must(Act.MANAGE_CONSORTIUM)
    with desk.reading() as session:
        rows = session.exec(
            select(Person)
            .join(RoleGrantRow, col(RoleGrantRow.person_id) == col(Person.id))
            .where(RoleGrantRow.role == Role.CONSORTIUM_ADMIN.value)
            .order_by(Person.name, Person.email)
        )
        return [
            ConsortiumAdministrator(
                row.public_id,
                row.name,
                row.email,
                row.state,
                row.totp_confirmed is not None,
                row.last_sign_in,
            )
            for row in rows
        ]
