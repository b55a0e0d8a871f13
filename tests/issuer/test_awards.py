"""The same class list again: nobody is awarded twice, nor given back what was revoked for cause."""

import pytest
from issuing_office import CODE, Office, class_list

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
