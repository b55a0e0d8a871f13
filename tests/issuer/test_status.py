"""Revoking, suspending, reinstating: the states, the bits, and the signed lists that show them."""

import json
import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from issuing_office import CODE, Office
from sqlmodel import select

from issuer import IssuerError, NotFound, RevocationReason, Status, StatusRefused
from issuer.status_lists import RENEWAL, VALIDITY, _store
from issuer.tables import StatusEntry, StatusList
from issuer.transactions import reading
from keys import SecretKey
from ob3 import BitstringStatusList, add_proof


def verdict(office, record):
    return office.verified(record).verdict


def shown_bits(office):
    """Read the served lists as the world does: for each list the indexes that are set."""
    shown = {}
    with reading(office.engine) as session:
        lists = session.exec(select(StatusList)).all()
    for each in lists:
        document = json.loads(office.issuer.status_list(each.public_id).text)
        bits = BitstringStatusList.decode(document["credentialSubject"]["encodedList"])
        shown[each.id] = {index for index in range(bits.length) if bits.get(index)}
    return shown


def row_bits(office):
    with reading(office.engine) as session:
        lists = {each.id: set() for each in session.exec(select(StatusList))}
        for entry in session.exec(select(StatusEntry).where(StatusEntry.is_set)):
            lists[entry.status_list_id].add(entry.list_index)
    return lists


def test_a_revoked_credential_is_seen_as_revoked_and_its_neighbour_is_not(office):
    office.ready()
    first, second = (office.issuer.credential(urn) for urn in office.issue(2).credentials)
    office.issuer.revoke(first.urn, reason="board", by="registrar")
    office.issuer.sign_status_lists()
    assert (verdict(office, first), verdict(office, second)) == ("revoked", "valid")
    record = office.issuer.credential(first.urn)
    assert (record.status, record.status_reason) == (Status.REVOKED, RevocationReason.BOARD)


@pytest.mark.parametrize("handle", ["urn", "code", "short_code", "shown_code", "number"])
def test_every_handle_finds_the_credential(office, handle):
    office.ready()
    record = office.one()
    if handle == "number":
        named = office.issuer.find_award("uef", "UEF-0001", CODE)
    else:
        named = getattr(record, handle)
    office.issuer.revoke(named, reason=RevocationReason.ERROR, by="registrar")
    assert office.issuer.credential(record.urn).status is Status.REVOKED


def test_a_number_with_several_awards_needs_its_run(office):
    office.ready()
    office.issue(1, run="a")
    (urn,) = office.issue(1, run="b").credentials
    with pytest.raises(IssuerError) as refused:
        office.issuer.find_award("uef", "UEF-0001", CODE)
    assert refused.value.code == "several_credentials"
    assert office.issuer.find_award("uef", "UEF-0001", f"{CODE}@2026-1", run="b") == urn
    with pytest.raises(NotFound):
        office.issuer.find_award("uef", "UEF-0002", CODE)


def test_a_reason_is_one_of_the_closed_list(office):
    office.ready()
    record = office.one()
    with pytest.raises(IssuerError) as refused:
        office.issuer.revoke(record.urn, reason="dislike", by="registrar")
    assert refused.value.code == "reason"
    for reason in RevocationReason:
        assert reason in ("replaced", "error", "board", "wish", "key")


def test_another_institution_cannot_touch_it(office):
    office.ready()
    office.ready(slug="other")
    record = office.one()
    with pytest.raises(NotFound):
        office.issuer.revoke(record.urn, reason="error", by="registrar", slug="other")
    office.issuer.revoke(record.urn, reason="error", by="registrar", slug="uef")


def test_suspension_needs_a_definition_that_opted_in(office):
    office.ready(suspension=False)
    record = office.one()
    with pytest.raises(StatusRefused) as refused:
        office.issuer.suspend(record.urn, by="registrar")
    assert refused.value.code == "no_suspension"


def test_a_suspension_is_seen_and_lifted(office):
    office.ready(suspension=True)
    record = office.one()
    office.issuer.suspend(record.urn, by="registrar")
    office.issuer.sign_status_lists()
    assert verdict(office, record) == "suspended"
    office.issuer.reinstate(record.urn, by="registrar")
    office.issuer.sign_status_lists()
    assert verdict(office, record) == "valid"
    assert [change.act for change in office.issuer.status_history(record.urn)] == ["suspend", "reinstate"]


def test_a_list_is_signed_again_at_once_after_a_change_and_hourly_and_not_else(office):
    office.ready()
    record = office.one()
    assert office.issuer.sign_status_lists() == 0
    office.issuer.revoke(record.urn, reason="error", by="registrar")
    assert office.issuer.sign_status_lists() == 1
    assert office.issuer.sign_status_lists() == 0
    office.clock.now += RENEWAL
    assert office.issuer.sign_status_lists() == 1
    assert office.issuer.sign_status_lists(only_due=False) == 1


def test_a_list_says_how_long_it_is_good_and_its_etag_follows_its_text(office):
    office.ready()
    office.one()
    first = office.issuer.status_list("uef-revocation-1")
    document = json.loads(first.text)
    assert document["id"] == f"{office.base_url}/status/uef-revocation-1"
    assert document["credentialSubject"]["statusPurpose"] == "revocation"
    assert first.valid_until - first.valid_from == VALIDITY
    office.clock.now += RENEWAL
    office.issuer.sign_status_lists()
    second = office.issuer.status_list("uef-revocation-1")
    assert first.etag != second.etag
    assert first.text != second.text


def test_a_list_that_nobody_renews_runs_out_and_is_never_green(office):
    office.ready()
    record = office.one()
    office.clock.now += VALIDITY * 1.1
    assert verdict(office, record) == "undetermined"
    office.issuer.sign_status_lists()
    assert verdict(office, record) == "valid"


def test_a_text_from_an_older_snapshot_never_replaces_a_newer_one(office):
    office.ready()
    record = office.one()
    before = office.issuer.status_list("uef-revocation-1")
    office.issuer.revoke(record.urn, reason="error", by="registrar")
    office.issuer.sign_status_lists()
    newer = office.issuer.status_list("uef-revocation-1")
    _store(office.issuer.deployment, 1, rendered_changes=0, text=before.text, valid_from=office.clock())
    assert office.issuer.status_list("uef-revocation-1") == newer


def test_a_clock_behind_the_last_signature_signs_nothing(office):
    office.ready()
    office.one()
    office.clock.forward(seconds=-1)
    with pytest.raises(IssuerError) as refused:
        office.issuer.sign_status_lists(only_due=False)
    assert refused.value.code == "clock_behind"


def test_a_list_that_the_published_key_does_not_verify_is_not_stored(office):
    office.ready()
    office.one()
    stored = office.issuer.status_list("uef-revocation-1")
    wrong = type(office.keys)(office.folder / "other-keys")
    for path in office.keys.folder.iterdir():
        (wrong.folder / path.name).write_bytes(SecretKey.generate().reveal_seed())
    office.clock.forward(seconds=1)
    with pytest.raises(IssuerError) as refused:
        office.another(keys=wrong).sign_status_lists(only_due=False)
    assert refused.value.code == "signed_wrong"
    assert office.issuer.status_list("uef-revocation-1") == stored
    office.another().sign_status_lists(only_due=False)
    assert office.issuer.status_list("uef-revocation-1") != stored


def test_a_list_that_is_not_what_was_rendered_is_not_stored(office, monkeypatch):
    office.ready()
    office.one()
    stored = office.issuer.status_list("uef-revocation-1")
    office.clock.forward(seconds=1)

    def other(unsigned, **given):
        return add_proof({**unsigned, "validUntil": "2099-01-01T00:00:00Z"}, **given)

    with monkeypatch.context() as changed:
        changed.setattr("issuer.status_lists.add_proof", other)
        with pytest.raises(IssuerError) as refused:
            office.issuer.sign_status_lists(only_due=False)
    assert refused.value.code == "signed_wrong"
    assert office.issuer.status_list("uef-revocation-1") == stored
    office.issuer.sign_status_lists(only_due=False)
    assert office.issuer.status_list("uef-revocation-1") != stored


def test_the_mail_about_a_revoked_credential_is_withdrawn(office):
    office.ready()
    record = office.one()
    office.issuer.revoke(record.urn, reason="error", by="registrar")
    assert [mail.state for mail in office.issuer.outbox()] == ["withdrawn"]


def test_revocations_at_the_same_moment_are_all_shown(office):
    office.ready()
    urns = office.issue(16).credentials
    errors = []

    def revoke(mine):
        try:
            for urn in mine:
                office.another().revoke(urn, reason="board", by="registrar")
                office.issuer.sign_status_lists()
        except Exception as error:  # noqa: BLE001  (told to the test below)
            errors.append(error)

    threads = [threading.Thread(target=revoke, args=(urns[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert shown_bits(office) == row_bits(office)
    assert {office.issuer.credential(urn).status for urn in urns} == {Status.REVOKED}


def test_indexes_are_spread_over_the_whole_list(office):
    office.ready()
    office.issue(40)
    with reading(office.engine) as session:
        indexes = session.exec(select(StatusEntry.list_index).order_by(StatusEntry.id)).all()
    quarters = [sum(index * 4 // 131_072 == quarter for index in indexes) for quarter in range(4)]
    assert min(quarters) > 0  # all forty in three quarters: once in 25,000 runs
    assert indexes != sorted(indexes)


def test_unknown_handles_are_told(office):
    office.ready()
    for named in ("urn:uuid:00000000-0000-4000-8000-000000000000", "x" * 22, "7KQ2-M9TX", "nothing", ""):
        with pytest.raises(NotFound):
            office.issuer.revoke(named, reason="error", by="registrar")


class StatusMachine(RuleBasedStateMachine):
    """Any sequence of acts on three credentials; the model knows what must come of it."""

    folder = None
    number = 0

    def __init__(self):
        super().__init__()
        type(self).number += 1
        self.office = Office(type(self).folder / str(type(self).number))
        self.office.ready(suspension=True)
        self.urns = self.office.issue(3).credentials
        self.model = dict.fromkeys(self.urns, "good")

    @rule(which=st.integers(0, 2), act=st.sampled_from(["revoke", "suspend", "reinstate"]))
    def act(self, which, act):
        urn = self.urns[which]
        allowed = {
            ("good", "revoke"): "revoked",
            ("suspended", "revoke"): "revoked",
            ("good", "suspend"): "suspended",
            ("suspended", "reinstate"): "good",
        }.get((self.model[urn], act))
        extra = {"reason": "board"} if act == "revoke" else {}
        if allowed is None:
            with pytest.raises(StatusRefused):
                getattr(self.office.issuer, act)(urn, by="registrar", **extra)
        else:
            getattr(self.office.issuer, act)(urn, by="registrar", **extra)
            self.model[urn] = allowed

    @rule(seconds=st.integers(1, 8000))
    def time_goes_by(self, seconds):
        self.office.clock.forward(seconds=seconds)

    @invariant()
    def the_signed_lists_show_the_rows(self):
        self.office.issuer.sign_status_lists()
        assert shown_bits(self.office) == row_bits(self.office)

    @invariant()
    def the_records_follow_the_model(self):
        for urn, expected in self.model.items():
            assert self.office.issuer.credential(urn).status == expected

    def teardown(self):
        self.office.close()


def test_any_sequence_of_acts_keeps_states_and_bits_together(tmp_path):
    StatusMachine.folder = tmp_path
    StatusMachine.TestCase.settings = settings(max_examples=5, stateful_step_count=8, deadline=None)
    StatusMachine.TestCase().runTest()


def test_the_next_list_begins_when_one_is_half_full(office):
    office.ready()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.status_places.OPEN_UNTIL", 3)
        office.issue(5)
    with reading(office.engine) as session:
        lists = session.exec(select(StatusList).order_by(StatusList.id)).all()
    assert [(each.number, each.used) for each in lists] == [(1, 3), (2, 2)]
    for record in office.issuer.credentials("uef"):
        assert office.verified(record).verdict == "valid"
