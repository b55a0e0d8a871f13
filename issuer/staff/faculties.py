"""Faculties: the parts of an institution to which roles may be confined and definitions belong."""

import re
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.inputs import one_line
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.staff_tables import Faculty, RoleGrantRow
from issuer.tables import DefinitionRow, Institution, stored_id

_CODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)


@dataclass(frozen=True)
class FacultyRecord:
    """A faculty, with how many roles are held and how many definitions are kept in it."""

    id: int
    code: str
    name: str
    roles: int = 0
    definitions: int = 0


def faculties(desk: Deployment) -> list[FacultyRecord]:
    """List the faculties of the institution by name."""
    roles = select(func.count(col(RoleGrantRow.id))).where(RoleGrantRow.faculty_id == Faculty.id)
    definitions = select(func.count(col(DefinitionRow.id))).where(DefinitionRow.faculty_id == Faculty.id)
    with desk.reading() as session:
        rows = session.exec(
            select(Faculty, roles.scalar_subquery(), definitions.scalar_subquery()).order_by(
                Faculty.name, Faculty.code
            )
        )
        return [FacultyRecord(stored_id(row), row.code, row.name, held, kept) for row, held, kept in rows]


def create_faculty(desk: Deployment, *, code: str, name: str) -> FacultyRecord:
    """Add a faculty under a short name that stays. Raises IssuerError and NotAllowed."""
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    code, name = code.strip(), one_line("name", name)
    if not _CODE.fullmatch(code):
        raise IssuerError("code", f"“{code[:80]}” cannot be a short name: use a-z, 0-9 and hyphens.")
    with desk.writing() as session:
        if session.exec(select(Faculty).where(Faculty.code == code)).first():
            raise IssuerError("code", f"There is a faculty “{code}” already.")
        row = Faculty(institution_id=desk.actor.institution_id or 0, code=code, name=name, created=desk.now())
        session.add(row)
        session.flush()
        _record(session, desk, AuditedAct("faculty.create", code, after={"name": name}))
        return FacultyRecord(stored_id(row), code, name)


def rename_faculty(desk: Deployment, code: str, *, name: str) -> None:
    """Give a faculty another name. Raises NotFound, IssuerError and NotAllowed."""
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    name = one_line("name", name)
    with desk.writing() as session:
        row = session.exec(select(Faculty).where(Faculty.code == code)).first()
        if row is None:
            raise NotFound("unknown_faculty", f"There is no faculty “{code[:80]}” here.")
        if row.name != name:
            told = AuditedAct("faculty.change", code, {"name": row.name}, {"name": name})
            row.name = name
            session.add(row)
            _record(session, desk, told)


def _record(session: Session, desk: Deployment, act: AuditedAct) -> None:
    record(session, desk, act, institution=session.get(Institution, desk.actor.institution_id))
