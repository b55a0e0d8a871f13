"""Two hundred varied badges: implementations that are not ours read each as we do, and we read theirs."""

import copy
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from node_scripts import run_script
from simulator import as_bytes
from varied_credentials import COUNT, OWN_CONTEXTS, Office, varied
from varied_words import SCRIPTS, TRAP, sorted_alike

from keys.jwk import jose_algorithm, to_jwk
from ob3 import canonicalize
from ob3.contexts import CONTEXTS
from ob3.errors import JsonRefused
from ob3.schema import SCHEMAS
from verifier import Policy, Verdict

THEIR_KEYS = {"OKP": OKPKey, "EC": ECKey, "RSA": RSAKey}
ASKED = Policy(isolate=False, follow_refresh=False)
# RFC 9864 gives EdDSA with this curve a new name; Open Badges, and all wallets today, know the old one
pytestmark = [pytest.mark.interop, pytest.mark.filterwarnings("ignore:EdDSA is deprecated")]


@pytest.fixture(scope="module")
def office():
    return Office()


@pytest.fixture(scope="module")
def badges(office):
    return varied(office)


@pytest.fixture(scope="module")
def ask(node_peers, office, tmp_path_factory):
    """Give what hands documents to one Node process and reads its answers by their names."""
    folder = tmp_path_factory.mktemp("two-hundred")
    served = {url: json.loads(body) for url, body in office.lists().items()} | OWN_CONTEXTS
    (folder / "known.json").write_text(json.dumps({"served": served, "pinned": dict(CONTEXTS)}))

    def asking(task, documents):
        file = folder / f"{task}.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in documents))
        return {one["name"]: one for one in run_script("two_hundred.mjs", task, folder / "known.json", file)}

    return asking


@pytest.fixture(scope="module")
def answers(ask, badges):
    return ask(
        "verify",
        [
            {
                "name": one.name,
                "unsigned": one.unsigned,
                "signed": one.signed,
                "core": one.cryptosuite == "eddsa-rdfc-2022",
                "pinned": '"endorsementJwt"' in json.dumps(one.unsigned),
            }
            for one in badges
        ],
    )


def occurring(value, name, classes):
    """Give class and property of each member that the schema knows, in an object of a class and inside it."""
    for member, inner in value.items() if isinstance(value, dict) else ():
        rule = classes[name].get("properties", {}).get(member)
        if rule is not None:
            yield name, member
            for kind in referenced(rule):
                for one in inner if isinstance(inner, list) else [inner]:
                    yield from occurring(one, "Profile" if kind == "ProfileRef" else kind, classes)


def referenced(rule):
    """Give the classes of which the schema says that a member holds one or several."""
    if "$ref" in rule:
        return {rule["$ref"].rpartition("/")[2]}
    parts = [*rule.get("oneOf", []), *rule.get("anyOf", []), *([rule["items"]] if "items" in rule else [])]
    return {kind for part in parts if isinstance(part, dict) for kind in referenced(part)}


def test_every_property_of_every_class_in_the_official_schema_occurs(badges):
    schema = json.loads((SCHEMAS / "ob_v3p0_achievementcredential_schema.json").read_text())
    classes = {**schema["$defs"], "AchievementCredential": schema}
    known = {(name, member) for name, each in classes.items() for member in each.get("properties", {})}
    found = {
        each
        for one in badges
        for each in occurring(one.signed or one.unsigned, "AchievementCredential", classes)
    }
    assert known - found == {("Proof", "nonce")}, "we write no nonce; the suites say nothing of it"
    assert len(known) > 150


def test_they_are_varied(badges):
    assert len(badges) == COUNT
    assert {one.script for one in badges} == set(SCRIPTS)
    assert len({(one.cryptosuite, one.algorithm) for one in badges}) == 9
    whole = json.dumps([one.unsigned for one in badges])
    for number in ("0.5", "7.25", "1e+21", "1.5e-07", "3.0", "-0.0", "9007199254740991"):
        assert f": {number}," in whole or f": {number}}}" in whole, number
    assert '.123456789+05:45"' in whole
    assert "\\ud83c\\udf93" in whole


def test_we_accept_each(office, badges):
    verifier = office.world.verifier(policy=ASKED)
    for one in badges:
        content = as_bytes(one.signed) if one.signed else one.token.encode()
        report = verifier.verify(content)
        assert report.verdict is Verdict.valid, (one.name, [each.code for each in report.checks])


def test_canonical_forms_are_equal_byte_for_byte(badges, answers):
    for one in badges:
        assert canonicalize(one.unsigned, extra_contexts=OWN_CONTEXTS) == answers[one.name]["quads"], one.name


def test_digitalbazaar_vc_accepts_each_with_a_proof(badges, answers):
    asked = [one for one in badges if one.signed]
    assert len(asked) == COUNT * 9 // 10
    for one in asked:
        assert answers[one.name]["vc"] == {"verified": True, "set": 0, "errors": []}, one.name


def test_verifier_core_accepts_each_in_its_cryptosuite(badges, answers):
    asked = [one for one in badges if one.cryptosuite == "eddsa-rdfc-2022"]
    assert len(asked) == COUNT // 2
    for one in asked:
        answer = answers[one.name]["core"]
        assert answer["errors"] == [], one.name
        assert answer["log"]["valid_signature"] is True, one.name
        assert answer["log"].get("revocation_status") in (None, True), one.name


def test_joserfc_accepts_each_token(office, badges):
    tokens = [one for one in badges if one.token]
    assert len(tokens) == COUNT // 10
    for one in tokens:
        public = office.keys[one.algorithm].public_key
        jwk = to_jwk(public)
        key = THEIR_KEYS[jwk["kty"]].import_key(jwk)
        claims = jwt.decode(one.token, key, algorithms=[jose_algorithm(public)]).claims
        assert {name: claims[name] for name in one.unsigned} == one.unsigned, one.name


def test_we_accept_what_they_sign(office, badges, ask):
    """Statuses are left out, for their lists are those of another issuer."""
    wanted = [one for one in badges if one.cryptosuite and "endorsementJwt" not in one.unsigned]
    documents = [
        {
            "name": one.name,
            "unsigned": {name: part for name, part in one.unsigned.items() if name != "credentialStatus"},
        }
        for one in wanted
    ]
    made = ask("issue", documents)
    verifier = office.world.verifier(policy=ASKED)
    for name, answer in made.items():
        assert "signed" in answer, (name, answer["errors"])
        assert verifier.verify(as_bytes(answer["signed"])).verdict is Verdict.valid, name
    changed = copy.deepcopy(next(iter(made.values()))["signed"])
    changed["name"] += "."
    assert verifier.verify(as_bytes(changed)).check("signature").code == "signature_misfit"
    assert len(made) == COUNT * 9 // 10


def plain(office, **achievement):
    """Give an unsigned badge whose achievement has these members."""
    unsigned = office.issuer.credential(credentialStatus=None)
    unsigned["credentialSubject"]["achievement"] |= achievement
    return unsigned


def test_where_utf_16_sorts_otherwise_we_do_as_the_standard_says(office, ask):
    """RDFC-1.0 sorts by code points, rdf-canonize by UTF-16 units: it takes the signature for a misfit."""
    documents = {"trap": plain(office, tag=list(TRAP)), "twin": plain(office, tag=["ABC", TRAP[1]])}
    assert not sorted_alike(list(TRAP))
    assert sorted_alike(["ABC", TRAP[1]])
    lines = [
        {"name": name, "unsigned": one, "signed": office.issuer.sign(one)} for name, one in documents.items()
    ]
    answers = ask("verify", lines)
    ours = {name: canonicalize(one) for name, one in documents.items()}
    assert ours["twin"] == answers["twin"]["quads"]
    assert ours["trap"] != answers["trap"]["quads"]
    assert ours["trap"] == "".join(sorted(answers["trap"]["quads"].splitlines(keepends=True)))
    assert {name: answer["vc"]["verified"] for name, answer in answers.items()} == {
        "trap": False,
        "twin": True,
    }


def test_numbers_that_they_write_otherwise_are_not_signed_here(office, ask):
    """JSON-LD writes 1e-7 as 1.0E-7, jsonld.js as 0: who issues here is told to write it as a text."""
    documents = [
        {"name": name, "unsigned": plain(office, creditsAvailable=number)}
        for name, number in {"tiny": 1e-7, "twin": 1.5e-7}.items()
    ]
    answers = ask("verify", documents)
    assert '"0"^^' in answers["tiny"]["quads"]
    with pytest.raises(JsonRefused, match="written differently"):
        canonicalize(documents[0]["unsigned"])
    assert canonicalize(documents[1]["unsigned"]) == answers["twin"]["quads"]
    assert '"1.5E-7"^^' in answers["twin"]["quads"]
