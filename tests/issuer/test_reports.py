"""Reports: figures of one institution or of all, small ones hidden, and nothing that gives them away."""

import json
from dataclasses import replace
from datetime import date

import pytest
from definition_drafts import desk, open_institution
from hypothesis import given
from hypothesis import strategies as st
from issuing_office import CODE, class_list, definition, institution
from recognition_statements import decision, standing
from sqlmodel import Session, select

from issuer.credentials import visits
from issuer.errors import IssuerError, NotAllowed
from issuer.recognition.deciding import write_refusal
from issuer.recognition.making import Order, make_statement
from issuer.recognition.standing import withdraw
from issuer.register.retiring import retire_version
from issuer.reports.completeness import completeness, groups
from issuer.reports.decisions import recognition_by_countries
from issuer.reports.pilot import pilot_figures
from issuer.reports.tables import LEAST_SHOWN, shown, sum_of_shown
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import Role
from issuer.tables import CredentialRow, Institution
from issuer.tenancy import CONSORTIUM
from microcredential.recognition import Basis, Difference, Indicator, Outcome, Purpose, Refusal


def consortium(office):
    actor = Actor(ActorKind.PERSON, "c", "Consortium", grants=(Grant(Role.CONSORTIUM_ADMIN, None),))
    made = office.issuer.deployment.acting(actor)
    assert made.tenant == CONSORTIUM
    return made


def administrator(office, slug="uef", role=Role.INSTITUTION_ADMIN):
    with Session(office.engine) as session:
        key = session.exec(select(Institution.id).where(Institution.slug == slug)).one()
    return desk(office, key, f"{role}-{slug}", role, slug=slug)


def test_small_figures_are_hidden_and_none_is_no_small_one():
    assert [shown(figure) for figure in range(LEAST_SHOWN + 2)] == [0, None, None, None, None, 5, 6]


@given(st.lists(st.integers(min_value=0, max_value=50)), st.integers(min_value=1, max_value=LEAST_SHOWN - 1))
def test_no_sum_depends_on_what_is_hidden(figures, small):
    cells = [shown(figure) for figure in figures]
    assert sum_of_shown([*cells, shown(small)]) == sum_of_shown(cells)


def opened(office, name, number):
    with Session(office.engine) as session:
        rows = session.exec(select(CredentialRow).order_by(CredentialRow.id).limit(number)).all()
        for row in rows:
            setattr(row, name, office.clock.now)
        session.commit()


def test_the_pilot_is_counted_by_institution_with_small_figures_hidden(office):
    office.ready()
    office.issue(7)
    opened(office, "opened", 6)
    opened(office, "checked", 3)
    office.issuer.register_institution(institution("other", name="Other University", names={}))
    office.issuer.create_key("other")
    office.issuer.publish_definition("other", definition())
    office.issue(2, slug="other")
    table = pilot_figures(consortium(office))
    assert table.columns == ("institution", "country", "learners", "issued", "claimed", "checked")
    ours, theirs = table.rows
    assert ours == ("Example University of Economics and Finance", "VN", 7, 7, 6, None)
    assert theirs == ("Other University", "VN", None, None, 0, 0)
    assert table.sums == ("", "", 7, 7, 6, 0)
    assert table.hides


def test_an_institution_reads_its_own_by_micro_credential(office):
    office.ready()
    office.issue(7)
    office.issuer.register_institution(institution("other", name="Other University", names={}))
    office.issuer.create_key("other")
    office.issuer.publish_definition("other", definition())
    office.issue(5, slug="other")
    assert pilot_figures(administrator(office)).rows == ((CODE, 7, 7, 0, 0),)
    assert pilot_figures(administrator(office)).sums == ("", "", 7, 0, 0)
    assert pilot_figures(administrator(office, role=Role.AUDITOR)).rows == ((CODE, 7, 7, 0, 0),)
    assert pilot_figures(administrator(office, "other")).rows == ((CODE, 5, 5, 0, 0),)


REPORTS = {"pilot": pilot_figures, "completeness": completeness, "recognition": recognition_by_countries}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.ISSUER, Role.RECOGNITION_OFFICER])
def test_no_other_role_reads_a_report(office, role, report):
    open_institution(office)
    with pytest.raises(NotAllowed):
        report(administrator(office, role=role))
    assert report(administrator(office)).rows == ()


def test_completeness_counts_what_is_offered_by_group_and_never_in_one_number(office):
    version = office.ready()
    office.issuer.register_institution(institution("other", name="Other University", names={}))
    office.issuer.create_key("other")
    without_review = {**definition().achievement}
    without_review["qualityAssurance"] = [
        {key: value for key, value in each.items() if key != "reviewDate"}
        for each in without_review["qualityAssurance"]
    ]
    weaker = replace(definition(), achievement=without_review)
    office.issuer.publish_definition("other", weaker)
    table = completeness(consortium(office))
    assert len(groups()) == 6
    assert table.columns[:3] == ("institution", "country", "versions")
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    ours, theirs = rows["Example University of Economics and Finance"], rows["Other University"]
    assert (ours["versions"], theirs["versions"]) == (1, 1)
    assert theirs["authority_met"] <= ours["authority_met"] <= ours["authority_judged"]
    assert ours["transparency_met"] == ours["transparency_judged"] == 1
    (mine,) = completeness(administrator(office)).rows
    assert mine[:2] == (CODE, version.version)
    reviewer = administrator(office, role=Role.REVIEWER)
    retire_version(reviewer, version.public_id, reason="It ended.")
    assert completeness(administrator(office)).rows == ()


@pytest.fixture
def receiver(office):
    office.ready()
    office.badge = json.loads(office.one().text)
    office.issuer.register_institution(institution("receiver", name="Receiver", country="CZ", names={}))
    office.issuer.create_key("receiver")
    return administrator(office, "receiver", Role.RECOGNITION_OFFICER)


def stated(office, officer, content):
    achievement = office.badge["credentialSubject"]["achievement"]
    order = Order(
        content=content,
        decided=date(2026, 7, 1),
        badge=office.badge,
        achievement=achievement,
        valid_until=None,
    )
    return make_statement(officer, order)


def test_recognition_is_counted_by_pair_of_countries(office, receiver):
    achievement = office.badge["credentialSubject"]["achievement"]["id"]
    courses = stated(office, receiver, standing(achievement))
    for _number in range(5):
        stated(office, receiver, decision(office.badge["id"]))
    stated(office, receiver, decision(office.badge["id"], outcome=Outcome.PARTIAL))
    assert recognition_by_countries(consortium(office)).rows == ()  # nothing is signed yet
    office.issuer.sign_statements()
    assert recognition_by_countries(consortium(office)).rows == (
        ("CZ", "VN", "R1", "", 1),
        ("CZ", "VN", "R2", "full", 5),
        ("CZ", "VN", "R2", "partial", None),
    )
    withdraw(receiver, courses.urn, reason="The programme ended.")
    rows = recognition_by_countries(administrator(office, "receiver")).rows
    assert [row[2] for row in rows] == ["R2", "R2"]
    assert recognition_by_countries(administrator(office)).rows == ()  # uef has recognised nothing


def test_refusals_are_counted_by_pair_of_countries_and_few_are_hidden(office, receiver):
    refusal = Refusal(
        course="Credit Risk",
        office="Receiver",
        decided=date(2026, 7, 1),
        purpose=Purpose.CREDIT_TRANSFER,
        bases=[Basis.INSTITUTIONAL_RULES],
        differences=[Difference(Indicator.WORKLOAD, "Half the hours.", "Too few credits.")],
        reference="REC-1",
        appeal="https://www.example-uni.eu/appeal",
    )
    for number in range(6):
        write_refusal(receiver, replace(refusal, reference=f"REC-{number}"), country="VN")
    other = [Difference(Indicator.LEVEL, "Lower.", "Too easy.")]
    write_refusal(receiver, replace(refusal, differences=other), country="VN")  # counted with the others
    write_refusal(receiver, refusal, country="LA")
    write_refusal(receiver, refusal)
    with pytest.raises(IssuerError) as refused:
        write_refusal(receiver, refusal, country="XX")
    assert refused.value.code == "country"
    assert recognition_by_countries(consortium(office)).rows == (
        ("CZ", "", "R2", "refused", None),
        ("CZ", "LA", "R2", "refused", None),
        ("CZ", "VN", "R2", "refused", 7),
    )


def test_the_country_of_a_course_that_is_here_is_found_without_its_description(office, receiver):
    achievement = office.badge["credentialSubject"]["achievement"]["id"]
    make_statement(receiver, Order(content=standing(achievement), decided=date(2026, 7, 1)))
    elsewhere = "https://badges.elsewhere.example/achievements/1"
    make_statement(receiver, Order(content=standing(elsewhere), decided=date(2026, 7, 1)))
    office.issuer.sign_statements()
    rows = recognition_by_countries(administrator(office, "receiver")).rows
    assert rows == (("CZ", "", "R1", "", 1), ("CZ", "VN", "R1", "", 1))


def test_the_first_check_is_noted_and_later_ones_change_nothing(office):
    office.ready()
    record = office.one()
    desk_of_all = office.issuer.deployment
    visits.checked(desk_of_all, "no such code")
    assert first_check(office) is None
    visits.checked(desk_of_all, record.code)
    noted = first_check(office)
    assert noted is not None
    office.clock.forward(days=1)
    visits.checked(desk_of_all, record.code)
    visits.checked_where_shared(desk_of_all, record.share_id)
    assert first_check(office) == noted


def test_a_shared_page_counts_as_a_check(office):
    office.ready()
    visits.checked_where_shared(office.issuer.deployment, office.one().share_id)
    assert first_check(office) is not None


def first_check(office):
    with Session(office.engine) as session:
        return session.exec(select(CredentialRow.checked)).one()


def test_another_class_list_of_the_same_learner_is_one_learner(office):
    office.ready()
    office.issue(5)
    office.issue(5, run="Autumn 2026", data=class_list(5))
    assert pilot_figures(consortium(office)).rows[0][2:4] == (5, 10)
