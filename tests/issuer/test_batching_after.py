"""Batches once they are issued, and what others see of them: undo, report, forgetting, faculties, tenants."""

import pytest
from batch_desks import (
    BAD,
    VERSION,
    acts,
    approved,
    counts,
    desk,
    make_faculty,
    need_approval,
    rows,
    seen,
    taken_in,
)
from issuing_office import class_list
from sqlmodel import func, select

from issuer import NotFound, plan
from issuer.batching import approval, drafts, overview, preview, progress, report, sample, undo, view
from issuer.batching.forgetting import forget_lines
from issuer.batching.report import RecipientState
from issuer.batching.versions import template_for, version_choices
from issuer.errors import Conflict, NotAllowed
from issuer.office_tables import BatchLineRow
from issuer.tables import Batch, BatchRow, CredentialRow, OutboxMailRow
from issuer.transactions import reading, writing


def test_undo_revokes_what_is_signed_and_withdraws_the_rest_while_it_runs(ready, nam, monkeypatch):
    monkeypatch.setattr("issuer.issuing.CHUNK", 10)
    batch = approved(nam, taken_in(nam, class_list(25)))
    stops = iter([False, True])
    ready.issuer.issue_batch(batch, should_stop=lambda: next(stops))
    assert undo.undo_outlook(nam, batch).signed == 10
    assert undo.undo(nam, batch) == 10
    assert undo.undo(nam, batch) == 0
    assert ready.issuer.resume() == []
    assert progress.issuing_progress(nam, batch).withdrawn == 15
    states = [row.status for row in rows(ready, CredentialRow)]
    assert states == ["revoked"] * 10
    assert {mail.state for mail in rows(ready, OutboxMailRow)} == {"withdrawn"}
    ready.issuer.sign_status_lists()
    assert {ready.verified(each).verdict for each in ready.issuer.credentials("uef")} == {"revoked"}
    told = {one.state for one in report.recipients(nam, batch)}
    assert told == {RecipientState.REVOKED, RecipientState.WITHDRAWN}
    again = approved(nam, taken_in(nam, class_list(25)))
    assert ready.issuer.issue_batch(again).issued == 25


def test_a_plan_that_a_worker_holds_while_its_batch_is_undone_is_not_stored(ready, nam):
    batch = approved(nam, taken_in(nam))
    plan.plan_rows(ready.issuer.deployment, ready.links, batch, at_most=10)
    issuing = ready.issuer._issuing
    held = issuing._desks(batch).begin(issuing._planned(batch))
    undo.undo(nam, batch)
    issuing._fulfil(held)
    assert rows(ready, CredentialRow) == rows(ready, OutboxMailRow) == []
    assert "credential.issue" not in acts(ready)


def test_undo_is_over_when_the_window_is(ready, nam):
    need_approval(ready, wanted=False, undo_hours=2)
    batch = approved(nam, taken_in(nam))
    ready.issuer.issue_batch(batch)
    ready.clock.forward(hours=2, seconds=1)
    assert not undo.undo_outlook(nam, batch).possible
    with pytest.raises(Conflict):
        undo.undo(nam, batch)
    for other in (taken_in(nam, run="x"),):
        with pytest.raises(Conflict):
            undo.undo(nam, other)


def test_lines_are_forgotten_when_nothing_can_be_undone_any_more(ready, nam):
    batch = approved(nam, taken_in(nam, class_list(2) + BAD))
    deployment = ready.issuer.deployment
    assert forget_lines(deployment) == 0
    ready.issuer.issue_batch(batch)
    assert forget_lines(deployment) == 0
    ready.clock.forward(hours=24, seconds=1)
    assert forget_lines(deployment) == 1
    assert rows(ready, BatchLineRow) == []
    assert [one.state for one in report.recipients(nam, batch)] == [RecipientState.SIGNED] * 2
    assert forget_lines(deployment) == 0


def test_the_report_follows_each_recipient(ready, nam):
    batch = approved(nam, taken_in(nam, class_list(6)))
    assert {one.state for one in report.recipients(nam, batch)} == {RecipientState.WAITING}
    ready.issuer.issue_batch(batch)
    with writing(ready.engine) as session:
        mails = session.exec(select(OutboxMailRow).order_by(OutboxMailRow.id)).all()
        mails[1].state, mails[2].state, mails[2].error = "sent", "failed", "550 no such user"
        credentials = {row.id: row for row in session.exec(select(CredentialRow)).all()}
        credentials[mails[3].credential_id].opened = ready.clock()
        credentials[mails[4].credential_id].downloaded = ready.clock()
        revoked = credentials[mails[5].credential_id].urn
    ready.issuer.revoke(revoked, reason="board", by="registrar")
    found = {one.state: one for one in report.recipients(nam, batch)}
    assert set(found) == {
        RecipientState.SIGNED,
        RecipientState.MAILED,
        RecipientState.MAIL_FAILED,
        RecipientState.OPENED,
        RecipientState.DOWNLOADED,
        RecipientState.REVOKED,
    }
    assert found[RecipientState.MAIL_FAILED].reason == "550 no such user"


def test_a_faculty_sees_and_touches_only_its_own(ready, nam):
    law, economics = make_faculty(ready, "law"), make_faculty(ready, "economics", owns=True)
    theirs, others = (
        desk(ready, "E", "issuer", faculty=economics),
        desk(ready, "L", "issuer", faculty=law),
    )
    batch = taken_in(theirs)
    assert [choice.name for choice in version_choices(theirs)] == [VERSION]
    assert version_choices(others) == []
    assert overview.list_batches(others, overview.BatchQuery()) == []
    assert [item.id for item in overview.list_batches(theirs, overview.BatchQuery())] == [batch]
    for crossing in every_act(others, batch):
        with pytest.raises(NotFound):
            crossing()
    with pytest.raises(NotFound):
        taken_in(others)
    with pytest.raises(NotFound):
        template_for(others, VERSION, "csv")
    assert view.batch_view(nam, batch).state == "draft"
    assert approved(theirs, batch)


def test_a_role_in_a_faculty_does_not_reach_what_belongs_to_none(ready, nam):
    law = make_faculty(ready, "law")
    with pytest.raises(NotFound):
        view.batch_view(desk(ready, "L", "issuer", faculty=law), taken_in(nam))


def test_another_institution_sees_and_touches_nothing(ready, nam):
    ready.ready(slug="other")
    stranger = desk(ready, "Stranger", "issuer", slug="other")
    batch = taken_in(nam)
    assert overview.count_batches(stranger, overview.BatchQuery()) == 0
    for crossing in every_act(stranger, batch):
        with pytest.raises(NotFound):
            crossing()
    assert counts(nam, batch) == {"ready": 3}


@pytest.mark.parametrize(
    "role", ["auditor", "author", "reviewer", "institution_admin", "recognition_officer"]
)
def test_only_issuers_act(ready, nam, role):
    batch = taken_in(nam)
    somebody = desk(ready, "Somebody", role)
    for number, act in enumerate(every_act(somebody, batch)):
        if role == "auditor" and number < 5:
            act()
            continue
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        taken_in(somebody)


def every_act(desk, batch):
    """Everything that can be done to a batch; the first five only read."""
    return [
        lambda: view.batch_view(desk, batch),
        lambda: preview.preview_lines(desk, batch, preview.PreviewQuery()),
        lambda: progress.issuing_progress(desk, batch),
        lambda: report.recipients(desk, batch),
        lambda: sample.sample_png(desk, batch, 2),
        lambda: view.columns_view(desk, batch),
        lambda: undo.undo_outlook(desk, batch),
        lambda: drafts.mend(desk, batch, {(2, 0): "X Y"}),
        lambda: drafts.remap(desk, batch, {}),
        lambda: drafts.replace_file(desk, batch, file_name="x", data=class_list(1)),
        lambda: approval.send(desk, batch, revision=2),
        lambda: approval.send_back(desk, batch, "note"),
        lambda: approval.approve(desk, batch, revision=2, certificates=3),
        lambda: undo.undo(desk, batch),
        lambda: drafts.discard(desk, batch),
    ]


def test_the_list_of_batches_says_what_waits_for_whom(ready, nam, trang):
    need_approval(ready)
    batch = taken_in(nam)
    approval.send(nam, batch, revision=2)
    assert overview.waiting_for(nam) == []
    (item,) = overview.waiting_for(trang)
    assert (item.id, item.ready, item.by) == (batch, 3, "Nam")
    for query, found in (("spring", 1), ("MC-CRS", 1), ("list.csv", 1), ("nobody", 0), ("100%", 0)):
        assert overview.count_batches(nam, overview.BatchQuery(query=query)) == found
    for sort in overview.SORTED:
        assert len(overview.list_batches(nam, overview.BatchQuery(sort=sort))) == 1


def test_five_thousand_rows_are_taken_in_and_shown(ready, nam):
    batch = taken_in(nam, class_list(5_000))
    what = seen(nam, batch)
    assert what["certificates"] == 5_000
    approval.approve(nam, batch, **what)
    with reading(ready.engine) as session:
        assert session.exec(select(func.count()).select_from(BatchRow)).one() == 5_000
        assert session.exec(select(Batch.state).where(Batch.id == batch)).one() == "open"
