"""The address of the newest version: in the credential alone, and for whoever holds the credential."""

import json

import pytest
from issuing_office import definition

from issuer import IssuerError, NotFound
from issuer.refresh import newest_version, refresh_address
from verifier import Verdict

TYPE = "1EdTechCredentialRefresh"


def place_of(office, record):
    return refresh_address(record).removeprefix(f"{office.base_url}/refresh/")


def test_only_a_definition_that_opted_in_names_the_address(office):
    office.ready()
    assert refresh_address(office.one()) is None
    office.issuer.publish_definition("uef", definition(version="2", refresh=True))
    record = office.one(run="Autumn 2026")
    service = json.loads(record.text)["refreshService"]
    assert service == {"id": refresh_address(record), "type": TYPE}


def test_the_address_answers_with_the_stored_bytes(office):
    office.ready(refresh=True)
    record = office.one()
    assert newest_version(office.issuer.deployment, place_of(office, record)) == record.text
    assert office.issuer.local(refresh_address(record)) == record.text.encode()


def test_a_credential_with_an_address_is_valid_and_has_no_newer_version(office):
    office.ready(refresh=True)
    report = office.verified(office.one())
    assert (report.verdict, report.check("refresh").code) == (Verdict.valid, "refresh_same")


def test_the_token_is_the_credentials_own_and_not_the_holders(office):
    office.ready(refresh=True)
    record = office.one()
    (other_urn,) = office.issue(1, run="Autumn 2026").credentials
    other = office.issuer.credential(other_urn)
    number, _, token = place_of(office, record).partition("/")
    assert len(token) == 22
    others = place_of(office, other).partition("/")[2]
    holders = office.links.token(record.urn)
    assert len({token, others, holders, record.code, record.share_id}) == 5
    for wrong in (others, holders, record.code, record.share_id, token[:-1], token + "0", "", "é" * 22):
        with pytest.raises(NotFound):
            newest_version(office.issuer.deployment, f"{number}/{wrong}")
        assert office.issuer.local(f"{office.base_url}/refresh/{number}/{wrong}") is None
    with pytest.raises(NotFound):
        office.issuer.by_holder_token(token)


@pytest.mark.parametrize(
    "place", ["", "/", "x", "x/y", "00000000-0000-4000-8000-000000000000/" + "0" * 22, "../x/" + "0" * 22]
)
def test_what_is_not_there_is_not_found(office, place):
    office.ready(refresh=True)
    office.one()
    with pytest.raises(NotFound):
        newest_version(office.issuer.deployment, place)


def test_a_credential_that_names_no_address_has_none(office):
    office.ready()
    record = office.one()
    token = office.links.refresh_token(record.urn)
    with pytest.raises(NotFound):
        newest_version(office.issuer.deployment, f"{record.urn.removeprefix('urn:uuid:')}/{token}")


def test_a_revoked_credential_is_still_given_and_its_list_tells(office):
    office.ready(refresh=True)
    record = office.one()
    office.issuer.revoke(record.urn, reason="error", by="registrar")
    office.issuer.sign_status_lists()
    assert newest_version(office.issuer.deployment, place_of(office, record)) == record.text
    assert office.verified(record).verdict is Verdict.revoked


def test_what_was_published_before_the_option_was_there_is_what_it_was(office):
    first = office.ready()
    assert office.issuer.publish_definition("uef", definition()).public_id == first.public_id
    with pytest.raises(IssuerError):
        office.issuer.publish_definition("uef", definition(refresh=True))
