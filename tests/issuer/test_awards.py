"""The same class list again: nobody is awarded twice, nor given back what was revoked for cause."""

import pytest
from batch_desks import desk
from issuing_office import CODE, Office, class_list

from issuer.batching import drafts, preview, report
from issuer.batching.lines import LineState
from issuer.class_list import Severity
from issuer.records import RevocationReason, Status


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "office")
    office.ready(suspension=True)
    yield office
    office.close()


def again(office):
    """Hand in the list of one learner once more; give what the preview and the issuing say of new awards."""
    preview = office.issuer.import_class_list("uef", CODE, "Spring 2026", class_list(1))
    result = office.issuer.issue_batch(office.issuer.start_batch(preview, by="registrar"))
    assert len(preview.new_rows) == result.issued
    return result.issued


def test_whoever_holds_the_credential_gets_no_second_one(office):
    record = office.one()
    assert again(office) == 0
    office.issuer.suspend(record.urn, by="registrar")
    assert again(office) == 0


@pytest.mark.parametrize("reason", [RevocationReason.ERROR, RevocationReason.BOARD, RevocationReason.WISH])
def test_what_was_revoked_for_cause_is_not_given_back_by_handing_in_the_list_again(office, reason):
    record = office.one()
    office.issuer.revoke(record.urn, reason=reason, by="registrar")
    assert again(office) == 0
    assert [each.status for each in office.issuer.credentials("uef")] == [Status.REVOKED]


@pytest.mark.parametrize("reason", [RevocationReason.REPLACED, RevocationReason.KEY])
def test_a_certificate_that_another_follows_makes_room_for_it_once(office, reason):
    record = office.one()
    office.issuer.revoke(record.urn, reason=reason, by="registrar")
    assert again(office) == 1
    assert again(office) == 0
    assert [each.status for each in office.issuer.credentials("uef")] == [Status.REVOKED, Status.GOOD]
    assert len({each.url for each in office.issuer.credentials("uef")}) == 2


def told(office, *, rows=1, run="Spring 2026"):
    """Hand in a list in the console; give the state of its first line and what is said of it."""
    nam = desk(office, "Nam", "issuer")
    batch = drafts.upload(nam, definition=CODE, run=run, file_name="x.csv", data=class_list(rows))
    (line,) = preview.preview_lines(nam, batch, preview.PreviewQuery(line=2)).lines
    return line.state, line.findings


def test_a_line_that_is_skipped_for_a_revocation_says_so_and_what_to_do(office):
    record = office.one()
    assert told(office) == (LineState.ALREADY, ())  # it stands: skipped, and there is nothing to add
    office.issuer.revoke(record.urn, reason=RevocationReason.BOARD, by="registrar")
    office.clock.forward(days=1)
    state, (note,) = told(office, rows=2)
    assert (state, note.place, note.severity) == (LineState.ALREADY, None, Severity.WARNING)
    assert "revoked on 3 July 2026 (“the examination board has decided so”)" in note.reason
    assert "does not award it again" in note.fix
    assert told(office, run="Spring 2026, again") == (LineState.READY, ())  # what the note advises


@pytest.mark.parametrize("revoked", [True, False])
def test_a_list_taken_in_before_a_revocation_tells_it_when_it_is_looked_at(office, revoked):
    record, nam = office.one(), desk(office, "Nam", "issuer")
    batch = drafts.upload(nam, definition=CODE, run="Spring 2026", file_name="x.csv", data=class_list(2))
    if revoked:
        office.issuer.revoke(record.urn, reason=RevocationReason.BOARD, by="registrar")
    lines = preview.preview_lines(nam, batch, preview.PreviewQuery()).lines
    said = {line.state: [note.reason for note in line.findings] for line in lines}
    assert said.pop(LineState.READY) == []
    ((state, notes),) = said.items()
    assert state is LineState.ALREADY
    assert ["“the examination board has decided so”" in note for note in notes] == [True] * revoked


def test_a_line_whose_certificate_another_follows_says_nothing_and_is_ready(office):
    office.issuer.revoke(office.one().urn, reason=RevocationReason.REPLACED, by="registrar")
    assert told(office) == (LineState.READY, ())


@pytest.mark.parametrize("revoked", [True, False])
def test_the_report_says_of_a_row_awarded_before_whether_that_was_revoked(office, revoked):
    record = office.one()
    if revoked:
        office.issuer.revoke(record.urn, reason=RevocationReason.ERROR, by="registrar")
    listed = office.issuer.import_class_list("uef", CODE, "Spring 2026", class_list(1))
    batch = office.issuer.start_batch(listed, by="registrar")
    office.issuer.issue_batch(batch)
    (one,) = report.recipients(desk(office, "Nam", "issuer"), batch)
    assert one.state == "already"
    assert ("“it was issued in error”" in one.reason) is revoked
    assert bool(one.reason) is revoked
