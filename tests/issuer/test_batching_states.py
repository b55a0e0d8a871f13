"""Whatever people do with batches, in any order: nothing is issued that the rules would not have."""

import contextlib
import tempfile
from pathlib import Path

from batch_desks import desk, need_approval
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from issuing_office import CODE, Office, class_list
from sqlmodel import select

from issuer.audit.verify import verify_audit
from issuer.batching import approval, drafts, undo, view
from issuer.errors import IssuerError
from issuer.tables import Batch, BatchRow, CredentialRow, OutboxMailRow, StatusEntry
from issuer.transactions import reading

PEOPLE = ("Nam", "Trang", "Ba")
who = st.sampled_from(PEOPLE)
which = st.integers(0, 2)


class Batches(RuleBasedStateMachine):
    """Three people, an institution that may change its mind, and a worker that stops when it likes."""

    @initialize(asked=st.booleans())
    def open_office(self, asked):
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "var")
        self.office.ready()
        self.desks = {name: desk(self.office, name, "issuer") for name in PEOPLE}
        self.batches, self.touched, self.opened = [], {}, {}
        self.asked = asked
        need_approval(self.office, wanted=asked)

    def teardown(self):
        if hasattr(self, "office"):
            self.office.close()
            self.folder.cleanup()

    def state(self, batch):
        with reading(self.office.engine) as session:
            return session.exec(select(Batch.state).where(Batch.id == batch)).one()

    @rule(name=who, rows=st.integers(1, 4), run=st.sampled_from(("Spring", "Autumn")))
    def upload(self, name, rows, run):
        if len(self.batches) >= 3:
            return
        told = {"definition": CODE, "run": run, "file_name": "x.csv", "data": class_list(rows)}
        batch = drafts.upload(self.desks[name], **told)
        if batch not in self.batches:
            self.batches.append(batch)
            self.touched[batch] = {name}

    @rule(wanted=st.booleans())
    def change_policy(self, wanted):
        self.asked = wanted
        need_approval(self.office, wanted=wanted)

    @precondition(lambda self: self.batches)
    @rule(name=who, at=which, text=st.sampled_from(("Nguyễn Thị Khác", "", "Lê Văn Tám")))
    def mend(self, name, at, text):
        batch = self.batches[at % len(self.batches)]
        with contextlib.suppress(IssuerError):
            drafts.mend(self.desks[name], batch, {(2, 0): text})
            self.touched[batch].add(name)

    @precondition(lambda self: self.batches)
    @rule(name=who, at=which)
    def send(self, name, at):
        batch = self.batches[at % len(self.batches)]
        with contextlib.suppress(IssuerError):
            seen = view.batch_view(self.desks[name], batch)
            approval.send(self.desks[name], batch, revision=seen.revision)
            self.touched[batch].add(name)

    @precondition(lambda self: self.batches)
    @rule(name=who, at=which, note=st.sampled_from(("", "Look at line 2.")))
    def send_back(self, name, at, note):
        with contextlib.suppress(IssuerError):
            approval.send_back(self.desks[name], self.batches[at % len(self.batches)], note)

    @precondition(lambda self: self.batches)
    @rule(name=who, at=which, stale=st.booleans())
    def approve(self, name, at, stale):
        batch = self.batches[at % len(self.batches)]
        before = self.state(batch)
        seen = view.batch_view(self.desks[name], batch)
        try:
            approval.approve(
                self.desks[name],
                batch,
                revision=seen.revision - stale,
                certificates=seen.certificates,
            )
        except IssuerError:
            assert self.state(batch) == before
            return
        if before in ("open", "finished"):
            assert self.opened[batch] == name  # the same click again
            return
        assert not stale
        assert before == ("approval" if self.asked else before)
        assert not (self.asked and name in self.touched[batch])
        assert batch not in self.opened
        self.opened[batch] = name

    @precondition(lambda self: self.batches)
    @rule(looks=st.integers(0, 2))
    def work(self, looks):
        answers = iter([False] * looks)
        self.office.issuer.resume(should_stop=lambda: next(answers, True))

    @precondition(lambda self: self.batches)
    @rule(name=who, at=which)
    def undo(self, name, at):
        with contextlib.suppress(IssuerError):
            undo.undo(self.desks[name], self.batches[at % len(self.batches)])

    @precondition(lambda self: self.batches)
    @rule(name=who, at=which)
    def discard(self, name, at):
        with contextlib.suppress(IssuerError):
            drafts.discard(self.desks[name], self.batches[at % len(self.batches)])

    @rule(hours=st.sampled_from((1, 23, 25)))
    def wait(self, hours):
        self.office.clock.forward(hours=hours)

    @invariant()
    def nothing_is_issued_that_nobody_approved(self):
        if not hasattr(self, "office"):
            return
        with reading(self.office.engine) as session:
            owners = set(session.exec(select(BatchRow.batch_id)))
            owners |= set(session.exec(select(CredentialRow.batch_id)))
            states = dict(session.exec(select(Batch.id, Batch.state)).all())
        assert owners <= set(self.opened)
        assert {batch for batch, state in states.items() if state in ("open", "finished", "undone")} == set(
            self.opened
        )

    @invariant()
    def an_undone_batch_leaves_nothing_that_stands_or_is_mailed(self):
        if not hasattr(self, "office"):
            return
        with reading(self.office.engine) as session:
            undone = set(session.exec(select(Batch.id).where(Batch.state == "undone")))
            credentials = session.exec(select(CredentialRow)).all()
            mails = session.exec(select(OutboxMailRow)).all()
            entries = {row.credential_id: row.is_set for row in session.exec(select(StatusEntry))}
        revoked = {row.id for row in credentials if row.status == "revoked"}
        assert revoked == {row.id for row in credentials if row.batch_id in undone}
        assert {key for key, is_set in entries.items() if is_set} == revoked
        assert not [mail for mail in mails if mail.state == "queued" and mail.credential_id in revoked]
        standing = [(row.learner_id, row.run) for row in credentials if row.id not in revoked]
        assert len(standing) == len(set(standing))

    @invariant()
    def the_audit_holds(self):
        if hasattr(self, "office"):
            assert all(chain.intact for chain in verify_audit(self.office.issuer.deployment))


TestBatches = Batches.TestCase
TestBatches.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
