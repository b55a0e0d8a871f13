"""A revoked key: what it signed ends, everything else stands, and nothing published is signed by it."""

import json

import pytest
from form_office import ready_in
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from sqlmodel import select

from issuer import IssuerError, NotFound
from issuer.audit_tables import AuditEntryRow
from issuer.key_revocation import KeyRevocation
from issuer.proof_forms import ProofForm
from issuer.status_lists import _store, signed_list
from issuer.tables import StatusList
from issuer.transactions import reading
from keys.did import keys_from_did_document

DID = "did:web:badges.example.edu:institutions:uef"


def verdict(office, record):
    report = office.verified(record)
    return report.verdict, report.check("issuer_key").code


def document(office):
    return json.loads(office.issuer.did_document("uef"))


def lists(office):
    with reading(office.engine) as session:
        return list(session.exec(select(StatusList)))


def signers(office):
    return {json.loads(each.text)["proof"]["verificationMethod"] for each in lists(office)}


@pytest.fixture
def two_keys(https_office):
    """An office with a certificate signed by each of two keys, the older of which is retired."""
    https_office.ready()
    first = https_office.one(run="first")
    https_office.clock.forward(days=1)
    https_office.issuer.rotate_key("uef")
    second = https_office.one(run="second")
    https_office.issuer.sign_status_lists(only_due=False)
    https_office.clock.forward(days=1)
    return https_office, first, second


def test_what_the_key_signed_is_no_longer_valid_and_the_twin_of_another_key_is(two_keys):
    office, first, second = two_keys
    assert [verdict(office, one)[0] for one in (first, second)] == ["valid", "valid"]
    done = office.issuer.revoke_key("uef", first.verification_method, by="registrar")
    assert done == KeyRevocation(first.verification_method, "Ed25519", False, 1, 0)
    assert verdict(office, first) == ("invalid", "key_absent")
    assert verdict(office, second)[0] == "valid"
    assert [key.revoked is None for key in office.issuer.keys_of("uef")] == [False, True]


def test_the_key_of_today_is_followed_by_a_new_one(two_keys):
    office, first, second = two_keys
    done = office.issuer.revoke_key("uef", second.verification_method)
    assert (done.signs, done.ending) == (True, 1)
    assert verdict(office, second) == ("invalid", "key_absent")
    assert verdict(office, first)[0] == "valid"
    third = office.one(run="third")
    assert third.verification_method == done.followed_by
    assert verdict(office, third)[0] == "valid"


def test_every_status_list_is_signed_with_the_new_key(two_keys):
    office, first, second = two_keys
    office.issuer.revoke(first.urn, reason="error", by="registrar")
    office.issuer.sign_status_lists()
    assert signers(office) == {second.verification_method}
    done = office.issuer.revoke_key("uef", second.verification_method)
    assert signers(office) == {done.followed_by}
    assert verdict(office, first)[0] == "revoked"


def test_a_worker_that_began_with_the_old_key_has_not_the_last_word(two_keys):
    office, first, second = two_keys
    before = lists(office)
    office.issuer.revoke_key("uef", second.verification_method)
    for row in before:  # what it read and signed before the revocation, stored after it
        text = signed_list(
            url=office.issuer.deployment.status_list_url(row.public_id),
            issuer_id=DID,
            purpose=row.purpose,
            set_indexes=[],
            valid_from=office.clock.now,
            signer=office.keys.signer(second.verification_method),
        )
        _store(
            office.issuer.deployment,
            row.id,
            rendered_changes=row.changes,
            text=text,
            valid_from=office.clock.now,
        )
    office.issuer.sign_status_lists()
    assert second.verification_method not in signers(office)
    assert verdict(office, first)[0] == "valid"


def test_the_did_document_keeps_it_with_its_day_and_names_it_for_nothing(two_keys):
    office, first, second = two_keys
    office.issuer.revoke_key("uef", first.verification_method)
    published = document(office)
    told = {each["id"]: each for each in published["verificationMethod"]}
    assert told[first.verification_method]["revoked"] == "2026-07-05T02:00:00Z"
    assert "revoked" not in told[second.verification_method]
    assert published["assertionMethod"] == [second.verification_method]
    assert list(keys_from_did_document(published, DID)) == [second.verification_method]


def test_the_key_set_leaves_it_out_and_its_own_address_says_since_when(two_keys):
    office, first, _second = two_keys

    def key_set():
        return json.loads(office.issuer.key_set())["keys"]

    addresses = [each["kid"] for each in key_set()]
    assert len(addresses) == 2
    office.issuer.revoke_key("uef", first.verification_method)
    assert [each["kid"] for each in key_set()] == addresses[1:]
    KeySet.import_key_set({"keys": key_set()})
    revoked, standing = (json.loads(office.issuer.local(each)) for each in addresses)
    assert (revoked["revoked"], revoked["key_ops"]) == ({"revoked_at": 1783216800}, [])
    assert "use" not in revoked
    with pytest.raises(JoseError):  # another library that knows nothing of `revoked`
        import_key(revoked).check_key_op("verify")
    import_key(standing).check_key_op("verify")
    assert ("revoked" in standing, standing["use"]) == (False, "sig")


def test_the_plan_counts_and_changes_nothing(two_keys):
    office, _first, second = two_keys
    further = office.issue(3, run="third").credentials
    office.issuer.revoke(further[0], reason="error", by="registrar")
    planned = office.issuer.plan_key_revocation("uef", second.verification_method)
    assert (planned.signs, planned.ending, planned.over) == (True, 3, 1)
    assert office.issuer.plan_key_revocation("uef", second.verification_method.partition("#")[2]) == planned
    assert verdict(office, second)[0] == "valid"
    assert len(office.issuer.keys_of("uef")) == 2


def test_what_it_signed_is_listed_before_and_after(two_keys):
    office, first, second = two_keys
    key = second.verification_method
    further = office.issue(2, run="third").credentials
    wanted = [second.urn, *further]
    assert office.issuer.credentials_signed_by("uef", key) == wanted
    office.issuer.revoke_key("uef", key)
    assert office.issuer.credentials_signed_by("uef", key) == wanted
    office.issuer.revoke(second.urn, reason="key", by="registrar")
    assert office.issuer.credentials_signed_by("uef", key) == list(further)
    assert office.issuer.credentials_signed_by("uef", first.verification_method) == [first.urn]
    with pytest.raises(NotFound):
        office.issuer.credentials_signed_by("uef", "nothing")


def test_the_audit_tells_of_it(two_keys):
    office, _first, second = two_keys
    office.issuer.revoke_key("uef", second.verification_method, by="registrar")
    with reading(office.engine) as session:
        acts = [
            (one.act, one.subject, one.actor_name)
            for one in session.exec(select(AuditEntryRow).order_by(AuditEntryRow.id))
            if one.act.startswith("key.")
        ]
    assert [act for act, _, _ in acts] == ["key.create", "key.rotate", "key.rotate", "key.revoke"]
    assert acts[-1][1:] == (second.verification_method, "registrar")


@pytest.mark.parametrize(
    ("named", "error", "code"),
    [("nothing", NotFound, "unknown_key"), ("", NotFound, "unknown_key"), (DID, NotFound, "unknown_key")],
)
def test_another_name_is_no_key(two_keys, named, error, code):
    office, first, _ = two_keys
    with pytest.raises(error) as refused:
        office.issuer.revoke_key("uef", named)
    assert refused.value.code == code
    assert office.issuer.revoke_key("uef", first.verification_method).ending == 1


def test_a_revocation_is_final_and_done_once(two_keys):
    office, first, _ = two_keys
    office.issuer.revoke_key("uef", first.verification_method)
    with pytest.raises(IssuerError) as refused:
        office.issuer.revoke_key("uef", first.verification_method)
    assert (refused.value.code, "2026-07-05" in refused.value.message) == ("already_revoked", True)


def test_on_loopback_the_key_is_the_issuer_and_cannot_be_revoked(office):
    office.ready()
    (key,) = office.issuer.keys_of("uef")
    with pytest.raises(IssuerError) as refused:
        office.issuer.revoke_key("uef", key.verification_method)
    assert refused.value.code == "revocation_needs_https"


@pytest.mark.parametrize("form", [ProofForm.JWT_RS256, ProofForm.ECDSA_RDFC_2019_P256])
def test_keys_of_other_forms_end_what_they_signed_too(https_office, form):
    office = https_office
    ready_in(office, form)
    first = office.one(run="first")
    assert verdict(office, first)[0] == "valid"
    office.clock.forward(days=1)
    done = office.issuer.revoke_key("uef", first.verification_method)
    assert (done.algorithm, done.ending) == (form.algorithm, 1)
    second = office.one(run="second")
    assert [verdict(office, one)[0] for one in (first, second)] == ["invalid", "valid"]
