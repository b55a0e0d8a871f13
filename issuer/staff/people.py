"""The people of an institution: which roles they hold in it, and the end of their access to it.

Everything here is bound to the institution of `desk`: a person who works elsewhere too is the same person,
but neither their roles nor their doings there can be seen or changed here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.staff.actor import Grant
from issuer.staff.last_administrator import check_not_last
from issuer.staff.roles import Act, Role
from issuer.staff.sessions import close_sessions_of
from issuer.staff.within import must_within
from issuer.staff_tables import Faculty, Person, RoleGrantRow, StaffTokenRow
from issuer.tables import Institution, OutboxMailRow, stored_id

GRANTED_HERE = (
    Role.AUTHOR,
    Role.REVIEWER,
    Role.ISSUER,
    Role.RECOGNITION_OFFICER,
    Role.AUDITOR,
    Role.INSTITUTION_ADMIN,
)
CONFINED = frozenset({Role.AUTHOR, Role.REVIEWER, Role.ISSUER})  # to a faculty
_ADMIN = Grant(Role.INSTITUTION_ADMIN)


@dataclass(frozen=True)
class PersonRecord:
    """Somebody with a role in the institution; `grants` are those of this institution only."""

    public_id: str
    name: str
    email: str
    state: str
    second_factor: bool
    last_sign_in: datetime | None
    grants: tuple[Grant, ...]


def people(desk: Deployment) -> list[PersonRecord]:
    """List the people of the institution by name. Raises NotAllowed."""
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    with desk.reading() as session:
        held: dict[int, list[Grant]] = {}
        for row in session.exec(select(RoleGrantRow).order_by(col(RoleGrantRow.id))):
            held.setdefault(row.person_id, []).append(_grant(row))
        rows = session.exec(select(Person).order_by(Person.name, Person.email))
        return [_person(row, held.get(stored_id(row), [])) for row in rows]


def person(desk: Deployment, public_id: str) -> PersonRecord:
    """Find somebody of the institution. Raises NotFound and NotAllowed."""
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    with desk.reading() as session:
        row = _person_row(session, public_id)
        return _person(row, [_grant(each) for each in _grant_rows(session, row)])


def check_grants(desk: Deployment, grants: Collection[Grant]) -> None:
    """Raise IssuerError unless an institution may give these roles."""
    if not grants:
        raise IssuerError("roles", "Choose one role at least.")
    for grant in grants:
        if grant.role not in GRANTED_HERE:
            raise IssuerError("roles", "Roles in the consortium are given by its administrators only.")
        if grant.faculty_id is not None and grant.role not in CONFINED:
            raise IssuerError(
                "roles", "Recognition officers, auditors and administrators are so for the whole institution."
            )
    named = {grant.faculty_id for grant in grants if grant.faculty_id is not None}
    with desk.reading() as session:
        known = set(session.exec(select(Faculty.id).where(col(Faculty.id).in_(sorted(named)))))
    if named - known:
        raise IssuerError("roles", "There is no such faculty here.")


def change_roles(
    desk: Deployment, public_id: str, wanted: Collection[Grant], *, seen: Collection[Grant]
) -> None:
    """Give somebody these roles in place of those that were `seen`; they sign in anew.

    Raises Conflict when the roles are others by now, IssuerError, NotFound and NotAllowed.
    """
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    check_grants(desk, wanted)
    with desk.writing() as session:
        row = _person_row(session, public_id)
        rows = {_grant(each): each for each in _grant_rows(session, row)}
        if set(rows) != set(seen):
            raise Conflict("changed_meanwhile", "Somebody has changed these roles meanwhile. Look again.")
        given, taken = set(wanted) - set(rows), set(rows) - set(wanted)
        if _ADMIN in taken:
            _check_not_own(desk, row)
            check_not_last(session, row)
        for grant in taken:
            session.delete(rows[grant])
        session.add_all([_new_row(desk, row, grant) for grant in sorted(given, key=_order)])
        if given or taken:
            close_sessions_of(session, stored_id(row))
            _record_change(session, desk, row, rows, wanted, given=bool(given), taken=bool(taken))


def end_access(desk: Deployment, public_id: str) -> None:
    """Take all roles of somebody in this institution, end their sessions and what invites them.

    Raises IssuerError for oneself and for the last administrator, NotFound and NotAllowed.
    """
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    with desk.writing() as session:
        row = _person_row(session, public_id)
        grants = [_grant(each) for each in _grant_rows(session, row)]
        if _ADMIN in grants:
            _check_not_own(desk, row)
            check_not_last(session, row)
        _withdraw_invitations(session, desk, row)
        close_sessions_of(session, stored_id(row))
        session.exec(delete(RoleGrantRow).where(col(RoleGrantRow.person_id) == row.id))
        told = AuditedAct("person.close", public_id, {"roles": _told(session, grants)}, {"roles": []})
        _record(session, desk, told)


def _withdraw_invitations(session: Session, desk: Deployment, row: Person) -> None:
    open_tokens = (
        select(StaffTokenRow.id)
        .where(StaffTokenRow.person_id == row.id)
        .where(col(StaffTokenRow.used).is_(None))
    )
    session.exec(
        update(OutboxMailRow)
        .where(col(OutboxMailRow.staff_token_id).in_(open_tokens))
        .where(col(OutboxMailRow.state) == "queued")
        .values(state="withdrawn")
        .execution_options(synchronize_session=False)
    )
    session.exec(
        update(StaffTokenRow)
        .where(col(StaffTokenRow.person_id) == row.id)
        .where(col(StaffTokenRow.used).is_(None))
        .values(expires=desk.now())
        .execution_options(synchronize_session=False)
    )


def _check_not_own(desk: Deployment, row: Person) -> None:
    if row.public_id == desk.actor.ref:
        raise IssuerError(
            "own_role", "You cannot take your own role as administrator away: ask another administrator."
        )


def _record_change(
    session: Session,
    desk: Deployment,
    row: Person,
    before: Collection[Grant],
    after: Collection[Grant],
    *,
    given: bool,
    taken: bool,
) -> None:
    told = {"roles": _told(session, before)}, {"roles": _told(session, after)}
    acts = [name for name, done in (("person.grant", given), ("person.revoke_role", taken)) if done]
    for act in acts:
        _record(session, desk, AuditedAct(act, row.public_id, *told))


def _told(session: Session, grants: Collection[Grant]) -> list[str]:
    """Write roles for the audit, such as `issuer` and `author in economics`."""
    codes = {row.id: row.code for row in session.exec(select(Faculty))}
    return [
        grant.role.value if grant.faculty_id is None else f"{grant.role.value} in {codes[grant.faculty_id]}"
        for grant in sorted(grants, key=_order)
    ]


def _order(grant: Grant) -> tuple[int, int]:
    return GRANTED_HERE.index(grant.role), grant.faculty_id or 0


def _person_row(session: Session, public_id: str) -> Person:
    row = session.exec(select(Person).where(Person.public_id == public_id)).first()
    if row is None:
        raise NotFound("unknown_person", "Nobody of that kind works here.")
    return row


def _grant_rows(session: Session, row: Person) -> list[RoleGrantRow]:
    held = select(RoleGrantRow).where(RoleGrantRow.person_id == row.id)
    return list(session.exec(held.order_by(col(RoleGrantRow.id))))


def _grant(row: RoleGrantRow) -> Grant:
    return Grant(Role(row.role), row.faculty_id)


def _new_row(desk: Deployment, row: Person, grant: Grant) -> RoleGrantRow:
    return RoleGrantRow(
        person_id=stored_id(row),
        institution_id=desk.actor.institution_id,
        faculty_id=grant.faculty_id,
        role=grant.role.value,
        granted_by=desk.actor.ref,
        created=desk.now(),
    )


def _person(row: Person, grants: list[Grant]) -> PersonRecord:
    return PersonRecord(
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        state=row.state,
        second_factor=row.totp_confirmed is not None,
        last_sign_in=row.last_sign_in,
        grants=tuple(sorted(grants, key=_order)),
    )


def _record(session: Session, desk: Deployment, act: AuditedAct) -> None:
    record(session, desk, act, institution=session.get(Institution, desk.actor.institution_id))
