"""The shape of documents: pinned schemas, official samples, and a refusal with its place for each rule."""

import copy
import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from yardsticks import yardsticks

from ob3.errors import SchemaMismatch
from ob3.schema import SCHEMAS, _refuse_to_fetch, check_schema

BADGE = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Credit Risk",
    "issuer": {
        "id": "did:web:example.org",
        "type": ["Profile"],
        "name": "Example University",
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": "example.org", "identifierType": "ext:SCHAC"}
        ],
        "parentOrg": {"id": "did:web:parent.example", "type": ["Profile"]},
    },
    "validFrom": "2026-07-03T02:00:00Z",
    "credentialSubject": {
        "id": "urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": "1", "identityType": "sisSourcedId"}
        ],
        "source": {"id": "did:web:example.org", "type": ["Profile"]},
        "result": [{"type": ["Result"], "resultDescription": "urn:x:r", "value": "8"}],
        "achievement": {
            "id": "https://example.org/achievements/1",
            "type": ["Achievement"],
            "name": "Credit Risk",
            "description": "A micro-credential.",
            "criteria": {"narrative": "Pass."},
            "resultDescription": [
                {
                    "id": "urn:x:r",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "GradePointAverage",
                }
            ],
        },
    },
    "evidence": [{"id": "https://example.org/e", "type": ["Evidence"]}],
}
ENDORSEMENT = {
    "@context": BADGE["@context"],
    "id": "urn:uuid:9c1b1d0e-30c5-4b55-8f0f-58b9f0a3d921",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "Recognised",
    "issuer": {"id": "did:web:example.org", "type": ["Profile"]},
    "validFrom": "2026-07-03T02:00:00Z",
    "credentialSubject": {"id": "urn:x:1", "type": ["EndorsementSubject"], "endorsementComment": "Good."},
}
STATUS_LIST = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "https://example.org/status/1",
    "type": ["VerifiableCredential", "BitstringStatusListCredential"],
    "issuer": "did:web:example.org",
    "validFrom": "2026-07-03T02:00:00Z",
    "credentialSubject": {
        "id": "https://example.org/status/1#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": "uH4sI",
    },
}
PROFILE = {"id": "did:web:example.org", "type": ["Profile"], "name": "Example University"}
GOOD = {
    "AchievementCredential": BADGE,
    "EndorsementCredential": ENDORSEMENT,
    "BitstringStatusListCredential": STATUS_LIST,
    "Profile": PROFILE,
}
ABSENT = object()


def changed(document: dict, path: str, value: object) -> dict:
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


def refusal(document, kind: str = "AchievementCredential") -> SchemaMismatch:
    with pytest.raises(SchemaMismatch) as caught:
        check_schema(document, kind)
    return caught.value


@pytest.mark.parametrize("kind", GOOD)
def test_a_document_in_form_is_accepted(kind):
    check_schema(GOOD[kind], kind)


def test_the_pinned_files_are_those_of_the_manifest():
    manifest = json.loads((SCHEMAS / "manifest.json").read_text())["schemas"]
    files = {path.name for path in SCHEMAS.glob("*.json")} - {"manifest.json"}
    assert {entry["file"] for entry in manifest} == files
    for entry in manifest:
        assert hashlib.sha256((SCHEMAS / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry.get("taken_from") or entry.get("written_from")


@pytest.mark.parametrize("name", ["achievementcredential", "profile"])
def test_the_pinned_1edtech_schemas_are_the_published_ones(reference, name):
    file = f"ob_v3p0_{name}_schema.json"
    published = json.loads((reference / "schemas/json-ld-current" / file).read_bytes())
    assert rfc8785.dumps(json.loads((SCHEMAS / file).read_bytes())) == rfc8785.dumps(published)


def test_the_pinned_schemas_refer_to_nothing_outside():
    for path in SCHEMAS.glob("*.json"):
        for line in path.read_text().splitlines():
            if '"$ref"' in line:
                assert '"#/$defs/' in line
    with pytest.raises(LookupError):
        _refuse_to_fetch("https://example.org/schema.json")


VALID_SAMPLES = [
    "samples/valid/simple.json",
    "samples/valid/simple.1ob",
    "samples/valid/simple-context-alias.json",
    "samples/valid/simple-did-key-method.json",
    "samples/valid/sd__derivedcredential.json",
    "samples/warning/simple-context-version.json",
    "samples/spec-examples/10-achievementAlignmentCase-achievement-alignment-case.json",
    "samples/spec-examples/11-achievementAlignmentCe-achievement-alignment-credential-engine.json",
    "samples/spec-examples/12-basicOpenBadgeCredential-sample-openbadgecredential.json",
    "samples/spec-examples/14-fullOpenBadge-complete-openbadgecredential.json",
    "samples/spec-examples/22-linked-data-proof-ob-signed-credential.json",
]


@pytest.mark.parametrize("name", VALID_SAMPLES)
def test_the_official_badges_are_in_form(reference, name):
    check_schema(json.loads((reference / name).read_text()), "AchievementCredential")


def test_the_official_endorsements_and_status_list_are_in_form(reference):
    for name in (
        "valid/endorsement-valid.json",
        "spec-examples/13-endorsement-sample-endorsementcredential.json",
    ):
        check_schema(json.loads((reference / "samples" / name).read_text()), "EndorsementCredential")
    document = json.loads((reference / "samples/valid/bit-string-list__testlist").read_text())
    check_schema(document, "BitstringStatusListCredential")


@pytest.mark.parametrize(
    ("name", "code", "path"),
    [
        (
            "simple-err-credential-subject-identifier-type",
            "schema_mismatch",
            "/credentialSubject/identifier/0/type",
        ),
        ("simple-err-credential-subject-type", "schema_mismatch", "/credentialSubject/type"),
        ("simple-err-evidence-type", "wrong_type", "/evidence/1"),
        ("simple-err-issuer", "schema_mismatch", ""),
        ("simple-err-type", "schema_mismatch", "/type"),
    ],
)
def test_the_official_faults_of_form_are_found(reference, name, code, path):
    error = refusal(json.loads((reference / f"samples/invalid/{name}.json").read_text()))
    assert (error.code, error.path) == (code, path)


@pytest.mark.parametrize(
    ("path", "value", "code", "place"),
    [
        ("type", "OpenBadgeCredential", "wrong_type", ""),
        ("type", "VerifiableCredential", "wrong_type", ""),
        ("issuer/type", "Person", "wrong_type", "/issuer"),
        ("issuer/parentOrg/type", "Person", "wrong_type", "/issuer/parentOrg"),
        ("issuer/otherIdentifier/0/type", "Id", "schema_mismatch", "/issuer/otherIdentifier/0/type"),
        ("credentialSubject/type", "Subject", "wrong_type", "/credentialSubject"),
        ("credentialSubject/source/type", "Person", "wrong_type", "/credentialSubject/source"),
        ("credentialSubject/result/0/type", "Grade", "wrong_type", "/credentialSubject/result/0"),
        ("credentialSubject/result", {"type": "Grade"}, "wrong_type", "/credentialSubject/result"),
        ("credentialSubject/achievement/type", "Badge", "wrong_type", "/credentialSubject/achievement"),
        (
            "credentialSubject/achievement/resultDescription/0/type", "Grade", "wrong_type",
            "/credentialSubject/achievement/resultDescription/0",
        ),
        ("credentialSubject/achievement/criteria", {"other": "x"}, "no_criteria",
         "/credentialSubject/achievement/criteria"),
        ("evidence/0/type", "Proof", "wrong_type", "/evidence/0"),
        ("evidence", {"type": "Proof"}, "wrong_type", "/evidence"),
        ("credentialSubject/identifier/0/type", "Id", "schema_mismatch",
         "/credentialSubject/identifier/0/type"),
        ("name", None, "null_value", "/name"),
        ("credentialSubject/result/0/value", None, "null_value", "/credentialSubject/result/0/value"),
        ("evidence", [], "empty_array", "/evidence"),
        ("issuer", 7, "schema_mismatch", "/issuer"),
        ("credentialSubject/source", "did:web:example.org", "schema_mismatch", "/credentialSubject/source"),
        ("credentialSubject/achievement/name", ABSENT, "schema_mismatch", "/credentialSubject/achievement"),
        ("credentialSubject/achievement/name", 7, "schema_mismatch", "/credentialSubject/achievement/name"),
        ("validFrom", "yesterday", "schema_mismatch", "/validFrom"),
        ("validFrom", "2026-02-30T00:00:00Z", "schema_mismatch", "/validFrom"),
        ("@context/0", "https://www.w3.org/2018/credentials/v1", "schema_mismatch", "/@context/0"),
        ("credentialStatus", [{"id": "urn:x:1", "type": "T"}, {"id": "urn:x:2"}], "schema_mismatch",
         "/credentialStatus/1"),
        ("issuer/parentOrg/id", 7, "schema_mismatch", "/issuer/parentOrg/id"),
        ("issuer/parentOrg/parentOrg", {"type": ["Profile"]}, "schema_mismatch",
         "/issuer/parentOrg/parentOrg"),
        ("credentialStatus", "urn:x:1", "schema_mismatch", "/credentialStatus"),
    ],
)  # fmt: skip
def test_a_badge_with_a_fault_of_form_is_refused_at_its_place(path, value, code, place):
    error = refusal(changed(BADGE, path, value))
    assert (error.code, error.path) == (code, place)


def test_a_badge_for_nobody_is_refused():
    anonymous = changed(
        changed(BADGE, "credentialSubject/id", ABSENT), "credentialSubject/identifier", ABSENT
    )
    assert refusal(anonymous).code == "no_recipient"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", ["VerifiableCredential", "AchievementCredential"]),
        ("evidence", {"id": "https://example.org/e", "type": "Evidence"}),
        ("credentialSubject/type", "AchievementSubject"),
        ("credentialSubject/type", ["AchievementSubject", "Profile"]),
        ("issuer", "did:web:example.org"),
        ("credentialSubject/id", ABSENT),
        ("credentialSubject/identifier", ABSENT),
        ("credentialSubject/achievement/criteria", {"id": "https://example.org/criteria"}),
        ("credentialSubject/extra", {"anything": [1, 2.5, False, ""]}),
        ("validFrom", "2026-07-03T02:00:00.123+07:00"),
        ("validFrom", "2026-07-03T02:00:00"),
        ("validFrom", "2026-07-03T24:00:00Z"),
        ("validFrom", f"2026-07-03T02:00:00.{'1' * 60}Z"),
        ("credentialStatus", {"id": "urn:x:1", "type": "T"}),
        ("credentialStatus", [{"id": "urn:x:1", "type": "T"}, {"id": "urn:x:2", "type": "T"}]),
    ],
)
def test_the_sound_twins_are_accepted(path, value):
    check_schema(changed(BADGE, path, value), "AchievementCredential")


@pytest.mark.parametrize(
    ("kind", "path", "value", "place"),
    [
        ("EndorsementCredential", "type", ["VerifiableCredential"], "/type"),
        ("EndorsementCredential", "type", "EndorsementCredential", ""),
        ("EndorsementCredential", "issuer/type", ["Person"], "/issuer"),
        ("EndorsementCredential", "issuer/id", ABSENT, "/issuer"),
        ("EndorsementCredential", "credentialSubject/type", ["Other"], "/credentialSubject"),
        ("EndorsementCredential", "credentialSubject/id", ABSENT, "/credentialSubject"),
        ("EndorsementCredential", "name", ABSENT, ""),
        ("EndorsementCredential", "validUntil", "never", "/validUntil"),
        ("EndorsementCredential", "@context", "https://www.w3.org/ns/credentials/v2", "/@context"),
        ("BitstringStatusListCredential", "type", ["VerifiableCredential"], "/type"),
        ("BitstringStatusListCredential", "issuer", {}, "/issuer"),
        ("BitstringStatusListCredential", "credentialSubject/type", "StatusList2021",
         "/credentialSubject/type"),
        ("BitstringStatusListCredential", "credentialSubject/encodedList", "H4sI",
         "/credentialSubject/encodedList"),
        ("BitstringStatusListCredential", "credentialSubject/encodedList", ABSENT, "/credentialSubject"),
        ("BitstringStatusListCredential", "credentialSubject/statusPurpose", 7,
         "/credentialSubject/statusPurpose"),
        ("BitstringStatusListCredential", "validUntil", "2026-13-01T00:00:00Z", "/validUntil"),
        ("Profile", "type", ["Person"], "/type"),
        ("Profile", "type", "Person", ""),
        ("Profile", "id", ABSENT, ""),
    ],
)  # fmt: skip
def test_other_documents_with_a_fault_are_refused_at_its_place(kind, path, value, place):
    assert refusal(changed(GOOD[kind], path, value), kind).path == place


def test_messages_are_sentences_with_the_place_and_without_the_document():
    secret = "x" * 500
    cases = {
        "At /credentialSubject/achievement the document lacks the member name.": (
            "credentialSubject/achievement/name", ABSENT),
        "At /credentialSubject/achievement/name the document must hold text or an object.": (
            "credentialSubject/achievement/name", [secret]),
        "At /validFrom the document must hold a date and time such as 2026-06-30T12:00:00Z.": (
            "validFrom", secret),
        "At /evidence/0 the document must have the type Evidence.": ("evidence/0/type", secret),
    }  # fmt: skip
    for message, (path, value) in cases.items():
        assert refusal(changed(BADGE, path, value)).message == message
    long_name = changed(BADGE, "credentialSubject/" + "n" * 5_000, None)
    assert len(refusal(long_name).message) < 200


def test_places_are_json_pointers():
    assert refusal(
        changed(BADGE, "credentialSubject", {**BADGE["credentialSubject"], "a/b~c": None})
    ).path == ("/credentialSubject/a~1b~0c")


def test_an_unknown_kind_and_a_document_that_is_no_object_are_refused():
    assert refusal({}, "Passport").code == "unknown_kind"
    for document in ([], "x", None, 7):
        assert refusal(document).code == "schema_mismatch"


def test_a_fault_deep_in_nested_profiles_is_found_there_and_quickly():
    profile: dict = {"id": 7, "type": ["Profile"]}
    for _ in range(20):
        profile = {"id": "did:web:example.org", "type": ["Profile"], "parentOrg": profile}
    error = refusal(changed(BADGE, "issuer", profile))
    assert error.path == "/issuer" + "/parentOrg" * 20 + "/id"
    assert yardsticks(lambda: refusal(changed(BADGE, "issuer", profile))) < 10


def test_what_is_not_json_or_too_deep_is_refused():
    assert refusal({**BADGE, "name": object()}).code == "schema_mismatch"
    deep: object = 1
    for _ in range(2_000):
        deep = [deep]
    assert refusal({**BADGE, "name": deep}).code == "schema_mismatch"


PLACES = ["type", "issuer", "issuer/id", "credentialSubject", "credentialSubject/type", "evidence",
          "evidence/0", "credentialSubject/achievement", "credentialSubject/achievement/criteria",
          "credentialSubject/result", "credentialStatus", "@context", "id"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(PLACES), JSON)
def test_any_json_at_any_place_raises_only_our_error(place, value):
    for kind in GOOD:
        try:
            check_schema(changed(BADGE, place, value), kind)
        except SchemaMismatch as error:
            assert error.message.endswith(".")  # noqa: PT017
