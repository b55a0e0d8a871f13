"""The rules of the W3C data model one by one: what breaks one is told with its place, its twin is not."""

import pytest

from ob3.contexts import VC1, VC2
from verifier.data_model import credential_faults, presentation_faults

LEFT_OUT = ...
TEXT = {"@value": "Degree", "@language": "en"}
DIGEST = "uEiAjCHMnK5-ayOIZLWo_TBoKYVvSAprlkYEjRlm19Cj0uw"
RESOURCE = {"id": "https://example.edu/r", "digestMultibase": DIGEST}
SECURED = {"type": ["VerifiableCredential"], "proof": {"type": "DataIntegrityProof"}}
ENVELOPE = {"@context": VC2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,e.e.e"}


def _made(document, changes):
    return {name: value for name, value in {**document, **changes}.items() if value is not LEFT_OUT}


def _credential(**changes):
    least = {
        "@context": [VC2],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:university",
        "credentialSubject": {"id": "did:example:learner"},
    }
    return _made(least, changes)


def _presentation(**changes):
    return _made({"@context": [VC2], "type": ["VerifiablePresentation"]}, changes)


def _told(faults):
    return [(one.place, one.rule) for one in faults]


GOOD = [
    {},
    {"@context": [VC2, {"a": "https://example.edu/#a"}]},
    {"type": "VerifiableCredential"},
    {"id": "urn:uuid:1"},
    {"issuer": {"id": "did:example:university", "name": TEXT}},
    {"credentialSubject": [{"a": 1}, {"b": 2}]},
    {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"},
    {"@context": [VC1], "issuanceDate": "2020-01-01T00:00:00Z", "expirationDate": "2021-01-01T00:00:00Z"},
    {"credentialStatus": {"type": "Example"}},
    {"credentialSchema": {"type": "Example", "id": "https://example.edu/s"}},
    {"name": [TEXT, {**TEXT, "@direction": "rtl"}]},
    {"relatedResource": RESOURCE},
    {"relatedResource": {"id": "https://example.edu/r", "digestSRI": "sha256-" + "A" * 43 + "="}},
]
_ADDRESS = "must be one address (URL)."
_PARTY = "must be one address (URL), or an object with one as its id."
_STAMP = "must be a date and time with a zone."
_OBJECT = "must be an object."
_NAME = "must be a text, or texts with their languages."
_TYPE = "must be there: each of these names its type."
_SRI = "must be the name of a hash, a hyphen and its value."
_MULTIHASH = "must be a SHA-2 multihash in multibase."
BAD = [
    ({"@context": VC2}, "/@context", "must be a list of contexts."),
    ({"@context": []}, "/@context/0", "must be the base context of Verifiable Credentials."),
    (
        {"@context": ["https://example.edu/c"]},
        "/@context/0",
        "must be the base context of Verifiable Credentials.",
    ),
    ({"@context": [VC2, 5]}, "/@context/1", "must be an address or an object."),
    ({"@context": [VC2, "no address"]}, "/@context/1", "must be an address or an object."),
    ({"type": LEFT_OUT}, "/type", "must be one or more texts."),
    ({"type": ["VerifiableCredential", 5]}, "/type", "must be one or more texts."),
    ({"type": ["Example"]}, "/type", "must include VerifiableCredential."),
    ({"id": None}, "/id", _ADDRESS),
    ({"id": "no address"}, "/id", _ADDRESS),
    ({"issuer": LEFT_OUT}, "/issuer", _PARTY),
    ({"issuer": ["did:example:a"]}, "/issuer", _PARTY),
    ({"issuer": {"name": "Example"}}, "/issuer/id", _ADDRESS),
    ({"credentialSubject": LEFT_OUT}, "/credentialSubject", "must be one or more objects."),
    ({"credentialSubject": []}, "/credentialSubject", "must be an object with a claim."),
    ({"credentialSubject": {}}, "/credentialSubject", "must be an object with a claim."),
    ({"credentialSubject": "did:example:a"}, "/credentialSubject", "must be an object with a claim."),
    ({"credentialSubject": [{"a": 1}, None]}, "/credentialSubject/1", "must be an object with a claim."),
    ({"credentialSubject": {"id": "no address"}}, "/credentialSubject/id", _ADDRESS),
    ({"validFrom": "2020"}, "/validFrom", _STAMP),
    ({"validUntil": None}, "/validUntil", _STAMP),
    (
        {"validFrom": "2020-01-01T00:00:01Z", "validUntil": "2020-01-01T00:00:00Z"},
        "/validUntil",
        "must not be before validFrom.",
    ),
    ({"@context": [VC1]}, "/issuanceDate", "must be there in a credential of the data model 1.1."),
    ({"credentialStatus": "https://example.edu/s"}, "/credentialStatus", _OBJECT),
    ({"credentialStatus": []}, "/credentialStatus", _OBJECT),
    ({"credentialStatus": {"id": "https://example.edu/s"}}, "/credentialStatus/type", _TYPE),
    ({"credentialStatus": {"type": "Example", "id": 5}}, "/credentialStatus/id", _ADDRESS),
    ({"credentialSchema": {"type": "Example"}}, "/credentialSchema/id", _ADDRESS),
    (
        {"@context": [VC1], "issuanceDate": "2020-01-01T00:00:00Z", "credentialStatus": {"type": "Example"}},
        "/credentialStatus/id",
        _ADDRESS,
    ),
    ({"termsOfUse": [{"type": "Example"}, {}]}, "/termsOfUse/1/type", _TYPE),
    ({"evidence": {"a": 1}}, "/evidence/type", _TYPE),
    ({"refreshService": {"id": "https://example.edu/r"}}, "/refreshService/type", _TYPE),
    ({"confidenceMethod": {"a": 1}}, "/confidenceMethod/type", _TYPE),
    ({"renderMethod": {"a": 1}}, "/renderMethod/type", _TYPE),
    ({"relatedResource": "https://example.edu/r"}, "/relatedResource", _OBJECT),
    ({"relatedResource": {"digestMultibase": DIGEST}}, "/relatedResource/id", _ADDRESS),
    (
        {"relatedResource": [RESOURCE, RESOURCE]},
        "/relatedResource/1/id",
        "must stand once among the related resources.",
    ),
    (
        {"relatedResource": {"id": "https://example.edu/r"}},
        "/relatedResource",
        "must have digestSRI or digestMultibase.",
    ),
    ({"relatedResource": {**RESOURCE, "digestSRI": "sha256"}}, "/relatedResource/digestSRI", _SRI),
    ({"relatedResource": {**RESOURCE, "digestSRI": 5}}, "/relatedResource/digestSRI", _SRI),
    (
        {"relatedResource": {**RESOURCE, "digestMultibase": "uZTQ0MjM1NiAgcmVwb3J0"}},
        "/relatedResource/digestMultibase",
        _MULTIHASH,
    ),
    (
        {"relatedResource": {**RESOURCE, "digestMultibase": "uEi!"}},
        "/relatedResource/digestMultibase",
        _MULTIHASH,
    ),
    ({"name": 5}, "/name", _NAME),
    ({"name": ["one", "two"]}, "/name", _NAME),
    ({"name": None}, "/name", _NAME),
    ({"description": {"en": "Degree"}}, "/description", _NAME),
    ({"issuer": {"id": "did:example:a", "name": []}}, "/issuer/name", _NAME),
    ({"name": {**TEXT, "url": "x"}}, "/name", "must have @value, @language and @direction alone."),
    ({"name": {"@value": 5}}, "/name", "must hold a text in @value."),
    ({"name": {"@value": "x", "@language": "en us"}}, "/name", "must name a language in @language."),
    ({"name": {"@value": "x", "@language": None}}, "/name", "must name a language in @language."),
    ({"name": {"@value": "x", "@direction": "up"}}, "/name", "must have ltr or rtl as @direction."),
    (
        {"credentialSubject": {"a": {"@value": "x", "@direction": "up"}}},
        "/credentialSubject/a",
        "must have ltr or rtl as @direction.",
    ),
]
GOOD_PRESENTATIONS = [
    {},
    {"holder": "did:example:a"},
    {"holder": {"id": "did:example:a"}},
    {"verifiableCredential": SECURED},
    {"verifiableCredential": [SECURED, ENVELOPE, {**ENVELOPE, "@context": [VC2]}]},
]
BAD_PRESENTATIONS = [
    ({"@context": LEFT_OUT}, "/@context", "must be a list of contexts."),
    ({"type": ["Example"]}, "/type", "must include VerifiablePresentation."),
    ({"id": "no address"}, "/id", _ADDRESS),
    ({"holder": None}, "/holder", _PARTY),
    ({"holder": {}}, "/holder/id", _ADDRESS),
    ({"termsOfUse": {}}, "/termsOfUse/type", _TYPE),
    (
        {"verifiableCredential": "eyJ"},
        "/verifiableCredential",
        "must be an object: a credential, or a credential in an envelope.",
    ),
    (
        {"verifiableCredential": {**SECURED, "type": "Example"}},
        "/verifiableCredential/type",
        "must include VerifiableCredential.",
    ),
    (
        {"verifiableCredential": [SECURED, {"type": "VerifiableCredential"}]},
        "/verifiableCredential/1/proof",
        "must be there: a presentation holds secured credentials.",
    ),
    (
        {"verifiableCredential": {**ENVELOPE, "@context": VC1}},
        "/verifiableCredential/@context",
        "must name the context that gives the envelope its meaning.",
    ),
    (
        {"verifiableCredential": {**ENVELOPE, "id": "https://example.edu/e"}},
        "/verifiableCredential/id",
        "must be a data: URL.",
    ),
]


@pytest.mark.parametrize("changes", GOOD, ids=repr)
def test_a_credential_of_the_data_model_has_no_fault(changes):
    assert _told(credential_faults(_credential(**changes), zone_required=True)) == []


@pytest.mark.parametrize(("changes", "place", "rule"), BAD, ids=lambda value: repr(value)[:60])
def test_each_rule_of_credentials_is_told_with_its_place(changes, place, rule):
    assert _told(credential_faults(_credential(**changes))) == [(place, rule)]


@pytest.mark.parametrize("changes", GOOD_PRESENTATIONS, ids=repr)
def test_a_presentation_of_the_data_model_has_no_fault(changes):
    assert _told(presentation_faults(_presentation(**changes))) == []


@pytest.mark.parametrize(("changes", "place", "rule"), BAD_PRESENTATIONS, ids=lambda value: repr(value)[:60])
def test_each_rule_of_presentations_is_told_with_its_place(changes, place, rule):
    assert _told(presentation_faults(_presentation(**changes))) == [(place, rule)]


@pytest.mark.parametrize("document", [None, "x", 5, [], [{}]], ids=repr)
def test_what_is_no_object_is_neither(document):
    assert _told(credential_faults(document)) == [("", "must be a JSON object.")]
    assert _told(presentation_faults(document)) == [("", "must be a JSON object.")]
