"""The official validator's own samples: each gets the verdict that our rules give, by the named check.

Many name an https issuer whose key stands only in the address itself. The official validator takes such a key
as the issuer's; we say that it is not confirmed, so those samples are `undetermined` until a trust list
vouches for the key. Never a sample that the validator calls invalid is good here.
"""

import pytest
from simulator import World

from verifier import Outcome, TrustEntry, Verdict

EXAMPLE_ISSUER = "https://example.com/issuers/876543"
KEYS_OF_SAMPLES = (
    "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
    "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x",
    "z6MkoMGF38Ck9xkdqrbZt4h9eHb1qc3GhAAkoSWa4Vy3SHRN",
)
UNCONFIRMED = (Verdict.undetermined, "issuer_key", "key_unconfirmed")
# these tokens show their key and leave out the claim `sub`
TOKEN = (Verdict.undetermined, "signature", "claims_missing")
OLDER = (Verdict.undetermined, "signature", "older_suite")

EXPECTED = {
    "valid/simple.json": UNCONFIRMED,
    "valid/simple.1ob": UNCONFIRMED,
    "valid/simple-json.png": UNCONFIRMED,
    "valid/simple-json.svg": UNCONFIRMED,
    "valid/simple-context-alias.json": UNCONFIRMED,
    "valid/simple-did-key-method.json": UNCONFIRMED,
    "valid/endorsement-valid.json": UNCONFIRMED,
    "valid/simple-jwt.png": TOKEN,
    "valid/simple-jwt.svg": TOKEN,
    "valid/sd__derivedcredential.json": UNCONFIRMED,
    "warning/simple-context-version.json": UNCONFIRMED,
    "warning/simple-eddsa-2022.json": OLDER,
    "warning/simple_v1.json": OLDER,
    "warning/simple-jwt_v1.png": TOKEN,
    "warning/simple-jwt_v1.svg": TOKEN,
    "invalid/credential-status-revoked.json": (Verdict.undetermined, "issuer_key", "keys_unreachable"),
    "invalid/bit-string-list__credential-status-revoked.json": UNCONFIRMED,
    "invalid/simple-err-context.json": (Verdict.invalid, "context", "context_order"),
    "invalid/simple-err-credential-subject-identifier-type.json": (
        Verdict.invalid,
        "schema",
        "schema_misfit",
    ),
    "invalid/simple-err-credential-subject-type.json": (Verdict.invalid, "schema", "schema_misfit"),
    "invalid/simple-err-evidence-type.json": (Verdict.invalid, "schema", "schema_misfit"),
    "invalid/simple-err-expired.json": (Verdict.undetermined, "dates", "expired"),
    "invalid/simple-err-issued.json": (Verdict.invalid, "shape", "no_achievement"),
    "invalid/simple-err-issuer.json": (Verdict.invalid, "shape", "no_issuer"),
    "invalid/simple-err-proof-method-no-scheme.json": (Verdict.invalid, "issuer_key", "method_malformed"),
    "invalid/simple-err-proof-value.json": (Verdict.invalid, "signature", "signature_misfit"),
    "invalid/simple-err-type.json": (Verdict.invalid, "shape", "not_a_badge"),
}


def verify(reference, name, **options):
    return World().verifier(**options).verify((reference / "samples" / name).read_bytes())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gets_its_verdict_by_the_named_check(reference, name):
    verdict, check_id, code = EXPECTED[name]
    report = verify(reference, name)
    assert (report.verdict, report.check(check_id).code) == (verdict, code)


def test_no_sample_is_left_out(reference):
    folders = ("valid", "warning", "invalid")
    found = {
        f"{folder}/{one.name}" for folder in folders for one in (reference / "samples" / folder).iterdir()
    }
    assert found - set(EXPECTED) == {"valid/bit-string-list__testlist"}


@pytest.mark.parametrize("name", [name for name, row in EXPECTED.items() if row == UNCONFIRMED])
def test_its_signature_is_consistent_even_so(reference, name):
    report = verify(reference, name)
    assert report.check("signature").code == "signature_consistent"
    assert report.credential is not None


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("valid/simple.json", Verdict.valid),
        ("valid/simple-json.png", Verdict.valid),
        ("valid/simple-json.svg", Verdict.valid),
        ("invalid/simple-err-expired.json", Verdict.expired),
        ("invalid/simple-err-proof-value.json", Verdict.invalid),
    ],
)
def test_a_trust_list_that_vouches_for_the_key_settles_it(reference, name, verdict):
    entry = TrustEntry(issuer_id=EXAMPLE_ISSUER, name="Example Corp", keys=KEYS_OF_SAMPLES)
    assert verify(reference, name, trust=[entry]).verdict is verdict


def test_the_unsigned_examples_of_the_specification_are_no_certificates(reference):
    for one in sorted((reference / "samples" / "spec-examples").glob("1*.json")):
        report = World().verifier().verify(one.read_bytes())
        assert (report.verdict, report.check("signature").code) == (Verdict.invalid, "no_proof"), one.name


def test_the_signed_examples(reference):
    guide = verify(reference, "impl-guide-vector/signed.json")
    assert guide.check("signature").outcome is Outcome.passed
    specification = verify(reference, "spec-examples/22-linked-data-proof-ob-signed-credential.json")
    assert specification.check("signature").outcome is Outcome.passed
    learner_record = verify(reference, "spec-examples/20-linked-data-proof-clr-signed-credential.json")
    assert learner_record.check("signature").code == "signature_consistent"
