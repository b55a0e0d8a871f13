"""What our institutions publish of their keys, as our own verifier and another library read it."""

import json
from datetime import UTC, datetime

import pytest
from issuing_office import institution
from joserfc.jwk import KeySet

from issuer import IssuerError, NotFound
from keys.did import keys_from_did_document
from keys.jwk import from_jwk, keys_from_jwks
from verifier.issuer_keys import IssuerKeys
from verifier.sources import Sources
from verifier.trust import trust_list

DID = "did:web:badges.example.edu:institutions:uef"
SET = "/.well-known/jwks.json"
ALGORITHMS = ("Ed25519", "P-256", "P-384", "RSA")


@pytest.fixture
def published(https_office):
    """An office with two institutions, one of which has keys of every kind, three of them rotated."""
    for slug in ("uef", "other"):
        https_office.issuer.register_institution(institution(slug))
        https_office.issuer.create_key(slug)
    for algorithm in ALGORITHMS[1:]:
        https_office.issuer.create_key("uef", algorithm)
    https_office.clock.forward(days=30)
    for algorithm in ("Ed25519", "P-256", "RSA"):
        https_office.issuer.rotate_key("uef", algorithm)
    return https_office


def key_set(office):
    return json.loads(office.issuer.local(office.base_url + SET))


def test_every_kind_is_rotated_by_itself(published):
    keys = published.issuer.keys_of("uef")
    in_use = [(key.algorithm, key.retired is None) for key in keys]
    assert in_use == [
        ("Ed25519", False),
        ("P-256", False),
        ("P-384", True),
        ("RSA", False),
        ("Ed25519", True),
        ("P-256", True),
        ("RSA", True),
    ]


def test_the_did_document_lists_all_keys_with_the_time_of_their_use(published):
    document = json.loads(published.issuer.did_document("uef"))
    keys = published.issuer.keys_of("uef")
    found = keys_from_did_document(document, DID)
    assert {name: key.multikey for name, key in found.items()} == {
        key.verification_method: key.public_multikey for key in keys
    }
    methods = document["verificationMethod"]
    assert [method["type"] == "JsonWebKey" for method in methods] == [key.algorithm == "RSA" for key in keys]
    assert ["expires" in method for method in methods] == [key.retired is not None for key in keys]
    assert all(len(key.verification_method) < 200 for key in keys)


def test_the_key_set_names_each_keys_institution_and_its_time(published):
    entries = key_set(published)["keys"]
    assert len(entries) == 8
    mine = [entry for entry in entries if entry["iss"] == DID]
    keys = published.issuer.keys_of("uef")
    assert [datetime.fromtimestamp(entry["nbf"], UTC) for entry in mine] == [key.created for key in keys]
    ends = [entry.get("exp") for entry in mine]
    assert ends == [key.retired and int(key.retired.timestamp()) for key in keys]
    assert [from_jwk(entry).multikey for entry in mine] == [key.public_multikey for key in keys]
    assert {entry["alg"] for entry in mine} == {"EdDSA", "ES256", "ES384", "RS256"}
    assert not {"d", "p", "q"} & {name for entry in entries for name in entry}
    assert len(keys_from_jwks(key_set(published), DID)) == 7


def test_another_library_reads_the_set(published):
    theirs = KeySet.import_key_set(key_set(published))
    assert len(theirs.keys) == 8
    assert {key.kid for key in theirs.keys} == {entry["kid"] for entry in key_set(published)["keys"]}


def test_each_kid_is_the_address_of_that_one_key(published):
    for entry in key_set(published)["keys"]:
        assert entry["kid"].startswith(published.base_url + "/institutions/")
        assert json.loads(published.issuer.local(entry["kid"])) == entry


def test_a_token_may_name_a_key_by_either_of_its_names(published):
    sources = Sources(fetcher=None, local=published.issuer.local, max_fetches=0)
    keys = IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=None, now=published.clock.now)
    for row, entry in zip(published.issuer.keys_of("uef"), key_set(published)["keys"], strict=False):
        for kid in (row.verification_method, entry["kid"]):
            learned = keys.learn_for_jwt(DID, kid, None)
            assert (learned.check.code, learned.public_key) == ("key_published", from_jwk(entry))
            foreign = keys.learn_for_jwt(DID.replace("uef", "other"), kid, None)
            assert foreign.public_key is None
            assert foreign.check.outcome == "failed"


@pytest.mark.parametrize(
    "path", ["/institutions/uef/keys/none.jwk", "/institutions/uef/keys/x", "/institutions/nobody/keys/a.jwk"]
)
def test_what_is_not_there_is_not_answered(published, path):
    assert published.issuer.local(published.base_url + path) is None


def test_the_key_of_one_institution_is_not_under_the_address_of_another(published):
    kid = key_set(published)["keys"][0]["kid"]
    name = kid.rpartition("/")[2]
    assert published.issuer.public_jwk("uef", name)
    with pytest.raises(NotFound):
        published.issuer.public_jwk("other", name)


def test_a_first_key_for_another_algorithm_comes_after_the_one_that_signs_credentials(https_office):
    https_office.issuer.register_institution(institution())
    made = https_office.issuer.create_key("uef", "P-384")
    assert [key.algorithm for key in https_office.issuer.keys_of("uef")] == ["Ed25519", "P-384"]
    assert https_office.issuer.create_key("uef", "P-384") == made
    assert https_office.keys.signer(made.verification_method).algorithm == "P-384"


@pytest.mark.parametrize(
    ("act", "algorithm", "code"),
    [
        ("create_key", "P-521", "algorithm"),
        ("create_key", "", "algorithm"),
        ("rotate_key", "P-256", "no_key"),
        ("rotate_key", "P-521", "no_key"),
    ],
)
def test_keys_that_make_no_sense_are_refused(https_office, act, algorithm, code):
    https_office.issuer.register_institution(institution())
    https_office.issuer.create_key("uef")
    with pytest.raises(IssuerError) as refused:
        getattr(https_office.issuer, act)("uef", algorithm)
    assert refused.value.code == code
    assert https_office.issuer.create_key("uef", "P-256")


def test_on_loopback_the_one_key_is_published_in_every_form(office):
    office.issuer.register_institution(institution())
    key = office.issuer.create_key("uef")
    with pytest.raises(IssuerError) as refused:
        office.issuer.create_key("uef", "RSA")
    assert refused.value.code == "keys_need_https"
    did = key.verification_method.partition("#")[0]
    (entry,) = key_set(office)["keys"]
    assert entry["iss"] == did
    assert from_jwk(entry).did_key == did
    assert json.loads(office.issuer.local(entry["kid"])) == entry


def test_an_office_without_keys_publishes_an_empty_set(office):
    office.issuer.register_institution(institution())
    assert key_set(office) == {"keys": []}
