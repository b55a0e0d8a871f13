"""What w3c/vc-data-model-2.0-test-suite asserts, sent as it sends it; each refusal has its accepted twin."""

import pytest
from vc_api_desk import EXAMPLES, LEFT_OUT, V1, V2, Desk, refused

TEXT = {"@value": "Degree", "@language": "en"}
DIGEST = "uEiAjCHMnK5-ayOIZLWo_TBoKYVvSAprlkYEjRlm19Cj0uw"
RESOURCE = {"id": "https://example.edu/resource.json", "digestMultibase": DIGEST}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("vc-api"))


GOOD = {
    "the least": {},
    "contexts as addresses": {"@context": [V2, EXAMPLES]},
    "a context as an object": {
        "@context": [V2, {"alumniOf": "https://example.edu/#a", "degree": "https://e.x/#d"}]
    },
    "an id": {"id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"},
    "a type as text": {"type": "VerifiableCredential"},
    "a type as address": {"type": ["VerifiableCredential", "https://example.edu/#Degree"]},
    "types in another order": {"type": ["https://example.edu/#Degree", "VerifiableCredential"]},
    "a type of a context": {"type": ["VerifiableCredential", "ExampleDegreeCredential"]},
    "a name": {"name": "Degree"},
    "a name in a language": {"name": TEXT},
    "a name with a direction": {"name": {**TEXT, "@direction": "ltr"}},
    "a name in two languages": {"name": [TEXT, {"@value": "Diplôme", "@language": "fr"}]},
    "a description": {"description": "What it is."},
    "a description in a language": {"description": TEXT},
    "two subjects": {"credentialSubject": [{"id": "did:example:a"}, {"id": "did:example:b"}]},
    "a subject without id": {"credentialSubject": {"alumniOf": "Example"}},
    "begins": {"validFrom": "2020-01-01T00:00:00Z"},
    "begins with milliseconds": {"validFrom": "2020-01-01T00:00:00.123Z"},
    "begins in a zone": {"validFrom": "2020-01-01T00:00:00-05:00"},
    "begins far ahead": {"validFrom": "2350-01-01T00:00:00Z"},
    "ends": {"validUntil": "2350-01-01T00:00:00Z"},
    "begins and ends": {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2350-01-01T00:00:00Z"},
    "begins and ends at once": {"validFrom": "2350-01-01T00:00:00Z", "validUntil": "2350-01-01T00:00:00Z"},
    "status without id": {"credentialStatus": {"type": "ExampleStatus"}},
    "status with id": {"credentialStatus": {"id": "https://example.edu/s/1", "type": "ExampleStatus"}},
    "schema": {"credentialSchema": {"id": "https://example.edu/s.json", "type": "JsonSchema"}},
    "two schemas": {
        "credentialSchema": [
            {"id": "https://example.edu/s.json", "type": "JsonSchema"},
            {"id": "https://example.edu/t.json", "type": "JsonSchema"},
        ]
    },
    "terms of use": {"termsOfUse": {"type": "IssuerPolicy"}},
    "terms of use with id": {"termsOfUse": {"id": "https://example.edu/t", "type": "IssuerPolicy"}},
    "evidence": {"evidence": {"type": "ExampleEvidence"}},
    "two pieces of evidence": {"evidence": [{"type": "ExampleEvidence"}, {"type": "ExampleOther"}]},
    "refresh": {"refreshService": {"id": "https://example.edu/r", "type": "ExampleRefresh"}},
    "resource by multibase": {"relatedResource": [RESOURCE]},
    "resource by SRI": {
        "relatedResource": [
            {
                "id": "https://example.edu/r",
                "digestSRI": "sha256-47DEQpj8HBSa-TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".replace("-T", "+T"),
            }
        ]
    },
}

BAD = {
    "no context": {"@context": LEFT_OUT},
    "context as text": {"@context": V2},
    "no base context": {"@context": [EXAMPLES]},
    "base context second": {"@context": [EXAMPLES, V2]},
    "context that is no address": {"@context": [V2, "https ://not-a-url/contexts/example/v1"]},
    "context that nobody knows": {"@context": [V2, "https://example.edu/unknown/v1"]},
    "context as number": {"@context": [V2, 123192875]},
    "context that redefines": {
        "@context": [V2, EXAMPLES, {"VerifiableCredential": "https://example.edu/#V"}]
    },
    "id null": {"id": None},
    "two ids": {"id": ["urn:uuid:1", "urn:uuid:2"]},
    "id no address": {"id": "not-a-url"},
    "subject with two ids": {"credentialSubject": {"id": ["did:example:a", "did:example:b"]}},
    "subject id no address": {"credentialSubject": {"id": "not-a-url"}},
    "no type": {"type": LEFT_OUT},
    "type without VerifiableCredential": {"type": ["ExampleDegreeCredential"]},
    "type as number": {"type": 4},
    "types as anything": {"type": ["VerifiableCredential", 2, False]},
    "type mapped to no address": {
        "@context": [V2, {"Degree": "not a url", "alumniOf": "https://e.x/#a", "degree": "https://e.x/#d"}],
        "type": ["VerifiableCredential", "Degree"],
    },
    "type not mapped": {
        "@context": [V2],
        "credentialSubject": {"id": "did:example:a"},
        "type": ["VerifiableCredential", "Degree"],
    },
    "term not mapped": {"@context": [V2]},
    "name with more members": {"name": {**TEXT, "url": "https://example.edu/"}},
    "name as object": {"name": {"first": "Degree"}},
    "name as number": {"name": 5},
    "description with more members": {"description": {**TEXT, "url": "https://example.edu/"}},
    "language that is none": {"name": {"@value": "Degree", "@language": "en us"}},
    "direction that is none": {"name": {**TEXT, "@direction": "up"}},
    "no issuer": {"issuer": LEFT_OUT},
    "issuer as number": {"issuer": 4},
    "issuer without id": {"issuer": {"name": "Example"}},
    "issuer of others": {"issuer": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"},
    "no subject": {"credentialSubject": LEFT_OUT},
    "subject without claim": {"credentialSubject": {}},
    "subjects, one without claim": {"credentialSubject": [{"id": "did:example:a"}, {}]},
    "subjects, none": {"credentialSubject": []},
    "subjects as anything": {"credentialSubject": [None, True, 4]},
    "subject as text": {"credentialSubject": "did:example:a"},
    "begins at no time": {"validFrom": "4/4/2020"},
    "begins without zone": {"validFrom": "2020-01-01T00:00:00"},
    "begins on a day": {"validFrom": "2020-01-01"},
    "ends at no time": {"validUntil": "soon"},
    "ends before it begins": {"validFrom": "2030-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"},
    "status without type": {"credentialStatus": {"id": "https://example.edu/s/1"}},
    "status with two ids": {
        "credentialStatus": {"id": ["https://e.x/1", "https://e.x/2"], "type": "ExampleStatus"}
    },
    "status id no address": {"credentialStatus": {"id": "not-a-url", "type": "ExampleStatus"}},
    "status type as number": {"credentialStatus": {"type": 1}},
    "status list index that is none": {
        "credentialStatus": {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": True,
            "statusListCredential": "https://example.edu/list",
        }
    },
    "schema without type": {"credentialSchema": {"id": "https://example.edu/s.json"}},
    "schema without id": {"credentialSchema": {"type": "JsonSchema"}},
    "terms of use without type": {"termsOfUse": {"id": "https://example.edu/t"}},
    "evidence without type": {"evidence": {"id": "https://example.edu/e"}},
    "evidence, one without type": {
        "evidence": [{"type": "ExampleEvidence"}, {"id": "https://example.edu/e"}]
    },
    "refresh without type": {"refreshService": {"id": "https://example.edu/r"}},
    "render method without type": {"renderMethod": {"id": "https://example.edu/r"}},
    "resources as texts": {"relatedResource": ["https://example.edu/resource.json"]},
    "resource without id": {"relatedResource": [{"digestMultibase": DIGEST}]},
    "resource twice": {"relatedResource": [RESOURCE, RESOURCE]},
    "resource without digest": {"relatedResource": [{"id": "https://example.edu/resource.json"}]},
    "resource with no digest": {
        "relatedResource": [{**RESOURCE, "digestMultibase": "uZTQ0MjM1NiAgcmVwb3J0cc5jZWxhdGVkLXJlc291cmNl"}]
    },
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
def test_a_credential_of_the_data_model_is_issued_as_it_was_sent(desk, changes):
    asked = desk.credential(**changes)
    response = desk.issue(asked)
    assert response.status_code == 201, response.text
    secured = response.json
    assert secured.pop("proof")["proofPurpose"] == "assertionMethod"
    assert secured == asked


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_what_breaks_the_data_model_is_not_issued(desk, changes):
    assert refused(desk.issue(desk.credential(**changes)))


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_what_breaks_the_data_model_is_not_verified_with_a_good_proof_beside_it(desk, changes):
    assert refused(desk.verify({**desk.credential(**changes), "proof": desk.issued()["proof"]}))


@pytest.mark.parametrize("member", ["name", "description"])
def test_an_issuer_may_have_a_name_in_languages_and_nothing_else(desk, member):
    for value in ("Example", TEXT, [TEXT, {"@value": "Ví dụ", "@language": "vi", "@direction": "ltr"}]):
        issuer = {"id": desk.did(), member: value}
        assert desk.issue(desk.credential(issuer=issuer)).status_code == 201
    assert refused(desk.issue(desk.credential(issuer={"id": desk.did(), member: {**TEXT, "more": "x"}})))


def test_an_older_credential_is_signed_and_checked_with_the_context_of_proofs(desk):
    older = desk.credential(**{"@context": [V1], "credentialSubject": {"id": "did:example:a"}})
    assert refused(desk.issue(older))  # without its date
    secured = desk.issued(credential={**older, "issuanceDate": "2020-01-01T00:00:00Z"})
    assert secured["@context"] == [V1, "https://w3id.org/security/data-integrity/v2"]
    assert desk.verify(secured).status_code == 200
    assert desk.verify({**secured, "@context": [V1]}).status_code == 200
    assert refused(desk.verify({**secured, "issuanceDate": "2020-01-02T00:00:00Z"}))
    assert refused(desk.verify({**secured, "expirationDate": "2019-01-01T00:00:00Z"}))


def test_a_time_without_a_zone_is_read_as_utc_and_never_written(desk):
    secured = desk.issued("jose", desk.credential("jose", validFrom="2020-01-01T00:00:00Z"))
    assert desk.verify(secured).status_code == 200
    assert refused(desk.issue(desk.credential("jose", validFrom="2020-01-01T00:00:00"), "jose"))


@pytest.mark.parametrize(
    ("period", "verdict"),
    [
        ({"validFrom": "2350-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({"validFrom": "2019-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"}, "expired"),
    ],
    ids=["ahead", "over without beginning", "over"],
)
def test_what_is_not_in_force_is_issued_and_not_verified(desk, period, verdict):
    response = desk.verify(desk.issued(credential=desk.credential(**period)))
    assert (response.status_code, response.json["verdict"]) == (422, verdict)
