"""Issuers named by an https address: what their own origin says binds a key to them, and nothing else does.

Each way of being wrong has its good twin: the same badge, with what the origin says set right (P1, P2, N6).
"""

import copy
import json

import pytest
from simulator import Failure, World, as_bytes, seed

from keys import SecretKey
from keys.jwk import thumbprint, to_jwk
from verifier import InMemory, Outcome, TrustEntry, Verdict

HOST = "badges.keystone.example"
ISSUER = f"https://{HOST}/issuers/1"
KEY_PAGE = f"https://{HOST}/keys/1"
SET = f"https://{HOST}/.well-known/jwks.json"
OTHER = SecretKey.from_seed(seed("somebody else"))


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    made = world.issuer(HOST)
    made.did, made.verification_method = ISSUER, KEY_PAGE
    world.pages.clear()
    return made


def verify(world, badge, **options):
    report = world.verifier(**options).verify(badge if isinstance(badge, bytes) else as_bytes(badge))
    return report, report.check("issuer_key")


def badge_of(issuer, method=None):
    if method is not None:
        issuer.verification_method = method
    return issuer.badge(credentialStatus=None)


def key_document(issuer, **changes):
    document = {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": issuer.verification_method,
        "type": "Multikey",
        "controller": ISSUER,
        "publicKeyMultibase": issuer.key.public_key.multikey,
        **changes,
    }
    return {name: value for name, value in document.items() if value is not None}


def controller_document(method, key, **changes):
    entry = {"id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": key.multikey}
    return {"id": ISSUER, "verificationMethod": [entry], "assertionMethod": [method], **changes}


def key_set(*entries):
    return {"keys": [dict(entry) for entry in entries]}


def jwk(key, **members):
    return {**to_jwk(key), **members}


def test_a_document_of_the_key_that_names_the_issuer_confirms_it(world, issuer):
    badge = badge_of(issuer)
    assert verify(world, badge)[0].verdict is Verdict.undetermined
    world.publish(KEY_PAGE, key_document(issuer))
    report, found = verify(world, badge)
    assert (report.verdict, found.code, found.detail["host"]) == (Verdict.valid, "key_published", HOST)


def test_a_document_of_the_key_as_jwk_confirms_it(world, issuer):
    badge = badge_of(issuer)
    public = to_jwk(issuer.key.public_key)
    world.publish(
        KEY_PAGE, key_document(issuer, type="JsonWebKey", publicKeyMultibase=None, publicKeyJwk=public)
    )
    assert verify(world, badge)[0].verdict is Verdict.valid


@pytest.mark.parametrize("fragment", ["#key-1", ""])
def test_the_id_of_the_document_is_the_key_or_its_page(world, issuer, fragment):
    badge = badge_of(issuer, KEY_PAGE + fragment)
    for name in {KEY_PAGE + fragment, KEY_PAGE}:
        world.publish(KEY_PAGE, key_document(issuer, id=name))
        assert verify(world, badge)[0].verdict is Verdict.valid


BROKEN = {
    "another controller": ({"controller": f"https://{HOST}/issuers/2"}, "key_of_another"),
    "controller of another host": ({"controller": "https://other.example/issuers/1"}, "key_of_another"),
    "several controllers": ({"controller": [ISSUER]}, "key_of_another"),
    "no controller": ({"controller": None}, "key_of_another"),
    "another id": ({"id": f"https://{HOST}/keys/2"}, "keys_refused"),
    "no id": ({"id": None}, "keys_refused"),
    "secret inside": ({"secretKeyMultibase": "z3u2e"}, "keys_refused"),
    "revoked": ({"revoked": "2026-01-01T00:00:00Z"}, "key_absent"),
    "malformed": ({"publicKeyMultibase": "6Mk"}, "keys_refused"),
    "two spellings": ({"publicKeyJwk": {}}, "keys_refused"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_document_of_the_key_that_breaks_a_rule_makes_it_invalid(world, issuer, broken):
    changes, code = BROKEN[broken]
    badge = badge_of(issuer)
    world.publish(KEY_PAGE, key_document(issuer, **changes))
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.invalid, code)
    world.publish(KEY_PAGE, key_document(issuer))
    assert verify(world, badge)[0].verdict is Verdict.valid


def test_the_document_of_another_key_makes_it_invalid(world, issuer):
    badge = badge_of(issuer)
    world.publish(KEY_PAGE, key_document(issuer, publicKeyMultibase=OTHER.public_key.multikey))
    report, _ = verify(world, badge)
    assert (report.verdict, report.check("signature").code) == (Verdict.invalid, "signature_misfit")


@pytest.mark.parametrize("failure", list(Failure))
def test_a_document_that_cannot_be_read_leaves_it_open(world, issuer, failure):
    badge = badge_of(issuer)
    world.publish(KEY_PAGE, key_document(issuer))
    world.fail(KEY_PAGE, failure)
    report, found = verify(world, badge)
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)
    assert found.code in ("keys_unreachable", "keys_forbidden")
    world.mend(KEY_PAGE)
    assert verify(world, badge)[0].verdict is Verdict.valid


def test_a_page_without_keys_leaves_it_open(world, issuer):
    badge = badge_of(issuer)
    world.publish(KEY_PAGE, {"id": KEY_PAGE, "type": "Profile"})
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.undetermined, "keys_not_found")


@pytest.mark.parametrize(
    "method",
    [
        "https://evil.example/keys/1",
        f"https://{HOST}.evil.example/keys/1",
        f"https://evil.example/{HOST}/keys/1",
        f"https://{HOST}:8443/keys/1",
        f"https://{HOST}@evil.example/keys/1",
        f"https://user@{HOST}/keys/1",
        f"http://{HOST}/keys/1",
        f"https:{HOST}/keys/1",
        f"did:web:{HOST}#key-1",
        OTHER.public_key.did_key_method,
    ],
)
def test_a_key_of_another_origin_is_never_fetched(world, issuer, method):
    badge = badge_of(issuer, method)
    for page in (method.partition("#")[0], KEY_PAGE):
        world.publish(page, key_document(issuer))
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.invalid, "key_of_another")
    assert world.requests == []
    world.publish(KEY_PAGE, key_document(issuer, id=KEY_PAGE))
    assert verify(world, badge_of(issuer, KEY_PAGE))[0].verdict is Verdict.valid


def test_the_same_origin_in_another_spelling_is_the_same(world, issuer):
    method = f"https://{HOST}:443/keys/1"
    badge = badge_of(issuer, method)
    world.publish(KEY_PAGE, key_document(issuer, id=method))
    assert verify(world, badge)[0].verdict is Verdict.valid


# The controller document at the issuer's own address


def test_the_controller_document_alone_decides_where_there_is_one(world, issuer):
    badge = badge_of(issuer)
    world.publish(KEY_PAGE, key_document(issuer))
    listed = f"{ISSUER}#other"
    world.publish(ISSUER, controller_document(listed, OTHER.public_key))
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.invalid, "key_absent")
    named = controller_document(listed, OTHER.public_key, assertionMethod=[listed, KEY_PAGE])
    world.publish(ISSUER, named)
    assert verify(world, badge)[0].verdict is Verdict.valid


def test_a_controller_document_at_another_page_names_the_issuer(world, issuer):
    method = f"{KEY_PAGE}#a"
    badge = badge_of(issuer, method)
    document = controller_document(method, issuer.key.public_key, id=KEY_PAGE)
    world.publish(KEY_PAGE, document)
    assert verify(world, badge)[0].verdict is Verdict.valid
    document["verificationMethod"][0]["controller"] = KEY_PAGE
    world.publish(KEY_PAGE, document)
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.invalid, "key_of_another")


def change_method(document, **members):
    changed = copy.deepcopy(document)
    changed["verificationMethod"][0].update(members)
    return changed


CONTROLLER_BROKEN = {
    "another id": lambda one: {**one, "id": f"https://{HOST}/issuers/2"},
    "foreign controller": lambda one: change_method(one, controller="https://other.example"),
    "key listed twice": lambda one: {**one, "verificationMethod": one["verificationMethod"] * 2},
    "secret inside": lambda one: change_method(one, secretKeyMultibase="z3u2e"),
    "for signing in only": lambda one: {
        **one,
        "assertionMethod": [],
        "authentication": one["assertionMethod"],
    },
    "revoked key": lambda one: change_method(one, revoked="2026-01-01T00:00:00Z"),
    "other key": lambda one: change_method(one, publicKeyMultibase=OTHER.public_key.multikey),
    "keys of another kind": lambda one: change_method(one, type="X25519KeyAgreementKey2020"),
    "no list": lambda one: {**one, "assertionMethod": ISSUER},
}


@pytest.mark.parametrize("broken", CONTROLLER_BROKEN)
def test_a_controller_document_that_breaks_a_rule_makes_it_invalid(world, issuer, broken):
    method = f"{ISSUER}#key-1"
    badge = badge_of(issuer, method)
    good = controller_document(method, issuer.key.public_key)
    world.publish(ISSUER, CONTROLLER_BROKEN[broken](good))
    assert verify(world, badge)[0].verdict is Verdict.invalid
    world.publish(ISSUER, good)
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.valid, "key_published")


# The key set of the origin


def test_the_key_set_may_confirm_a_key_by_its_name_or_by_itself(world, issuer):
    public = issuer.key.public_key
    named, written = KEY_PAGE, f"{ISSUER}#{public.multikey}"
    for method, entry in ((named, jwk(public, kid=named)), (written, jwk(public, kid="1", iss=ISSUER))):
        badge = badge_of(issuer, method)
        assert verify(world, badge)[0].verdict is Verdict.undetermined
        world.publish(SET, key_set(entry))
        assert verify(world, badge)[0].verdict is Verdict.valid
        world.pages.clear()


@pytest.mark.parametrize(
    "entry",
    [
        {"iss": f"https://{HOST}/issuers/2"},
        {"kid": f"https://{HOST}/keys/2"},
        {"use": "enc"},
        {"d": "AQ"},
    ],
)
def test_a_key_set_that_does_not_hold_it_leaves_it_open(world, issuer, entry):
    badge = badge_of(issuer)
    world.publish(SET, key_set(jwk(issuer.key.public_key, kid=KEY_PAGE) | entry))
    assert verify(world, badge)[0].verdict is Verdict.undetermined
    world.publish(SET, key_set(jwk(issuer.key.public_key, kid=KEY_PAGE)))
    assert verify(world, badge)[0].verdict is Verdict.valid


def test_a_key_set_with_the_same_name_and_another_key_makes_it_invalid(world, issuer):
    badge = badge_of(issuer)
    world.publish(SET, key_set(jwk(OTHER.public_key, kid=KEY_PAGE)))
    report, _ = verify(world, badge)
    assert (report.verdict, report.check("signature").code) == (Verdict.invalid, "signature_misfit")


def test_the_set_stands_at_the_port_of_the_issuer(world, issuer):
    issuer.did, method = f"https://{HOST}:8443/issuers/1", f"https://{HOST}:8443/keys/1"
    badge = badge_of(issuer, method)
    entry = jwk(issuer.key.public_key, kid=method)
    world.publish(SET, key_set(entry))
    assert verify(world, badge)[0].verdict is Verdict.undetermined
    world.publish(f"https://{HOST}:8443/.well-known/jwks.json", key_set(entry))
    assert verify(world, badge)[0].verdict is Verdict.valid


# The trust list, and the number of fetches


def test_the_trust_list_may_vouch_for_a_did_key_of_an_issuer_with_an_address(world, issuer):
    badge = badge_of(issuer, issuer.key.public_key.did_key_method)
    entry = TrustEntry(issuer_id=ISSUER, name="Keystone", keys=(issuer.key.public_key.multikey,))
    report, found = verify(world, badge, trust=[entry])
    assert (report.verdict, found.code) == (Verdict.valid, "key_listed")
    other = TrustEntry(issuer_id=ISSUER, name="Keystone", keys=(OTHER.public_key.multikey,))
    assert verify(world, badge, trust=[other])[0].verdict is Verdict.invalid
    elsewhere = TrustEntry(issuer_id=ISSUER + "/", name="Keystone", keys=entry.keys)
    assert verify(world, badge, trust=[elsewhere])[0].verdict is Verdict.invalid


@pytest.mark.parametrize("method", [KEY_PAGE, f"{ISSUER}#written"])
def test_a_key_that_was_confirmed_is_remembered_with_its_day(world, issuer, method):
    written = method.replace("written", issuer.key.public_key.multikey)
    badge, memory = badge_of(issuer, written), InMemory()
    page = written.partition("#")[0]
    good = key_document(issuer) if page == KEY_PAGE else controller_document(written, issuer.key.public_key)
    world.publish(page, good)
    assert verify(world, badge, memory=memory)[0].verdict is Verdict.valid
    world.fail(page, Failure.down)
    report, found = verify(world, badge, memory=memory)
    assert (report.verdict, found.code) == (Verdict.valid, "key_remembered")
    assert "21 November 2026" in found.message
    assert verify(world, badge)[0].verdict is Verdict.undetermined
    world.fail(page, Failure.private_address)
    assert verify(world, badge, memory=memory)[0].verdict is Verdict.undetermined
    world.mend(page)
    world.publish(page, {"id": page, "type": "Profile"})
    assert verify(world, badge, memory=memory)[0].verdict is Verdict.undetermined


def test_a_remembered_key_is_that_of_its_own_name_alone(world, issuer):
    badge, memory = badge_of(issuer), InMemory()
    world.publish(KEY_PAGE, key_document(issuer))
    verify(world, badge, memory=memory)
    world.fail(KEY_PAGE, Failure.down)
    other = badge_of(issuer, KEY_PAGE + "#other")
    assert verify(world, other, memory=memory)[0].verdict is Verdict.undetermined
    memory.put(
        f"key:assertionMethod {ISSUER} {KEY_PAGE}", b'{"text": "x", "read_at": "2026-11-21T12:00:00+00:00"}'
    )
    assert verify(world, badge, memory=memory)[0].verdict is Verdict.undetermined


def test_many_proofs_ask_few_addresses_of_one_origin(world, issuer):
    secured = json.loads(badge_of(issuer))
    proofs = [{**secured["proof"][0], "verificationMethod": f"{KEY_PAGE}{number}"} for number in range(8)]
    report, _ = verify(world, {**secured, "proof": proofs})
    assert report.verdict is Verdict.undetermined
    assert len(world.requests) <= 12
    assert all(url.startswith(f"https://{HOST}/") for url in world.requests)
    assert len(set(world.requests)) == len(world.requests)


def test_a_thumbprint_names_a_key_without_a_name_in_the_set(world, issuer):
    method = f"{ISSUER}#{issuer.key.public_key.multikey}"
    badge = badge_of(issuer, method)
    world.publish(SET, key_set(jwk(issuer.key.public_key)))
    assert thumbprint(issuer.key.public_key)
    assert verify(world, badge)[0].verdict is Verdict.valid
