"""The official samples, every file: the verdict that our rules give, by the named check, and why.

Offline first: nobody answers, and no trust list is given. Many samples name an https issuer whose key stands
only in the address itself. The official validator takes such a key as the issuer's; we say that it is not
confirmed, so they are `undetermined`. Then with the servers and the trust list that would confirm the keys.
Never is a sample that the validator calls invalid good here.
"""

import json

import pytest
from simulator import World

from keys import PublicKey
from keys.did import KeyRecord, did_document, did_web_url
from verifier import Outcome, TrustEntry, Verdict
from verifier.reading import read

UNCONFIRMED = (Verdict.undetermined, "issuer_key", "key_unconfirmed")
MISFIT = (Verdict.invalid, "schema", "schema_misfit")
UNSIGNED = (Verdict.invalid, "signature", "no_proof")
NO_FILE_OF_OURS = (Verdict.invalid, "kind", "no_credential")

IN_FRAGMENT = "the key stands only in the address of the verification method (OPEN_BADGES_3, section (a))"
EXAMPLE = "an example of the specification without a signature"

EXPECTED = {
    "valid/simple.json": (*UNCONFIRMED, IN_FRAGMENT),
    "valid/simple.1ob": (*UNCONFIRMED, IN_FRAGMENT),
    "valid/simple-json.png": (*UNCONFIRMED, IN_FRAGMENT),
    "valid/simple-json.svg": (*UNCONFIRMED, IN_FRAGMENT),
    "valid/simple-context-alias.json": (*UNCONFIRMED, f"no alias is in it any more; {IN_FRAGMENT}"),
    "valid/simple-did-key-method.json": (
        *UNCONFIRMED,
        "the issuer is a mere number (urn:uuid), so no key can be shown to be its own",
    ),
    "valid/endorsement-valid.json": (*UNCONFIRMED, IN_FRAGMENT),
    "valid/sd__derivedcredential.json": (*UNCONFIRMED, IN_FRAGMENT),
    "valid/simple-jwt.png": (*UNCONFIRMED, "the key stands only in the header of the token (jwk)"),
    "valid/simple-jwt.svg": (*UNCONFIRMED, "the key stands only in the header of the token (jwk)"),
    "valid/bit-string-list__testlist": (
        Verdict.invalid,
        "shape",
        "not_a_badge",
        "a status list is no badge; read as a list below",
    ),
    "warning/simple-context-version.json": (*UNCONFIRMED, f"an older context, which warns; {IN_FRAGMENT}"),
    "warning/simple-eddsa-2022.json": (
        *UNCONFIRMED,
        f"VCDM 1.1 and an older suite, which warn; {IN_FRAGMENT}",
    ),
    "warning/simple_v1.json": (*UNCONFIRMED, f"VCDM 1.1 and an older suite, which warn; {IN_FRAGMENT}"),
    "warning/simple-jwt_v1.png": (*UNCONFIRMED, "VCDM 1.1, which warns; the key stands only in the header"),
    "warning/simple-jwt_v1.svg": (*UNCONFIRMED, "VCDM 1.1, which warns; the key stands only in the header"),
    "invalid/credential-status-revoked.json": (
        Verdict.undetermined,
        "issuer_key",
        "keys_unreachable",
        "its DID document must be fetched, and nobody answers; revoked below",
    ),
    "invalid/bit-string-list__credential-status-revoked.json": (
        *UNCONFIRMED,
        f"{IN_FRAGMENT}; its list does not answer either",
    ),
    "invalid/simple-err-context.json": (
        Verdict.invalid,
        "context",
        "context_order",
        "the W3C context is missing (probe 3)",
    ),
    "invalid/simple-err-credential-subject-identifier-type.json": (*MISFIT, "identifier type (probe 7)"),
    "invalid/simple-err-credential-subject-type.json": (*MISFIT, "subject type (probe 7)"),
    "invalid/simple-err-evidence-type.json": (*MISFIT, "evidence type (probe 8)"),
    "invalid/simple-err-expired.json": (
        Verdict.undetermined,
        "dates",
        "expired",
        f"expired, but {IN_FRAGMENT}, so that the date is nobody's word yet; expired below",
    ),
    "invalid/simple-err-issued.json": (
        Verdict.invalid,
        "shape",
        "no_achievement",
        "meant to be dated in the future (probe 14), but it holds no achievement either",
    ),
    "invalid/simple-err-issuer.json": (Verdict.invalid, "shape", "no_issuer", "no issuer (probe 9)"),
    "invalid/simple-err-proof-method-no-scheme.json": (
        Verdict.invalid,
        "issuer_key",
        "method_malformed",
        "the verification method is no address (probe 10)",
    ),
    "invalid/simple-err-proof-value.json": (
        Verdict.invalid,
        "signature",
        "signature_misfit",
        "the proof value does not fit (probe 10)",
    ),
    "invalid/simple-err-type.json": (Verdict.invalid, "shape", "not_a_badge", "no badge type (probe 4)"),
    "impl-guide-vector/signed.json": (*UNCONFIRMED, IN_FRAGMENT),
    "impl-guide-vector/expected.json": (
        Verdict.invalid,
        "shape",
        "not_a_badge",
        "the vector's values, no credential",
    ),
    "impl-guide-vector/document-canon.nq": (
        Verdict.invalid,
        "container",
        "container_broken",
        "N-Quads, no credential; it begins with < and is taken for a picture",
    ),
    "impl-guide-vector/proof-canon.nq": (*NO_FILE_OF_OURS, "N-Quads, no credential"),
    "spec-examples/10-achievementAlignmentCase-achievement-alignment-case.json": (*UNSIGNED, EXAMPLE),
    "spec-examples/11-achievementAlignmentCe-achievement-alignment-credential-engine.json": (
        *UNSIGNED,
        EXAMPLE,
    ),
    "spec-examples/12-basicOpenBadgeCredential-sample-openbadgecredential.json": (*UNSIGNED, EXAMPLE),
    "spec-examples/13-endorsement-sample-endorsementcredential.json": (*UNSIGNED, EXAMPLE),
    "spec-examples/14-fullOpenBadge-complete-openbadgecredential.json": (*UNSIGNED, EXAMPLE),
    "spec-examples/20-linked-data-proof-clr-signed-credential.json": (
        *UNCONFIRMED,
        f"a learner record; {IN_FRAGMENT}, in the record and in the badge inside",
    ),
    "spec-examples/22-linked-data-proof-ob-signed-credential.json": (*UNCONFIRMED, IN_FRAGMENT),
}

# What a trust list or the issuers' own servers would say of these keys.
KEYS_OF_SAMPLES = (
    "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
    "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x",
    "z6MkoMGF38Ck9xkdqrbZt4h9eHb1qc3GhAAkoSWa4Vy3SHRN",
    "z6MknNHHrBzPytzu6CUBP9Lg7fg4KSBjzimc2Frh693YbMiv",
    "zDnaekGZTbQBerwcehBSXLqAg6s55hVEBms1zFy89VHXtJSa9",
)
ISSUERS = (
    "https://example.com/issuers/876543",
    "https://example.edu/issuers/565049",
    "https://1edtech.edu/issuers/565049",
    "https://state.gov/issuers/565049",
    "urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164",
)
GOOD = (Verdict.valid, "issuer_key", "key_listed")
BY_ITS_KEY_SET = (Verdict.valid, "issuer_key", "key_published")
CONFIRMED = {
    "valid/simple.json": GOOD,
    "valid/simple.1ob": GOOD,
    "valid/simple-json.png": GOOD,
    "valid/simple-json.svg": GOOD,
    "valid/simple-context-alias.json": GOOD,
    "valid/simple-did-key-method.json": GOOD,
    "valid/endorsement-valid.json": GOOD,
    "valid/sd__derivedcredential.json": GOOD,
    "valid/simple-jwt.png": BY_ITS_KEY_SET,
    "valid/simple-jwt.svg": BY_ITS_KEY_SET,
    "warning/simple-context-version.json": (Verdict.valid, "context", "older_context"),
    "warning/simple-eddsa-2022.json": (Verdict.valid, "signature", "older_suite"),
    "warning/simple_v1.json": (Verdict.valid, "context", "older_context"),
    "warning/simple-jwt_v1.png": BY_ITS_KEY_SET,
    "warning/simple-jwt_v1.svg": BY_ITS_KEY_SET,
    # the list's own id is another address than the one from which it is fetched (THREATS S1)
    "invalid/bit-string-list__credential-status-revoked.json": (
        Verdict.undetermined,
        "status",
        "list_of_another_place",
    ),
    "invalid/credential-status-revoked.json": (Verdict.revoked, "status", "revoked"),
    "invalid/simple-err-expired.json": (Verdict.expired, "dates", "expired"),
    "impl-guide-vector/signed.json": GOOD,
    "spec-examples/20-linked-data-proof-clr-signed-credential.json": GOOD,
    "spec-examples/22-linked-data-proof-ob-signed-credential.json": GOOD,
}
TEST_LIST = (
    "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/"
    "inspector-vc/src/test/resources/ob30/bit-string-list/testlist"
)


def sample(reference, name):
    return (reference / "samples" / name).read_bytes()


def served_world(reference):
    """A world in which the servers that the samples name would answer."""
    world = World()
    world.publish(TEST_LIST, sample(reference, "valid/bit-string-list__testlist"))
    revoked = json.loads(sample(reference, "invalid/credential-status-revoked.json"))
    issuer = revoked["issuer"]["id"]
    record = KeyRecord(
        verification_method=f"{issuer}#{KEYS_OF_SAMPLES[0]}",
        public_key=PublicKey.from_multikey(KEYS_OF_SAMPLES[0]),
        created=world.now,
    )
    world.publish(did_web_url(issuer), did_document(issuer, [record]))
    place = revoked["credentialStatus"]["id"]
    world.publish(place, {"id": place, "issuer": issuer, "revokedCredential": [{"id": revoked["id"]}]})
    return world


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gets_its_verdict_by_the_named_check(reference, name):
    verdict, check_id, code, _reason = EXPECTED[name]
    report = World().verifier().verify(sample(reference, name))
    assert (report.verdict, report.check(check_id).code) == (verdict, code)


def test_no_sample_is_left_out(reference):
    folder = reference / "samples"
    found = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert found == set(EXPECTED)
    assert all(reason for *_rest, reason in EXPECTED.values())


@pytest.mark.parametrize("name", [name for name, row in EXPECTED.items() if row[:3] == UNCONFIRMED])
def test_its_signature_is_consistent_even_so(reference, name):
    report = World().verifier().verify(sample(reference, name))
    assert report.check("signature").code in ("signature_consistent", "older_suite", "claims_missing")
    assert report.credential is not None
    assert name in CONFIRMED


@pytest.mark.parametrize("name", CONFIRMED)
def test_with_servers_and_a_trust_list_that_confirm_the_keys(reference, name):
    verdict, check_id, code = CONFIRMED[name]
    world = served_world(reference)
    if "jwt" in name:
        publish_key_set(world, sample(reference, name))
    trust = [TrustEntry(issuer_id=one, name="Example Corp", keys=KEYS_OF_SAMPLES) for one in ISSUERS]
    report = world.verifier(trust=trust).verify(sample(reference, name))
    assert (report.verdict, report.check(check_id).code) == (verdict, code)


def publish_key_set(world, data):
    """Publish the key that stands in a token's header where its issuer would publish it."""
    jws = read(data, None, isolate=False).jws
    issuer = World().verifier().verify(data).issuer_id
    origin = "/".join(issuer.split("/")[:3])
    world.publish(f"{origin}/.well-known/jwks.json", {"keys": [{**jws.header["jwk"], "iss": issuer}]})


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("invalid/")])
def test_nothing_that_the_validator_calls_invalid_is_good(reference, name):
    trust = [TrustEntry(issuer_id=one, name="Example Corp", keys=KEYS_OF_SAMPLES) for one in ISSUERS]
    for world in (World(), served_world(reference)):
        for listed in ((), trust):
            assert world.verifier(trust=listed).verify(sample(reference, name)).verdict is not Verdict.valid


def test_the_learner_record_of_the_specification_is_unfolded(reference):
    data = sample(reference, "spec-examples/20-linked-data-proof-clr-signed-credential.json")
    trust = [TrustEntry(issuer_id=one, name="Example Corp", keys=KEYS_OF_SAMPLES) for one in ISSUERS]
    report = World().verifier(trust=trust).verify(data)
    assert [one.verdict for one in report.within] == [Verdict.valid]
    assert report.credential["type"] == ["VerifiableCredential", "AchievementCredential"]
    forged = json.loads(data)
    forged["credentialSubject"]["verifiableCredential"][0]["name"] = "Doctor of Everything"
    report = World().verifier(trust=trust).verify(json.dumps(forged).encode())
    assert report.verdict is Verdict.invalid
    assert report.within[0].check("signature").outcome is Outcome.failed
