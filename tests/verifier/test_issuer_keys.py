"""Whose key is it? Every way of learning a key, every way of being wrong, and keys that cannot be learned."""

import copy
import json
from datetime import timedelta

import pytest
from simulator import NOW, Failure, World, as_bytes, seed

from keys import SecretKey
from keys.did import KeyRecord, did_web
from keys.jwk import to_jwk
from keys.multibase import base64url_encode
from verifier import InMemory, Outcome, TrustEntry, Verdict
from verifier.issuer_keys import IssuerKeys
from verifier.sources import Sources
from verifier.trust import trust_list

HOST = "badges.keystone.example"
OTHER = SecretKey.from_seed(seed("somebody else"))


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def verify(world, badge, **options):
    report = world.verifier(**options).verify(badge if isinstance(badge, bytes) else as_bytes(badge))
    return report, report.check("issuer_key")


def test_a_published_key_passes(world, issuer):
    report, found = verify(world, issuer.badge())
    assert (report.verdict, found.code) == (Verdict.valid, "key_published")
    assert found.detail["host"] == HOST


def test_a_did_key_needs_no_fetch(world):
    issuer = world.issuer(HOST, method="key")
    world.requests.clear()
    report, found = verify(world, issuer.badge(credentialStatus=None))
    assert (report.verdict, found.code) == (Verdict.valid, "key_is_issuer")
    assert world.requests == []


def did_jwk(key):
    return "did:jwk:" + base64url_encode(json.dumps(to_jwk(key)).encode())


def test_a_did_jwk_needs_no_fetch(world, issuer):
    did = did_jwk(issuer.key.public_key)
    issuer.did, issuer.verification_method = did, f"{did}#0"
    world.requests.clear()
    report, found = verify(world, issuer.badge(credentialStatus=None))
    assert (report.verdict, found.code) == (Verdict.valid, "key_is_issuer")
    issuer.verification_method = f"{did}#1"
    report, found = verify(world, issuer.badge(credentialStatus=None))
    assert (report.verdict, found.code) == (Verdict.invalid, "key_absent")
    issuer.verification_method = f"{did_jwk(OTHER.public_key)}#0"
    report, found = verify(world, issuer.badge(credentialStatus=None))
    assert (report.verdict, found.code) == (Verdict.invalid, "key_of_another")
    assert world.requests == []


def test_a_did_web_with_port_and_path_is_resolved(world, issuer):
    issuer.did = did_web(f"https://{HOST}:8443/faculties", "law")
    issuer.verification_method = f"{issuer.did}#key-1"
    badge = issuer.badge(credentialStatus=None)
    assert verify(world, badge)[1].code == "keys_unreachable"
    world.publish(f"https://{HOST}:8443/faculties/law/did.json", issuer.document())
    assert verify(world, badge)[0].verdict is Verdict.valid


@pytest.mark.parametrize("kind", ["JsonWebKey", "JsonWebKey2020"])
def test_a_key_published_as_jwk_passes(world, issuer, kind):
    document = issuer.document()
    method = {"id": issuer.verification_method, "type": kind, "controller": issuer.did}
    badge = issuer.badge(credentialStatus=None)
    for key, verdict in ((issuer.key, Verdict.valid), (OTHER, Verdict.invalid)):
        document["verificationMethod"] = [{**method, "publicKeyJwk": to_jwk(key.public_key)}]
        world.publish(issuer.did_url, document)
        assert verify(world, badge)[0].verdict is verdict


@pytest.mark.parametrize("method", ["web", "key"])
def test_the_key_of_somebody_else_is_not_the_issuers(world, method):
    issuer = world.issuer(HOST, method=method)
    forged = issuer.sign(issuer.credential())
    signer = OTHER.signer()
    again = issuer.key.signer()
    assert signer.id != again.id
    forged["proof"][0]["verificationMethod"] = signer.id
    report, found = verify(world, forged)
    assert (report.verdict, found.code) == (Verdict.invalid, "key_of_another")
    assert report.credential is None


def sign_as_other(issuer, method):
    mine, issuer.key = issuer.key, OTHER
    try:
        return issuer.sign(issuer.credential(), verification_method=method)
    finally:
        issuer.key = mine


def test_a_key_absent_from_the_issuers_document_is_not_the_issuers(world, issuer):
    report, found = verify(world, sign_as_other(issuer, f"{issuer.did}#key-9"))
    assert (report.verdict, found.code) == (Verdict.invalid, "key_absent")


def test_a_new_key_beside_the_old_one_is_the_issuers(world, issuer):
    record = KeyRecord(
        verification_method=f"{issuer.did}#key-9", public_key=OTHER.public_key, created=NOW, expires=None
    )
    world.publish(issuer.did_url, issuer.document(record))
    assert verify(world, sign_as_other(issuer, f"{issuer.did}#key-9"))[0].verdict is Verdict.valid
    assert verify(world, issuer.badge())[0].verdict is Verdict.valid


def test_a_key_that_has_run_out_still_says_whose_it_was(world, issuer):
    record = KeyRecord(
        verification_method=f"{issuer.did}#key-9",
        public_key=OTHER.public_key,
        created=NOW - timedelta(days=900),
        expires=NOW - timedelta(days=300),
    )
    world.publish(issuer.did_url, issuer.document(record))
    assert verify(world, sign_as_other(issuer, f"{issuer.did}#key-9"))[0].verdict is Verdict.valid


def change(document, **members):
    return {**copy.deepcopy(document), **members}


def with_method(document, **members):
    changed = copy.deepcopy(document)
    changed["verificationMethod"][0].update(members)
    return changed


BROKEN_DOCUMENTS = {
    "another id": lambda one: change(one, id="did:web:other.example"),
    "foreign controller": lambda one: with_method(one, controller="did:web:other.example"),
    "key listed twice": lambda one: change(one, verificationMethod=one["verificationMethod"] * 2),
    "secret inside": lambda one: with_method(one, secretKeyMultibase="z3u2e"),
    "deactivated": lambda one: change(one, deactivated=True),
    "not for assertion": lambda one: change(one, assertionMethod=[], authentication=one["assertionMethod"]),
    "revoked key": lambda one: with_method(one, revoked="2026-01-01T00:00:00Z"),
    "other key": lambda one: with_method(one, publicKeyMultibase=OTHER.public_key.multikey),
}


@pytest.mark.parametrize("broken", BROKEN_DOCUMENTS)
def test_a_document_that_breaks_a_rule_makes_the_badge_invalid(world, issuer, broken):
    badge = issuer.badge()
    world.publish(issuer.did_url, BROKEN_DOCUMENTS[broken](issuer.document()))
    report, _ = verify(world, badge)
    assert report.verdict is Verdict.invalid, broken
    world.publish(issuer.did_url, issuer.document())
    assert verify(world, badge)[0].verdict is Verdict.valid


@pytest.mark.parametrize("failure", list(Failure))
def test_keys_that_cannot_be_learned_leave_it_open(world, issuer, failure):
    badge = issuer.badge()
    world.fail(issuer.did_url, failure)
    report, found = verify(world, badge, trust=[issuer.did])
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)
    signature = report.check("signature")
    assert (signature.outcome, signature.code) == (Outcome.unknown, "no_key")
    assert report.credential is None
    assert found.code in ("keys_unreachable", "keys_forbidden")
    world.mend(issuer.did_url)
    assert verify(world, badge)[0].verdict is Verdict.valid


def test_the_last_good_document_is_used_with_its_day(world, issuer):
    memory = InMemory()
    badge = issuer.badge()
    assert verify(world, badge, memory=memory)[0].verdict is Verdict.valid
    world.fail(issuer.did_url, Failure.down)
    report, found = verify(world, badge, memory=memory)
    assert (report.verdict, found.code) == (Verdict.valid, "key_remembered")
    assert "21 November 2026" in found.message


def test_a_remembered_document_never_shows_that_a_newer_key_is_false(world, issuer):
    memory = InMemory()
    verify(world, issuer.badge(), memory=memory)
    world.fail(issuer.did_url, Failure.down)
    report, found = verify(world, sign_as_other(issuer, f"{issuer.did}#key-9"), memory=memory)
    assert (report.verdict, found.code) == (Verdict.undetermined, "keys_unreachable")


def test_a_remembered_document_does_not_outlive_a_forbidden_address(world, issuer):
    memory = InMemory()
    verify(world, issuer.badge(), memory=memory)
    world.fail(issuer.did_url, Failure.private_address)
    assert verify(world, issuer.badge(), memory=memory)[1].code == "keys_forbidden"


def test_our_own_documents_are_read_without_a_fetch(world, issuer):
    stored = {issuer.did_url: json.dumps(issuer.document()).encode()}
    stored |= {url: body for url, (body, _) in world.pages.items()}
    world.requests.clear()
    assert verify(world, issuer.badge(), local=stored.get)[0].verdict is Verdict.valid
    assert world.requests == []


def address_issuer(world, issuer):
    """Give a badge in the older manner: issuer named by an address, key in the fragment."""
    issuer.did = f"https://{HOST}/issuers/1"
    issuer.verification_method = f"{issuer.did}#{issuer.key.public_key.multikey}"
    return issuer.badge(credentialStatus=None)


def test_a_key_that_stands_only_in_the_file_is_not_confirmed(world, issuer):
    report, found = verify(world, address_issuer(world, issuer))
    assert (report.verdict, found.code) == (Verdict.undetermined, "key_unconfirmed")
    assert report.check("signature").code == "signature_consistent"


def test_the_same_badge_changed_is_invalid(world, issuer):
    badge = address_issuer(world, issuer).replace("Čović".encode(), b"Horvat")
    assert verify(world, badge)[0].verdict is Verdict.invalid


def test_the_trust_list_may_confirm_a_key(world, issuer):
    badge = address_issuer(world, issuer)
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", keys=(issuer.key.public_key.multikey,))
    report, found = verify(world, badge, trust=[entry])
    assert (report.verdict, found.code) == (Verdict.valid, "key_listed")
    other = TrustEntry(issuer_id=issuer.did, name="Keystone", keys=(OTHER.public_key.multikey,))
    assert verify(world, badge, trust=[other])[0].verdict is Verdict.undetermined


def test_a_document_at_the_address_may_confirm_a_key(world, issuer):
    badge = address_issuer(world, issuer)
    method = {
        "id": issuer.verification_method,
        "type": "Multikey",
        "controller": issuer.did,
        "publicKeyMultibase": issuer.key.public_key.multikey,
    }
    document = {"id": issuer.did, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    world.publish(issuer.did, document)
    assert verify(world, badge)[0].verdict is Verdict.valid
    world.publish(issuer.did, {**document, "assertionMethod": []})
    assert verify(world, badge)[0].verdict is Verdict.invalid
    world.publish(issuer.did, {"id": issuer.did, "type": "Profile"})
    assert verify(world, badge)[0].verdict is Verdict.undetermined


def test_a_key_source_is_asked_first(world, issuer):
    world.fail(issuer.did_url, Failure.down)
    asked = []

    def keys(issuer_id, method):
        asked.append((issuer_id, method))
        return issuer.key.public_key

    report, found = verify(world, issuer.badge(credentialStatus=None), keys=keys)
    assert (report.verdict, found.code) == (Verdict.valid, "key_given")
    assert asked == [(issuer.did, issuer.verification_method)]
    assert (
        verify(world, issuer.badge(credentialStatus=None), keys=lambda *_: None)[0].verdict
        is Verdict.undetermined
    )


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "method_malformed"),
        ("#key-1", "method_malformed"),
        ("did:web:badges.keystone.example #key-1", "method_malformed"),
        ("did:web:badges.keystone.example.evil.example#key-1", "key_of_another"),
        ("did:web:BADGES.keystone.example#key-1", "key_of_another"),
        ("did:web:badges.keystone.example", "key_absent"),
        ("did:web:badges.keystone.example#key-2", "key_absent"),
        ("https://badges.keystone.example#key-1", "key_of_another"),
    ],
)
def test_any_other_name_of_a_key_fails(world, issuer, method, code):
    badge = issuer.sign(issuer.credential())
    badge["proof"][0]["verificationMethod"] = method
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.invalid, code)


def test_a_did_of_an_unknown_method_leaves_it_open(world, issuer):
    issuer.did, issuer.verification_method = "did:example:123", "did:example:123#key-1"
    report, found = verify(world, issuer.badge(credentialStatus=None))
    assert (report.verdict, found.code) == (Verdict.undetermined, "did_method_unknown")


@pytest.mark.parametrize("did", ["did:web:127.0.0.1", "did:web:a..b", "did:web:example.com:..:x", "did:web:"])
def test_a_did_web_that_leads_nowhere_fails(world, issuer, did):
    issuer.did, issuer.verification_method = did, f"{did}#key-1"
    assert verify(world, issuer.badge(credentialStatus=None))[0].verdict is Verdict.invalid


def keys_of(world):
    sources = Sources(fetcher=world.fetcher(), local=None, max_fetches=12)
    return IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=None, now=NOW)


def test_a_key_counts_for_the_purpose_it_is_listed_for_and_no_other(world, issuer):
    keys = keys_of(world)
    name, method = "authentication", issuer.verification_method
    assert keys.learn(issuer.did, method).check.code == "key_published"
    assert keys.learn(issuer.did, method, purpose=name).check.code == "key_absent"
    document = issuer.document()
    world.publish(issuer.did_url, {**document, "assertionMethod": [], name: document["assertionMethod"]})
    keys = keys_of(world)
    assert keys.learn(issuer.did, method).check.code == "key_absent"
    assert keys.learn(issuer.did, method, purpose=name).check.code == "key_published"


def test_a_key_set_speaks_of_assertions_alone(world, issuer):
    owner, public = f"https://{HOST}/issuers/1", issuer.key.public_key
    method = f"https://{HOST}/keys/1"
    world.publish(f"https://{HOST}/.well-known/jwks.json", {"keys": [{**to_jwk(public), "kid": method}]})
    keys = keys_of(world)
    assert keys.learn(owner, method).check.code == "key_published"
    assert keys.learn(owner, method, purpose="authentication").check.outcome is Outcome.unknown


def test_a_document_of_one_key_speaks_of_assertions_alone(world, issuer):
    owner, method = f"https://{HOST}/issuers/1", f"https://{HOST}/keys/1"
    entry = {"id": method, "type": "Multikey", "controller": owner}
    world.publish(method, {**entry, "publicKeyMultibase": issuer.key.public_key.multikey})
    keys = keys_of(world)
    assert keys.learn(owner, method).check.code == "key_published"
    assert keys.learn(owner, method, purpose="authentication").check.code == "keys_not_found"


@pytest.mark.parametrize("owner", ["http://badges.keystone.example/issuers/1", "https://a@b.example/1"])
def test_an_issuer_whose_address_may_not_be_asked_is_bound_to_no_key_of_another(world, issuer, owner):
    written = issuer.key.public_key.multikey
    keys = keys_of(world)
    assert keys.learn(owner, f"https://evil.example/1#{written}").check.code == "key_of_another"
    assert keys.learn(owner, f"{owner}#{written}").check.code == "key_unconfirmed"
    assert keys.learn(owner, f"{owner}#key-1").check.code == "keys_forbidden"
    assert world.requests == []
