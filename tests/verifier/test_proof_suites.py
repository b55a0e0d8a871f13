"""Every suite on the verifier's way: good ones pass, and none passes for another (P3, P4, P8)."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import ENDORSEMENT
from simulator import EXTENSIONS, NOW, OB3, VC2, World, as_bytes

from keys import SecretKey
from keys.multibase import multibase_decode, multibase_encode
from ob3 import add_proof
from ob3.cryptosuite import CRYPTOSUITES
from ob3.selective import derive
from verifier import Outcome, TrustEntry, Verdict
from verifier.issuer_keys import IssuerKeys
from verifier.proofs import check_proofs
from verifier.sources import Sources
from verifier.trust import trust_list

HOST = "badges.keystone.example"
WORLD = World()
ISSUER = WORLD.issuer(HOST)
CREATED = "2026-02-02T00:00:00Z"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
KEYS = {
    "Ed25519": SecretKey.from_seed(b"\1" * 32),
    "P-256": SecretKey.from_seed(b"\2" * 32, "P-256"),
    "P-384": SecretKey.from_seed(b"\3" * 48, "P-384"),
}
METHODS = {name: ISSUER.publish_key(f"key-{name}", key) for name, key in KEYS.items()}
SUITES = [
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("ecdsa-sd-2023", "P-256"),
]
JCS = [one for one in SUITES if "jcs" in one[0]]
OLDER = ("eddsa-2022", "Ed25519Signature2020")


def signed(suite, algorithm, credential=None, **options):
    credential = ISSUER.credential() if credential is None else credential
    signer = KEYS[algorithm].signer(METHODS[algorithm])
    selective = suite == "ecdsa-sd-2023"
    more = {"mandatory_pointers": ["/issuer", "/credentialStatus", "/validFrom"]} if selective else {}
    document = add_proof(credential, signer=signer, created=CREATED, cryptosuite=suite, **more, **options)
    if selective:
        shown = ["/id", "/name", "/awardedDate", "/credentialSubject"]
        document = derive(document, selective_pointers=shown)
    return {**document, "proof": [document["proof"]]}


def older(name, **changes):
    suite = CRYPTOSUITES[name]
    document = ISSUER.credential(**{"@context": [VC2, OB3, ED25519_2020], **changes})
    options = {
        "type": suite.proof_type,
        "created": CREATED,
        "verificationMethod": METHODS["Ed25519"],
        "proofPurpose": "assertionMethod",
        **({"cryptosuite": name} if suite.proof_type == "DataIntegrityProof" else {}),
    }
    value = suite.sign(document, options, KEYS["Ed25519"].signer())
    return {**document, "proof": [{**options, "proofValue": value}]}


def verify(badge, **options):
    report = WORLD.verifier(**options).verify(as_bytes(badge))
    return report, report.check("signature")


def edited(badge, **changes):
    (proof,) = badge["proof"]
    proof = {**proof, **changes}
    return {**badge, "proof": [{name: value for name, value in proof.items() if value is not None}]}


@pytest.mark.parametrize(("suite", "algorithm"), SUITES)
def test_a_badge_in_any_suite_is_valid_and_the_suite_is_told(suite, algorithm):
    report, found = verify(signed(suite, algorithm))
    assert (report.verdict, found.code) == (Verdict.valid, "signature_fits")
    assert found.detail["suite"] == suite
    assert "proof" not in report.credential


@pytest.mark.parametrize(("suite", "algorithm"), SUITES)
def test_what_was_changed_is_invalid_in_any_suite(suite, algorithm):
    good = signed(suite, algorithm)
    renamed = copy.deepcopy(good)
    renamed["credentialSubject"]["name"] = "Somebody Else"
    for spoiled in (
        renamed,
        edited(good, created="2020-01-01T00:00:00Z"),
        edited(good, created=None),
        edited(good, expires="2030-01-01T00:00:00Z"),
        {**signed(suite, algorithm, ISSUER.credential(name="Other")), "proof": good["proof"]},
    ):
        report, found = verify(spoiled)
        assert (report.verdict, found.code) == (Verdict.invalid, "signature_misfit")
        assert report.credential is None


@pytest.mark.parametrize(("suite", "algorithm"), SUITES)
def test_no_other_name_or_key_makes_a_proof_fit(suite, algorithm):
    good = signed(suite, algorithm)
    names = [name for name, one in CRYPTOSUITES.items() if one.proof_type == "DataIntegrityProof"]
    for name in names:
        verdict = verify(edited(good, cryptosuite=name))[0].verdict
        expected = Verdict.valid if name == suite else Verdict.invalid
        assert verdict is expected, name
    for name, method in METHODS.items():
        verdict = verify(edited(good, verificationMethod=method))[0].verdict
        assert verdict is (Verdict.valid if name == algorithm else Verdict.invalid), name
    assert verify(edited(good, type="Ed25519Signature2020", cryptosuite=None))[0].verdict is Verdict.invalid


@pytest.mark.parametrize(("suite", "algorithm"), [one for one in SUITES if one[0] != "ecdsa-sd-2023"])
def test_a_signature_is_read_in_one_spelling(suite, algorithm):
    good = signed(suite, algorithm)
    value = good["proof"][0]["proofValue"]
    raw = multibase_decode(value)
    assert verify(edited(good, proofValue=multibase_encode(raw)))[0].verdict is Verdict.valid
    for other in (
        multibase_encode(raw, "u"),
        "z1" + value[1:],
        value + "=",
        value.lower(),
        multibase_encode(raw + b"\0"),
        multibase_encode(raw[1:]),
    ):
        assert verify(edited(good, proofValue=other))[0].verdict is Verdict.invalid


@pytest.mark.parametrize("name", OLDER)
def test_an_older_suite_is_read_with_a_warning(name):
    report, found = verify(older(name))
    assert (report.verdict, found.outcome, found.code) == (Verdict.valid, Outcome.warning, "older_suite")
    assert found.detail["suite"] == name
    spoiled = {**older(name), "name": "Other"}
    assert verify(spoiled)[1].code == "signature_misfit"
    assert verify(edited(older(name), created="2020-01-01T00:00:00Z"))[1].code == "signature_misfit"


def test_an_older_proof_type_without_its_context_means_nothing():
    good = older("Ed25519Signature2020")
    assert verify({**good, "@context": [VC2, OB3]})[0].verdict is Verdict.invalid


def test_the_official_older_samples_are_good_once_their_key_is_vouched_for(reference):
    for name in ("simple-eddsa-2022.json", "simple_v1.json"):
        data = (reference / "samples/warning" / name).read_bytes()
        keys = [word for word in data.decode().replace('"', "#").split("#") if word.startswith("z6Mk")]
        entry = TrustEntry(issuer_id="https://example.com/issuers/876543", name="Example Corp", keys=keys)
        assert WORLD.verifier().verify(data).verdict is Verdict.undetermined
        report = WORLD.verifier(trust=[entry]).verify(data)
        assert (report.verdict, report.check("signature").code) == (Verdict.valid, "older_suite")


def test_a_holders_own_copy_is_neither_yes_nor_no():
    signer = KEYS["P-256"].signer(METHODS["P-256"])
    base = add_proof(ISSUER.credential(), signer=signer, created=CREATED, cryptosuite="ecdsa-sd-2023")
    report, found = verify(base)
    assert (report.verdict, found.code) == (Verdict.unsupported, "unsupported_base_proof")
    assert report.credential is None


# --- JCS


@pytest.mark.parametrize(("suite", "algorithm"), JCS)
def test_a_badge_in_jcs_with_words_without_meaning_is_invalid(suite, algorithm):
    """JCS signs any JSON, so the canonical form asks for the meaning (J1)."""
    report, _ = verify(signed(suite, algorithm, ISSUER.credential(nickname="x")))
    assert (report.verdict, report.check("canonical").code) == (Verdict.invalid, "no_meaning")
    assert verify(signed(suite, algorithm))[0].verdict is Verdict.valid


@pytest.mark.parametrize(("suite", "algorithm"), JCS)
def test_contexts_added_behind_a_jcs_proof_are_not_proven(suite, algorithm):
    good = signed(suite, algorithm)
    report, _ = verify({**good, "@context": [VC2, OB3, EXTENSIONS]})
    assert report.verdict is Verdict.valid
    assert report.credential["@context"] == [VC2, OB3]
    moved = edited(good, **{"@context": [VC2, OB3, EXTENSIONS]})
    assert verify(moved)[0].verdict is Verdict.invalid


def test_a_meaning_that_was_added_behind_a_jcs_proof_is_refused():
    """A term that only an added context defines was signed as a word without meaning."""
    credential = ISSUER.credential(
        credentialSchema=[{"id": "https://a.example/s.json", "type": "1EdTechJsonSchemaValidator2019"}]
    )
    bare = signed("eddsa-jcs-2022", "Ed25519", credential)
    whole = signed("eddsa-jcs-2022", "Ed25519", {**credential, "@context": [VC2, OB3, EXTENSIONS]})
    assert verify(whole)[0].verdict is Verdict.valid
    assert verify(bare)[0].check("canonical").code == "no_meaning"
    report, found = verify({**bare, "@context": [VC2, OB3, EXTENSIONS]})
    assert (report.verdict, found.code) == (Verdict.invalid, "signature_misfit")


def test_a_jcs_proof_with_foreign_contexts_is_invalid():
    good = signed("eddsa-jcs-2022", "Ed25519")
    for contexts in (
        [OB3, VC2],
        [VC2, "https://evil.example/c.json"],
        {"name": None},
        [VC2, OB3, OB3],
        None,
        VC2,
    ):
        assert verify(edited(good, **{"@context": contexts}))[0].verdict is Verdict.invalid


def test_an_endorsement_in_jcs_is_read_inside_a_badge():
    endorser = WORLD.issuer("endorser.example")
    about = ISSUER.credential()["credentialSubject"]["achievement"]["id"]
    bare = {name: value for name, value in endorser.endorsement(about).items() if name != "proof"}
    signer = endorser.key.signer(endorser.verification_method)
    praise = add_proof(bare, signer=signer, created=CREATED, cryptosuite="eddsa-jcs-2022")
    badge = signed("eddsa-rdfc-2022", "Ed25519", ISSUER.credential(endorsement=[praise]))
    report, _ = verify(badge)
    assert (report.verdict, report.check("endorsements").code) == (Verdict.valid, "endorsements_good")
    false = {**praise, "credentialSubject": {**praise["credentialSubject"], "endorsementComment": "Other."}}
    spoiled = signed("eddsa-rdfc-2022", "Ed25519", ISSUER.credential(endorsement=[false]))
    assert verify(spoiled)[0].verdict is Verdict.invalid


# --- what the caller may ask for


def ask(document, **asked):
    keys = IssuerKeys(
        sources=Sources(fetcher=None, local=None, max_fetches=0),
        trust=trust_list(()),
        memory=None,
        given=lambda *_: KEYS["Ed25519"].public_key,
        now=NOW,
    )
    return check_proofs(document, ISSUER.did, keys, extra_contexts={}, max_proofs=8, **asked)


def test_purpose_domain_and_challenge_can_be_asked_for():
    login = signed(
        "eddsa-rdfc-2022", "Ed25519", purpose="authentication", domain="here.example", challenge="c-1"
    )
    asked = {"expected_purpose": "authentication", "domain": "here.example", "challenge": "c-1"}
    assert ask(login, **asked).confirmed
    assert ask(login, **{**asked, "domain": "there.example"}).signature.code == "proof_domain"
    assert ask(login, **{**asked, "challenge": "c-2"}).signature.code == "proof_challenge"
    assert ask(login).signature.code == "proof_purpose"
    assert ask(signed("eddsa-rdfc-2022", "Ed25519"), **asked).signature.code == "proof_purpose"


GOOD = signed("eddsa-rdfc-2022", "Ed25519")["proof"][0]
VALUES = (
    st.sampled_from(
        [*GOOD.values(), *CRYPTOSUITES, *OLDER, *METHODS.values(), "urn:x:1", "urn:x:2", "", "z", "u2V0"]
    )
    | st.none()
    | st.integers()
    | st.text(max_size=8)
)
NESTED = VALUES | st.lists(VALUES, max_size=3) | st.dictionaries(st.text(max_size=3), VALUES, max_size=2)
PROOFS = st.dictionaries(
    st.sampled_from([*GOOD, "id", "previousProof", "expires", "domain", "challenge", "@context", "x"]), NESTED
)


@given(st.lists(st.builds(lambda changes: {**GOOD, **changes}, PROOFS) | NESTED, max_size=9), st.booleans())
def test_no_proof_whatever_it_holds_raises_or_passes_unless_it_is_the_good_one(proofs, every_one):
    document = {**ISSUER.credential(), "proof": proofs}
    found = ask(document, every_one=every_one)
    fitting = [one for one in proofs if one == GOOD]
    assert found.confirmed is False or fitting


def test_too_much_work_under_a_signature_is_a_limit():
    evidence = [{"type": ["Evidence"], "narrative": "x"}]
    for number, code in ((1, "signature_misfit"), (1_200, "limit_work")):
        document = ISSUER.credential(evidence=evidence * number)
        assert ask({**document, "proof": [GOOD]}).signature.code == code


def test_it_can_be_asked_that_every_proof_fits():
    """Open Badges ask for one good proof, the sets of Data Integrity for all; a stranger's never counts."""
    good = signed("eddsa-rdfc-2022", "Ed25519")["proof"][0]
    second = signed("eddsa-jcs-2022", "Ed25519")["proof"][0]
    misfit = {**good, "created": "2020-01-01T00:00:00Z"}
    unknown = {**good, "cryptosuite": "bbs-2023"}
    strangers = {**good, "verificationMethod": KEYS["P-256"].public_key.did_key_method}
    login = signed("eddsa-rdfc-2022", "Ed25519", purpose="authentication")["proof"][0]
    codes = {}
    for name, other in {
        "good": second,
        "misfit": misfit,
        "malformed": {**good, "proofValue": None},
        "chain": {**good, "previousProof": "urn:x"},
        "unknown": unknown,
        "strangers": strangers,
        "login": login,
    }.items():
        for proofs in ([good, other], [other, good]):
            document = {**ISSUER.credential(), "proof": proofs}
            assert ask(document).confirmed, name
            codes[name] = ask(document, every_one=True).signature.code
            assert ask(document, every_one=True).confirmed is (codes[name] == "signature_fits")
    assert codes == {
        "good": "signature_fits",
        "misfit": "signature_misfit",
        "malformed": "proof_malformed",
        "chain": "proof_chain",
        "unknown": "unsupported_suite",
        "strangers": "signature_fits",
        "login": "signature_fits",
    }


def test_documents_that_are_no_badges_may_use_keywords():
    document = {**ENDORSEMENT, "name": {"@value": "Praise", "@language": "en"}, "issuer": ISSUER.did}
    good = signed("eddsa-rdfc-2022", "Ed25519", document, allow_keywords=True)
    assert ask(good, allow_keywords=True).confirmed
    assert ask(good).signature.code == "signature_misfit"
