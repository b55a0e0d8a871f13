"""Badges of the older edition and learner records in form, and a refusal at its place for each rule."""

import copy
import json

import pytest
from plain_badge import ENDORSEMENT, badge

from ob3.errors import SchemaMismatch
from ob3.schema import check_schema

ABSENT = object()
BADGE = badge(evidence=[{"id": "https://example.org/e", "type": ["Evidence"]}])
BADGE["credentialSubject"]["id"] = "urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77"


def changed(document, path, value):
    document = copy.deepcopy(document)
    *parents, last = [int(name) if name.isdigit() else name for name in path.split("/")]
    holder = document
    for name in parents:
        holder = holder[name]
    if value is ABSENT:
        del holder[last]
    else:
        holder[last] = value
    return document


def refusal(document, kind="AchievementCredential", **options):
    with pytest.raises(SchemaMismatch) as caught:
        check_schema(document, kind, **options)
    return caught.value


OLD_BADGE = {
    **{name: value for name, value in BADGE.items() if name != "validFrom"},
    "@context": ["https://www.w3.org/2018/credentials/v1", BADGE["@context"][1]],
    "issuanceDate": "2026-07-03T02:00:00Z",
}
OLD_ENDORSEMENT = {
    **{name: value for name, value in ENDORSEMENT.items() if name != "validFrom"},
    "@context": OLD_BADGE["@context"],
    "name": "Recognised",
    "issuanceDate": "2026-07-03T02:00:00Z",
    "proof": {"type": "DataIntegrityProof"},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("expirationDate", "2027-07-03T02:00:00Z"),
        ("validFrom", "2026-07-03T02:00:00Z"),
        ("@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json"),
        ("@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld"),
        ("endorsement", [OLD_ENDORSEMENT]),
        ("credentialStatus", [{"id": "urn:x:1", "type": "T"}, {"id": "urn:x:2", "type": "T"}]),
    ],
)
def test_a_badge_of_the_older_edition_is_in_form(path, value):
    check_schema(changed(OLD_BADGE, path, value), "AchievementCredential", older=True)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("issuanceDate", ABSENT, ""),
        ("issuanceDate", "yesterday", "/issuanceDate"),
        ("expirationDate", "2026-13-01T00:00:00Z", "/expirationDate"),
        ("@context/0", "https://www.w3.org/ns/credentials/v2", "/@context/0"),
        ("@context/1", "https://example.org/context.json", "/@context/1"),
        ("name", ABSENT, ""),
        ("issuer", "did:web:example.org", "/issuer"),
        ("credentialSubject/achievement/type", "Badge", "/credentialSubject/achievement"),
        ("endorsement", [{**OLD_ENDORSEMENT, "issuanceDate": "never"}], "/endorsement/0/issuanceDate"),
        ("evidence/0/type", "Proof", "/evidence/0"),
        ("evidence", [], "/evidence"),
    ],
)
def test_a_fault_of_the_older_edition_is_said_in_its_own_names(path, value, place):
    fault = refusal(changed(OLD_BADGE, path, value), older=True)
    assert fault.path == place
    assert "validFrom" not in fault.message
    assert "validUntil" not in fault.message


def test_one_edition_is_not_taken_for_the_other():
    assert refusal(OLD_BADGE).path in ("", "/@context/0")
    assert refusal(BADGE, older=True).path == "/@context/0"


def test_the_older_edition_nests_no_deeper_than_is_read():
    deep: object = {"x": 1}
    for _ in range(100):
        deep = {"x": deep}
    with pytest.raises(SchemaMismatch, match="nested too deep"):
        check_schema({**OLD_BADGE, "y": deep}, "AchievementCredential", older=True)


def test_the_official_samples_of_the_older_edition_are_in_form(reference):
    for name in ("simple_v1", "simple-eddsa-2022"):
        document = json.loads((reference / f"samples/warning/{name}.json").read_text())
        check_schema(document, "AchievementCredential", older=True)


RECORD = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        BADGE["@context"][1],
    ],
    "id": "urn:uuid:0f2a6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
    "type": ["VerifiableCredential", "ClrCredential"],
    "name": "Transcript",
    "issuer": {"id": "did:web:example.org", "type": ["Profile"]},
    "validFrom": "2026-07-03T02:00:00Z",
    "partial": True,
    "credentialSubject": {
        "type": ["ClrSubject"],
        "verifiableCredential": [BADGE],
        "achievement": [{"id": "urn:x:a", "type": ["Achievement"]}],
        "association": [
            {
                "type": "Association",
                "associationType": "isChildOf",
                "sourceId": "urn:x:a",
                "targetId": "urn:x:b",
            }
        ],
    },
}


def test_a_learner_record_is_in_form(reference):
    check_schema(RECORD, "ClrCredential")
    check_schema(changed(RECORD, "credentialSubject/verifiableCredential", "eyJ.e30.c2ln"), "ClrCredential")
    sample = reference / "samples/spec-examples/20-linked-data-proof-clr-signed-credential.json"
    check_schema(json.loads(sample.read_text()), "ClrCredential")


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("type", ["VerifiableCredential"], "/type"),
        ("credentialSubject/verifiableCredential", ABSENT, "/credentialSubject"),
        ("credentialSubject/verifiableCredential", 7, "/credentialSubject/verifiableCredential"),
        ("credentialSubject/type", ["AchievementSubject"], "/credentialSubject"),
        ("credentialSubject/association/0/targetId", ABSENT, "/credentialSubject/association/0"),
        ("credentialSubject/association/0/type", "Link", "/credentialSubject/association/0"),
        ("credentialSubject/achievement/0/type", "Badge", "/credentialSubject/achievement/0"),
        ("issuer/type", ["Person"], "/issuer"),
        ("partial", "yes", "/partial"),
        ("validFrom", ABSENT, ""),
    ],
)
def test_a_learner_record_with_a_fault_of_form_is_refused_at_its_place(path, value, place):
    assert refusal(changed(RECORD, path, value), "ClrCredential").path == place
