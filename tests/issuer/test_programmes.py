"""Programmes that a version counts towards: confirmed by a signed recognition, or by a recorded decision."""

from datetime import UTC, date, datetime

import pytest
from definition_drafts import author, desk, open_institution, reviewer
from issuing_office import definition, institution
from recognition_statements import TOWARDS, standing
from sqlmodel import Session, select

from issuer import IssuerError, NotFound
from issuer.audit.entries import entries_of
from issuer.errors import Conflict, NotAllowed
from issuer.recognition.making import Order, make_statement
from issuer.recognition.standing import withdraw
from issuer.register.programmes import confirm_programme, programmes_of
from issuer.reports.completeness import completeness
from issuer.staff.roles import Role
from issuer.tables import Institution

END = datetime(2029, 1, 1, tzinfo=UTC)
OWN = {"title": {"en": "Bachelor of Banking"}, "qualificationCode": "7340201"}
THEIRS = {"id": TOWARDS.id, "title": {"en": "MSc Finance"}}


@pytest.fixture
def version(office):
    office.here = open_institution(office)
    return office.issuer.publish_definition("uef", definition(isPartOf=[OWN, THEIRS]))


def confirmed(office, version):
    return [each.by for each in programmes_of(office.issuer.deployment, version.public_id)]


def officer(office):
    office.issuer.register_institution(institution("receiver", name="Receiver", names={}))
    office.issuer.create_key("receiver")
    with Session(office.engine) as session:
        key = session.exec(select(Institution.id).where(Institution.slug == "receiver")).one()
    return desk(office, key, "Officer", Role.RECOGNITION_OFFICER, slug="receiver")


def test_nothing_is_confirmed_by_being_named(office, version):
    named = programmes_of(office.issuer.deployment, version.public_id)
    assert [(each.title["en"], each.code, each.id, each.by) for each in named] == [
        ("Bachelor of Banking", "7340201", f"{version.achievement_id}#programme1", ()),
        ("MSc Finance", "", TOWARDS.id, ()),
    ]


@pytest.mark.parametrize(
    ("stackability", "severity"),
    [("stackable", "block"), ("standaloneAndStackable", "block"), ("standalone", "warn")],
)
def test_what_nobody_has_confirmed_is_a_finding_about_what_is_published(office, stackability, severity):
    office.here = open_institution(office)
    stacked = definition(isPartOf=[OWN], stackability=f"https://w3id.org/testamur/ns/v1#{stackability}")
    version = office.issuer.publish_definition("uef", stacked)
    (one,) = programmes_of(office.issuer.deployment, version.public_id)
    assert (one.finding.id, one.finding.severity, one.finding.path) == ("QC-28", severity, "isPartOf[0]")
    confirm_programme(reviewer(office, office.here), version.public_id, 0, reference="Board, 3 May 2026")
    (one,) = programmes_of(office.issuer.deployment, version.public_id)
    assert one.finding is None


def test_a_signed_recognition_towards_the_very_programme_confirms_it_until_it_is_withdrawn(office, version):
    receiver = officer(office)
    order = Order(content=standing(version.achievement_id), decided=date(2026, 7, 1), valid_until=END)
    made = make_statement(receiver, order)
    assert confirmed(office, version) == [(), ()]  # it is not signed yet
    office.issuer.sign_statements()
    assert confirmed(office, version) == [(), ("Receiver",)]
    withdraw(receiver, made.urn, reason="The programme ended.")
    assert confirmed(office, version) == [(), ()]


def test_a_recognition_towards_another_programme_confirms_none(office):
    open_institution(office)
    other = {**THEIRS, "id": "https://www.example-uni.eu/programmes/msc-finances"}
    version = office.issuer.publish_definition("uef", definition(isPartOf=[other]))
    receiver = officer(office)
    order = Order(content=standing(version.achievement_id), decided=date(2026, 7, 1), valid_until=END)
    make_statement(receiver, order)
    office.issuer.sign_statements()
    assert confirmed(office, version) == [()]


def test_the_institution_records_its_own_decision_once_and_the_audit_tells(office, version):
    rita = reviewer(office, office.here)
    confirm_programme(rita, version.public_id, 0, reference="Faculty  board, 3 May 2026")
    named = programmes_of(office.issuer.deployment, version.public_id)
    assert named[0].by == ("Example University of Economics and Finance",)
    assert named[0].reference == "Faculty board, 3 May 2026"
    assert named[0].recorded == office.clock.now
    assert named[1].by == ()
    with pytest.raises(Conflict):
        confirm_programme(rita, version.public_id, 0, reference="Again")
    with Session(office.engine) as session:
        acts = [each.act for each in entries_of(session, "uef")]
    assert acts.count("definition.programme") == 1


def test_it_is_recorded_by_a_reviewer_with_a_reference_for_a_programme_that_is_named(office, version):
    rita = reviewer(office, office.here)
    with pytest.raises(NotAllowed):
        confirm_programme(author(office, office.here), version.public_id, 0, reference="x")
    for reference in ("", " \0", "x" * 301):
        with pytest.raises(IssuerError) as refused:
            confirm_programme(rita, version.public_id, 0, reference=reference)
        assert refused.value.code == "reference"
    with pytest.raises(NotFound):
        confirm_programme(rita, version.public_id, 2, reference="x")
    office.issuer.register_institution(institution("other", name="Other", names={}))
    with Session(office.engine) as session:
        key = session.exec(select(Institution.id).where(Institution.slug == "other")).one()
    with pytest.raises(NotFound):
        confirm_programme(reviewer(office, key, "Olga", slug="other"), version.public_id, 0, reference="x")
    assert confirmed(office, version) == [(), ()]


def group(office, name):
    """Give met and judged of a group for the only version that is offered."""
    table = completeness(desk(office, office.here, "Admin", Role.INSTITUTION_ADMIN))
    (row,) = (dict(zip(table.columns, each, strict=True)) for each in table.rows)
    return row[f"{name}_met"], row[f"{name}_judged"]


def test_completeness_counts_it_as_met_once_every_programme_is_confirmed(office, version):
    assert group(office, "recognition") == (0, 1)
    rita = reviewer(office, office.here)
    confirm_programme(rita, version.public_id, 0, reference="Board, 3 May 2026")
    assert group(office, "recognition") == (0, 1)
    order = Order(content=standing(version.achievement_id), decided=date(2026, 7, 1), valid_until=END)
    made = make_statement(officer(office), order)
    assert group(office, "recognition") == (0, 1)
    office.issuer.sign_statements()
    assert group(office, "recognition") == (1, 1)
    office.clock.now = datetime(2029, 1, 2, tzinfo=UTC)
    assert group(office, "recognition") == (0, 1)
    assert made.valid_until == END


def test_what_names_no_programme_is_not_asked(office):
    office.here = open_institution(office)
    office.issuer.publish_definition("uef", definition())
    assert group(office, "recognition") == (0, 0)
