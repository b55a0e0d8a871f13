"""The four statements: the worked example is reproduced to the letter, and each is told by what it says."""

import json
from datetime import UTC, datetime

import jsonschema_rs
import pytest
from pyld import jsonld
from recognition_statements import (
    BASE,
    LIST,
    decision,
    frame,
    quality,
    standing,
    trust,
    worked_decision,
    worked_example,
)

from microcredential import CONTEXT_PATH, MicroCredentialError, context, recognition_schema_text
from microcredential.credential import status_entry
from microcredential.recognition import (
    PUBLIC_KINDS,
    IndicatorRating,
    Kind,
    Outcome,
    Strength,
    check_statement,
    individual_decision,
    is_statement,
    kind_of,
    quality_statement,
    standing_recognition,
    subject_id,
    trust_statement,
)
from microcredential.recognition.words import Basis, Indicator, Purpose
from microcredential.vocabulary import Vocabulary, concepts
from ob3 import canonicalize
from ob3.schema import check_schema

END = datetime(2029, 5, 20, tzinfo=UTC)
MADE = {
    Kind.TRUST: trust_statement(trust(), frame(valid_until=END)),
    Kind.QUALITY: quality_statement(quality(), frame(valid_until=END)),
    Kind.STANDING: standing_recognition(standing(), frame(valid_until=END)),
    Kind.INDIVIDUAL: individual_decision(decision(), frame()),
}


def test_the_worked_example_is_reproduced():
    example = worked_decision()
    subject = example["credentialSubject"]
    narratives = [one["narrative"] for one in subject["indicatorResult"]]
    strengths = [one["rating"]["id"].rpartition("#")[2] for one in subject["indicatorResult"]]
    made = individual_decision(
        decision(
            title=example["name"],
            description=example["description"],
            comment=subject["endorsementComment"],
            ratings=[
                IndicatorRating(one, Strength(strength), narrative)
                for one, strength, narrative in zip(Indicator, strengths, narratives, strict=True)
            ],
        ),
        frame(),
    )
    own = made["credentialSchema"].pop()
    assert own["id"] == f"{BASE}/schemas/recognition-decision-v1.json"
    made["@context"][3] = made["relatedResource"][0]["id"] = example["@context"][3]
    assert made == example
    assert list(made) == list(example)


@pytest.mark.parametrize("kind", Kind)
def test_each_is_told_by_what_it_says(kind):
    assert is_statement(MADE[kind])
    assert kind_of(MADE[kind]) is kind


@pytest.mark.parametrize("kind", Kind)
def test_each_follows_both_schemas_and_every_rule(kind):
    check_schema(MADE[kind] | {"proof": [PROOF]}, "EndorsementCredential")
    served = jsonschema_rs.validator_for(json.loads(recognition_schema_text(BASE)))
    assert served.is_valid(MADE[kind])
    assert not jsonschema_rs.validator_for(
        json.loads(recognition_schema_text("https://else.example"))
    ).is_valid(MADE[kind])
    assert check_statement(MADE[kind], badge=worked_example()) == []


PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-09-15T08:00:00Z",
    "verificationMethod": "did:web:badges.example-uni.eu:issuers:recognition#key-1",
    "proofPurpose": "assertionMethod",
    "proofValue": "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
}


@pytest.mark.parametrize("kind", Kind)
def test_no_term_is_dropped_when_it_is_expanded(kind):
    ours = canonicalize(MADE[kind], extra_contexts={BASE + CONTEXT_PATH: context()})
    theirs = jsonld.normalize(
        MADE[kind],
        {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": _loader,
            "on_property_dropped": _fail,
        },
    )
    assert ours == theirs


def _fail(name):
    raise AssertionError(name)


def _loader(url, _options):
    from ob3.contexts import CONTEXTS

    document = context() if url == BASE + CONTEXT_PATH else CONTEXTS[url]
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }


def test_only_three_are_ever_public():
    assert {Kind.TRUST, Kind.QUALITY, Kind.STANDING} == PUBLIC_KINDS


@pytest.mark.parametrize("spoil", ["recognitionOutcome", "appealInformation"])
def test_whatever_might_be_about_a_person_is_taken_for_a_decision(spoil):
    made = json.loads(json.dumps(MADE[Kind.STANDING]))
    made["credentialSubject"][spoil] = MADE[Kind.INDIVIDUAL]["credentialSubject"][spoil]
    assert kind_of(made) is Kind.INDIVIDUAL


def test_a_statement_about_a_credential_is_a_decision():
    made = json.loads(json.dumps(MADE[Kind.STANDING]))
    made["credentialSubject"]["id"] = "urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10"
    assert kind_of(made) is Kind.INDIVIDUAL


@pytest.mark.parametrize(
    "document",
    [None, [], "text", {}, {"type": ["EndorsementCredential"]}, {"credentialSubject": MADE[Kind.TRUST]}],
    ids=["null", "list", "text", "empty", "no-subject", "subject-alone"],
)
def test_another_document_is_none_of_them(document):
    assert not is_statement(document)
    assert kind_of(document) is None
    assert [one.code for one in check_statement(document)] == ["no_statement"]


def test_a_refusal_is_never_a_credential():
    with pytest.raises(MicroCredentialError) as caught:
        individual_decision(decision(outcome=Outcome.NOT_RECOGNISED), frame())
    assert caught.value.code == "refusal_is_a_letter"


def test_the_status_entry_is_the_callers():
    entry = status_entry(list_url=LIST, index=7)
    made = trust_statement(trust(), frame(status_entry=entry, valid_until=END))
    assert made["credentialStatus"] == entry
    assert subject_id(made) == "did:web:badges.example.edu.vn:institutions:uef"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (Outcome, Vocabulary.RECOGNITION_OUTCOME),
        (Purpose, Vocabulary.RECOGNITION_PURPOSE),
        (Basis, Vocabulary.RECOGNITION_BASIS),
        (Indicator, Vocabulary.RECOGNITION_INDICATOR),
        (Strength, Vocabulary.RECOGNITION_RATING),
    ],
    ids=["outcome", "purpose", "basis", "indicator", "rating"],
)
def test_the_words_are_those_of_the_data(words, name):
    assert {one.iri: one.value for one in words} == {iri: row["code"] for iri, row in concepts(name).items()}
