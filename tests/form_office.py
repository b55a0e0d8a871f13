"""Offices whose institution issues in a form of proof of its choice."""

from dataclasses import replace

from issuing_office import definition, institution
from sqlmodel import select

from issuer.institution_settings import change_institution, institution_settings
from issuer.proof_forms import ProofForm
from issuer.tables import Institution
from issuer.transactions import reading, writing


def ready_in(office, form, *, slug="uef", **options):
    """Register an institution with the keys for a form, and publish a definition."""
    office.issuer.register_institution(institution(slug, proof_form=form.value))
    office.issuer.create_key(slug)
    office.issuer.create_key(slug, form.algorithm)
    return office.issuer.publish_definition(slug, definition(**options))


def choose(office, form, *, slug="uef"):
    """Write a form into the row, as a setting would; the keys for it must be there."""
    with writing(office.engine) as session:
        row = session.exec(select(Institution).where(Institution.slug == slug)).one()
        row.proof_form = form.value
        session.add(row)


def stored(office, table):
    """Give all rows of a table."""
    with reading(office.engine) as session:
        return session.exec(select(table)).all()


def change_form(desk, form):
    """Ask for a form as an administrator does in the settings."""
    told = institution_settings(desk)
    change_institution(
        desk,
        replace(told.given, proof_form=str(form)),
        needs_approval=told.needs_approval,
        undo_hours=told.undo_hours,
        seen=told.revision,
    )


TOKENS = [form for form in ProofForm if form.is_token]
