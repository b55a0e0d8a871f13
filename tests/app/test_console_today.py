"""Today: what waits, by role, from the rows alone; what is going on, what was done, and the term."""

import re
import uuid
from datetime import timedelta

import pytest
from batch_desks import approved, taken_in
from credential_office import CredentialOffice, text_of

from issuer.batching.undo import undo
from issuer.credentials.bulk import carry_out
from issuer.office_tables import BatchLineRow, DefinitionDraftRow
from issuer.records import RevocationReason
from issuer.staff.roles import Role
from issuer.staff_tables import ApiTokenRow, Person, StaffTokenRow
from issuer.status import StatusAct, StatusOrder
from issuer.tables import Batch, BatchRow, OutboxMailRow
from issuer.today.going_on import this_term
from issuer.today.waiting import SHOWN, Kind, waiting

TODAY = "/console/uef"


@pytest.fixture
def world(tmp_path):
    world = CredentialOffice(tmp_path / "var")
    yield world
    world.close()


def kinds(desk, *, sends_mail=True):
    return [item.kind for item in waiting(desk, sends_mail=sends_mail)]


def store(world, *rows):
    with world.issuer.deployment.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()


def a_batch(
    world, *, state="approval", hand="person-2", slug="uef", lines=("ready", "check", "left_out"), **values
):
    """Store a list as somebody prepared it, with two good lines and a bad one or others; give its id."""
    batch_id, owner = str(uuid.uuid4()), world.institution_id(slug)
    batch = Batch(
        id=batch_id,
        institution_id=owner,
        definition_version_id=1 if slug == "uef" else 2,
        run="Autumn 2026",
        state=state,
        file_digest="0" * 64,
        prepared_by=hand,
        sent_by=hand if state == "approval" else None,
        sent=world.clock.now if state == "approval" else None,
        handled_by=f'["{hand}"]',
        started_by=hand,
        created=world.clock.now,
        **{"mapping": "{}", **values},
    )
    stored = [
        BatchLineRow(
            institution_id=owner, batch_id=batch_id, line=at, cells="[]", state=line_state, findings="[]"
        )
        for at, line_state in enumerate(lines, start=2)
    ]
    store(world, batch, *stored)
    return batch_id


def a_draft(world, *, state="review", by="person-2", **values):
    public_id = str(uuid.uuid4())
    draft = DefinitionDraftRow(
        public_id=public_id,
        institution_id=world.institution_id(),
        code="MC-GBT",
        version="2026-2",
        title="Green Bonds",
        document="{}",
        state=state,
        written_by=by,
        saved_by=by,
        sent_by=by,
        created=world.clock.now,
        saved=world.clock.now,
        **values,
    )
    store(world, draft)
    return public_id


def test_an_empty_day_says_so(world):
    said = text_of(world.client().get(TODAY))
    assert said.startswith('id="main"> Today Friday, 3 July 2026. Nothing waits for you.')
    for role in Role:
        if role is not Role.CONSORTIUM_ADMIN:
            assert kinds(world.desk(role)) == []


def test_a_list_waits_for_those_who_may_approve_and_did_not_have_it_in_hand(world):
    batch_id = a_batch(world)
    (item,) = waiting(world.desk(), sends_mail=True)
    assert (item.kind, item.subject, item.count) == (Kind.APPROVE, batch_id, 2)
    assert kinds(world.desk(ref="person-2")) == []
    for role in (Role.AUTHOR, Role.REVIEWER, Role.AUDITOR, Role.INSTITUTION_ADMIN):
        assert kinds(world.desk(role)) == []
    assert kinds(world.desk(slug="other")) == []
    page = world.client().get(TODAY)
    assert f'href="{TODAY}/batches/{batch_id}"' in page.text
    said = text_of(page)
    assert "1 thing waits for you." in said
    assert "2 certificates, Credit Risk Analysis" in said
    assert "1 row left out, 1 to look at." in said


def test_a_faculty_sees_its_own_lists_alone(world):
    a_batch(world)
    mine, elsewhere = world.faculty("eco"), world.faculty("law", with_definition=False)
    assert kinds(world.desk(faculty=mine)) == [Kind.APPROVE]
    assert kinds(world.desk(faculty=elsewhere)) == []


def test_many_lists_are_shown_in_part_and_counted(world):
    for _ in range(SHOWN + 2):
        a_batch(world)
    items = waiting(world.desk(), sends_mail=True)
    assert (len(items), items[-1].others) == (SHOWN, 2)
    said = text_of(world.client().get(TODAY))
    assert f"{SHOWN + 2} things wait for you." in said
    assert "2 more like it wait." in said


def test_what_was_sent_back_and_what_has_errors_wait_for_whoever_prepared_it(world):
    a_batch(world, state="draft", hand="person-1", note="The dates are of last year.")
    a_batch(world, state="draft", hand="person-1")
    a_batch(world, state="draft", hand="person-2")
    assert kinds(world.desk()) == [Kind.BATCH_BACK, Kind.BATCH_ERRORS]
    person = world.person(name="Lê Hoàng Nam")
    a_batch(world, state="draft", hand=person, note="The dates are of last year.")
    assert "It was sent back: “The dates are of last year.”" in text_of(
        world.client(person=person).get(TODAY)
    )


def test_a_list_whose_columns_are_not_understood_waits_for_being_told(world):
    person = world.person(name="Lê Hoàng Nam")
    batch_id = a_batch(world, state="draft", hand=person, mapping=None, lines=("left_out", "left_out"))
    assert kinds(world.desk(ref=person)) == [Kind.BATCH_COLUMNS]
    page = world.client(person=person).get(TODAY)
    assert f'href="{TODAY}/batches/{batch_id}/columns"' in page.text
    assert "Columns Say what the columns are: Credit Risk Analysis" in text_of(page)
    assert "0 certificates" not in text_of(page)


def test_a_list_of_which_no_row_can_be_issued_says_what_is_left_out_and_no_number_of_certificates(world):
    person = world.person(name="Lê Hoàng Nam")
    a_batch(world, state="draft", hand=person, lines=("left_out", "left_out"))
    assert kinds(world.desk(ref=person)) == [Kind.BATCH_ERRORS]
    said = text_of(world.client(person=person).get(TODAY))
    assert "0 certificates" not in said
    assert "2 rows left out." in said


def test_drafts_wait_for_reviewers_and_come_back_to_their_authors(world):
    draft = a_draft(world)
    assert kinds(world.desk(Role.REVIEWER)) == [Kind.REVIEW]
    assert kinds(world.desk(Role.REVIEWER, ref="person-2")) == []
    assert kinds(world.desk(Role.AUTHOR)) == []
    page = world.client(Role.REVIEWER).get(TODAY)
    assert f'href="{TODAY}/definitions/drafts/{draft}"' in page.text
    assert "Green Bonds , draft 2026-2" in text_of(page)
    a_draft(world, state="draft", by="person-1", note="Say the level.")
    assert kinds(world.desk(Role.AUTHOR)) == [Kind.DRAFT_BACK]
    assert kinds(world.desk(Role.AUTHOR, ref="person-2")) == []


def test_mails_that_failed_wait_until_one_was_sent_again(world):
    world.issue(3)
    with world.issuer.deployment.writing() as session:
        for mail in world.rows(OutboxMailRow)[:2]:
            mail.state, mail.error = "failed", "550 no such user"
            session.add(mail)
    items = waiting(world.desk(), sends_mail=False)
    assert [(item.kind, item.count) for item in items] == [(Kind.MAILS_FAILED, 2)]
    assert "2 learners cannot be reached" in text_of(world.client().get(TODAY))
    assert f"{TODAY}/mail?state=failed" in world.client().get(TODAY).text
    first = world.rows(OutboxMailRow, state="failed")[0]
    again = first.model_dump() | {"id": None, "number": 2, "state": "sent", "message_id": "<2@x>"}
    store(world, OutboxMailRow(**again))
    assert waiting(world.desk(), sends_mail=False)[0].count == 1


def test_a_worker_that_does_nothing_is_told_after_two_minutes(world):
    world.issue(1)
    world.clock.forward(seconds=110)
    assert kinds(world.desk()) == []
    world.clock.forward(seconds=20)
    assert kinds(world.desk()) == [Kind.WORKER]
    assert kinds(world.desk(Role.INSTITUTION_ADMIN)) == [Kind.WORKER]
    assert kinds(world.desk(Role.AUTHOR)) == []
    assert kinds(world.desk(), sends_mail=False) == []  # nobody sends: the mails are read in the console
    world.clock.forward(hours=2)
    assert kinds(world.desk(), sends_mail=False) == [Kind.LIST_OLD]
    world.issuer.sign_status_lists()
    assert kinds(world.desk(), sends_mail=False) == []


def test_a_batch_that_stands_still_is_told(world):
    batch_id = a_batch(world, state="open")
    store(
        world,
        BatchRow(
            institution_id=world.institution_id(), batch_id=batch_id, line=2, state="pending", input="{}"
        ),
    )
    world.clock.forward(minutes=3)
    assert kinds(world.desk(), sends_mail=False) == [Kind.WORKER]
    page = world.client().get(TODAY)
    assert "0 of 1 signed, 0 mailed, 0 failed." in text_of(page)
    assert 'max="1"' in page.text
    assert 'http-equiv="refresh"' in page.text


def test_administrators_are_reminded_of_tokens_and_invitations(world):
    owner, now = world.institution_id(), world.clock.now
    store(world, Person(public_id="guest", email="g@example.edu", name="Guest", state="invited", created=now))
    guest_id = world.rows(Person, public_id="guest")[0].id
    store(
        world,
        ApiTokenRow(
            public_id="t1",
            institution_id=owner,
            name="Moodle",
            token_hash="1" * 64,
            shown="tk_1",
            acts="[]",
            created_by="x",
            created=now,
            expires=now + timedelta(days=10),
        ),
        StaffTokenRow(
            public_id="i1",
            kind="invitation",
            token_hash="2" * 64,
            person_id=guest_id,
            institution_id=owner,
            created_by="x",
            created=now - timedelta(days=4),
            expires=now + timedelta(days=3),
        ),
    )
    assert kinds(world.desk(Role.INSTITUTION_ADMIN)) == [Kind.TOKENS, Kind.INVITATIONS]
    assert kinds(world.desk()) == []
    assert "10 days left" in text_of(world.client(Role.INSTITUTION_ADMIN).get(TODAY))
    with world.issuer.deployment.writing() as session:
        (invitation,) = world.rows(StaffTokenRow)
        invitation.used = now
        session.add(invitation)
    assert kinds(world.desk(Role.INSTITUTION_ADMIN)) == [Kind.TOKENS]
    world.clock.forward(days=11)
    assert Kind.TOKENS not in kinds(world.desk(Role.INSTITUTION_ADMIN))


def test_the_term_counts_by_micro_credential(world):
    first, *_ = world.issue(3)
    world.mails_sent()
    world.issuer.revoke(first.urn, reason="error", by="registrar")
    (line,) = this_term(world.desk())
    assert (line.issued, line.mailed, line.opened, line.revoked) == (3, 3, 0, 1)
    assert this_term(world.desk(slug="other")) == []
    assert this_term(world.desk(Role.AUTHOR)) == []
    assert this_term(world.desk(faculty=world.faculty("law", with_definition=False))) == []
    assert "Credit Risk Analysis for Small-Business Lending 3 3 0 1" in text_of(world.client().get(TODAY))
    world.clock.forward(days=181)
    assert this_term(world.desk()) == []


def test_what_was_just_done_is_told_to_those_who_read_the_audit(world):
    (record,) = world.issue(1)
    world.issuer.revoke(record.urn, reason="error", by="registrar")
    auditor = world.client(Role.AUDITOR)
    page = auditor.get(TODAY)
    assert "Revoked a certificate" in text_of(page)
    assert auditor.get(f"{TODAY}/credentials/{record.urn}").status_code == 200
    assert "Just done" not in text_of(world.client().get(TODAY))
    world.clock.forward(days=1)
    assert "Nothing yet today." in text_of(world.client(Role.AUDITOR).get(TODAY))


def just_done(page):
    """Give the acts of the table, the last one first."""
    return re.findall(r'<td data-label="What">(?:<a [^>]*>)?([^<]+)', page.text)


def test_a_batch_that_was_undone_is_one_line_with_its_number(world):
    issuer = world.desk()
    batch_id = approved(issuer, taken_in(issuer, run="Autumn 2026"))
    world.issuer.issue_batch(batch_id)
    undo(issuer, batch_id)
    page = world.client(Role.AUDITOR).get(TODAY)
    told = just_done(page)
    assert told[0] == "Took a batch back: 3 certificates revoked"
    assert "Revoked a certificate" not in told
    assert f'<a href="{TODAY}/batches/{batch_id}">Took a batch back' in page.text


def test_an_act_on_several_is_one_line_and_an_act_on_one_is_another(world):
    one, *several = world.issue(3)
    world.issuer.revoke(one.urn, reason="error", by="registrar")
    order = StatusOrder(StatusAct.REVOKE, RevocationReason.ERROR, bulk=str(uuid.uuid4()))
    carry_out(world.desk(), [each.short_code for each in several], order)
    told = just_done(world.client(Role.AUDITOR).get(TODAY))
    assert told[:2] == ["Revoked 2 certificates", "Revoked a certificate"]
    assert told.count("Revoked a certificate") == 1


def test_the_first_page_leads_to_ones_institution_or_asks(world):
    assert world.client().get("/console").headers["Location"] == TODAY
    assert world.client().get("/console/other").status_code == 404
