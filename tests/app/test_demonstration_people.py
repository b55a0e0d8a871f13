"""The staff of the demonstration: all can sign in, once each, and find work on their desks."""

import stat
from dataclasses import replace

import pytest
from issuing_office import Office, institution
from sqlmodel import select

from app.demonstration.building import HERE
from app.demonstration.people import STAFF_FILE, desk_of, make_people
from app.demonstration.register import fill_register
from app.demonstration.work import lay_out_work
from issuer.office_tables import BatchLineRow, DefinitionDraftRow
from issuer.recognition.published import public_statements
from issuer.register.searching import Search, search
from issuer.staff.passwords import password_fits
from issuer.staff.roles import NEED_SECOND_FACTOR, Role
from issuer.staff_tables import Person
from issuer.tables import Batch
from issuer.today.waiting import Kind, waiting
from microcredential import load_definition


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "var")
    for slug, country in (("dong-xanh", "VN"), ("nam-khan", "LA"), ("vltavska", "CZ")):
        office.issuer.register_institution(institution(slug, country=country))
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


def test_the_catalogue_has_one_approved_one_retired_and_one_recognised_once(office):
    members = make_people(office.issuer, office.folder)

    def published(name, slug):
        definition = load_definition((HERE / name).read_bytes(), kind="yaml")
        return office.issuer.publish_definition(slug, definition)

    water = load_definition((HERE / "water-management.yaml").read_bytes(), kind="yaml")
    earlier = replace(water, version="1", achievement={**water.achievement, "version": "1"})
    office.issuer.publish_definition("nam-khan", earlier)
    published("water-management.yaml", "nam-khan")
    course = published("credit-risk.yaml", "dong-xanh")
    approved = (HERE / "climate-risk.yaml").read_bytes()
    for _ in range(2):
        fill_register(
            office.issuer, members, recognised=course, approved=approved, today=office.clock().date()
        )
    assert [draft.state for draft in rows(office, DefinitionDraftRow)] == ["approved"]
    found = search(office.issuer.deployment, Search(every=True)).entries
    assert [(each.version.code, each.version.version, each.state.value) for each in found] == [
        ("MC-CRS-2026", "2026-1", "published"),
        ("MC-SWM", "2", "published"),
        ("MC-SWM", "1", "retired"),
    ]
    stated = public_statements(office.issuer.deployment, course.public_id)
    assert [(each.kind.value, each.who) for each in stated] == [("R1", institution("vltavska").name)]
    desk = desk_of(office.issuer, members, "reviewer@dong-xanh.example")
    assert [item.kind for item in waiting(desk, sends_mail=False)] == [Kind.PUBLISH]
