"""Lists in other forms: as a signed token, of StatusList2021, of the older data model; each by all rules."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as jose
from joserfc.jwk import ECKey
from simulator import IN_PROCESS, NOW, OB3, VC2, World, stamp

from keys import SecretKey
from keys.did import KeyRecord
from keys.jwk import from_jwk
from ob3 import add_proof
from ob3.jws import credential_jwt
from ob3.jws.compact import write_jws
from ob3.status_list import BitstringStatusList
from verifier import InMemory, Outcome, Verdict
from verifier.issuer_keys import IssuerKeys
from verifier.sources import Sources
from verifier.status import StatusCheck
from verifier.trust import trust_list

HOST = "badges.keystone.example"
VC1 = "https://www.w3.org/2018/credentials/v1"
LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def unsigned(by, **changes):
    kept = {name: value for name, value in by.status_list("revocation").items() if name != "proof"}
    return {name: value for name, value in {**kept, **changes}.items() if value is not None}


def token(by, *, key=None, kid=None, **changes):
    signer = (key or by.key).signer(kid or by.verification_method)
    return credential_jwt(unsigned(by, **changes), signer=signer)


def verify(world, issuer, content=None, *, memory=None, **changes):
    if content is not None:
        text = content if isinstance(content, str) else json.dumps(content)
        world.publish(issuer.list_url("revocation"), text.encode())
    report = world.verifier(memory=memory).verify(issuer.badge(**changes))
    return report.verdict, report.check("status").code


@pytest.mark.parametrize(
    "wrapped", [str, lambda text: f"  {text}\n", json.dumps], ids=["bare", "space", "json"]
)
def test_a_list_may_be_a_signed_token(world, issuer, wrapped):
    assert verify(world, issuer, wrapped(token(issuer))) == (Verdict.valid, "not_withdrawn")
    issuer.withdraw(412)
    assert verify(world, issuer, wrapped(token(issuer))) == (Verdict.revoked, "revoked")


def test_a_list_may_be_a_token_in_an_envelope(world, issuer):
    envelope = {
        "@context": VC2,
        "id": f"data:application/vc+jwt,{token(issuer)}",
        "type": "EnvelopedVerifiableCredential",
    }
    assert verify(world, issuer, envelope) == (Verdict.valid, "not_withdrawn")
    envelope["id"] = envelope["id"].replace("data:application/vc+jwt,", "data:application/json,")
    assert verify(world, issuer, envelope)[0] is Verdict.undetermined


@pytest.mark.parametrize("algorithm", ["P-256", "P-384"])
def test_a_token_may_be_signed_with_another_kind_of_key(world, issuer, algorithm):
    key = SecretKey.generate(algorithm)
    record = KeyRecord(verification_method=f"{issuer.did}#key-2", public_key=key.public_key, created=NOW)
    world.publish(issuer.did_url, issuer.document(record))
    text = token(issuer, key=key, kid=f"{issuer.did}#key-2")
    assert verify(world, issuer, text) == (Verdict.valid, "not_withdrawn")


@pytest.mark.parametrize(
    ("suite", "algorithm"),
    [
        ("eddsa-rdfc-2022", "Ed25519"),
        ("eddsa-jcs-2022", "Ed25519"),
        ("ecdsa-rdfc-2019", "P-256"),
        ("ecdsa-rdfc-2019", "P-384"),
        ("ecdsa-jcs-2019", "P-256"),
    ],
)
def test_a_list_may_be_signed_in_every_suite_of_badges(world, issuer, suite, algorithm):
    key = SecretKey.generate(algorithm)
    record = KeyRecord(verification_method=f"{issuer.did}#key-2", public_key=key.public_key, created=NOW)
    world.publish(issuer.did_url, issuer.document(record))
    signer = key.signer(f"{issuer.did}#key-2")

    def signed():
        return add_proof(unsigned(issuer), signer=signer, created=stamp(NOW), cryptosuite=suite)

    assert verify(world, issuer, signed()) == (Verdict.valid, "not_withdrawn")
    issuer.withdraw(412)
    assert verify(world, issuer, signed()) == (Verdict.revoked, "revoked")
    broken = {**signed(), "validFrom": stamp(NOW - timedelta(minutes=1))}
    assert verify(world, issuer, broken) == (Verdict.undetermined, "list_not_proved")


def made_by_others(by, *, ends=True, **claims):
    """Sign a list with joserfc, as VC-JOSE-COSE has it: no claim repeats the list unless it is asked for."""
    key = ECKey.generate_key("P-256")
    method = f"{by.did}#key-2"
    record = KeyRecord(
        verification_method=method, public_key=from_jwk(key.as_dict(private=False)), created=NOW
    )
    by.world.publish(by.did_url, by.document(record))
    payload = {**unsigned(by, **({} if ends else {"validUntil": None})), **claims}
    protected = {"alg": "ES256", "kid": method, "typ": "vc+jwt"}
    return jose.serialize_compact(protected, json.dumps(payload).encode(), key)


def test_a_token_of_another_implementation_is_read(world, issuer):
    assert verify(world, issuer, made_by_others(issuer)) == (Verdict.valid, "not_withdrawn")
    issuer.withdraw(412)
    assert verify(world, issuer, made_by_others(issuer)) == (Verdict.revoked, "revoked")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "did:web:other.example"}, "list_not_proved"),
        ({"jti": "https://other.example/list"}, "list_not_proved"),
        ({"nbf": int((NOW - timedelta(days=30)).timestamp())}, "list_not_proved"),
    ],
)
def test_claims_of_a_token_must_repeat_the_list(world, issuer, claims, code):
    agreed = {"iss": issuer.did, "jti": issuer.list_url("revocation")}
    assert verify(world, issuer, made_by_others(issuer, **agreed)) == (Verdict.valid, "not_withdrawn")
    assert verify(world, issuer, made_by_others(issuer, **claims)) == (Verdict.undetermined, code)


def test_a_token_may_end_the_list_by_a_claim(world, issuer):
    exp = int((NOW + timedelta(minutes=2)).timestamp())
    assert verify(world, issuer, made_by_others(issuer, ends=False, exp=exp)) == (
        Verdict.valid,
        "not_withdrawn",
    )
    world.now += timedelta(minutes=4)
    assert verify(world, issuer, made_by_others(issuer, ends=False, exp=exp)) == (
        Verdict.undetermined,
        "list_expired",
    )


def test_a_token_of_somebody_else_leaves_it_open(world, issuer):
    stranger = world.issuer("stranger.example")
    for kid in (issuer.verification_method, stranger.verification_method):
        forged = token(issuer, key=stranger.key, kid=kid)
        assert verify(world, issuer, forged) == (Verdict.undetermined, "list_not_proved")
    changed = token(issuer)
    head, payload, signature = changed.split(".")
    assert verify(world, issuer, f"{head}.{payload[:-4]}AAAA.{signature}")[0] is Verdict.undetermined
    assert verify(world, issuer, f"{head}.{payload}.")[0] is Verdict.undetermined
    assert verify(world, issuer, changed)[0] is Verdict.valid


def test_a_token_keeps_the_rules_of_place_issuer_and_purpose(world, issuer):
    cases = {
        "list_of_another_place": {"id": issuer.list_url("suspension")},
        "list_of_another_issuer": {"issuer": "did:web:other.example"},
        "list_of_another_kind": {"type": ["VerifiableCredential"]},
        "list_expired": {"validUntil": stamp(NOW - timedelta(hours=1))},
    }
    for code, changes in cases.items():
        assert verify(world, issuer, token(issuer, **changes)) == (Verdict.undetermined, code)
    assert verify(world, issuer, token(issuer)) == (Verdict.valid, "not_withdrawn")


def test_an_older_token_than_a_list_seen_before_is_refused(world, issuer):
    memory = InMemory()
    older = token(issuer)
    world.now += timedelta(hours=1)
    issuer.withdraw(412)
    assert verify(world, issuer, memory=memory) == (Verdict.revoked, "revoked")
    world.now += timedelta(minutes=5)
    assert verify(world, issuer, older, memory=memory) == (Verdict.undetermined, "list_rolled_back")


def secured_2021(by, *revoked, **changes):
    bits = BitstringStatusList()
    for index in revoked:
        bits.set(index, True)
    made = {
        # the proof of this suite has no words in the older context of credentials
        "@context": [VC1, LIST_2021, "https://w3id.org/security/data-integrity/v2"],
        "id": by.list_url("revocation"),
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": by.did,
        "issuanceDate": stamp(NOW),
        "expirationDate": stamp(NOW + timedelta(days=1)),
        "credentialSubject": {
            "id": f"{by.list_url('revocation')}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": bits.encoded()[1:],
        },
        **changes,
    }
    return by.sign({name: value for name, value in made.items() if value is not None})


def entry_2021(issuer, **changes):
    return {
        "@context": [VC2, OB3, LIST_2021],
        "credentialStatus": {**issuer.entry(412), "type": "StatusList2021Entry", **changes},
    }


def test_a_list_of_2021_is_read(world, issuer):
    content = secured_2021(issuer, 411, 413)
    assert verify(world, issuer, content, **entry_2021(issuer)) == (Verdict.valid, "not_withdrawn")
    content = secured_2021(issuer, 412)
    assert verify(world, issuer, content, **entry_2021(issuer)) == (Verdict.revoked, "revoked")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuanceDate": None}, "list_undated"),
        ({"expirationDate": stamp(NOW - timedelta(hours=1))}, "list_expired"),
        ({"issuer": "did:web:other.example"}, "list_of_another_issuer"),
        ({"id": f"https://{HOST}/status/other"}, "list_of_another_place"),
        ({"@context": [VC1, "https://example.com/v1"]}, "list_of_another_kind"),
    ],
)
def test_a_list_of_2021_keeps_the_rules(world, issuer, changes, code):
    document = secured_2021(issuer)
    broken = {name: value for name, value in {**document, **changes}.items() if value is not None}
    if code in ("list_undated", "list_expired"):  # these are read only of what is proven
        broken = secured_2021(issuer, **changes)
    assert verify(world, issuer, broken, **entry_2021(issuer)) == (Verdict.undetermined, code)
    assert verify(world, issuer, document, **entry_2021(issuer)) == (Verdict.valid, "not_withdrawn")


def test_one_kind_of_list_does_not_stand_in_for_the_other(world, issuer):
    of_2021, of_today = secured_2021(issuer), issuer.status_list("revocation")
    assert verify(world, issuer, of_2021)[1] == "list_of_another_kind"
    assert verify(world, issuer, of_today, **entry_2021(issuer))[1] == "list_of_another_kind"


def test_a_purpose_that_2021_did_not_know_leaves_it_open(world, issuer):
    unheard = entry_2021(issuer, statusPurpose="unheard-of")
    assert verify(world, issuer, secured_2021(issuer), **unheard) == (Verdict.undetermined, "purpose_unknown")


WORDS = st.sampled_from(
    [
        "BitstringStatusListEntry",
        "StatusList2021Entry",
        "1EdTechRevocationList",
        "revocation",
        "message",
        "412",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | WORDS | st.just(f"https://{HOST}/x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
MEMBERS = st.sampled_from(
    ["id", "type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage"]
)


@given(st.lists(st.dictionaries(MEMBERS, VALUES) | VALUES, max_size=3))
def test_any_entry_gives_an_answer_and_none_that_is_good(entries):
    """Nothing is published here, so whatever names a list leaves it open; nothing raises."""
    world = World()
    sources = Sources(fetcher=world.fetcher(), local=None, max_fetches=12)
    keys = IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=None, now=NOW)
    status = StatusCheck(sources=sources, keys=keys, memory=None, now=NOW, policy=IN_PROCESS)
    found = status.check({"id": "urn:x", "credentialStatus": entries}, f"did:web:{HOST}")
    assert found.outcome is (Outcome.skipped if not entries else found.outcome)
    assert found.outcome is not Outcome.passed


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_answer_in_place_of_a_list_leaves_it_open(body):
    world = World()
    issuer = world.issuer(HOST)
    world.publish(issuer.list_url("revocation"), body)
    report = world.verifier().verify(issuer.badge())
    assert report.verdict is Verdict.undetermined


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"@context": VC2}, Verdict.valid),
        ({"@context": [VC2, OB3]}, Verdict.valid),
        ({"@context": [VC2, "https://www.w3.org/ns/credentials/status/v1"]}, Verdict.valid),
        ({"@context": [VC2, VC2]}, Verdict.undetermined),
        ({"@context": [OB3, VC2]}, Verdict.undetermined),
        ({"@context": [VC2, "https://www.w3.org/ns/did/v1"]}, Verdict.undetermined),
        ({"@context": [VC2, {"x": "https://x.example/"}]}, Verdict.undetermined),
        ({"@context": []}, Verdict.undetermined),
        ({"@context": None}, Verdict.undetermined),
        ({"@id": "https://x.example/"}, Verdict.undetermined),
        ({"description": {"@value": "x"}}, Verdict.undetermined),
        ({"description": "x"}, Verdict.valid),
        ({"evidence": {"type": "Evidence", "@context": [VC2, OB3]}}, Verdict.undetermined),
    ],
)
def test_a_list_names_contexts_that_we_carry_once_and_hides_no_words(world, issuer, changes, verdict):
    """As a token, so that no rule of the signature speaks first."""
    document = {name: value for name, value in {**unsigned(issuer), **changes}.items() if value is not None}
    signer = issuer.key.signer(issuer.verification_method)
    text = write_jws(document, signer=signer, header={"typ": "vc+jwt", "kid": signer.id})
    found, code = verify(world, issuer, text)
    assert found is verdict
    assert code in ("not_withdrawn", "list_of_another_kind")
