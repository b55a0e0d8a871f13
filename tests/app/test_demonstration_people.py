"""The staff of the demonstration: all can sign in, once each, and find work on their desks."""

import stat

import pytest
from issuing_office import Office, institution
from sqlmodel import select

from app.demonstration.building import HERE
from app.demonstration.people import STAFF_FILE, desk_of, make_people
from app.demonstration.work import lay_out_work
from issuer.office_tables import BatchLineRow, DefinitionDraftRow
from issuer.staff.passwords import password_fits
from issuer.staff.roles import NEED_SECOND_FACTOR, Role
from issuer.staff_tables import Person
from issuer.tables import Batch
from issuer.today.waiting import Kind, waiting
from microcredential import load_definition


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "var")
    for slug in ("dong-xanh", "nam-khan", "vltavska"):
        office.issuer.register_institution(institution(slug))
        office.issuer.create_key(slug)
    office.clock.forward(days=150)
    yield office
    office.close()


def rows(office, table):
    with office.issuer.deployment.reading() as session:
        return session.exec(select(table).order_by(table.id)).all()


def test_each_institution_has_all_roles_and_a_second_time_makes_nobody_twice(office):
    members = make_people(office.issuer, office.folder)
    assert len(members) == 3 * 7 + 1
    for slug in ("dong-xanh", "nam-khan", "vltavska"):
        roles = sorted(member.role for member in members if member.institution == slug)
        others = ["auditor", "author", "institution_admin", "recognition_officer", "reviewer"]
        assert roles == sorted(["issuer", "issuer", *others])
    assert make_people(office.issuer, office.folder) == members
    people = rows(office, Person)
    assert len(people) == len(members)
    by_address = {person.email: person for person in people}
    first = members[0]
    assert password_fits(by_address[first.address].password_hash, first.password)
    assert not password_fits(by_address[first.address].password_hash, "another one entirely")
    for member in members:
        needs_key = Role(member.role) in NEED_SECOND_FACTOR
        assert bool(member.key) is needs_key is bool(by_address[member.address].totp_sealed)
        assert member.key not in str(by_address[member.address].totp_sealed) or not member.key


def test_the_file_of_the_staff_is_its_owners_alone_and_new_in_each_demonstration(office, tmp_path):
    members = make_people(office.issuer, office.folder)
    assert stat.S_IMODE((office.folder / STAFF_FILE).stat().st_mode) == 0o600
    other = Office(tmp_path / "other")
    for slug in ("dong-xanh", "nam-khan", "vltavska"):
        other.issuer.register_institution(institution(slug))
    others = make_people(other.issuer, other.folder)
    other.close()
    assert {each.password for each in members}.isdisjoint({each.password for each in others})
    assert {each.key for each in members} & {each.key for each in others} == {""}


def test_people_find_work_on_their_desks_once(office):
    members = make_people(office.issuer, office.folder)
    definition = load_definition((HERE / "credit-risk.yaml").read_bytes(), kind="yaml")
    version = office.issuer.publish_definition("dong-xanh", definition)
    class_list = (HERE / "class-credit-risk-autumn.csv").read_bytes()
    for _ in range(2):
        lay_out_work(office.issuer, members, version, class_list)
    assert [batch.state for batch in rows(office, Batch)] == ["approval"]
    states = sorted(line.state for line in rows(office, BatchLineRow))
    assert states == ["left_out"] * 3 + ["ready"] * 4
    assert [draft.state for draft in rows(office, DefinitionDraftRow)] == ["review"]

    def kinds(mailbox):
        desk = desk_of(office.issuer, members, f"{mailbox}@dong-xanh.example")
        return [item.kind for item in waiting(desk, sends_mail=False)]

    assert kinds("issuer2") == [Kind.APPROVE]
    assert kinds("issuer") == []
    assert kinds("reviewer") == [Kind.REVIEW]
    assert kinds("author") == []
