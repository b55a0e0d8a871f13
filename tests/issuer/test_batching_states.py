"""Whatever people do with batches, in any order: nothing is issued that the rules would not have."""

import tempfile
from pathlib import Path

from batch_desks import desk, need_approval
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from issuing_office import CODE, Office, class_list
from sqlmodel import select

from issuer.audit.verify import verify_audit
from issuer.batching import approval, drafts, undo, view
from issuer.errors import IssuerError
from issuer.tables import Batch, BatchRow, CredentialRow, OutboxMailRow, StatusEntry
from issuer.transactions import reading

PEOPLE = ("Nam", "Trang")
ACTS = (
    "upload",
    "mend",
    "send",
    "send",
    "send_back",
    "approve",
    "approve",
    "approve",
    "alone",
    "alone",
    "work",
    "work",
    "undo",
)
SELDOM = ("discard", "wait", "change_policy")
acts = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(ACTS), st.sampled_from(ACTS), st.sampled_from(SELDOM)),
        st.sampled_from(PEOPLE),
        st.integers(0, 1),  # which batch
        st.integers(0, 3),  # how: rows, looks, stale
    ),
    min_size=25,
    max_size=40,
)

ALONE = [("alone", "Nam", 0, 0)]
MENDED = [("mend", "Trang", 0, 0), ("send", "Nam", 0, 0), ("approve", "Trang", 0, 0)]
SENT = [("send", "Trang", 0, 0), ("approve", "Trang", 0, 0)]


class Story:
    """Two people, an institution that may change its mind, and a worker that stops when it likes."""

    def __init__(self, folder, *, asked):
        self.office = Office(Path(folder) / "var")
        self.office.ready()
        self.desks = {name: desk(self.office, name, "issuer") for name in PEOPLE}
        self.batches, self.touched, self.opened = [], {}, {}
        self.asked = asked
        need_approval(self.office, wanted=asked)

    def act(self, kind, name, at, how):
        """Let somebody do something; what our rules refuse changes nothing."""
        if kind not in ("upload", "work", "wait", "change_policy") and not self.batches:
            return
        batch = self.batches[-1 - at % len(self.batches)] if self.batches else ""
        try:
            getattr(self, kind)(name, batch, how)
        except IssuerError:
            return

    def upload(self, name, _batch, how):
        data = class_list(how + 1)
        run = f"Spring {len(self.batches) // 2}"  # two batches for the same learners
        told = {"definition": CODE, "run": run, "file_name": "x.csv", "data": data}
        batch = drafts.upload(self.desks[name], **told)
        if batch not in self.batches:
            self.batches.append(batch)
            self.touched[batch] = {name}

    def mend(self, name, batch, how):
        drafts.mend(self.desks[name], batch, {(2, 0): f"Nguyễn Thị {'ABCD'[how]}"})
        self.touched[batch].add(name)

    def send(self, name, batch, _how):
        approval.send(self.desks[name], batch, revision=view.batch_view(self.desks[name], batch).revision)
        self.touched[batch].add(name)

    def send_back(self, name, batch, _how):
        approval.send_back(self.desks[name], batch, "Look at line 2.")

    def approve(self, name, batch, how):
        before = self.state(batch)
        seen = view.batch_view(self.desks[name], batch)
        stale = how == 3
        revision = seen.revision - stale
        approval.approve(self.desks[name], batch, revision=revision, certificates=seen.certificates)
        if before in ("open", "finished"):
            assert self.opened[batch] == name, "only the same click again is taken for done"
            return
        assert not stale
        assert before == "approval" or not self.asked
        assert not (self.asked and name in self.touched[batch]), "nobody approves their own"
        assert batch not in self.opened
        self.opened[batch] = name

    def alone(self, name, batch, how):
        """Try to do all of it without anybody else."""
        self.send(name, batch, how)
        self.approve(name, batch, 0)

    def work(self, _name, _batch, how):
        answers = iter([False] * how)
        self.office.issuer.resume(should_stop=lambda: next(answers, True))

    def undo(self, name, batch, _how):
        undo.undo(self.desks[name], batch)

    def discard(self, name, batch, how):
        if how:
            return
        drafts.discard(self.desks[name], batch)

    def wait(self, _name, _batch, how):
        self.office.clock.forward(hours=(1, 1, 23, 25)[how])

    def change_policy(self, _name, _batch, _how):
        self.asked = not self.asked
        need_approval(self.office, wanted=self.asked)

    def state(self, batch):
        with reading(self.office.engine) as session:
            return session.exec(select(Batch.state).where(Batch.id == batch)).one()

    def check(self):
        """See that what is stored is what the rules allow."""
        with reading(self.office.engine) as session:
            states = dict(session.exec(select(Batch.id, Batch.state)).all())
            owners = set(session.exec(select(BatchRow.batch_id)))
            credentials = session.exec(select(CredentialRow)).all()
            mails = session.exec(select(OutboxMailRow)).all()
            bits = {row.credential_id for row in session.exec(select(StatusEntry)) if row.is_set}
            pending = set(
                session.exec(select(BatchRow.batch_id).where(BatchRow.state.in_(("pending", "planned"))))
            )
        after = {batch for batch, state in states.items() if state in ("open", "finished", "undone")}
        assert after == set(self.opened)
        assert owners | {row.batch_id for row in credentials} <= after
        assert {states[batch] for batch in pending} <= {"open"}
        undone = {batch for batch, state in states.items() if state == "undone"}
        revoked = {row.id for row in credentials if row.status == "revoked"}
        assert revoked == bits == {row.id for row in credentials if row.batch_id in undone}
        assert not [mail for mail in mails if mail.state == "queued" and mail.credential_id in revoked]
        standing = [(row.learner_id, row.run) for row in credentials if row.id not in revoked]
        assert len(standing) == len(set(standing))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=st.booleans(), acts=acts)
@example(asked=True, acts=ALONE)  # each way of approving what one had in hand, whatever chance brings
@example(asked=True, acts=MENDED)
@example(asked=True, acts=SENT)
@example(asked=False, acts=ALONE)
def test_whatever_is_done_only_what_was_rightly_approved_is_issued(asked, acts):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(folder, asked=asked)
        try:
            story.act("upload", "Nam", 0, 2)
            for act in acts:
                story.act(*act)
                story.check()
            assert all(chain.intact for chain in verify_audit(story.office.issuer.deployment))
        finally:
            story.office.close()
