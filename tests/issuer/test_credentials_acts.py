"""Acts on credentials: one, many, all or nothing; the mails that follow; what the history tells."""

import uuid

import pytest
from credential_office import CredentialOffice
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from issuer import IssuerError, NotFound, StatusRefused
from issuer.audit.verify import verify_audit
from issuer.audit_tables import AuditEntryRow
from issuer.credentials import bulk, visits
from issuer.credentials.history import What, Who, credential_file, masked
from issuer.credentials.resend import MOST_A_DAY, send_again
from issuer.errors import NotAllowed
from issuer.records import RevocationReason, Status
from issuer.staff.roles import Role
from issuer.status import LONGEST_NOTE, StatusAct, StatusOrder, change_status
from issuer.tables import CredentialRow, OutboxMailRow, StatusChange, StatusEntry, StatusList


@pytest.fixture
def world(tmp_path):
    world = CredentialOffice(tmp_path / "var")
    yield world
    world.close()


def order(act="revoke", reason="error", **changes):
    known = RevocationReason(reason) if act == "revoke" else None
    return StatusOrder(StatusAct(act), known, **changes)


def bulk_order(act="revoke", **changes):
    return order(act, bulk=str(uuid.uuid4()), **changes)


def mails(world):
    return [(mail.kind, mail.number, mail.state) for mail in world.rows(OutboxMailRow)]


def statuses(world):
    return [row.status for row in world.rows(CredentialRow)]


# One credential


def test_a_note_is_kept_for_staff_and_a_longer_one_is_refused(world):
    first, second = world.issue(2)
    change_status(world.desk(), first.urn, order(note="Letter of 3 July."))
    (change,) = world.rows(StatusChange)
    assert (change.note, change.reason, change.done_by) == ("Letter of 3 July.", "error", "Bùi Thu Trang")
    order(note="x" * LONGEST_NOTE)
    for refused in ("x" * (LONGEST_NOTE + 1), "a\0b"):
        with pytest.raises(IssuerError) as error:
            order(note=refused)
        assert error.value.code == "note"
    assert world.issuer.credential(second.urn).status is Status.GOOD


def test_a_revocation_has_a_reason_and_nothing_else_has_one():
    for act, reason in (("revoke", None), ("suspend", RevocationReason.ERROR), ("reinstate", "error")):
        with pytest.raises(IssuerError) as refused:
            StatusOrder(StatusAct(act), reason)
        assert refused.value.code == "reason"
    assert StatusOrder(StatusAct.SUSPEND).reason is None


def test_who_only_reads_changes_nothing(world):
    (record,) = world.issue(1)
    for role in (Role.AUDITOR, Role.AUTHOR, Role.REVIEWER, Role.INSTITUTION_ADMIN, Role.RECOGNITION_OFFICER):
        with pytest.raises(NotAllowed):
            change_status(world.desk(role), record.urn, order())
    change_status(world.desk(Role.ISSUER), record.urn, order())


def test_a_role_in_another_faculty_changes_nothing(world):
    (record,) = world.issue(1)
    mine, elsewhere = world.faculty("eco"), world.faculty("law", with_definition=False)
    with pytest.raises(NotAllowed):
        change_status(world.desk(faculty=elsewhere), record.urn, order())
    change_status(world.desk(faculty=mine), record.urn, order())


def test_another_institution_does_not_find_it(world):
    (record,) = world.issue(1)
    for named in (record.urn, record.code, record.short_code):
        with pytest.raises(NotFound):
            change_status(world.desk(slug="other"), named, order())
        with pytest.raises(NotFound):
            credential_file(world.desk(slug="other"), named)
        with pytest.raises(NotFound):
            send_again(world.desk(slug="other"), named)
    credential_file(world.desk(), record.urn)


def test_whoever_had_the_mail_is_told_of_the_end_and_others_have_theirs_withdrawn(world):
    (first,) = world.issue(1)
    world.mails_sent()
    (second,) = world.issue(1, run="Autumn 2026")
    for record in (first, second):
        change_status(world.desk(), record.urn, order())
    assert mails(world) == [("award", 1, "sent"), ("award", 1, "withdrawn"), ("revoked", 1, "queued")]
    assert world.rows(OutboxMailRow, kind="revoked")[0].message_id != world.rows(OutboxMailRow)[0].message_id


def test_a_try_of_which_nobody_knows_the_end_counts_as_sent(world):
    records = world.issue(2)
    under_way, put_off = world.rows(OutboxMailRow)
    known = under_way.credential_id
    with world.issuer.deployment.writing() as session:
        for mail, error in ((under_way, None), (put_off, "451 later")):
            mail.attempts, mail.error = 1, error
            session.add(mail)
    for record in records:
        change_status(world.desk(), record.urn, order())
    assert [mail.credential_id for mail in world.rows(OutboxMailRow, kind="revoked")] == [known]


# The mail again


def test_a_mail_is_sent_again_with_an_id_of_its_own_a_few_times_a_day(world):
    (record,) = world.issue(1)
    with pytest.raises(IssuerError) as waits:
        send_again(world.desk(), record.urn)
    assert waits.value.code == "mail_waits"
    for number in range(2, MOST_A_DAY + 2):
        world.mails_sent()
        send_again(world.desk(), record.urn)
        assert mails(world)[-1] == ("award", number, "queued")
    world.mails_sent()
    with pytest.raises(IssuerError) as often:
        send_again(world.desk(), record.urn)
    assert often.value.code == "mail_too_often"
    world.clock.forward(days=1, seconds=1)
    send_again(world.desk(), record.urn)
    assert len({mail.message_id for mail in world.rows(OutboxMailRow)}) == MOST_A_DAY + 2
    assert len(world.rows(AuditEntryRow, act="mail.resend", subject=record.urn)) == MOST_A_DAY + 1


def test_the_mail_of_a_revoked_credential_is_not_sent_again(world):
    good, revoked = world.issue(2)
    world.mails_sent()
    change_status(world.desk(), revoked.urn, order())
    with pytest.raises(StatusRefused):
        send_again(world.desk(), revoked.urn)
    with pytest.raises(NotAllowed):
        send_again(world.desk(Role.AUDITOR), good.urn)
    send_again(world.desk(), good.urn)


# Many credentials


def test_many_are_planned_done_and_told(world):
    records = world.issue(4)
    change_status(world.desk(), records[0].urn, order(reason="board"))
    chosen = [record.short_code for record in records]
    planned = bulk.plan(world.desk(), chosen, StatusAct.REVOKE)
    assert len(planned.credentials) == 3
    assert [(each.credential.urn, each.code) for each in planned.left_out] == [
        (records[0].urn, "already_revoked")
    ]
    assert statuses(world).count("revoked") == 1  # planning changes nothing
    done = bulk.carry_out(world.desk(), chosen, bulk_order(note="Resolution 7"))
    assert (len(done.done), done.act, done.reason) == (3, StatusAct.REVOKE, RevocationReason.ERROR)
    assert [each.code for each in done.left_out] == ["already_revoked"]
    assert statuses(world) == ["revoked"] * 4
    assert not done.published
    world.issuer.sign_status_lists()
    assert bulk.result(world.desk(), done.bulk).published
    assert {change.note for change in world.rows(StatusChange, bulk=done.bulk)} == {"Resolution 7"}
    assert not [fault for report in verify_audit(world.issuer.deployment) for fault in report.faults]


def test_a_form_that_comes_twice_is_done_once(world):
    chosen = [record.short_code for record in world.issue(2)]
    ordered = bulk_order("suspend")
    first = bulk.carry_out(world.desk(), chosen, ordered)
    change_status(world.desk(), chosen[0], order("reinstate"))
    again = bulk.carry_out(world.desk(), chosen, ordered)
    assert [each.urn for each in again.done] == [each.urn for each in first.done]
    assert sorted(statuses(world)) == ["good", "suspended"]
    assert len(world.rows(StatusChange)) == 3


def test_what_one_of_many_spoils_is_done_to_none(world, monkeypatch):
    records = world.issue(3)

    def fail(*_arguments, **_options):
        raise RuntimeError("the machine goes down here")

    monkeypatch.setattr("issuer.credentials.bulk.record", fail)
    with pytest.raises(RuntimeError):
        bulk.carry_out(world.desk(), [record.short_code for record in records], bulk_order())
    assert statuses(world) == ["good"] * 3
    assert world.rows(StatusChange) == []
    assert world.rows(StatusEntry, is_set=True) == []
    assert {each.changes for each in world.rows(StatusList)} == {0}
    monkeypatch.undo()
    bulk.carry_out(world.desk(), [record.short_code for record in records], bulk_order())
    assert statuses(world) == ["revoked"] * 3


def test_one_of_another_institution_among_many_is_not_there(world):
    mine = world.issue(2)
    (other,) = world.issue(1, slug="other")
    with pytest.raises(NotFound):
        bulk.carry_out(world.desk(), [mine[0].short_code, other.short_code], bulk_order())
    assert set(statuses(world)) == {"good"}
    bulk.carry_out(world.desk(), [each.short_code for each in mine], bulk_order())


def test_nothing_chosen_too_many_and_a_form_without_its_name_are_refused(world, monkeypatch):
    chosen = [record.short_code for record in world.issue(2)]
    monkeypatch.setattr(bulk, "MOST", 1)
    for codes, ordered, code in (
        ([], bulk_order(), "none_chosen"),
        (chosen, bulk_order(), "too_many"),
        (chosen[:1], order(), "bulk"),
        (chosen[:1], order(bulk="../x"), "bulk"),
    ):
        with pytest.raises(IssuerError) as refused:
            bulk.carry_out(world.desk(), codes, ordered)
        assert refused.value.code == code
    bulk.carry_out(world.desk(), chosen[:1], bulk_order())


def test_a_result_is_told_to_its_own_institution_alone(world):
    done = bulk.carry_out(world.desk(), [world.issue(1)[0].short_code], bulk_order())
    assert bulk.result(world.desk(Role.AUDITOR), done.bulk).done
    for desk, name in ((world.desk(slug="other"), done.bulk), (world.desk(), str(uuid.uuid4()))):
        with pytest.raises(NotFound):
            bulk.result(desk, name)


def test_where_the_definition_has_not_opted_in_nothing_is_suspended(tmp_path):
    world = CredentialOffice(tmp_path / "plain", suspension=False)
    (record,) = world.issue(1)
    planned = bulk.plan(world.desk(), [record.short_code], StatusAct.SUSPEND)
    assert [each.code for each in planned.left_out] == ["no_suspension"]
    assert credential_file(world.desk(), record.urn).refused[StatusAct.SUSPEND].code == "no_suspension"
    world.close()


# History and visits


def test_the_history_tells_all_of_it_the_newest_first(world):
    (record,) = world.issue(1)
    world.clock.forward(minutes=1)
    world.mails_sent()
    world.clock.forward(minutes=1)
    token = world.issuer.holder_url(record).rpartition("/")[2]
    visits.opened(world.issuer.deployment, token)
    world.clock.forward(minutes=1)
    visits.downloaded(world.issuer.deployment, token)
    world.clock.forward(minutes=1)
    change_status(world.desk(), record.urn, order("suspend"))
    world.clock.forward(minutes=1)
    change_status(world.desk(), record.urn, order("reinstate", note="Fee paid."))
    world.clock.forward(minutes=1)
    send_again(world.desk(), record.urn)
    world.clock.forward(minutes=1)
    change_status(world.desk(), record.urn, order(reason="board"))
    file = credential_file(world.desk(Role.AUDITOR), record.short_code)
    told = [event.what for event in file.events]
    assert told[0] is What.REVOKED
    assert [what for what in told if what in (What.REINSTATED, What.SUSPENDED)] == [
        What.REINSTATED,
        What.SUSPENDED,
    ]
    assert told.index(What.DOWNLOADED) < told.index(What.OPENED) < told.index(What.SIGNED)
    assert told[-1] is What.UPLOADED
    assert {event.name for event in file.events if event.what is What.REVOKED} == {"Bùi Thu Trang"}
    assert [event.note for event in file.events if event.what is What.REINSTATED] == ["Fee paid."]
    taken = next(event for event in file.events if event.what is What.MAIL_TAKEN)
    assert (taken.who, taken.detail) == (Who.MAIL_SERVER, "l…1@example.edu")
    assert file.events == tuple(sorted(file.events, key=lambda event: event.at, reverse=True))
    assert set(file.refused) == set(StatusAct)


def test_a_file_says_whether_the_public_list_shows_it(world):
    record, neighbour = world.issue(2)
    assert credential_file(world.desk(), record.urn).published
    change_status(world.desk(), record.urn, order())
    assert not credential_file(world.desk(), record.urn).published
    assert credential_file(world.desk(), neighbour.urn).published  # of the same list, and not touched
    world.issuer.sign_status_lists()
    file = credential_file(world.desk(), record.urn)
    assert file.published
    assert [place.is_set for place in file.places if place.purpose == "revocation"] == [True]


@pytest.mark.parametrize(
    ("address", "shown"),
    [("nhu@student.example", "n…u@student.example"), ("a@b.example", "a…@b.example")],
)
def test_addresses_are_masked(address, shown):
    assert masked(address) == shown


def test_the_first_visit_is_noted_and_no_later_one(world):
    first, second = world.issue(2)
    token = world.issuer.holder_url(first).rpartition("/")[2]
    began = world.clock.now
    visits.opened(world.issuer.deployment, token)
    visits.downloaded(world.issuer.deployment, token)
    world.clock.forward(hours=1)
    visits.opened(world.issuer.deployment, token)
    visits.downloaded(world.issuer.deployment, token)
    visits.opened(world.issuer.deployment, "x" * 22)
    visits.opened(world.issuer.deployment, "no token")
    rows = {row.urn: row for row in world.rows(CredentialRow)}
    assert (rows[first.urn].opened, rows[first.urn].downloaded) == (began, began)
    assert (rows[second.urn].opened, rows[second.urn].downloaded) == (None, None)


class ConsoleMachine(RuleBasedStateMachine):
    """Any sequence of single and bulk acts on three credentials by two people; a model knows the outcome."""

    folder = None
    number = 0

    def __init__(self):
        super().__init__()
        type(self).number += 1
        self.world = CredentialOffice(type(self).folder / str(type(self).number))
        self.codes = [record.short_code for record in self.world.issue(3)]
        self.model = dict.fromkeys(self.codes, "good")
        self.changes = 0

    _ways = {  # noqa: RUF012
        ("good", "revoke"): "revoked",
        ("suspended", "revoke"): "revoked",
        ("good", "suspend"): "suspended",
        ("suspended", "reinstate"): "good",
    }
    _acts = st.sampled_from(["revoke", "suspend", "reinstate"])

    @rule(which=st.integers(0, 2), act=_acts, who=st.sampled_from(["a", "b"]))
    def one(self, which, act, who):
        code = self.codes[which]
        desk, wanted = self.world.desk(ref=who, name=who), self._ways.get((self.model[code], act))
        if wanted is None:
            with pytest.raises(StatusRefused):
                change_status(desk, code, order(act))
        else:
            change_status(desk, code, order(act))
            self.model[code] = wanted
            self.changes += 1

    @rule(chosen=st.sets(st.integers(0, 2), min_size=1), act=_acts, twice=st.booleans())
    def many(self, chosen, act, twice):
        codes, ordered = [self.codes[which] for which in chosen], bulk_order(act)
        able = {code for code in codes if (self.model[code], act) in self._ways}
        for _ in range(1 + twice):
            done = bulk.carry_out(self.world.desk(), codes, ordered)
            assert {each.short_code for each in done.done} == able
            assert {each.credential.short_code for each in done.left_out} == set(codes) - able
        self.model |= {code: self._ways[self.model[code], act] for code in able}
        self.changes += len(able)

    @rule()
    def mails_go_out(self):
        self.world.mails_sent()

    @invariant()
    def the_rows_follow_the_model(self):
        rows = {row.short_code: row for row in self.world.rows(CredentialRow)}
        assert {code: rows[code].status for code in self.codes} == self.model
        assert len(self.world.rows(StatusChange)) == self.changes
        assert sum(each.changes for each in self.world.rows(StatusList)) == self.changes
        revoked = {rows[code].id for code, status in self.model.items() if status == "revoked"}
        suspended = {rows[code].id for code, status in self.model.items() if status == "suspended"}
        for purpose, keys in (("revocation", revoked), ("suspension", suspended)):
            set_ones = {
                entry.credential_id for entry in self.world.rows(StatusEntry, purpose=purpose, is_set=True)
            }
            assert set_ones == keys if purpose == "revocation" else keys <= set_ones
        assert not [
            mail
            for mail in self.world.rows(OutboxMailRow, kind="award", state="queued")
            if mail.credential_id in revoked
        ]

    def teardown(self):
        self.world.close()


def test_any_sequence_of_acts_on_one_and_many_keeps_everything_together(tmp_path):
    ConsoleMachine.folder = tmp_path
    ConsoleMachine.TestCase.settings = settings(max_examples=4, stateful_step_count=8, deadline=None)
    ConsoleMachine.TestCase().runTest()
