"""Batches as services: what is taken in, who may do what with it, and what of it is kept."""

import hashlib
import json
import threading

import pytest
from batch_desks import BAD, acts, approved, counts, desk, need_approval, rows, seen, taken_in
from issuing_office import HEADER, class_list
from sqlmodel import select

from issuer import IssuerError
from issuer.audit.verify import verify_audit
from issuer.audit_tables import AuditEntryRow
from issuer.batching import approval, drafts, preview, report, undo, view
from issuer.batching.lines import LineState
from issuer.errors import ClassListRefused, Conflict, NotAllowed
from issuer.office_tables import ColumnMappingRow
from issuer.tables import BatchRow, CredentialRow, InstitutionKey
from issuer.transactions import writing


def test_every_act_is_in_the_audit_without_personal_data(ready, nam, trang):
    need_approval(ready)
    batch = taken_in(nam, class_list(2) + BAD)
    drafts.mend(nam, batch, {(4, 2): "nobody@x.example", (4, 5): "8.3"})
    mapping = view.batch_view(nam, batch).mapping
    drafts.remap(nam, batch, mapping)
    approval.send(nam, batch, revision=view.batch_view(nam, batch).revision)
    approval.send_back(trang, batch, "Line 4, again.")
    approval.send(nam, batch, revision=view.batch_view(nam, batch).revision)
    approved(trang, batch)
    ready.issuer.issue_batch(batch)
    report.exported_recipients(nam, batch)
    undo.undo(trang, batch)
    told = [f"batch.{act}" for act in ("upload", "mend", "map", "send", "send_back", "send", "approve")]
    told += ["credential.issue"] * 3 + ["batch.export"] + ["credential.revoke"] * 3 + ["batch.undo"]
    assert acts(ready) == told
    kept = json.dumps([entry.model_dump(mode="json") for entry in rows(ready, AuditEntryRow)])
    assert "nobody" not in kept
    assert "Minh" not in kept
    assert all(chain.intact for chain in verify_audit(ready.issuer.deployment))


def test_every_signature_is_told_with_its_key_and_the_digest_of_its_bytes(ready, nam):
    ready.issuer.issue_batch(approved(nam, taken_in(nam)))
    signed = {
        row.urn: {
            "key": row.verification_method,
            "sha256": hashlib.sha256(row.secured.encode()).hexdigest(),
        }
        for row in rows(ready, CredentialRow)
    }
    entries = [each for each in rows(ready, AuditEntryRow) if each.act == "credential.issue"]
    assert {each.subject: json.loads(each.after) for each in entries} == signed
    assert len(entries) == 3


def test_a_batch_of_the_command_line_is_told_too(ready):
    ready.issue(2)
    assert acts(ready) == ["batch.approve", "credential.issue", "credential.issue"]


def test_the_same_click_twice_is_one_draft_and_one_batch(ready, nam):
    first, second = taken_in(nam), taken_in(nam)
    assert first == second
    other = taken_in(nam, run="Autumn 2026")
    assert other != first
    what = seen(nam, first)
    approval.approve(nam, first, **what)
    approval.approve(nam, first, **what)
    assert len(rows(ready, BatchRow)) == 3


def test_fifty_approvals_at_once_open_one_batch(ready, nam):
    batch = taken_in(nam)
    what, faults = seen(nam, batch), []

    def click():
        try:
            approval.approve(nam, batch, **what)
        except Exception as fault:  # noqa: BLE001  (told below, in the test's own thread)
            faults.append(fault)

    threads = [threading.Thread(target=click) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fault for fault in faults if getattr(fault, "code", "") != "storage"] == []
    assert len(rows(ready, BatchRow)) == 3
    assert acts(ready).count("batch.approve") == 1
    assert ready.issuer.issue_batch(batch).issued == 3


def test_mending_keeps_what_the_file_said_and_reads_the_whole_list_again(ready, nam):
    twice = class_list(2) + b"Anh,UEF-0001,anh@x.example,2026-06-30,vi,8\n"
    batch = taken_in(nam, twice)
    assert counts(nam, batch) == {"ready": 2, "left_out": 1}
    drafts.mend(nam, batch, {(2, 1): "UEF-0099"})
    assert counts(nam, batch) == {"ready": 3}
    line = preview.preview_lines(nam, batch, preview.PreviewQuery(show="mended")).lines[0]
    assert (line.cells[1], line.mended) == ("UEF-0099", {1: "UEF-0001"})
    drafts.mend(nam, batch, {(2, 1): "UEF-0001", (77, 1): "x", (2, 77): "x"})
    assert counts(nam, batch) == {"ready": 2, "left_out": 1}
    assert preview.preview_lines(nam, batch, preview.PreviewQuery(show="mended")).lines == ()


def test_two_people_mend_at_once_and_nothing_is_lost(ready, nam, trang):
    batch = taken_in(nam, class_list(8))
    threads = [
        threading.Thread(target=drafts.mend, args=(who, batch, {(line, 0): f"Nguyễn Thị {letter}"}))
        for who, line, letter in ((nam, 2, "Một"), (trang, 3, "Hai"), (nam, 4, "Ba"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = preview.preview_lines(nam, batch, preview.PreviewQuery(show="mended")).lines
    assert {line.line: line.cells[0] for line in lines} == {
        2: "Nguyễn Thị Một",
        3: "Nguyễn Thị Hai",
        4: "Nguyễn Thị Ba",
    }


@pytest.mark.parametrize("text", ["\0", "=1+1", "x" * 5000, "\ud800", "a\r\nb", "'; drop table batch;--"])
def test_whatever_is_typed_into_a_cell_is_kept_or_refused_never_a_fault(ready, nam, text):
    batch = taken_in(nam)
    drafts.mend(nam, batch, {(2, place): text for place in range(6)})
    line = preview.preview_lines(nam, batch, preview.PreviewQuery(line=2)).lines[0]
    assert line.state is LineState.LEFT_OUT
    assert view.left_out_file(nam, batch, "csv")
    drafts.mend(nam, batch, {(2, place): said for place, said in line.mended.items()})
    assert counts(nam, batch) == {"ready": 3}


def test_a_file_that_cannot_be_read_leaves_the_draft_as_it_is(ready, nam):
    batch = taken_in(nam)
    for data in (b"", b"name,email\n", b"%PDF-1.7", b"PK\x03\x04", b"\xff\xfe\x00"):
        with pytest.raises(ClassListRefused):
            drafts.replace_file(nam, batch, file_name="x.csv", data=data)
    assert counts(nam, batch) == {"ready": 3}
    drafts.replace_file(nam, batch, file_name="..\\..\\second\x07.csv", data=class_list(1))
    assert (counts(nam, batch), view.batch_view(nam, batch).file_name) == ({"ready": 1}, "second.csv")


def test_columns_that_are_not_understood_are_asked_for_and_remembered(ready, nam, trang):
    odd = class_list(2).replace(HEADER.encode(), b"Wer,Kennung,Post,awarded_date,Zunge,grade")
    batch = taken_in(nam, odd)
    assert not view.batch_view(nam, batch).mapped
    told = dict(zip(("Wer", "Kennung", "Post"), ("name", "student_number", "email"), strict=True))
    assert "needed" in drafts.remap(nam, batch, {"Wer": "name"})
    assert rows(ready, ColumnMappingRow) == []
    assert drafts.remap(nam, batch, told) == ""
    assert counts(nam, batch) == {"ready": 2}
    assert view.batch_view(trang, taken_in(trang, odd, run="Autumn")).mapped


def test_what_one_institution_remembers_is_not_another_s(ready, nam):
    ready.ready(slug="other")
    odd = class_list(2).replace(b"name,student_number", b"Wer,Kennung")
    drafts.remap(nam, taken_in(nam, odd), {"Wer": "name", "Kennung": "student_number"})
    stranger = desk(ready, "Stranger", "issuer", slug="other")
    assert not view.batch_view(stranger, taken_in(stranger, odd)).mapped


def test_a_list_in_approval_or_issued_is_not_changed(ready, nam, trang):
    batch = taken_in(nam)
    approval.send(nam, batch, revision=2)
    for _ in range(2):
        with pytest.raises(Conflict):
            drafts.mend(nam, batch, {(2, 0): "X Y"})
        with pytest.raises(Conflict):
            drafts.replace_file(nam, batch, file_name="x", data=class_list(1))
        with pytest.raises(Conflict):
            drafts.remap(nam, batch, {})
        approved(trang, batch)
    with pytest.raises(Conflict):
        drafts.discard(nam, batch)


def test_whoever_had_the_list_in_hand_does_not_approve_it(ready, nam, trang):
    need_approval(ready)
    third = desk(ready, "Ba", "issuer")
    batch = taken_in(nam)
    drafts.mend(trang, batch, {(2, 0): "Nguyễn Thị Khác"})
    approval.send(trang, batch, revision=3)
    for own in (nam, trang):
        with pytest.raises(NotAllowed):
            approved(own, batch)
    approved(third, batch)
    assert view.batch_view(nam, batch).state == "open"


def test_nothing_is_approved_that_was_not_sent_where_a_second_person_is_asked_for(ready, nam, trang):
    need_approval(ready)
    batch = taken_in(nam)
    with pytest.raises(Conflict):
        approved(trang, batch)
    need_approval(ready, wanted=False)
    approved(trang, batch)


def test_a_wish_for_a_second_person_holds_for_lists_that_are_there_already(ready, nam, trang):
    batch = taken_in(nam)
    what = seen(nam, batch)
    need_approval(ready)
    with pytest.raises(Conflict):
        approval.approve(nam, batch, **what)


def test_another_list_than_the_one_seen_is_not_approved(ready, nam, trang):
    batch = taken_in(nam)
    what = seen(trang, batch)
    drafts.mend(nam, batch, {(2, 0): "Nguyễn Thị Khác"})
    with pytest.raises(Conflict):
        approval.approve(trang, batch, **what)
    with pytest.raises(Conflict):
        approval.approve(trang, batch, **(seen(trang, batch) | {"certificates": 2}))
    approved(trang, batch)


def test_a_list_without_a_good_row_is_not_sent_or_approved(ready, nam):
    batch = taken_in(nam, f"{HEADER}\n".encode() + BAD)
    for act in (lambda: approval.send(nam, batch, revision=2), lambda: approved(nam, batch)):
        with pytest.raises(IssuerError) as refused:
            act()
        assert refused.value.code == "no_rows"


def test_an_institution_without_a_key_approves_nothing(ready, nam):
    batch = taken_in(nam)
    with writing(ready.engine) as session:
        key = session.exec(select(InstitutionKey)).one()
        key.retired = ready.clock()
        session.add(key)
    with pytest.raises(IssuerError) as refused:
        approved(nam, batch)
    assert refused.value.code == "no_key"
