"""Authors and reviewers at their desks, and definitions to write, for the tests of drafts."""

from dataclasses import replace
from pathlib import Path

from issuing_office import institution
from sqlmodel import Session, select

from issuer.office_secret import OfficeSecret
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import Role
from issuer.staff_tables import Faculty, Person, RoleGrantRow
from issuer.tables import Institution
from microcredential import definition_text

DEMONSTRATION = Path(__file__).parents[1] / "app" / "demonstration"
VERSION = "2026-1"


def open_institution(office, slug="uef"):
    """Register an institution with a key; give its number."""
    office.issuer.register_institution(institution(slug))
    office.issuer.create_key(slug)
    with Session(office.engine) as session:
        return session.exec(select(Institution.id).where(Institution.slug == slug)).one()


def faculty(office, institution_id, code):
    with Session(office.engine) as session:
        row = Faculty(institution_id=institution_id, code=code, name=code.title(), created=office.clock())
        session.add(row)
        session.commit()
        return row.id


def desk(office, institution_id, name, *roles, faculty_id=None, slug="uef"):
    """Give the office as a person with these roles uses it; the person is made on first use."""
    ref = f"person-{name.lower()}"
    with Session(office.engine) as session:
        if session.exec(select(Person).where(Person.public_id == ref)).first() is None:
            person = Person(
                public_id=ref,
                email=f"{name.lower()}@example.edu",
                name=name,
                state="active",
                created=office.clock(),
            )
            session.add(person)
            session.flush()
            for role in roles:
                session.add(
                    RoleGrantRow(
                        person_id=person.id,
                        institution_id=institution_id,
                        faculty_id=faculty_id,
                        role=role.value,
                        granted_by="test",
                        created=office.clock(),
                    )
                )
            session.commit()
    grants = tuple(Grant(role, faculty_id) for role in roles)
    actor = Actor(ActorKind.PERSON, ref, name, institution_id, slug, grants)
    service = office.issuer.deployment
    secret = service.secret or OfficeSecret(b"s" * 32)
    return replace(service, secret=secret).acting(actor)


def author(office, institution_id, name="Anna", **options):
    return desk(office, institution_id, name, Role.AUTHOR, **options)


def reviewer(office, institution_id, name="Rita", **options):
    return desk(office, institution_id, name, Role.REVIEWER, **options)


def complete_document(**options):
    """A definition that can be published."""
    document = definition_text.read((DEMONSTRATION / "credit-risk.yaml").read_bytes(), "yaml")
    del document["definition"]["institution"]
    document["definition"] |= options
    return document
