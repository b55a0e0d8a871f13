"""What the page behind a code is given: what the whole record says, in fewer words, and never to a tenant."""

import json
from dataclasses import replace

import pytest
from sql_counts import statements

from issuer import NotFound, RevocationReason, Visibility
from issuer.public_page import page_record
from issuer.status_lists import stored_status_list
from issuer.tenancy import CrossedTenancy

SAME = ("code", "text", "status", "status_since", "status_reason", "visibility", "was_checked")


def test_it_says_what_the_whole_record_says(office):
    office.ready()
    record = office.one()
    desk = office.issuer
    desk.set_visibility(desk.holder_url(record).rpartition("/")[2], Visibility(grade=True, evidence=True))
    desk.revoke(record.urn, reason=RevocationReason.BOARD, by="registrar")
    whole, found = desk.credential_by_code(record.code), page_record(desk.deployment, record.code)
    assert [getattr(found, name) for name in SAME] == [getattr(whole, name) for name in SAME]
    assert found.institution.slug == whole.institution.slug
    assert found.institution.email == whole.institution.email
    assert found.status_reason is RevocationReason.BOARD


@pytest.mark.parametrize("wrong", ["", "x", "x" * 22, "\0", "é" * 22])
def test_no_other_code_leads_to_it(office, wrong):
    office.ready()
    office.one()
    with pytest.raises(NotFound):
        page_record(office.issuer.deployment, wrong)


def test_a_session_of_a_tenant_is_refused(office):
    office.ready()
    record, desk = office.one(), office.issuer.deployment
    assert page_record(desk, record.code).code == record.code
    with pytest.raises(CrossedTenancy):
        page_record(replace(desk, tenant=1), record.code)


def test_the_status_list_comes_with_it_and_is_read_anew_the_next_time(office):
    office.ready()
    record, here = office.one(), office.issuer.deployment
    address = json.loads(record.text)["credentialStatus"]["statusListCredential"]
    public_id = address.rpartition("/")[2]
    with here.one_snapshot():
        page_record(here, record.code)
        with statements(here.engine) as asked:
            first = stored_status_list(here, public_id)
            with pytest.raises(NotFound):
                stored_status_list(here, f"{public_id}0")
        assert len(asked) == 1  # for the one that is not there
    assert first.text.encode() == office.issuer.local(address)
    office.issuer.revoke(record.urn, reason=RevocationReason.BOARD, by="registrar")
    office.issuer.sign_status_lists()
    with here.one_snapshot():
        page_record(here, record.code)
        second = stored_status_list(here, public_id)
    assert second.text.encode() == office.issuer.local(address) != first.text.encode()
    assert second.etag != first.etag
