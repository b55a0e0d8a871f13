"""Keys that tokens name by `kid` or carry as `jwk`: only the issuer's own count (THREATS T2)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import NOW, Failure, World, seed

from keys import SecretKey
from keys.did import KeyRecord
from keys.jwk import to_jwk
from keys.multibase import base64url_encode
from verifier import InMemory, Outcome, TrustEntry
from verifier.issuer_keys import IssuerKeys
from verifier.sources import Sources
from verifier.trust import trust_list

HOST = "badges.keystone.example"
ISSUER = f"https://{HOST}/issuers/1"
KID = f"https://{HOST}/keys/1"
SET = f"https://{HOST}/.well-known/jwks.json"
KEY = SecretKey.from_seed(seed("token"), "P-256").public_key
OTHER = SecretKey.from_seed(seed("somebody else"), "P-256").public_key
MULTIKEY_OF_OTHER = OTHER.multikey
NAMES = ["id", "keys", "kid", "kty", "crv", "x", "y", "controller", "type", "publicKeyJwk", "assertionMethod"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from([ISSUER, KID, "EC", "P-256", "Multikey", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=10,
)


@pytest.fixture
def world():
    return World()


def learn(world, issuer, kid=None, jwk=None, *, trust=(), memory=None, given=None, local=None):
    sources = Sources(fetcher=world.fetcher(), local=local, max_fetches=12)
    keys = IssuerKeys(sources=sources, trust=trust_list(trust), memory=memory, given=given, now=world.clock())
    return keys.learn_for_jwt(issuer, kid, jwk)


def answer(world, *arguments, **options):
    learned = learn(world, *arguments, **options)
    return str(learned.check.outcome), learned.check.code


def did_web(world, *more):
    """Publish a did:web with an Ed25519 key, and KEY beside it as `#token`."""
    issuer = world.issuer(HOST)
    record = KeyRecord(verification_method=f"{issuer.did}#token", public_key=KEY, created=NOW)
    world.publish(issuer.did_url, issuer.document(record, *more))
    world.requests.clear()
    return issuer.did


def did_jwk(key):
    return "did:jwk:" + base64url_encode(json.dumps(to_jwk(key)).encode())


# DIDs that hold their key


@pytest.mark.parametrize("did", [KEY.did_key, did_jwk(KEY)], ids=["key", "jwk"])
def test_a_did_that_holds_its_key_needs_no_fetch(world, did):
    fragment = KEY.multikey if did.startswith("did:key") else "0"
    for named in (
        (did, f"{did}#{fragment}"),
        (did, None, to_jwk(KEY)),
        (did, f"{did}#{fragment}", to_jwk(KEY)),
    ):
        learned = learn(world, *named)
        assert (learned.check.code, learned.public_key) == ("key_is_issuer", KEY)
    assert learn(world, did, did).public_key == KEY
    assert answer(world, did, f"{did}#1") == ("failed", "key_absent")
    assert answer(world, did, None, to_jwk(OTHER)) == ("failed", "key_of_another")
    assert answer(world, did, f"{OTHER.did_key}#{OTHER.multikey}") == ("failed", "key_of_another")
    assert answer(world, did, f"{did}#{fragment}", to_jwk(OTHER)) == ("failed", "keys_differ")
    assert world.requests == []


def test_a_broken_did_jwk_fails(world):
    did = "did:jwk:" + base64url_encode(json.dumps({**to_jwk(KEY), "d": "AQ"}).encode())
    assert answer(world, did, f"{did}#0") == ("failed", "key_refused")
    assert answer(world, did_jwk(KEY), f"{did_jwk(KEY)}#0") == ("passed", "key_is_issuer")


# DID documents on the web


def test_a_key_in_the_did_document_is_the_issuers(world):
    did = did_web(world)
    for named in ((did, f"{did}#token"), (did, None, to_jwk(KEY)), (did, f"{did}#token", to_jwk(KEY))):
        learned = learn(world, *named)
        assert (learned.check.code, learned.public_key) == ("key_published", KEY)


@pytest.mark.parametrize(
    ("kid", "jwk", "code"),
    [
        ("{did}#nobody", None, "key_absent"),
        ("{did}", None, "key_absent"),
        ("did:web:evil.example#token", None, "key_of_another"),
        ("{did}.evil.example#token", None, "key_of_another"),
        ("https://evil.example/keys/1", None, "key_of_another"),
        ("https://badges.keystone.example:8443/keys/1", None, "key_of_another"),
        ("https://badges.keystone.example@evil.example/keys/1", None, "key_of_another"),
        ("http://badges.keystone.example/keys/1", None, "key_of_another"),
        ("file:///etc/passwd", None, "key_of_another"),
        ("urn:uuid:1", None, "key_of_another"),
        ("#token", None, "method_malformed"),
        ("token", None, "method_malformed"),
        ("../../keys/1", None, "method_malformed"),
        ("' OR 1=1 --", None, "method_malformed"),
        ("", None, "method_malformed"),
        (None, to_jwk(OTHER), "key_absent"),
        ("{did}#token", to_jwk(OTHER), "keys_differ"),
        (None, {**to_jwk(KEY), "d": "AQ"}, "key_refused"),
        (None, {**to_jwk(KEY), "use": "enc"}, "key_refused"),
        (None, {"kty": "oct", "k": "c2VjcmV0"}, "key_refused"),
        (None, {}, "key_refused"),
        (None, None, "key_unnamed"),
    ],
)
def test_another_key_is_not_the_issuers(world, kid, jwk, code):
    did = did_web(world)
    kid = kid.format(did=did) if kid is not None else None
    assert answer(world, did, kid, jwk) == ("failed", code)
    assert answer(world, did, f"{did}#token", to_jwk(KEY)) == ("passed", "key_published")
    assert {url.split("/")[2] for url in world.requests} <= {HOST}


def test_a_did_document_that_cannot_be_read_leaves_it_open(world):
    did, memory = did_web(world), InMemory()
    url = f"https://{HOST}/.well-known/did.json"
    assert answer(world, did, None, to_jwk(KEY), memory=memory) == ("passed", "key_published")
    world.fail(url, Failure.down)
    for named in ((did, f"{did}#token"), (did, None, to_jwk(KEY))):
        assert answer(world, *named) == ("unknown", "keys_unreachable")
        assert answer(world, *named, memory=memory) == ("passed", "key_remembered")
    assert answer(world, did, None, to_jwk(OTHER), memory=memory) == ("unknown", "keys_unreachable")


def test_a_single_jwk_of_a_did_web_must_be_in_its_document(world):
    did = did_web(world)
    assert answer(world, did, KID) == ("unknown", "keys_unreachable")
    world.publish(KID, {**to_jwk(KEY), "kid": KID, "iss": did, "alg": "ES256"})
    assert answer(world, did, KID) == ("passed", "key_published")
    assert answer(world, did, KID, to_jwk(KEY)) == ("passed", "key_published")
    assert answer(world, did, KID, to_jwk(OTHER)) == ("failed", "keys_differ")
    world.publish(KID, to_jwk(OTHER))
    assert answer(world, did, KID) == ("failed", "key_absent")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "did:web:other.example"}, "key_refused"),
        ({"kid": f"https://{HOST}/keys/2"}, "key_refused"),
        ({"revoked": {"revoked_at": 1}}, "key_absent"),
        ({"d": "AQ"}, "key_refused"),
        ({"use": "enc"}, "key_refused"),
    ],
)
def test_a_single_jwk_that_breaks_a_rule_is_refused(world, change, code):
    did = did_web(world)
    world.publish(KID, {**to_jwk(KEY), **change})
    assert answer(world, did, KID) == ("failed", code)
    world.publish(KID, to_jwk(KEY))
    assert answer(world, did, KID) == ("passed", "key_published")


def test_a_key_set_shows_that_an_address_without_a_key_is_none_of_the_issuers(world):
    did = did_web(world)
    mine = {**to_jwk(OTHER), "kid": f"https://{HOST}/keys/2", "iss": did}
    world.publish(SET, {"keys": [{**mine, "iss": "did:web:other.example"}]})
    assert answer(world, did, KID) == ("unknown", "keys_unreachable")
    world.publish(SET, {"keys": [{**mine, "d": "AQ"}]})
    assert answer(world, did, KID) == ("unknown", "keys_unreachable")
    world.publish(SET, {"keys": [mine, {**to_jwk(KEY), "kid": KID, "iss": did}]})
    assert answer(world, did, KID) == ("passed", "key_published")
    world.publish(SET, {"keys": [mine]})
    assert answer(world, did, KID) == ("failed", "key_absent")
    world.publish(KID, to_jwk(KEY))
    assert answer(world, did, KID) == ("passed", "key_published")


def test_a_set_in_the_place_of_a_single_jwk_leaves_it_open(world):
    did = did_web(world)
    world.publish(KID, {"keys": [to_jwk(KEY)]})
    assert answer(world, did, KID) == ("unknown", "keys_not_found")


def test_a_did_of_another_method_leaves_it_open(world):
    assert answer(world, "did:example:1", "did:example:1#a") == ("unknown", "did_method_unknown")
    carried = learn(world, "did:example:1", None, to_jwk(KEY))
    assert (carried.check.code, carried.public_key) == ("key_unconfirmed", KEY)
    assert answer(world, "did:web:127.0.0.1", None, to_jwk(KEY)) == ("failed", "method_malformed")


# Issuers named by an address


def test_the_key_set_confirms_a_kid_and_a_jwk(world):
    entry = {**to_jwk(KEY), "kid": KID, "iss": ISSUER}
    world.publish(SET, {"keys": [entry, {**to_jwk(OTHER), "kid": "2", "iss": f"https://{HOST}/issuers/2"}]})
    for named in ((KID, None), (None, to_jwk(KEY)), (KID, to_jwk(KEY))):
        assert answer(world, ISSUER, *named) == ("passed", "key_published")
    assert answer(world, ISSUER, KID, to_jwk(OTHER)) == ("failed", "keys_differ")
    assert answer(world, ISSUER, None, to_jwk(OTHER)) == ("failed", "key_absent")
    assert answer(world, f"https://{HOST}/issuers/2", KID) == ("failed", "key_absent")


def test_a_kid_that_is_not_in_the_set_is_not_the_issuers_even_with_a_jwk_at_its_address(world):
    world.publish(KID, to_jwk(KEY))
    assert answer(world, ISSUER, KID) == ("passed", "key_published")
    world.publish(SET, {"keys": [{**to_jwk(OTHER), "kid": f"https://{HOST}/keys/2"}]})
    assert answer(world, ISSUER, KID) == ("failed", "key_absent")
    world.publish(SET, {"keys": [{**to_jwk(KEY), "kid": KID}]})
    assert answer(world, ISSUER, KID) == ("passed", "key_published")


@pytest.mark.parametrize("change", [{"iss": "https://other.example"}, {"kid": "x"}, {"d": ""}])
def test_a_single_jwk_of_another_is_refused(world, change):
    world.publish(KID, {**to_jwk(KEY), **change})
    assert answer(world, ISSUER, KID)[0] == "failed"
    world.publish(KID, {**to_jwk(KEY), "kid": KID, "iss": ISSUER})
    assert answer(world, ISSUER, KID) == ("passed", "key_published")


@pytest.mark.parametrize(
    "keys",
    [
        [{**to_jwk(KEY), "kid": KID, "d": "AQ"}],
        [{**to_jwk(KEY), "kid": KID}, {**to_jwk(OTHER), "kid": KID}],
        [{**to_jwk(KEY), "kid": KID, "y": "AQ"}],
        ["x"],
        {},
    ],
)
def test_a_set_that_breaks_a_rule_is_refused(world, keys):
    world.publish(SET, {"keys": keys})
    for named in ((KID, None), (None, to_jwk(KEY))):
        assert answer(world, ISSUER, *named) == ("failed", "keys_refused")
    world.publish(SET, {"keys": [{**to_jwk(KEY), "kid": KID}]})
    assert answer(world, ISSUER, KID) == ("passed", "key_published")


@pytest.mark.parametrize("failure", list(Failure))
def test_keys_that_cannot_be_learned_leave_it_open(world, failure):
    world.publish(SET, {"keys": [{**to_jwk(KEY), "kid": KID}]})
    for url in (SET, KID):
        world.fail(url, failure)
    assert answer(world, ISSUER, KID)[0] == "unknown"
    carried = learn(world, ISSUER, None, to_jwk(KEY))
    assert (carried.check.code, carried.public_key) == ("key_unconfirmed", KEY)
    for url in (SET, KID):
        world.mend(url)
    assert answer(world, ISSUER, KID) == ("passed", "key_published")


@pytest.mark.parametrize(
    ("kid", "code"),
    [
        ("https://evil.example/keys/1", "key_of_another"),
        (f"https://{HOST}.evil.example/keys/1", "key_of_another"),
        (f"https://evil.example#{ISSUER}", "key_of_another"),
        (f"https://{HOST}\\@evil.example/keys/1", "key_of_another"),
        (f"https://{HOST}:8443/keys/1", "key_of_another"),
        (f"http://{HOST}/keys/1", "key_of_another"),
        (f"https://{HOST}\x00/keys/1", "key_of_another"),
        (f"https://{HOST}\\/keys/1", "key_of_another"),
        (f"https://{HOST}\t/keys/1", "method_malformed"),
        ("http://169.254.169.254/latest/meta-data", "key_of_another"),
        ("file:///etc/passwd", "key_of_another"),
        (f"{OTHER.did_key}#{MULTIKEY_OF_OTHER}", "key_of_another"),
        ("keys/1", "method_malformed"),
        ("", "method_malformed"),
    ],
)
def test_a_kid_elsewhere_is_never_fetched(world, kid, code):
    for url in (kid, kid.partition("#")[0]):
        world.publish(url, to_jwk(OTHER))
    assert answer(world, ISSUER, kid) == ("failed", code)
    assert world.requests == []
    world.publish(KID, to_jwk(KEY))
    assert answer(world, ISSUER, KID) == ("passed", "key_published")


def test_the_controller_document_confirms_a_kid_and_a_jwk(world):
    method = f"{ISSUER}#token"
    entry = {"id": method, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": to_jwk(KEY)}
    document = {"id": ISSUER, "verificationMethod": [entry], "assertionMethod": [method]}
    world.publish(ISSUER, document)
    for named in ((method, None), (None, to_jwk(KEY)), (method, to_jwk(KEY))):
        assert answer(world, ISSUER, *named) == ("passed", "key_published")
    assert answer(world, ISSUER, None, to_jwk(OTHER)) == ("failed", "key_absent")
    world.publish(KID, to_jwk(OTHER))
    assert answer(world, ISSUER, KID) == ("failed", "key_absent")


def test_the_trust_list_vouches_for_a_key_that_a_token_carries(world):
    entry = TrustEntry(issuer_id=ISSUER, name="Keystone", keys=(KEY.multikey,))
    assert answer(world, ISSUER, None, to_jwk(KEY), trust=[entry]) == ("passed", "key_listed")
    assert answer(world, ISSUER, None, to_jwk(OTHER), trust=[entry]) == ("unknown", "key_unconfirmed")


def test_an_issuer_that_can_name_no_keys_is_never_confirmed(world):
    for issuer in ("urn:uuid:1", "http://badges.keystone.example"):
        carried = learn(world, issuer, None, to_jwk(KEY))
        assert (carried.check.outcome, carried.public_key) == (Outcome.unknown, KEY)
    for kid in (KEY.did_key_method, KEY.did_key, f"urn:uuid:1#{KEY.multikey}"):
        named = learn(world, "urn:uuid:1", kid)
        assert (named.check.code, named.public_key) == ("key_unconfirmed", KEY)
    for kid in (f"{KEY.did_key}#{OTHER.multikey}", f"urn:uuid:2#{KEY.multikey}", "urn:uuid:1#key-1"):
        assert answer(world, "urn:uuid:1", kid) == ("failed", "key_of_another")
    assert world.requests == []


def test_a_kid_that_cannot_be_learned_leaves_the_jwk_to_be_found(world):
    did = did_web(world)
    assert answer(world, did, KID, to_jwk(KEY)) == ("passed", "key_published")
    assert answer(world, did, KID, to_jwk(OTHER)) == ("failed", "key_absent")


def test_a_key_source_is_asked_by_the_name_in_the_token(world):
    did = did_web(world)
    asked = []

    def given(issuer, name):
        asked.append((issuer, name))
        return KEY

    for issuer, kid in ((did, f"{did}#x"), (did, KID), (ISSUER, ISSUER + "#x")):
        assert answer(world, issuer, kid, given=given) == ("passed", "key_given")
    assert asked == [(did, f"{did}#x"), (did, KID), (ISSUER, ISSUER + "#x")]
    assert answer(world, did, "https://evil.example/keys/1", given=given) == ("failed", "key_of_another")
    assert world.requests == []


def test_our_own_documents_are_read_without_a_fetch(world):
    did = did_web(world)
    world.publish(KID, to_jwk(KEY))
    stored = {url: body for url, (body, _) in world.pages.items()}
    assert answer(world, did, KID, local=stored.get) == ("passed", "key_published")
    assert world.requests == []


@pytest.mark.parametrize("fetches", range(4))
def test_what_our_own_limit_hides_is_not_replaced_by_something_weaker(world, fetches):
    world.publish(SET, {"keys": [{**to_jwk(OTHER), "kid": "2"}]})
    world.publish(KID, to_jwk(KEY))
    sources = Sources(fetcher=world.fetcher(), local=None, max_fetches=fetches)
    keys = IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=None, now=NOW)
    learned = keys.learn_for_jwt(ISSUER, KID, None)
    assert learned.public_key is None
    assert learned.check.code == ("key_absent" if fetches else "keys_forbidden")


@given(JSON, JSON, JSON)
def test_whatever_an_origin_answers_no_key_is_made_of_it(of_set, of_issuer, of_kid):
    world = World()
    for url, value in ((SET, of_set), (ISSUER, of_issuer), (KID, of_kid)):
        world.publish(url, json.dumps(value).encode())
    world.publish(f"https://{HOST}/.well-known/did.json", json.dumps(of_issuer).encode())
    for issuer in (ISSUER, f"did:web:{HOST}"):
        for arguments in ((KID, None), (f"{issuer}#a", None), (None, to_jwk(KEY)), (KID, of_kid)):
            learned = learn(world, issuer, *arguments)
            assert learned.check.outcome is not Outcome.passed
    assert {url.split("/")[2] for url in world.requests} <= {HOST}


@given(st.text(max_size=60), st.text(max_size=60))
def test_hostile_names_are_answered_and_never_fetched_elsewhere(issuer, kid):
    world = World()
    for given_issuer in (issuer, "did:" + issuer, "https://" + issuer, ISSUER, KEY.did_key):
        for given_kid in (kid, "did:" + kid, "https://" + kid, given_issuer + "#" + kid):
            learned = learn(world, given_issuer, given_kid)
            assert learned.check.outcome in (Outcome.failed, Outcome.unknown)


def test_one_token_asks_few_addresses(world):
    learn(world, ISSUER, KID, to_jwk(KEY))
    assert len(world.requests) <= 4
    assert set(world.requests) <= {SET, ISSUER, KID}
