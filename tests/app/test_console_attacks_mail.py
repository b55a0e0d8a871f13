"""Whoever reads a mail becomes the person it was written to: attacks on that, each with its honest twin."""

import pytest
from console_office import ConsoleOffice
from sqlmodel import select

from issuer.audit.entries import entries_of
from issuer.mailing.acts import readable_words
from issuer.mailing.search import MailSearch, search_mails
from issuer.staff.passwords_changed import ask_for_password
from issuer.staff.roles import Role
from issuer.staff.tokens import invite
from issuer.staff_tables import Faculty, RoleGrantRow
from issuer.tables import DefinitionRow, OutboxMailRow

MAIL = "/console/uef/mail"
NEW = {"email": "new@staff.example", "name": "Nora New", "grants": [(Role.AUTHOR, None)]}


@pytest.fixture
def place(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    made.office.issue(2)
    yield made
    made.close()


def last_mail(place):
    with place.deployment.reading() as session:
        return session.exec(select(OutboxMailRow.id).order_by(OutboxMailRow.id.desc())).first()


def faculties(place, *codes):
    with place.deployment.writing() as session:
        rows = [Faculty(institution_id=1, code=each, name=each, created=place.clock.now) for each in codes]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def give_definition_to(place, faculty):
    with place.deployment.writing() as session:
        row = session.exec(select(DefinitionRow).where(DefinitionRow.institution_id == 1)).one()
        row.faculty_id = faculty
        session.add(row)


def test_an_administrator_hands_invitations_on_and_sees_no_learner(place):
    admin = place.person("Adam Admin", "institution_admin")
    client = place.client(admin)
    invite(place.desk(admin), **NEW)
    page = place.get(client, f"{MAIL}/{last_mail(place)}").text
    assert "/staff/invitation/" in page
    listed = place.get(client, MAIL).text
    assert "Nora New" in listed
    assert "UEF-0001" not in listed
    assert "UEF-0001" not in place.get(client, MAIL + "?format=csv").text
    assert place.get(client, f"{MAIL}/1").status_code == 404
    assert search_mails(place.desk(admin), MailSearch(text="nguyen")).total == 0


def test_a_colleague_without_that_role_reads_no_invitation(place):
    invite(place.desk(place.person("Adam Admin", "institution_admin")), **NEW)
    for role in ("issuer", "auditor"):
        client = place.client(place.person(f"Colleague {role}", role))
        assert place.get(client, f"{MAIL}/{last_mail(place)}").status_code == 404
        assert place.get(client, f"{MAIL}/1").status_code == 200


def test_nobody_reads_a_link_for_a_new_password(place):
    admin = place.person("Adam Admin", "institution_admin", "issuer", "auditor")
    ask_for_password(place.deployment, admin.email)
    with place.deployment.writing() as session:  # as if such a mail had come to belong to an institution
        row = session.get(OutboxMailRow, last_mail(place))
        row.institution_id = 1
        session.add(row)
    page = place.get(place.client(admin), f"{MAIL}/{last_mail(place)}").text
    assert "not shown to you" in page
    assert "/staff/reset/" not in page


def test_reading_everywhere_opens_no_private_link_of_a_faculty_where_one_does_not_send(place):
    law, medicine = faculties(place, "law", "medicine")
    give_definition_to(place, medicine)
    mixed = place.person("Mia Mixed", "auditor")
    with place.deployment.writing() as session:
        session.add(
            RoleGrantRow(
                person_id=mixed.person_id,
                institution_id=1,
                faculty_id=law,
                role="issuer",
                granted_by="test",
                created=place.clock.now,
            )
        )
    links = place.office.links
    assert readable_words(place.desk(mixed), links, 1) is None
    assert "/h/" not in place.get(place.client(mixed), f"{MAIL}/1").text
    theirs = place.person("Max Medicine", "issuer", faculty=medicine)
    assert "/h/" in readable_words(place.desk(theirs), links, 1).text


def test_the_outbox_of_a_demonstration_shows_learners_links_and_none_of_staff(tmp_path):
    place = ConsoleOffice(tmp_path / "demo", TESTAMUR_DEMO="1")
    place.office.issue(1)
    admin = place.person("Adam Admin", "institution_admin")
    invite(place.desk(admin), **NEW)
    ask_for_password(place.deployment, admin.email)
    page = place.get(place.browser(), "/outbox").text
    place.close()
    assert f"{place.base_url}/h/" in page
    assert "/staff/" not in page
    assert "Nora New" not in page


def test_a_list_of_mails_taken_away_is_told_in_the_audit_and_one_looked_at_is_not(place):
    client = place.client(place.person("Ivo Issuer", "issuer"))
    assert place.get(client, MAIL).status_code == 200
    assert place.get(client, MAIL + "?format=csv&state=queued").status_code == 200
    with place.deployment.reading() as session:
        told = [each for each in entries_of(session, "uef") if each.act == "mail.export"]
    assert [(each.actor_name, each.after) for each in told] == [("Ivo Issuer", '{"rows": 2}')]
