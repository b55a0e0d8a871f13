"""What an origin says about keys: only its own answers count, and only in the forms that are in use."""

import json
from dataclasses import dataclass, field

import pytest
from simulator import NOW, World, seed

from keys import KeysError, SecretKey
from keys.jwk import to_jwk
from verifier import InMemory
from verifier.issuer_keys import IssuerKeys
from verifier.key_statements import Statements, origin_of, page_of, single_jwk
from verifier.memory import Remembered, remember
from verifier.sources import Sources, Unreadable
from verifier.trust import trust_list

HOST = "badges.keystone.example"
ISSUER, KID = f"https://{HOST}/issuers/1", f"https://{HOST}/keys/1"
SET = f"https://{HOST}/.well-known/jwks.json"
KEY = SecretKey.from_seed(seed("token"), "P-256").public_key
OTHER = SecretKey.from_seed(seed("somebody else"), "P-256").public_key


@dataclass
class Answer:
    """An answer that may have come from another address than was asked."""

    url: str
    body: bytes
    status: int = 200
    headers: dict = field(default_factory=dict)


class Redirecting:
    """A fetcher that follows redirects to wherever they lead."""

    def __init__(self, answers):
        self.answers = answers

    def get(self, url, *, accept):
        elsewhere, document = self.answers[url]
        return Answer(elsewhere, json.dumps(document).encode())


def statements(answers, origin=(HOST, 443)):
    return Statements(Sources(fetcher=Redirecting(answers), local=None, max_fetches=12), origin)


def keys_of(world, memory=None):
    sources = Sources(fetcher=world.fetcher(), local=None, max_fetches=12)
    return IssuerKeys(sources=sources, trust=trust_list(()), memory=memory, given=None, now=NOW)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (f"https://{HOST}", (HOST, 443)),
        (f"https://{HOST}:443/a?b#c", (HOST, 443)),
        (f"https://{HOST.upper()}/a", (HOST, 443)),
        (f"https://{HOST}:8443/a", (HOST, 8443)),
        ("https://bücher.example/a", ("xn--bcher-kva.example", 443)),
        (f"http://{HOST}/a", None),
        (f"HTTPS://{HOST}/a", None),
        (f"https://user@{HOST}/a", None),
        (f"https://{HOST}\\@evil.example/a", None),
        (f"https://{HOST}\t/a", None),
        (f"https://{HOST}\n/a", None),
        (f"https://{HOST}:99999/a", None),
        (f"https://{HOST}:x/a", None),
        ("https://[broken/a", None),
        ("https://bü cher.example/a", None),
        ("https://ß\u200d.example/a", None),
        ("https:///a", None),
        ("https://", None),
        ("did:web:" + HOST, None),
        ("", None),
    ],
)
def test_an_origin_is_a_host_and_a_port(url, origin):
    assert origin_of(url) == origin


def test_a_page_is_an_address_without_its_fragment():
    assert page_of(f"{KID}#a#b") == KID
    assert page_of(KID) == KID


@pytest.mark.parametrize(
    "elsewhere", [f"https://{HOST}:8443/keys/1", "https://evil.example/keys/1", f"http://{HOST}/keys/1"]
)
def test_an_answer_from_another_origin_is_none(elsewhere):
    with pytest.raises(Unreadable) as silence:
        statements({KID: (elsewhere, to_jwk(KEY))}).document(KID)
    assert silence.value.code == "forbidden"
    found = statements({KID: (f"https://{HOST}/other/page", to_jwk(KEY))}).document(KID)
    assert single_jwk(found, KID, ISSUER) == KEY


def test_another_origin_is_not_asked():
    for url in ("https://evil.example/keys/1", f"https://{HOST}:8443/keys/1", "file:///etc/passwd"):
        with pytest.raises(Unreadable) as silence:
            statements({}).document(url)
        assert silence.value.code == "forbidden"


@pytest.mark.parametrize("document", [[], "x", 7, None])
def test_what_is_no_object_says_nothing(document):
    with pytest.raises(Unreadable) as silence:
        statements({KID: (KID, document)}).document(KID)
    assert silence.value.code == "unreachable"


def test_what_is_no_set_at_the_place_of_the_set_says_nothing():
    with pytest.raises(Unreadable):
        statements({SET: (SET, {"issuer": ISSUER})}).key_set(ISSUER)
    with pytest.raises(KeysError):
        statements({SET: (SET, {"keys": "x"})}).key_set(ISSUER)
    assert statements({SET: (SET, {"keys": []})}).key_set(ISSUER) == {}


def test_a_kid_that_the_set_lacks_may_be_listed_by_the_controller_document():
    world = World()
    method = f"{ISSUER}#token"
    entry = {"id": method, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": to_jwk(KEY)}
    world.publish(SET, {"keys": [{**to_jwk(OTHER), "kid": "other"}]})
    assert keys_of(world).learn_for_jwt(ISSUER, method, None).check.code == "key_absent"
    world.publish(ISSUER, {"id": ISSUER, "verificationMethod": [entry], "assertionMethod": [method]})
    learned = keys_of(world).learn_for_jwt(ISSUER, method, None)
    assert (learned.check.code, learned.public_key) == ("key_published", KEY)


@pytest.mark.parametrize("did", ["did:web:127.0.0.1", "did:web:", f"did:web:{HOST}:..:a"])
def test_a_did_web_that_leads_nowhere_has_no_keys_by_address_either(did):
    world = World()
    world.publish(KID, to_jwk(KEY))
    assert keys_of(world).learn_for_jwt(did, KID, None).check.code == "method_malformed"
    assert world.requests == []


def test_a_kept_document_that_cannot_be_read_counts_as_forgotten():
    world, memory = World(), InMemory()
    issuer = world.issuer(HOST)
    good = json.dumps(issuer.document())
    world.pages.clear()
    for text, code in (("{", "keys_unreachable"), ("[]", "keys_unreachable"), (good, "key_remembered")):
        remember(memory, f"did:{issuer.did}", Remembered(text=text, read_at=NOW))
        assert keys_of(world, memory).learn(issuer.did, issuer.verification_method).check.code == code
