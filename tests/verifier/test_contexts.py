"""The context allow-list: exact sequences, nothing inline, nothing nested but a repetition (J3, J4)."""

import copy
from base64 import b64encode

import pytest
from simulator import EXTENSIONS, OB3, VC2, World, as_bytes

from keys.multibase import multibase_decode, multibase_encode
from microcredential import accepted_context_digests, context_digest
from verifier import Outcome, Verdict
from verifier.contexts import VC1, check_contexts

OURS = "https://badges.example.edu/contexts/micro-credential-v1.json"
DIGEST = context_digest()
ACCEPTED = accepted_context_digests()
NAMED = {"id": OURS, "digestMultibase": DIGEST, "mediaType": "application/ld+json"}


def judged(contexts, **members):
    return check_contexts({"@context": contexts, **members}, accepted=ACCEPTED)


@pytest.mark.parametrize("rest", [[], [EXTENSIONS], [OURS], [EXTENSIONS, OURS], [OURS, EXTENSIONS]])
def test_a_listed_sequence_passes(rest):
    found = judged([VC2, OB3, *rest], relatedResource=[NAMED])
    assert found.check.outcome is Outcome.passed
    assert set(found.extra) == set(rest) - {EXTENSIONS}


@pytest.mark.parametrize(
    ("contexts", "code"),
    [
        (None, "context_form"),
        (VC2, "context_form"),
        ([], "context_order"),
        ([VC2], "context_order"),
        ([OB3, VC2], "context_order"),
        ([OB3], "context_order"),
        ([EXTENSIONS, VC2, OB3], "context_order"),
        ([VC2, OB3, OB3], "context_unknown"),
        ([VC2, OB3, EXTENSIONS, EXTENSIONS], "context_unknown"),
        ([VC2, OB3, "https://evil.example/context.json"], "context_unknown"),
        ([VC2, OB3, "https://www.w3.org/ns/credentials/examples/v2"], "context_unknown"),
        ([VC2, OB3, {"name": "https://schema.org/description"}], "context_form"),
        ([VC2, OB3 + " "], "context_order"),
        (["https://www.w3.org/ns/credentials/V2", OB3], "context_order"),
        ([VC2, OB3, None], "context_form"),
        ({"@vocab": "https://evil.example/"}, "context_form"),
    ],
)
def test_any_other_sequence_fails(contexts, code):
    found = judged(contexts).check
    assert (found.outcome, found.code) == (Outcome.failed, code)


@pytest.mark.parametrize(
    "related",
    [
        [],
        [{**NAMED, "digestMultibase": DIGEST[:-1] + "A"}],
        [{**NAMED, "id": "https://badges.example.edu/other.json"}],
        [{"id": OURS}],
        [{**NAMED, "digestMultibase": [[DIGEST]]}],
        [NAMED, {**NAMED, "digestMultibase": "uEiAAAA"}],
        "https://badges.example.edu/contexts/micro-credential-v1.json",
        [None, 7, OURS],
    ],
)
def test_a_context_without_its_known_digest_fails(related):
    assert judged([VC2, OB3, OURS], relatedResource=related).check.code == "context_unknown"
    assert judged([VC2, OB3, OURS], relatedResource=NAMED).check.outcome is Outcome.passed


def sri(digest):
    return "sha256-" + b64encode(multibase_decode(digest)[2:]).decode()


@pytest.mark.parametrize(
    ("digests", "passes"),
    [
        ({"digestSRI": sri(DIGEST)}, True),
        ({"digestSRI": sri(DIGEST), "digestMultibase": DIGEST}, True),
        ({"digestMultibase": multibase_encode(multibase_decode(DIGEST), "z")}, True),
        ({"digestSRI": sri(DIGEST).replace("sha256", "sha384")}, False),
        ({"digestSRI": "sha256-!!"}, False),
        ({"digestSRI": 7}, False),
        ({"digestSRI": "sha256-" + "A" * 43 + "=", "digestMultibase": DIGEST}, False),
        ({}, False),
    ],
)
def test_a_digest_may_be_written_in_either_form(digests, passes):
    found = judged([VC2, OB3, OURS], relatedResource=[{"id": OURS, **digests}]).check
    assert (found.outcome is Outcome.passed) is passes


@pytest.mark.parametrize(
    "contexts",
    [
        [VC1, OB3.replace("3.0.3", "3.0.1")],
        [VC1, OB3],
        [VC2, OB3.replace("3.0.3", "3.0.2")],
        [
            VC1,
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
            "https://w3id.org/security/suites/ed25519-2020/v1",
        ],
    ],
)
def test_an_older_edition_is_neither_accepted_nor_called_false(contexts):
    found = judged(contexts).check
    assert (found.outcome, found.code) == (Outcome.unknown, "unsupported_version")


@pytest.mark.parametrize(
    "keyword", ["@index", "@graph", "@included", "@id", "@type", "@reverse", "@nest", "@x"]
)
def test_no_keyword_may_stand_anywhere(keyword):
    assert judged([VC2, OB3], **{keyword: "x"}).check.code == "keyword"
    assert judged([VC2, OB3], issuer={"otherIdentifier": [{keyword: "x"}]}).check.code == "keyword"
    assert judged([VC2, OB3], issuer={"otherIdentifier": [{"x": keyword}]}).check.outcome is Outcome.passed


def test_a_nested_context_may_only_repeat_inside_an_embedded_credential():
    inside = {"type": ["VerifiableCredential", "EndorsementCredential"], "@context": [VC2, OB3]}
    sequence = [VC2, OB3, EXTENSIONS]
    assert judged(sequence, endorsement=[inside]).check.outcome is Outcome.passed
    assert judged(sequence, endorsement=[{**inside, "@context": sequence}]).check.outcome is Outcome.passed
    for broken in (
        {**inside, "type": ["Profile"]},
        {**inside, "@context": [VC2]},
        {**inside, "@context": {}},
    ):
        assert judged(sequence, endorsement=[broken]).check.code == "keyword"


@pytest.mark.parametrize(
    "swap",
    [
        lambda contexts: [*contexts, "https://evil.example/context.json"],
        lambda contexts: [*contexts, {"x": "https://evil.example/x"}],
        lambda contexts: list(reversed(contexts)),
        lambda contexts: contexts[:1],
    ],
)
def test_a_badge_with_its_context_swapped_is_invalid(swap):
    world = World()
    signed = world.issuer("badges.keystone.example")
    badge = signed.sign(signed.credential())
    forged = copy.deepcopy(badge)
    forged["@context"] = swap(badge["@context"])
    report = world.verifier().verify(as_bytes(forged))
    assert report.verdict is Verdict.invalid
    assert report.check("context").outcome is Outcome.failed
    assert world.verifier().verify(as_bytes(badge)).verdict is Verdict.valid
