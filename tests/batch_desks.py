"""People at their desks, for tests of batches: an office in which several of them have roles."""

from sqlmodel import select

from issuer.batching.view import batch_view
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import Role
from issuer.staff_tables import Faculty
from issuer.tables import DefinitionRow, Institution
from issuer.transactions import reading, writing


def desk(office, name, *roles, slug="uef", faculty=None):
    """Give the office as somebody with these roles uses it."""
    with reading(office.engine) as session:
        key = session.exec(select(Institution.id).where(Institution.slug == slug)).one()
    grants = tuple(Grant(Role(role), faculty) for role in roles)
    actor = Actor(ActorKind.PERSON, f"id-{name}", name, key, slug, grants)
    return office.issuer.deployment.acting(actor)


def need_approval(office, *, wanted=True, undo_hours=24):
    """Let the institution ask for a second person."""
    with writing(office.engine) as session:
        row = session.exec(select(Institution).where(Institution.slug == "uef")).one()
        row.needs_approval, row.undo_hours = wanted, undo_hours
        session.add(row)


def make_faculty(office, code, *, owns=False):
    """Make a faculty, and give it the definition of the tests if it `owns` it; give its key."""
    with writing(office.engine) as session:
        key = session.exec(select(Institution.id).where(Institution.slug == "uef")).one()
        row = Faculty(institution_id=key, code=code, name=code, created=office.clock())
        session.add(row)
        session.flush()
        if owns:
            definition = session.exec(select(DefinitionRow).where(DefinitionRow.institution_id == key)).one()
            definition.faculty_id = row.id
            session.add(definition)
        return row.id


def seen(desk, batch_id):
    """Give what somebody who looks at the list would approve."""
    view = batch_view(desk, batch_id)
    return {"revision": view.revision, "certificates": view.certificates}
