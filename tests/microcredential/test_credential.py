"""The credential of one learner: like the example, valid by both schemas, canonical without a loss."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone

import jsonschema_rs
import pytest

from microcredential import (
    CONTEXT_PATH,
    Evidence,
    MicroCredentialError,
    Subject,
    bind,
    build_credential,
    check_credential,
    context,
    load_definition,
    schema_text,
    status_entry,
    valid_until,
)
from microcredential.credential import hashed_email, rfc3339
from ob3 import canonicalize

BASE = "https://badges.example.edu.vn"
QUADS_SHA256 = "060a66766ed0cba290e8110b9a9109bccc0e7e91592e7b5ca8fa7a80d19ac289"
ACHIEVEMENT_ID = f"{BASE}/achievements/mc-crs-2026"
LEARNER = Subject(
    student_number="UEF-2231-0457",
    name="Nguyễn Thị Minh Anh",
    family_name="Nguyễn",
    given_name="Minh Anh",
    additional_name="Thị",
    id="urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77",
    started=date(2026, 4, 6),
    ended=date(2026, 6, 20),
    term="Spring 2026",
    credits_earned=3.0,
    certificate_number="MC-2026-000457",
    results={"exam": "7.8", "project": "8.6", "final": "8.3"},
)


@pytest.fixture
def bound(example, example_bytes):
    return bind(
        load_definition(example_bytes),
        achievement_id=ACHIEVEMENT_ID,
        issuer_profile=example["issuer"],
        base_url=BASE,
        previous_id=f"{BASE}/achievements/mc-crs-2025",
        previous_version="2025-1",
    )


@pytest.fixture
def build(example, bound):
    def make(subject=LEARNER, achievement=bound, **more):
        given = {
            "credential_id": example["id"],
            "issuer_profile": example["issuer"],
            "achievement": achievement,
            "subject": subject,
            "awarded": date(2026, 6, 30),
            "valid_from": datetime(2026, 7, 3, 2, tzinfo=UTC),
            "status_entries": [status_entry(list_url=f"{BASE}/status/2026/1", index=412)],
            "base_url": BASE,
        }
        return build_credential(**(given | more))

    return make


def schema_of_1edtech(reference):
    path = reference / "schemas" / "json-ld-current" / "ob_v3p0_achievementcredential_schema.json"
    return jsonschema_rs.validator_for(json.loads(path.read_text()))


def with_proof(credential):
    """Add the shape of a proof: the published schema asks for one."""
    return {**credential, "proof": [{"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}]}


def canonical(credential):
    return canonicalize(credential, extra_contexts={credential["@context"][3]: context()})


def test_the_credential_is_the_example_again(build, example):
    example["credentialSubject"]["achievement"]["criteria"]["id"] = f"{ACHIEVEMENT_ID}#criteria"
    built = build()
    assert built == example
    assert list(built) == list(example)
    assert json.dumps(built["credentialSubject"]["creditsEarned"]) == "3"


def test_the_example_is_canonical_without_a_loss(example):
    quads = canonical(example)
    assert len(quads.splitlines()) == 285
    assert hashlib.sha256(quads.encode()).hexdigest() == QUADS_SHA256


def test_a_full_credential_passes_both_schemas_and_loses_no_term(build, reference):
    learner = LEARNER.__class__(
        **{**LEARNER.__dict__, "email": "Anh@UEF.example", "email_salt": bytes(16),
           "evidence": [Evidence("https://work.example/1", "Project"), Evidence("https://work.example/2")]}
    )  # fmt: skip
    built = build(learner, valid_until=datetime(2028, 7, 3, 2, tzinfo=UTC))
    assert check_credential(built, institution_country="VN") == []
    assert jsonschema_rs.validator_for(json.loads(schema_text(BASE))).is_valid(built)
    schema_of_1edtech(reference).validate(with_proof(built))
    assert "https://work.example/2" in canonical(built)


def test_the_published_schema_misses_what_is_missing(build, reference):
    built = with_proof(build())
    del built["credentialSubject"]["achievement"]["criteria"]
    assert not schema_of_1edtech(reference).is_valid(built)


def test_two_status_entries_are_an_array(build):
    entries = [
        status_entry(list_url=f"{BASE}/status/a", index=1),
        status_entry(list_url=f"{BASE}/status/b", index=2, purpose="suspension"),
    ]
    built = build(status_entries=entries)
    assert built["credentialStatus"] == entries
    assert built["credentialStatus"][1]["statusListIndex"] == "2"
    assert check_credential(built, institution_country="VN") == []
    assert canonical(built)


def test_a_joint_award_names_all_bodies(example, example_bytes):
    document = json.loads(example_bytes)["credentialSubject"]["achievement"]
    document["awardingBody"] = ["issuer", {"url": "https://partner.example", "name": "Partner University"}]
    definition = load_definition(json.dumps(document).encode())
    joint = bind(definition, achievement_id=ACHIEVEMENT_ID, issuer_profile=example["issuer"], base_url=BASE)
    assert [one["id"] for one in joint["awardingBody"]] == [
        example["issuer"]["id"],
        "https://partner.example",
    ]
    assert joint["creator"] == example["issuer"]


def test_an_award_for_another_body_names_it_as_source(example, example_bytes, build):
    document = json.loads(example_bytes)["credentialSubject"]["achievement"]
    partner = {"id": "https://partner.example", "name": "Partner University", "type": ["Profile"]}
    document["awardingBody"] = [partner]
    definition = load_definition(json.dumps(document).encode())
    delegated = bind(
        definition, achievement_id=ACHIEVEMENT_ID, issuer_profile=example["issuer"], base_url=BASE
    )
    built = build(achievement=delegated)
    assert delegated["creator"] == partner
    assert built["credentialSubject"]["source"] == partner
    assert check_credential(built, institution_country="VN") == []
    assert canonical(built)


def test_a_name_can_be_given_in_parts(build):
    built = build(Subject(student_number="1", given_name="Jiří", family_name="Dvořáček"))
    assert built["credentialSubject"]["name"] == "Jiří Dvořáček"
    assert "result" not in built["credentialSubject"]
    assert "source" not in built["credentialSubject"]


def test_times_are_written_in_one_way(build):
    offset = datetime(2026, 7, 3, 9, 0, 0, 999, tzinfo=timezone(timedelta(hours=7)))
    built = build(valid_from=offset, awarded=datetime(2026, 6, 30, 12, tzinfo=UTC))
    assert built["validFrom"] == "2026-07-03T09:00:00+07:00"
    assert built["awardedDate"] == "2026-06-30T12:00:00Z"


def test_one_moment_in_two_zones_is_written_with_its_own_offset():
    moment = datetime(2026, 7, 3, 2, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(hours=7)))
    assert moment == there
    assert [rfc3339(moment), rfc3339(there), rfc3339(moment)] == [
        "2026-07-03T02:00:00Z",
        "2026-07-03T09:00:00+07:00",
        "2026-07-03T02:00:00Z",
    ]


def test_an_email_is_hashed_as_the_specification_does():
    salt = bytes(range(16))
    identity = hashed_email(" Learner@Example.EDU ", salt)
    expected = hashlib.sha256(b"learner@example.edu" + salt.hex().encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${expected}"
    assert identity["salt"] == salt.hex()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"valid_from": datetime(2026, 7, 3)}, "no_zone"),  # noqa: DTZ001
        ({"subject": Subject(student_number="1", name="N", results={"essay": "5"})}, "unknown_result"),
        (
            {"subject": Subject(student_number="1", name="N", email="a@b.example", email_salt=b"1" * 15)},
            "short_salt",
        ),
    ],
)
def test_what_cannot_be_signed_is_refused(change, code, build):
    with pytest.raises(MicroCredentialError) as caught:
        build(**change)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "achievement_id", ["https://elsewhere.example/achievements/1", f"{BASE}/a#1", f"{BASE}.evil/a"]
)
def test_an_id_outside_the_deployment_is_refused(achievement_id, example, example_bytes):
    definition = load_definition(example_bytes)
    with pytest.raises(MicroCredentialError) as caught:
        bind(definition, achievement_id=achievement_id, issuer_profile=example["issuer"], base_url=BASE)
    assert caught.value.code == "foreign_id"


def test_binding_leaves_the_definition_alone(example, example_bytes):
    definition = load_definition(example_bytes)
    before = json.dumps(definition.achievement)
    one = bind(
        definition, achievement_id=f"{BASE}/achievements/1", issuer_profile=example["issuer"], base_url=BASE
    )
    assert json.dumps(definition.achievement) == before
    assert one["resultDescription"][0]["id"] == f"{BASE}/achievements/1#exam"
    assert one["criteria"]["id"] == f"{BASE}/achievements/1#criteria"
    assert "related" not in one


def test_any_deployment_has_its_own_context_address(build):
    built = build(base_url="http://127.0.0.1:8000/")
    assert built["@context"][3] == "http://127.0.0.1:8000" + CONTEXT_PATH
    assert built["relatedResource"][0]["id"] == built["@context"][3]


START = datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "end"),
    [
        (None, None),
        ("P90D", datetime(2024, 5, 29, 12, tzinfo=UTC)),
        ("P1M", datetime(2024, 3, 29, 12, tzinfo=UTC)),
        ("P12M", datetime(2025, 2, 28, 12, tzinfo=UTC)),
        ("P2Y", datetime(2026, 2, 28, 12, tzinfo=UTC)),
    ],
)
def test_a_validity_ends_on_the_day(duration, end):
    assert valid_until(START, duration) == end


@pytest.mark.parametrize("duration", ["", "P", "P0D", "P1W", "2Y", "P1Y6M", "P9999Y", "P1D\n"])
def test_no_other_duration_is_understood(duration):
    with pytest.raises(MicroCredentialError) as caught:
        valid_until(START, duration)
    assert caught.value.code == "bad_duration"
