"""People and faculties of an institution: what administrators may change, and what stays."""

import json

import pytest
from console_office import ConsoleOffice
from sqlmodel import select

from issuer.audit_tables import AuditEntryRow
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound
from issuer.staff.actor import Grant
from issuer.staff.closing import close_account
from issuer.staff.faculties import create_faculty, faculties, rename_faculty
from issuer.staff.people import change_roles, end_access, people, person
from issuer.staff.roles import Role
from issuer.staff.sessions import find_session, open_session
from issuer.staff.tokens import invite
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import Institution

ADMIN = Grant(Role.INSTITUTION_ADMIN)


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def admin(office):
    return office.person("Ada", Role.INSTITUTION_ADMIN)


@pytest.fixture
def desk(office, admin):
    return office.desk(admin)


def acts_of(office, act):
    with office.deployment.reading() as session:
        rows = session.exec(select(AuditEntryRow).where(AuditEntryRow.act == act)).all()
        return [(row.chain, row.before, row.after) for row in rows]


def test_only_people_of_ones_own_institution_are_there(office, desk):
    both = office.person("Bea", Role.AUTHOR)
    stranger = office.person("Sven", Role.AUDITOR, slug="other")
    other_admin = office.desk(office.person("Ola", Role.INSTITUTION_ADMIN, slug="other"), "other")
    invite(other_admin, email=both.email, name="Bea", grants=[(Role.ISSUER, None)])
    assert {each.name: each.grants for each in people(desk)} == {
        "Ada": (ADMIN,),
        "Bea": (Grant(Role.AUTHOR),),
    }
    assert person(other_admin, both.public_id).grants == (Grant(Role.ISSUER),)
    with pytest.raises(NotFound):
        person(desk, stranger.public_id)
    with pytest.raises(NotFound):
        change_roles(desk, stranger.public_id, {Grant(Role.ISSUER)}, seen={Grant(Role.AUDITOR)})
    with pytest.raises(NotFound):
        end_access(desk, stranger.public_id)


def test_roles_change_with_their_audit_and_end_sessions(office, desk):
    staff = office.person("Bea", Role.AUTHOR)
    with office.deployment.writing() as session:
        token = open_session(session, office.deployment, staff.person_id, second_factor=True)
    faculty = create_faculty(desk, code="economics", name="Economics")
    wanted = {Grant(Role.REVIEWER, faculty.id), Grant(Role.ISSUER)}
    change_roles(desk, staff.public_id, wanted, seen={Grant(Role.AUTHOR)})
    assert set(person(desk, staff.public_id).grants) == wanted
    assert find_session(office.deployment, token) is None
    after = {"roles": ["reviewer in economics", "issuer"]}
    assert acts_of(office, "person.revoke_role") == [
        ("uef", json.dumps({"roles": ["author"]}), json.dumps(after))
    ]


def test_what_somebody_changed_meanwhile_is_not_overwritten(office, desk):
    staff = office.person("Bea", Role.AUTHOR)
    with pytest.raises(Conflict):
        change_roles(desk, staff.public_id, {Grant(Role.ISSUER)}, seen={Grant(Role.REVIEWER)})
    change_roles(desk, staff.public_id, {Grant(Role.ISSUER)}, seen={Grant(Role.AUTHOR)})


def test_the_last_administrator_stays(office, admin, desk):
    other = office.person("Ben", Role.INSTITUTION_ADMIN)
    with pytest.raises(IssuerError, match="your own role"):
        change_roles(desk, admin.public_id, {Grant(Role.AUDITOR)}, seen={ADMIN})
    change_roles(desk, other.public_id, {Grant(Role.AUDITOR)}, seen={ADMIN})  # Ada is left
    later = office.person("Bob", Role.AUDITOR)
    other_desk = office.desk(office.person("Bo", Role.INSTITUTION_ADMIN))
    end_access(other_desk, admin.public_id)
    with pytest.raises(IssuerError, match="own role"):
        end_access(other_desk, other_desk.actor.ref)
    end_access(other_desk, later.public_id)
    assert acts_of(office, "person.close")


def test_the_only_administrator_of_another_institution_is_the_last_one_there_alone(office, desk):
    ben = office.person("Ben", Role.INSTITUTION_ADMIN)
    with office.deployment.writing() as session:
        other = session.exec(select(Institution.id).where(Institution.slug == "other")).one()
        person_id = session.exec(select(Person.id).where(Person.public_id == ben.public_id)).one()
        told = {"role": "institution_admin", "granted_by": "x", "created": desk.now()}
        session.add(RoleGrantRow(person_id=person_id, institution_id=other, **told))
    with pytest.raises(IssuerError, match="last administrator"):
        close_account(office.deployment, ben.email)
    end_access(desk, ben.public_id)
    assert [each.name for each in people(desk)] == ["Ada"]


def test_who_is_only_invited_counts_not_as_administrator(office, admin, desk):
    invited = invite(desk, email="new@staff.example", name="New", grants=[(Role.INSTITUTION_ADMIN, None)])
    assert person(desk, invited.public_id).state == "invited"
    second = office.person("Ben", Role.INSTITUTION_ADMIN)
    end_access(desk, second.public_id)
    with pytest.raises(IssuerError, match="last administrator"):
        _check_as(office, desk, admin)
    end_access(desk, invited.public_id)


def _check_as(office, desk, admin):
    """Take Ada's role as somebody else would, when nobody else can sign in."""
    from dataclasses import replace

    someone = replace(desk, actor=replace(desk.actor, ref="someone-else"))
    end_access(someone, admin.public_id)


@pytest.mark.parametrize(
    "grants",
    [
        set(),
        {Grant(Role.CONSORTIUM_ADMIN)},
        {Grant(Role.INSTITUTION_ADMIN, 1)},
        {Grant(Role.AUDITOR, 1)},
        {Grant(Role.AUTHOR, 999)},
    ],
)
def test_roles_that_an_institution_does_not_give(office, desk, grants):
    create_faculty(desk, code="economics", name="Economics")
    staff = office.person("Bea", Role.AUTHOR)
    with pytest.raises(IssuerError):
        change_roles(desk, staff.public_id, grants, seen={Grant(Role.AUTHOR)})


def test_a_faculty_of_another_institution_gives_no_role(office, desk):
    other = office.desk(office.person("Ola", Role.INSTITUTION_ADMIN, slug="other"), "other")
    theirs = create_faculty(other, code="law", name="Law")
    staff = office.person("Bea", Role.AUTHOR)
    with pytest.raises(IssuerError):
        change_roles(desk, staff.public_id, {Grant(Role.AUTHOR, theirs.id)}, seen={Grant(Role.AUTHOR)})
    assert faculties(desk) == []


def test_ended_access_ends_sessions_and_invitations(office, desk):
    invited = invite(desk, email="new@staff.example", name="New", grants=[(Role.AUTHOR, None)])
    from issuer.errors import NotFound as Gone
    from issuer.staff.token_rows import TokenKind, find_invited

    secret = invited.link.rpartition("/")[2]
    assert find_invited(office.deployment, TokenKind.INVITATION, secret).name == "New"
    end_access(desk, invited.public_id)
    with pytest.raises(Gone):
        find_invited(office.deployment, TokenKind.INVITATION, secret)
    with pytest.raises(NotFound):
        person(desk, invited.public_id)


def test_faculties_have_short_names_that_stay(office, desk):
    create_faculty(desk, code="economics", name="Economics")
    rename_faculty(desk, "economics", name="  Economics and Law ")
    assert [(each.code, each.name) for each in faculties(desk)] == [("economics", "Economics and Law")]
    for code in ("economics", "Law", "", "-law", "a/b"):
        with pytest.raises(IssuerError):
            create_faculty(desk, code=code, name="Law")
    with pytest.raises(IssuerError):
        create_faculty(desk, code="law", name=" ")
    with pytest.raises(NotFound):
        rename_faculty(desk, "law", name="Law")
    assert acts_of(office, "faculty.change")[0][1:] == (
        '{"name": "Economics"}',
        '{"name": "Economics and Law"}',
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INSTITUTION_ADMIN])
def test_nobody_else_manages_people(office, role):
    if role is Role.CONSORTIUM_ADMIN:
        desk = office.desk(office.person("Kim", role, slug=None), None)
    else:
        desk = office.desk(office.person("Kim", role))
    with pytest.raises(NotAllowed):
        people(desk)
    with pytest.raises(NotAllowed):
        create_faculty(desk, code="law", name="Law")
