"""Bits kept in a worker are those of the rows, whatever happens; and a revocation reads few rows."""

import json
from contextlib import suppress

import pytest
import structlog
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from issuing_office import Office
from large_list import lengthen
from sqlalchemy import event, update
from sqlmodel import select

from issuer.audit_tables import AuditEntryRow
from issuer.figures import figures
from issuer.records import RevocationReason
from issuer.status import StatusAct, StatusOrder, change_statuses
from issuer.status_bits import KEPT_FOR, KeptBits, rendered
from issuer.status_lists import DIFFERED
from issuer.tables import CredentialRow, StatusEntry, StatusList
from issuer.transactions import reading, writing
from ob3 import BitstringStatusList

REVOCATION_LIST = "uef-revocation-1"


def looked_at(session, kept, now, **options):
    """Let a worker look at every list; say what it has, what the rows have, and how many differed."""
    found = []
    for listed in session.exec(select(StatusList).order_by(StatusList.id)):
        bits = kept.of(session, listed, now=now, **options)
        found.append((bits.statuses.encoded(), rendered(session, listed).encoded(), bits.differing))
    return found


def shown(office, public_id=REVOCATION_LIST):
    document = json.loads(office.issuer.status_list(public_id).text)
    return BitstringStatusList.decode(document["credentialSubject"]["encodedList"])


class _CrashError(Exception):
    pass


class BitsMachine(RuleBasedStateMachine):
    """Two workers over one database; whatever is done, each has the bits of the snapshot that it reads."""

    office = None
    number = 0

    def __init__(self):
        super().__init__()
        type(self).number += 1
        self.urns = self.office.issue(3, run=f"run {self.number}").credentials
        self.workers = [KeptBits(), KeptBits()]

    def do(self, urns, act, *, crash=False):
        """Do what is allowed; refusals change nothing."""
        order = StatusOrder(act, RevocationReason.BOARD if act is StatusAct.REVOKE else None)
        with suppress(_CrashError), writing(self.office.engine) as session:
            keys = session.exec(select(CredentialRow.id).where(CredentialRow.urn.in_(urns))).all()
            change_statuses(session, self.office.issuer.deployment, keys, order, by="test")
            if crash:
                session.flush()
                raise _CrashError

    @rule(which=st.integers(0, 2), act=st.sampled_from(StatusAct))
    def act(self, which, act):
        self.do(self.urns[which : which + 1], act)

    @rule(act=st.sampled_from(StatusAct))
    def act_on_all_at_once(self, act):
        self.do(self.urns, act)

    @rule(act=st.sampled_from(StatusAct))
    def act_and_crash_before_the_commit(self, act):
        self.do(self.urns, act, crash=True)

    @rule(worker=st.integers(0, 1))
    def crash(self, worker):
        self.workers[worker] = KeptBits()

    @rule(worker=st.integers(0, 1), which=st.integers(0, 2), act=st.sampled_from(StatusAct))
    def look_with_a_snapshot_that_has_grown_old(self, worker, which, act):
        with reading(self.office.engine) as older:
            older.exec(select(StatusList.changes)).all()  # the snapshot begins here
            self.do(self.urns[which : which + 1], act)
            with reading(self.office.engine) as newer:
                self.confirm(looked_at(newer, self.workers[worker], self.office.clock()))
            self.confirm(looked_at(older, self.workers[worker], self.office.clock()))

    @rule()
    def change_a_counter_without_a_bit(self):
        """As the revocation of a key does, for whose sake every list is signed anew."""
        with writing(self.office.engine) as session:
            session.exec(update(StatusList).values(changes=StatusList.changes + 1))

    @rule(minutes=st.integers(1, 90))
    def time_goes_by(self, minutes):
        self.office.clock.forward(minutes=minutes)

    @rule(worker=st.integers(0, 1))
    def look(self, worker):
        with reading(self.office.engine) as session:
            self.confirm(looked_at(session, self.workers[worker], self.office.clock()))

    @rule(worker=st.integers(0, 1))
    def look_afresh(self, worker):
        with reading(self.office.engine) as session:
            self.confirm(looked_at(session, self.workers[worker], self.office.clock(), afresh=True))

    @invariant()
    def the_first_worker_has_the_bits_of_the_rows(self):
        self.look(0)

    def confirm(self, found):
        for has, should_have, differing in found:
            assert has == should_have
            assert differing == 0


def test_kept_bits_are_those_of_the_rows_after_any_sequence(tmp_path):
    office = BitsMachine.office = Office(tmp_path / "var")
    office.ready(suspension=True)
    BitsMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
    BitsMachine.TestCase().runTest()
    office.close()


class _Counted:
    """Count the statements that an engine executes and the rows that come back."""

    def __init__(self, engine):
        self.statements, self.rows, self.engine = [], 0, engine

    def __enter__(self):
        event.listen(self.engine, "after_cursor_execute", self._executed)
        return self

    def __exit__(self, *_):
        event.remove(self.engine, "after_cursor_execute", self._executed)

    def _executed(self, _connection, _cursor, statement, *_):
        self.statements.append(statement)


@pytest.fixture
def large(office):
    """Give an office whose list has a million entries, of which 1,500 are set."""
    office.ready()
    urns = office.issue(4).credentials
    lengthen(office, length=1_000_000, revoked=1_500)
    office.issuer.sign_status_lists(only_due=False)
    return office, urns


def test_a_revocation_in_a_list_of_a_million_reads_what_changed_and_nothing_else(large, monkeypatch):
    office, urns = large
    read = []
    monkeypatch.setattr("issuer.status_bits.rendered", lambda *_: pytest.fail("all rows were read"))
    _watch("_entries_since", monkeypatch, read)
    office.issuer.revoke(urns[0], reason="board", by="registrar")
    office.issuer.revoke(urns[2], reason="board", by="registrar")
    with _Counted(office.engine) as counted:
        assert office.issuer.sign_status_lists() == 1
    assert read == [("_entries_since", 2)]
    selects = [each for each in counted.statements if each.lstrip().upper().startswith("SELECT")]
    updates = [each for each in counted.statements if each.lstrip().upper().startswith("UPDATE")]
    assert len(selects) <= 3  # what is due, with owner and key; acts with entries; PostgreSQL's lock
    assert len(updates) == 1
    bits = shown(office)
    assert bits.length == 1_000_000
    with reading(office.engine) as session:
        listed = session.exec(select(StatusList)).one()
        assert bits.differences(rendered(session, listed)) == 0
        entries = session.exec(select(StatusEntry.list_index).where(StatusEntry.is_set)).all()
    assert len(entries) == 1_502
    assert all(map(bits.get, entries))


def _watch(name, monkeypatch, read):
    """Note how many rows a function has read."""
    from issuer import status_bits

    real = getattr(status_bits, name)

    def watched(*given):
        found = real(*given)
        read.append((name, len(found)))
        return found

    monkeypatch.setattr(status_bits, name, watched)


def test_after_an_hour_the_bits_are_rendered_anew_even_where_each_change_was_followed(office, monkeypatch):
    office.ready()
    urns = office.issue(4).credentials
    office.issuer.sign_status_lists(only_due=False)
    times = []
    monkeypatch.setattr(
        "issuer.status_bits.rendered", lambda *given: (times.append(office.clock()), rendered(*given))[1]
    )
    for urn in urns:  # the list is signed anew each time, so that it is never due for its age
        office.clock.now += KEPT_FOR * 0.4
        office.issuer.revoke(urn, reason="board", by="registrar")
        assert office.issuer.sign_status_lists() == 1
    assert len(times) == 1


def test_a_difference_is_told_aloud_and_the_rows_win(office):
    office.ready()
    urns = office.issue(3).credentials
    office.issuer.sign_status_lists(only_due=False)
    with writing(office.engine) as session:  # as no code of ours does: neither counted nor in the history
        entry = session.exec(select(StatusEntry).order_by(StatusEntry.id)).first()
        entry.is_set = True
        session.add(entry)
        index = entry.list_index
    office.issuer.revoke(urns[2], reason="board", by="registrar")
    office.issuer.sign_status_lists()
    assert not shown(office).get(index)  # nothing had said so
    assert figures(office.issuer.deployment).status_lists_differed == 0
    office.clock.now += KEPT_FOR
    with structlog.testing.capture_logs() as logged:
        office.issuer.sign_status_lists()
    assert shown(office).get(index)
    (told,) = [each for each in logged if each["log_level"] == "error"]
    assert told == {
        "event": "status_list_differed",
        "list": REVOCATION_LIST,
        "entries": 1,
        "log_level": "error",
    }
    with reading(office.engine) as session:
        act = session.exec(select(AuditEntryRow).where(AuditEntryRow.act == DIFFERED)).one()
    assert (act.subject, json.loads(act.after)) == (REVOCATION_LIST, {"entries": 1})
    assert figures(office.issuer.deployment).status_lists_differed == 1
    office.clock.now += KEPT_FOR
    with structlog.testing.capture_logs() as logged:
        office.issuer.sign_status_lists()
    assert logged == []


def test_a_change_that_the_history_does_not_tell_is_found_by_the_counter(office):
    office.ready()
    office.issue(2)
    office.issuer.sign_status_lists(only_due=False)
    with writing(office.engine) as session:
        entry = session.exec(select(StatusEntry).order_by(StatusEntry.id)).first()
        entry.is_set = True
        session.add(entry)
        index = entry.list_index
        session.exec(update(StatusList).values(changes=StatusList.changes + 1))
    office.issuer.sign_status_lists()
    assert shown(office).get(index)


def test_another_worker_shows_what_this_one_has_not_seen(office):
    office.ready(suspension=True)
    first, second = office.issue(2).credentials
    other = office.another()
    for worker in (office.issuer, other):
        worker.sign_status_lists(only_due=False)
    office.issuer.suspend(first, by="registrar")
    office.issuer.sign_status_lists()
    other.reinstate(first, by="registrar")
    other.suspend(second, by="registrar")
    other.sign_status_lists()
    office.issuer.suspend(first, by="registrar")
    office.issuer.sign_status_lists()
    verdicts = [office.verified(office.issuer.credential(urn)).verdict for urn in (first, second)]
    assert verdicts == ["suspended", "suspended"]
