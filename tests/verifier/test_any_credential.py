"""The policy for any credential: the data model in place of the badge, and nothing else given away."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import NOW

from keys import SecretKey
from ob3 import add_proof
from ob3.contexts import CONTEXTS, OB3, VC1, VC2
from ob3.jws import credential_jwt
from verifier import Policy, Verifier
from verifier.any_credential import EXAMPLES, check_any_contexts, without_open_status
from verifier.data_model import credential_faults, is_enveloped, presentation_faults
from verifier.policy import Expected
from verifier.report import Outcome, passed, unknown

KEY = SecretKey.from_seed(bytes(32))
ANY = Policy(isolate=False, any_credential=True)
STRICT = Policy(isolate=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = [
    "@context",
    "id",
    "type",
    "issuer",
    "name",
    "credentialSubject",
    "validFrom",
    "validUntil",
    "issuanceDate",
    "credentialStatus",
    "credentialSchema",
    "relatedResource",
    "holder",
    "verifiableCredential",
]


def _credential(**changes):
    return {
        "@context": [VC2],
        "type": ["VerifiableCredential"],
        "issuer": KEY.public_key.did_key,
        "credentialSubject": {"id": "did:example:learner"},
        **changes,
    }


def _signed(document, **more):
    return add_proof(
        document,
        signer=KEY.signer(),
        created="2026-01-01T00:00:00Z",
        allow_keywords=True,
        extra_contexts=dict(EXAMPLES),
        **more,
    )


def _verdict(document, policy=ANY):
    verifier = Verifier(fetcher=None, clock=lambda: NOW, policy=policy)
    return verifier.verify(json.dumps(document).encode()).verdict


def test_what_is_no_badge_is_good_under_this_policy_alone():
    secured = _signed(_credential())
    assert _verdict(secured) == "valid"
    assert _verdict(secured, STRICT) == "invalid"


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize(
    "changes",
    [
        {"@context": [VC2, {"extra": "https://example.edu/#extra"}], "extra": "x"},
        {"@context": [VC2, "https://www.w3.org/ns/credentials/examples/v2"], "extra": "x"},
        {"name": {"@value": "Degree", "@language": "en", "@direction": "ltr"}},
    ],
    ids=["a context inside", "the context of examples", "a text with a language"],
)
def test_its_freedoms_hold_and_a_change_is_found(suite, changes):
    secured = _signed(_credential(**changes), cryptosuite=suite)
    assert _verdict(secured) == "valid"
    assert _verdict({**secured, "credentialSubject": {"id": "did:example:other"}}) == "invalid"
    without = {"@context": [VC2, {"extra": "https://example.edu/#other"}]}
    assert "@context" not in changes or _verdict({**secured, **without}) == "invalid"


def test_a_term_without_meaning_is_refused_though_the_signature_fits():
    secured = _signed(_credential(**{"@context": [VC2, {"extra": "https://example.edu/#extra"}]}))
    assert _verdict(secured) == "valid"
    assert _verdict({**secured, "undefined": "x"}) == "invalid"


def test_a_badge_with_a_context_inside_stays_refused():
    """The shape and the list of contexts are those of badges again as soon as the policy is."""
    document = _credential(**{"@context": [VC2, OB3, {"extra": "https://example.edu/#extra"}]})
    verifier = Verifier(fetcher=None, clock=lambda: NOW, policy=STRICT)
    report = verifier.verify(json.dumps(_signed(document)).encode())
    assert report.check("shape").code == "not_a_badge"
    assert report.check("context").outcome is Outcome.failed


def test_what_a_proof_must_have_been_made_for_stands_in_the_policy():
    secured = _signed(_credential(), purpose="authentication", domain="a.example", challenge="abc")
    fit = Expected(purpose="authentication", domain="a.example", challenge="abc")
    assert _verdict(secured, Policy(isolate=False, any_credential=True, of_credentials=fit)) == "valid"
    assert _verdict(secured) == "invalid"
    for other in (
        Expected(purpose="authentication", domain="b.example", challenge="abc"),
        Expected(purpose="authentication", domain="a.example", challenge="def"),
        Expected(purpose="keyAgreement"),
    ):
        assert (
            _verdict(secured, Policy(isolate=False, any_credential=True, of_credentials=other)) == "invalid"
        )


def test_only_an_open_status_becomes_a_remark():
    open_question, settled = (
        unknown("status", "status_type_unknown", type="X"),
        passed("status", "no_message"),
    )
    assert without_open_status(open_question).outcome is Outcome.warning
    assert without_open_status(settled) is settled


def test_every_context_named_anywhere_must_be_carried():
    assert check_any_contexts(_credential()).check.code == "contexts_carried"
    assert check_any_contexts({"@context": [VC1]}).check.code == "contexts_carried"
    inner = _credential(credentialSubject={"@context": "https://example.edu/unknown", "id": "did:example:a"})
    assert check_any_contexts(inner).check.code == "context_unknown"
    assert check_any_contexts({"@context": [VC2, 5]}).check.code == "context_unknown"
    assert EXAMPLES.keys().isdisjoint(CONTEXTS)


def test_a_fault_names_its_place():
    fault = next(credential_faults(_credential(validUntil="soon")))
    assert str(fault) == "/validUntil must be a date and time with a zone."


def test_a_time_without_zone_is_a_fault_of_the_issuer_alone():
    document = _credential(validFrom="2026-01-01T00:00:00")
    assert list(credential_faults(document)) == []
    assert [one.place for one in credential_faults(document, zone_required=True)] == ["/validFrom"]


def test_what_is_an_envelope():
    assert is_enveloped({"type": "EnvelopedVerifiableCredential"})
    assert is_enveloped({"type": ["EnvelopedVerifiableCredential"]})
    assert not is_enveloped({"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]})
    assert not is_enveloped("EnvelopedVerifiableCredential")


@given(st.dictionaries(st.sampled_from(MEMBERS), VALUES) | VALUES)
def test_the_rules_answer_for_anything(document):
    for faults in (credential_faults(document, zone_required=True), presentation_faults(document)):
        for fault in faults:
            assert fault.place == "" or fault.place.startswith("/")
            assert fault.rule.endswith(".")


@given(st.sampled_from(MEMBERS[:12]), VALUES)
def test_a_member_of_any_kind_is_never_a_fault_of_ours(member, value):
    _verdict({**_signed(_credential()), member: value})


def _presentation(**changes):
    return {
        "@context": [VC2],
        "type": ["VerifiablePresentation"],
        "holder": KEY.public_key.did_key,
        **changes,
    }


def test_a_presentation_must_be_signed_by_its_holder_for_authentication():
    good = _signed(_presentation(verifiableCredential=[_signed(_credential())]), purpose="authentication")
    assert _verdict(good) == "valid"
    assert _verdict(_signed(_presentation(), purpose="authentication")) == "valid"
    assert _verdict(_presentation(verifiableCredential=[_signed(_credential())])) == "invalid"
    assert _verdict(_signed(_presentation())) == "invalid"
    stranger = _presentation(holder="did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj")
    assert _verdict(_signed(stranger, purpose="authentication")) == "invalid"
    assert _verdict({**good, "type": ["VerifiablePresentation", 5]}) == "invalid"
    assert _verdict({**good, "@context": [VC2, "https://example.edu/unknown"]}) == "invalid"


def test_a_presentation_answers_what_the_policy_asks():
    signed = _signed(_presentation(), purpose="authentication", domain="a.example", challenge="abc")
    for domain, challenge, verdict in (
        ("a.example", "abc", "valid"),
        (None, None, "valid"),
        ("b.example", "abc", "invalid"),
        ("a.example", "def", "invalid"),
    ):
        asked = Expected(purpose="authentication", domain=domain, challenge=challenge)
        policy = Policy(isolate=False, any_credential=True, of_presentations=asked)
        assert _verdict(signed, policy) == verdict


def test_a_presentation_as_a_token_must_follow_the_data_model_too():
    key = SecretKey.from_seed(bytes(31) + b"\1", "P-256")
    verifier = Verifier(fetcher=None, clock=lambda: NOW, policy=ANY)
    for type_, verdict in ((["VerifiablePresentation"], "valid"), (["VerifiablePresentation", 5], "invalid")):
        document = _presentation(holder=key.public_key.did_key, type=type_)
        token = credential_jwt(document, signer=key.signer(), all_claims=False)
        assert verifier.verify(token.encode()).verdict == verdict
