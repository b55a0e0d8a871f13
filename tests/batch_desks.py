"""People at their desks, for tests of batches: an office in which several of them have roles."""

from issuing_office import CODE, class_list
from sqlmodel import select

from issuer.audit_tables import AuditEntryRow
from issuer.batching import approval, drafts
from issuer.batching.view import batch_view
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import Role
from issuer.staff_tables import Faculty
from issuer.tables import DefinitionRow, Institution
from issuer.transactions import reading, writing

VERSION = f"{CODE}@2026-1"
BAD = b"Anh,UEF-9,nobody@@x.example,2026-06-30,vi,83\n"


def desk(office, name, *roles, slug="uef", faculty=None):
    """Give the office as somebody with these roles uses it."""
    with reading(office.engine) as session:
        key = session.exec(select(Institution.id).where(Institution.slug == slug)).one()
    grants = tuple(Grant(Role(role), faculty) for role in roles)
    actor = Actor(ActorKind.PERSON, f"id-{name}", name, key, slug, grants)
    return office.issuer.deployment.acting(actor)


def need_approval(office, *, slug="uef", wanted=True, undo_hours=24):
    """Let the institution ask for a second person."""
    with writing(office.engine) as session:
        row = session.exec(select(Institution).where(Institution.slug == slug)).one()
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


def taken_in(desk, data=None, **changes):
    """Hand in a list of three good lines, or `data`; give the batch's id."""
    told = {"definition": VERSION, "run": "Spring 2026", "file_name": "list.csv", **changes}
    return drafts.upload(desk, data=class_list(3) if data is None else data, **told)


def approved(desk, batch_id):
    """Approve a list as it stands; give the batch's id."""
    approval.approve(desk, batch_id, **seen(desk, batch_id))
    return batch_id


def counts(desk, batch_id):
    """Count the lines of a list by state."""
    return {state.value: count for state, count in batch_view(desk, batch_id).counts.items()}


def rows(office, table):
    """Give all rows of a table."""
    with reading(office.engine) as session:
        return session.exec(select(table)).all()


def acts(office):
    """List the acts on batches and credentials that the audit has, in their order."""
    with reading(office.engine) as session:
        entries = session.exec(select(AuditEntryRow).order_by(AuditEntryRow.number)).all()
    return [entry.act for entry in entries if entry.act.startswith(("batch.", "credential."))]
