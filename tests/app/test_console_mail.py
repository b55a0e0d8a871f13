"""The pages of mails: who sees which, what can be done, and what never stands on them."""

import csv
import io

import pytest
from console_office import ConsoleOffice
from sqlmodel import select

from issuer import NotFound
from issuer.audit_tables import AuditEntryRow
from issuer.mailing.acts import correct_address, try_again
from issuer.mailing.search import MailSearch, mail_record, search_mails
from issuer.outbox import MailNotTaken
from issuer.staff.roles import Role
from issuer.staff.tokens import invite
from issuer.staff_tables import Faculty
from issuer.tables import Learner, OutboxMailRow

MAIL = "/console/uef/mail"


@pytest.fixture
def place(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    made.office.issue(3)
    yield made
    made.close()


@pytest.fixture
def issuer(place):
    return place.client(place.person("Ivo Issuer", "issuer"))


def rows(place, table=OutboxMailRow):
    with place.deployment.reading() as session:
        return list(session.exec(select(table).order_by(table.id)))


def fail(place, only="l2@"):
    """Let the server refuse one address for good."""

    def send(mail):
        if mail.recipient.startswith(only):
            raise MailNotTaken("The mail server answered 550 no such user", permanent=True)
        return "250 taken"

    place.issuer.deliver(send)


def test_the_list_shows_states_and_masks_addresses(place, issuer):
    fail(place)
    page = place.get(issuer, MAIL).text
    assert page.count("…@example.edu") == 3
    assert "l2@example.edu" not in page
    assert "550 no such user" in page
    assert "Sent" in page
    failed = place.get(issuer, MAIL + "?state=failed").text
    assert failed.count("…@example.edu") == 1
    found = place.get(issuer, MAIL + "?q=uef-0003").text
    assert "UEF-0003" in found
    assert "UEF-0001" not in found


def test_a_name_is_found_without_its_marks_and_an_unknown_filter_is_refused(place, issuer):
    assert place.get(issuer, MAIL + "?q=nguyen&sort=-name").text.count("UEF-000") == 3
    assert place.get(issuer, MAIL + "?q=nguyen&state=nonsense").status_code == 422
    assert "No mail fits" in place.get(issuer, MAIL + "?q=%25").text


def test_the_export_has_every_mail_and_no_formula(place, issuer):
    fail(place)
    rows = list(csv.DictReader(io.StringIO(place.get(issuer, MAIL + "?format=csv").text.lstrip("\ufeff"))))
    states = {row["student_number"]: (row["state"], row["last_answer"]) for row in rows}
    assert states["UEF-0001"] == ("sent", "250 taken")
    assert states["UEF-0002"] == ("failed", "The mail server answered 550 no such user")
    assert {row["recipient"] for row in rows} == {"…@example.edu"}


def test_a_mail_tells_its_history_and_where_no_server_is_set_its_words(place, issuer):
    fail(place)
    (mail,) = [row for row in rows(place) if row.recipient == "l2@example.edu"]
    page = place.get(issuer, f"{MAIL}/{mail.id}").text
    assert "l2@example.edu" in page
    assert "Refused for good" in page
    assert f"{place.base_url}/h/" in page


def test_an_auditor_reads_what_became_of_it_and_not_the_private_link(place):
    auditor = place.client(place.person("Ada Auditor", "auditor"))
    page = place.get(auditor, f"{MAIL}/{rows(place)[0].id}").text
    assert "not shown to you" in page
    assert "/h/" not in page
    assert place.post(auditor, f"{MAIL}/{rows(place)[0].id}/again").status_code == 403


def test_with_a_mail_server_nobody_reads_the_link(tmp_path):
    smtp = {"TESTAMUR_SMTP_URL": "smtp://127.0.0.1:2525", "TESTAMUR_MAIL_FROM": "badges@example.edu"}
    place = ConsoleOffice(tmp_path / "other", **smtp)
    place.office.issue(1)
    issuer = place.client(place.person("Ivo Issuer", "issuer"))
    page = place.get(issuer, f"{MAIL}/{rows(place)[0].id}").text
    place.close()
    assert "hold a private link" in page
    assert "/h/" not in page


def test_a_failed_mail_is_corrected_and_tried_again(place, issuer):
    fail(place)
    (mail,) = [row for row in rows(place) if row.recipient == "l2@example.edu"]
    answer = place.post(issuer, f"{MAIL}/{mail.id}/address", {"address": "anh.moi@example.edu"})
    assert answer.status_code == 303
    assert place.post(issuer, f"{MAIL}/{mail.id}/again").status_code == 303
    sent = []
    place.issuer.deliver(sent.append)
    assert [(each.recipient, each.message_id) for each in sent] == [("anh.moi@example.edu", mail.message_id)]
    learner = next(each for each in rows(place, Learner) if each.student_number == "UEF-0002")
    assert learner.email == "anh.moi@example.edu"
    assert "anh.moi@example.edu" in learner.search
    told = [entry for entry in rows(place, AuditEntryRow) if entry.act in ("mail.address", "mail.resend")]
    assert [entry.act for entry in told] == ["mail.address", "mail.resend"]
    assert not any("example.edu" in f"{entry.before}{entry.after}" for entry in told)


@pytest.mark.parametrize("typed", ["", "anh", "a@b@c.example", "a@b.example\r\nBcc: x@y.example"])
def test_an_address_that_is_none_is_refused_and_kept_in_its_field(place, issuer, typed):
    mail = rows(place)[0]
    answer = place.post(issuer, f"{MAIL}/{mail.id}/address", {"address": typed})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert rows(place)[0].recipient == mail.recipient


def test_what_was_not_given_up_is_not_tried_again(place, issuer):
    assert place.post(issuer, f"{MAIL}/{rows(place)[0].id}/again").status_code == 409


def test_another_institutions_mails_do_not_exist(place):
    theirs = place.person("Ola Other", "issuer", slug="other")
    client, mail = place.client(theirs), rows(place)[0]
    assert place.get(client, f"/console/other/mail/{mail.id}").status_code == 404
    assert place.post(client, f"/console/other/mail/{mail.id}/again").status_code == 404
    assert place.get(client, f"{MAIL}/{mail.id}").status_code == 404
    desk = place.desk(theirs, "other")
    assert search_mails(desk, MailSearch()).total == 0
    for act in (mail_record, try_again, lambda d, m: correct_address(d, m, "x@example.edu")):
        with pytest.raises(NotFound):
            act(desk, mail.id)


@pytest.mark.parametrize("number", [0, 10**9, 10**30])
def test_a_number_that_no_mail_has_is_not_found(place, issuer, number):
    assert place.get(issuer, f"{MAIL}/{number}").status_code == 404
    assert place.post(issuer, f"{MAIL}/{number}/again").status_code == 404


def test_mails_to_staff_are_for_those_who_manage_people(place, issuer):
    admin = place.person("Adam Admin", "institution_admin", "auditor")
    new = {"email": "new@staff.example", "name": "Nora New", "grants": [(Role.AUTHOR, None)]}
    invite(place.desk(admin), **new)
    mail = rows(place)[-1]
    page = place.get(place.client(admin), f"{MAIL}/{mail.id}").text
    assert "/staff/invitation/" in page
    assert place.get(issuer, f"{MAIL}/{mail.id}").status_code == 404
    assert "Nora New" not in place.get(issuer, MAIL).text


def test_a_link_that_opens_another_institutions_work_too_is_not_shown(place):
    new = {"email": "new@staff.example", "name": "Nora New", "grants": [(Role.AUTHOR, None)]}
    invite(place.desk(place.person("Adam Admin", "institution_admin")), **new)
    other = place.person("Ola Other", "institution_admin", "auditor", slug="other")
    invite(place.desk(other, "other"), **new)
    page = place.get(place.client(other), f"/console/other/mail/{rows(place)[-1].id}").text
    assert "Nora New" in page
    assert "/staff/invitation/" not in page


def test_a_role_in_a_faculty_sees_its_own_mails_only(place):
    with place.deployment.writing() as session:
        faculty = Faculty(institution_id=1, code="LAW", name="Law", created=place.clock.now)
        session.add(faculty)
        session.flush()
        key = faculty.id
    confined = place.person("Fay Faculty", "issuer", faculty=key)
    assert search_mails(place.desk(confined), MailSearch()).total == 0
    assert place.get(place.client(confined), f"{MAIL}/{rows(place)[0].id}").status_code == 404
