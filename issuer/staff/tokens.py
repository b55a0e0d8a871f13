"""Inviting people: an account, roles, and a mail with a link (`link`) that is good once."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlmodel import Session, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.inputs import one_line
from issuer.staff.accounts import account_of, account_row, folded_address, new_account
from issuer.staff.actor import Grant
from issuer.staff.people import check_grants
from issuer.staff.roles import Act, Role
from issuer.staff.sessions import close_sessions_of
from issuer.staff.token_rows import TokenKind, end_tokens, link, new_token, owe_staff_mail
from issuer.staff.within import must_within
from issuer.staff_tables import Faculty, Person, RoleGrantRow
from issuer.tables import Institution, stored_id

__all__ = ["Invitation", "invite", "invite_administrator", "invite_again", "link"]


@dataclass(frozen=True)
class Invitation:
    """What came of inviting somebody; `link` is None for those who can sign in already."""

    public_id: str
    name: str
    email: str
    link: str | None

    def __repr__(self) -> str:
        return f"Invitation({self.public_id})"


def invite(
    desk: Deployment,
    *,
    email: str,
    name: str,
    grants: Collection[tuple[Role, int | None]],
    language: str = "en",
) -> Invitation:
    """Invite somebody to the institution of `desk`, with roles, each in the faculty of that key or in all.

    Who has an account keeps it, gets the roles and a mail that says so. The link is for the mail alone: never
    show it to whoever invites. Raises IssuerError, Conflict where they hold all these roles, NotAllowed.
    """
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    wanted = [Grant(Role(role), faculty_id) for role, faculty_id in grants]
    check_grants(desk, wanted)
    return _invite(desk, desk.actor.institution_id, email, name, wanted, language)


def invite_again(desk: Deployment, public_id: str) -> Invitation:
    """Send a new link to somebody of this institution who has not used theirs; the one before ends.

    Raises NotFound, Conflict for those who can sign in, NotAllowed.
    """
    must_within(desk.actor, Act.MANAGE_PEOPLE, None)
    with desk.reading() as session:
        email = account_row(session, public_id).email
    with replace(desk, tenant=None).writing() as session:
        person = account_of(session, email)
        if person is None or person.state != "invited":
            raise Conflict("not_invited", "This person has an account already and needs no invitation.")
        institution = session.get(Institution, desk.actor.institution_id)
        record(session, desk, AuditedAct("person.invite", person.public_id), institution=institution)
        return _send(session, desk, person, desk.actor.institution_id)


def invite_administrator(
    deployment: Deployment,
    *,
    slug: str | None,
    email: str,
    name: str,
    roles: Collection[Role] = (Role.INSTITUTION_ADMIN,),
    language: str = "en",
    by: str | None = None,
) -> Invitation:
    """Invite somebody to an institution from outside it: the consortium, or the command line.

    Without `slug` they are invited to the consortium. `by` names who did it where a command is the actor.
    Raises NotFound for an institution that is not there, and as `invite`.
    """
    deployment.actor.must(Act.MANAGE_CONSORTIUM)
    if not roles:
        raise IssuerError("roles", "Choose one role at least.")
    if any((role is Role.CONSORTIUM_ADMIN) is not (slug is None) for role in roles):
        raise IssuerError(
            "roles", "The consortium has administrators of its own; institutions have all the other roles."
        )
    institution_id = None if slug is None else _institution_id(deployment, slug)
    wanted = [Grant(role) for role in roles]
    return _invite(deployment, institution_id, email, name, wanted, language, by)


def _invite(
    deployment: Deployment,
    institution_id: int | None,
    email: str,
    name: str,
    wanted: Collection[Grant],
    language: str,
    by: str | None = None,
) -> Invitation:
    address, shown = folded_address(email), one_line("name", name)
    # Accounts belong to no institution: the address is looked for among all of them.
    with replace(deployment, tenant=None).writing() as session:
        person = account_of(session, address)
        if person is not None and person.state == "closed":
            raise Conflict("closed_account", f"The account of {address} was closed. Ask whoever runs this.")
        if person is None:
            person = new_account(session, deployment, email=address, name=shown, language=language)
        new = _give(session, deployment, person, institution_id, wanted, by)
        if not new and person.state == "active":
            raise Conflict("known_person", f"{address} holds these roles here already.")
        institution = session.get(Institution, institution_id) if institution_id is not None else None
        told = AuditedAct("person.invite", person.public_id, after={"roles": _told(session, wanted)})
        record(session, deployment, told, institution=institution, by=by)
        close_sessions_of(session, stored_id(person))  # a session knows the roles it began with (W3)
        return _send(session, deployment, person, institution_id)


def _give(
    session: Session,
    deployment: Deployment,
    person: Person,
    institution_id: int | None,
    wanted: Collection[Grant],
    by: str | None,
) -> list[RoleGrantRow]:
    """Add the roles that somebody does not hold there yet."""
    rows = session.exec(select(RoleGrantRow).where(RoleGrantRow.person_id == person.id))
    held = {(row.role, row.faculty_id) for row in rows if row.institution_id == institution_id}
    new = [
        RoleGrantRow(
            person_id=stored_id(person),
            institution_id=institution_id,
            faculty_id=grant.faculty_id,
            role=grant.role.value,
            granted_by=(by or deployment.actor.ref)[:200],
            created=deployment.now(),
        )
        for grant in dict.fromkeys(wanted)
        if (grant.role.value, grant.faculty_id) not in held
    ]
    session.add_all(new)
    session.flush()
    return new


def _send(session: Session, deployment: Deployment, person: Person, institution_id: int | None) -> Invitation:
    """Owe a mail: with a new link for those who cannot sign in yet, in place of the one before."""
    able = person.state == "active"
    if not able:
        end_tokens(session, deployment, stored_id(person))
    kind = TokenKind.INVITATION
    row = new_token(session, deployment, person, kind, institution_id=institution_id, used=able)
    mail = "granted" if able else kind.value
    owe_staff_mail(session, deployment, row, kind=mail, recipient=person.email)
    shown = None if able else link(deployment, row)
    return Invitation(person.public_id, person.name, person.email, shown)


def _institution_id(deployment: Deployment, slug: str) -> int:
    with replace(deployment, tenant=None).reading() as session:
        found = session.exec(select(Institution).where(Institution.slug == slug)).first()
        if found is None:
            raise NotFound("unknown_institution", f"There is no institution {slug[:80]}.")
        return stored_id(found)


def _told(session: Session, grants: Collection[Grant]) -> list[str]:
    codes = {row.id: row.code for row in session.exec(select(Faculty))}
    return [
        grant.role.value if grant.faculty_id is None else f"{grant.role.value} in {codes[grant.faculty_id]}"
        for grant in grants
    ]
