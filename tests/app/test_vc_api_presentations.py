"""Presentations as the suites send them: signed by whoever holds, with good credentials inside."""

import pytest
from vc_api_desk import EXAMPLES, V2, Desk, refused

from keys import SecretKey
from ob3 import add_proof
from ob3.jws import credential_jwt
from verifier.any_credential import EXAMPLES as EXAMPLE_CONTEXTS

HOLDER = SecretKey.from_seed(b"the holder of a presentation 32.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("vc-api"))


def _presentation(*inside, **changes):
    made = {
        "@context": [V2, EXAMPLES],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER.public_key.did_key,
        "verifiableCredential": list(inside),
        **changes,
    }
    return {name: value for name, value in made.items() if value not in (..., [])}


def _signed(presentation, *, purpose="authentication", key=HOLDER, **more):
    return add_proof(
        presentation,
        signer=key.signer(),
        created="2026-01-01T00:00:00Z",
        purpose=purpose,
        allow_keywords=True,
        extra_contexts=dict(EXAMPLE_CONTEXTS),
        **more,
    )


def test_a_presentation_answers_the_domain_and_the_challenge(desk):
    signed = _signed(_presentation(desk.issued()), domain="domain.example", challenge="abc")
    answer = desk.verify_presentation(signed, domain="domain.example", challenge="abc")
    assert (answer.status_code, answer.json["verified"], answer.json["errors"]) == (200, True, [])
    assert refused(desk.verify_presentation(signed, domain="other.example", challenge="abc"))
    assert refused(desk.verify_presentation(signed, domain="domain.example", challenge="def"))
    without = _signed(_presentation(desk.issued()))
    assert desk.verify_presentation(without).status_code == 200
    assert refused(desk.verify_presentation(without, challenge="abc"))


def test_the_purpose_is_authentication(desk):
    presentation = _presentation(desk.issued())
    assert desk.verify_presentation(_signed(presentation)).status_code == 200
    assert refused(desk.verify_presentation(_signed(presentation, purpose="assertionMethod")))
    assert refused(desk.verify_presentation(presentation))


@pytest.mark.parametrize(
    "holder", [..., HOLDER.public_key.did_key, {"id": HOLDER.public_key.did_key}], ids=repr
)
def test_the_holder_may_be_left_out_or_is_who_signs(desk, holder):
    assert desk.verify_presentation(_signed(_presentation(desk.issued(), holder=holder))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"},
        {"holder": "nobody"},
        {"holder": {"name": "Nobody"}},
        {"type": ["ExamplePresentation"]},
        {"type": ...},
        {"id": "not-a-url"},
        {"termsOfUse": {"id": "https://example.edu/t"}},
        {"verifiableCredential": "eyJhbGciOiJub25lIn0.e30."},
        {"verifiableCredential": ["https://example.edu/credential"]},
        {"verifiableCredential": [5]},
        {"verifiableCredential": {"type": ["ExampleCredential"]}},
        {
            "verifiableCredential": [
                {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,e.e.e"}
            ]
        },
        {"@context": [EXAMPLES]},
        {"@context": ...},
        {"@context": [V2, 123192875]},
        {"@context": [V2, "https ://not-a-url/contexts/example/v1"]},
    ],
    ids=repr,
)
def test_what_breaks_the_data_model_is_refused_with_a_proof_beside_it(desk, changes):
    proof = _signed(_presentation(desk.issued()))["proof"]
    assert refused(desk.verify_presentation({**_presentation(desk.issued(), **changes), "proof": proof}))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": "urn:uuid:1"},
        {"type": ["VerifiablePresentation", "ExamplePresentation"]},
        {"@context": [V2, {"term": "https://example.edu/#t"}]},
    ],
    ids=repr,
)
def test_other_presentations_are_good(desk, changes):
    if "@context" in changes:
        inside = desk.issued(
            credential=desk.credential(**{"@context": [V2], "credentialSubject": {"id": "did:example:a"}})
        )
    else:
        inside = desk.issued()
    assert desk.verify_presentation(_signed(_presentation(inside, **changes))).status_code == 200


def test_a_holder_may_show_nothing_or_several(desk):
    assert desk.verify_presentation(_signed(_presentation())).status_code == 200
    several = _presentation(desk.issued(), desk.issued("ecdsa-rdfc-2019-p256"), desk.issued("jose"))
    assert desk.verify_presentation(_signed(several)).status_code == 200


def test_each_credential_inside_must_be_good(desk):
    good = desk.issued()
    bad = {**good, "credentialSubject": {"id": "did:example:other"}}
    assert desk.verify_presentation(_signed(_presentation(good, good))).status_code == 200
    assert refused(desk.verify_presentation(_signed(_presentation(good, bad))))
    unsigned = {name: value for name, value in good.items() if name != "proof"}
    assert refused(desk.verify_presentation(_signed(_presentation(good, unsigned))))
    over = desk.issued(credential=desk.credential(validUntil="2020-01-01T00:00:00Z"))
    assert refused(desk.verify_presentation(_signed(_presentation(over))))


def test_a_presentation_is_no_credential_and_the_reverse(desk):
    signed = _signed(_presentation(desk.issued()))
    assert refused(desk.verify(signed))
    assert refused(desk.verify_presentation(desk.issued()))


def test_a_presentation_may_come_as_a_token_but_never_as_a_credential(desk):
    key = SecretKey.generate("P-256")
    document = _presentation(desk.issued("jose"), holder=key.public_key.did_key)
    token = credential_jwt(document, signer=key.signer(), all_claims=False)
    enveloped = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    assert desk.verify_presentation(token).status_code == 200
    assert refused(desk.verify_presentation(token[:-4] + "AAAA"))
    assert refused(desk.verify(token))
    assert refused(desk.verify(enveloped))
    credential = desk.issued("jose", format="jwt")
    assert desk.verify(credential).status_code == 200
    assert refused(desk.verify_presentation(credential))
    assert refused(desk.verify_presentation("no token"))
